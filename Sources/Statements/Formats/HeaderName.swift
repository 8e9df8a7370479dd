/// A header name without the differences that mean nothing: spaces, quotes, text guards, a byte-order
/// mark or what is left of a lost one, full-width parentheses, 帐 for 账, and the English half of a
/// bilingual name (`交易日期[ Transaction Date ]`).
func normalisedHeader(_ name: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in name.unicodeScalars {
    switch scalar {
    case " ", "\t", "\r", "\"", "`", "\u{FEFF}", "\u{3000}", "?", "\u{FFFD}", "=": continue
    case "（": result.append("(")
    case "）": result.append(")")
    case "帐": result.append("账")
    default: result.append(scalar)
    }
  }
  if let bracket = result.firstIndex(of: "["), bracket > result.startIndex {
    return String(result[..<bracket])
  }
  return String(result)
}

extension Profile {
  /// The profile with all header names in their normalised spelling.
  func normalised() -> Profile {
    func all(_ names: [String]) -> [String] { names.map(normalisedHeader) }
    var copy = self
    copy.signature = all(signature)
    copy.signatureGroups = signatureGroups?.map(all)
    copy.headerless = headerless.map(all)
    copy.columns = columns.mapValues(all)
    copy.freeText = freeText.map(normalisedHeader)
    copy.amounts = Dictionary(
      amounts.map { (normalisedHeader($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    copy.personal = personal.map(all)
    copy.personalNumbers = personalNumbers.map(all)
    copy.contents?.payments = contents?.payments?.normalised()
    copy.contents?.refunds = contents?.refunds?.normalised()
    copy.kinds?.column = all(kinds?.column ?? [])
    for (word, kind) in kinds?.values ?? [:] {
      copy.kinds?.values[word]?.amount = kind.amount.map(all)
    }
    copy.kinds?.others?.amount = kinds?.others?.amount.map(all)
    copy.status?.column = all(status?.column ?? [])
    copy.refundStatus?.column = all(refundStatus?.column ?? [])
    copy.direction?.moneyIn = direction?.moneyIn.map(all)
    copy.direction?.moneyOut = direction?.moneyOut.map(all)
    copy.direction?.amount = direction?.amount.map(all)
    copy.direction?.flag?.column = all(direction?.flag?.column ?? [])
    copy.topUpWords?.columns = all(topUpWords?.columns ?? [])
    copy.fixed?.fields = Dictionary(
      (fixed?.fields ?? [:]).map { (normalisedHeader($0.key), $0.value) },
      uniquingKeysWith: { first, _ in first })
    for index in (trailer?.totals ?? []).indices {
      copy.trailer?.totals?[index].sum = trailer?.totals?[index].sum.map(normalisedHeader)
    }
    for index in (trailer?.lines ?? []).indices {
      copy.trailer?.lines?[index].sum = trailer?.lines?[index].sum.map(normalisedHeader)
    }
    return copy
  }
}

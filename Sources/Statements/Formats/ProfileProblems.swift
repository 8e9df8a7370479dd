internal import Payments

// What is wrong with a profile although each of its keys is known and each value of its kind.

extension Profile {
  /// Texts that must say something: an empty one would fit every line of every file.
  var hollowProblem: Wording? {
    let lines = trailer?.lines ?? []
    let texts: [(String, [String?])] = [
      ("name", [name]), ("firstLine", [firstLine]), ("freeText", [freeText]),
      ("trailer.header", [trailer?.header]), ("trailer.endMark", [trailer?.endMark]),
      ("trailer.lines.prefix", lines.map(\.prefix)), ("trailer.lines.after", lines.map(\.after)),
      ("trailer.lines.until", lines.map(\.until)),
      ("trailer.totals.name", (trailer?.totals ?? []).map(\.name)),
      ("fixed.terminator", [fixed?.terminator]), ("xml.root", [xml?.root]),
      ("xml.record", [xml?.record]), ("xml.answer", [xml?.answer?.path]),
      ("xml.message", [xml?.message?.path]),
      ("preamble", (preamble ?? [:]).values.flatMap { [$0.after, $0.until] }),
    ]
    if let (place, _) = texts.first(where: { $0.1.contains("") }) { return Profile.hollow(place) }
    var lists: [(String, [String]?)] = [
      ("contents.payments.header", contents?.payments?.header),
      ("contents.payments.without", contents?.payments?.without),
      ("contents.payments.names", contents?.payments?.names),
      ("contents.refunds.header", contents?.refunds?.header),
      ("contents.refunds.without", contents?.refunds?.without),
      ("contents.refunds.names", contents?.refunds?.names),
      ("trailer.starts", trailer?.starts), ("fixed.starts", fixed?.starts),
      ("requiredAnyOf", requiredAnyOf),
      ("yuanWords", yuanWords), ("topUpWords.columns", topUpWords?.columns),
    ]
    lists += (signatureGroups ?? []).map { ("signatureGroups", $0) }
    lists += columns.sorted { $0.key < $1.key }.map { ("columns.\($0.key)", $0.value) }
    if let (place, _) = lists.first(where: { $1?.isEmpty == true || $1?.contains("") == true }) {
      return Profile.hollow(place)
    }
    let words: [(String, [String]?)] = [
      ("status.success", status?.success), ("refundStatus.done", refundStatus?.done),
      ("direction.flag.moneyIn", direction?.flag?.moneyIn),
      ("direction.flag.moneyOut", direction?.flag?.moneyOut),
      ("direction.moneyIn", direction?.moneyIn), ("direction.moneyOut", direction?.moneyOut),
      ("direction.amount", direction?.amount),
      ("kinds.values", kinds.map { Array($0.values.keys) }),
    ]
    let amounts = (kinds?.values ?? [:]).sorted { $0.key < $1.key }
      .map { ("kinds.values.\($0.key).amount", $0.value.amount) }
    return (words + amounts).first { $1?.isEmpty == true }.map { Profile.hollow($0.0) }
  }

  private static func hollow(_ place: String) -> Wording {
    Wording(zh: "\(place) 不能为空。", en: "\(place) must not be empty.")
  }

  /// Parts that contradict each other.
  var meaningProblem: Wording? {
    separatorProblem ?? trailerProblem ?? wordProblem ?? directionProblem ?? roleProblem
      ?? cutoffProblem ?? headerlessProblem
  }

  private var headerlessProblem: Wording? {
    guard let headerless else { return nil }
    guard headerless.count >= 3, Set(headerless).count == headerless.count else {
      return Wording(
        zh: "headerless 应按顺序列出全部列名，至少三列，不重复。",
        en: "headerless lists every column in order: three at least, each name once.")
    }
    let missing = missingColumns(in: headerless)
    guard missing.isEmpty, fixed == nil, xml == nil else {
      return Wording(
        zh: "headerless 中缺少列：\(missing.joined(separator: "、"))（不能与 fixed、xml 并用）。",
        en:
          "headerless lacks the columns \(missing.joined(separator: ", ")) (and goes with neither fixed nor xml)."
      )
    }
    return nil
  }

  private var cutoffProblem: Wording? {
    guard let cutoff else { return nil }
    if DayCut(cutoff) == nil {
      return Wording(
        zh: "cutoff“\(cutoff)”无效，应如 \"23:00\"。",
        en: "cutoff `\(cutoff)` is no time of day; write it as \"23:00\".")
    }
    guard side == Side.ledger.rawValue || isList else { return nil }
    return Wording(
      zh: "cutoff 只用于 side: channel 的对账单。",
      en: "cutoff is for statements of side: channel only.")
  }

  private var separatorProblem: Wording? {
    let marks = [separator, separatorGuard, commentPrefix].compactMap { $0 }
    guard marks.contains(where: { ["\n", "\r", "\"", "\0"].contains($0) }) else { return nil }
    return Wording(
      zh: "分隔符与标记不能是换行、引号或零字节。",
      en: "separators and marks cannot be line ends, quotes or zero bytes.")
  }

  private var trailerProblem: Wording? {
    guard let trailer else { return nil }
    if (trailer.header == nil) != (trailer.totals == nil) {
      return Wording(
        zh: "trailer 的 header 与 totals 应一起出现。",
        en: "header and totals of trailer go together.")
    }
    if trailer.header != nil,
      trailer.endMark != nil || trailer.starts != nil || trailer.lines != nil
    {
      return Wording(
        zh: "trailer 有 header 时不能再有 endMark、starts 或 lines。",
        en: "a trailer with a header has no endMark, starts or lines.")
    }
    let totals =
      (trailer.totals ?? []).map { ($0.name, $0.count, $0.sum) }
      + (trailer.lines ?? []).map { ($0.name, $0.count, $0.sum) }
    guard let (name, _, _) = totals.first(where: { ($1 == nil) == ($2 == nil) }) else { return nil }
    return Wording(
      zh: "trailer 的“\(name)”应写明 count 或 sum 之一。",
      en: "`\(name)` in trailer must have either count or sum.")
  }

  private var wordProblem: Wording? {
    let isLedger = side == Side.ledger.rawValue
    let all =
      (kinds?.values ?? [:]).sorted { $0.key < $1.key } + (kinds?.others.map { [("", $0)] } ?? [])
    let ofChannels: Set<Kind.Meaning> = [.payment, .refund, .fee]
    let ofLedgers: Set<Kind.Meaning> = [
      .credit, .manualCredit, .reversal, .reversalIfKeyed, .transferIn, .transferOut,
      .unreconciledChannel,
    ]
    let wrong = isLedger ? ofChannels : ofLedgers
    guard let (word, kind) = all.first(where: { wrong.contains($1.is) }) else { return nil }
    return Wording(
      zh: "“\(word)”的含义 \(kind.is.rawValue) 不属于 side: \(side)。",
      en: "`\(word)` means \(kind.is.rawValue), which a \(side) does not have.")
  }

  private var directionProblem: Wording? {
    let needsDirection =
      requiredMoney == true
      || !Set(required).isDisjoint(with: ["moneyIn", "moneyOut", "amount"])
    guard let direction else {
      guard needsDirection else { return nil }
      return Wording(
        zh: "required 要求金额方向，但没有 direction。",
        en: "the direction of money is required, but there is no direction.")
    }
    if direction.amount == nil, direction.moneyIn == nil || direction.flag != nil {
      return Wording(
        zh: "direction 应有 moneyIn，或有 amount（flag 只配 amount）。",
        en: "direction needs moneyIn, or amount; flag goes with amount only.")
    }
    let known: [(String, [String]?)] = [
      ("moneyIn", direction.moneyIn), ("moneyOut", direction.moneyOut),
      ("amount", direction.amount),
    ]
    guard let (role, _) = known.first(where: { $1 == nil && required.contains($0) }) else {
      return nil
    }
    return Wording(
      zh: "required 中的“\(role)”在 direction 中没有对应的列。",
      en: "required names `\(role)`, which direction has no column for.")
  }

  private var roleProblem: Wording? {
    if view == .summary { return nil }
    if view == .accounts, status == nil {
      return Wording(zh: "view: accounts 需要 status。", en: "view: accounts needs status.")
    }
    let isLedger = side == Side.ledger.rawValue || isList
    if isLedger, columns["account"] == nil, columns["student"] == nil {
      return Wording(
        zh: "columns 应有 account 或 student，否则不知道是谁的账户。",
        en: "columns must have account or student: whose money it is must be told.")
    }
    if !isList, columns["time"] == nil, dayFromName != true {
      return Wording(
        zh: "columns 应有 time（或 dayFromName: true），否则不知道账期。",
        en: "columns must have time (or dayFromName: true): when it happened must be told.")
    }
    return nil
  }
}

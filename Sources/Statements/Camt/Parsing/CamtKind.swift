internal import Payments

/// Which of the three account messages a camt file carries.
enum CamtKind: String, Hashable, Sendable, CaseIterable {
  /// `BkToCstmrAcctRpt`: an account report within the day.
  case report = "052"
  /// `BkToCstmrStmt`: the statement of a closed day.
  case statement = "053"
  /// `BkToCstmrDbtCdtNtfctn`: a notification of single debits and credits.
  case notification = "054"
}

extension CamtKind {
  /// What the message is.
  var title: Wording {
    switch self {
    case .report: Wording(zh: "ISO 20022 账户报告（camt.052）", en: "ISO 20022 account report (camt.052)")
    case .statement:
      Wording(zh: "ISO 20022 账户对账单（camt.053）", en: "ISO 20022 account statement (camt.053)")
    case .notification:
      Wording(zh: "ISO 20022 借贷记通知（camt.054）", en: "ISO 20022 notification (camt.054)")
    }
  }

  /// The message's element.
  var element: String {
    switch self {
    case .report: "BkToCstmrAcctRpt"
    case .statement: "BkToCstmrStmt"
    case .notification: "BkToCstmrDbtCdtNtfctn"
    }
  }
}

/// Which camt message a file's first bytes belong to, whatever wraps it; nil when none is seen.
func sniffCamt(_ prefix: UnsafeRawBufferPointer) -> CamtKind? {
  guard sniffXMLRoot(prefix) != nil else { return nil }
  let stem = Array("BkToCstmr".utf8)
  let step = wideOffset(prefix) == nil ? 1 : 2
  var index = 0
  while index + stem.count * step < prefix.count {
    var matched = 0
    while matched < stem.count, prefix[index + matched * step] == stem[matched] { matched += 1 }
    if matched == stem.count {
      switch prefix[index + matched * step] {
      case UInt8(ascii: "A"): return .report
      case UInt8(ascii: "S"): return .statement
      case UInt8(ascii: "D"): return .notification
      default: break
      }
    }
    index += 1
  }
  return nil
}

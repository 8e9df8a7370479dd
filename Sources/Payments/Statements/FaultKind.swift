/// What a statement can do wrong, by its public machine name (ANOMALIES, "Statement faults").
public enum FaultKind: String, Codable, Hashable, Sendable, CaseIterable {
  case statementMissing = "statement-missing"
  case statementTruncated = "statement-truncated"
  case controlTotalMismatch = "control-total-mismatch"
  case statementDuplicate = "statement-duplicate"
  case statementReissued = "statement-reissued"
  case wrongDay = "wrong-day"
  case wrongAccountStatement = "wrong-account-statement"
  case layoutChanged = "layout-changed"
  case encodingDamaged = "encoding-damaged"
  case spreadsheetDamaged = "spreadsheet-damaged"
  case openingBalanceMismatch = "opening-balance-mismatch"
  case runningBalanceBreak = "running-balance-break"
  case rowRejected = "row-rejected"
  case unknownStatus = "unknown-status"
  /// Its rows end before what it claims, says the other book.
  case statementEndsEarly = "statement-ends-early"
  /// Its rows begin after what it claims, says the other book.
  case statementStartsLate = "statement-starts-late"
  /// It holds no row, and the other book needs some of it.
  case statementEmpty = "statement-empty"
  /// No layout this program knows, or not a statement at all.
  case unreadable = "unreadable"

  /// Whether it is a doubt that the other book raises; a file by itself shows none of it.
  public var isDoubt: Bool {
    switch self {
    case .statementEndsEarly, .statementStartsLate, .statementEmpty: true
    default: false
    }
  }

  /// What a file shows by itself.
  public static var ofOneFile: [FaultKind] { allCases.filter { !$0.isDoubt } }
}

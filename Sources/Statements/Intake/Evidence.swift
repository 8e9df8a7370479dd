internal import Columns
public import Payments

/// One row read again for a report.
public struct RowEvidence: Hashable, Sendable {
  /// The row as text, with its place.
  public var line: EvidenceLine
  /// The school's order number.
  public var order: String?
  /// The channel's serial.
  public var serial: String?
  /// The ledger's own serial.
  public var ledgerSerial: String?
  /// The refund's serial.
  public var refundSerial: String?
  /// Card or student number.
  public var account: String?
}

extension Reading {
  /// What makes its rows the same rows in another issue.
  var identities: Set<KeyHash> {
    Set(
      (0..<table.count).map { row in
        table.serial[row] &* 31 &+ table.own[row] &* 17 &+ UInt64(table.kind[row].rawValue)
      })
  }

  /// Reads a row again.
  func quote(_ entry: Entry) throws(StatementError) -> QuotedRow {
    guard let quoter else { return try quoteXML(entry) }
    return try quoter.quote(entry.offset, of: file)
  }
}

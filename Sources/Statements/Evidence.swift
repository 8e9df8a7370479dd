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
    guard let layout, let twin else { return try quoteXML(entry) }
    // Most rows are short; a long one is read again in full.
    var bytes = try file.read(at: Int(entry.offset), count: 2_048)
    var scanner = RecordScanner(layout.dialect)
    bytes.withUnsafeBytes { raw in _ = scanner.scan(raw, at: 0) }
    if scanner.next == bytes.count {
      bytes = try file.read(at: Int(entry.offset), count: CSVReader.longestRow + 2)
      bytes.withUnsafeBytes { raw in _ = scanner.scan(raw, at: 0) }
    }
    return quoteRow(Array(bytes[..<scanner.end]), layout.encoding, twin)
  }
}

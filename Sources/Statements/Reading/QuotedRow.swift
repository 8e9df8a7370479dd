internal import Payments

/// A row read again for people: its text, and its fields by meaning.
struct QuotedRow {
  var text = ""
  var personal: [PersonalSpan] = []
  /// Where its texts have numbers that may be somebody's, if they are no keys.
  var numbers: [PersonalSpan] = []
  /// Where its columns of orders and serials stand in the text.
  var keyColumns: [Range<Int>] = []
  var order: String?
  var serial: String?
  var own: String?
  var refundSerial: String?
  var account: String?
  /// Whether it is one of several details of a bank's entry, which may share its serial.
  var isPart = false

  /// Its orders and serials.
  var keys: [String] { [order, serial, own, refundSerial].compactMap(\.self) }

  /// What its text is masked by.
  var known: PersonalScan.Known {
    PersonalScan.Known(
      personal: personal, numbers: numbers, keyColumns: keyColumns, keys: keys)
  }
}

/// Where a row lies, and the fingerprints that tell it from others in the same place.
struct RowPlace {
  var offset: UInt64
  var order: KeyHash = 0
  var serial: KeyHash = 0
  var account: KeyHash = 0
  var student: KeyHash = 0
  /// When it happened: seconds since 1970-01-01T00:00:00Z; 0 where that is not known.
  var time: Int64 = 0
  /// Numbers its texts name without a word for them.
  var others: [KeyHash] = []

  /// The day it happened.
  var day: BusinessDay? { time > 0 ? Timestamp(seconds: time).day : nil }
}

/// Reads the rows of one statement again.
protocol RowSource: Sendable {
  /// Whether a row is found by the fingerprints of its order number and people too.
  var needsKeys: Bool { get }

  /// Quotes a row.
  func quote(_ row: RowPlace) throws(StatementError) -> QuotedRow

  /// What people call a line: the sheet it stands on, where the statement is of several, and its number there.
  func place(ofLine line: Int) -> (part: String?, line: Int)
}

extension RowSource {
  func place(ofLine line: Int) -> (part: String?, line: Int) { (nil, line) }
}

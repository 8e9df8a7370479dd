/// How the bytes of one file are cut into fields.
struct Dialect: Hashable, Sendable {
  /// The byte between two fields.
  var separator: UInt8
  /// When not 0, a separator counts only when this byte follows it.
  var separatorGuard: UInt8 = 0
  /// Whether `"` quotes a field (RFC 4180).
  var quotes = false
  /// Whether the separator may be part of a character: in GB18030 `|` is the second byte of some.
  var isAmbiguous = false
  /// Whether quotes of a record say which field is which, as a line of it alone would not.
  var isNamed = false
  /// Where the fields of a record of fixed width lie; empty for separated fields.
  var ranges: [Range<Int>] = []
  /// Bytes of a record of fixed width; 0 for separated fields.
  var width = 0

  /// What workbooks and XML answers are turned into before they are read: one record a line, fields
  /// parted by a byte that no text holds.
  static let rendered = Dialect(separator: 0x1F)
  /// The same for records whose fields have names instead of places.
  static let named = Dialect(separator: 0x1E, isNamed: true)

  /// Puts a value into a rendered record: no separators, no line ends.
  static func append(_ value: some Sequence<UInt8>, to record: inout [UInt8]) {
    record.append(contentsOf: value.lazy.map { $0 < 0x20 ? 0x20 : $0 })
  }
}

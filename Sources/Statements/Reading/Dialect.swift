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

extension Profile {
  /// The ways a file of this layout may be cut, the profile's own first.
  func dialects(isRendered: Bool) -> [Dialect] {
    if isRendered { return [.rendered, .named] }
    if let fixed {
      let ranges = fixed.sortedFields.map { ($0.bytes[0] - 1)..<$0.bytes[1] }
      return [Dialect(separator: 0, ranges: ranges, width: fixed.width)]
    }
    let own = Dialect(
      separator: separator?.utf8.first ?? 0x2C, separatorGuard: separatorGuard?.utf8.first ?? 0,
      quotes: quoting != Quoting.none)
    guard separatorGuard == nil else { return [own] }
    // The same columns saved by another program: tabs, bars or semicolons between them.
    return [own]
      + [0x2C, 0x09, 0x7C, 0x3B].filter { $0 != own.separator }
      .map { Dialect(separator: $0, quotes: true) }
  }
}

extension Profile.Fixed {
  /// The fields in the order of their bytes.
  var sortedFields: [(name: String, bytes: [Int])] {
    fields.map { (name: $0.key, bytes: $0.value) }.sorted { $0.bytes[0] < $1.bytes[0] }
  }

  /// Whether a line is a record: as wide as one, and beginning as one.
  func fits(_ line: some Collection<UInt8>) -> Bool {
    guard line.count == width else { return false }
    let bytes = Array(line)
    let areDigits = (digits ?? []).allSatisfy { range in
      bytes[(range[0] - 1)..<range[1]].allSatisfy { $0 &- 0x30 <= 9 }
    }
    return areDigits && starts?.contains { line.starts(with: $0.utf8) } ?? true
  }
}

/// Characters that mean the same however they are written: full-width letters, digits and signs, the many
/// blanks, quotes and dashes, and what cannot be seen at all.
struct TextFolding: Sendable {
  /// What an invisible character is folded to.
  static let invisible: UInt8 = 0x01
  /// What every other character outside ASCII is folded to.
  static let other: UInt8 = 0x80

  private let encoding: TextEncoding
  /// Bytes of a character, the last of them lowest, and what it is folded to.
  private let signs: [(bytes: UInt32, folded: UInt8)]
  /// A byte that full-width letters and digits begin with.
  let wideMark: UInt8

  static let utf8 = TextFolding(.utf8)
  static let gb18030 = TextFolding(.gb18030)

  /// The one of an encoding.
  @inline(__always)
  static func of(_ encoding: TextEncoding) -> TextFolding { encoding == .utf8 ? utf8 : gb18030 }

  private init(_ encoding: TextEncoding) {
    self.encoding = encoding
    wideMark = encoding == .utf8 ? 0xEF : 0xA3
    let classes: [(UInt8, String)] = [
      (0x20, "\u{A0}\u{2002}\u{2003}\u{2009}\u{200A}\u{202F}\u{3000}"),
      (
        TextFolding.invisible,
        "\u{AD}\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}"
          + "\u{2060}\u{FEFF}"
      ),
      (0x27, "‘’"), (0x22, "“”"), (0x2D, "‐‑‒–—―−"), (0x28, "【〔《〈「『"), (0x29, "】〕》〉」』"),
      (0x2F, "、"),
    ]
    signs = classes.flatMap { folded, characters in
      characters.unicodeScalars.map { scalar in
        let bytes = encoding.encode(String(Character(scalar)))
        return (bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }, folded)
      }
    }
  }

  /// The character at an offset: itself where it is ASCII, the ASCII character it stands for, or
  /// ``other``; and how many bytes it takes.
  @inline(__always)
  func fold(_ text: UnsafeRawBufferPointer, at offset: Int) -> (folded: UInt8, length: Int) {
    let byte = text[offset]
    if byte < 0x80 { return (byte, 1) }
    let length = encoding.characterLength(text, at: offset)
    // Nearly all are Han characters.
    if encoding == .utf8 ? (0xE4...0xE9).contains(byte) : (0xB0...0xF7).contains(byte) {
      return (TextFolding.other, length)
    }
    return (rare(text, at: offset, length), length)
  }

  @inline(never)
  private func rare(_ text: UnsafeRawBufferPointer, at offset: Int, _ length: Int) -> UInt8 {
    guard offset + length <= text.count else { return TextFolding.other }
    if let half = halfWidth(text, at: offset, length) { return half }
    var bytes: UInt32 = 0
    for place in 0..<length { bytes = bytes << 8 | UInt32(text[offset + place]) }
    for sign in signs where sign.bytes == bytes { return sign.folded }
    return TextFolding.other
  }

  /// The ASCII character of a full-width one of `length` bytes.
  func halfWidth(_ text: UnsafeRawBufferPointer, at offset: Int, _ length: Int) -> UInt8? {
    guard offset + length <= text.count, text[offset] == wideMark else { return nil }
    if encoding == .gb18030 {
      // A3A4 is the yuan sign, A3FE a line above.
      guard length == 2, (0xA1...0xFD).contains(text[offset + 1]), text[offset + 1] != 0xA4
      else { return nil }
      return text[offset + 1] - 0x80
    }
    guard length == 3 else { return nil }
    switch (text[offset + 1], text[offset + 2]) {
    case (0xBC, 0x81...0xBF): return text[offset + 2] - 0x60
    case (0xBD, 0x80...0x9E): return text[offset + 2] - 0x20
    default: return nil
    }
  }
}

/// Whether a byte is an ASCII digit.
@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

/// Whether a byte is an ASCII letter.
@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

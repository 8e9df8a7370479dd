/// Characters that mean the same however they are written: full-width letters, digits and signs, the many
/// blanks, quotes and dashes, and what cannot be seen at all.
final class TextFolding: Sendable {
  /// What an invisible character is folded to.
  static let invisible: UInt8 = 0x01
  /// What every other character outside ASCII is folded to.
  static let other: UInt8 = 0x80

  /// What a character is, as far as its first byte tells.
  enum Class: UInt8 {
    case sign, digit, letter
    /// A Han character of three bytes, of two.
    case han3, han2
    /// One that has to be looked at.
    case rare
  }

  private let encoding: TextEncoding
  private let classes: InlineArray<256, Class>
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
    classes = InlineArray { byte in
      let byte = UInt8(truncatingIfNeeded: byte)
      if byte < 0x80 { return isDigit(byte) ? .digit : isLetter(byte) ? .letter : .sign }
      if encoding == .utf8 { return (0xE4...0xE9).contains(byte) ? .han3 : .rare }
      return (0xB0...0xF7).contains(byte) ? .han2 : .rare
    }
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

  /// What the character that begins with a byte is.
  @inline(__always)
  func kind(_ byte: UInt8) -> Class { classes[Int(byte)] }

  /// Where the first digit of a text is, plain or of full width; −1 for none.
  @inline(__always)
  func firstDigit(_ text: UnsafeRawBufferPointer) -> Int {
    var place = 0
    while place + 8 <= text.count {
      if mayHaveDigit(text.loadUnaligned(fromByteOffset: place, as: UInt64.self)) {
        let found = findDigit(text, in: place..<(place + 8))
        if found >= 0 { return found }
      }
      place += 8
    }
    return findDigit(text, in: place..<text.count)
  }

  /// Whether any of eight bytes is a digit or may begin one of full width.
  @inline(__always)
  private func mayHaveDigit(_ bytes: UInt64) -> Bool {
    let (ones, highs) = (UInt64(0x0101_0101_0101_0101), UInt64(0x8080_8080_8080_8080))
    let digits = bytes ^ (ones &* 0x30)
    let others = ((digits & ~highs) &+ ones &* 0x76) | digits
    let marks = bytes ^ (ones &* UInt64(wideMark))
    return (~others | (marks &- ones) & ~marks) & highs != 0
  }

  @inline(never)
  private func findDigit(_ text: UnsafeRawBufferPointer, in range: Range<Int>) -> Int {
    for place in range {
      if isDigit(text[place]) { return place }
      guard text[place] == wideMark, place + 1 < text.count else { continue }
      let next = text[place + 1]
      if encoding == .utf8 ? next == 0xBC : (0xB0...0xB9).contains(next) { return place }
    }
    return -1
  }

  /// The character at an offset: itself where it is ASCII, the ASCII character it stands for, or
  /// ``other``; and how many bytes it takes.
  @inline(__always)
  func fold(_ text: UnsafeRawBufferPointer, at offset: Int) -> (folded: UInt8, length: Int) {
    let byte = text[offset]
    if byte < 0x80 { return (byte, 1) }
    if kind(byte) == .han3 { return (TextFolding.other, 3) }
    return rare(text, at: offset)
  }

  @inline(never)
  private func rare(_ text: UnsafeRawBufferPointer, at offset: Int) -> (UInt8, Int) {
    let length = encoding.characterLength(text, at: offset)
    if kind(text[offset]) == .han2 { return (TextFolding.other, length) }
    return (rare(text, at: offset, length), length)
  }

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

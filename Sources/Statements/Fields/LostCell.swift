internal import Glibc

/// A cell whose value was lost on the way: `###` of a column too narrow, `#N/A` of a formula, `?`, U+FFFD and
/// 锟斤拷 (U+FFFD twice, read as GBK) of a text that went through the wrong encoding.
enum LostCell {
  /// Whether a stretch of text may have one.
  static func mayBe(in text: UnsafeRawBufferPointer) -> Bool {
    guard let base = text.baseAddress else { return false }
    let (sharp, question) = (memchr(base, 0x23, text.count), memchr(base, 0x3F, text.count))
    return sharp != nil || question != nil || holdsReplacement(text)
  }

  /// Whether a cell that must be a key or a word of a list is lost.
  static func isLost(_ cell: UnsafeRawBufferPointer) -> Bool {
    guard let first = cell.first else { return false }
    return first == 0x23 || cell.contains(0x3F) || holdsReplacement(cell)
  }

  private static func holdsReplacement(_ text: UnsafeRawBufferPointer) -> Bool {
    holds(text, 0xEF, 0xBF, 0xBD) || holds(text, 0xE9, 0x94, 0x9F)
  }

  /// Whether these three bytes are in a text.
  private static func holds(
    _ text: UnsafeRawBufferPointer, _ first: UInt8, _ second: UInt8, _ third: UInt8
  ) -> Bool {
    guard let base = text.baseAddress else { return false }
    var place = 0
    while let found = memchr(base + place, Int32(first), text.count - place) {
      place = UnsafeRawPointer(found) - base + 1
      if place + 1 < text.count, text[place] == second, text[place + 1] == third { return true }
    }
    return false
  }
}

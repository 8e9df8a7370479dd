/// Names and numbers of people, shortened so that their owner recognises them and others do not.
///
/// | what | shown | example |
/// |---|---|---|
/// | name | first character, one `*` for each that follows; a single character becomes `*` | 张三 → 张* |
/// | up to 4 characters | one `*` each | 1234 → `****` |
/// | 5 to 8 | first two, last one | 20230101 → `20****1` |
/// | 9 to 15 | first four, last two | 2023010188 → `2023****88` |
/// | 16 and more | first four, last four | 6222021234561234 → `6222****1234` |
public enum Masking {
  /// A person's name, masked.
  public static func name(_ text: String) -> String {
    if let masked = plainName(text) { return masked }
    guard let first = text.first else { return "" }
    let count = text.count
    return count == 1 ? "*" : String(first) + String(repeating: "*", count: count - 1)
  }

  /// A card, student or phone number, a login: anything that names a person without being a name.
  ///
  /// Spaces, backticks and quotes around it (WeChat and Alipay write them) stay and do not count.
  public static func number(_ text: String) -> String {
    if let masked = plainNumber(text) { return masked }
    let isPadding = { (character: Character) in " \t`'\"=".contains(character) }
    guard let start = text.firstIndex(where: { !isPadding($0) }),
      let last = text.lastIndex(where: { !isPadding($0) })
    else { return text }
    let core = text[start...last]
    return text[..<start] + maskedCore(core) + text[text.index(after: last)...]
  }

  /// The text with its personal spans masked.
  ///
  /// Spans may come in any order, overlap, cut a character in two or lie outside the text: every
  /// character they touch is masked, overlapping spans as one.
  public static func text(_ text: String, spans: [PersonalSpan]) -> String {
    guard !spans.isEmpty else { return text }
    var text = text
    return text.withUTF8 { bytes in
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count + 16)
      var done = 0
      for span in merged(spans, in: bytes) {
        result += UnsafeBufferPointer(rebasing: bytes[done..<span.utf8.lowerBound])
        let personal = String(
          decoding: UnsafeBufferPointer(rebasing: bytes[span.utf8]), as: UTF8.self)
        result += (span.isName ? name(personal) : number(personal)).utf8
        done = span.utf8.upperBound
      }
      result += UnsafeBufferPointer(rebasing: bytes[done...])
      return String(decoding: result, as: UTF8.self)
    }
  }

  /// Common Chinese characters alone (U+4000 to U+9FFF), three bytes each; nil for everything else.
  private static func plainName(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { utf8 in
      guard utf8.count >= 6, utf8.count % 3 == 0,
        stride(from: 0, to: utf8.count, by: 3).allSatisfy({ (0xE4...0xE9).contains(utf8[$0]) })
      else { return nil }
      let count = utf8.count / 3 - 1
      return String(unsafeUninitializedCapacity: 3 + count) { room in
        for index in 0..<3 { room[index] = utf8[index] }
        for index in 0..<count { room[3 + index] = UInt8(ascii: "*") }
        return 3 + count
      }
    }
  }

  /// Letters and digits alone, where a byte is a character; nil for everything else.
  private static func plainNumber(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { utf8 in
      guard utf8.count > 4, utf8.allSatisfy(isLetterOrDigit) else { return nil }
      let (head, tail) = shown(of: utf8.count)
      return String(unsafeUninitializedCapacity: head + 4 + tail) { room in
        _ = room.initialize(fromContentsOf: utf8[..<head])
        for index in head..<(head + 4) { room[index] = UInt8(ascii: "*") }
        for index in 0..<tail { room[head + 4 + index] = utf8[utf8.count - tail + index] }
        return head + 4 + tail
      }
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }

  /// How many of more than four characters are shown before and behind the stars.
  private static func shown(of count: Int) -> (head: Int, tail: Int) {
    switch count {
    case ...8: (2, 1)
    case ...15: (4, 2)
    default: (4, 4)
    }
  }

  private static func maskedCore(_ core: Substring) -> String {
    let count = core.count
    if count <= 4 { return String(repeating: "*", count: count) }
    let (head, tail) = shown(of: count)
    return core.prefix(head) + "****" + core.suffix(tail)
  }

  /// The spans inside the text, in order, on character boundaries, overlapping ones joined.
  private static func merged(
    _ spans: [PersonalSpan], in bytes: UnsafeBufferPointer<UInt8>
  ) -> [PersonalSpan] {
    func isContinuation(_ index: Int) -> Bool {
      index < bytes.count && bytes[index] & 0xC0 == 0x80
    }
    var result: [PersonalSpan] = []
    for span in spans.sorted(by: { $0.utf8.lowerBound < $1.utf8.lowerBound }) {
      var lower = min(max(span.utf8.lowerBound, 0), bytes.count)
      var upper = min(max(span.utf8.upperBound, 0), bytes.count)
      guard lower < upper else { continue }
      while isContinuation(lower) { lower -= 1 }
      while isContinuation(upper) { upper += 1 }
      if let last = result.last, lower < last.utf8.upperBound {
        // A name shows less than a number, so a mixture is masked as a name.
        result[result.count - 1] = PersonalSpan(
          utf8: last.utf8.lowerBound..<max(upper, last.utf8.upperBound),
          isName: last.isName || span.isName)
      } else {
        result.append(PersonalSpan(utf8: lower..<upper, isName: span.isName))
      }
    }
    return result
  }
}

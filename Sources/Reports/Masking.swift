public import Payments

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
    guard let first = text.first else { return "" }
    let count = text.count
    return count == 1 ? "*" : String(first) + String(repeating: "*", count: count - 1)
  }

  /// A card, student or phone number, a login: anything that names a person without being a name.
  ///
  /// Spaces, backticks and quotes around it (WeChat and Alipay write them) stay and do not count.
  public static func number(_ text: String) -> String {
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
    let bytes = Array(text.utf8)
    var result = ""
    var done = 0
    for span in merged(spans, in: bytes) {
      result += String(decoding: bytes[done..<span.utf8.lowerBound], as: UTF8.self)
      let personal = String(decoding: bytes[span.utf8], as: UTF8.self)
      result += span.isName ? name(personal) : number(personal)
      done = span.utf8.upperBound
    }
    return result + String(decoding: bytes[done...], as: UTF8.self)
  }

  private static func maskedCore(_ core: Substring) -> String {
    let count = core.count
    switch count {
    case ...4: return String(repeating: "*", count: count)
    case 5...8: return core.prefix(2) + "****" + core.suffix(1)
    case 9...15: return core.prefix(4) + "****" + core.suffix(2)
    default: return core.prefix(4) + "****" + core.suffix(4)
    }
  }

  /// The spans inside the text, in order, on character boundaries, overlapping ones joined.
  private static func merged(_ spans: [PersonalSpan], in bytes: [UInt8]) -> [PersonalSpan] {
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

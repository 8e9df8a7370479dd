/// How many terminal columns text takes.
///
/// Chinese characters take two columns, combining marks none; without counting them a table of
/// Chinese and Latin text does not line up. Ambiguous characters (East Asian Width `A`, such as
/// `…`) count one, as terminals outside legacy code pages draw them.
public enum DisplayWidth {
  /// Columns of a text without control characters.
  public static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// Columns of one character: an emoji sequence is one emoji wide.
  public static func of(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      switch scalar.value {
      // Presented as emoji, joined with others, a flag, a skin tone: one picture.
      case 0xFE0F, 0x1F1E6...0x1F1FF: return 2
      case 0x200D where width > 0: return width
      case 0x1F3FB...0x1F3FF where width > 0: return 2
      default: width += of(scalar)
      }
    }
    return width
  }

  /// Columns of one scalar standing alone: 0, 1 or 2.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    if (0x20..<0x7F).contains(scalar.value) { return 1 }
    if isZeroWidth(scalar) { return 0 }
    return isWide(scalar) ? 2 : 1
  }

  private static func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD: return false  // soft hyphen: drawn
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return true  // Hangul vowels and finals join
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator:
      return true
    default:
      return false
    }
  }

  /// East Asian Width `W` and `F` (Unicode 16, EastAsianWidth.txt), unassigned gaps included.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x1100: false
    case 0x1100...0x115F: true  // Hangul Jamo leads
    case 0x2329...0x232A: true  // angle brackets
    case 0x2630...0x2637, 0x268A...0x268F, 0x1D300...0x1D376: true  // Yijing, Tai Xuan Jing
    case 0x2E80...0x303E, 0x3040...0x3247, 0x3250...0xA4CF: true  // CJK, kana, Yi
    case 0xA960...0xA97C, 0xAC00...0xD7A3: true  // Hangul
    case 0xF900...0xFAFF: true  // compatibility ideographs
    case 0xFE10...0xFE19, 0xFE30...0xFE6F: true  // vertical and small forms
    case 0xFF01...0xFF60, 0xFFE0...0xFFE6: true  // fullwidth forms
    case 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF: true  // Tangut, Khitan, kana supplements
    case 0x1F200...0x1F265: true  // enclosed ideographs
    case 0x20000...0x2FFFD, 0x30000...0x3FFFD: true  // ideographs outside the first plane
    default: scalar.properties.isEmojiPresentation
    }
  }
}

extension DisplayWidth {
  /// The text followed (or preceded) by spaces up to `width` columns; longer text stays whole.
  public static func padded(_ text: String, to width: Int, alignedRight: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - of(text)))
    return alignedRight ? space + text : text + space
  }

  /// The text cut to at most `width` columns, ending in `…` when something was cut off.
  ///
  /// A cut that falls into a run of letters and digits moves before the run, so that no number is
  /// shown by half; only a run longer than 64 characters is cut inside.
  public static func clipped(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    var end = text.startIndex
    var used = 0
    while end < text.endIndex, used + of(text[end]) <= width - 1 {
      used += of(text[end])
      end = text.index(after: end)
    }
    let before = text[..<end].reversed().prefix(65).prefix(while: isRun).count
    let after = text[end...].prefix(65).prefix(while: isRun).count
    let isInside = before > 0 && after > 0 && before + after <= 64
    return text[..<(isInside ? text.index(end, offsetBy: -before) : end)] + "…"
  }

  private static func isRun(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }

  /// The text broken into lines of at most `width` columns.
  ///
  /// Lines break at spaces and between Chinese characters, never before closing punctuation and
  /// never inside a run of narrow characters: a serial longer than a line stands on its own line.
  public static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for atom in atoms(text) {
      let columns = of(atom)
      let visible = columns - atom.reversed().prefix { $0 == " " }.count
      if used > 0, used + visible > width {
        lines.append(line)
        line = ""
        used = 0
      }
      line += atom
      used += columns
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines.map { line in
      var line = line[...]
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  /// The lines of a quoted row: cut after a separator where one is near, at most `limit` of them,
  /// the last clipped.
  public static func folded(_ text: String, to width: Int, limit: Int) -> [String] {
    var lines: [String] = []
    var rest = Substring(text)
    while !rest.isEmpty, lines.count < limit - 1, of(String(rest)) > width {
      var used = 0
      var end = rest.startIndex
      var separator: Substring.Index?
      while end < rest.endIndex, used + of(rest[end]) <= width {
        used += of(rest[end])
        let next = rest.index(after: end)
        if ",|> \t".contains(rest[end]), used * 2 > width { separator = next }
        end = next
      }
      var cut = separator ?? end
      // No number is shown by half, unless it is longer than a line.
      while separator == nil, cut > rest.startIndex, cut < rest.endIndex, isRun(rest[cut]),
        isRun(rest[rest.index(before: cut)])
      {
        cut = rest.index(before: cut)
      }
      if cut == rest.startIndex { cut = end }
      lines.append(String(rest[..<cut]))
      rest = rest[cut...]
    }
    return lines + [clipped(String(rest), to: width)]
  }

  /// What may not start a line, and what may not end one.
  private static let closing: Set<Character> = Set(" ，。；：、！？）」』》】”’")
  private static let opening: Set<Character> = Set("（「『《【“‘")

  /// The smallest pieces of a text that may stand on a line of their own: a run of narrow
  /// characters or one wide character, with the spaces and closing punctuation that follow it and
  /// the opening brackets before it.
  private static func atoms(_ text: String) -> [String] {
    var result: [String] = []
    var joinsWide = false
    var joinsNarrow = false
    for character in text {
      let isWide = of(character) == 2
      let sticks = closing.contains(character)
      if let last = result.indices.last, sticks || joinsWide || (joinsNarrow && !isWide) {
        result[last].append(character)
      } else {
        result.append(String(character))
      }
      joinsWide = opening.contains(character)
      joinsNarrow = character != " " && !isWide
    }
    return result
  }
}

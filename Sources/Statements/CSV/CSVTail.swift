internal import Payments

/// The end of a delimited statement: where its data stop and what its trailer states.
struct CSVTail {
  /// Offset of the first byte after the data.
  var dataEnd: Int
  /// Whether the trailer the layout promises is there.
  var isPresent = false
  /// Per control total of the profile what the trailer states, as text.
  var stated: [String?]
  /// Line text of the trailer, for people.
  var lines: [String] = []

  /// How much of the end of a file may be trailer.
  static let longest = 1 << 16

  /// Looks for the trailer in `bytes`, the last bytes of the file, which start at `base`; totals may
  /// also stand in the preamble.
  init(_ bytes: [UInt8], base: Int, size: Int, profile: Profile, head: CSVHead) {
    dataEnd = size
    stated = Array(repeating: nil, count: profile.controlTotals.count)
    let terminator = profile.fixed?.terminator
    guard profile.trailer != nil || terminator != nil else {
      isPresent = true
      return
    }
    var starts = [Int]()
    if base == 0 || bytes.first == 0x0A { starts.append(0) }
    for (index, byte) in bytes.enumerated() where byte == 0x0A && index + 1 < bytes.count {
      starts.append(index + 1)
    }
    let texts = starts.enumerated().map { position, start in
      let end = position + 1 < starts.count ? starts[position + 1] : bytes.count
      return bytes[start..<end].withUnsafeBytes {
        head.encoding.decode($0).trimmedLine
      }
    }
    let offsets = starts.map { $0 + base }
    if let terminator {
      guard let index = texts.lastIndex(where: { $0.hasPrefix(terminator) }) else { return }
      dataEnd = offsets[index]
      isPresent = true
      lines = [texts[index]]
    } else if let mark = profile.trailer?.header {
      readTable(mark, texts, offsets, profile, head.dialect)
    } else if let trailer = profile.trailer {
      readLines(trailer, texts, offsets, profile, head.preamble, head.dialect)
    }
  }

  /// A trailer with a header line of its own: totals are found by name.
  private mutating func readTable(
    _ mark: String, _ texts: [String], _ starts: [Int], _ profile: Profile, _ dialect: Dialect
  ) {
    guard let index = texts.lastIndex(where: { $0.hasPrefix(mark) }) else { return }
    dataEnd = starts[index]
    let names = CSVHead.cells(texts[index], dialect)
    let separator = Character(Unicode.Scalar(dialect.separator))
    let isSaying = { (line: String) in line.contains { $0 != separator && !$0.isWhitespace } }
    guard let line = texts[(index + 1)...].first(where: isSaying) else { return }
    let values = line.split(separator: separator, omittingEmptySubsequences: false)
    isPresent = values.count >= names.count
    lines = [texts[index], line]
    for (position, total) in profile.controlTotals.enumerated() {
      guard let column = names.firstIndex(of: normalisedHeader(total.name)), column < values.count
      else { continue }
      stated[position] = String(values[column])
    }
  }

  /// A trailer of sentences: totals are found between words.
  private mutating func readLines(
    _ trailer: Profile.Trailer, _ texts: [String], _ starts: [Int], _ profile: Profile,
    _ preamble: [String], _ dialect: Dialect
  ) {
    let marks = (profile.commentPrefix.map { [$0] } ?? []) + (trailer.starts ?? [])
    let separator = Character(Unicode.Scalar(dialect.separator))
    func isBlank(_ line: String) -> Bool {
      line.allSatisfy { $0 == separator || $0 == "\"" || $0 == "`" || $0.isWhitespace }
    }
    func isTrailer(_ line: String) -> Bool {
      let text = line.drop { $0 == "\"" || $0 == "`" }
      return isBlank(line) || marks.contains { text.hasPrefix($0) }
    }
    var first = texts.count
    while first > 0, isTrailer(texts[first - 1]) { first -= 1 }
    lines = texts[first...].filter { !$0.isEmpty }
    if first < starts.count { dataEnd = starts[first] }
    isPresent = trailer.endMark.map { mark in lines.contains { $0.contains(mark) } } ?? true
    for (position, rule) in (trailer.lines ?? []).enumerated() {
      let line = (lines + preamble).first { $0.hasPrefix(rule.prefix) }
      // A line that is there and says nothing is a total that cannot be read.
      stated[position] = line.map { $0.cut(after: rule.after, until: rule.until) ?? "" }
    }
  }
}

internal import Foundation
internal import Payments
internal import Yams

// Values where they stand: each is checked, and what is wrong with it is told with its place.

extension ConfigurationReader {
  func fail(_ node: Node, _ zh: String, _ en: String) -> ConfigurationError {
    ConfigurationError(
      path: path, line: node.mark?.line, column: node.mark?.column,
      detail: Wording(zh: zh + "。", en: en + "."))
  }

  func forEach(
    _ node: Node, _ known: [String], _ body: (String, Node) throws -> Void
  ) throws {
    guard let mapping = node.mapping else {
      throw fail(
        node, "此处应为“键: 值”的列表，可用的键：\(known.joined(separator: "、"))",
        "expected `key: value` lines; keys: \(known.joined(separator: ", "))")
    }
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw fail(
          key, "键必须是一个词，可用的键：\(known.joined(separator: "、"))",
          "a key is one word; expected one of \(known.joined(separator: ", "))")
      }
      guard known.contains(name) else {
        throw fail(
          key, "未知的键“\(name)”，可用的键：\(known.joined(separator: "、"))",
          "unknown key `\(name)`; expected one of \(known.joined(separator: ", "))")
      }
      try body(name, value)
    }
  }

  func string(_ node: Node) throws -> String {
    guard let text = node.scalar?.string, !text.isEmpty else {
      throw fail(node, "此处应为文字", "expected text")
    }
    return text
  }

  func list(_ node: Node) throws -> [Node] {
    guard let sequence = node.sequence else {
      throw fail(node, "此处应为列表，如 [a, b]", "expected a list such as [a, b]")
    }
    return Array(sequence)
  }

  func strings(_ node: Node) throws -> [String] {
    node.sequence == nil ? [try string(node)] : try list(node).map(string)
  }

  /// Digits and nothing else: no sign, no space.
  func number(_ text: some StringProtocol) -> Int64? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      ? Int64(text) : nil
  }

  /// `90s`, `2min`, `30min`, `2h`, at most a week.
  func duration(_ node: Node) throws -> Int64 {
    let text = try string(node)
    let units: [(String, Int64)] = [("min", 60), ("s", 1), ("h", 3_600)]
    for (unit, seconds) in units where text.hasSuffix(unit) {
      if let count = number(text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)),
        count <= 604_800 / seconds
      {
        return count * seconds
      }
    }
    throw fail(
      node, "时长“\(text)”无效，应如 90s、2min、2h", "`\(text)` is no duration; write 90s, 2min, 2h")
  }

  /// Whole days, from none to a year: `90d`.
  func days(_ node: Node) throws -> Int {
    let text = try string(node)
    guard text.hasSuffix("d"), let count = number(text.dropLast()), (0...366).contains(count) else {
      throw fail(
        node, "天数“\(text)”无效，应为 0d 至 366d，如 90d",
        "`\(text)` is no number of days; write 0d to 366d, as 90d")
    }
    return Int(count)
  }

  func yuan(_ node: Node) throws -> Int64 {
    let text = try string(node)
    guard let fen = Money.fen(ofYuan: text), fen < 100_000_000_000 else {
      throw fail(node, "金额“\(text)”无效，应如 500.00（元）", "`\(text)` is no amount; write 500.00 (yuan)")
    }
    return fen
  }

  /// `2026-11-10`, in which YAML may see a date of its own.
  func date(_ node: Node) throws -> BusinessDay {
    let text = try string(node)
    guard text.utf8.count == 10, let day = BusinessDay(text) else {
      throw fail(
        node, "日期“\(text)”无效，应如 2026-11-10", "`\(text)` is no date; write it as 2026-11-10")
    }
    return day
  }

  /// `23:00`, or `00:00` for midnight.
  func cutoff(_ node: Node) throws -> DayCut {
    let text = try string(node)
    guard let cut = DayCut(text) else {
      throw fail(
        node, "日切时间“\(text)”无效，应如 23:00（00:00 表示自然日）",
        "`\(text)` is no cut-off; write 23:00, or 00:00 for midnight")
    }
    return cut
  }

  func flag(_ node: Node) throws -> Bool {
    switch try string(node) {
    case "true": return true
    case "false": return false
    case let text:
      throw fail(node, "“\(text)”无效，应为 true 或 false", "`\(text)`: write true or false")
    }
  }

  func optionalYuan(_ node: Node) throws -> Int64? {
    try string(node) == "none" ? nil : try yuan(node)
  }

  /// `3%` in 1/100000.
  func rate(_ node: Node) throws -> Int64 {
    let text = try string(node)
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard text.hasSuffix("%"), (1...2).contains(parts.count), let whole = number(parts[0]),
      whole < 100, parts.count == 1 || (1...3).contains(parts[1].count),
      let fraction = number(
        parts.count == 1 ? "0" : parts[1] + String(repeating: "0", count: 3 - parts[1].count))
    else {
      throw fail(node, "费率“\(text)”无效，应如 3% 或 0.6%", "`\(text)` is no rate; write 3% or 0.6%")
    }
    return whole * 1_000 + fraction
  }

  /// `10:00` as seconds of a day.
  func clock(_ node: Node) throws -> Int64 {
    let text = try string(node)
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(number)
    guard parts.count == 2, let hour = parts[0], let minute = parts[1], hour < 24, minute < 60
    else {
      throw fail(node, "时刻“\(text)”无效，应如 10:00", "`\(text)` is no time of day; write 10:00")
    }
    return hour * 3_600 + minute * 60
  }

  /// `01:00-05:00`, or `none`.
  func timeRange(_ node: Node) throws -> Range<Int64>? {
    let text = try string(node)
    if text == "none" { return nil }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { part -> Int64? in
      let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map(number)
      guard numbers.count == 2, let hour = numbers[0], let minute = numbers[1],
        (0...24).contains(hour), (0..<60).contains(minute)
      else { return nil }
      return hour * 3_600 + minute * 60
    }
    guard ends.count == 2, let start = ends[0], let end = ends[1], start < end, end <= 86_400 else {
      throw fail(
        node, "时段“\(text)”无效，应如 01:00-05:00", "`\(text)` is no time range; write 01:00-05:00")
    }
    return start..<end
  }

  func weekday(_ node: Node) throws -> Int {
    let text = try string(node)
    guard let day = Int(text), (1...7).contains(day) else {
      throw fail(
        node, "星期“\(text)”无效，应为 1（周一）至 7（周日）", "`\(text)` is no weekday; 1 is Monday, 7 Sunday")
    }
    return day
  }
}

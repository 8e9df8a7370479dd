/// Damages a table in UTF-8 as people, cables and spreadsheets do: one row a line, CRLF between.
struct TableDamage: Sendable {
  private let lines: [[UInt8]]
  private let separator: [UInt8]

  /// - Parameters:
  ///   - bytes: The whole table.
  ///   - isGuarded: Whether a backtick stands before every value but the header's.
  init(_ bytes: [UInt8], isGuarded: Bool) {
    lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    separator = Array((isGuarded ? ",`" : ",").utf8)
  }

  /// The header alone.
  var header: [UInt8] { lines[0] + [0x0A] }

  /// How many whole lines `count` bytes hold.
  func wholeLines(in count: Int) -> Int {
    var (end, whole) = (0, 0)
    for line in lines {
      end += line.count + 1
      guard end <= count else { break }
      whole += 1
    }
    return whole
  }

  /// The bytes before a line.
  func bytes(before line: Int) -> [UInt8] { joined(Array(lines[..<line]) + [[]]) }

  /// The table with another text in one cell; lines and columns count from 0.
  func replacing(_ cells: [(line: Int, column: Int, text: String)]) -> [UInt8] {
    var changed = lines
    for cell in cells {
      var fields = fields(changed[cell.line])
      guard cell.column < fields.count else { continue }
      let guarded = cell.column == 0 && separator.count > 1
      fields[cell.column] = Array((guarded ? "`" : "").utf8) + Array(cell.text.utf8)
      changed[cell.line] = Array(fields.joined(separator: separator))
    }
    return joined(changed)
  }

  /// The table as a spreadsheet saves what it understood of it.
  func resaved() -> [UInt8] {
    joined(
      lines.map { line in
        let cells = line.split(separator: 0x2C, omittingEmptySubsequences: false)
        return Array(cells.map(TableDamage.understood).joined(separator: [0x2C]))
      })
  }

  private func joined(_ lines: [[UInt8]]) -> [UInt8] { Array(lines.joined(separator: [0x0A])) }

  private func fields(_ line: [UInt8]) -> [[UInt8]] {
    var fields: [[UInt8]] = []
    var rest = line[...]
    while let found = rest.firstRange(of: separator) {
      fields.append(Array(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return fields + [Array(rest)]
  }

  /// What a spreadsheet makes of a cell.
  private static func understood(_ cell: ArraySlice<UInt8>) -> [UInt8] {
    var text = String(decoding: cell.drop { $0 == 0x60 }, as: UTF8.self)
    let end = text.hasSuffix("\r") ? "\r" : ""
    text.removeAll { $0 == "\r" }
    let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) } && !text.isEmpty
    if digits, text.utf8.count >= 12 {
      let figures = Array(text.drop { $0 == "0" }).map(String.init)
      guard figures.count >= 12 else { return Array((figures.joined() + end).utf8) }
      text = "\(figures[0]).\(figures[1])\(figures[2])E+\(figures.count - 1)"
    } else if digits, text.utf8.count > 1 {
      text = String(text.drop { $0 == "0" })
      if text.isEmpty { text = "0" }
    } else {
      text = moment(text) ?? decimal(text) ?? text
    }
    return Array((text + end).utf8)
  }

  /// `2026-11-02 08:05:09` as `2026/11/2 8:05`.
  private static func moment(_ text: String) -> String? {
    let parts = text.split(separator: " ")
    guard parts.count == 2 else { return nil }
    let (date, clock) = (parts[0].split(separator: "-"), parts[1].split(separator: ":"))
    guard date.count == 3, clock.count == 3, let month = Int(date[1]), let day = Int(date[2]),
      let hour = Int(clock[0])
    else { return nil }
    return "\(date[0])/\(month)/\(day) \(hour):\(clock[1])"
  }

  /// `100.00` as `100` and `12.50` as `12.5`.
  private static func decimal(_ text: String) -> String? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let _ = Int(parts[0]), UInt(parts[1]) != nil else { return nil }
    var fraction = parts[1]
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? String(parts[0]) : parts[0] + "." + fraction
  }
}

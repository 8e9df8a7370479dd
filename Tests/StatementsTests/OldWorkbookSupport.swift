import Payments

@testable import Statements

/// Writes old Excel workbooks for tests: records of BIFF8 in a container with one stream.
struct OldWorkbookWriter {
  /// A cell of a sheet.
  enum Cell {
    case text(String)
    case own(String)
    case double(Double, format: Int = 0)
    case short(UInt32, format: Int = 0)
    case several([UInt32])
    case formula(Double)
    case textFormula(String)
    case truth(Bool)
  }

  var sheets: [(name: String, state: UInt8, cells: [(row: Int, column: Int, cell: Cell)])] = []
  /// Number formats of the cell formats, in order.
  var formats = [0, 14, 22, 164]
  /// The code of number format 164.
  var code = "yyyy\\-mm\\-dd\\ hh:mm:ss"
  var isFrom1904 = false
  var hasPassword = false
  /// Bytes of a record of shared texts before it is continued.
  var longestRecord = 8_224

  private static func u16(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  private static func u32(_ value: Int) -> [UInt8] { u16(value) + u16(value >> 16) }

  private static func record(_ kind: Int, _ contents: [UInt8]) -> [UInt8] {
    u16(kind) + u16(contents.count) + contents
  }

  /// A text with its length in front; wide where it has to be.
  private static func text(_ text: String, lengthOf8: Bool = false) -> [UInt8] {
    let units = Array(text.utf16)
    let isWide = units.contains { $0 > 0xFF }
    let characters = units.flatMap { isWide ? u16(Int($0)) : [UInt8($0)] }
    return (lengthOf8 ? [UInt8(units.count)] : u16(units.count)) + [isWide ? 1 : 0] + characters
  }

  private static func double(_ value: Double) -> [UInt8] {
    let bits = value.bitPattern
    return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
  }

  /// The workbook's stream.
  func stream() -> [UInt8] {
    var texts: [String] = []
    let bodies = sheets.map { sheet in sheet.cells.map { Self.cell($0, &texts) }.joined() }
    let part = { (kind: Int) in
      Self.record(0x0809, Self.u16(0x0600) + Self.u16(kind) + [UInt8](repeating: 0, count: 12))
    }
    var head = part(5)
    if hasPassword { head += Self.record(0x2F, [0, 0, 0, 0, 0, 0]) }
    head += Self.record(0x22, Self.u16(isFrom1904 ? 1 : 0))
    head += Self.record(0x041E, Self.u16(164) + Self.text(code))
    for format in formats {
      head += Self.record(0xE0, Self.u16(0) + Self.u16(format) + [UInt8](repeating: 0, count: 16))
    }
    let tail = sharedTexts(texts) + Self.record(0x0A, [])
    let names = sheets.map { Self.text($0.name, lengthOf8: true) }
    var offset = head.count + names.reduce(0) { $0 + $1.count + 10 } + tail.count
    for (place, sheet) in sheets.enumerated() {
      head += Self.record(0x85, Self.u32(offset) + [sheet.state, 0] + names[place])
      offset += part(16).count + bodies[place].count + 4
    }
    return head + tail + bodies.flatMap { part(16) + Array($0) + Self.record(0x0A, []) }
  }

  private static func cell(
    _ given: (row: Int, column: Int, cell: Cell), _ texts: inout [String]
  ) -> [UInt8] {
    let place = u16(given.row) + u16(given.column)
    switch given.cell {
    case .text(let text):
      texts.append(text)
      return record(0xFD, place + u16(0) + u32(texts.count - 1))
    case .own(let text): return record(0x0204, place + u16(0) + Self.text(text))
    case .double(let value, let format): return record(0x0203, place + u16(format) + double(value))
    case .short(let value, let format):
      return record(0x027E, place + u16(format) + u32(Int(value)))
    case .several(let values):
      let cells = values.flatMap { u16(0) + u32(Int($0)) }
      return record(0xBD, place + cells + u16(given.column + values.count - 1))
    case .formula(let value):
      return record(0x06, place + u16(0) + double(value) + [UInt8](repeating: 0, count: 8))
    case .textFormula(let text):
      let result: [UInt8] = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
      return record(0x06, place + u16(0) + result + [UInt8](repeating: 0, count: 8))
        + record(0x0207, Self.text(text))
    case .truth(let value): return record(0x0205, place + u16(0) + [value ? 1 : 0, 0])
    }
  }

  /// Shared texts, continued in further records wherever the first is full; a text that is cut says anew how its
  /// characters are written.
  private func sharedTexts(_ texts: [String]) -> [UInt8] {
    var records: [[UInt8]] = [Self.u32(texts.count) + Self.u32(texts.count)]
    for text in texts {
      let units = Array(text.utf16)
      let isWide = units.contains { $0 > 0xFF }
      if records[records.count - 1].count + 3 > longestRecord { records.append([]) }
      records[records.count - 1] += Self.u16(units.count) + [isWide ? 1 : 0]
      for unit in units {
        let bytes = isWide ? Self.u16(Int(unit)) : [UInt8(unit)]
        if records[records.count - 1].count + bytes.count > longestRecord {
          records.append([isWide ? 1 : 0])
        }
        records[records.count - 1] += bytes
      }
    }
    return records.enumerated().flatMap { Self.record($0.offset == 0 ? 0xFC : 0x3C, $0.element) }
  }

  /// The file: a container with the stream in sectors of 512 bytes, or in short sectors where it is small.
  func file() -> [UInt8] {
    let content = stream()
    return content.count < 4_096 ? Self.small(content) : Self.large(content)
  }

  private static func header(tables: [Int], directory: Int, shorts: Int) -> [UInt8] {
    var header = CompoundFile.mark + [0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 16)
    header += u16(0x3E) + u16(3) + u16(0xFFFE) + u16(9) + u16(6) + [UInt8](repeating: 0, count: 10)
    header += u32(tables.count) + u32(directory) + u32(0) + u32(4_096) + u32(shorts)
    header += u32(shorts < 0xFFFF_FFF0 ? 1 : 0) + u32(0xFFFF_FFFE) + u32(0)
    for place in 0..<109 { header += u32(place < tables.count ? tables[place] : 0xFFFF_FFFF) }
    return header
  }

  private static func entry(_ name: String, _ kind: UInt8, _ start: Int, _ size: Int) -> [UInt8] {
    let text = name.utf16.flatMap { u16(Int($0)) }
    return text + [UInt8](repeating: 0, count: 64 - text.count) + u16(text.count + 2) + [kind, 1]
      + [UInt8](repeating: 0xFF, count: 12) + [UInt8](repeating: 0, count: 36) + u32(start)
      + u32(size) + u32(0)
  }

  private static func padded(_ bytes: [UInt8], to size: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (size - bytes.count % size) % size)
  }

  private static func table(_ next: [Int]) -> [UInt8] {
    padded(next.flatMap { u32($0) }, to: 512).enumerated().map { place, byte in
      place < next.count * 4 ? byte : 0xFF
    }
  }

  private static let end = 0xFFFF_FFFE

  private static func large(_ content: [UInt8]) -> [UInt8] {
    let body = padded(content, to: 512)
    let count = body.count / 512
    // The directory first, the stream behind it, the tables last.
    let tables = (count + 2) / 127 + 1
    var next = [end] + (1...count).map { $0 == count ? end : $0 + 1 }
    next += repeatElement(0xFFFF_FFFD, count: tables)
    let directory = padded(
      entry("Root Entry", 5, end, 0) + entry("Workbook", 2, 1, content.count), to: 512)
    return header(
      tables: (0..<tables).map { count + 1 + $0 }, directory: 0, shorts: end)
      + directory + body + padded(table(next), to: 512 * tables)
  }

  /// A container of long streams.
  static func container(_ streams: [(name: String, content: [UInt8])]) -> [UInt8] {
    var (body, next, directory) = ([UInt8](), [end], entry("Root Entry", 5, end, 0))
    for stream in streams {
      precondition(stream.content.count >= 4_096, "short streams lie elsewhere")
      directory += entry(stream.name, 2, next.count, stream.content.count)
      let content = padded(stream.content, to: 512)
      let last = next.count + content.count / 512 - 1
      next += (next.count...last).map { $0 == last ? end : $0 + 1 }
      body += content
    }
    let count = next.count
    let tables = count / 127 + 1
    next += repeatElement(0xFFFF_FFFD, count: tables)
    return header(tables: (0..<tables).map { count + $0 }, directory: 0, shorts: end)
      + padded(directory, to: 512) + body + padded(table(next), to: 512 * tables)
  }

  private static func small(_ content: [UInt8]) -> [UInt8] {
    let body = padded(content, to: 64)
    let shorts = body.count / 64
    let holder = padded(body, to: 512)
    let count = holder.count / 512
    // The directory, the table of short sectors, what holds them, the table.
    let next =
      [end, end] + (2...(count + 1)).map { $0 == count + 1 ? end : $0 + 1 } + [0xFFFF_FFFD]
    let directory = padded(
      entry("Root Entry", 5, 2, holder.count) + entry("Workbook", 2, 0, content.count), to: 512)
    let short = table((0..<shorts).map { $0 + 1 == shorts ? end : $0 + 1 })
    return header(tables: [count + 2], directory: 0, shorts: 1) + directory + short + holder
      + table(next)
  }
}

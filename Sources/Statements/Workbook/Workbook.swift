internal import Payments

/// An Excel workbook (.xlsx): its sheets turned into records.
enum Workbook {
  /// Reads the sheets of the workbook whose parts are given by name, in the workbook's order.
  ///
  /// - Parameters:
  ///   - names: the first sheet that is called one of these, or the first of all, alone is read; nil for all.
  ///   - limit: bytes of all cells; a few bytes of markup can name a long text any number of times, so
  ///     what sheets come to must be limited apart from what they are packed in.
  static func sheets(
    _ parts: [String: [UInt8]], named names: [String]? = nil, limit: Int = SheetLimits.bytes
  ) throws(XMLReadError) -> [Sheet] {
    var strings = SharedStrings()
    if let part = parts["xl/sharedStrings.xml"] { try read(part, into: &strings) }
    var styles = DateStyles()
    if let part = parts["xl/styles.xml"] { try read(part, into: &styles) }
    var book = WorkbookIndex()
    if let part = parts["xl/workbook.xml"] { try read(part, into: &book) }
    var left = limit
    var sheets: [Sheet] = []
    for place in try places(parts, of: book, named: names) {
      guard let part = parts[place.part] else { continue }
      var cells = SheetCells(
        Sheet(name: place.name, isHidden: place.isHidden), strings: strings.texts,
        dateStyles: styles.dateStyles, isFrom1904: book.isFrom1904, limit: left)
      try read(part, into: &cells)
      if let line = cells.tooLongAt {
        throw .tooLarge(line: line, column: 0, what: SheetLimits.told(limit))
      }
      left -= cells.sheet.bytes.count
      sheets.append(cells.sheet)
    }
    guard !sheets.isEmpty else { throw .empty }
    return sheets
  }

  /// The parts that hold sheets.
  private static func places(
    _ parts: [String: [UInt8]], of book: WorkbookIndex, named names: [String]?
  ) throws(XMLReadError) -> [(part: String, name: String, isHidden: Bool)] {
    var links = WorkbookIndex()
    if let part = parts["xl/_rels/workbook.xml.rels"] { try read(part, into: &links) }
    var found = book.sheets.compactMap {
      sheet -> (part: String, name: String, isHidden: Bool)? in
      guard let target = links.targets[sheet.id] else { return nil }
      let part = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
      return parts[part] == nil ? nil : (part, sheet.name, sheet.isHidden)
    }
    if found.isEmpty {
      // A workbook whose index is broken still has its sheets.
      found = parts.keys.filter { $0.hasPrefix("xl/worksheets/") && $0.hasSuffix(".xml") }.sorted()
        .map { ($0, $0, false) }
    }
    guard let names else { return Array(found.prefix(SheetLimits.sheets)) }
    return [found.first { names.contains($0.name) } ?? found.first].compactMap(\.self)
  }

  private static func read<Sink: XMLElementSink>(
    _ part: [UInt8], into sink: inout Sink
  ) throws(XMLReadError) {
    try part.withRaw { raw throws(XMLReadError) in try readElements(raw, into: &sink) }
  }
}

/// Which part is which: the workbook's list of sheets, the relations' list of targets.
private struct WorkbookIndex: XMLElementSink {
  var sheets: [(name: String, id: String, isHidden: Bool)] = []
  var targets: [String: String] = [:]
  /// Whether its dates are counted from 1904.
  var isFrom1904 = false

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    func value(_ key: String) -> String? { attributes.last { $0.name == key }?.value }
    if name == "workbookPr" { isFrom1904 = ["1", "true"].contains(value("date1904")) }
    if name == "sheet", let id = value("id") {
      sheets.append((value("name") ?? "", id, value("state").map { $0 != "visible" } ?? false))
    }
    if name == "Relationship", let id = value("Id"), let target = value("Target") {
      targets[id] = target
    }
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {}
  mutating func end(_ name: String) {}
}

/// The texts cells refer to by number.
private struct SharedStrings: XMLElementSink {
  var texts: [[UInt8]] = []
  private var isText = false
  private var isPhonetic = false

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    if name == "si" { texts.append([]) }
    if name == "rPh" { isPhonetic = true }
    isText = name == "t" && !isPhonetic
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {
    guard isText, !texts.isEmpty else { return }
    texts[texts.count - 1].append(contentsOf: bytes)
  }

  mutating func end(_ name: String) {
    if name == "t" { isText = false }
    if name == "rPh" { isPhonetic = false }
  }
}

/// Which cell styles show a number as a date.
private struct DateStyles: XMLElementSink {
  var dateStyles = Set<Int>()
  /// Formats the workbook defines itself, and whether they are dates.
  private var custom: [Int: Bool] = [:]
  private var isCellFormats = false
  private var count = 0

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    func value(_ key: String) -> String? { attributes.first { $0.name == key }?.value }
    switch name {
    case "numFmt":
      if let id = value("numFmtId").flatMap({ Int($0) }), let code = value("formatCode") {
        custom[id] = isDateFormat(code)
      }
    case "cellXfs": isCellFormats = true
    case "xf" where isCellFormats:
      let id = value("numFmtId").flatMap { Int($0) } ?? 0
      if custom[id] ?? builtInDateFormats.contains(id) {
        dateStyles.insert(count)
      }
      count += 1
    default: break
    }
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {}

  mutating func end(_ name: String) {
    if name == "cellXfs" { isCellFormats = false }
  }
}

/// The cells of a sheet, rendered row by row.
private struct SheetCells: XMLElementSink {
  private(set) var sheet: Sheet
  /// The row at which the sheet is longer than it may be.
  private(set) var tooLongAt: Int?
  private let strings: [[UInt8]]
  private let dateStyles: Set<Int>
  private let isFrom1904: Bool
  private let limit: Int

  private var cells: [[UInt8]] = []
  private var row = 0
  private var column = 0
  private var type = ""
  private var style = 0
  private var value: [UInt8] = []
  private var isValue = false
  /// Numbers a row may have; a sheet's own limit.
  private static let rowNumbers = 1...1_048_576

  init(
    _ sheet: Sheet, strings: [[UInt8]], dateStyles: Set<Int>, isFrom1904: Bool, limit: Int
  ) {
    (self.sheet, self.strings) = (sheet, strings)
    (self.dateStyles, self.isFrom1904, self.limit) = (dateStyles, isFrom1904, limit)
  }

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    func attribute(_ key: String) -> String? { attributes.first { $0.name == key }?.value }
    switch name {
    case "row":
      row =
        attribute("r").flatMap { Int($0) }.flatMap { Self.rowNumbers.contains($0) ? $0 : nil }
        ?? row + 1
      cells = []
    case "c":
      column = attribute("r").flatMap(Self.column) ?? cells.count
      type = attribute("t") ?? "n"
      style = attribute("s").flatMap { Int($0) } ?? 0
      value = []
    case "f": sheet.formulas += 1
    case "v", "t": isValue = true
    default: break
    }
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {
    if isValue { value.append(contentsOf: bytes) }
  }

  mutating func end(_ name: String) {
    switch name {
    case "v", "t": isValue = false
    case "c":
      // What stands far to the right of everything is no column of a statement.
      guard column < SheetLimits.columns, tooLongAt == nil else { return }
      let cell = rendered()
      guard !cell.isEmpty else { return }
      while cells.count <= column { cells.append([]) }
      cells[column] = cell
    case "row":
      let size = cells.reduce(cells.count) { $0 + $1.count }
      guard tooLongAt == nil, sheet.bytes.count + size <= limit else {
        tooLongAt = tooLongAt ?? row
        return
      }
      sheet.append(cells, row: row)
    default: break
    }
  }

  private func rendered() -> [UInt8] {
    switch type {
    case "s":
      guard let index = Int(String(decoding: value, as: UTF8.self)), strings.indices.contains(index)
      else { return value }
      return strings[index]
    case "n":
      let text = String(decoding: value, as: UTF8.self)
      return Array(
        (dateStyles.contains(style) ? cellDate(text, isFrom1904: isFrom1904) : cellNumber(text))
          .utf8)
    default: return value
    }
  }

  /// `C5` is column 2.
  private static func column(_ reference: String) -> Int? {
    var result = 0
    for letter in reference.utf8 {
      guard (0x41...0x5A).contains(letter) else { break }
      result = result * 26 + Int(letter - 0x40)
      guard result <= 16_384 else { return nil }
    }
    return result > 0 ? result - 1 : nil
  }
}

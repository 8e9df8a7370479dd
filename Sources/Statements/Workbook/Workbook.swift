internal import Payments

/// The parts of a workbook, which is a zip file of XML documents.
protocol WorkbookParts: ~Copyable {
  /// Their names.
  var names: [String] { get }
  /// A part by its name; nil where there is none.
  func part(_ name: String) throws(Refusal) -> StatementFile?
}

/// An Excel workbook (.xlsx): its sheets turned into records.
enum Workbook {
  /// Reads the sheets of a workbook, in its order.
  ///
  /// - Parameters:
  ///   - names: the first sheet that is called one of these, or the first of all, alone is read; nil for all.
  ///   - path: the file it is.
  ///   - limit: bytes of all cells; a few bytes of markup can name a long text any number of times, so
  ///     what sheets come to must be limited apart from what they are packed in.
  static func sheets(
    _ parts: borrowing some WorkbookParts & ~Copyable, named names: [String]? = nil,
    path: String = "",
    limit: Int = SheetLimits.bytes
  ) throws(Refusal) -> [Sheet] {
    var strings = TextReader()
    try read("xl/sharedStrings.xml", of: parts, into: &strings)
    if strings.texts.isTooLong || strings.isCellTooLong {
      throw Refusal(.unreadable, SheetLimits.told(SheetLimits.texts))
    }
    var styles = DateStyles()
    try read("xl/styles.xml", of: parts, into: &styles)
    var book = WorkbookIndex()
    try read("xl/workbook.xml", of: parts, into: &book)
    var left = limit
    var sheets: [Sheet] = []
    for place in try places(parts, of: book, named: names) {
      var cells = SheetCells(
        SheetWriter(name: place.name, isHidden: place.isHidden), strings: strings.texts,
        dateStyles: styles.dateStyles, isFrom1904: book.isFrom1904, limit: left)
      guard try read(place.part, of: parts, into: &cells) else { continue }
      if let line = cells.tooLongAt {
        throw Refusal(.unreadable, SheetLimits.told(limit), line: line)
      }
      left -= cells.sheet.size
      sheets.append(try cells.sheet.sheet(path: path))
    }
    guard !sheets.isEmpty else { throw Refusal(.empty) }
    return sheets
  }

  /// The parts that hold sheets.
  private static func places(
    _ parts: borrowing some WorkbookParts & ~Copyable, of book: WorkbookIndex,
    named names: [String]?
  ) throws(Refusal) -> [(part: String, name: String, isHidden: Bool)] {
    var links = WorkbookIndex()
    try read("xl/_rels/workbook.xml.rels", of: parts, into: &links)
    let known = Set(parts.names)
    var found = book.sheets.compactMap {
      sheet -> (part: String, name: String, isHidden: Bool)? in
      guard let target = links.targets[sheet.id] else { return nil }
      let part = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
      return known.contains(part) ? (part, sheet.name, sheet.isHidden) : nil
    }
    if found.isEmpty {
      // A workbook whose index is broken still has its sheets.
      found = known.filter { $0.hasPrefix("xl/worksheets/") && $0.hasSuffix(".xml") }.sorted()
        .map { ($0, $0, false) }
    }
    guard let names else {
      guard found.count <= SheetLimits.sheets else { throw SheetLimits.tooManySheets }
      return found
    }
    return [found.first { names.contains($0.name) } ?? found.first].compactMap(\.self)
  }

  /// Reads a part.
  ///
  /// - Returns: whether there is one.
  @discardableResult
  private static func read<Sink: XMLElementSink>(
    _ name: String, of parts: borrowing some WorkbookParts & ~Copyable, into sink: inout Sink
  ) throws(Refusal) -> Bool {
    guard let part = try parts.part(name) else { return false }
    try readElements(part, into: &sink)
    return true
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

/// Reads the texts that cells refer to by number.
private struct TextReader: XMLElementSink {
  private(set) var texts = SharedTexts()
  /// Whether one of them is longer than a cell may be.
  private(set) var isCellTooLong = false
  private var length = 0
  private var isText = false
  private var isPhonetic = false

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    if name == "si" {
      texts.begin()
      length = 0
    }
    if name == "rPh" { isPhonetic = true }
    isText = name == "t" && !isPhonetic
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {
    guard isText, !isCellTooLong else { return }
    length += bytes.count
    isCellTooLong = length > SheetLimits.cell
    texts.extend(bytes)
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
  private(set) var sheet: SheetWriter
  /// The row at which the sheet, or a cell, is longer than it may be.
  private(set) var tooLongAt: Int?
  private let strings: SharedTexts
  private let dateStyles: Set<Int>
  private let isFrom1904: Bool
  private let limit: Int

  private var cells: [[UInt8]] = []
  /// Bytes of the row's cells.
  private var size = 0
  private var row = 0
  private var column = 0
  private var type = ""
  private var style = 0
  private var value: [UInt8] = []
  private var isValue = false
  /// Numbers a row may have; a sheet's own limit.
  private static let rowNumbers = 1...1_048_576

  init(
    _ sheet: SheetWriter, strings: SharedTexts, dateStyles: Set<Int>, isFrom1904: Bool, limit: Int
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
      (cells, size) = ([], 0)
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
    guard isValue, tooLongAt == nil else { return }
    if value.count + bytes.count > SheetLimits.cell { return tooLongAt = max(1, row) }
    value.append(contentsOf: bytes)
  }

  mutating func end(_ name: String) {
    switch name {
    case "v", "t": isValue = false
    case "c":
      guard tooLongAt == nil else { return }
      let cell = rendered()
      guard !cell.isEmpty else { return }
      // What stands far to the right of everything is no column of a statement.
      guard column < SheetLimits.columns else { return sheet.farCells += 1 }
      size += cell.count
      guard sheet.size + size <= limit else { return tooLongAt = max(1, row) }
      while cells.count <= column { cells.append([]) }
      cells[column] = cell
    case "row":
      guard tooLongAt == nil, sheet.size + size + cells.count <= limit else {
        return tooLongAt = tooLongAt ?? max(1, row)
      }
      // An empty row tells nothing.
      if !cells.isEmpty { sheet.append(cells, row: row) }
    default: break
    }
  }

  private func rendered() -> [UInt8] {
    switch type {
    case "s":
      return Int(String(decoding: value, as: UTF8.self)).flatMap { strings[$0] }.map(Array.init)
        ?? value
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

internal import Payments

/// A workbook in XML (Excel 2003, SpreadsheetML): its sheets turned into records.
struct XMLWorkbook: XMLElementSink {
  private var sheets: [SheetWriter] = []
  /// Where it comes to more than it may.
  private(set) var tooLongAt: Int?
  private var hasTooManySheets = false
  private let limit: Int
  private var size = 0
  private var row = 0
  private var cells: [[UInt8]] = []
  private var column = 0
  private var merged = 0
  private var type = ""
  private var value: [UInt8]?
  private var isVisibility = false

  /// What its root is called, and in which namespace.
  static func isOne(_ root: XMLRoot) -> Bool {
    root.name == "Workbook"
      && (root.namespace.isEmpty || root.namespace.contains("office:spreadsheet"))
  }

  /// Reads the sheets.
  ///
  /// - Parameter limit: bytes of all cells.
  static func sheets(_ file: StatementFile, limit: Int) throws(Refusal) -> [Sheet] {
    var workbook = XMLWorkbook(limit: limit)
    try readElements(file, into: &workbook)
    guard !workbook.hasTooManySheets else { throw SheetLimits.tooManySheets }
    if let line = workbook.tooLongAt {
      throw Refusal(.unreadable, SheetLimits.told(limit), line: line)
    }
    return try workbook.sheets.sheets(path: file.path)
  }

  private init(limit: Int) { self.limit = limit }

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    func value(_ key: String) -> String? { attributes.first { $0.name == key }?.value }
    func number(_ key: String) -> Int? { value(key).flatMap { Int($0) } }
    switch name {
    case "Worksheet":
      hasTooManySheets = sheets.count >= SheetLimits.sheets
      guard !hasTooManySheets else { return }
      sheets.append(SheetWriter(name: value("Name") ?? "\(sheets.count + 1)"))
      row = 0
    case "Row":
      row = number("Index").flatMap { (1...1_048_576).contains($0) ? $0 : nil } ?? row + 1
      (cells, column, merged) = ([], 0, 0)
    case "Cell":
      // Places are counted from 1.
      column = number("Index").map { $0 - 1 } ?? column + merged
      merged = 1 + max(0, min(SheetLimits.columns, number("MergeAcross") ?? 0))
      if value("Formula") != nil, !sheets.isEmpty { sheets[sheets.count - 1].formulas += 1 }
    case "Data":
      type = value("Type") ?? "String"
      self.value = []
    case "Visible": isVisibility = true
    default: break
    }
    if size > limit { tooLongAt = tooLongAt ?? line }
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer) {
    if isVisibility, !sheets.isEmpty, String(decoding: bytes, as: UTF8.self).contains("Hidden") {
      sheets[sheets.count - 1].isHidden = true
    }
    guard let length = value?.count, tooLongAt == nil else { return }
    size += bytes.count
    if length + bytes.count > SheetLimits.cell { tooLongAt = max(1, row) }
    value?.append(contentsOf: bytes)
  }

  mutating func end(_ name: String) {
    switch name {
    case "Visible": isVisibility = false
    case "Data":
      defer { value = nil }
      guard let value, !value.isEmpty, column >= 0, tooLongAt == nil else { return }
      guard column < SheetLimits.columns else {
        if !sheets.isEmpty { sheets[sheets.count - 1].farCells += 1 }
        return
      }
      while cells.count <= column { cells.append([]) }
      size += column / 8
      cells[column] = shown(value)
    case "Row":
      guard !sheets.isEmpty, !cells.isEmpty else { return }
      size += cells.count + 8
      sheets[sheets.count - 1].append(cells, row: row)
      cells = []
    default: break
    }
  }

  private func shown(_ value: [UInt8]) -> [UInt8] {
    let text = String(decoding: value, as: UTF8.self)
    switch type {
    case "Number": return Array(cellNumber(text).utf8)
    case "DateTime":
      // 2026-11-02T08:00:00.000
      let day = text.replacing("T", with: " ")
      return Array((day.firstIndex(of: ".").map { String(day[..<$0]) } ?? day).utf8)
    default: return value
    }
  }
}

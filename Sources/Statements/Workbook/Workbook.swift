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
    var left = limit
    var sheets: [Sheet] = []
    for place in try places(parts, named: names) {
      guard let part = parts[place.part] else { continue }
      var cells = SheetCells(
        Sheet(name: place.name, isHidden: place.isHidden), strings: strings.texts,
        dateStyles: styles.dateStyles, limit: left)
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
    _ parts: [String: [UInt8]], named names: [String]?
  ) throws(XMLReadError) -> [(part: String, name: String, isHidden: Bool)] {
    var book = WorkbookIndex()
    if let part = parts["xl/workbook.xml"] { try read(part, into: &book) }
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

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    func value(_ key: String) -> String? { attributes.last { $0.name == key }?.value }
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
  private var customDates = Set<Int>()
  private var isCellFormats = false
  private var count = 0

  mutating func start(
    _ name: String, _ attributes: [(name: String, value: String)], line: Int
  ) {
    func value(_ key: String) -> String? { attributes.first { $0.name == key }?.value }
    switch name {
    case "numFmt":
      if let id = value("numFmtId").flatMap({ Int($0) }), let code = value("formatCode"),
        isDateFormat(code)
      {
        customDates.insert(id)
      }
    case "cellXfs": isCellFormats = true
    case "xf" where isCellFormats:
      let id = value("numFmtId").flatMap { Int($0) } ?? 0
      if (14...22).contains(id) || (45...47).contains(id) || customDates.contains(id) {
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

  init(_ sheet: Sheet, strings: [[UInt8]], dateStyles: Set<Int>, limit: Int) {
    (self.sheet, self.strings) = (sheet, strings)
    (self.dateStyles, self.limit) = (dateStyles, limit)
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
      return Array((dateStyles.contains(style) ? cellDate(text) : cellNumber(text)).utf8)
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

/// A format code that shows days or hours: text in quotes, escaped letters, and colours and
/// conditions in brackets aside, so that `#,##0.00;[Red]-#,##0.00` is none. `[h]` counts hours.
func isDateFormat(_ code: String) -> Bool {
  var (isQuoted, isEscaped) = (false, false)
  var bracket: String?
  for character in code.lowercased() {
    if isEscaped {
      isEscaped = false
    } else if let text = bracket {
      bracket = character == "]" ? nil : text + String(character)
      if character == "]", !text.isEmpty, text.allSatisfy({ "hms".contains($0) }) { return true }
    } else if character == "\"" {
      isQuoted.toggle()
    } else if !isQuoted {
      if character == "[" { bracket = "" }
      isEscaped = "\\_*".contains(character)
      if "ydh".contains(character) { return true }
    }
  }
  return false
}

/// A cell's number without the noise of binary fractions: `28.160000000000004` is 28.16.
func cellNumber(_ text: String) -> String {
  let text = withoutNegativeExponent(text)
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  guard parts.count == 2, parts[1].count > 10, parts[1].allSatisfy(\.isNumber),
    let whole = Int64(parts[0]), let shown = Int64(parts[1].prefix(10)), whole.magnitude < 1 << 62
  else { return text }
  let next = parts[1].dropFirst(10).first ?? "0"
  var (units, fraction) = (whole.magnitude, next >= "5" ? shown + 1 : shown)
  if fraction == 10_000_000_000 { (units, fraction) = (units + 1, 0) }
  var digits = String(fraction)
  digits = String(repeating: "0", count: 10 - digits.count) + digits
  while digits.last == "0" { digits.removeLast() }
  return (text.hasPrefix("-") ? "-" : "") + "\(units)" + (digits.isEmpty ? "" : "." + digits)
}

/// `7.0000000000000007E-2` written out; a large exponent stays, for it is a serial that is lost.
private func withoutNegativeExponent(_ text: String) -> String {
  let parts = text.split(separator: "E", omittingEmptySubsequences: false)
  guard parts.count == 2, parts[1].hasPrefix("-"), let power = Int(parts[1].dropFirst()),
    (1...15).contains(power)
  else { return text }
  let sign = parts[0].hasPrefix("-") ? "-" : ""
  let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
  guard mantissa[0].count == 1 else { return text }
  return sign + "0." + String(repeating: "0", count: power - 1) + mantissa.joined()
}

/// A cell's date: days since 1899-12-30 and a fraction of a day, as `yyyy-MM-dd HH:mm:ss`.
func cellDate(_ text: String) -> String {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  guard let days = Int64(parts[0]), (1...2_958_465).contains(days), parts.count <= 2 else {
    return text
  }
  let digits = parts.count == 2 ? String(parts[1].prefix(15)) : "0"
  guard let fraction = Int128(digits) else { return text }
  let scale = (0..<digits.count).reduce(Int128(1)) { product, _ in product * 10 }
  let seconds = Int64((fraction * 86_400 * 2 + scale) / (scale * 2))
  // 1899-12-30 is 25,569 days before 1970-01-01; Shanghai is eight hours ahead.
  return Timestamp(seconds: (days - 25_569) * 86_400 + seconds - 28_800).description
}

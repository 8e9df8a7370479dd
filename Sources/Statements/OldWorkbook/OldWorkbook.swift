/// An old Excel workbook (.xls: BIFF8, or BIFF5 of Excel 95): its sheets turned into records.
///
/// Read by code of our own: the C library there is for it refuses files that hold an empty text, as those of several
/// banks do, and would need a process to itself for the others. Nothing here trusts a number of the file.
struct OldWorkbook {
  private typealias Kind = BinaryRecords.Kind

  private let bytes: [UInt8]
  private let limit: Int
  private var isOf1995 = false
  private var isFrom1904 = false
  private var encoding = TextEncoding.gb18030
  private var texts: [[UInt8]] = []
  /// The number format of each cell format, and those that are dates.
  private var formats: [Int] = []
  private var dateFormats = builtInDateFormats
  private var places: [(name: String, isHidden: Bool, offset: Int)] = []

  /// Reads the sheets of a workbook, in its order.
  ///
  /// - Parameter limit: bytes of all cells.
  static func sheets(
    _ file: [UInt8], limit: Int = SheetLimits.bytes
  ) throws(OldWorkbookError) -> [Sheet] {
    guard let container = CompoundFile(file) else { throw .damaged(at: 0) }
    // A workbook of now that has a password lies in such a container.
    if container.has("EncryptedPackage") { throw .password }
    let stream = try container.stream(named: ["Workbook", "Book"])
    var workbook = OldWorkbook(stream, limit: min(limit, SheetLimits.bytes(ofPacked: file.count)))
    try workbook.readGlobals()
    return try workbook.readSheets()
  }

  private init(_ bytes: [UInt8], limit: Int) { (self.bytes, self.limit) = (bytes, limit) }

  // MARK: - What holds for all sheets

  private mutating func readGlobals() throws(OldWorkbookError) {
    var records = BinaryRecords(bytes)
    guard try records.advance(), records.kind == Kind.part else { throw .noWorkbook }
    let version = records.u16(records.range.lowerBound)
    guard version == 0x0600 || version == 0x0500 else { throw .noWorkbook }
    isOf1995 = version == 0x0500
    while try records.advance(), records.kind != Kind.endOfPart {
      let start = records.range.lowerBound
      switch records.kind {
      case Kind.password: throw .password
      case Kind.dates: isFrom1904 = records.u16(start) == 1
      case Kind.codePage: if records.u16(start) == 65_001 { encoding = .utf8 }
      case Kind.cellFormat: formats.append(records.u16(start + 2))
      case Kind.numberFormat:
        let code = try text(records, from: start + 2)
        if isDateFormat(String(decoding: code, as: UTF8.self)) {
          dateFormats.insert(records.u16(start))
        } else {
          dateFormats.remove(records.u16(start))
        }
      case Kind.sheet: try take(sheet: records)
      case Kind.sharedTexts: try take(sharedTexts: &records)
      default: break
      }
    }
  }

  private mutating func take(sheet records: BinaryRecords) throws(OldWorkbookError) {
    let start = records.range.lowerBound
    // 0 is a sheet of cells; others are charts and macros.
    guard records.range.count >= 8, records.bytes[start + 5] == 0,
      places.count < SheetLimits.sheets
    else { return }
    let count = Int(records.bytes[start + 6])
    let name: [UInt8]
    if isOf1995 {
      let end = min(records.range.upperBound, start + 7 + count)
      name = decoded(records.bytes[(start + 7)..<end])
    } else {
      name = try characters(records, count, from: start + 7)
    }
    places.append(
      (
        String(decoding: name, as: UTF8.self), records.bytes[start + 4] & 3 != 0,
        Int(records.u32(start))
      ))
  }

  private mutating func take(
    sharedTexts records: inout BinaryRecords
  ) throws(OldWorkbookError) {
    let start = records.range.lowerBound
    let count = Int(records.u32(start + 4))
    var reader = BinaryTexts(bytes, try records.pieces(), skipping: 8)
    // As many as there are: the number may be anything.
    while texts.count < count, let text = reader.next() { texts.append(text) }
    guard texts.count == count else { throw .damaged(at: start) }
  }

  // MARK: - Texts

  /// A text with its length in front.
  private func text(
    _ records: BinaryRecords, from offset: Int
  ) throws(OldWorkbookError) -> [UInt8] {
    if isOf1995 {
      // Of formats one byte tells the length, of cells two.
      let isShort = records.kind == Kind.numberFormat
      let count = isShort ? Int(records.u16(offset) & 0xFF) : records.u16(offset)
      let start = offset + (isShort ? 1 : 2)
      guard start + count <= records.range.upperBound else { throw .damaged(at: offset) }
      return decoded(bytes[start..<(start + count)])
    }
    return try characters(records, records.u16(offset), from: offset + 2)
  }

  /// A text whose length is known: how its characters are written, then they.
  private func characters(
    _ records: BinaryRecords, _ count: Int, from offset: Int
  ) throws(OldWorkbookError) -> [UInt8] {
    guard count > 0 else { return [] }
    guard offset < records.range.upperBound else { throw .damaged(at: offset) }
    let isWide = bytes[offset] & 1 != 0
    let start = offset + 1 + (bytes[offset] & 8 != 0 ? 2 : 0) + (bytes[offset] & 4 != 0 ? 4 : 0)
    guard start + count * (isWide ? 2 : 1) <= records.range.upperBound else {
      throw .damaged(at: offset)
    }
    let units = (0..<count).map { place in
      isWide ? UInt16(records.u16(start + 2 * place)) : UInt16(bytes[start + place])
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private func decoded(_ slice: ArraySlice<UInt8>) -> [UInt8] {
    Array(slice.withUnsafeBytes { encoding.decode($0) }.utf8)
  }

  // MARK: - Sheets

  private func readSheets() throws(OldWorkbookError) -> [Sheet] {
    var sheets: [Sheet] = []
    var left = limit
    for place in places {
      let sheet = try sheet(place, limit: left)
      left -= sheet.bytes.count
      sheets.append(sheet)
    }
    return sheets
  }

  private struct Cell {
    var row: Int
    var column: Int
    var text: [UInt8]
  }

  private func sheet(
    _ place: (name: String, isHidden: Bool, offset: Int), limit: Int
  ) throws(OldWorkbookError) -> Sheet {
    var sheet = Sheet(name: place.name, isHidden: place.isHidden)
    var records = BinaryRecords(bytes, at: place.offset)
    guard try records.advance(), records.kind == Kind.part else {
      throw .damaged(at: place.offset)
    }
    var (cells, size, depth) = ([Cell](), 0, 1)
    var awaitsText: (row: Int, column: Int)?
    func add(_ row: Int, _ column: Int, _ text: [UInt8]) throws(OldWorkbookError) {
      guard !text.isEmpty, column < SheetLimits.columns else { return }
      size += text.count + 1
      guard size <= limit else { throw .tooLarge(limit) }
      cells.append(Cell(row: row, column: column, text: text))
    }
    while depth > 0, try records.advance() {
      let start = records.range.lowerBound
      let (row, column) = (records.u16(start), records.u16(start + 2))
      switch records.kind {
      // A chart inside a sheet has records of its own.
      case Kind.part: depth += 1
      case Kind.endOfPart: depth -= 1
      case _ where depth > 1: break
      case Kind.formula:
        sheet.formulas += 1
        if records.u16(start + 12) == 0xFFFF {
          awaitsText = records.bytes[start + 6] == 0 ? (row, column) : nil
          if records.bytes[start + 6] == 1 { try add(row, column, truth(records.bytes[start + 8])) }
        } else {
          try add(row, column, number(records, double: start + 6))
        }
      case Kind.formulaText:
        if let cell = awaitsText { try add(cell.row, cell.column, text(records, from: start)) }
        awaitsText = nil
      case Kind.number: try add(row, column, number(records, double: start + 6))
      case Kind.shortNumber:
        try add(row, column, number(records, short: start + 6, format: start + 4))
      case Kind.severalNumbers:
        let count = max(0, (records.range.count - 6) / 6)
        for index in 0..<count {
          let at = start + 4 + 6 * index
          try add(row, column + index, number(records, short: at + 2, format: at))
        }
      case Kind.sharedText:
        let index = Int(records.u32(start + 6))
        guard texts.indices.contains(index) else { throw .damaged(at: start) }
        try add(row, column, texts[index])
      case Kind.text, Kind.richText: try add(row, column, text(records, from: start + 6))
      case Kind.truth:
        if records.range.count >= 8, records.bytes[start + 7] == 0 {
          try add(row, column, truth(records.bytes[start + 6]))
        }
      default: break
      }
    }
    append(cells, to: &sheet)
    return sheet
  }

  /// Adds cells row by row; a sheet has them in whatever order they were written.
  private func append(_ cells: [Cell], to sheet: inout Sheet) {
    let order = cells.indices.sorted {
      (cells[$0].row, cells[$0].column, $0) < (cells[$1].row, cells[$1].column, $1)
    }
    var row: [[UInt8]] = []
    for (place, index) in order.enumerated() {
      let cell = cells[index]
      while row.count <= cell.column { row.append([]) }
      row[cell.column] = cell.text
      let isLast = place + 1 == order.count || cells[order[place + 1]].row != cell.row
      guard isLast else { continue }
      sheet.append(row, row: cell.row + 1)
      row = []
    }
  }

  // MARK: - Values

  private func truth(_ byte: UInt8) -> [UInt8] { Array((byte == 0 ? "FALSE" : "TRUE").utf8) }

  private func number(_ records: BinaryRecords, double offset: Int) -> [UInt8] {
    shown(numberText(ofDouble: records.u64(offset)), format: records.u16(offset - 2))
  }

  private func number(_ records: BinaryRecords, short offset: Int, format: Int) -> [UInt8] {
    shown(numberText(ofRK: records.u32(offset)), format: records.u16(format))
  }

  private func shown(_ text: String, format: Int) -> [UInt8] {
    guard formats.indices.contains(format), dateFormats.contains(formats[format]) else {
      return Array(text.utf8)
    }
    return Array(cellDate(text, isFrom1904: isFrom1904).utf8)
  }
}

internal import Payments

/// An old Excel workbook (.xls: BIFF8, or BIFF5 of Excel 95): its sheets turned into records.
///
/// Read as a whole, by code of our own: the C library there is for it refuses files that hold an empty text, as those of several
/// banks do, and would need a process to itself for the others. Nothing here trusts a number of the file.
struct OldWorkbook {
  private typealias Kind = BinaryRecords.Kind

  private let bytes: [UInt8]
  private let limit: Int
  private var isOf1995 = false
  private var isFrom1904 = false
  private var encoding = TextEncoding.gb18030
  private var texts = SharedTexts()
  /// The number format of each cell format, and those that are dates.
  private var formats: [Int] = []
  private var dateFormats = builtInDateFormats
  private var places: [(name: String, isHidden: Bool, offset: Int)] = []
  /// The cells of the sheet that is read.
  private var cells = OldCells()

  /// Reads the sheets of the workbook in a container.
  static func sheets(
    _ container: CompoundFile, path: String
  ) throws(OldWorkbookError) -> [Sheet] {
    try sheets(
      ofStream: try stream(of: container), path: path,
      limit: SheetLimits.bytes(ofPacked: container.size))
  }

  /// Reads the sheets out of a workbook's stream.
  ///
  /// - Parameter limit: bytes of all cells.
  static func sheets(
    ofStream bytes: consuming [UInt8], path: String, limit: Int
  ) throws(OldWorkbookError) -> [Sheet] {
    var workbook = OldWorkbook(bytes, limit: limit)
    try workbook.readGlobals()
    return try workbook.readSheets(path: path)
  }

  /// The workbook's stream in its container.
  static func stream(of container: CompoundFile) throws(OldWorkbookError) -> [UInt8] {
    try container.stream(named: ["Workbook", "Book"])
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
      case Kind.password: throw .oldPassword
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
    guard records.range.count >= 8, records.bytes[start + 5] == 0 else { return }
    guard places.count < SheetLimits.sheets else { throw .tooManySheets }
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
    while texts.count < count, let text = reader.next() {
      texts.begin()
      texts.extend(text)
      guard !texts.isTooLong else { throw .tooLarge(SheetLimits.texts) }
    }
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

  private mutating func readSheets(path: String) throws(OldWorkbookError) -> [Sheet] {
    var sheets: [Sheet] = []
    var left = limit
    for place in places {
      var writer = SheetWriter(name: place.name, isHidden: place.isHidden)
      cells = OldCells(limit: left)
      writer.formulas = try readCells(at: place.offset)
      writer.farCells = cells.farCells
      cells.append(to: &writer)
      left -= writer.size
      do throws(Refusal) {
        sheets.append(try writer.sheet(path: path))
      } catch {
        throw .noRoom(error.reason)
      }
    }
    return sheets
  }

  /// Reads the cells of a sheet.
  ///
  /// - Returns: how many are formulas.
  private mutating func readCells(at offset: Int) throws(OldWorkbookError) -> Int {
    var records = BinaryRecords(bytes, at: offset)
    guard try records.advance(), records.kind == Kind.part else { throw .damaged(at: offset) }
    var (formulas, depth) = (0, 1)
    var awaitsText: (row: Int, column: Int)?
    while depth > 0, try records.advance() {
      let start = records.range.lowerBound
      let (row, column) = (records.u16(start), records.u16(start + 2))
      switch records.kind {
      // A chart inside a sheet has records of its own.
      case Kind.part: depth += 1
      case Kind.endOfPart: depth -= 1
      case _ where depth > 1: break
      case Kind.formula:
        formulas += 1
        if records.u16(start + 12) == 0xFFFF {
          awaitsText = records.bytes[start + 6] == 0 ? (row, column) : nil
          if records.bytes[start + 6] == 1 {
            try cells.add(row, column, truth(records.bytes[start + 8]))
          }
        } else {
          try cells.add(row, column, number(records, double: start + 6))
        }
      case Kind.formulaText:
        if let cell = awaitsText {
          try cells.add(cell.row, cell.column, text(records, from: start))
        }
        awaitsText = nil
      default: try readCell(records, row, column)
      }
    }
    return formulas
  }

  private mutating func readCell(
    _ records: BinaryRecords, _ row: Int, _ column: Int
  ) throws(OldWorkbookError) {
    let start = records.range.lowerBound
    switch records.kind {
    case Kind.number: try cells.add(row, column, number(records, double: start + 6))
    case Kind.shortNumber:
      try cells.add(row, column, number(records, short: start + 6, format: start + 4))
    case Kind.severalNumbers:
      let count = max(0, (records.range.count - 6) / 6)
      for index in 0..<count {
        let at = start + 4 + 6 * index
        try cells.add(row, column + index, number(records, short: at + 2, format: at))
      }
    case Kind.sharedText:
      guard let text = texts[Int(records.u32(start + 6))] else { throw .damaged(at: start) }
      try cells.add(row, column, text)
    case Kind.text, Kind.richText: try cells.add(row, column, text(records, from: start + 6))
    case Kind.truth:
      if records.range.count >= 8, records.bytes[start + 7] == 0 {
        try cells.add(row, column, truth(records.bytes[start + 6]))
      }
    default: break
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

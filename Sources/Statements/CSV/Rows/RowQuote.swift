internal import Payments

/// Reads the rows of one file again.
///
/// A class, as it stands beside every row that is quoted and a layout has sixty fields to copy.
final class RowQuoter: RowSource {
  private let file: StatementFile
  private let layout: Layout
  private let twin: Layout
  private let sheets: [String]

  /// - Parameters:
  ///   - layout: the file's own.
  ///   - twin: the same over UTF-8 text, for rows that were decoded.
  ///   - sheets: the names of several sheets that are one list.
  init(_ file: StatementFile, _ layout: Layout, _ twin: Layout, sheets: [String] = []) {
    (self.file, self.sheets) = (file, sheets)
    self.layout = layout
    self.twin = twin
  }

  /// Its offset alone says where a row is.
  var needsKeys: Bool { false }

  func place(ofLine line: Int) -> (part: String?, line: Int) {
    JoinedSheets.place(ofLine: line, of: sheets)
  }

  /// Quotes the row that starts at the offset.
  func quote(_ row: RowPlace) throws(StatementError) -> QuotedRow {
    let offset = row.offset
    // Most rows are short; a long one is read again in full.
    let short = withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 1) { room in
      Result { () throws(StatementError) in
        quoteFirst(
          UnsafeRawBufferPointer(try file.read(at: Int(offset), count: room.count, into: room)),
          row.others)
      }
    }
    if let row = try short.get() { return row }
    let bytes = try file.read(at: Int(offset), count: RowReader.longestRow + 2)
    return bytes.withUnsafeBytes { quoteFirst($0, row.others) ?? quote($0, row.others) }
  }

  /// Quotes the row some bytes begin with; nil when it may go on behind them.
  private func quoteFirst(_ bytes: UnsafeRawBufferPointer, _ known: [KeyHash]) -> QuotedRow? {
    var scanner = RecordScanner(layout.dialect)
    _ = scanner.scan(bytes, at: 0)
    guard scanner.next < bytes.count else { return nil }
    return quote(UnsafeRawBufferPointer(rebasing: bytes[..<scanner.end]), known)
  }

  /// Quotes a raw row that was kept.
  func quote(_ bytes: [UInt8]) -> QuotedRow { quoteRow(bytes, layout.encoding, twin) }

  private func quote(_ bytes: UnsafeRawBufferPointer, _ known: [KeyHash]) -> QuotedRow {
    quoteRow(bytes, layout.encoding, twin, known: known)
  }
}

/// Quotes a raw row that was kept.
func quoteRow(_ bytes: [UInt8], _ encoding: TextEncoding, _ twin: Layout) -> QuotedRow {
  bytes.withUnsafeBytes { quoteRow($0, encoding, twin) }
}

/// Decodes one raw row and finds its keys and what in it names a person.
///
/// - Parameters:
///   - twin: the same layout over UTF-8 text.
///   - known: numbers without a label that are somebody's.
func quoteRow(
  _ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding, _ twin: Layout,
  known: [KeyHash] = []
) -> QuotedRow {
  var row = QuotedRow()
  // Only the line end goes: what stands before it, spaces and TABs too, says which field is which.
  let line = bytes[..<(bytes.lastIndex { $0 != 0x0D && $0 != 0x0A }.map { $0 + 1 } ?? 0)]
  let dialect: Dialect
  (row.text, dialect) = decoded(
    UnsafeRawBufferPointer(rebasing: line), encoding, twin.dialect)
  var whole = row.text
  whole.withUTF8 {
    QuotedFields(
      UnsafeRawBufferPointer($0), dialect, twin.header.count + twin.padding, twin.freeText
    ).read(&row, twin, known)
  }
  // One byte for one byte, so that the spans stay where they are.
  if twin.dialect == .rendered { row.text = row.text.replacing("\u{1F}", with: "|") }
  if twin.dialect.isNamed { return named(row, twin.header) }
  row.text = row.text.withoutTrailingSpace
  // What ended in space that is no plain space ends with the text now.
  let length = row.text.utf8.count
  func kept(_ span: PersonalSpan) -> PersonalSpan? {
    guard span.utf8.lowerBound < length else { return nil }
    return PersonalSpan(utf8: span.utf8.clamped(to: 0..<length), isName: span.isName)
  }
  (row.personal, row.numbers) = (row.personal.compactMap(kept), row.numbers.compactMap(kept))
  return row
}

/// The fields of one row of UTF-8 text.
private struct QuotedFields {
  private let raw: UnsafeRawBufferPointer
  private var scanner: RecordScanner

  /// - Parameters:
  ///   - expected: how many there should be.
  ///   - freeText: the one that separators too many belong to.
  init(_ raw: UnsafeRawBufferPointer, _ dialect: Dialect, _ expected: Int, _ freeText: Int) {
    self.raw = raw
    scanner = RecordScanner(dialect)
    _ = scanner.scan(raw, at: 0)
    if scanner.count > expected, freeText >= 0 {
      scanner.merge(freeText, extra: scanner.count - expected)
    }
  }

  /// Finds the row's keys and what in it names a person.
  ///
  /// - Parameter twin: the layout, lent: it has too many fields to be copied for a row.
  func read(_ row: inout QuotedRow, _ twin: Layout, _ known: [KeyHash]) {
    let isShort = twin.mayBeShort && scanner.count > 1
    // Of a line that is no row nobody knows what stands where.
    if isShort || scanner.count >= twin.header.count { readKeys(&row, twin) }
    row.account = person(twin[.account]) ?? person(twin[.student])
    for field in twin.orderTexts where row.order == nil {
      guard let bytes = value(field),
        let range = OrderFinder.utf8.find(bytes, on: { day(twin) })
      else { continue }
      row.order = String(decoding: bytes[range], as: UTF8.self)
    }
    if !twin.accountTexts.isEmpty { readTexts(&row, twin, known) }
    for (field, isName) in twin.personal {
      guard let bytes = value(field), !isAbsent(bytes) else { continue }
      let start = offset(bytes)
      row.personal.append(PersonalSpan(utf8: start..<(start + bytes.count), isName: isName))
    }
  }

  private func readKeys(_ row: inout QuotedRow, _ twin: Layout) {
    row.order = first(twin[.order], twin.otherOrders)
    row.serial = first(twin[.serial], twin.otherSerials)
    row.own = first(twin[.own], twin.otherOwns)
    row.refundSerial = key(twin[.refundSerial])
    for field in twin.keys where field < scanner.count {
      let bytes = scanner.field(field, of: raw)
      let start = offset(bytes)
      // What has other letters is no number but a text that strayed there.
      if !bytes.isEmpty, bytes.allSatisfy({ $0 < 0x80 }) {
        row.keyColumns.append(start..<(start + bytes.count))
      }
    }
  }

  /// The day the row tells.
  private func day(_ twin: Layout) -> BusinessDay? {
    guard let text = value(twin[.time]) else { return nil }
    let length = min(twin.profile.timeLength ?? text.count, text.count)
    return bookedDay(
      UnsafeRawBufferPointer(rebasing: text[..<length]), .utf8, orElse: twin.fileDay)
  }

  /// Finds whom the row's texts name.
  private func readTexts(_ row: inout QuotedRow, _ twin: Layout, _ known: [KeyHash]) {
    let keys = RowKeys(
      order: row.order.map { fingerprint($0) } ?? 0,
      serial: row.serial.map { fingerprint($0) } ?? 0,
      own: (row.own ?? row.refundSerial).map { fingerprint($0) } ?? 0,
      original: key(twin[.original]).map { fingerprint($0) } ?? 0)
    var people = QuotedPeople()
    for field in twin.accountTexts {
      guard let bytes = value(field) else { continue }
      people.read(bytes, at: offset(bytes), besides: keys, known: known)
    }
    row.account = row.account ?? people.account
    row.numbers += people.spans
  }

  private func value(_ field: Int) -> UnsafeRawBufferPointer? {
    guard field >= 0, field < scanner.count else { return nil }
    return RowReader.bare(trimmed(scanner.field(field, of: raw)))
  }

  /// A key as it is compared.
  private func key(_ field: Int) -> String? {
    guard let bytes = value(field), keyHash(bytes, .utf8) != 0 else { return nil }
    return withKey(bytes, .utf8) { String(decoding: $0, as: UTF8.self) }
  }

  /// A number of a person as it is written.
  private func person(_ field: Int) -> String? {
    guard let bytes = value(field), personHash(bytes, .utf8) != 0 else { return nil }
    return withKey(bytes, .utf8) { String(decoding: $0, as: UTF8.self) }
  }

  /// The first of a role's columns that says something.
  private func first(_ field: Int, _ others: [Int]) -> String? {
    key(field) ?? others.lazy.compactMap(key).first
  }

  private func offset(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let start = bytes.baseAddress, let base = raw.baseAddress else { return 0 }
    return start - base
  }
}

/// A raw row as text, and the dialect that cuts the text: fields of fixed width lie elsewhere once
/// their bytes are decoded.
private func decoded(
  _ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding, _ dialect: Dialect
) -> (text: String, dialect: Dialect) {
  guard dialect.width > 0, bytes.count == dialect.width else {
    return (encoding.decode(bytes), dialect)
  }
  var (text, moved) = ("", [0: 0])
  var last = 0
  let cuts = Set(dialect.ranges.flatMap { [$0.lowerBound, $0.upperBound] } + [bytes.count])
  for cut in cuts.sorted() where cut > last {
    text += encoding.decode(UnsafeRawBufferPointer(rebasing: bytes[last..<cut]))
    moved[cut] = text.utf8.count
    last = cut
  }
  var result = dialect
  result.width = text.utf8.count
  result.ranges = dialect.ranges.map {
    (moved[$0.lowerBound] ?? 0)..<(moved[$0.upperBound] ?? text.utf8.count)
  }
  return (text, result)
}

extension String {
  /// The line without spaces at its end.
  fileprivate var withoutTrailingSpace: String {
    if let byte = utf8.last, byte > 0x20, byte < 0x7F { return self }
    guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...last])
  }
}

/// The row with each field's name before it and the empty ones left out: `REFNBR=G33…|TRSAMT=3.02`.
private func named(_ row: QuotedRow, _ header: [String]) -> QuotedRow {
  var result = row
  result.text = ""
  (result.personal, result.numbers, result.keyColumns) = ([], [], [])
  var start = 0
  let mark = Dialect.named.separator
  let fields = row.text.utf8.split(separator: mark, omittingEmptySubsequences: false)
  for (name, field) in zip(header, fields) {
    let range = start..<(start + field.count)
    start = range.upperBound + 1
    if field.isEmpty { continue }
    result.text += (result.text.isEmpty ? "" : "|") + name + "="
    let shift = result.text.utf8.count - range.lowerBound
    func moved(_ place: Range<Int>) -> Range<Int>? {
      guard range.contains(place.lowerBound) else { return nil }
      return (place.lowerBound + shift)..<(place.upperBound + shift)
    }
    func moved(_ span: PersonalSpan) -> PersonalSpan? {
      moved(span.utf8).map { PersonalSpan(utf8: $0, isName: span.isName) }
    }
    result.personal += row.personal.compactMap(moved)
    result.numbers += row.numbers.compactMap(moved)
    result.keyColumns += row.keyColumns.compactMap(moved)
    result.text += String(Substring(field))
  }
  return result
}

internal import CXlsxWriter
internal import Glibc
internal import Payments

/// Writes one paper to one sheet, from the first row to the last.
struct SheetWriter {
  /// What stands above every page.
  struct Heading {
    var school: String
    var period: String
    var verdict: String
  }

  let sheet: UnsafeMutablePointer<lxw_worksheet>
  let paper: Paper
  let styles: WorkbookStyles
  let language: Language
  let heading: Heading
  let outcomes: [String]
  /// The first thing the library refused.
  private(set) var problem: String?

  /// Rows that something was written to.
  private(set) var rowCount = 0
  private var lastWritten = UInt32.max

  private var row: UInt32 = 0
  private var breaks: [UInt32] = []
  private var lastColumn: UInt16 { UInt16(paper.columns.count - 1) }

  /// Dots of a printed page, A4 across with the margins below, at 96 an inch.
  private static let pageWidth = 1_048
  private static let pageHeight = 640
  /// Rows above the first case: title, period, heading.
  private static let top: UInt32 = 3
  private static let topPixels = [34, 22, 40]
  /// Breaks a sheet may have.
  private static let breakLimit = 1_000

  init(
    sheet: UnsafeMutablePointer<lxw_worksheet>, paper: Paper, styles: WorkbookStyles,
    language: Language, heading: Heading, outcomes: [String]
  ) {
    (self.sheet, self.paper, self.styles) = (sheet, paper, styles)
    (self.language, self.heading, self.outcomes) = (language, heading, outcomes)
  }

  /// The whole sheet.
  mutating func write() {
    page()
    headingRows()
    let first = row
    caseRows()
    // A filter needs a row to filter.
    check(worksheet_autofilter(sheet, first - 1, 0, max(row, first + 1) - 1, lastColumn))
    totals()
    signatures()
    if !breaks.isEmpty { check(worksheet_set_h_pagebreaks(sheet, &breaks)) }
  }

  // MARK: - The page

  private mutating func page() {
    worksheet_set_landscape(sheet)
    worksheet_set_paper(sheet, 9)  // A4
    worksheet_set_margins(sheet, 0.4, 0.4, 0.6, 0.6)
    worksheet_fit_to_pages(sheet, 1, 0)
    worksheet_center_horizontally(sheet)
    worksheet_repeat_rows(sheet, 0, Self.top - 1)
    worksheet_freeze_panes(sheet, Self.top, paper.name == .anomalies ? 2 : 0)
    for (index, column) in paper.columns.enumerated() {
      let place = UInt16(index)
      check(worksheet_set_column_pixels(sheet, place, place, UInt32(column.pixels), nil))
    }
    worksheet_ignore_errors(
      sheet, UInt8(LXW_IGNORE_NUMBER_STORED_AS_TEXT.rawValue), "A1:XFD1048576")
    let school = PlainText.clipped(WorkbookReport.text(heading.school), to: 40)
      .replacing("&", with: "&&")
    let title = paper.name.label(language)
    check(worksheet_set_header(sheet, "&L\(school)&R\(heading.period)"))
    check(
      worksheet_set_footer(sheet, "&L\(title)&C\(PaperWord.page.label(language))&Rcardrecon"))
  }

  private mutating func headingRows() {
    height(Self.topPixels[0])
    let school = WorkbookReport.text(heading.school)
    let title = (school.isEmpty ? "" : school + " ") + paper.name.label(language)
    merge(title, styles.title)
    next()
    height(Self.topPixels[1])
    let separator = language == .zh ? "：" : ": "
    merge(
      [
        PaperWord.day.label(language) + separator + heading.period,
        PaperWord.verdict.label(language) + separator + heading.verdict,
        PaperWord.unit.label(language),
      ].joined(separator: "        "), styles.subtitle)
    next()
    height(Self.topPixels[2])
    for (index, column) in paper.columns.enumerated() {
      string(column.label(language), index, styles.heading)
    }
    next()
  }

  // MARK: - Cases

  /// How many cases stand on a printed page with its subtotal.
  private var casesPerPage: Int {
    let width = paper.columns.reduce(0) { $0 + $1.pixels }
    // A sheet wider than the page is shrunk to it, so that more rows fit.
    let height = Self.pageHeight * max(width, Self.pageWidth) / Self.pageWidth
    let fitting = (height - Self.topPixels.reduce(0, +) - 24) / paper.rowPixels
    let least = (min(paper.rows.count, WorkbookReport.rowLimit) - 1) / Self.breakLimit + 1
    return max(fitting, least, 3)
  }

  private mutating func caseRows() {
    let rows = paper.rows.prefix(WorkbookReport.rowLimit)
    guard !rows.isEmpty else {
      height(paper.rowPixels)
      merge(paper.absence?(language) ?? "", styles.remark)
      next()
      return
    }
    guard paper.isList else {
      write(rows)
      return
    }
    var start = rows.startIndex
    let count = casesPerPage
    while start < rows.endIndex {
      let end = min(start + count, rows.endIndex)
      write(rows[start..<end])
      sumRow(.pageSubtotal, paper.sums(rows[start..<end]))
      if end < rows.endIndex { breaks.append(row) }
      start = end
    }
    if !breaks.isEmpty { breaks.append(0) }
  }

  private mutating func write(_ rows: ArraySlice<[PaperCell]>) {
    let first = row
    for cells in rows {
      height(paper.rowPixels)
      for (index, value) in cells.enumerated() { cell(value, index, .row) }
      next()
    }
    for (index, column) in paper.columns.enumerated() {
      guard let entry = column.entry else { continue }
      validate(entry, UInt16(index), first, row - 1)
    }
  }

  /// The drop-down list of outcomes, and days that are days.
  private mutating func validate(
    _ entry: ClerkColumn, _ column: UInt16, _ first: UInt32, _ last: UInt32
  ) {
    var rule = lxw_data_validation()
    switch entry {
    case .outcome where !outcomes.isEmpty:
      rule.validate = UInt8(LXW_VALIDATION_TYPE_LIST.rawValue)
      var copies: [UnsafeMutablePointer<CChar>?] = outcomes.map { strdup($0) }
      defer { for copy in copies { free(copy) } }
      copies.append(nil)
      copies.withUnsafeMutableBufferPointer { list in
        rule.value_list = list.baseAddress
        check(worksheet_data_validation_range(sheet, first, column, last, column, &rule))
      }
    case .day:
      rule.validate = UInt8(LXW_VALIDATION_TYPE_DATE.rawValue)
      rule.criteria = UInt8(LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO.rawValue)
      rule.value_datetime = lxw_datetime(year: 2000, month: 1, day: 1, hour: 0, min: 0, sec: 0)
      check(worksheet_data_validation_range(sheet, first, column, last, column, &rule))
    default: return
    }
  }

  // MARK: - Totals and signatures

  private mutating func totals() {
    guard !paper.rows.isEmpty, paper.columns.contains(where: \.isSummed) else { return }
    let rows = paper.rows.prefix(WorkbookReport.rowLimit)
    let sums = paper.sums(rows)
    sumRow(.total, sums)
    if let column = paper.capitals, case .amount(let fen?) = sums[column] {
      height(26)
      let name = PaperWord.inWords.label(language)
      let label = paper.columns[column].label(language)
        .replacing("（元）", with: "").replacing(" (CNY)", with: "")
      merge(
        language == .zh
          ? "\(name)（\(label)）：\(Money.capitals(fen))"
          : "\(name) (\(label)): CNY \(Money.yuan(fen))",
        styles.subtitle)
      next()
    }
    if paper.rows.count > rows.count {
      merge(
        PaperWord.hidden.label(language) + " (\(paper.rows.count - rows.count))", styles.remark)
      next()
    }
  }

  private mutating func sumRow(_ line: WorkbookStyles.Line, _ sums: [PaperCell]) {
    height(24)
    let word: PaperWord = line == .total ? .total : .pageSubtotal
    // In a list the column is narrow: the word runs on into the empty cell beside it.
    string(word.label(language), 0, styles(line, paper.isList ? .ordinal : .text))
    for index in sums.indices.dropFirst() { cell(sums[index], index, line) }
    next()
  }

  private mutating func signatures() {
    height(14)
    next()
    height(36)
    merge(PaperWord.signatures.label(language), styles.remark)
    next()
  }

  // MARK: - Cells

  private mutating func cell(_ cell: PaperCell, _ index: Int, _ line: WorkbookStyles.Line) {
    switch cell {
    case .text(let text): string(WorkbookReport.text(text), index, styles(line, .text))
    case .serial(let text?) where !text.isEmpty:
      string(WorkbookReport.text(text), index, styles(line, .serial))
    case .count(let count):
      let kind: WorkbookStyles.Kind = paper.isList && index == 0 ? .ordinal : .count
      number(Int128(count) * 100, index, styles(line, kind), "\(count)")
    case .amount(let fen?):
      number(fen, index, styles(line, .amount), Money.yuan(fen))
    case .day(let day?): date(day, 0, index, styles(line, .day))
    case .time(let time?): date(time.day, time.secondOfDay, index, styles(line, .time))
    case .entry:
      let kind: WorkbookStyles.Kind = paper.columns[index].entry == .day ? .day : .serial
      blank(index, styles(.entry, kind))
    case .empty, .serial, .amount, .day, .time: blank(index, styles(line, .text))
    }
  }

  private mutating func blank(_ index: Int, _ format: CellFormat?) {
    checkRow(worksheet_write_blank(sheet, row, UInt16(index), format))
  }

  private mutating func string(_ text: String, _ index: Int, _ format: CellFormat?) {
    guard !text.isEmpty else { return blank(index, format) }
    checkRow(worksheet_write_string(sheet, row, UInt16(index), text, format))
  }

  /// A number; as text where a spreadsheet would round it.
  private mutating func number(
    _ hundredths: Int128, _ index: Int, _ format: CellFormat?, _ text: String
  ) {
    guard isExact(hundredths: hundredths) else { return string(text, index, format) }
    let value = libraryNumber(hundredths: Int64(hundredths))
    checkRow(worksheet_write_number(sheet, row, UInt16(index), value, format))
  }

  /// A day of the years the format knows; as text otherwise.
  private mutating func date(
    _ day: BusinessDay, _ second: Int64, _ index: Int, _ format: CellFormat?
  ) {
    let civil = day.civil
    guard (1901...9999).contains(civil.year) else {
      return string(day.start.adding(seconds: second).description, index, format)
    }
    var moment = lxw_datetime(
      year: Int32(civil.year), month: Int32(civil.month), day: Int32(civil.day),
      hour: Int32(second / 3_600), min: Int32(second / 60 % 60),
      sec: libraryNumber(hundredths: second % 60 * 100))
    checkRow(worksheet_write_datetime(sheet, row, UInt16(index), &moment, format))
  }

  /// A text over the whole width.
  private mutating func merge(_ text: String, _ format: CellFormat?) {
    checkRow(worksheet_merge_range(sheet, row, 0, row, lastColumn, text, format))
  }

  private mutating func height(_ pixels: Int) {
    checkRow(worksheet_set_row_pixels(sheet, row, UInt32(pixels), nil))
  }

  private mutating func next() { row += 1 }

  /// Notes what was written to the row at hand.
  private mutating func checkRow(_ code: lxw_error) {
    if row != lastWritten { (rowCount, lastWritten) = (rowCount + 1, row) }
    check(code)
  }

  private mutating func check(_ code: lxw_error) {
    guard code != LXW_NO_ERROR, problem == nil else { return }
    problem = "row \(row + 1): " + String(cString: lxw_strerror(code))
  }
}

public import Payments

/// `report.xlsx`: a day's papers as a workbook, one sheet each, ready to print, sign and work on.
///
/// Serials are text, amounts are numbers shown with two decimals, dates are dates. Every sheet has a
/// frozen heading that is repeated on each page, a filter, page numbers, totals and lines to sign;
/// lists have a subtotal on each page. Text from statements is neutralised as in ``AnomaliesCSV``.
/// Equal reports are equal bytes.
public enum WorkbookReport {
  /// Characters in one cell; the format allows 32,767 UTF-16 units.
  public static let cellLimit = 16_000

  /// The rows a sheet lists at most; the format ends at 1,048,576 with subtotals and headings.
  public static let rowLimit = 900_000

  /// A workbook, and what must be in it.
  public struct Rendered: Sendable {
    /// Its bytes.
    public var bytes: [UInt8]
    /// How many rows were written to each sheet, in order: the library keeps them in temporary files and does
    /// not notice when one cannot be read back.
    public var rows: [Int]
  }

  /// The workbook's bytes.
  public static func render(
    _ report: DayReport, options: ReportOptions = ReportOptions(),
    context: PaperContext = PaperContext()
  ) throws(WorkbookError) -> [UInt8] {
    try rendered(report, options: options, context: context).bytes
  }

  /// The workbook with the rows it must have.
  public static func rendered(
    _ report: DayReport, options: ReportOptions = ReportOptions(),
    context: PaperContext = PaperContext()
  ) throws(WorkbookError) -> Rendered {
    var rows: [Int] = []
    let papers = Papers(report: report, options: options, context: context)
    let file = try WorkbookFile()
    // 1980 began here: the first moment a zip archive can name.
    let epoch = Timestamp(seconds: 315_532_800)
    file.describe(
      title: papers.phrases.period(report.days) + " " + PaperName.summary.label(options.language),
      created: report.days?.upperBound.start ?? epoch)
    let styles = WorkbookStyles(file, font: options.language == .zh ? "宋体" : "Calibri")
    for name in PaperName.sheets {
      let paper = papers.paper(name)
      let sheet = try file.addSheet(name.label(options.language))
      var writer = SheetWriter(
        sheet: sheet, paper: paper, styles: styles, language: options.language,
        heading: SheetWriter.Heading(
          school: context.school, period: papers.phrases.period(report.days),
          verdict: report.verdict.label(options.language)),
        outcomes: context.outcomes.map { $0(options.language) })
      writer.write()
      rows.append(writer.rowCount)
      if let problem = writer.problem {
        throw WorkbookError(problem: "\(name.rawValue): \(problem)")
      }
    }
    return Rendered(bytes: try file.finish(), rows: rows)
  }

  /// A text as a cell may hold it: nothing that acts, nothing XML cannot say.
  static func text(_ value: String) -> String {
    let plain = AnomaliesCSV.text(value)
    guard plain.unicodeScalars.contains(where: isForbidden) else { return plain }
    var result = ""
    for scalar in plain.unicodeScalars {
      if isForbidden(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Not a character of XML 1.0 although it is one of Unicode.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0xFFFE || scalar.value == 0xFFFF
  }
}

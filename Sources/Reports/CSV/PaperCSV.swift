public import Payments

/// A paper as a CSV file, in the manner of ``AnomaliesCSV``: the twin of the workbook's sheet for
/// programs and for those who want no workbook. Totals are left to whoever reads it.
public enum PaperCSV {
  /// The papers that are published as CSV beside `anomalies.csv`, with their files' names.
  public static let files: [(paper: PaperName, name: String)] = [
    (.summary, "summary.csv"), (.flow, "flow.csv"), (.pending, "pending.csv"),
    (.payouts, "payouts.csv"), (.fees, "fees.csv"), (.accounts, "accounts.csv"),
    (.adjustment, "adjustment.csv"), (.statements, "statements.csv"),
    (.conservation, "conservation.csv"),
  ]

  /// The heading and one row for each of the paper's rows.
  public static func render(
    _ name: PaperName, of report: DayReport, options: ReportOptions = ReportOptions()
  ) -> [UInt8] {
    let paper = Papers(report: report, options: options, context: PaperContext()).paper(name)
    var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    AnomaliesCSV.append(paper.columns.map { $0.label(options.language) }, to: &bytes)
    for row in paper.rows { AnomaliesCSV.append(row.map(text), to: &bytes) }
    return bytes
  }

  private static func text(_ cell: PaperCell) -> String {
    switch cell {
    case .empty, .entry: ""
    case .text(let text): AnomaliesCSV.text(text)
    case .serial(let serial): AnomaliesCSV.serial(serial)
    case .count(let count): "\(count)"
    case .amount(let fen): fen.map { Money.yuan($0).filter { $0 != "," } } ?? ""
    case .day(let day): day?.description ?? ""
    case .time(let time): time?.description ?? ""
    }
  }
}

import Foundation
import Payments
import Reports
import Statements
import Testing

/// A sheet of a workbook made of a report, read back.
private func sheet(
  _ name: PaperName, _ report: DayReport, _ options: ReportOptions = ReportOptions(),
  _ context: PaperContext = PaperContext(school: "示例大学")
) throws -> [[String]] {
  let workbook = try WorkbookReport.rendered(report, options: options, context: context)
  #expect(WorkedSheet.isWhole(workbook.bytes, rows: workbook.rows))
  // A sheet that lacks a row, has one too many, or is not there is noticed.
  for place in workbook.rows.indices {
    var rows = workbook.rows
    rows[place] += 1
    #expect(!WorkedSheet.isWhole(workbook.bytes, rows: rows))
  }
  #expect(!WorkedSheet.isWhole(workbook.bytes, rows: workbook.rows + [1]))
  return try WorkedSheet(workbook.bytes, path: "report.xlsx", named: [name.label(options.language)])
    .rows.map(\.cells)
}

@Suite("Workbook")
struct WorkbookTests {
  @Test(
    "Every sheet and every column has its name in either language", arguments: Language.allCases)
  func headings(language: Language) throws {
    func hasHan(_ text: String) -> Bool {
      text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
    var titles = Set<String>()
    for name in PaperName.sheets {
      let rows = try sheet(
        name, Sample.report(), ReportOptions(language: language), PaperContext())
      #expect(titles.insert(rows[0][0]).inserted)
      #expect(rows[0][0] == name.label(language) && name.label(language).count <= 31)
      #expect(hasHan(rows[0][0]) == (language == .zh))
      let headings = rows[2]
      #expect(headings.count > 1 && Set(headings).count == headings.count, "\(headings)")
      for heading in headings {
        #expect(!heading.isEmpty, "\(name)")
        if language == .en { #expect(!hasHan(heading), "\(name): \(heading)") }
        if language == .zh { #expect(hasHan(heading) || heading.hasPrefix("SHA"), "\(heading)") }
      }
      let signature = try #require(rows.last?.first)
      #expect(signature.contains(language == .zh ? "财务负责人" : "Head of finance"))
    }
  }

  @Test("Serials are whole, amounts are yuan, dates are dates, totals are in words")
  func cells() throws {
    let rows = try sheet(.anomalies, Sample.report())
    let heads = rows[2]
    func cell(_ row: Int, _ column: Wording) -> String {
      heads.firstIndex(of: column.zh).map { rows[row][$0] } ?? "no such column"
    }
    #expect(cell(3, ReportColumn.id.label) == "d-7f3a90")
    #expect(cell(3, ReportColumn.channelSerial.label) == "4200002345202611020000000001")
    #expect(cell(3, ReportColumn.amount.label) == "50")
    #expect(cell(3, ReportColumn.time.label) == "2026-11-02 10:00:05")
    #expect(cell(3, ReportColumn.account.label) == "2023****88")
    #expect(cell(4, ReportColumn.amount.label) == "2")
    #expect(rows[5][0] == "页小计" && rows[6][0] == "合计")
    #expect(cell(5, ReportColumn.amount.label) == "52")
    #expect(cell(6, ReportColumn.amount.label) == "52")
    #expect(rows[7][0] == "大写金额（金额）：人民币伍拾贰元整")
    let open = try sheet(.anomalies, Sample.report(), ReportOptions(unmask: true))
    #expect(open[3].contains("2023010188"))
  }

  @Test("Every page has its subtotal, and the subtotals add up to the total")
  func pages() throws {
    var report = Sample.report()
    report.anomalies = (0..<500).map { index in
      var anomaly = Sample.debited()
      anomaly.id = "d-\(index)"
      anomaly.amountFen = Int64(index * 37 + 1)
      return anomaly
    }
    let rows = try sheet(.anomalies, report)
    let amounts = try #require(rows[2].firstIndex(of: ReportColumn.amount.label.zh))
    func fen(_ text: String) -> Int {
      let parts = text.split(separator: ".")
      let cents = parts.count > 1 ? (parts[1] + "0").prefix(2) : "00"
      return (Int(parts[0]) ?? -1) * 100 + (Int(cents) ?? -1)
    }
    var (page, whole, pages) = (0, 0, 0)
    for row in rows[3...] {
      if Int(row[0]) != nil { page += fen(row[amounts]) }
      if row[0] == "页小计" {
        #expect(fen(row[amounts]) == page)
        (page, whole, pages) = (0, whole + page, pages + 1)
      }
      if row[0] == "合计" { #expect(fen(row[amounts]) == whole) }
    }
    #expect(whole == (0..<500).reduce(0) { $0 + $1 * 37 + 1 })
    #expect(pages > 10)
  }

  @Test("Equal reports are equal bytes; a report of nothing is a workbook too")
  func bytes() throws {
    let first = try WorkbookReport.render(Sample.report())
    #expect(try WorkbookReport.render(Sample.report()) == first)
    let empty = DayReport(days: nil, verdict: .incomplete)
    for name in PaperName.sheets { #expect(try sheet(name, empty).count >= 4) }
    #expect(try sheet(.adjustment, empty)[3][0] == PaperWord.noMovement.label.zh)
  }

  @Test("The adjustment leads from one book to the other, and what nothing explains stands alone")
  func adjustment() throws {
    var report = Sample.report()
    var adjustment = Adjustment(channel: .icbc)
    (adjustment.channelFen, adjustment.ledgerFen) = (10_000, 5_000)
    adjustment.items = [
      Adjustment.Item(
        reason: .anomaly(.debitedNotCredited), tally: Tally(rows: 1, fen: 6_000), oldest: Sample.day
      ),
      Adjustment.Item(
        reason: .otherPeriod, tally: Tally(rows: 2, fen: -1_500), oldest: Sample.day.adding(-1)),
      Adjustment.Item(reason: .unexplained, tally: Tally(rows: 1, fen: 500), oldest: Sample.day),
    ]
    report.adjustments = [adjustment]
    #expect(adjustment.restFen == 0)
    let rows = try sheet(.adjustment, report)
    func row(_ name: String) throws -> [String] { try #require(rows.first { $0.contains(name) }) }
    #expect(try row(AnomalyKind.debitedNotCredited.label.zh).contains("-60"))
    #expect(try row(PaperWord.itemAdjusted.label.zh).suffix(2) == ["40", "35"])
    #expect(try row(PaperWord.itemResidual.label.zh).contains("5"))
  }

  @Test("Amounts a spreadsheet would round stand as text, all others come back to the fen")
  func largeAmounts() throws {
    var report = Sample.report()
    let amounts: [Int64] = [1, 7, 10, 99, 2_816, 999_999_999_999_999, 1_000_000_000_000_000, .max]
    report.anomalies = amounts.enumerated().map { index, fen in
      var anomaly = Sample.debited()
      (anomaly.id, anomaly.amountFen) = ("d-\(index)", fen)
      return anomaly
    }
    let rows = try sheet(.anomalies, report)
    let column = try #require(rows[2].firstIndex(of: ReportColumn.amount.label.zh))
    #expect(
      rows[3..<11].map { $0[column] } == [
        "0.01", "0.07", "0.1", "0.99", "28.16", "9999999999999.99", "10,000,000,000,000.00",
        "92,233,720,368,547,758.07",
      ])
  }

  @Test("5,000 anomalies are one workbook with all of them")
  func many() throws {
    var report = Sample.report()
    report.anomalies = (0..<5_000).map { index in
      var anomaly = Sample.debited()
      anomaly.id = "d-\(index)"
      return anomaly
    }
    let ids = try sheet(.anomalies, report).filter { $0.count > 1 && $0[1].hasPrefix("d-") }
    #expect(ids.map { $0[1] } == (0..<5_000).map { "d-\($0)" })
  }
}

import Payments
import Reports
import Testing

/// Reads RFC 4180 strictly: CRLF, quotes only around whole fields.
func parsedCSV(_ bytes: [UInt8]) throws -> [[String]] {
  struct Malformed: Error {}
  var rows: [[String]] = []
  var row: [String] = []
  var field: [UInt8] = []
  var index = 3
  guard bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw Malformed() }
  while index < bytes.count {
    if field.isEmpty, bytes[index] == 0x22 {
      index += 1
      while true {
        guard index < bytes.count else { throw Malformed() }
        if bytes[index] != 0x22 {
          field.append(bytes[index])
        } else if index + 1 < bytes.count, bytes[index + 1] == 0x22 {
          field.append(0x22)
          index += 1
        } else {
          break
        }
        index += 1
      }
      index += 1
    }
    while index < bytes.count, bytes[index] != 0x2C, bytes[index] != 0x0D {
      guard bytes[index] != 0x22, bytes[index] != 0x0A else { throw Malformed() }
      field.append(bytes[index])
      index += 1
    }
    row.append(String(decoding: field, as: UTF8.self))
    field = []
    guard index < bytes.count else { throw Malformed() }
    if bytes[index] == 0x0D {
      guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else { throw Malformed() }
      rows.append(row)
      row = []
      index += 1
    }
    index += 1
  }
  return rows
}

@Suite("Anomalies CSV")
struct AnomaliesCSVTests {
  private func rows(
    _ report: DayReport, _ options: ReportOptions = ReportOptions()
  ) throws -> [[String]] {
    try parsedCSV(AnomaliesCSV.render(report, options: options))
  }

  private func cell(_ column: ReportColumn, _ row: [String]) -> String {
    AnomaliesCSV.columns.firstIndex(of: column).map { row[$0] } ?? "no such column"
  }

  @Test("The heading is in the language asked for; every row has every column")
  func heading() throws {
    let zh = try rows(Sample.report())
    #expect(zh.count == 3)
    #expect(zh.allSatisfy { $0.count == AnomaliesCSV.columns.count })
    #expect(zh[0].prefix(5) == ["差错编号", "严重程度", "差错类型", "类型代码", "金额（元）"])
    let en = try rows(Sample.report(), ReportOptions(language: .en))
    #expect(en[0].prefix(5) == ["Id", "Severity", "Kind", "Kind code", "Amount (CNY)"])
    let empty = DayReport(days: Sample.day...Sample.day, verdict: .balanced)
    #expect(try rows(empty).count == 1)
  }

  @Test("Serials and accounts stay text, amounts stay numbers")
  func cells() throws {
    let row = try rows(Sample.report())[1]
    #expect(cell(.id, row) == "d-7f3a90")
    #expect(cell(.channelSerial, row) == "`4200002345202611020000000001")
    #expect(cell(.merchantOrder, row) == "`CC20261102100000")
    #expect(cell(.ledgerSerial, row) == "")
    #expect(cell(.account, row) == "`2023****88")
    #expect(cell(.amount, row) == "50.00")
    #expect(cell(.kindName, row) == "debited-not-credited")
    #expect(cell(.time, row) == "2026-11-02 10:00:05")
    #expect(cell(.evidence, row) == "微信账单.csv:12")
    #expect(
      cell(.evidenceText, row) == "10:00:05,`4200002345202611020000000001,张*,2023****88,50.00")
    var report = Sample.report()
    report.anomalies[0].amountFen = 123_456_789
    report.anomalies[0].id = "12e34"
    let changed = try rows(report, ReportOptions(unmask: true))[1]
    #expect(cell(.amount, changed) == "1234567.89")
    #expect(cell(.id, changed) == "`12e34")
    #expect(cell(.account, changed) == "`2023010188")
  }

  @Test(
    "Nothing a stranger wrote becomes a formula",
    arguments: [
      "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u{3000}＝1", "＋1",
      "=\u{301}1", "\u{A0}-2",
    ])
  func formulas(text: String) throws {
    var report = Sample.report()
    report.anomalies[0].id = text
    report.anomalies[0].account = text
    report.anomalies[0].channelSerial = text
    report.anomalies[0].evidence[0].file = text
    report.anomalies[0].evidence[0].text = text
    report.anomalies[0].evidence[0].personal = []
    for cell in try rows(report, ReportOptions(unmask: true))[1] {
      let first = cell.unicodeScalars.first { !$0.properties.isWhitespace }
      #expect(first.map { !"=+-@＝＋－＠\t\r".unicodeScalars.contains($0) } ?? true, "\(cell)")
    }
  }

  @Test("Cells stay below the limit of spreadsheet programs")
  func longCells() throws {
    var report = Sample.report()
    let line = EvidenceLine(
      side: .channel, file: String(repeating: "名", count: 300), line: 1,
      text: String(repeating: "𠮷\u{202E}", count: 5_000), personal: [])
    report.anomalies[0].evidence = Array(repeating: line, count: 500)
    for cell in try rows(report)[1] { #expect(cell.utf16.count <= 32_767) }
  }
}

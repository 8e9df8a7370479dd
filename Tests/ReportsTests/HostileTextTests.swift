import Foundation
import Payments
import Reports
import Statements
import TestSupport
import Testing

/// Everything a stranger can write into a remark, a file name or a number.
private let hostileTexts = [
  "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "gpj.\u{202E}fdp.exe", "😀👩‍👩‍👧", "𠮷野家",
  "a\nb\r\nc", "\u{1B}]0;owned\u{7}\u{1B}[2J", "\u{9B}31m", "\",\"", "{{x}}", "\0", "\u{2028}",
  "\u{FFFE}\u{FFFF}",
  "_x0041_", "&P&N", "]]>&amp;",
  "e\u{301}\u{301}\u{301}", "%s%n", "'; DROP TABLE runs; --", "", " ", "\u{FEFF}",
  String(repeating: "很长的备注", count: 700), String(repeating: "A", count: 10_240),
]

private func hostileReport(_ text: String) -> DayReport {
  var report = Sample.report()
  report.statements[0].statement.file = text
  report.statements[0].statement.format = text
  report.statements[0].statement.totals = [
    ControlTotal(name: text, stated: 1, computed: 1, isCount: true),
    ControlTotal(name: text, stated: 2, computed: 2, isCount: true),
  ]
  report.statements[1].statement.faults[0].column = text
  report.statements[1].statement.faults[0].detail = Wording(zh: text, en: text)
  report.conservation[0].source = text
  report.sources[0].source = text
  report.anomalies[0].id = text
  report.anomalies[0].channelSerial = text
  report.anomalies[0].merchantOrder = text
  report.anomalies[0].ledgerSerial = text
  report.anomalies[0].refundSerial = text
  report.anomalies[0].account = text
  report.anomalies[0].evidence[0].file = text
  report.anomalies[0].evidence[0].text = text
  report.pending[0].merchantOrder = text
  report.excluded[0].source = text
  report.rejections[0].file = text
  report.rejections[0].field = text
  report.rejections[0].reason = Wording(zh: text, en: text)
  report.rejections[0].text = text
  return report
}

private let hostileOptions = [
  ReportOptions(), ReportOptions(language: .en),
  ReportOptions(
    unmask: true,
    actions: ActionSettings(
      refundDeskTime: Wording(zh: "\u{1B}[2J", en: "\u{1B}[2J"), servicePhone: "\u{202E}1")),
]

@Suite("Hostile text")
struct HostileTextTests {
  /// Whether bytes hold a character that acts instead of being shown, line feeds aside.
  private func acts(_ text: String) -> Bool {
    text.unicodeScalars.contains { PlainText.isUnsafe($0) && $0 != "\n" }
  }

  @Test("JSON quotes it and gives it back unchanged", arguments: hostileTexts)
  func json(text: String) throws {
    for options in hostileOptions {
      let bytes = JSONReport.render(hostileReport(text), options: options)
      #expect(!acts(String(decoding: bytes, as: UTF8.self)))
    }
    let bytes = JSONReport.render(hostileReport(text), options: ReportOptions(unmask: true))
    let parsed = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    let anomaly = try #require((parsed?["anomalies"] as? [[String: Any]])?.first)
    for field in ["id", "channelSerial", "merchantOrder", "refundSerial", "account"] {
      let value = try #require(anomaly[field] as? String)
      #expect(Array(value.unicodeScalars) == Array(text.unicodeScalars))
    }
    let statement = try #require((parsed?["statements"] as? [[String: Any]])?.first)
    #expect((statement["totalsComputed"] as? [String: Any])?.count == 2)
    #expect(try SchemaCheck(JSONReport.schema).faults(in: try #require(parsed)) == [])
  }

  @Test("CSV keeps its shape and sends nothing that acts", arguments: hostileTexts)
  func csv(text: String) throws {
    for options in hostileOptions {
      let bytes = AnomaliesCSV.render(hostileReport(text), options: options)
      let rows = try parsedCSV(bytes)
      #expect(rows.count == 3)
      for cell in rows.joined() {
        #expect(!acts(cell) && !cell.contains("\n"))
        #expect(!["=", "+", "@", "\t"].contains(cell.prefix(1)))
      }
    }
  }

  @Test("The workbook holds it as text in its own cell", arguments: hostileTexts)
  func workbook(text: String) throws {
    for options in hostileOptions {
      let bytes = try WorkbookReport.render(
        hostileReport(text), options: options,
        context: PaperContext(school: text, outcomes: [Wording(zh: "已退款", en: "refunded")]))
      #expect(WorkedSheet.isWhole(bytes))
      for name in PaperName.sheets {
        let sheet = try WorkedSheet(
          bytes, path: "report.xlsx", named: [name.label(options.language)])
        for cell in sheet.rows.flatMap(\.cells) {
          #expect(!acts(cell) && !cell.contains("\n"))
          #expect(cell.utf16.count <= 32_767)
          #expect(!["=", "@"].contains(cell.prefix(1)), "\(name)")
        }
      }
    }
  }

  @Test("Every paper's CSV keeps its shape and sends nothing that acts", arguments: hostileTexts)
  func papers(text: String) throws {
    for options in hostileOptions {
      for file in PaperCSV.files {
        let rows = try parsedCSV(
          PaperCSV.render(file.paper, of: hostileReport(text), options: options))
        #expect(Set(rows.map(\.count)).count == 1, "\(file.name)")
        for cell in rows.joined() {
          #expect(!acts(cell) && !cell.contains("\n"))
          #expect(!["=", "+", "@", "\t"].contains(cell.prefix(1)))
        }
      }
    }
  }

  @Test("The mail keeps it on its own line", arguments: hostileTexts)
  func mail(text: String) {
    for options in hostileOptions {
      let mail = MailReport.render(hostileReport(text), folder: text, options: options)
      #expect(!acts(mail))
    }
  }

  @Test(
    "The terminal shows it on its own line and sends nothing that acts", arguments: hostileTexts)
  func terminal(text: String) {
    for options in hostileOptions {
      let plain = TerminalReport.render(hostileReport(text), options: options)
      #expect(!acts(plain))
      #expect(plain.utf8.count < 1_000_000)
      let coloured = TerminalReport.render(
        hostileReport(text), options: options, layout: TerminalLayout(color: true))
      #expect(coloured.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain)
      #expect(!acts(TerminalReport.summaryLine(hostileReport(text), language: options.language)))
    }
  }

  @Test("Random text never breaks a report")
  func randomText() throws {
    var random = SplitMix(seed: 7)
    for _ in 0..<60 {
      var text = ""
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
        if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) {
          text.unicodeScalars.append(scalar)
        }
      }
      let report = hostileReport(text)
      #expect(!acts(TerminalReport.render(report)))
      #expect(try parsedCSV(AnomaliesCSV.render(report)).count == 3)
      let bytes = JSONReport.render(report)
      #expect(try JSONSerialization.jsonObject(with: Data(bytes)) is [String: Any])
    }
  }
}

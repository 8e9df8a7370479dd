import CampusSimulator
import Foundation
import Payments
import Testing

/// What cron mails: everything that matters in a few lines, or nothing.
@Suite("The mail")
struct MailTests {
  private static let run = ["run", "--config", "samples/cardrecon.yaml", "--date", Sample.day]

  @Test("`--mail` prints the verdict, the three largest cases and where the reports are")
  func mail() async throws {
    let copy = try Sample.copy()
    for language in ["zh", "en"] {
      let mail = try await cardrecon(Self.run + ["--mail", "--lang", language], in: copy)
      let json = try await cardrecon(Self.run + ["--json"], in: copy)
      #expect(mail.code == 1 && mail.err == "")
      let lines = mail.out.components(separatedBy: "\n")
      #expect(lines[0].contains(language == "zh" ? "账不平：资金差错 32 笔" : "32 losses"))
      let open = try ReportFile(json.outBytes).anomalies.filter { $0.severity == "loss" }
      let largest = open.map(\.amountFen).sorted(by: >)[2]
      let cases = lines.filter { $0.contains("  ¥") }
      #expect(cases.count == 3, "\(mail.out)")
      for line in cases {
        let words = line.split(separator: " ").map(String.init)
        let found = open.first { words.last == $0.id }
        let serial = found?.channelSerial ?? found?.ledgerSerial ?? ""
        #expect(!serial.isEmpty && words.contains(serial), "\(line)")
        #expect((found?.amountFen ?? 0) >= largest)
      }
      #expect(mail.out.contains("samples/reports/\(Sample.day)\n"))
      #expect(mail.out.contains("report.xlsx"))
      // The head stands in the mail, which is kept elsewhere, and not in the file that it covers itself.
      let head = lines.compactMap { $0.firstMatch(of: /[0-9a-f]{64}$/) }.map { String($0.output) }
      #expect(head.count == 1)
      let file = try copy.text("samples/reports/\(Sample.day)/report-mail.txt")
      #expect(file.firstMatch(of: /[0-9a-f]{64}/) == nil)
      let verify = ["verify", "--quick", "--config", "samples/cardrecon.yaml", "--head"]
      #expect(try await cardrecon(verify + head, in: copy).code == 0)
      #expect(try await cardrecon(verify + [String(head[0].reversed())], in: copy).code == 1)
    }
  }

  @Test("`--quiet` says nothing of a day that balances and everything of one that does not")
  func quiet() async throws {
    let loud = try await cardrecon(Self.run + ["--quiet"], in: try Sample.copy())
    #expect(loud.code == 1 && loud.out.contains("¥300.00"))
    var school = SchoolConfiguration()
    (school.seed, school.students, school.paymentsPerDay) = (5, 300, 80)
    school.plants = SchoolConfiguration.planting(.nothing)
    let day = BusinessDay(number: 20_759)
    let scratch = try Scratch()
    for file in School(school).days(from: day, count: 1).days.flatMap(\.files) {
      try scratch.write(file.bytes, to: "incoming/" + file.name)
    }
    try scratch.write(
      """
      incoming: incoming
      sources:
        wechat: { files: "wechat_*_{yyyy-MM-dd}.csv" }
        alipay: { files: "2088*_{yyyyMMdd}*" }
        ccb: { files: "ccb_{yyyy-MM-dd}.csv" }
        boc: { files: "boc_*_{yyyy-MM-dd}.xml" }
      ledger: { files: "card-ledger_{yyyy-MM-dd}.csv" }

      """, to: "cardrecon.yaml")
    let quiet = try await cardrecon("run", "--date", day.description, "--quiet", in: scratch)
    #expect(quiet.code == 0 && quiet.out == "" && quiet.err == "", "\(quiet.out)\(quiet.err)")
    let mail = try await cardrecon("run", "--date", day.description, "--mail", in: scratch)
    #expect(mail.code == 0 && mail.out.contains("账平"))
    #expect(try scratch.names("reports/\(day)").contains("report.xlsx"))
  }
}

import Foundation
import Payments
import Testing

@testable import Reports

@Suite("Pages") struct PageTests {
  private static let day = BusinessDay(number: 20_759)

  /// A day with one anomaly whose texts are as given.
  private func report(serial: String = "4200", text: String = "a,b") -> DayReport {
    var report = DayReport(days: Self.day...Self.day, verdict: .unbalanced)
    var anomaly = ReportedAnomaly(
      id: "dnc-1", kind: .debitedNotCredited, severity: .loss, amountFen: 5_000, owedTo: .student,
      basis: .single, firstSeen: Self.day.adding(-3))
    anomaly.channel = .wechat
    anomaly.channelSerial = serial
    anomaly.account = "2023010188"
    anomaly.time = Self.day.start
    anomaly.evidence = [
      EvidenceLine(side: .channel, file: "w<b>.csv", line: 7, text: text, personal: [])
    ]
    report.anomalies = [anomaly]
    var statement = Statement(
      file: "w.csv", sha256: "ab", format: "wechat-trade", side: .channel, channel: .wechat)
    statement.totals = [ControlTotal(name: "总<i>", stated: 1, computed: 2, isCount: true)]
    report.statements = [ReportedStatement(statement: statement, buckets: [:])]
    return report
  }

  private func page(_ report: DayReport, _ language: Language = .zh) -> String {
    let bytes = DayPage.render(
      report, options: ReportOptions(language: language), school: "示例<大学>")
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("every word exists in both languages, and neither stands for the other")
  func words() {
    let words =
      PageWord.allCases.map { ($0.rawValue, $0.wording) }
      + MonthWord.allCases.map { ($0.rawValue, $0.wording) }
    for (name, wording) in words {
      #expect(!wording.zh.isEmpty && !wording.en.isEmpty, "\(name)")
      #expect(wording.en.unicodeScalars.allSatisfy { $0.value < 0x3000 }, "\(name): \(wording.en)")
      #expect(wording.zh.unicodeScalars.contains { $0.value >= 0x3000 }, "\(name): \(wording.zh)")
    }
  }

  @Test(
    "a page has no tag left to fill, and an English one no Chinese", arguments: [Language.zh, .en])
  func filled(_ language: Language) throws {
    let text = page(report(), language)
    #expect(!text.contains("{{"))
    #expect(text.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(language == .zh ? "zh-CN" : "en")\">"))
    guard language == .en else { return }
    let body = try #require(text.components(separatedBy: "</style>").last)
      .replacing("示例", with: "").replacing("大学", with: "").replacing("总", with: "")
    #expect(!body.unicodeScalars.contains { (0x4E00..<0xA000).contains($0.value) })
  }

  @Test("nothing is loaded from anywhere")
  func alone() {
    let text = page(report())
    #expect(text.contains("default-src 'none'"))
    for mark in ["http://", "https://", "<link", "<img", "url("] { #expect(!text.contains(mark)) }
  }

  @Test(
    "hostile texts are text",
    arguments: [
      "<script>alert(1)</script>", "\"><svg onload=alert(1)>", "=cmd|' /C calc'!A0", "&lt;b&gt;",
      "{{#groups}}", "'; drop table", "</pre></details><h1>",
    ])
  func hostile(_ text: String) {
    let shown = page(report(serial: text, text: text))
    let plain = page(report())
    for tag in ["<script", "<svg ", "<h1", "</pre>", "<b>", "<i>"] {
      #expect(
        shown.components(separatedBy: tag).count == plain.components(separatedBy: tag).count,
        "\(tag) of \(text)")
    }
    #expect(!shown.contains("<大学>"))
  }

  @Test("characters that turn or hide text do not reach the page")
  func direction() {
    let shown = page(report(serial: "42\u{202E}00\u{0007}", text: "a\u{2066}b\u{0}😀𠀀"))
    #expect(!shown.unicodeScalars.contains { [0x202E, 0x2066, 0x07, 0].contains($0.value) })
    #expect(shown.contains("😀𠀀"))
  }

  @Test("accounts are masked, serials are whole, age is counted")
  func masked() {
    let shown = page(report())
    #expect(!shown.contains("2023010188") && shown.contains("2023****88"))
    #expect(shown.contains(">4200<") && shown.contains("3 天"))
  }

  @Test("a day without anything is still a page")
  func empty() {
    let report = DayReport(days: Self.day...Self.day, verdict: .balanced)
    let text = page(report)
    #expect(text.contains("没有差错") && text.contains("没有在途项"))
    #expect(!text.contains("<figure>"))
  }

  @Test("the index is a calendar of what was published, and no other")
  func index() {
    let days = [-1, 0].map {
      IndexDay(
        day: Self.day.adding($0), verdict: $0 == 0 ? .unbalanced : .balanced, losses: 2, lossFen: 5)
    }
    let text = String(
      decoding: IndexPage.render(days, open: [], months: ["2026-11"]), as: UTF8.self)
    #expect(text.components(separatedBy: "/report.html").count == 1 + 1 + 2 + 2)
    #expect(text.contains("href=\"2026-11/month.html\""))
    #expect(
      !String(decoding: IndexPage.render(days, open: []), as: UTF8.self).contains("month.html"))
  }

  @Test("percentiles are by nearest rank")
  func percentiles() throws {
    let line = try #require(ServiceLine(source: "wechat", delays: (1...100).map { Int64($0) * 20 }))
    #expect((line.median, line.p95, line.worst) == (1_000, 1_900, 2_000))
    #expect((line.overTwoMinutes, line.overThirtyMinutes) == (94, 10))
    #expect(ServiceLine(source: "wechat", delays: []) == nil)
    let one = try #require(ServiceLine(source: "wechat", delays: [7]))
    #expect((one.median, one.p95, one.worst) == (7, 7, 7))
  }
}

import Foundation
import History
import Payments
import Testing

@testable import Runs

/// Nights for which WeChat has no bill, as nobody paid.
@Suite("Days without a bill")
struct ZeroDayTests {
  private static let noBill = #"{"code":"NO_BILL_EXIST","message":"账单文件不存在"}"#
  private static let two = """
    sources: {wechat: {files: "wechat_*_{yyyy-MM-dd}.csv", merchants: ["1609354271", "1605550000"]}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  private func losses(_ report: DayReport) -> [AnomalyKind] {
    report.anomalies.filter { $0.severity == .loss }.map(\.kind)
  }

  private func faults(_ report: DayReport) -> [StatementFault] {
    report.statements.flatMap(\.statement.faults)
  }

  @Test(
    "Each merchant's answer is a day without rows: balanced, and what the ledger has more is told")
  func twoMerchants() async throws {
    let school = try TinySchool(Self.two)
    defer { school.remove() }
    for number in 16...18 {
      let day = TinyDay(day: "2026-11-\(number)")
      for merchant in ["1609354271", "1605550000"] {
        try school.deliver(Self.noBill, as: "wechat_\(merchant)_\(day.day).csv")
      }
      try school.deliver(
        day.ledger(0..<(number == 18 ? 2 : 0)) + day.spending(at: "12:00:00"),
        as: "ledger_\(day.day).csv")
      let report = try await school.run(day.day)
      #expect(faults(report) == [] && report.pending.isEmpty)
      #expect(losses(report) == Array(repeating: .creditedNotDebited, count: number == 18 ? 2 : 0))
      #expect(report.statements.filter { $0.statement.format == "wechat-no-bill" }.count == 2)
    }
    let day = try #require(BusinessDay("2026-11-18"))
    #expect(try await DayVerification(try school.nights()).derived(day) == [])
    // Again, with the answers of the days before as context.
    let again = try await school.run("2026-11-18")
    #expect(faults(again) == [] && losses(again).count == 2)
  }

  @Test("An answer that does not say whose it is, or is a stranger's, covers nobody")
  func whose() async throws {
    let school = try TinySchool(Self.two)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.ledger(0..<2), as: "ledger_2026-11-16.csv")
    for name in ["wechat_a_2026-11-16.csv", "wechat_1700000001_2026-11-16.csv"] {
      try school.deliver(Self.noBill, as: name)
      let report = try await school.run("2026-11-16")
      #expect(losses(report) == [] && report.pending.count == 2 && report.verdict == .incomplete)
      #expect(faults(report).map(\.kind).filter { $0 == .unreadable }.count == 1)
      try school.takeAway(name)
    }
  }

  @Test("A real bill of the day speaks; the answer beside it leaves the night complete")
  func contradicted() async throws {
    let school = try TinySchool(Self.two.replacing(", \"1605550000\"", with: ""))
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(Self.noBill, as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.wechat("1609354271", 0..<2), as: "wechat_b_2026-11-16.csv")
    try school.deliver(day.ledger(0..<2), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(faults(report).map(\.kind) == [.statementReissued] && report.verdict == .balanced)
  }

  @Test("Its day is that of its name; one whose pattern tells none, or of another channel, is held")
  func named() async throws {
    let school = try TinySchool(
      """
      sources:
        wechat: {files: "wechat.csv", merchants: ["1609354271"]}
        alipay: {files: "alipay_{yyyyMMdd}.csv"}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(Self.noBill, as: "wechat.csv")
    try school.deliver(Self.noBill, as: "alipay_20261116.csv")
    try school.deliver(day.ledger(0..<2), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(losses(report) == [] && report.pending.count == 2 && report.verdict == .incomplete)
    let kinds = faults(report).map(\.kind)
    #expect(kinds.contains(.unreadable) && kinds.contains(.wrongAccountStatement))
    #expect(faults(report).contains { $0.detail.en.contains("{yyyy-MM-dd}") })
    try school.deliver(Self.noBill, as: "ledger_2026-11-16.csv")
    let ledger = try await school.run("2026-11-16")
    #expect(ledger.verdict == .incomplete && losses(ledger) == [])
    #expect(faults(ledger).contains { $0.detail.en.contains("the ledger or a list") })
  }

  @Test("Of two bills a day the answer for one does not speak for the other")
  func twoBills() async throws {
    let school = try TinySchool(
      """
      sources:
        wechat: {files: ["a_{yyyy-MM-dd}.csv", "b_{yyyy-MM-dd}.csv"], merchants: ["1609354271"]}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.ledger(0..<2), as: "ledger_2026-11-16.csv")
    try school.deliver(Self.noBill, as: "b_2026-11-16.csv")
    let first = try await school.run("2026-11-16")
    #expect(losses(first) == [] && first.pending.count == 2)
    #expect(faults(first).contains { $0.detail.zh.contains("2 个账单文件") })
    try school.deliver(Self.noBill, as: "a_2026-11-16.csv")
    let second = try await school.run("2026-11-16")
    #expect(losses(second).count == 2 && faults(second) == [])
  }
}

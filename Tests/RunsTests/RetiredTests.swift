import Foundation
import History
import Payments
import Statements
import Testing

@testable import Runs

/// Books that are not used any more.
@Suite("Retired books")
struct RetiredTests {
  private static let merchants = """
    sources:
      wechat:
        files: "wechat_*_{yyyy-MM-dd}.csv"
        merchants: ["1609354271", {number: "1605550000", retired: 2026-11-17}]
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """
  private static let channel = """
    sources: {wechat: {files: "wechat_*_{yyyy-MM-dd}.csv", retired: 2026-11-17}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  private func missing(_ report: DayReport) -> [StatementFault] {
    report.statements.flatMap(\.statement.faults).filter { $0.kind == .statementMissing }
  }

  private func losses(_ report: DayReport) -> [AnomalyKind] {
    report.anomalies.filter { $0.severity == .loss }.map(\.kind)
  }

  @Test("A retired merchant is expected until its day, and nothing waits for it from then on")
  func merchant() async throws {
    let school = try TinySchool(Self.merchants)
    defer { school.remove() }
    let before = TinyDay(day: "2026-11-16")
    try school.deliver(before.wechat("1609354271", 0..<6), as: "wechat_a_2026-11-16.csv")
    try school.deliver(before.ledger(0..<8), as: "ledger_2026-11-16.csv")
    let first = try await school.run("2026-11-16")
    #expect(missing(first).count == 1 && first.pending.count == 2 && losses(first) == [])
    try school.deliver(before.wechat("1605550000", 6..<8), as: "wechat_b_2026-11-16.csv")
    #expect(try await school.run("2026-11-16").verdict == .balanced)
    let after = TinyDay(day: "2026-11-17")
    try school.deliver(after.wechat("1609354271", 0..<6), as: "wechat_a_2026-11-17.csv")
    try school.deliver(after.ledger(0..<7), as: "ledger_2026-11-17.csv")
    let second = try await school.run("2026-11-17")
    #expect(missing(second) == [] && second.pending.isEmpty)
    #expect(losses(second) == [.creditedNotDebited] && second.verdict == .unbalanced)
    // It delivers all the same: read and judged as ever.
    try school.deliver(after.wechat("1605550000", 6..<8), as: "wechat_b_2026-11-17.csv")
    let third = try await school.run("2026-11-17")
    #expect(losses(third) == [.debitedNotCredited] && missing(third) == [])
  }

  @Test("Credits of a retired channel wait, and that they name it is said from its second day on")
  func wholeChannel() async throws {
    let school = try TinySchool(Self.channel)
    defer { school.remove() }
    let used = TinyDay(day: "2026-11-16")
    try school.deliver(used.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-16.csv")
    try school.deliver(used.ledger(0..<4), as: "ledger_2026-11-16.csv")
    #expect(try await school.run("2026-11-16").verdict == .balanced)
    let quiet = TinyDay(day: "2026-11-17")
    try school.deliver(
      quiet.ledger(0..<0) + quiet.spending(at: "12:00:00"), as: "ledger_2026-11-17.csv")
    let first = try await school.run("2026-11-17")
    #expect(first.verdict == .balanced && missing(first) == [])
    let named = TinyDay(day: "2026-11-18")
    try school.deliver(named.ledger(0..<2), as: "ledger_2026-11-18.csv")
    let second = try await school.run("2026-11-18")
    #expect(second.verdict == .incomplete && losses(second) == [] && second.pending.count == 2)
    let fault = try #require(missing(second).first)
    #expect(missing(second).count == 1 && fault.detail.zh.contains("2 笔入账"))
    #expect(fault.detail.en.contains("wechat is retired since 2026-11-17"))
    try school.deliver(named.wechat("1609354271", 0..<3), as: "wechat_a_2026-11-18.csv")
    let third = try await school.run("2026-11-18")
    #expect(losses(third) == [.debitedNotCredited] && missing(third) == [])
  }

  @Test("What a week taught ends with its day too")
  func learned() throws {
    let school = try TinySchool(Self.channel)
    defer { school.remove() }
    let configuration = try school.nights().configuration
    let book = Book(side: .channel, channel: .wechat, owner: "1609354271")
    let expected = configuration.expectedBooks(learned: [book])
    #expect(expected.map(\.book.owner) == ["1609354271", ""])
    #expect(expected.map(\.retired) == [BusinessDay("2026-11-17"), nil])
  }

  @Test("An entry of files, of the ledger and of lists can be retired")
  func entries() throws {
    let school = try TinySchool(
      """
      sources:
        wechat:
          files: [{pattern: "a_{yyyyMMdd}", retired: 2026-11-10}, "1609354271_{yyyyMMdd}"]
          merchants: ["1609354271", "1605550000"]
        ccb: {files: [{pattern: "x_{yyyyMMdd}", retired: 2026-11-12}, "y_{yyyyMMdd}"]}
      ledger: {files: ["n_{yyyyMMdd}", {pattern: "s_{yyyyMMdd}", retired: 2026-11-11}]}
      lists: [{pattern: "accounts_{yyyyMMdd}", retired: 2026-11-11}]

      """)
    defer { school.remove() }
    let configuration = try school.nights().configuration
    #expect(
      configuration.expectedBooks().map { $0.retired?.description ?? "" } == [
        "", "", "2026-11-12", "", "", "2026-11-11",
      ])
    let day = try #require(BusinessDay("2026-11-10"))
    #expect(!configuration.hasLists([], on: day) && configuration.hasLists([], on: day.adding(1)))
  }
}

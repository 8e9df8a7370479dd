import Foundation
import History
import Payments
import Testing

@testable import Runs

/// Deliveries as they come: what is missing, half or doubted accuses nobody, and what comes later settles
/// it.
@Suite("Completeness")
struct CompletenessTests {
  private static let two = """
    sources: {wechat: {files: "wechat_*_{yyyy-MM-dd}.csv", merchants: ["1609354271", "1605550000"]}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """
  private static let open = """
    sources: {wechat: {files: "wechat_*_{yyyy-MM-dd}.csv"}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  private func losses(_ report: DayReport) -> [AnomalyKind] {
    report.anomalies.filter { $0.severity == .loss }.map(\.kind)
  }

  private func faults(_ report: DayReport) -> [FaultKind] {
    report.statements.flatMap { $0.statement.faults.map(\.kind) }
  }

  @Test("A configured merchant whose bill has not come is missed by its number; its credits wait")
  func merchant() async throws {
    let school = try TinySchool(Self.two)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<6), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.ledger(0..<12), as: "ledger_2026-11-16.csv")
    let first = try await school.run("2026-11-16")
    #expect(first.verdict == .incomplete && losses(first) == [] && first.pending.count == 6)
    let missing = try #require(first.troubles("statement-missing").first)
    #expect(missing.detail.zh.contains("1605550000") && missing.detail.en.contains("1605550000"))
    #expect(
      Set(first.pending.compactMap(\.waitsFor?.book?.name)) == ["wechat/1605550000/both"])
    try school.deliver(day.wechat("1605550000", 6..<11), as: "wechat_b_2026-11-16.csv")
    let second = try await school.run("2026-11-16")
    #expect(losses(second) == [.creditedNotDebited] && second.pending.isEmpty)
    #expect(faults(second) == [] && second.verdict == .unbalanced)
  }

  @Test("A week of nights teaches which merchants there are")
  func learned() async throws {
    let school = try TinySchool(Self.open)
    defer { school.remove() }
    for number in 10...16 {
      let day = TinyDay(day: "2026-11-\(number)")
      try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_\(day.day).csv")
      try school.deliver(day.wechat("1605550000", 4..<8), as: "wechat_b_\(day.day).csv")
      try school.deliver(day.ledger(0..<8), as: "ledger_\(day.day).csv")
      #expect(try await school.run(day.day).verdict == .balanced)
    }
    let day = TinyDay(day: "2026-11-17")
    try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-17.csv")
    try school.deliver(day.ledger(0..<8), as: "ledger_2026-11-17.csv")
    let report = try await school.run("2026-11-17")
    #expect(report.verdict == .incomplete && losses(report) == [] && report.pending.count == 4)
    #expect(report.troubles("statement-missing").first?.detail.zh.contains("1605550000") == true)
  }

  @Test("A ledger that ends at noon is doubted; when the whole one comes nobody is accused")
  func half() async throws {
    let school = try TinySchool(Self.open)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<30), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.ledger(0..<16), as: "ledger_2026-11-16.csv")
    let first = try await school.run("2026-11-16")
    #expect(first.verdict == .incomplete && losses(first) == [] && first.pending.count == 14)
    let doubt = try #require(first.troubles("statement-ends-early").first)
    #expect(doubt.detail.zh.contains("14 笔付款（¥700.00）") && !doubt.holds)
    try school.deliver(day.ledger(0..<30), as: "ledger_2026-11-16.csv")
    let second = try await school.run("2026-11-16")
    #expect(losses(second) == [] && second.pending.isEmpty)
    #expect(!faults(second).contains(.statementEndsEarly))
  }

  @Test("Where spending goes on after the last credit it is an outage, and said the same night")
  func outage() async throws {
    let school = try TinySchool(Self.open)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<30), as: "wechat_a_2026-11-16.csv")
    try school.deliver(
      day.ledger(0..<16) + day.spending(at: "22:40:00"), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(report.verdict == .unbalanced && faults(report) == [])
    #expect(losses(report) == Array(repeating: .debitedNotCredited, count: 14))
  }

  @Test("A night is derived again by its own configuration; one of other rules is named")
  func ruleBook() async throws {
    let school = try TinySchool(Self.open)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.ledger(0..<3), as: "ledger_2026-11-16.csv")
    #expect(losses(try await school.run("2026-11-16")) == [.debitedNotCredited])
    // What the school writes today does not change what it wrote that night.
    try school.configure(Self.open + "rules: {singleLimit: 10.00}\n")
    let verification = DayVerification(try school.nights())
    let number = try #require(BusinessDay("2026-11-16"))
    #expect(try await verification.derived(number) == [])
    #expect(try verification.ofOtherRules([number]) == [])
    let store = try school.nights().store
    #expect(try store.basis(of: number)?.ruleBook == RuleBook.number)
    #expect(try store.verifyChain() == [])
    // Without the configuration of that night nothing can be derived: that is said, not taken for a change.
    let basis = try #require(try store.basis(of: number))
    try FileManager.default.removeItem(atPath: store.folder.archived(basis.configuration))
    #expect(try verification.ofOtherRules([number]) == [number])
    #expect(try await verification.derived(number) == [])
  }

  @Test("A list that an old configuration names among the ledger's files is read, and said")
  func oldLists() async throws {
    let school = try TinySchool(
      """
      sources: {wechat: {files: "wechat_*_{yyyy-MM-dd}.csv"}}
      ledger: {files: ["ledger_{yyyy-MM-dd}.csv", "accounts_{yyyy-MM-dd}.csv"]}

      """)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.ledger(0..<4), as: "ledger_2026-11-16.csv")
    try school.deliver(day.accounts(0..<4), as: "accounts_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(report.verdict == .balanced && faults(report) == [])
    let configuration = try school.nights().configuration
    let number = try #require(BusinessDay("2026-11-16"))
    let statements = report.statements.map(\.statement)
    #expect(
      configuration.listsAmongLedgers(statements, on: number) == ["accounts_2026-11-16.csv"])
    try school.configure(Self.open + "lists: [\"accounts_{yyyy-MM-dd}.csv\"]\n")
    let moved = try school.nights().configuration
    #expect(moved.listsAmongLedgers(statements, on: number) == [])
  }

  @Test("A file under one channel's name that is another channel's bill is held")
  func otherChannel() async throws {
    let school = try TinySchool(
      """
      sources: {alipay: {files: "alipay_{yyyy-MM-dd}.csv"}}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<4), as: "alipay_2026-11-16.csv")
    try school.deliver(day.ledger(0..<4), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(losses(report) == [] && report.verdict == .incomplete)
    #expect(faults(report).contains(.wrongAccountStatement))
  }
}

extension DayReport {
  /// The faults of a kind.
  fileprivate func troubles(_ kind: String) -> [StatementFault] {
    statements.flatMap(\.statement.faults).filter { $0.kind.rawValue == kind }
  }
}

import History
import Payments
import Testing

@testable import Runs

/// Money moved off a lost card that arrives nights later, or never.
@Suite("Moved to another card over nights")
struct MoveNightsTests {
  private static let configuration = """
    sources: {wechat: {files: "wechat_{yyyy-MM-dd}.csv"}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  /// Runs the night of a day in November whose ledger has some rows besides a top-up.
  private func run(_ school: TinySchool, _ number: Int, _ rows: String...) async throws -> DayReport
  {
    let day = TinyDay(day: "2026-11-\(number)")
    try school.deliver(day.wechat("1601959334", 0..<1), as: "wechat_\(day.day).csv")
    let ledger = day.ledger(0..<1) + rows.map { $0 + "\n" }.joined()
    try school.deliver(ledger, as: "ledger_\(day.day).csv")
    return try await school.run(day.day)
  }

  private static let out = "T1,2026-11-10 09:00:00,转出,30.00,成功,800000000001,2024000001,,,,,,,"

  private static func arrival(_ number: Int, _ yuan: String = "30.00", of original: String = "T1")
    -> String
  {
    "T2,2026-11-\(number) 10:00:00,转入,\(yuan),成功,800000000002,2024000001,,,,,\(original),,"
  }

  @Test("What arrives the next day was on its way")
  func arrives() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let first = try await run(school, 10, Self.out)
    #expect(first.anomalies == [])
    #expect(first.pending.map(\.decidedBy.description) == ["2026-11-12"])
    #expect(first.pending.map(\.ledgerSerial) == ["T1"])
    let second = try await run(school, 11, Self.arrival(11))
    #expect(second.anomalies == [] && second.pending == [])
    #expect(try await run(school, 12).verdict == .balanced)
    try await school.verify()
  }

  @Test(
    "What has not arrived on the third night is missed, and found when it comes",
    arguments: ["T1", ""])
  func late(original: String) async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    _ = try await run(school, 10, Self.out)
    #expect(try await run(school, 11).pending.count == 1)
    let third = try await run(school, 12)
    #expect(third.anomalies.map(\.kind) == [.moveIncomplete])
    #expect(third.anomalies.map(\.amountFen) == [3_000])
    #expect(third.anomalies.map(\.ledgerSerial) == ["T1"] && third.verdict == .unbalanced)
    #expect(try await run(school, 13).anomalies.map(\.status) == [.open])
    let part = try await run(school, 14, Self.arrival(14, "20.00", of: original))
    #expect(part.anomalies.map(\.amountFen) == [1_000])
    let rest = Self.arrival(15, "10.00", of: original).replacing("T2,", with: "T3,")
    let last = try await run(school, 15, rest)
    #expect(last.anomalies.map(\.status) == [.closed])
    #expect(last.anomalies.flatMap(\.closing).map(\.text).contains { $0.contains("T3") })
    #expect(try await run(school, 16).verdict == .balanced)
    try await school.verify()
  }
}

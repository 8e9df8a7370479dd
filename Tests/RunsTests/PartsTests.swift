import Payments
import Testing

@testable import Runs

/// A book of several parts: no part answers for what another lacks.
@Suite("Parts of a book")
struct PartsTests {
  private static let parts = """
    sources: {wechat: {files: "wechat_*_{yyyy-MM-dd}.csv"}}
    ledger: {files: ["north_{yyyy-MM-dd}.csv", "south_{yyyy-MM-dd}.csv"]}

    """
  private let day = TinyDay(day: "2026-11-16")

  /// One night of thirty payments, the even ones credited in the north.
  private func night(south: String) async throws -> DayReport {
    let school = try TinySchool(Self.parts)
    defer { school.remove() }
    try school.deliver(day.wechat("1609354271", 0..<30), as: "wechat_a_2026-11-16.csv")
    try school.deliver(
      day.ledger(stride(from: 0, to: 30, by: 2)), as: "north_2026-11-16.csv")
    try school.deliver(south, as: "south_2026-11-16.csv")
    return try await school.run("2026-11-16")
  }

  private func losses(_ report: DayReport) -> Int {
    report.anomalies.count { $0.severity == .loss }
  }

  private func faults(_ report: DayReport) -> Set<FaultKind> {
    Set(report.statements.flatMap { $0.statement.faults.map(\.kind) })
  }

  @Test("Both parts whole: balanced")
  func whole() async throws {
    let report = try await night(south: day.ledger(stride(from: 1, to: 30, by: 2)))
    #expect(report.verdict == .balanced && faults(report) == [])
  }

  @Test("A copy of one part under the other's name answers for neither", arguments: [15, 14])
  func copy(rows: Int) async throws {
    let report = try await night(south: day.ledger(stride(from: 0, to: 2 * rows, by: 2)))
    #expect(losses(report) == 0 && report.verdict == .incomplete)
    #expect(faults(report).contains(.statementMissing))
    #expect(report.pending.count == 15)
  }

  @Test("What one part is doubted of the other does not cover")
  func half() async throws {
    let report = try await night(south: day.ledger(stride(from: 1, to: 16, by: 2)))
    #expect(losses(report) == 0 && faults(report) == [.statementEndsEarly])
    #expect(report.pending.count == 7)
    let late = try await night(south: day.ledger(stride(from: 15, to: 30, by: 2)))
    #expect(losses(late) == 0 && faults(late) == [.statementStartsLate])
    let empty = try await night(south: day.ledger([Int]()))
    #expect(losses(empty) == 0 && faults(empty) == [.statementEmpty])
  }

  @Test("A part that is held covers nothing")
  func held() async throws {
    let report = try await night(south: "这不是对账文件\n")
    #expect(losses(report) == 0 && report.verdict == .incomplete && report.pending.count == 15)
  }

  @Test("Two issues of one part that contradict each other are not made good by the other part")
  func contradicted() async throws {
    let school = try TinySchool(Self.parts.replacing("north_", with: "north*_"))
    defer { school.remove() }
    let north = Set(stride(from: 0, to: 30, by: 2))
    try school.deliver(day.wechat("1609354271", 0..<30), as: "wechat_a_2026-11-16.csv")
    try school.deliver(
      day.ledger(stride(from: 1, to: 30, by: 2)), as: "south_2026-11-16.csv")
    try school.deliver(day.ledger(north.subtracting([4]).sorted()), as: "north_2026-11-16.csv")
    try school.deliver(day.ledger(north.subtracting([8]).sorted()), as: "north1_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(losses(report) == 0 && report.pending.count == 15)
    #expect(report.verdict == .incomplete)
    #expect(faults(report) == [.statementReissued])
  }
}

import Payments
import Testing

@testable import Runs

/// Nights of a ledger that numbers its rows without gaps.
@Suite("Numbers missing in a ledger") struct SerialGapNightsTests {
  private func configuration(_ serials: String, files: String = "\"ledger_{yyyy-MM-dd}.csv\"")
    -> String
  {
    """
    sources: {wechat: {files: "wechat_{yyyy-MM-dd}.csv"}}
    ledger: {files: [\(files)], serials: \(serials)}

    """
  }

  private let day = TinyDay(day: "2026-11-16")

  private func gaps(_ report: DayReport) -> [String] {
    report.anomalies.filter { $0.kind == .serialGap }.map {
      "\($0.ledgerSerial ?? "") \($0.gap ?? 0)"
    }
  }

  @Test(
    "Each gap is told once, with the first number that is missing, and stays until somebody explains it"
  )
  func gap() async throws {
    let school = try TinySchool(configuration("continuous"))
    defer { school.remove() }
    try school.deliver(day.wechat("1609354271", 0..<8), as: "wechat_2026-11-16.csv")
    try school.deliver(day.ledger([0, 1, 2, 5, 6, 7]), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(gaps(report) == ["YKT202611161003 2"])
    #expect(report.anomalies.filter { $0.kind == .debitedNotCredited }.count == 2)
    let next = TinyDay(day: "2026-11-17")
    try school.deliver(next.wechat("1609354271", 0..<2), as: "wechat_2026-11-17.csv")
    try school.deliver(next.ledger(0..<2), as: "ledger_2026-11-17.csv")
    #expect(gaps(try await school.run("2026-11-17")) == ["YKT202611161003 2"])
    try await school.verify()
  }

  @Test(
    "Nothing is said where nobody said so, where a row may be the missing one, or a part is not there"
  )
  func silent() async throws {
    for (serials, ledger) in [
      ("any", day.ledger([0, 2])),
      ("continuous", day.ledger([0, 2]) + "坏行\n"),
      ("continuous", day.ledger([0, 1, 2])),
    ] {
      let school = try TinySchool(configuration(serials))
      defer { school.remove() }
      try school.deliver(day.wechat("1609354271", 0..<3), as: "wechat_2026-11-16.csv")
      try school.deliver(ledger, as: "ledger_2026-11-16.csv")
      #expect(gaps(try await school.run("2026-11-16")) == [])
    }
    let parts = "\"north_{yyyy-MM-dd}.csv\", \"south_{yyyy-MM-dd}.csv\""
    let school = try TinySchool(configuration("continuous", files: parts))
    defer { school.remove() }
    try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_2026-11-16.csv")
    try school.deliver(day.ledger([0, 2]), as: "north_2026-11-16.csv")
    #expect(gaps(try await school.run("2026-11-16")) == [])
    // The numbers run through all parts.
    try school.deliver(day.ledger([1, 3]), as: "south_2026-11-16.csv")
    #expect(gaps(try await school.run("2026-11-16")) == [])
    try await school.verify()
  }
}

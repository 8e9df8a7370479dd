import History
import Payments
import Testing

@testable import Runs

/// What a month is, and how its sample is drawn.
@Suite("Months")
struct MonthTests {
  @Test(
    "A month is all of its days", arguments: [("2026-11", 30), ("2028-02", 29), ("2026-12", 31)])
  func days(text: String, count: Int) throws {
    let days = try #require(ClosedRange(month: text))
    #expect(Int(days.upperBound.number - days.lowerBound.number) + 1 == count)
    #expect(days.lowerBound.description == text + "-01")
    #expect(MonthReport(days: days, sample: AuditSample(seed: 1, size: 1)).name == text)
  }

  @Test(
    "What is no month is refused", arguments: ["2026-13", "2026-1", "2026-11-01", "", "november"])
  func noMonth(text: String) {
    #expect(ClosedRange(month: text) == nil)
  }
}

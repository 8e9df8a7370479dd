import Foundation
import Payments
import Reports
import Testing

@testable import Runs

/// Books by days: what is in, late, missing, doubted, accepted.
@Suite("The grid of books")
struct GridTests {
  private func grid(_ school: TinySchool, _ days: [String], now: Timestamp?) throws -> BookGrid {
    let nights = try school.nights()
    return try GridAssembly(nights.store, nights.configuration).grid(
      days.compactMap { BusinessDay($0) }, now: now)
  }

  private func marks(_ grid: BookGrid, _ book: String) -> [BookGrid.Mark] {
    grid.rows.first { $0.book.name == book }?.cells.map(\.mark) ?? []
  }

  @Test("Each mark, and what to ask whom for")
  func marks() async throws {
    let school = try TinySchool(LateNightsTests.school)
    defer { school.remove() }
    for number in 14...17 {
      let day = TinyDay(day: "2026-11-\(number)")
      if number != 15, number != 16 {
        try school.deliver(day.wechat("1609354271", 0..<30), as: "wechat_a_\(day.day).csv")
      }
      try school.deliver(day.ledger(0..<(number == 17 ? 16 : 30)), as: "ledger_\(day.day).csv")
      _ = try await school.run(day.day)
    }
    try school.deliver(
      TinyDay(day: "2026-11-15").wechat("1609354271", 0..<30), as: "wechat_a_2026-11-15.csv")
    _ = try await school.run("2026-11-15")
    let days = (14...19).map { "2026-11-\($0)" }
    // Eight in the morning: ledgers are due, bills are not.
    let now = Timestamp(
      seconds: try #require(BusinessDay("2026-11-20")).start.seconds + 8 * 3_600)
    let grid = try grid(school, days, now: now)
    let bill: [BookGrid.Mark] = [.inTime, .late, .missing, .inTime, .notRun, .awaited]
    #expect(marks(grid, "wechat/1609354271/both") == bill)
    let ledger: [BookGrid.Mark] = [.inTime, .inTime, .inTime, .doubted, .notRun, .notRun]
    #expect(marks(grid, "ledger") == ledger && grid.rows.count == 2)
    #expect(grid.asks.map(\.cell.mark) == [.missing, .doubted, .notRun])
    #expect(grid.asks.last?.last.description == "2026-11-19" && grid.lastRun != nil)
    let text = StatusReport.render(grid, language: .zh)
    #expect(text.contains("2026-11-16 微信支付 1609354271 缺失，应于 2026-11-17 10:00:00 前到"))
    #expect(text.contains("cardrecon run --from 2026-11-18 --to 2026-11-19"))
    // A page knows no clock.
    let page = try self.grid(school, days, now: nil)
    #expect(Set(page.rows.flatMap(\.cells).map(\.mark)).isDisjoint(with: [.awaited, .notRun]))
    _ = try await Ruling(
      try school.nights(), who: "王会计", reviewer: nil, note: nil, now: now
    ).accept("ledger_2026-11-17.csv", on: nil, isUndone: false)
    let accepted = try self.grid(school, days, now: now)
    #expect(marks(accepted, "ledger")[3] == .accepted)
    #expect(accepted.rows.last?.cells[3].who == "王会计")
  }

  @Test("A school says itself when files are due")
  func due() throws {
    let school = try TinySchool(
      """
      sources: {wechat: {files: "w_{yyyy-MM-dd}.csv", due: 11:30}, ccb: {files: "c_{yyyy-MM-dd}.csv"}}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv", due: 07:15}

      """)
    defer { school.remove() }
    let configuration = try ConfigurationReader(path: school.folder + "/cardrecon.yaml").read()
    let day = try #require(BusinessDay("2026-11-16"))
    func due(_ book: Book) -> String { configuration.due(book, of: day).description }
    #expect(due(Book(side: .channel, channel: .wechat)) == "2026-11-17 11:30:00")
    #expect(due(Book(side: .channel, channel: .ccb)) == "2026-11-17 06:00:00")
    #expect(due(Book(side: .channel, channel: .alipay)) == "2026-11-17 10:00:00")
    #expect(due(Book(side: .ledger)) == "2026-11-17 07:15:00")
    try school.configure(
      "sources: {wechat: {files: w, due: 25:00}}\nledger: {files: l}\n")
    #expect(throws: ConfigurationError.self) {
      try ConfigurationReader(path: school.folder + "/cardrecon.yaml").read()
    }
  }
}

import Columns
import Payments
import Testing

@testable import Statements

@Suite("Rows that cannot be used leave holes") struct HoleTests {
  private func ledger(_ second: String) async throws -> Reading {
    let rows = [
      ledgerRow("L1", order: "CK1", time: "2026-11-02 08:00:00"), second,
      ledgerRow("L3", order: "CK3", time: "2026-11-02 08:20:00"),
    ]
    return try #require(try await readings(of: ledgerText(rows)).first)
  }

  private let between = span("2026-11-02 08:00:00", "2026-11-02 08:20:01")

  @Test("a hole has the row's second, or what is left of its time")
  func spans() async throws {
    let cases: [(String, TimeSpan?)] = [
      ("2026-11-02 08:10:05", span("2026-11-02 08:10:05", "2026-11-02 08:10:06")),
      ("2026/11/2 8:10", span("2026-11-02 08:10:00", "2026-11-02 08:11:00")),
      ("2026-11-02", span("2026-11-02", "2026-11-03")),
      ("2026-11-02 25:10:05", span("2026-11-02", "2026-11-03")),
      ("2026-11-32 08:10:05", between), ("昨天", between), ("", between),
      ("2062-11-02 8:10", between),
    ]
    for (time, expected) in cases {
      let reading = try await ledger(ledgerRow("L2", order: "CK2", amount: "5o.00", time: time))
      let hole = try #require(reading.statement.holes.first)
      #expect(reading.statement.holes.count == 1 && reading.kinds == [.rowRejected], "\(time)")
      #expect(hole.span == expected, "\(time)")
      #expect(hole.fen == nil && hole.order == fingerprint("CK2") && hole.serial == 0)
      #expect(hole.account == fingerprint("601001"))
      #expect(hole.student == fingerprint("2023010203") && hole.line == 3)
      #expect(reading.statement.covers, "holes stand for it")
    }
  }

  @Test("its amount is told only when it was read, its keys only when they are keys")
  func fields() async throws {
    let timeless = try await ledger(ledgerRow("L2", order: "CK2", amount: "6.00", time: "?"))
    #expect(timeless.statement.holes.map(\.fen) == [600])
    let odd = try await ledger(ledgerRow("L2", order: "CK 2单", amount: "x"))
    #expect(odd.statement.holes.map(\.order) == [0])
    #expect(odd.table.kind[1] == .held, "its counterpart is held as before")
    let unknown = try await ledger(ledgerRow("L2", order: "CK2", amount: "6.00", status: "待定"))
    #expect(unknown.kinds == [.unknownStatus])
    #expect(unknown.statement.holes.map(\.fen) == [600])
    let shifted = try await ledger(
      ledgerRow("L2", order: "CK2").replacing("张三", with: "张,三").replacing(
        "CK2,,,,", with: "CK2,,,x,"))
    let hole = try #require(shifted.statement.holes.first)
    #expect(hole == Hole(span: try #require(between), line: 3))
  }

  @Test("a row at an end has only one neighbour: its hole is the statement")
  func ends() async throws {
    let rows = [ledgerRow("L1", time: "?"), ledgerRow("L2", time: "2026-11-02 08:00:00")]
    let reading = try #require(try await readings(of: ledgerText(rows)).first)
    #expect(reading.statement.holes.map(\.span) == [span("2026-11-02", "2026-11-03")])
    let dated = try #require(
      try await readings(of: ledgerText([ledgerRow("L1", time: "2026-11-02 8:00")])).first)
    #expect(dated.statement.period == span("2026-11-02", "2026-11-03"))
    #expect(
      dated.statement.holes.map(\.span) == [span("2026-11-02 08:00:00", "2026-11-02 08:01:00")])
    let none = try #require(try await readings(of: ledgerText([rows[0]])).first)
    #expect(none.statement.period == nil)
    #expect(
      none.statement.holes.map(\.span) == [
        TimeSpan(start: Timestamp(seconds: 0), end: Timestamp(seconds: Int64(UInt32.max)))
      ])
  }

  @Test("more than a thousand become one")
  func many() async throws {
    for (count, expected) in [(1_000, 1_000), (1_001, 1)] {
      let rows = (0..<count).map { ledgerRow("L\($0)", order: "CK\($0)", amount: "x") }
      let reading = try #require(try await readings(of: ledgerText(rows)).first)
      #expect(reading.statement.holes.count == expected)
      guard expected == 1 else { continue }
      #expect(
        reading.statement.holes == [Hole(span: try #require(span("2026-11-02", "2026-11-03")))])
    }
  }

  @Test("messages have them too")
  func messages() async throws {
    let entries =
      camtEntry("B1") + camtEntry("B2", status: "WAIT", time: "2026-11-02T09:00:00+08:00")
      + camtEntry("B3", amount: "5o.00", time: "2026-11-02")
    let reading = try #require(
      try await readings(of: camtStatement(entries, closing: "150.00")).first)
    #expect(
      reading.statement.holes.map(\.span) == [
        span("2026-11-02 09:00:00", "2026-11-02 09:00:01"), span("2026-11-02", "2026-11-03"),
      ])
    #expect(reading.statement.holes.map(\.fen) == [5_000, nil])
    #expect(reading.statement.holes.map(\.serial) == [fingerprint("B2"), fingerprint("B3")])
    #expect(reading.statement.covers && !reading.statement.provesEnd)
    #expect(reading.isConserved)
  }
}

import Columns
import Payments
import Testing

@testable import Statements

/// A stretch written as two moments of Beijing.
func span(_ from: String, _ to: String) -> TimeSpan? {
  func second(_ text: String) -> Int64? {
    Array(text.utf8).withUnsafeBytes { parseAnyMoment($0, encoding: .utf8).seconds }
  }
  guard let start = second(from), let end = second(to) else { return nil }
  return TimeSpan(start: Timestamp(seconds: start), end: Timestamp(seconds: end))
}

@Suite("Which time a statement covers") struct PeriodTests {
  @Test(
    "a stated period is taken to the second",
    arguments: [
      ("2026-11-18 00:00:00", "2026-11-18 12:00:00", "2026-11-18", "2026-11-18 12:00:00"),
      (
        "2026-11-17T17:00:00+08:00", "2026-11-18T17:00:00+08:00", "2026-11-17 17:00:00",
        "2026-11-18 17:00:00"
      ),
      ("2026-11-18 00:00:00", "2026-11-18 23:59:59", "2026-11-18", "2026-11-19"),
      ("2026-11-18 06:00:00", "2026-11-18 17:29:59", "2026-11-18 06:00:00", "2026-11-18 17:30:00"),
      ("2026-11-18 00:00", "2026-11-18 23:59", "2026-11-18", "2026-11-19"),
      ("2026-11-18 00:00", "2026-11-18 12:00", "2026-11-18", "2026-11-18 12:00:00"),
      ("2026-11-18", "2026-11-18", "2026-11-18", "2026-11-19"),
      ("20261118", "20261120", "2026-11-18", "2026-11-21"),
      ("2026年11月18日 00:00:00", "2026年11月18日 24:00:00", "2026-11-18", "2026-11-19"),
      ("2026-11-18T00:00:00+08:00", "2026-11-18T24:00:00+08:00", "2026-11-18", "2026-11-19"),
      ("2026-11-18 00:00:00", "2026-11-18 00:00:00", "2026-11-18", "2026-11-19"),
      ("20261118000000", "20261118240000", "2026-11-18", "2026-11-19"),
      (
        "2026-11-18T00:00:00Z", "2026-11-18T12:00:00Z", "2026-11-18 08:00:00",
        "2026-11-18 20:00:00"
      ),
    ])
  func stated(_ from: String, _ to: String, _ start: String, _ end: String) throws {
    #expect(TimeSpan(statedFrom: from, to: to) == span(start, end), "\(from) \(to)")
  }

  @Test(
    "what is no period is none",
    arguments: [
      ("", "2026-11-18"), ("2026-11-18", "?"), ("2026-11-19", "2026-11-18"),
      ("1009-01-01", "2020-01-01"),
      ("2026-11-18 17:00:00", "2026-11-18 17:00:00"),
    ])
  func unstated(_ from: String, _ to: String) {
    #expect(TimeSpan(statedFrom: from, to: to) == nil)
  }

  @Test("a preamble's and a message's period have their times of day")
  func files() async throws {
    let alipay = Sheet.alipay([500]).replacing("2026年11月03日 00:00:00", with: "2026年11月02日 12:00:00")
    let bill = try #require(try await readings(of: Sheet.gb(alipay)).first?.statement)
    #expect(bill.period == span("2026-11-02", "2026-11-02 12:00:00"))
    #expect(bill.from == BusinessDay("2026-11-02") && bill.to == bill.from)
    let noon = camtStatement(camtEntry("B1"), closing: "150.00")
      .replacing("2026-11-02T23:59:59", with: "2026-11-02T12:00:00")
    let camt = try #require(try await readings(of: noon).first?.statement)
    #expect(camt.period == span("2026-11-02", "2026-11-02 12:00:00"))
    #expect(camt.faults == [] && camt.provesStart && camt.provesEnd)
  }

  private func bank(_ days: [(day: String, rows: Int)]) async throws -> Reading {
    var (rows, number) = ([String](), 0)
    for (day, count) in days {
      for row in 0..<count {
        number += 1
        rows.append(
          ledgerRow("L\(number)", order: "CK\(number)", time: "\(day) \(Sheet.clock(row))"))
      }
    }
    return try #require(try await readings(of: ledgerText(rows)).first)
  }

  @Test("without a period: from the first day to the last, quiet days inside included")
  func quiet() async throws {
    let weekend = try await bank([("2026-11-13", 60), ("2026-11-14", 1), ("2026-11-16", 60)])
    #expect(weekend.statement.period == span("2026-11-13", "2026-11-17"))
    #expect(weekend.statement.faults == [] && !weekend.statement.provesEnd)
    let apart = try await bank([("2026-11-01", 3), ("2026-12-12", 1)])
    #expect(apart.statement.period == span("2026-11-01", "2026-12-13"))
    #expect(apart.statement.faults == [])
    let none = try #require(try await readings(of: ledgerText([])).first)
    #expect(none.statement.period == nil)
  }

  @Test("a row far off does not move the period: it is refused, and a hole between its neighbours")
  func stray() async throws {
    let rows = [
      ledgerRow("L1", order: "CK1", time: "2026-11-02 08:00:00"),
      ledgerRow("L2", order: "CK2", time: "2062-11-02 08:10:00"),
      ledgerRow("L3", order: "CK3", time: "2026-11-02 08:20:00"),
      ledgerRow("L4", order: "CK4", time: "2026-11-02 08:30:00"),
    ]
    let reading = try #require(try await readings(of: ledgerText(rows)).first)
    let statement = reading.statement
    #expect(statement.period == span("2026-11-02", "2026-11-03"))
    #expect(reading.kinds == [.rowRejected] && !statement.isHeld && statement.covers)
    #expect(statement.faults[0].line == 3 && statement.faults[0].detail.en.contains("2062-11-02"))
    #expect(reading.table.kind[1] == .held)
    #expect(reading.rejections.map(\.line) == [3] && reading.rejections[0].text.hasPrefix("L2,"))
    let hole = try #require(statement.holes.first)
    #expect(hole.span == span("2026-11-02 08:00:00", "2026-11-02 08:20:01"))
    #expect(hole.order == fingerprint("CK2") && hole.fen == 5_000 && hole.line == 3)
    #expect(reading.isConserved)
  }

  @Test("a row that slipped over midnight does not claim its day")
  func edges() async throws {
    let late = try await bank([("2026-11-02", 200)])
    let rows = (1...200).map {
      ledgerRow("L\($0)", order: "CK\($0)", time: "2026-11-02 \(Sheet.clock($0))")
    }
    let after = ledgerRow("L201", order: "CK201", time: "2026-11-03 00:00:10")
    let before = ledgerRow("L0", order: "CK0", time: "2026-11-01 23:59:50")
    let both = try #require(try await readings(of: ledgerText([before] + rows + [after])).first)
    #expect(late.statement.period == span("2026-11-02", "2026-11-03"))
    #expect(both.statement.period == span("2026-11-01 23:59:50", "2026-11-03 00:00:11"))
    #expect(both.statement.from == BusinessDay("2026-11-02"))
    #expect(both.statement.to == BusinessDay("2026-11-02"))
    let noon = ledgerRow("L201", order: "CK201", time: "2026-11-03 03:00:00")
    let whole = try #require(try await readings(of: ledgerText(rows + [noon])).first)
    #expect(whole.statement.period == span("2026-11-02", "2026-11-04"))
    let few = try await bank([("2026-11-02", 9)])
    #expect(few.statement.period == span("2026-11-02", "2026-11-03"))
  }

  @Test("totals outrank dates: a row they count belongs to the statement")
  func totals() async throws {
    let evening = camtEntry("B0", amount: "30.00", time: "2026-11-01T23:30:00+08:00")
    let good = camtStatement(evening + camtEntry("B1"), closing: "180.00")
    let reading = try #require(try await readings(of: good).first)
    #expect(reading.kinds == [] && reading.statement.provesStart)
    #expect(reading.statement.period == span("2026-11-02", "2026-11-03"))
    #expect(reading.table.count == 2)
    let open = good.replacing("CLBD", with: "CLAV")
    let other = try #require(try await readings(of: open).first)
    #expect(other.kinds == [.wrongDay] && !other.statement.provesEnd)
    let alipay = Sheet.alipay([500, 600]).replacing(
      "2026-11-02 08:01:00,2026-11-02 08:01:00", with: "2026-11-02 08:01:00,2026-11-03 00:00:01")
    #expect(try await readings(of: Sheet.gb(alipay)).first?.kinds == [])
  }

  @Test("what proves where a statement begins and ends")
  func proof() async throws {
    let proves = [
      Sheet.utf8(Sheet.wechat([500])), Sheet.utf8(Sheet.wechat([])), Sheet.gb(Sheet.alipay([5])),
      Sheet.utf8(Sheet.camt([500])),
    ]
    for bytes in proves {
      let statement = try #require(try await readings(of: bytes).first?.statement)
      #expect(statement.provesStart && statement.provesEnd, "\(statement.format)")
    }
    let silent = [
      Sheet.utf8(Sheet.ledger([500])), Sheet.gb(Sheet.ccb([500, 600])), Sheet.unionPay([500]),
      Sheet.utf8(Sheet.wechat([500]).replacing("`1.0,", with: "`2.0,")),
    ]
    for bytes in silent {
      let statement = try #require(try await readings(of: bytes).first?.statement)
      #expect(!statement.provesStart && !statement.provesEnd, "\(statement.format)")
    }
  }
}

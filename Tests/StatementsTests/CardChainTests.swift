import Columns
import Payments
import Testing

@testable import Statements

@Suite("Balances of cards") struct CardChainTests {
  /// Ten cards with three rows each, whose balances chain by time.
  private var sound: [String] {
    (0..<10).flatMap { card in
      (0..<3).map { row in
        ledgerRow(
          "L\(row * 10 + card + 1)", order: "CK\(card)\(row)", amount: "10.00",
          time: "2026-11-02 \(["08", "09", "10"][row]):00:0\(card)", card: "60\(card)",
          balance: "\(10 + 10 * row).00")
      }
    }
  }

  private func read(_ rows: [String]) async throws -> Reading {
    try #require(try await readings(of: ledgerText(rows)).first)
  }

  @Test("one card that does not chain is told with its figures, and the ledger is used")
  func oneBreak() async throws {
    #expect(try await read(sound).statement.cardBreaks == [])
    var rows = sound
    rows[4] = rows[4].replacing("20.00,", with: "26.50,")
    let reading = try await read(rows)
    #expect(reading.kinds == [] && !reading.statement.isHeld && reading.table.count == 30)
    let found = reading.statement.cardBreaks
    try #require(found.count == 2)
    #expect(found.map(\.before) == [5, 6] && found.map(\.after) == [6, 7])
    #expect(found.map(\.differenceFen) == [650, -650])
    #expect(found[0].balanceBefore == 1_000 && found[0].movement == 1_000)
    #expect(found[0].balanceAfter == 2_650)
    let offset = Int(found[0].offset)
    #expect(Array(ledgerText(rows).utf8)[offset...].starts(with: Array(rows[4].utf8)))
  }

  @Test("a terminal that uploads late: by the ledger's serials the balances chain")
  func late() async throws {
    var rows = sound
    // Bought at nine, entered last.
    rows[1] = ledgerRow(
      "L99", order: "CK01", amount: "10.00", time: "2026-11-02 09:00:00", card: "600",
      balance: "30.00")
    rows[2] = rows[2].replacing("30.00,", with: "20.00,")
    #expect(try await read(rows).statement.cardBreaks == [])
    let nameless = rows.map { $0.replacing("L99", with: "L5") }
    #expect(try await read(nameless).statement.cardBreaks.count == 2)
  }

  @Test("a ledger that lists top-ups only is not judged; one that runs backwards is read so")
  func unjudged() async throws {
    let spending = sound.enumerated().map { row, text in
      row % 3 == 0
        ? text : text.replacing("0.00,\n", with: "7.00,\n").replacing(",20.00,", with: ",13.00,")
    }
    #expect(try await read(spending).statement.cardBreaks == [])
    let sameSecond = sound.map { text in
      ["08", "09", "10"].reduce(text) { $0.replacing("02 \($1):00", with: "02 08:00") }
    }
    #expect(try await read(sameSecond.reversed()).statement.cardBreaks == [])
  }

  @Test("a row whose card nobody can read may be the missing link")
  func hole() async throws {
    var rows = sound
    rows[4] = rows[4].replacing("张三", with: "张,三")
    #expect(try await read(rows).statement.cardBreaks == [])
  }

  @Test("serials are ordered by their digits")
  func numbers() {
    func number(_ text: String) -> UInt64 {
      Array(text.utf8).withUnsafeBytes { CardBalance.number(of: $0) }
    }
    #expect(number("YKT2026111800000001") == 2_026_111_800_000_001)
    #expect(number("") == 0 && number("x") == 0)
    #expect(number("20261118000000000000000012") < number("20261118000000000000000013"))
  }
}

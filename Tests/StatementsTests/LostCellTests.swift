import Payments
import Testing

@testable import Statements

@Suite("Cells whose value was lost on the way") struct LostCellTests {
  private func ledger(_ lost: String) async throws -> Reading {
    let rows = (0..<40).map { number in
      number == 20 ? lost : ledgerRow("L\(number)", order: "CK\(number)")
    }
    return try #require(try await readings(of: ledgerText(rows)).first)
  }

  @Test(
    "The row is refused by its column and leaves a hole, others are read",
    arguments: ["###", "#N/A", "#REF!", "?", "CK?11", "CK\u{FFFD}11"])
  func order(cell: String) async throws {
    let reading = try await ledger(ledgerRow("L20", order: cell))
    #expect(reading.kinds == [.rowRejected] && reading.table.kind.count { $0 == .credit } == 39)
    let hole = try #require(reading.statement.holes.first)
    #expect(reading.statement.holes.count == 1 && hole.order == 0)
    #expect(hole.account == fingerprint("601001") && hole.line == 22)
  }

  @Test("The word of the channel is looked at too", arguments: ["###", "微\u{FFFD}"])
  func channel(cell: String) async throws {
    let whole = ledgerRow("L20", order: "CK20")
    let reading = try await ledger(whole.replacing("微信", with: cell))
    #expect(reading.kinds == [.rowRejected] && whole.contains("微信"))
  }

  @Test("A mark in a text that is no key is no loss")
  func name() async throws {
    let reading = try await ledger(ledgerRow("L20", order: "CK20").replacing("张三", with: "张?#三"))
    #expect(reading.kinds == [] && reading.statement.accepted == 40)
  }
}

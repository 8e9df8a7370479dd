import Columns
import Payments
import Testing

@testable import Statements

@Suite("Separators too many") struct ShiftedRowTests {
  private let good = ledgerRow("L1", order: "CK1")

  @Test("a row with a field too many is rejected, whatever its last field says")
  func surplus() async throws {
    let shifted = ledgerRow("L2", order: "CK2").replacing("张三", with: "张,三")
    for rows in [[good, shifted], [shifted], [shifted, shifted.replacing("L2", with: "L3")]] {
      let reading = try #require(try await readings(of: ledgerText(rows)).first)
      #expect(reading.kinds == [.rowRejected])
      #expect(!reading.table.order.contains(fingerprint("微信")))
      #expect(reading.statement.holes.count == rows.count { $0 != good })
      #expect(reading.isConserved)
    }
  }

  @Test(
    "a file that ends every row so is read rightly; one row that does not makes the others doubtful"
  )
  func padded() async throws {
    let rows = (1...4).map { ledgerRow("L\($0)", order: "CK\($0)") + "," }
    let padded = try #require(try await readings(of: ledgerText(rows)).first)
    #expect(padded.kinds == [] && padded.table.count == 4)
    #expect(padded.table.order.map { $0 } == (1...4).map { fingerprint("CK\($0)") })
    let comma = rows + [ledgerRow("L5", order: "CK5").replacing("张三", with: "张,三") + ","]
    let one = try #require(try await readings(of: ledgerText(comma)).first)
    #expect(one.kinds == [.rowRejected] && one.rejections.map(\.line) == [6])
    let mixed = try #require(try await readings(of: ledgerText(rows + [good])).first)
    #expect(mixed.rejections.count == 4 && mixed.table.count == 1)
    let late = (1...500).map { ledgerRow("L\($0)", order: "CK\($0)") + "," } + [good]
    let far = try #require(try await readings(of: ledgerText(late)).first)
    #expect(far.table.count == 1 && far.unkeyed.rows == 500)
  }

  @Test("a comma in a free text is anchored from both ends, one elsewhere is not")
  func anchored() async throws {
    let text = Sheet.alipay([500, 600])
    let inside = text.replacing("CK1\t,交易\t,校园卡充值", with: "CK1\t,交易\t,校园卡,充值")
    #expect(try await readings(of: Sheet.gb(inside)).first?.kinds == [])
    let behind = text.replacing("*俊(130)\t,5.00", with: "*俊,(130)\t,5.00")
    let reading = try #require(try await readings(of: Sheet.gb(behind)).first)
    #expect(reading.rejections.map(\.line) == [6])
  }

  @Test(
    "a line of separators and blanks is no row",
    arguments: [",,,,,,,,,,,,,", ",,,", " , ,\t,", "\"\",\"  \",,", "   ", ","])
  func blank(_ line: String) async throws {
    let text = ledgerText([good, line, ledgerRow("L2", order: "CK2"), line, line])
    let reading = try #require(try await readings(of: text).first)
    #expect(reading.kinds == [] && reading.statement.read.rows == 2)
    #expect(reading.table.line.map { $0 } == [2, 4])
    let bill = Sheet.wechat([500]) + line + "\r\n" + line + "\r\n"
    #expect(try await readings(of: bill).first?.kinds == [], "behind a trailer")
    let alipay = Sheet.alipay([500]) + line + "\r\n"
    #expect(try await readings(of: Sheet.gb(alipay)).first?.kinds == [], "behind sentences")
  }
}

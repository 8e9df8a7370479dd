import Columns
import Payments
import Testing

@testable import Statements

@Suite("What spreadsheets do to numbers") struct DamageTests {
  private func faults(_ text: String) async throws -> [String?] {
    try await readings(of: text).first?.statement.faults
      .filter { $0.kind == .spreadsheetDamaged && $0.holds }.map(\.column) ?? []
  }

  @Test("scientific notation is looked for in every key column", arguments: 0..<6)
  func scientific(_ place: Int) async throws {
    let columns = ["流水号", "卡号", "学工号", "商户订单号", "渠道流水号", "原流水号"]
    var fields = ["L2", "601", "2023", "CK2", "42002", "OR2"]
    fields[place] = "4.20000260020261E+27"
    let row =
      "\(fields[0]),2026-11-02 08:00:05,充值,5.00,成功,\(fields[1]),\(fields[2]),张三,微信,\(fields[3]),"
      + "\(fields[4]),\(fields[5]),,"
    let text = ledgerText([ledgerRow("L1", order: "CK1"), row])
    #expect(try await faults(text) == [columns[place]])
  }

  @Test("and every column is named, not the first hit only")
  func several() async throws {
    let text = ledgerText([
      ledgerRow("1.2E+17", order: "4.2E+27"), ledgerRow("2.2E+17", order: "CK"),
    ])
    #expect(try await faults(text) == ["流水号", "商户订单号"])
    let late = (1...600).map { ledgerRow("L\($0)", order: $0 == 590 ? "4.2E+27" : "CK\($0)") }
    #expect(try await faults(ledgerText(late)) == ["商户订单号"])
  }

  @Test("numbers rounded to fifteen digits")
  func rounded() async throws {
    let serials = ["4200002600202610000000000000", "4200002600202710000000000000"]
    #expect(try await faults(ledgerText([ledgerRow("L1", order: serials[0])])) == ["商户订单号"])
    #expect(
      try await faults(ledgerText(serials.map { ledgerRow("L\($0.count)", order: $0) }))
        == ["商户订单号"])
    let short = (1...7).map { ledgerRow("202611180000\($0)00", order: "CK\($0)") }
    #expect(try await faults(ledgerText(short)) == [], "no more than fifteen digits")
    let sixteen = (1...7).map { ledgerRow("20261118000000\($0)0", order: "CK\($0)") }
    #expect(try await faults(ledgerText(sixteen)) == ["流水号"], "seven zeros in seven rows")
    let counted = (0...30).map { ledgerRow("\(2_026_111_800_000_000 + $0)", order: "CK\($0)") }
    #expect(try await faults(ledgerText(counted)) == [], "a running number passes tens")
    let first = [ledgerRow("2026111800000000000000"), ledgerRow("2026111800000000000001")]
    #expect(try await faults(ledgerText(first)) == [], "a running number may begin with nought")
  }
}

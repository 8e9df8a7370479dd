import Columns
import Payments
import Testing

@testable import Statements

@Suite("What a statement tells") struct ContentTests {
  private let both = "微信退款单号,商户退款单号,退款金额,退款状态,"

  private func bill(_ columns: String, _ values: String, status: String, as name: String = "a.csv")
    async throws -> Statement
  {
    let refund = columns.isEmpty ? "" : ",申请退款金额"
    let text =
      "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易状态,\(columns)商品名称,手续费,订单金额\(refund)\r\n"
      + "`2026-11-02 08:00:00,`wx8f,`16019,`42001,`CK1,`oABC,`\(status),\(values)`充值,`0.00000,`50.00"
      + (columns.isEmpty ? "" : ",`50.00") + "\r\n总交易单数\r\n`1\r\n"
    let reading = try #require(try await readings(of: text, as: name).first)
    #expect(reading.kinds == [], "\(reading.statement.faults)")
    return reading.statement
  }

  @Test("the header tells the form, whatever the rows and the name say")
  func header() async throws {
    let paid = "`0,`0,`0.00,`,"
    let refunded = "`5030,`TK1,`50.00,`SUCCESS,"
    #expect(try await bill("", "", status: "SUCCESS").content == .payments)
    #expect(try await bill("", "", status: "SUCCESS", as: "x_ALL_1.csv").content == .payments)
    #expect(try await bill(both, paid, status: "SUCCESS").content == .both)
    #expect(try await bill(both, refunded, status: "REFUND").content == .both)
    let form = try await bill(
      "退款申请时间,退款成功时间," + both, "`2026-11-02 08:00:00,`," + refunded, status: "REFUND")
    #expect(form.content == .refunds)
  }

  @Test("a name narrows where no row contradicts it, and never widens")
  func names() async throws {
    let paid = "`0,`0,`0.00,`,"
    let refunded = "`5030,`TK1,`50.00,`SUCCESS,"
    let name = "wechat_1609_REFUND_2026-11-02.csv"
    #expect(try await bill(both, refunded, status: "REFUND", as: name).content == .refunds)
    #expect(try await bill(both, paid, status: "SUCCESS", as: name).content == .both)
    let other = "wechat_1609_SUCCESS_2026-11-02.csv"
    #expect(try await bill(both, paid, status: "SUCCESS", as: other).content == .payments)
    #expect(try await bill(both, refunded, status: "REFUND", as: other).content == .both)
  }

  @Test("other layouts tell both")
  func others() async throws {
    for bytes in [
      Sheet.utf8(Sheet.ledger([5])), Sheet.gb(Sheet.alipay([5])), Sheet.utf8(Sheet.camt([5])),
    ] {
      #expect(try await readings(of: bytes, as: "x_REFUND_1").first?.statement.content == .both)
    }
  }
}

import Columns
import Payments
import Testing

@testable import Statements

/// What became of a row: its kind, its fen, the channel it names.
private struct Row: Hashable, CustomStringConvertible {
  var kind: EntryKind
  var fen: Int64
  var channel: Channel

  init(_ kind: EntryKind, _ fen: Int64, _ channel: Channel) {
    (self.kind, self.fen, self.channel) = (kind, fen, channel)
  }

  var description: String { "\(kind) \(fen) \(channel)" }
}

private func rows(_ text: String, as format: String) async throws -> [Row] {
  let reading = try #require(try await readings(of: text).first)
  #expect(reading.statement.format == format)
  #expect(reading.kinds == [])
  #expect(reading.isConserved)
  return reading.table.kind.indices.map {
    Row(reading.table.kind[$0], reading.table.fen[$0], reading.table.channel[$0])
  }
}

@Suite("Layouts known by their header alone") struct LayoutTests {
  @Test("a ledger that credits first and lets people collect later counts the money once")
  func twoStage() async throws {
    let text = """
      流水号,交易时间,交易类型,金额,状态,原流水号,领款状态,学工号,渠道,商户订单号
      1,2026-04-16 11:09:20,圈存,50.00,待领,,待领,2023010101,微信,O1
      2,2026-04-16 12:09:20,领款,50.00,成功,1,已领,2023010101,,
      3,2026-04-16 12:19:20,圈存撤销,50.00,成功,1,,2023010101,微信,O1
      4,2026-04-16 12:29:20,圈存,30.00,失败,,,2023010101,支付宝,O2

      """
    #expect(
      try await rows(text, as: "ledger-two-stage") == [
        Row(.credit, 5_000, .wechat), Row(.excluded, 5_000, .unknown),
        Row(.reversal, 5_000, .wechat), Row(.unpostedCredit, 3_000, .alipay),
      ])
  }

  @Test("a list of top-ups alone tells a credit from its taking back by the sign")
  func rechargeList() async throws {
    let text = """
      流水号,学工号,姓名,到账时间,充值金额,支付方式,商户订单号
      1,2023010101,张三,2026-04-16 11:09:20,50.00,微信,O1
      2,2023010101,张三,2026-04-16 11:12:20,-50.00,微信,O1
      3,2023010102,李四,2026-04-16 11:13:20,20.00,现金,

      """
    #expect(
      try await rows(text, as: "ledger-recharge-list") == [
        Row(.credit, 5_000, .wechat), Row(.reversal, 5_000, .wechat),
        Row(.credit, 2_000, .unknown),
      ])
  }

  @Test("a journal with spending in it keeps top-ups apart by the beginning of their type")
  func mixed() async throws {
    let text = """
      流水号,交易时间,交易类型,交易金额,卡余额,卡号,渠道,商户订单号
      1,2026-04-16 11:09:20,充值-微信,50.00,60.00,1001,微信,O1
      2,2026-04-16 12:09:20,消费-一食堂,-12.00,48.00,1001,,
      3,2026-04-16 12:19:20,冲正-微信,-48.00,0.00,1001,微信,O1

      """
    #expect(
      try await rows(text, as: "ledger-mixed") == [
        Row(.credit, 5_000, .wechat), Row(.excluded, 1_200, .unknown),
        Row(.reversal, 4_800, .wechat),
      ])
  }

  @Test("a type nobody listed is held, not guessed")
  func unknownType() async throws {
    let text = """
      流水号,交易时间,交易类型,交易金额,卡余额,卡号,渠道,商户订单号
      1,2026-04-16 11:09:20,神秘-微信,50.00,60.00,1001,微信,O1

      """
    let reading = try #require(try await readings(of: text).first)
    #expect(reading.kinds == [.unknownStatus])
    #expect(reading.table.kind == [.held])
  }

  @Test("the UnionPay portal's export")
  func portal() async throws {
    let text = """
      商户代码,终端号,交易类型,卡号,查询流水号,银联系统日期,银联系统时间,订单号,交易金额（元）,手续费,交易状态
      8023100,0108,消费,6226****0048,2026,20260416,110920,O1,50.00,0.30,交易成功
      8023100,0108,消费撤销,6226****0048,2027,20260416,111020,O1,-50.00,0.30,交易成功
      8023100,0108,消费,6226****0048,2028,20260416,111120,O2,20.00,0.00,交易失败

      """
    #expect(
      try await rows(text, as: "unionpay-portal") == [
        Row(.payment, 5_000, .unionpay), Row(.refund, 5_000, .unionpay),
        Row(.failedPayment, 2_000, .unionpay),
      ])
  }

  @Test("China Merchants Bank in the style of receipts")
  func receipts() async throws {
    let text = """
      交易日期,借方(出账),贷方(入账),余额,摘要,收(付)方名称,收(付)方账号,交易类型
      2026-04-16,,50.00,1050.00,校园卡充值 学号2023010101,张三,622200001,转账
      2026-04-16,20.00,,1030.00,水费,李四,622200002,转账

      """
    #expect(
      try await rows(text, as: "cmb-receipt") == [
        Row(.payment, 5_000, .cmb), Row(.refund, 2_000, .cmb),
      ])
  }

  @Test("a bank that says 存入 and 取出 (Shanghai Pudong)")
  func generic() async throws {
    let text = """
      账号,6200000000001230,账户类型,借记卡,日期范围,20260401-20260430
      顺序号,交易日期,交易类型,存入金额,取出金额,余额,交易对手名称,交易对手账号,附言
      1,2026/04/16  11:09:16,汇入,50.00,,1050.00,张三,622200001,校园卡充值 学号2023010101
      2,2026/04/16  11:10:16,汇出,,20.00,1030.00,李四,622200002,校园卡退款

      """
    #expect(
      try await rows(text, as: "bank-generic") == [
        Row(.payment, 5_000, .bank), Row(.refund, 2_000, .bank),
      ])
  }

  @Test("UnionPay's dispute file is told from a damaged detail")
  func disputes() async throws {
    let record =
      "S56" + String(repeating: " ", count: 63) + "000000476800"
      + String(repeating: " ", count: 339 - 78) + "\r\n"
    let reading = try #require(try await readings(of: record, as: "INN26040101ZME_8023").first)
    #expect(reading.statement.format == "unionpay-zme")
    #expect(reading.kinds == [.unreadable])
  }

  @Test("a person's own bill is read and takes no part in matching")
  func personal() async throws {
    let bill = """
      China Construction Bank,,,,,,,,,,
      账　　号：,62170000,,,,,,,,,
      记账日          ,交易日期  ,交易时间   ,支出     ,收入    ,账户余额    ,币种    ,摘要    ,对方账号    ,对方户名    ,交易地点
      20260416,20260416,11:09:16,50.00,0,1050.00,人民币,校园卡充值,622200001,张三,学校
      以上数据仅供参考|具体内容请以柜台为准,,,,,,,,,,

      """
    let read = try await intake([
      ("bill.csv", Array(bill.utf8)), ("ledger.csv", Array(ledgerText([ledgerRow("1")]).utf8)),
    ])
    let index = try #require(read.allStatements.firstIndex { $0.file == "bill.csv" })
    #expect(read.allStatements[index].format == "ccb-personal")
    #expect(read.allStatements[index].faults == [])
    #expect(!read.allStatements[index].covers)
    let mine = (0..<read.entries.count).filter { Int(read.entries.statement[$0]) == index }
    #expect(mine.map { read.entries.rule[$0] } == [.personalBill])
    #expect(mine.allSatisfy { read.entries.kind[$0] == .excluded })
  }
}

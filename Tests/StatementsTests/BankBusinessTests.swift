import Payments
import Testing

@testable import Statements

@Suite("What a bank's row is about, as its statement tells it")
struct BankBusinessTests {
  /// One row of an account: what it moved, whom it names, what its texts say.
  struct Row: CustomTestStringConvertible, Sendable {
    var fen: Int64
    var party: String
    var text: String
    var kind: EntryKind
    /// The rule it is excluded by, or doubtful for.
    var rule: ExclusionRule?

    var testDescription: String { "\(fen) \(party) \(text)" }

    /// The amount as files write it.
    var yuan: String { "\(abs(fen) / 100).\(abs(fen) % 100 / 10)\(abs(fen) % 10)" }
  }

  static let rows = [
    Row(fen: 5_000, party: "张三", text: "校园卡充值 学号2023010203", kind: .payment),
    Row(
      fen: 994_000, party: "财付通支付科技有限公司", text: "微信支付结算 校园卡充值", kind: .payment,
      rule: .settlement),
    Row(
      fen: 994_000, party: "支付宝（中国）网络技术有限公司", text: "商户结算", kind: .excluded,
      rule: .settlement),
    Row(fen: 70_000, party: "中国银联股份有限公司", text: "清算款 一卡通", kind: .payment, rule: .settlement),
    // A person's transfer may name the way it took; a company in full is another thing.
    Row(fen: 5_000, party: "张三", text: "网联转账 校园卡充值", kind: .payment),
    Row(
      fen: 5_000, party: "", text: "网联清算有限公司 校园卡充值结算", kind: .payment, rule: .settlement),
    // Whatever the bank writes as the counterparty.
    Row(
      fen: 994_000, party: "特约商户", text: "微信支付结算款 校园卡充值", kind: .payment, rule: .settlement),
    Row(fen: 994_000, party: "", text: "校园卡充值 POS收单清算", kind: .payment, rule: .settlement),
    Row(fen: 5_000, party: "张三", text: "支付宝转账 校园卡充值", kind: .payment),
    Row(fen: -1_234_567, party: "某某餐饮有限公司", text: "一卡通食堂结算", kind: .refund, rule: .outgoing),
    Row(fen: -5_000, party: "张三", text: "校园卡退款 学号2023010203", kind: .refund),
    Row(fen: -5_000, party: "张三", text: "校园卡充值冲正", kind: .refund),
    Row(fen: -800, party: "供电局", text: "电费", kind: .refund, rule: .notCampusCard),
  ]

  private func expect(_ entry: Entry, _ row: Row) {
    #expect(entry.kind == row.kind)
    #expect(entry.rule == row.rule ?? .notTopUp)
    #expect(entry.fen == abs(row.fen))
  }

  @Test("As CSV", arguments: rows)
  func text(_ row: Row) async throws { expect(try await read(row), row) }

  private func read(_ row: Row) async throws -> Entry {
    let (paidIn, paidOut) = row.fen > 0 ? (row.yuan, "0") : ("0", row.yuan)
    let header =
      "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,摘要,备注,账户明细编号-交易流水号,企业流水号"
    let line =
      "4405,云山大学,20261102 08:00:00,\(paidOut),\(paidIn),90000.00,人民币元,\(row.party),转账,\(row.text),101-1,"
    let read = try await readings(of: header + "\r\n" + line + "\r\n")
    return try #require(read.first).table[0]
  }

  @Test("As camt", arguments: rows)
  func camt(_ row: Row) async throws {
    let direction = row.fen > 0 ? "CRDT" : "DBIT"
    let side = row.fen > 0 ? "Dbtr" : "Cdtr"
    let entry = """
      <Ntry><Amt Ccy="CNY">\(row.yuan)</Amt><CdtDbtInd>\(direction)</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
      <BookgDt><DtTm>2026-11-02T10:00:00+08:00</DtTm></BookgDt><AcctSvcrRef>B1</AcctSvcrRef>
      <NtryDtls><TxDtls><RltdPties><\(side)><Nm>\(row.party)</Nm></\(side)></RltdPties>
      <RmtInf><Ustrd>\(row.text)</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
      """
    let read = try await readings(of: camtStatement(entry, closing: "0"), as: "camt.xml")
    expect(try #require(read.first).table[0], row)
  }

  @Test(
    "A company is told from a person by its name",
    arguments: [
      ("某某文化传媒有限公司", true), ("云山大学校友会", true), ("ACME TRADING LTD", true), ("张三", false),
      ("欧阳校中", false), ("", false),
    ])
  func company(name: String, isCompany: Bool) async throws {
    let csv = try await read(Row(fen: 2_000_000, party: name, text: "校园卡业务合作款", kind: .payment))
    #expect(csv.isCompany == isCompany && csv.rule == .notTopUp)
    let entry = """
      <Ntry><Amt Ccy="CNY">200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
      <BookgDt><DtTm>2026-11-02T10:00:00+08:00</DtTm></BookgDt><AcctSvcrRef>B1</AcctSvcrRef>
      <NtryDtls><TxDtls><RltdPties><Dbtr><Nm>\(name)</Nm></Dbtr></RltdPties>
      <RmtInf><Ustrd>一卡通</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
      """
    let camt = try await readings(of: camtStatement(entry, closing: "300.00"), as: "camt.xml")
    #expect(try #require(camt.first).table[0].isCompany == isCompany)
  }

  @Test("A camt reversal goes back without saying so")
  func reversal() async throws {
    let entry = """
      <Ntry><Amt Ccy="CNY">50.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts><Cd>BOOK</Cd></Sts>
      <BookgDt><DtTm>2026-11-02T10:00:00+08:00</DtTm></BookgDt><AcctSvcrRef>B1</AcctSvcrRef>
      <AddtlNtryInf>校园卡充值</AddtlNtryInf></Ntry>
      """
    let read = try await readings(of: camtStatement(entry, closing: "50.00"), as: "camt.xml")
    let row = try #require(read.first).table[0]
    #expect(row.kind == .refund)
    #expect(row.rule == .notTopUp)
  }

  @Test(
    "付款银行 tells a foreign card",
    arguments: [
      ("VISA_CREDIT", true), ("MASTERCARD_DEBIT", true), ("JCB_CREDIT", true),
      ("AMEX_CREDIT", true), ("DINERS_CREDIT", true), ("JSB_DEBIT", false), ("ABC_DEBIT", false),
      ("MINSHENGBANK", false), ("OTHERS", false), ("", false), ("CFT", false),
    ])
  func foreign(bank: String, isForeign: Bool) async throws {
    let text = Sheet.wechat([100, 200]).replacing("`CFT,", with: "`\(bank),", maxReplacements: 1)
    let table = try #require(try await readings(of: text).first).table
    #expect(table[0].isForeign == isForeign)
    #expect(!table[1].isForeign)
    #expect(table[0].kind == .payment)
  }
}

import Payments
import Testing

@testable import Statements

/// Faults of a whole file, each shown by a small file written for it.
@Suite("Statement faults") struct StatementFaultTests {
  private let ledger = ("ledger.csv", Sheet.utf8(Sheet.ledger([500, 600, 700])))
  private let wechat = ("wechat.csv", Sheet.utf8(Sheet.wechat([500, 600, 700])))

  @Test("sound files have no fault")
  func sound() async throws {
    let read = try await intake([
      ledger, wechat, ("ccb.csv", Sheet.gb(Sheet.ccb([100, 200]))),
      ("camt.xml", Sheet.utf8(Sheet.camt([5]))),
      ("alipay.csv", Sheet.gb(Sheet.alipay([100, 200]))),
      ("INN26110288ZM", Sheet.unionPay([100, 200])),
    ])
    #expect(read.allStatements.flatMap(\.faults) == [])
    #expect(
      read.allStatements.map(\.format).sorted() == [
        "alipay-trade", "camt.053", "card-ledger", "ccb-corporate", "unionpay-zm", "wechat-trade",
      ])
    #expect(read.entries.count == 13)
    #expect(read.isConserved)
  }

  @Test(
    "statement-missing: a channel the ledger names has no statement; no ledger; an expected one")
  func missing() async throws {
    let alone = try await intake([ledger])
    #expect(alone.allStatements.filter { $0.file.isEmpty }.map(\.channel) == [.wechat])
    #expect(alone.allStatements.last?.faults.map(\.kind) == [.statementMissing])
    #expect(alone.allStatements.last?.from == BusinessDay("2026-11-02"))
    let bill = try await intake([wechat])
    #expect(bill.allStatements.filter { $0.file.isEmpty }.map(\.side) == [.ledger])
    var options = Intake.Options()
    options.expected = [.alipay]
    let both = try await intake([ledger, wechat], options)
    #expect(both.allStatements.filter { $0.file.isEmpty }.map(\.channel) == [.alipay])
  }

  @Test("statement-truncated: no trailer, half a row, an open quote, a header cut short")
  func truncated() async throws {
    let bill = Sheet.wechat([500, 600])
    let trailer = try #require(bill.firstRange(of: "总交易单数")?.lowerBound)
    let cases: [([UInt8], Int?)] = [
      (Sheet.utf8(String(bill[..<trailer])), nil),
      (Array(Sheet.utf8(Sheet.ledger([500, 600])).dropLast(30)), 3),
      (Sheet.utf8(Sheet.ledger([500, 600]).replacing("L2", with: "\"L2")), 3),
      (Array(Sheet.utf8(Sheet.ledgerHeader).dropLast(8)), 1),
      (Array(Sheet.unionPay([500, 600]).dropLast(100)), 2),
      (Array(Sheet.utf8(Sheet.camt([500, 600])).dropLast(40)), nil),
    ]
    for (index, (bytes, line)) in cases.enumerated() {
      let read = try await intake([("a.csv", bytes)])
      let fault = try read.fault(.statementTruncated, in: "a.csv")
      #expect(fault.holds, "case \(index)")
      if let line { #expect(fault.line == line, "case \(index)") }
      #expect(read.entries.count == 0)
      #expect(read.isConserved)
    }
  }

  @Test("control-total-mismatch: rows and trailer disagree, and both figures are told")
  func totals() async throws {
    let bill = Sheet.wechat([500, 600]).replacing("`2.0,`11.00", with: "`3.0,`11.01")
    let fault = try await intake([("a.csv", Sheet.utf8(bill))]).fault(
      .controlTotalMismatch, in: "a.csv")
    #expect(fault.column == "总交易单数")
    #expect(fault.detail.en.contains("3.0") && fault.detail.en.contains("11.01"))
    #expect(fault.detail.en.contains("11.00"))
    let alipay = Sheet.alipay([500]).replacing("交易合计：1笔", with: "交易合计：2笔")
    _ = try await intake([("b.csv", Sheet.gb(alipay))]).fault(.controlTotalMismatch, in: "b.csv")
    let camt = Sheet.camt([500]).replacing("10005.00", with: "10006.00")
    _ = try await intake([("c.xml", Sheet.utf8(camt))]).fault(.controlTotalMismatch, in: "c.xml")
  }

  @Test("statement-duplicate: the same bytes under another name, used once")
  func duplicate() async throws {
    let read = try await intake([ledger, wechat, ("wechat (1).csv", wechat.1)])
    let held = read.allStatements.filter(\.isHeld)
    #expect(held.flatMap(\.faults).map(\.kind) == [.statementDuplicate])
    #expect(read.entries.count == 6)
    #expect(read.isConserved)
    #expect(read.statements.map(\.repeated).reduce(0) { $0 + $1.rows } == 3)
  }

  @Test("statement-reissued: the later issue that holds every row of the first counts")
  func reissued() async throws {
    let later = ("wechat2.csv", Sheet.utf8(Sheet.wechat([500, 600, 700, 800])))
    let read = try await intake([ledger, wechat, later])
    #expect(try read.fault(.statementReissued, in: "wechat.csv").holds)
    let used = try read.fault(.statementReissued, in: "wechat2.csv")
    #expect(!used.holds)
    #expect(used.detail.en.contains("3 rows in both"))
    #expect(read.entries.count == 7)
    #expect(read.isConserved)
  }

  @Test("statement-reissued: two issues that contradict each other are both held")
  func conflicting() async throws {
    let other = Sheet.wechat([500, 600, 700, 800]).replacing("`4200001,", with: "`4200009,")
    let read = try await intake([ledger, wechat, ("wechat2.csv", Sheet.utf8(other))])
    #expect(try read.fault(.statementReissued, in: "wechat.csv").holds)
    #expect(try read.fault(.statementReissued, in: "wechat2.csv").holds)
    #expect(read.entries.count == 3)
    #expect(read.isConserved)
  }

  @Test("wrong-day: a file of another day, and rows outside the days a file says it is for")
  func wrongDay() async throws {
    let other = ("wechat.csv", Sheet.utf8(Sheet.wechat([500], day: "2026-11-01")))
    #expect(try await intake([ledger, other]).fault(.wrongDay, in: "wechat.csv").holds)
    let alipay = Sheet.alipay([500]).replacing("2026年11月02日", with: "2026年11月01日")
      .replacing("2026年11月03日", with: "2026年11月02日")
    let fault = try await intake([("a.csv", Sheet.gb(alipay))]).fault(.wrongDay, in: "a.csv")
    #expect(fault.detail.en.contains("2026-11-02"))
  }

  @Test("wrong-account-statement: another merchant than configured, and a row of nobody's")
  func wrongAccount() async throws {
    var options = Intake.Options()
    options.merchants = [.wechat: ["99"]]
    let read = try await intake([ledger, wechat], options)
    #expect(
      try read.fault(.wrongAccountStatement, in: "wechat.csv").detail.en.contains("1601959334"))
    let mixed = Sheet.ccb([100, 200]).replacing(
      "4405,云山大学,20261102 08:01", with: ",云山大学,20261102 08:01")
    let fault = try await intake([("a.csv", Sheet.gb(mixed))]).fault(
      .wrongAccountStatement, in: "a.csv")
    #expect(fault.line == 3)
    #expect(fault.column == "账号")
  }

  @Test(
    "layout-changed: the column that vanished and the one that appeared are named",
    arguments: [
      ("ccb", "账户明细编号-交易流水号", "流水编号"), ("ccb", "贷方发生额（收入）", "收入"), ("wechat", "微信订单号", "支付单号"),
      ("wechat", "交易状态", "状态"), ("ledger", "状态", "结果"), ("alipay", "完成时间", "结束时间"),
    ])
  func layout(_ file: String, _ vanished: String, _ appeared: String) async throws {
    let texts = [
      "ccb": Sheet.ccb([100]), "wechat": Sheet.wechat([100]), "ledger": Sheet.ledger([100]),
      "alipay": Sheet.alipay([100]),
    ]
    let text = try #require(texts[file]).replacing(vanished, with: appeared, maxReplacements: 1)
    let read = try await intake([("a.csv", Sheet.utf8(text))])
    let fault = try read.fault(.layoutChanged, in: "a.csv")
    let name = normalisedHeader(vanished)
    #expect(fault.column?.contains(name) == true, "\(fault)")
    #expect(fault.detail.zh.contains(name) && fault.detail.zh.contains(appeared), "\(fault)")
    #expect(fault.detail.en.contains(name) && fault.detail.en.contains(appeared), "\(fault)")
    #expect(read.entries.count == 0)
  }
}

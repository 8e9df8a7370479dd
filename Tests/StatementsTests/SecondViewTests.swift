import Columns
import Payments
import Testing

@testable import Statements

@Suite("Second views") struct SecondViewTests {
  private let ledger = ("ledger.csv", Sheet.utf8(Sheet.ledger([500, 600])))
  private let flow = ("flow.csv", Sheet.utf8(Sheet.fundFlow([500, 600])))
  private let trade = ("trade.csv", Sheet.utf8(Sheet.wechat([500, 600])))

  @Test("a fund-flow bill alone is used")
  func alone() async throws {
    let read = try await intake([ledger, flow])
    #expect(read.allStatements.flatMap(\.faults) == [])
    #expect(read.entries.kind.filter { $0 == .payment }.count == 2)
  }

  @Test("beside a trade bill of the day its rows are excluded by name")
  func beside() async throws {
    let read = try await intake([ledger, flow, trade])
    #expect(read.allStatements.flatMap(\.faults) == [])
    let index = try #require(read.allStatements.firstIndex { $0.file == "flow.csv" })
    let mine = (0..<read.entries.count).filter { Int(read.entries.statement[$0]) == index }
    #expect(mine.count == 2)
    #expect(
      mine.allSatisfy { read.entries.kind[$0] == .excluded && read.entries.rule[$0] == .secondView }
    )
    #expect(read.entries.kind.filter { $0 == .payment }.count == 2)
    #expect(read.isConserved)
  }

  @Test("beside a bill that is held, or of another day, it tells no payment in the bill's place")
  func besideHeld() async throws {
    let cut = ("trade.csv", Array(trade.1.dropLast(60)))
    let read = try await intake([ledger, flow, cut])
    #expect(try read.statement("trade.csv").isHeld)
    #expect(read.entries.kind.filter { $0 == .payment }.isEmpty)
    let bills = Book(side: .channel, channel: .wechat)
    #expect(read.coverage.united { bills.isAnswered(by: $0) }.spans.isEmpty)
    #expect(!read.coverage.united { $0.content == .funds }.spans.isEmpty)
    var options = Intake.Options()
    options.days = BusinessDay(number: 20_758)...BusinessDay(number: 20_760)
    let before = ("trade.csv", Sheet.utf8(Sheet.wechat([500], day: "2026-11-01")))
    let other = try await intake([ledger, flow, before], options)
    #expect(other.entries.kind.filter { $0 == .payment }.count == 1)
  }

  /// A camt message of one account with one entry.
  private func message(
    _ number: String, account: String = "7453", at clock: String = "10:00:00", reference: String
  ) -> [UInt8] {
    let (root, part) =
      ["052": ("BkToCstmrAcctRpt", "Rpt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")][number]
      ?? ("BkToCstmrStmt", "Stmt")
    let entry = """
      <Ntry><Amt Ccy="CNY">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
      <BookgDt><DtTm>2026-11-02T\(clock)+08:00</DtTm></BookgDt><AcctSvcrRef>\(reference)</AcctSvcrRef>
      <AddtlNtryInf>校园卡充值 学号2023010203</AddtlNtryInf></Ntry>
      """
    return Sheet.utf8(
      camtStatement(entry, closing: "150.00").replacing("7453", with: account)
        .replacing("camt.053", with: "camt.\(number)")
        .replacing("BkToCstmrStmt", with: root).replacing("Stmt>", with: "\(part)>"))
  }

  @Test(
    "of a bank's messages about one account one speaks",
    arguments: [
      ["053", "052"], ["053", "054"], ["052", "054"], ["053", "052", "054"], ["052"], ["054"],
    ])
  func messages(numbers: [String]) async throws {
    let files = numbers.map { ("\($0).xml", message($0, reference: "R\($0)")) }
    let read = try await intake([ledger] + files)
    let paid = read.entries.kind.indices.filter { read.entries.kind[$0] == .payment }
    #expect(paid.count == 1)
    let first = try #require(read.allStatements.firstIndex { $0.file == "\(numbers[0]).xml" })
    #expect(paid.allSatisfy { Int(read.entries.statement[$0]) == first })
    let left = read.entries.kind.indices.filter {
      read.entries.kind[$0] == .excluded && read.entries.rule[$0] == .secondView
    }
    #expect(left.count == numbers.count - 1)
    #expect(read.isConserved)
  }

  @Test("what cannot be read of a report is no hole beside the statement")
  func holes() async throws {
    let unread = String(decoding: message("052", reference: "R"), as: UTF8.self)
      .replacing(
        "<Amt Ccy=\"CNY\">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
        with: "<Amt Ccy=\"CNY\">5x</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>"
      )
      .replacing("<Bal>", with: "<!--").replacing("</Bal>", with: "-->")
    let report = ("052.xml", Sheet.utf8(unread))
    let alone = try await intake([ledger, report])
    #expect(alone.coverage.books.contains { !$0.holes.isEmpty })
    let beside = try await intake([ledger, report, ("053.xml", message("053", reference: "S"))])
    #expect(beside.coverage.books.allSatisfy { $0.holes.isEmpty })
    #expect(beside.entries.kind.filter { $0 == .payment }.count == 1)
  }

  @Test("not of another account, and not where the statement is held")
  func otherMessages() async throws {
    let other = try await intake([
      ledger, ("053.xml", message("053", reference: "A")),
      ("052.xml", message("052", account: "7454", reference: "B")),
    ])
    #expect(other.entries.kind.filter { $0 == .payment }.count == 2)
    let broken = String(decoding: message("053", reference: "A"), as: UTF8.self)
      .replacing("150.00", with: "151.00")
    let held = try await intake([
      ledger, ("053.xml", Sheet.utf8(broken)), ("052.xml", message("052", reference: "B")),
    ])
    #expect(try held.statement("053.xml").isHeld)
    #expect(held.entries.kind.filter { $0 == .payment }.count == 1)
  }

  @Test("a personal bill covers nothing and is no answer to a missing statement")
  func personal() async throws {
    let text = """
      微信支付账单明细,,,
      起始时间：[2026-11-02 00:00:00] 终止时间：[2026-11-03 00:00:00],,,
      交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
      2026-11-02 08:00:00,商户消费,云山大学,校园卡充值,支出,¥5.00,零钱,支付成功,4200001\t,CK1\t,学号2023010203

      """
    let read = try await intake([ledger, ("own.csv", Sheet.utf8(text))])
    #expect(try read.statement("own.csv").format == "wechat-personal")
    #expect(try read.statement("own.csv").isPartial)
    let own = read.coverage.books.filter { $0.book.channel == .wechat }
    #expect(own.allSatisfy { $0.spans.isEmpty })
    #expect(read.allStatements.filter { $0.file.isEmpty }.map(\.channel) == [.wechat])
    // Left out, it is for nobody.
    let index = try #require(read.allStatements.firstIndex { $0.file == "own.csv" })
    let mine = (0..<read.entries.count).filter { Int(read.entries.statement[$0]) == index }
    #expect(mine.map { read.entries.student[$0] } == [0])
  }

  private let summary = Sheet.gb(
    "#支付宝业务汇总查询\r\n#账号：[2088]\r\n门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）\r\n,合计,2,0,3.00\r\n")

  @Test("a summary by itself is refused as one")
  func summaryAlone() async throws {
    let read = try await intake([("sum.csv", summary)])
    let fault = try read.fault(.unreadable, in: "sum.csv")
    #expect(fault.detail.en.contains("summary") && fault.holds)
    #expect(try read.statement("sum.csv").format == "alipay-summary")
    let text = Sheet.utf8("中国银联全渠道商户交易汇总表\r\n商户代码 802310048993424\r\n")
    let union = try await intake([("RD2026", text)])
    #expect(try union.statement("RD2026").format == "unionpay-summary")
    #expect(try union.statement("RD2026").isHeld)
  }

  @Test("beside the detail in one zip it is left out without a word, whatever it is called")
  func summaryInZip() async throws {
    var detail = WrittenMember("2088_20261102_业务明细.csv")
    detail.contents = Sheet.gb(Sheet.alipay([100, 200]))
    for name in ["2088_20261102_业务明细(汇总).csv", "b.csv"] {
      var other = WrittenMember(name)
      other.contents = summary
      let read = try await intake([("2088.zip", zipped([other, detail]))])
      #expect(read.allStatements.filter { !$0.file.isEmpty }.flatMap(\.faults) == [])
      #expect(read.entries.count == 2)
      #expect(read.isConserved)
    }
    var alone = WrittenMember("b.csv")
    alone.contents = summary
    let read = try await intake([("2088.zip", zipped([alone]))])
    #expect(read.allStatements.first?.isHeld == true)
  }
}

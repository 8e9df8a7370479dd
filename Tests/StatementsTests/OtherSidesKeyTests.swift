import Columns
import Payments
import Testing

@testable import Statements

@Suite("What the other side's keys tell") struct OtherSidesKeyTests {
  private let bill = ("wechat.csv", Sheet.utf8(Sheet.wechat([500, 600, 700, 800])))

  @Test("a key column under another name holds the ledger, and both names are told")
  func renamed() async throws {
    let text = Sheet.ledger([500, 600, 700]).replacing("商户订单号", with: "支付平台单号")
    let read = try await intake([("ledger.csv", Sheet.utf8(text)), bill])
    let fault = try read.fault(.layoutChanged, in: "ledger.csv")
    #expect(fault.holds && fault.column == "支付平台单号")
    for text in [fault.detail.zh, fault.detail.en] {
      #expect(text.contains("商户订单号") && text.contains("支付平台单号"))
    }
    #expect(!read.entries.kind.contains(.credit))
    let one = Sheet.ledger([500]).replacing("渠道流水号", with: "外部号")
    let few = try await intake([("ledger.csv", Sheet.utf8(one)), bill])
    #expect(try few.fault(.layoutChanged, in: "ledger.csv").column == "外部号")
  }

  @Test("a column that is only gone, or one that holds nothing of the other side, changes nothing")
  func harmless() async throws {
    let text = Sheet.ledger([500, 600, 700]).replacing("商户订单号", with: "备用")
      .replacing(",CK", with: ",ZZ")
    let read = try await intake([("ledger.csv", Sheet.utf8(text)), bill])
    #expect(try read.statement("ledger.csv").faults == [])
    let two = Sheet.ledger([500, 600, 700]).replacing("商户订单号", with: "备用")
      .replacing(",CK3,", with: ",ZZ,")
    let some = try await intake([("ledger.csv", Sheet.utf8(two)), bill])
    #expect(try some.statement("ledger.csv").faults == [], "two of three are fewer than three")
    let added = Sheet.ledger([500, 600]).replacing("操作员", with: "操作员,备用")
      .replacing(",,,\r\n", with: ",,,,CK1\r\n")
    let both = try await intake([("ledger.csv", Sheet.utf8(added)), bill])
    #expect(try both.statement("ledger.csv").faults == [], "no key column is gone")
  }

  private func ledger(_ rows: [(order: String, bank: String)]) -> (String, [UInt8]) {
    let text = rows.enumerated().map { row, given in
      ledgerRow("L\(row)", order: given.order, time: "2026-11-02 \(Sheet.clock(row))")
        .replacing("微信", with: given.bank)
    }
    return ("ledger.csv", Sheet.utf8(ledgerText(text)))
  }

  private func camt(_ orders: [String]) -> [UInt8] {
    let entries = orders.enumerated().map { row, order in
      camtEntry("B\(row)").replacing(
        "<AddtlNtryInf>",
        with: "<NtryDtls><TxDtls><Refs><EndToEndId>\(order)</EndToEndId></Refs>"
          + "</TxDtls></NtryDtls><AddtlNtryInf>")
    }
    return Sheet.utf8(
      camtStatement(entries.joined(), closing: Sheet.yuan(10_000 + 5_000 * orders.count)))
  }

  @Test("a nameless bank statement is the bank's whose rows it meets, though the ledger names two")
  func met() async throws {
    let rows = ledger([("CK1", "中国银行"), ("CK2", "工商银行"), ("CK3", "中国银行")])
    let read = try await intake([rows, ("a.xml", camt(["CK3", "X"]))])
    #expect(try read.statement("a.xml").channel == .boc)
    #expect(read.allStatements.filter { $0.file.isEmpty }.map(\.channel) == [.icbc])
    let two = try await intake([rows, ("a.xml", camt(["CK3"])), ("b.xml", camt(["CK2"]))])
    #expect(try two.statement("a.xml").channel == .boc)
    #expect(try two.statement("b.xml").channel == .icbc)
  }

  @Test("else the only bank the ledger names; else none")
  func unmet() async throws {
    let two = ledger([("CK1", "中国银行"), ("CK2", "工商银行")])
    #expect(try await intake([two, ("a.xml", camt(["X"]))]).statement("a.xml").channel == .bank)
    let torn = try await intake([two, ("a.xml", camt(["CK1", "CK2"]))])
    #expect(try torn.statement("a.xml").channel == .bank, "they do not agree")
    let one = ledger([("CK1", "中国银行")])
    #expect(try await intake([one, ("a.xml", camt(["X"]))]).statement("a.xml").channel == .boc)
  }
}

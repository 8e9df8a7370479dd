import Payments
import Testing

@testable import Statements

@Suite("A control that cannot be read has failed") struct ControlTests {
  private func first(_ bytes: [UInt8], as name: String = "a.csv") async throws -> Reading {
    try #require(try await readings(of: bytes, as: name).first)
  }

  @Test("totals of a trailer: unreadable, empty, cut off", arguments: ["--", "", "x", "1,2"])
  func trailers(_ stated: String) async throws {
    let bill = Sheet.wechat([500]).replacing(
      "`5.00,`0.00,`0.00,`0.00,`5.00",
      with:
        "`5.00,`0.00,`0.00,`0.00,`\(stated)")
    let reading = try await first(Sheet.utf8(bill))
    #expect(reading.kinds == [.controlTotalMismatch] && reading.statement.isHeld)
    #expect(!reading.statement.provesEnd)
    let count = try await first(
      Sheet.utf8(Sheet.wechat([500]).replacing("`1.0,`5.00", with: "`\(stated),`5.00")))
    #expect(count.kinds == [.controlTotalMismatch])
    let alipay = Sheet.alipay([500]).replacing("商家实收共5.00元", with: "商家实收共\(stated)元")
    #expect(try await first(Sheet.gb(alipay)).kinds == [.controlTotalMismatch])
  }

  @Test("a total's line without its total, and a total of a column the file does not have")
  func lines() async throws {
    let alipay = Sheet.alipay([500]).replacing("#退款合计：0笔", with: "#退款合计：")
    #expect(try await first(Sheet.gb(alipay)).kinds == [.controlTotalMismatch])
    let bill = wechatText([wechatRow("42", order: "CK1")], count: "1", total: "50.00")
      .replacing("总交易单数,", with: "总交易单数,退款总金额,").replacing("`1,`50.00", with: "`1,`0.00,`50.00")
    #expect(try await first(Sheet.utf8(bill)).kinds == [])
    let odd = bill.replacing("`1,`0.00,", with: "`1,`--,")
    #expect(try await first(Sheet.utf8(odd)).kinds == [.controlTotalMismatch])
    let rejected = Sheet.wechat([500, 600]).replacing("`11.00,`0.00,`\r\n", with: "`x,`0.00,`\r\n")
    let sums = rejected.replacing("`2.0,`11.00", with: "`2.0,`?")
    #expect(try await first(Sheet.utf8(sums)).kinds.contains(.controlTotalMismatch))
  }

  @Test(
    "a balance in a chain: empty or garbage, in the middle and at an end", arguments: ["", "x.yz"])
  func balances(_ balance: String) async throws {
    for place in 1...3 {
      let rows = (1...3).map {
        ccbRow("10\($0)", balance: $0 == place ? balance : "\(50 * $0).00")
      }
      let reading = try await first(Sheet.gb(ccbText(rows)))
      #expect(reading.kinds.contains(.runningBalanceBreak) && reading.statement.isHeld)
      #expect(reading.statement.faults.first?.line == place + 1)
    }
    let ledger = [ledgerRow("L1", balance: "50.00"), ledgerRow("L2")]
    #expect(try await first(Sheet.utf8(ledgerText(ledger))).kinds == [], "cards are not the file's")
  }

  @Test("balances of a camt statement: no amount, no sign, two that differ")
  func camt() async throws {
    let good = camtStatement(camtEntry("B1"), closing: "150.00")
    #expect(try await first(Sheet.utf8(good)).kinds == [])
    let closing = "<Amt Ccy=\"CNY\">150.00</Amt>\n<CdtDbtInd>CRDT</CdtDbtInd>"
    #expect(good.contains(closing))
    for bad in [
      "<Amt Ccy=\"CNY\"></Amt>\n<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>CRDT</CdtDbtInd>",
      "<Amt Ccy=\"CNY\">1.5.0</Amt>\n<CdtDbtInd>CRDT</CdtDbtInd>", "<Amt Ccy=\"CNY\">150.00</Amt>",
    ] {
      let reading = try await first(Sheet.utf8(good.replacing(closing, with: bad)))
      #expect(reading.kinds == [.controlTotalMismatch], "\(bad)")
      #expect(reading.statement.faults.first?.column == "CLBD")
    }
    let start = try #require(
      good.firstRange(of: "<Bal>\n")?.lowerBound ?? good.firstRange(of: "<Bal>")?.lowerBound)
    let two =
      good[..<start]
      + good[start...].replacing(
        "<Bal><Tp><CdOrPrtry><Cd>OPBD",
        with: "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>"
          + "<Amt Ccy=\"CNY\">151.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-02</Dt></Dt></Bal>"
          + "<Bal><Tp><CdOrPrtry><Cd>OPBD")
    #expect(try await first(Sheet.utf8(String(two))).kinds == [.controlTotalMismatch])
  }

  @Test(
    "the summary of a camt statement",
    arguments: [
      ("<NbOfNtries>1</NbOfNtries>", true), ("<NbOfNtries>one</NbOfNtries>", false),
      ("<Sum>50.00</Sum>", true), ("<Sum>-</Sum>", false), ("<Sum>51.00</Sum>", false),
      ("<TtlNetNtryAmt>50.00</TtlNetNtryAmt><CdtDbtInd>CRDT</CdtDbtInd>", true),
      ("<TtlNetNtryAmt>50.00</TtlNetNtryAmt><CdtDbtInd>DBIT</CdtDbtInd>", false),
    ])
  func summary(_ text: String, _ isGood: Bool) async throws {
    let message = camtStatement(camtEntry("B1"), closing: "150.00")
      .replacing("CLBD", with: "CLAV")
      .replacing("<Ntry>", with: "<TxsSummry><TtlNtries>\(text)</TtlNtries></TxsSummry>\n<Ntry>")
    let reading = try await first(Sheet.utf8(message))
    #expect(reading.kinds == (isGood ? [] : [.controlTotalMismatch]))
    #expect(reading.statement.provesEnd == isGood)
  }

  @Test(
    "counts and pages of a bank's answer",
    arguments: [
      ("1", [FaultKind]()), ("x", [.controlTotalMismatch]),
      ("", [.controlTotalMismatch]), ("2", [.controlTotalMismatch]),
    ] as [(String, [FaultKind])])
  func answers(_ count: String, _ expected: [FaultKind]) async throws {
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <CMS><eb><pub><TransCode>QPD</TransCode><RetCode>0</RetCode></pub><out><AccNo>1</AccNo>
      <CurrType>001</CurrType><NextTag></NextTag><TotalNum>\(count)</TotalNum>
      <rd><Drcrf>2</Drcrf><Amount>500</Amount><TimeStamp>2026-11-02-08.00.00</TimeStamp></rd>
      </out></eb></CMS>
      """
    let reading = try await first(Sheet.utf8(text), as: "a.xml")
    #expect(
      reading.kinds.filter { $0 == .controlTotalMismatch } == expected,
      "\(reading.statement.faults)")
    #expect(reading.statement.provesEnd == expected.isEmpty)
  }
}

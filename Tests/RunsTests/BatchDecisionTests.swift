import History
import Payments
import Testing

@testable import Runs

/// Details of one bank entry share its serial; what was decided about one is never another's.
@Suite("Decisions about the details of a bank's entry")
struct BatchDecisionTests {
  private static let day = TinyDay(day: "2026-11-16")

  /// A bank message with one entry of two transactions, which name their students and nothing else.
  private static func message(yuan: [Int]) -> String {
    let total = yuan.reduce(0, +)
    func amount(_ yuan: Int) -> String {
      "<Amt Ccy=\"CNY\">\(yuan).00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
    }
    func balance(_ code: String, _ yuan: Int) -> String {
      "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp>\(amount(yuan))"
        + "<Dt><Dt>2026-11-16</Dt></Dt></Bal>"
    }
    let details = yuan.enumerated().map { index, yuan in
      "<TxDtls><Refs><AcctSvcrRef>B2</AcctSvcrRef></Refs>\(amount(yuan))"
        + "<RmtInf><Ustrd>校园卡充值 学号202400000\(index + 1)</Ustrd></RmtInf></TxDtls>"
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>
      <MsgId>M1</MsgId><CreDtTm>2026-11-17T06:00:00+08:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id>
      <CreDtTm>2026-11-17T06:00:00+08:00</CreDtTm>
      <FrToDt><FrDtTm>2026-11-16T00:00:00+08:00</FrDtTm><ToDtTm>2026-11-16T23:59:59+08:00</ToDtTm></FrToDt>
      <Acct><Id><Othr><Id>745368001920</Id></Othr></Id><Ccy>CNY</Ccy>
      <Svcr><FinInstnId><BICFI>BKCHCNBJ110</BICFI></FinInstnId></Svcr></Acct>
      \(balance("OPBD", 1_000))\(balance("CLBD", 1_000 + total))
      <Ntry>\(amount(total))<Sts><Cd>BOOK</Cd></Sts>
      <BookgDt><DtTm>2026-11-16T11:00:00+08:00</DtTm></BookgDt><ValDt><Dt>2026-11-16</Dt></ValDt>
      <AcctSvcrRef>B2</AcctSvcrRef><BkTxCd></BkTxCd><NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
      \(details.joined())</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>

      """
  }

  @Test("A decision stays with its student when another's case is gone", arguments: [50, 60])
  func stays(second: Int) async throws {
    let school = try TinySchool(
      """
      sources: {boc: {files: "boc_{yyyy-MM-dd}.xml"}}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """)
    defer { school.remove() }
    try school.deliver(Self.message(yuan: [50, second]), as: "boc_2026-11-16.xml")
    let spending = Self.day.ledger([]) + Self.day.spending(at: "12:00:00")
    try school.deliver(spending, as: "ledger_2026-11-16.csv")
    let first = try await school.run("2026-11-16").anomalies
    #expect(first.map(\.kind) == [.debitedNotCredited, .debitedNotCredited])
    #expect(!first.contains { $0.id.hasSuffix("-2") })
    let mine = try #require(first.first { $0.account == "2024000001" })
    let other = try #require(first.first { $0.account == "2024000002" })
    try school.nights().store.record([
      Decision(
        anomaly: mine.id, outcome: .refunded, who: "王会计", document: "V1",
        time: BusinessDay(number: 20_790).start)
    ])
    // The first one's credit was there all along.
    let credit =
      "YKT9,2026-11-16 11:00:20,充值,50.00,成功,800000000001,2024000001,王同学,中国银行,,,,,\n"
    try school.deliver(spending + credit, as: "ledger_2026-11-16.csv")
    let again = try await school.run("2026-11-16").anomalies
    #expect(again.map(\.id) == [other.id])
    #expect(again.map(\.status) == [.open] && again.map(\.progress.decisions) == [[]])
    try await school.verify()
  }
}

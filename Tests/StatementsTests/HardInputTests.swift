import Columns
import Payments
import Testing

@testable import Statements

/// Inputs that once broke a reader or misled it, each found by fuzzing or by reading for it.
@Suite("Inputs that broke something") struct HardInputTests {
  @Test(
    "a zone no clock has is no time",
    arguments: [
      "2026-11-02T08:00:00+9223372036854775807:00", "2026-11-02T08:00:00-99:00",
      "2026-11-02T08:00:00+08:9223372036854775807", "2026-11-02T08:00:00+-8:00",
    ])
  func zones(_ text: String) {
    let found = Array(text.utf8).withUnsafeBytes { parseAnyMoment($0, encoding: .utf8) }
    #expect(found == .notATime)
  }

  @Test("a period of a thousand years is none, and nobody counts its days")
  func longPeriods() async throws {
    let text = """
      支付宝交易记录明细查询
      起始日期:[1009-01-01 00:00:00]    终止日期:[2020-01-01 00:00:00]
      交易号,商家订单号,交易创建时间,商品名称,金额（元）,收/支,交易状态,
      2019123122001456,M1,2019-12-31 13:26:28,校园卡充值,493.50,支出,交易成功,

      """
    let found = try await readings(of: text)
    #expect(found.map(\.statement.from) == [BusinessDay("2019-12-31")])
    #expect(Intake(found, options: Intake.Options()).statements.count <= 2)
    let message = """
      <Document><BkToCstmrStmt><Stmt><Id>1</Id><FrToDt><FrDtTm>0001-01-01T00:00:00</FrDtTm>\
      <ToDtTm>9999-12-31T00:00:00</ToDtTm></FrToDt></Stmt></BkToCstmrStmt></Document>
      """
    let camt = try await readings(of: message, as: "statement.xml")
    #expect(camt.map(\.statement.from) == [nil])
  }

  @Test("a cell's number at the end of the integers stays as it is")
  func numbers() {
    for text in ["-9223372036854775808.99999999999", "9223372036854775807.99999999999"] {
      #expect(cellNumber(text) == text)
    }
    #expect(cellNumber("28.160000000000004") == "28.16")
    #expect(cellNumber("-28.160000000000004") == "-28.16")
  }

  @Test("a row number beyond any sheet's is counted on instead")
  func rowNumbers() throws {
    let sheet = """
      <worksheet><sheetData><row r="9223372036854775807"><c><v>1</v></c></row>\
      <row><c><v>2</v></c></row><row r="-5"><c><v>3</v></c></row></sheetData></worksheet>
      """
    let read = try Workbook.sheets(["xl/worksheets/sheet1.xml": Array(sheet.utf8)])[0]
    #expect(read.rows == [1, 2, 3])
  }

  @Test("a long text named often is refused before it fills the memory")
  func longSheets() throws {
    let cell = "<c t=\"s\"><v>0</v></c>"
    let row = "<row>" + String(repeating: cell, count: 10) + "</row>"
    let sheet = "<worksheet>" + String(repeating: row, count: 10) + "</worksheet>"
    let strings = "<sst><si><t>" + String(repeating: "长", count: 1_000) + "</t></si></sst>"
    let parts = [
      "xl/worksheets/sheet1.xml": Array(sheet.utf8), "xl/sharedStrings.xml": Array(strings.utf8),
    ]
    #expect(try Workbook.sheets(parts)[0].bytes.count == 300_000 + 100)
    let error = #expect(throws: Refusal.self) {
      _ = try Workbook.sheets(parts, limit: 1 << 16)
    }
    #expect(error?.reason == SheetLimits.told(1 << 16))
  }

  @Test("a bar inside a GB18030 character parts no fields")
  func bars() async throws {
    // The second byte of 珅 (0xAB 0x7C) is a bar.
    let text = """
      交易类型|业务类型|付款人账号|付款人名称|收款人账号|交易日期|交易时间|交易金额|交易后余额|交易流水号|用途|
      来账|转账|62170001|王珅|4405|20261102|08:00:00|+5.00|+105.00|S1|校园卡充值 学号2023010203|
      来账|转账|62170002|珅珅珅|4405|20261102|08:01:00|+6.00|+111.00|S2|校园卡充值 学号2023010204|

      """
    let bytes = TextEncoding.gb18030.encode(text)
    #expect(bytes.count { $0 == 0x7C } == 33 + 4)
    let reading = try #require(try await readings(of: bytes).first)
    #expect(reading.statement.format == "boc-corporate")
    #expect(reading.kinds == [])
    #expect(reading.table.fen == [500, 600])
    #expect(reading.table.serial == Column(["S1", "S2"].map { fingerprint($0) }))
    #expect(reading.table.student == Column(["2023010203", "2023010204"].map { fingerprint($0) }))
  }

  @Test("a row whose first field is empty is quoted and masked where its fields are")
  func leadingSpace() async throws {
    let text = """
      对方户名\t交易日期\t摘要\t收入\t支出\t余额\t附言
      \t2026-11-02\t转账\t5.00\t\t105.00\t校园卡充值 学号2023010203

      """
    let reading = try #require(try await readings(of: text).first)
    let quoted = try reading.quote(reading.table[0])
    let spans = (quoted.personal + quoted.numbers).map { span in
      String(decoding: Array(quoted.text.utf8)[span.utf8], as: UTF8.self)
    }
    #expect(spans == ["2023010203"])
    #expect(quoted.account == "2023010203")
  }

  @Test("a record of fixed width with Chinese in it and spaces at its end is quoted by its fields")
  func fixedWidth() async throws {
    let profile = try ProfileFile(
      name: "fixed",
      text: """
        name: fixed
        title: { zh: 定长, en: Fixed }
        side: channel
        channel: bank
        fixed:
          width: 50
          digits: [[1, 14]]
          fields: { 时间: [1, 14], 姓名: [15, 22], 学号: [23, 32], 金额: [33, 40], 流水号: [41, 46] }
        signature: [流水号]
        columns: { time: [时间], serial: [流水号], account: [学号] }
        required: [time, serial]
        amounts: { 金额: fen }
        direction: { amount: [金额] }
        personal: [姓名]
        personalNumbers: [学号]
        """
    ).profile()
    let text = "20261102080000张三    202301020300000500S1        \n"
    let bytes = TextEncoding.gb18030.encode(text)
    #expect(bytes.count == 51)
    let reading = try #require(try await readings(of: bytes, profiles: [profile]).first)
    #expect(reading.kinds == [])
    let quoted = try reading.quote(reading.table[0])
    #expect(quoted.serial == "S1")
    #expect(quoted.account == "2023010203")
    let spans = (quoted.personal + quoted.numbers).map { span in
      String(decoding: Array(quoted.text.utf8)[span.utf8], as: UTF8.self)
    }
    #expect(spans == ["张三", "2023010203"])
  }

  @Test("a camt message without a statement is a fault, not nothing")
  func emptyMessage() async throws {
    let text = """
      <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>\
      <GrpHdr><MsgId>1</MsgId></GrpHdr></BkToCstmrStmt></Document>
      """
    let found = try await readings(of: text, as: "statement.xml")
    #expect(found.map(\.kinds) == [[.unreadable]])
  }

  @Test("a row of an unlisted code is held with its amount where all codes share the column")
  func unlistedCode() async throws {
    let text = """
      0110001     6200000000000000011 123456  BK20261101000000001 000010000
      0210002     6200000000000000022 123458  BK20261101000000003 000005000
      000000000000000000000000000000000000000000000000000000000000000000000

      """
    let reading = try #require(try await readings(of: text, as: "XYK00002.20261101").first)
    #expect(reading.table.kind == [.payment, .held])
    #expect(reading.table.fen == [10_000, 5_000])
    #expect(reading.isConserved)
  }

  @Test(
    "the one detail of a camt entry is the entry, but for charges the bank states",
    arguments: [
      ("100.00", "", []), ("1000.00", "", [FaultKind.controlTotalMismatch]),
      ("102.00", "<Chrgs><Rcrd><Amt Ccy=\"CNY\">2.00</Amt></Rcrd></Chrgs>", []),
      (
        "103.00", "<Chrgs><Rcrd><Amt Ccy=\"CNY\">2.00</Amt></Rcrd></Chrgs>", [.controlTotalMismatch]
      ),
    ])
  func oneDetail(_ amount: String, _ charges: String, _ faults: [FaultKind]) async throws {
    let text = """
      <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>\
      <Id>1</Id><Ntry><Amt Ccy="CNY">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
      <BookgDt><DtTm>2026-11-02T08:00:00</DtTm></BookgDt>\(charges)<NtryDtls><TxDtls>\
      <Refs><AcctSvcrRef>B1</AcctSvcrRef></Refs><Amt Ccy="CNY">\(amount)</Amt>\
      <RmtInf><Ustrd>校园卡充值</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\
      </Stmt></BkToCstmrStmt></Document>
      """
    let reading = try #require(try await readings(of: text, as: "statement.xml").first)
    #expect(reading.kinds == faults)
  }

  @Test(
    "a profile no file can be read with is refused",
    arguments: [
      ("amounts: { 金额: 2 }", "amounts: { 金额: -2 }"), ("separator: \",\"", "separator: \"、\""),
      ("words: [校园卡]", "words: [\"\"]"), ("column: [类型]", "column: []"),
      ("side: channel", "side: channel\ntimeLength: -1"),
    ])
  func profiles(_ good: String, _ bad: String) throws {
    let text = """
      name: tried
      title: { zh: 试, en: Tried }
      side: channel
      channel: bank
      separator: ","
      signature: [时间, 类型, 金额]
      columns: { time: [时间] }
      required: [time]
      amounts: { 金额: 2 }
      kinds: { column: [类型], values: { 收: { is: payment, amount: [金额] } } }
      topUpWords: { columns: [类型], words: [校园卡] }
      """
    _ = try ProfileFile(name: "tried", text: text).profile()
    #expect(text.contains(good))
    #expect(throws: StatementError.self) {
      _ = try ProfileFile(name: "tried", text: text.replacing(good, with: bad)).profile()
    }
  }

  @Test(
    "a name at the end of a row is marked whatever space follows it",
    arguments: ["", "\u{3000}", "\u{0C}"])
  func nameAtTheEnd(space: String) throws {
    let header =
      "交易日期,记账日期,摘要,交易场所,交易国家或地区简称,交易金额(收入),交易金额(支出),交易币种,"
      + "记账金额(收入),记账金额(支出),记账币种,余额,对方户名"
    let row = "2026-11-02,2026-11-02,消费,店,CHN,,5.00,人民币,,5.00,人民币,95.00,张三丰" + space
    let known = try Profile.builtIn().filter { $0.name == "icbc-personal" }
    let head = CSVHead(Array((header + "\n" + row + "\n").utf8), profiles: known, isRendered: false)
    let layout = Layout(
      try #require(head.profile), header: head.header, encoding: .utf8, dialect: head.dialect,
      fileDay: nil)
    let quoted = quoteRow(Array(row.utf8), .utf8, layout)
    let text = Array(quoted.text.utf8)
    #expect((quoted.personal + quoted.numbers).allSatisfy { $0.utf8.upperBound <= text.count })
    let marked = (quoted.personal + quoted.numbers).map {
      String(decoding: text[$0.utf8], as: UTF8.self)
    }
    #expect(marked.contains("张三丰"))
  }
}

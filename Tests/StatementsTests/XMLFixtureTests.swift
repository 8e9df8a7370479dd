import Testing

@testable import Statements

/// What a collected file holds, counted by another parser.
struct ExpectedCamt: CustomTestStringConvertible {
  var file: String
  var kind: CamtKind
  var version: String
  var statements: Int
  var entries: Int
  var transactions: Int
  var balances: Int
  var accounts: String
  var amounts: String

  init(
    _ file: String, _ kind: CamtKind, _ version: String, _ statements: Int, _ entries: Int,
    _ transactions: Int, _ balances: Int, _ accounts: String, _ amounts: String
  ) {
    self.file = file
    self.kind = kind
    self.version = version
    self.statements = statements
    self.entries = entries
    self.transactions = transactions
    self.balances = balances
    self.accounts = accounts
    self.amounts = amounts
  }

  var testDescription: String { file }

  static let all: [ExpectedCamt] = [
    ExpectedCamt(
      "camt052/ezbk_literal_01_CNY.xml", .report, "02", 2, 3, 3, 0,
      "123 456", "123.45 0.12 1.23"),
    ExpectedCamt(
      "camt052/genkgo_camt052.v1.xml", .report, "01", 1, 1, 1, 0,
      "CH2801234000123456789", "200000"),
    ExpectedCamt(
      "camt052/genkgo_camt052.v2.other-account.xml", .report, "02", 1, 1, 1, 0,
      "CH2801234000123456789", "200000"),
    ExpectedCamt(
      "camt052/genkgo_camt052.v2.with-account-name.xml", .report, "02", 1, 1, 1, 0,
      "CH2801234000123456789", "200000"),
    ExpectedCamt(
      "camt052/genkgo_camt052.v2.xml", .report, "02", 1, 1, 1, 0,
      "CH2801234000123456789", "200000"),
    ExpectedCamt(
      "camt052/genkgo_camt052.v4.xml", .report, "04", 1, 1, 1, 1,
      "CH2801234000123456789", "4.1"),
    ExpectedCamt(
      "camt052/genkgo_camt052.v6.Amt-zero.xml", .report, "06", 1, 1, 1, 1,
      "CH2801234000123456789", "0"),
    ExpectedCamt(
      "camt052/genkgo_camt052.v6.xml", .report, "06", 1, 1, 1, 1,
      "CH2801234000123456789", "4.1"),
    ExpectedCamt(
      "camt052/genkgo_camt052.v8.xml", .report, "08", 1, 1, 1, 0,
      "CH2801234000123456789", "200000"),
    ExpectedCamt(
      "camt053/bsp_camt.053.001.02.xml", .statement, "02", 1, 3, 3, 2,
      "50000000054910000003", "105678.50 200000 30000"),
    ExpectedCamt(
      "camt053/bsp_golden_duplicate_same_day.xml", .statement, "02", 1, 2, 2, 0,
      "DE89370400440532013000", "4.50 4.50"),
    ExpectedCamt(
      "camt053/bsp_golden_garbled_amount.xml", .statement, "02", 1, 1, 1, 0,
      "DE89370400440532013000", "12..34"),
    ExpectedCamt(
      "camt053/bsp_golden_multicurrency.xml", .statement, "02", 2, 3, 3, 4,
      "DE89370400440532013000 US-ACCT-0099", "1250.50 500.25 99.99"),
    ExpectedCamt(
      "camt053/bsp_golden_no_namespace.xml", .statement, "", 1, 1, 1, 2,
      "GB29NWBK60161331926819", "250.00"),
    ExpectedCamt(
      "camt053/ezbk_literal_01_CNY.xml", .statement, "02", 2, 3, 3, 0,
      "123 456", "123.45 0.12 1.23"),
    ExpectedCamt(
      "camt053/ezbk_literal_02_CNY.xml", .statement, "02", 1, 3, 3, 0,
      "123", "123.45 123.45 123.45"),
    ExpectedCamt(
      "camt053/genkgo_camt053.v2.all-balance-types.xml", .statement, "02", 1, 1, 1, 10,
      "CH2801234000123456789", "8.850"),
    ExpectedCamt(
      "camt053/genkgo_camt053.v2.five.decimals.xml", .statement, "02", 1, 1, 1, 2,
      "NL26VAYB8060476890", "8.850"),
    ExpectedCamt(
      "camt053/genkgo_camt053.v2.minimal.ultimate.xml", .statement, "02", 1, 1, 1, 4,
      "NL26VAYB8060476890", "8.85"),
    ExpectedCamt(
      "camt053/genkgo_camt053.v2.minimal.xml", .statement, "02", 1, 1, 1, 4,
      "NL26VAYB8060476890", "8.85"),
    ExpectedCamt(
      "camt053/genkgo_camt053.v2.with-account-name.xml", .statement, "02", 1, 1, 1, 1,
      "CH2801234000123456789", "8.85"),
    ExpectedCamt(
      "camt053/genkgo_camt053.v2.with-party-ids.xml", .statement, "02", 1, 1, 1, 4,
      "NL26VAYB8060476890", "8.85"),
    ExpectedCamt(
      "camt053/genkgo_camt053.v2.wrong.xml", .statement, "02", 0, 0, 0, 0,
      "", ""),
    ExpectedCamt(
      "camt053/genkgo_camt053.v3.xml", .statement, "03", 1, 1, 1, 4,
      "NL26VAYB8060476890", "105.750"),
    ExpectedCamt(
      "camt053/genkgo_camt053.v4.xml", .statement, "04", 1, 1, 1, 4,
      "NL26VAYB8060476890", "0"),
    ExpectedCamt(
      "camt053/genkgo_camt53.only-Dt-with-DtTm.xml", .statement, "02", 1, 0, 0, 1,
      "GB33BUKB20201555555555", ""),
    ExpectedCamt(
      "camt053/prowide_camt.053.001.07.xml", .statement, "07", 1, 0, 0, 2,
      "2345234534", ""),
    ExpectedCamt(
      "camt054/genkgo_camt054.v2.with-account-name.xml", .notification, "02", 1, 1, 1, 0,
      "CH2801234000123456789", "200000"),
    ExpectedCamt(
      "camt054/genkgo_camt054.v2.xml", .notification, "02", 1, 1, 3, 0,
      "CH2801234000123456789", "200000 200000 200000"),
    ExpectedCamt(
      "camt054/genkgo_camt054.v4.xml", .notification, "04", 1, 1, 3, 0,
      "CH2801234000123456789", "3.1 3.2 3.2"),
    ExpectedCamt(
      "camt054/genkgo_camt054.v8-with-UETR.xml", .notification, "08", 1, 1, 1, 0,
      "CH2801234000123456789", "200000"),
    ExpectedCamt(
      "camt054/genkgo_camt054.v8-with-financial-institution.xml", .notification, "08", 1, 1, 1, 0,
      "CH2801234000123456789", "200000"),
  ]
}

@Suite(
  "Collected camt files", .enabled(if: CollectedFiles.areHere, "CARDRECON_FIXTURES is not set"))
struct XMLFixtureTests {
  @Test("every collected file reads as another parser reads it", arguments: ExpectedCamt.all)
  func counts(_ expected: ExpectedCamt) throws {
    let sink = try readingCamt(CollectedFiles.bytes(expected.file))
    #expect(sink.documents.count == 1)
    #expect(sink.documents.first?.kind == expected.kind)
    #expect(sink.documents.first?.version ?? "" == expected.version)
    #expect(sink.statements.count == expected.statements)
    #expect(sink.begun.count == expected.statements)
    #expect(sink.statements.reduce(0) { $0 + $1.entryCount } == expected.entries)
    #expect(sink.statements.reduce(0) { $0 + $1.transactionCount } == expected.transactions)
    #expect(sink.transactions.count == expected.transactions)
    #expect(sink.statements.reduce(0) { $0 + $1.balances.count } == expected.balances)
    #expect(sink.statements.map(\.account).joined(separator: " ") == expected.accounts)
    #expect(sink.transactions.map(\.amount).joined(separator: " ") == expected.amounts)
  }

  @Test("any chunk size reads the same", arguments: ExpectedCamt.all)
  func chunks(_ expected: ExpectedCamt) throws {
    let bytes = CollectedFiles.bytes(expected.file)
    let whole = try readingCamt(bytes)
    for size in [1, 3, 7, 64, 1000, 1024, 1025] {
      let parts = try readingCamt(bytes, chunk: size)
      #expect(parts.transactions == whole.transactions)
      #expect(parts.statements == whole.statements)
      #expect(parts.documents == whole.documents)
    }
  }

  @Test("offsets and lines lead back to the entry", arguments: ExpectedCamt.all)
  func places(_ expected: ExpectedCamt) throws {
    let bytes = CollectedFiles.bytes(expected.file)
    for transaction in try readingCamt(bytes).transactions {
      let offset = try #require(transaction.offset)
      let length = try #require(transaction.length)
      let raw = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
      #expect(raw.hasPrefix("<Ntry>"))
      #expect(raw.hasSuffix("</Ntry>"))
      #expect(raw.contains(transaction.entryAmount))
      #expect(bytes[..<offset].count { $0 == 0x0A } + 1 == transaction.line)
    }
  }

  @Test("a batch names its details, their sums and their references")
  func batch() throws {
    let sink = try readingCamt(CollectedFiles.bytes("camt054/genkgo_camt054.v4.xml"))
    #expect(sink.transactions.map(\.index) == [0, 1, 2])
    #expect(sink.transactions.map(\.details) == [3, 3, 3])
    #expect(sink.transactions.map(\.entryAmount) == ["200000", "200000", "200000"])
    #expect(sink.transactions.map(\.indicator) == ["CRDT", "CRDT", "CRDT"])
    #expect(sink.transactions.map(\.currency) == ["CHF", "CHF", "CHF"])
    let last = try #require(sink.transactions.last)
    #expect(last.servicerReference == "ACSR160617103200001")
    #expect(last.endToEndID == "UXC06170000006PI00001EE00002")
    #expect(
      last.remittance == "Unstructured Remittance Information V3 block 1 "
        + "Unstructured Remittance Information V3 block 2")
    #expect(last.texts[.creditorReference] == "Ref number V3 block 1 Ref number V3 block 2")
    #expect(last.texts[.creditorName] == "Example Creditor 3 - V3")
    #expect(last.texts[.creditorAccount] == "CH7212345003232323232")
    #expect(last.texts[.batchCount] == "2")
    #expect(last.texts[.batchAmount] == "6.3")
    #expect(last.texts[.entryText] == "Order")
    #expect(last.texts[.proprietaryCode] == "Z24")
    let statement = try #require(sink.statements.first)
    #expect(statement.servicerBIC == "UBSWCHZH80A")
    #expect(statement.servicerName == "UBS SWITZERLAND AG")
    #expect(statement.owner == "UNIFITS GmbH")
    #expect(statement.from == "2007-10-18T08:00:00+01:00")
    #expect(statement.electronicSequence == "12312")
  }

  @Test("versions that moved an element are read alike")
  func versions() throws {
    let new = try readingCamt(CollectedFiles.bytes("camt054/genkgo_camt054.v8-with-UETR.xml"))
    #expect(new.transactions.first?.status == "BOOK")
    #expect(new.transactions.first?.texts[.uetr] == "255ae394-9965-4438-ac86-f406feada396")
    let bank = try readingCamt(
      CollectedFiles.bytes("camt054/genkgo_camt054.v8-with-financial-institution.xml"))
    #expect(bank.transactions.first?.texts[.creditorName] == "Example Creditor 3 - V1")
    let first = try readingCamt(CollectedFiles.bytes("camt052/genkgo_camt052.v1.xml"))
    #expect(first.statements.first?.servicerName == "AAAA BANKEN")
    let odd = try readingCamt(CollectedFiles.bytes("camt053/genkgo_camt53.only-Dt-with-DtTm.xml"))
    #expect(odd.statements.first?.balances.first?.date == "2025-07-23T00:00:00.000000000")
    #expect(odd.statements.first?.balances.first?.code == "OPBD")
  }
}

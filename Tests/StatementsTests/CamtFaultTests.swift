import Columns
import Payments
import Testing

@testable import Statements

@Suite("Faults of a camt statement") struct CamtFaultTests {
  private func reading(_ text: String) async throws -> Reading {
    try #require(try await readings(of: text, as: "statement.xml").first)
  }

  @Test("opening balance and entries give the closing balance")
  func balances() async throws {
    let entries = camtEntry("B1") + camtEntry("B2", amount: "20.00", indicator: "DBIT")
    let good = try await reading(camtStatement(entries, closing: "130.00"))
    #expect(good.kinds == [])
    #expect(good.balances?.opening == 10_000 && good.balances?.closing == 13_000)
    #expect(good.table.kind == [.payment, .refund])
    let bad = try await reading(camtStatement(entries, closing: "130.01"))
    #expect(bad.kinds == [.controlTotalMismatch] && bad.statement.isHeld)
    let fault = try #require(bad.statement.faults.first)
    #expect(fault.column == "CLBD" && (fault.line ?? 0) > 1)
    #expect(fault.detail.zh.contains("130.01"))
  }

  @Test(
    "an entry is quoted whole, as one line, however long it is and whatever its lines end in",
    arguments: [1, 6_000], ["\n", "\r\n", "\u{2028}"])
  func quoted(length: Int, lineEnd: String) async throws {
    let filler = String(repeating: "字", count: length)
    let entry = camtEntry("B1").replacing("</Ntry>", with: "<!--\(filler)-->  \(lineEnd) </Ntry>")
    let text = camtStatement(entry + camtEntry("B2"), closing: "200.00")
    let reading = try await reading(text)
    let first = try reading.quote(reading.table[0])
    #expect(first.text.hasPrefix("<Ntry>") && first.text.hasSuffix("--></Ntry>"))
    #expect(first.text.contains(filler) && !first.text.contains("B2"))
    #expect(first.serial == "B1")
    let second = try reading.quote(reading.table[1])
    #expect(second.text.hasPrefix("<Ntry>") && second.text.hasSuffix("</Ntry>"))
    #expect(second.serial == "B2" && !second.text.contains("B1"))
  }

  @Test(
    "only booked entries move the balance; the others are excluded", arguments: ["PDNG", "INFO"])
  func unbooked(_ status: String) async throws {
    let entries = camtEntry("B1") + camtEntry("B2", amount: "20.00", status: status)
    let reading = try await reading(camtStatement(entries, closing: "150.00"))
    #expect(reading.kinds == [])
    #expect(reading.table.kind == [.payment, .excluded])
    #expect(reading.table.rule[1] == .notBooked)
    #expect(reading.isConserved)
  }

  @Test("a batch without its details is a hole of its day", arguments: [(2, true), (1, false)])
  func batch(count: Int, isHole: Bool) async throws {
    let batch = camtEntry("B1").replacing(
      "<AddtlNtryInf>",
      with: "<NtryDtls><Btch><NbOfTxs>\(count)</NbOfTxs></Btch></NtryDtls><AddtlNtryInf>")
    let reading = try await reading(camtStatement(batch + camtEntry("B2"), closing: "200.00"))
    #expect(reading.kinds == (isHole ? [.rowRejected] : []))
    #expect(reading.isConserved && !reading.statement.isHeld)
    guard isHole else { return }
    #expect(reading.table.kind == [.payment])
    let hole = try #require(reading.statement.holes.first)
    #expect(hole.span.end.seconds - hole.span.start.seconds == 86_400)
    #expect(hole.fen == nil && hole.serial == 0)
    #expect(reading.rejections.first?.reason.en.contains("batch of 2") == true)
  }

  @Test("a status nobody knows is held, not taken for unbooked")
  func unknownStatus() async throws {
    let entries = camtEntry("B1") + camtEntry("B2", amount: "20.00", status: "BOKK")
    let reading = try await reading(camtStatement(entries, closing: "170.00"))
    #expect(reading.kinds == [.unknownStatus])
    #expect(!reading.statement.isHeld)
    let fault = try #require(reading.statement.faults.first)
    #expect(fault.column == "Sts" && fault.detail.zh.contains("BOKK"))
    #expect(reading.table.kind == [.payment, .held])
    #expect(reading.rejections.count == 1 && reading.rejections.first?.field == "Sts")
    #expect(reading.isConserved)
  }

  @Test(
    "an entry that cannot be read is rejected with its element and why",
    arguments: [
      ("50.001", "BookgDt", "2026-11-02T08:00:00", "Amt", "小数位"),
      ("12..34", "BookgDt", "2026-11-02T08:00:00", "Amt", "12..34"),
      ("50.00", "BookgDt", "2026-11-31T08:00:00", "BookgDt", "2026-11-31"),
    ])
  func rejected(
    _ amount: String, _ element: String, _ time: String, _ column: String, _ why: String
  ) async throws {
    let text = camtStatement(camtEntry("B1", amount: amount, time: time), closing: "150.00")
    let reading = try await reading(text)
    #expect(reading.kinds.contains(.rowRejected))
    let rejection = try #require(reading.rejections.first)
    #expect(rejection.field == column && rejection.reason.zh.contains(why))
    #expect(rejection.line > 1 && rejection.text.contains("B1"))
    #expect(reading.table.kind == [.held] && reading.isConserved)
  }

  @Test("a direction nobody knows is rejected")
  func direction() async throws {
    let text = camtStatement(camtEntry("B1", indicator: "CREDIT"), closing: "150.00")
    let reading = try await reading(text)
    #expect(reading.kinds.contains(.rowRejected))
    #expect(reading.rejections.first?.field == "CdtDbtInd")
    #expect(reading.isConserved)
  }

  @Test("entries outside the stated period are a wrong day, unless the balances count them")
  func period() async throws {
    let entry = camtEntry("B1", time: "2026-11-03T08:00:00+08:00")
    let closed = camtStatement(entry, closing: "150.00")
    let reading = try await reading(closed.replacing("CLBD", with: "CLAV"))
    #expect(reading.kinds == [.wrongDay])
    #expect(reading.statement.faults.first?.detail.zh.contains("2026-11-03") == true)
    #expect(try await self.reading(closed).kinds == [])
  }

  @Test("a statement without entries still says which day it closes")
  func empty() async throws {
    let reading = try await reading(camtStatement("", closing: "100.00"))
    #expect(reading.kinds == [] && reading.statement.read == Tally())
    #expect(reading.statement.from == BusinessDay("2026-11-02"))
  }

  @Test("a bomb of entities and a file from elsewhere are refused at once, with the line")
  func attacks() async throws {
    let bomb = """
      <?xml version="1.0"?>
      <!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
      <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
      <Document><BkToCstmrStmt><Stmt><Id>&d;</Id></Stmt></BkToCstmrStmt></Document>
      """
    let external = """
      <?xml version="1.0"?>
      <!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>
      <Document><BkToCstmrStmt><Stmt><Id>&x;</Id></Stmt></BkToCstmrStmt></Document>
      """
    for text in [bomb, external] {
      let reading = try await reading(text)
      #expect(reading.kinds == [.unreadable])
      #expect(reading.statement.faults.first?.line == 2)
      #expect(reading.statement.faults.first?.detail.zh.contains("DOCTYPE") == true)
      #expect(!reading.statement.faults.contains { $0.detail.zh.contains("root:") })
    }
  }
}

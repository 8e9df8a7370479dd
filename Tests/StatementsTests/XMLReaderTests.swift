import Payments
import Testing

@testable import Statements

/// The kind of failure; nil when it reads.
private func failure(_ bytes: [UInt8]) -> XMLReadError.Kind? {
  do throws(XMLReadError) {
    _ = try readingCamt(bytes)
    return nil
  } catch {
    return error.kind
  }
}

private func failure(_ text: String) -> XMLReadError.Kind? { failure(Array(text.utf8)) }

private let entry = """
  <Ntry><Amt Ccy="CNY">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
  <AcctSvcrRef>R&amp;1</AcctSvcrRef></Ntry>
  """

@Suite("Reading camt")
struct XMLReaderTests {
  @Test("an entry without details is one transaction")
  func plain() throws {
    let sink = try readingCamt(camtText(entry))
    #expect(sink.documents.map(\.messageID) == ["M1"])
    #expect(sink.documents.map(\.version) == ["08"])
    #expect(sink.begun.map(\.account) == ["6222"])
    #expect(sink.statements.map(\.currency) == ["CNY"])
    let transaction = try #require(sink.transactions.first)
    #expect(sink.transactions.count == 1)
    #expect(transaction.details == 0)
    #expect(transaction.amount == "50.00")
    #expect(transaction.currency == "CNY")
    #expect(transaction.status == "BOOK")
    #expect(transaction.servicerReference == "R&1")
    #expect(transaction.line == 4)
  }

  @Test("a repeated element is joined, so that a second amount cannot hide")
  func repeated() throws {
    let twice = "<Ntry><Amt>1.00</Amt><Amt>2.00</Amt><Sts>BOOK</Sts></Ntry>"
    #expect(try readingCamt(camtText(twice)).transactions.first?.amount == "1.00 2.00")
    let mixed = "<Ntry><Sts>\n BOOK <Cd>PDNG</Cd> </Sts></Ntry>"
    #expect(try readingCamt(camtText(mixed)).transactions.first?.status == "BOOK PDNG")
  }

  @Test("text is what it spells: entities, CDATA, comments, spaces")
  func text() throws {
    let note = "<AddtlNtryInf>\t a&lt;b&#x4E2D;<!-- no --><![CDATA[<x>]]>\n c </AddtlNtryInf>"
    let sink = try readingCamt(camtText("<Ntry>\(note)</Ntry>"))
    #expect(sink.transactions.first?.texts[.entryText] == "a<b中<x>\n c")
  }

  @Test("a prefix, an unbound prefix, no namespace and a wrapper change nothing")
  func wrappers() throws {
    let plain = camtText(entry)
    let bare = plain.replacing(
      " xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"", with: "")
    let prefixed = plain.replacing("</", with: "</c:").replacing("<", with: "<c:")
      .replacing("<c:/c:", with: "</c:").replacing("xmlns=", with: "xmlns:c=")
    let unbound = prefixed.replacing("xmlns:c=", with: "xmlns:d=")
    let wrapped = "<message><AppHdr><MsgDefIdr>x</MsgDefIdr></AppHdr>\(plain)</message>"
    let led = " \n\n\(plain)"
    for variant in [plain, bare, prefixed, unbound, wrapped, led] {
      let sink = try readingCamt(variant)
      #expect(sink.transactions.map(\.servicerReference) == ["R&1"])
      #expect(sink.statements.map(\.account) == ["6222"])
      let bytes = Array(variant.utf8)
      let place = try #require(sink.transactions.first)
      let offset = try #require(place.offset)
      #expect(bytes[offset] == UInt8(ascii: "<"))
      #expect(bytes[..<offset].count { $0 == 0x0A } + 1 == place.line)
    }
    #expect(try readingCamt(bare).documents.map(\.version) == [nil])
  }

  @Test("two messages in one wrapper are two documents")
  func messages() throws {
    let sink = try readingCamt("<batch>\(camtText(entry))\(camtText(entry, version: "02"))</batch>")
    #expect(sink.documents.map(\.version) == ["08", "02"])
    #expect(sink.transactions.count == 2)
  }

  @Test("the totals a bank states are kept")
  func summary() throws {
    let totals = """
      <TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries><Sum>9.00</Sum>
      <TtlNetNtry><Amt>5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry></TtlNtries>
      <TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>7.00</Sum></TtlCdtNtries>
      <TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>2.00</Sum></TtlDbtNtries></TxsSummry>
      """
    let statement = try #require(try readingCamt(camtText(entry + totals)).statements.first)
    #expect(
      statement.summary
        == CamtSummary(
          entries: "3", sum: "9.00", net: "5.00", netIndicator: "CRDT", creditEntries: "2",
          creditSum: "7.00", debitEntries: "1", debitSum: "2.00"))
    #expect(try readingCamt(camtText(entry)).statements.first?.summary == nil)
  }

  @Test("details take the entry's reference, direction and amount where they have none")
  func details() throws {
    let sink = try readingCamt(
      camtText(
        """
        <Ntry><NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>
        <AmtDtls><TxAmt><Amt Ccy="CNY">20.00</Amt></TxAmt></AmtDtls>
        <RltdPties><Dbtr><Pty><Nm>张三</Nm></Pty></Dbtr></RltdPties></TxDtls>
        <TxDtls><Refs><AcctSvcrRef>D2</AcctSvcrRef></Refs><Amt Ccy="CNY">30.00</Amt>
        <CdtDbtInd>DBIT</CdtDbtInd><RtrInf/></TxDtls><TxDtls/></NtryDtls>
        <Amt Ccy="CNY">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><AcctSvcrRef>N</AcctSvcrRef></Ntry>
        """))
    #expect(sink.transactions.map(\.amount) == ["20.00", "30.00", "50.00"])
    #expect(sink.transactions.map(\.entryAmount) == ["50.00", "50.00", "50.00"])
    #expect(sink.transactions.map(\.indicator) == ["CRDT", "DBIT", "CRDT"])
    #expect(sink.transactions.map(\.servicerReference) == ["N", "D2", "N"])
    #expect(sink.transactions.map(\.debtor) == ["张三", "", ""])
    #expect(sink.transactions.map(\.isReturn) == [false, true, false])
    #expect(sink.transactions.map(\.endToEndID) == ["E1", "", ""])
    #expect(sink.statements.map(\.transactionCount) == [3])
    #expect(sink.statements.map(\.entryCount) == [1])
  }

  @Test("offsets hold across a file of many chunks, and readers do not disturb each other")
  func large() async throws {
    let many = (0..<6000).map { "<Ntry\n><NtryRef>N\($0)充值</NtryRef>\n</Ntry>\n" }
    let bytes = Array(camtText(many.joined()).utf8)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for chunk in [1 << 20, 100_000, 4096, 333] {
        group.addTask {
          let sink = try readingCamt(bytes, chunk: chunk)
          #expect(sink.transactions.count == 6000)
          for (index, transaction) in sink.transactions.enumerated() {
            let offset = try #require(transaction.offset)
            let length = try #require(transaction.length)
            let raw = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
            #expect(raw + "\n" == many[index])
            #expect(transaction.line == 4 + index * 3)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("an entry of many details is delivered whole")
  func manyDetails() throws {
    let details = (0..<5000).map { "<TxDtls><Refs><TxId>T\($0)</TxId></Refs></TxDtls>" }
    let sink = try readingCamt(
      camtText("<Ntry><NtryDtls>\(details.joined())</NtryDtls><Amt>5</Amt></Ntry>\(entry)"))
    #expect(sink.transactions.count == 5001)
    #expect(sink.transactions[4999].texts[.transactionID] == "T4999")
    #expect(sink.transactions[4999].index == 4999)
    #expect(sink.transactions[4999].details == 5000)
    #expect(sink.transactions[4999].amount == "5")
    #expect(sink.transactions[5000].texts[.transactionID] == nil)
    #expect(sink.transactions[5000].amount == "50.00")
  }

  @Test("an error stays")
  func again() {
    for text in ["<a></b>", "<?xml version='1.0' encoding='KLINGON'?><a/>", "<!DOCTYPE a><a/>"] {
      var sink = KeepingCamtSink()
      var reader = CamtReader()
      var errors: [XMLReadError] = []
      for _ in 0..<3 {
        do throws(XMLReadError) {
          try reader.finish(into: &sink)
        } catch {
          errors.append(error)
        }
      }
      #expect(errors == [.empty, .empty, .empty])
      reader = CamtReader()
      errors = []
      let bytes = Array((text + String(repeating: " ", count: 2000)).utf8)
      for _ in 0..<3 {
        bytes.withUnsafeBytes { part in
          do throws(XMLReadError) {
            _ = try reader.feed(part, into: &sink)
          } catch {
            errors.append(error)
          }
        }
      }
      #expect(errors.count == 3)
      #expect(Set(errors).count == 1)
    }
  }

  @Test("a sink that has enough stops the reading")
  func stop() throws {
    var sink = KeepingCamtSink(limit: 1)
    try Array(camtText(entry + entry + "<broken>").utf8).withUnsafeBytes { bytes in
      try readCamt(bytes, into: &sink)
    }
    #expect(sink.transactions.count == 1)
  }
}

@Suite("Refusing bad XML")
struct XMLRefusalTests {
  @Test("document types, entity bombs and external entities are refused unread")
  func documentTypes() {
    let bomb = """
      <?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
      <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
      <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>
      <Document>&lol3;</Document>
      """
    let external = """
      <!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>
      """
    #expect(failure(bomb) == .documentType)
    #expect(failure(external) == .documentType)
    #expect(failure("<!DOCTYPE html><html/>") == .documentType)
    #expect(failure("<!DOCTYPE d SYSTEM \"http://x.example/d.dtd\"><d/>") == .documentType)
    #expect(failure(camtText("<Ntry>&undeclared;</Ntry>")) == .notWellFormed)
  }

  @Test("nesting has a limit, wherever it begins")
  func deep() {
    let open = String(repeating: "<a>", count: 300)
    #expect(failure(open) == .tooDeep)
    #expect(failure(camtText("<Ntry>\(open)")) == .tooDeep)
    #expect(failure(String(repeating: "<a>", count: 2_000_000)) == .tooDeep)
  }

  @Test("one text has a limit")
  func large() {
    let long = String(repeating: "x", count: CamtWalk.textLimit + 1)
    #expect(failure(camtText("<Ntry><AddtlNtryInf>\(long)</AddtlNtryInf></Ntry>")) == .tooLarge)
    #expect(failure(camtText("<Ntry><Amt Ccy=\"\(long)\">1</Amt></Ntry>")) == .tooLarge)
    let many = String(repeating: "<Ustrd>0123456789012345678901234567890</Ustrd>", count: 3000)
    let detail = "<NtryDtls><TxDtls><RmtInf>\(many)</RmtInf></TxDtls></NtryDtls>"
    #expect(failure(camtText("<Ntry>\(detail)</Ntry>")) == .tooLarge)
  }

  @Test("another document is named by its root")
  func foreign() {
    #expect(failure("<html><body/></html>") == .notCamt)
    #expect(failure(camtText("").replacing("BkToCstmrStmt", with: "CstmrCdtTrfInitn")) == .notCamt)
    let endless = "<r>" + String(repeating: "<x/>", count: CamtWalk.searchLimit + 1)
    #expect(failure(endless) == .notCamt)
    #expect(throws: XMLReadError.notCamt(root: "pain", namespace: "urn:x")) {
      try readingCamt("<p:pain xmlns:p='urn:x'/>")
    }
  }

  @Test("what breaks in the middle is told from what breaks off")
  func syntax() {
    #expect(failure("") == .truncated)
    #expect(failure(" \n ") == .truncated)
    #expect(failure("no xml at all") == .notWellFormed)
    #expect(failure(camtText("<Ntry><Amt></Ntry>")) == .notWellFormed)
    #expect(failure(camtText(entry) + "tail") == .notWellFormed)
    #expect(failure(camtText("<Ntry>\u{1}</Ntry>")) == .notWellFormed)
    do throws(XMLReadError) {
      _ = try readingCamt("\n" + camtText("<Ntry>\n</Bal>"))
      Issue.record("reads")
    } catch {
      #expect(error.line == 6)
      #expect(error.reason.en.contains("Ntry"))
      #expect(error.reason.zh.contains("第 6 行"))
    }
  }

  @Test("cut after any byte it is truncated or, at its very end, whole")
  func truncated() throws {
    let chinese = "<Ntry><AddtlNtryInf a=\"一\">一卡通充值<![CDATA[二]]><!-- 三 --></AddtlNtryInf></Ntry>"
    let whole = Array(camtText(entry + chinese, declaration: "<?xml version=\"1.0\"?>").utf8)
    for count in 0..<whole.count - 1 {
      #expect(failure(Array(whole[..<count])) == .truncated, "\(count)")
    }
    for chunk in 1...40 {
      #expect(try readingCamt(whole, chunk: chunk).transactions.last?.texts[.entryText] == "一卡通充值二")
    }
  }

  @Test("no change of bytes crashes it")
  func mutations() {
    let detail = """
      <Ntry><Amt Ccy="CNY">1.00</Amt><NtryDtls><TxDtls><RmtInf><Ustrd>a</Ustrd><Ustrd>b</Ustrd>
      </RmtInf></TxDtls><TxDtls/></NtryDtls></Ntry>
      """
    let original = Array(
      camtText(entry + detail, declaration: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>").utf8)
    var random = XMLRandom(11)
    var read = 0
    for _ in 0..<4000 {
      var bytes = original
      for _ in 0...Int(random.next() % 3) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place...].prefix(17), at: place)
        }
      }
      if failure(bytes) == nil { read += 1 }
    }
    #expect(read > 0)
    #expect(read < 4000)
  }
}

import Columns
import Payments
import Testing

@testable import Statements

/// Who rows are for: what stands in the columns of a ledger, what the texts of a channel say.
@Suite("Who a row is for") struct RowPeopleTests {
  private func bill(_ texts: [(packet: String, goods: String)]) -> String {
    let header = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易状态,商品名称,商户数据包,手续费,订单金额,退款金额"
    let rows = texts.enumerated().map { number, text in
      "`2026-11-02 08:00:0\(number),`wx8f2c,`1601959334,`420000265220261102000000000\(number),`CK2026110200\(number),"
        + "`oABC,`SUCCESS,`\(text.goods),`\(text.packet),`0.00000,`50.00,`0.00"
    }
    let trailer = ["总交易单数,订单总金额,手续费总金额", "`\(rows.count),`\(rows.count * 50).00,`0.00"]
    return ([header] + rows + trailer).map { $0 + "\r\n" }.joined()
  }

  private func entries(
    _ packet: String, _ goods: String, _ encoding: TextEncoding = .utf8
  ) async throws -> Entry {
    let bytes = encoding.encode(bill([(packet, goods)]))
    let reading = try #require(try await readings(of: bytes).first)
    #expect(reading.statement.format == "wechat-trade" && reading.table.count == 1)
    return reading.table[0]
  }

  private func key(_ number: String) -> KeyHash { number.isEmpty ? 0 : fingerprint(person: number) }

  @Test(
    "the first number of each kind has its field, all others are told beside",
    arguments: [
      ("学号2024000001", "校园卡充值", "", "2024000001", []),
      ("卡号800000000001 学号2024000001", "校园卡充值", "800000000001", "2024000001", []),
      ("学号2024000001、学号2024000002", "", "", "2024000001", [("2024000002", .student, .labelled)]),
      ("2024000001", "校园卡充值", "", "", [("2024000001", .any, .ifKnown)]),
      ("", "校园卡充值2024000001", "", "", [("2024000001", .any, .prose)]),
      // A text with labels ends the search for them; what was seen until then stays.
      ("学号2024000001", "卡号800000000001", "", "2024000001", []),
      (
        "20261102", "卡号800000000001，77777", "800000000001", "",
        [("20261102", .any, .ifKnown), ("77777", .any, .prose)]
      ),
      // Said with and without a word it is said once.
      ("2024000001", "学号2024000001", "", "2024000001", []),
      ("充值2024000001 2024000001-", "", "", "", [("2024000001", .any, .prose)]),
      // The row's own order and serial are nobody's, be they cut by hyphens or not.
      ("CK20261102000", "4200002652202611020000000000", "", "", []),
      ("订单CK20261102000", "学号2024000001", "", "2024000001", []),
      ("卡号8000 0001", "", "", "", [("8000", .card, .ifKnown), ("80000001", .card, .ifKnown)]),
    ] as [(String, String, String, String, [(String, NamedNumber.Kind, NamedNumber.Way)])])
  func fields(
    _ packet: String, _ goods: String, _ card: String, _ student: String,
    _ others: [(String, NamedNumber.Kind, NamedNumber.Way)]
  ) async throws {
    for encoding in [TextEncoding.utf8, .gb18030] {
      let entry = try await entries(packet, goods, encoding)
      #expect(entry.account == key(card) && entry.student == key(student), "\(packet) \(goods)")
      #expect(
        entry.others == others.map { NamedNumber(key($0.0), $0.1, $0.2) }, "\(packet) \(goods)")
    }
  }

  @Test("a row names sixteen numbers at most without a word for them")
  func many() async throws {
    let entry = try await entries((1_000..<1_040).map { "充值\($0)" }.joined(separator: "，"), "")
    #expect(entry.others.count == RowPeople.limit)
  }

  @Test("card and student number of a ledger stand where they stand")
  func ledger() async throws {
    let rows = [
      ledgerRow("L1"), ledgerRow("L2", card: ""), ledgerRow("L3", kind: "消费"),
      ledgerRow("L4").replacing("2023010203", with: ""),
      ledgerRow("L5", card: "").replacing("2023010203", with: "000"),
    ]
    let reading = try #require(try await readings(of: ledgerText(rows)).first)
    let (card, student) = (fingerprint("601001"), fingerprint("2023010203"))
    #expect(reading.table.account == Column([card, 0, card, card, 0]))
    #expect(reading.table.student == Column([student, student, student, 0, 0]))
    #expect(reading.table.others.isEmpty)
    #expect(reading.rejections.map(\.line) == [6], "nobody's")
    #expect(reading.table.kind[2] == .excluded)
    #expect(try reading.quote(reading.table[1]).account == "2023010203")
  }

  @Test("a list's numbers stand where they stand, the two of a replacement are both there")
  func lists() async throws {
    let replaced = "旧卡号,新卡号,学工号,换卡时间\n'601001,601002,2023010203,2026-11-02\n"
    var reading = try #require(try await readings(of: replaced).first)
    #expect(reading.table[0].account == fingerprint("601001"))
    #expect(reading.table[0].student == fingerprint("601002"))
    let listed = "卡号,学工号,账户状态,变更时间\n,t2023,正常,2026-11-02\n601001,,挂失,2026-11-02\n"
    reading = try #require(try await readings(of: listed).first)
    #expect(reading.table.account == Column([0, fingerprint("601001")]))
    #expect(reading.table.student == Column([fingerprint("T2023"), 0]))
  }

  @Test("a ledger without a card column keeps its balances by the student number")
  func chains() async throws {
    let rows = (0..<6).map { number in
      ledgerRow(
        "L\(number)", time: "2026-11-02 08:0\(number):05", card: "",
        balance: number == 3 ? "999.00" : "\(50 * (number + 1)).00")
    }
    var more = (0..<20).map { number in
      ledgerRow(
        "M\(number)", time: "2026-11-02 09:00:\(10 + number)", card: "",
        balance: "\(50 * (number + 1)).00"
      ).replacing("2023010203", with: "2023010204")
    }
    more += rows
    let long = try #require(try await readings(of: ledgerText(more)).first)
    #expect(long.statement.cardBreaks.count == 2)
  }

  @Test("what a channel leaves out is for nobody; what a ledger leaves out is")
  func leftOut() async throws {
    let rows = [
      ccbRow("S1", balance: "100.00"),
      ccbRow("S2", balance: "150.00").replacing("校园卡充值", with: "水费"),
    ]
    let reading = try #require(try await readings(of: ccbText(rows)).first)
    #expect(reading.table.rule[1] == .notCampusCard)
    #expect(reading.table.student == Column([fingerprint("2023010203"), 0]))
    let wrapped = camtStatement(
      camtNamed("a", "校园卡充值 学号2023010203") + camtNamed("b", "水费 学号2023010203 800000000001"),
      closing: "200.00")
    let camt = try #require(try await readings(of: wrapped).first)
    #expect(camt.table.count == 2 && camt.table.rule[1] == .notCampusCard)
    #expect(camt.table.student == Column([fingerprint("2023010203"), 0]))
    #expect(camt.table.others.isEmpty)
  }

  private func camtNamed(_ reference: String, _ text: String) -> String {
    """
    <Ntry><Amt Ccy="CNY">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><DtTm>2026-11-02T08:00:00+08:00</DtTm></BookgDt><AcctSvcrRef>\(reference)</AcctSvcrRef>
    <NtryDtls><TxDtls><RmtInf><Ustrd>\(text)</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
    """
  }

  @Test("the rows of a table that are left out can be made to name nobody")
  func excludedRows() {
    var table = EntryTable()
    var entry = Entry(kind: .payment, fen: 1, time: 1, account: 5, student: 6)
    entry.others = [NamedNumber(7)]
    table.append(entry)
    entry.kind = .excluded
    table.append(entry)
    table.append(entry)
    entry.kind = .refund
    table.append(entry)
    table.nameNobodyWhereExcluded()
    #expect(table.account == [5, 0, 0, 5] && table.student == [6, 0, 0, 6])
    #expect((0..<4).map { table[$0].others.count } == [1, 0, 0, 1])
    #expect(table.others.rows(naming: [7]) == [0, 3] && table.others.rows(naming: [8]).isEmpty)
  }

  @Test("the details of one camt entry have keys of their own, whatever references they share")
  func batches() async throws {
    func detail(_ reference: String, _ text: String) -> String {
      "<TxDtls><Refs><AcctSvcrRef>\(reference)</AcctSvcrRef></Refs>"
        + "<Amt Ccy=\"CNY\">25.00</Amt><RmtInf><Ustrd>\(text)</Ustrd></RmtInf></TxDtls>"
    }
    for references in [["R", "R", "R"], ["R1", "R2", "R3"], ["", "", ""]] {
      let details = zip(references, ["校园卡 学号2023010201", "校园卡 2023010202", "校园卡 卡号800000000003"])
        .map { detail($0, $1) }.joined()
      let entry = """
        <Ntry><Amt Ccy="CNY">75.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><DtTm>2026-11-02T08:00:00+08:00</DtTm></BookgDt><AcctSvcrRef>R</AcctSvcrRef>
        <NtryDtls>\(details)</NtryDtls></Ntry>
        """
      let reading = try #require(
        try await readings(of: camtStatement(entry, closing: "175.00")).first)
      try #require(reading.table.count == 3)
      #expect(Set(reading.table.own).count == 3 && !reading.table.own.contains(0))
      let quoted = try (0..<3).map { try reading.quote(reading.table[$0]).account }
      #expect(quoted == ["2023010201", "2023010202", "800000000003"])
    }
  }

  @Test(
    "a row read again tells the student, else the card, else the first number that is somebody's",
    arguments: [
      ("卡号800000000001 学号2024000001", "", "2024000001"), ("卡号800000000001", "", "800000000001"),
      ("", "1234 充值2024000001 20261102", "2024000001"), ("", "充值1234", nil),
      ("CK20261102000", "", nil), ("学号2024-0000-01", "", "2024-0000-01"),
      ("学号2024000001 50", "", "2024000001"), ("20261102", "学号2024000001", "2024000001"),
    ] as [(String, String, String?)])
  func quoted(_ packet: String, _ goods: String, _ account: String?) async throws {
    let reading = try #require(try await readings(of: bill([(packet, goods)])).first)
    let row = try reading.quote(known(reading.table[0]))
    #expect(row.account == account)
    let spans = (row.personal + row.numbers).map {
      String(decoding: Array(row.text.utf8)[$0.utf8], as: UTF8.self)
    }
    if let account { #expect(spans.contains { $0.contains(account) }, "\(spans)") }
  }

  /// A row of which only one number without a label turned out to be somebody's.
  private func known(_ entry: Entry) -> Entry {
    var entry = entry
    entry.others.removeAll { $0.way == .prose && $0.key != fingerprint(person: "2024000001") }
    return entry
  }

  @Test("everything a text calls a person's is masked, else the first run of 8 to 18 digits")
  func masked() async throws {
    func spans(_ packet: String, _ goods: String) async throws -> Set<String> {
      let reading = try #require(try await readings(of: bill([(packet, goods)])).first)
      let row = try reading.quote(known(reading.table[0]))
      return Set(
        (row.personal + row.numbers).map {
          String(decoding: Array(row.text.utf8)[$0.utf8], as: UTF8.self)
        }
        .filter { $0 != "oABC" })
    }
    #expect(try await spans("卡号80 学号T1", "学号2024000001") == ["80", "T1", "2024000001"])
    #expect(
      try await spans("订单AB20261118000003", "充值2024000001") == ["20261118000003", "2024000001"])
    #expect(try await spans("T20230001", "") == ["T20230001", "20230001"])
  }
}

import Columns
import Payments
import Testing

@testable import Statements

/// The same export in the forms it comes in: long, in sheets, in XML, without a header.
@Suite("Files of several accounts in every form") struct SeveralAccountsFormsTests {
  private static let accounts = ["44050110000000012345", "44050110000000067890", "77001"]

  private static func cells(_ text: String) -> [[String]] {
    text.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static func workbook(_ sheets: [(name: String, rows: [[String]])]) -> [UInt8] {
    let body = sheets.map { sheet in
      let rows = sheet.rows.map { row in
        let cells = row.map { "<Cell><Data ss:Type=\"String\">\($0)</Data></Cell>" }
        return "<Row>\(cells.joined())</Row>"
      }
      return "<Worksheet ss:Name=\"\(sheet.name)\"><Table>\(rows.joined())</Table></Worksheet>"
    }
    return Sheet.utf8(
      "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook "
        + "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "
        + "xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\(body.joined())</Workbook>")
  }

  @Test("Sheets that are pages of one list of several accounts are joined, then split")
  func sheets() async throws {
    let bills = zip(Self.accounts, [10, 6]).map { account, count in
      Self.cells(Sheet.ccb((0..<count).map { 1_000 + $0 }, account: account))
    }
    let (header, a, b) = (bills[0][0], bills[0].dropFirst(), bills[1].dropFirst())
    let pages = [
      ("第1页", [header] + a.prefix(5) + b.prefix(3)), ("第2页", [header] + b.dropFirst(3)),
      ("第3页", [header] + a.dropFirst(5)),
    ].map { (name: $0.0, rows: Array($0.1)) }
    let read = try await readings(of: Self.workbook(pages), as: "b.xls")
    #expect(read.map(\.statement.file) == ["b.xls/4405****2345", "b.xls/4405****7890"])
    #expect(read.map(\.table.count) == [10, 6] && read.flatMap(\.kinds) == [])
    let last = read[1].table[5]
    let (part, line) = JoinedSheets.place(ofLine: Int(last.line), of: pages.map(\.name))
    #expect(part == "第2页" && line == 4)
    // A row that is gone from a page breaks the chain of its account, across the sheets.
    var broken = pages
    broken[2].rows.remove(at: 1)
    let without = try await readings(of: Self.workbook(broken), as: "b.xls")
    #expect(without.map(\.kinds) == [[.runningBalanceBreak], []])
    // A sheet of other accounts is another list, and its parts are told by sheet and account.
    let other = Self.cells(Sheet.ccb([5, 6], account: Self.accounts[2])).dropFirst()
    let more = [pages[0], (name: "别的", rows: [header] + other)]
    let three = try await readings(of: Self.workbook(more), as: "b.xls")
    #expect(
      three.map(\.statement.file) == [
        "b.xls/第1页/4405****2345", "b.xls/第1页/4405****7890", "b.xls/别的",
      ])
    #expect(Set(three.map(\.member)).count == 3)
  }

  /// Bills of three merchants whose rows are mixed by chance, longer than a stretch.
  private static func long() -> [UInt8] {
    var numbers = SplitNumbers(state: 7)
    var (rows, total) = ([String](), 0)
    for row in 0..<9_000 {
      let merchant = ["1601959334", "1699999999", "1688888888"][Int(numbers.next() % 3)]
      let fen = 100 + row
      total += fen
      var text = wechatRow(
        "42\(row)", order: "CR\(row)", amount: Sheet.yuan(fen),
        status: row % 1_999 == 3 ? "SETTLING" : "SUCCESS",
        time: "2026-11-02 " + Sheet.clock(row % 800), merchant: merchant)
      text = text.replacing("校园卡充值", with: "校园卡充值" + String(repeating: "长", count: 60))
      rows.append(text)
    }
    return Array(wechatText(rows, count: "9000", total: Sheet.yuan(total)).utf8)
  }

  @Test("One, two and eight threads read the same parts")
  func threads() async throws {
    let bytes = Self.long()
    #expect(bytes.count > 2 * CSVReader.stretch)
    var known: [Reading] = []
    for threads in [1, 2, 8] {
      var options = Intake.Options()
      options.threads = threads
      let reader = StatementReader(profiles: builtInProfiles, options: options)
      let read = try await reader.read(
        [StatementFile(path: "w.csv", bytes: bytes)], names: ["w.csv"])
      if known.isEmpty { known = read }
      #expect(read.count == 3 && read.map(\.statement) == known.map(\.statement))
      #expect(read.map(\.rejections) == known.map(\.rejections))
      for (mine, first) in zip(read, known) {
        #expect(
          mine.table.order == first.table.order && Array(mine.table.line) == Array(first.table.line)
        )
      }
    }
    #expect(known.reduce(0) { $0 + $1.table.count } == 9_000)
    #expect(known.allSatisfy { $0.isConserved })
    #expect(Set(known.flatMap { Array($0.table.line) }) == Set(2...9_001))
    #expect(known.reduce(0) { $0 + $1.rejections.count } == 5)
    for part in known {
      #expect(part.statement.provesEnd)
      for row in stride(from: 0, to: part.table.count, by: 500) {
        let quoted = try part.quote(part.table[row])
        #expect(quoted.text.contains("`\(part.statement.merchant ?? "")"))
        #expect(quoted.order.map { fingerprint($0) } == part.table.order[row])
      }
    }
  }

  @Test(
    "A bank's answer in XML whose records name their accounts is split; its count is the answer's")
  func xml() async throws {
    var profile = try #require(builtInProfiles.first { $0.name == "icbc-qpd" })
    profile.xml?.shared = nil
    func record(_ account: String, _ number: Int) -> String {
      "<rd><AccNo>\(account)</AccNo><Drcrf>2</Drcrf><Amount>\(number)00</Amount>"
        + "<TimeStamp>2026-11-02-09.00.0\(number).000000</TimeStamp><OnlySequence>S\(number)</OnlySequence>"
        + "<PostScript>校园卡充值 学号202301100\(number)</PostScript></rd>"
    }
    func answer(_ count: Int) -> String {
      let records = [record("4405111", 1), record("4405222", 2), record("4405111", 3)]
      return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CMS><eb><pub><TransCode>QPD</TransCode>"
        + "<RetCode>0</RetCode></pub><out><TotalNum>\(count)</TotalNum>\(records.joined())</out></eb></CMS>"
    }
    let read = try await readings(of: answer(3), as: "q.xml", profiles: [profile])
    #expect(
      read.map(\.statement.merchant) == ["4405111", "4405222"], "\(read.map(\.statement.faults))")
    #expect(read.map(\.table.count) == [2, 1])
    #expect(read.allSatisfy { $0.kinds == [] && $0.statement.provesEnd })
    let wrong = try await readings(of: answer(4), as: "q.xml", profiles: [profile])
    #expect(wrong.map(\.kinds) == [[.controlTotalMismatch], [.controlTotalMismatch]])
  }

  @Test("Running numbers of the whole file, or of each account, tell whose row is missing")
  func numbers() async throws {
    var profile = try #require(builtInProfiles.first { $0.name == "ccb-corporate" })
    profile.columns["sequence"] = ["凭证号"]
    profile.columns["balance"] = nil
    func read(_ rows: [(account: String, number: Int)]) async throws -> [[FaultKind]] {
      let lines = rows.enumerated().map { place, row in
        "\(row.account),云山大学,20261102 08:00:0\(place),0,5.00,1.00,人民币元,张三,6217,支行,20261102,"
          + "校园卡充值,学号2023011000,101-\(place),,凭证,\(row.number)\r\n"
      }
      let text = Sheet.ccbHeader + lines.joined()
      return try await readings(of: Array(text.utf8), as: "a.csv", profiles: [profile]).map(\.kinds)
    }
    #expect(try await read([("A1", 1), ("B1", 2), ("A1", 3)]) == [[], []])
    // Numbers of the file: what is missing may be anybody's.
    #expect(
      try await read([("A1", 1), ("B1", 2), ("A1", 4)])
        == [[.statementTruncated], [.statementTruncated]])
    // Numbers of each account: it is the one that has the gap.
    #expect(
      try await read([("A1", 1), ("B1", 1), ("A1", 2), ("B1", 3), ("A1", 3)])
        == [[], [.statementTruncated]])
  }

  @Test("A service provider's bill of several sub-merchants stays one file that is held")
  func provider() async throws {
    let bill = Sheet.wechat([500, 600]).replacing(
      "1601959334,`0,`,`4200002", with: "1699999999,`151,`,`4200002"
    )
    .replacing("1601959334,`0,`,`4200001", with: "1601959334,`176,`,`4200001")
    let read = try await readings(of: bill)
    #expect(read.count == 1 && read[0].kinds == [.wrongAccountStatement, .wrongAccountStatement])
  }

  @Test(
    "In an archive a part is told by member and account, and what is beside it stays what it is")
  func archive() async throws {
    let rows = [
      wechatRow("42001", order: "CR1"), wechatRow("42003", order: "CR3", merchant: "1699999999"),
    ]
    let other = wechatText([wechatRow("42009", order: "CR9")], count: "1", total: "50.00")
    let zip = zipped([
      WrittenMember("one.csv", wechatText(rows, count: "2", total: "100.00")),
      WrittenMember("two.csv", other),
    ])
    let read = try await readings(of: zip, as: "b.zip")
    #expect(
      read.map(\.statement.file) == [
        "b.zip/one.csv/1601****34", "b.zip/one.csv/1699****99", "b.zip/two.csv",
      ])
    #expect(read.map(\.member) == ["one.csv#1601959334", "one.csv#1699999999", "two.csv#"])
  }
}

/// A generator whose numbers follow from its seed.
struct SplitNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

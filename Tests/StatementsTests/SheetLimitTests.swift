import Payments
import Testing

@testable import Statements

/// Every limit of *Limits* in Profiles.md that is not tried where what it limits is: beyond it a file is held, and
/// the message names it.
@Suite("Limits of sheets")
struct SheetLimitTests {
  private func workbook(_ body: String, strings: String? = nil) -> [String: [UInt8]] {
    var parts = ["xl/worksheets/sheet1.xml": Array("<worksheet>\(body)</worksheet>".utf8)]
    parts["xl/sharedStrings.xml"] = strings.map { Array("<sst>\($0)</sst>".utf8) }
    return parts
  }

  private func refusal(_ parts: [String: [UInt8]]) -> String? {
    do throws(Refusal) {
      _ = try Workbook.sheets(parts)
      return nil
    } catch {
      return error.reason.en
    }
  }

  private func isHeld(_ file: String, _ bytes: [UInt8], saying words: String) async throws -> Bool {
    let read = try await intake([(file, bytes)])
    return read.entries.count == 0
      && read.allStatements.allSatisfy { $0.faults.contains { $0.detail.en.contains(words) } }
  }

  @Test("A cell has a mebibyte")
  func cell() async throws {
    let long = String(repeating: "x", count: 1 << 20)
    for count in [1 << 20, 1 << 20 + 1] {
      let text = long + String(repeating: "x", count: count - 1 << 20)
      let isLong = count > 1 << 20
      let inline = "<row><c t=\"inlineStr\"><is><t>\(text)</t></is></c></row>"
      #expect((refusal(workbook(inline)) != nil) == isLong)
      let shared = workbook(
        "<row><c t=\"s\"><v>0</v></c></row>", strings: "<si><t>\(text)</t></si>")
      #expect((refusal(shared)?.contains("1 MiB") == true) == isLong)
    }
    let xml =
      "<Workbook><Worksheet><Row><Cell><Data>\(long)x</Data></Cell></Row></Worksheet></Workbook>"
    #expect(try await isHeld("b.xls", Sheet.utf8(xml), saying: "1 MiB"))
    let page = "<table><tr><td>\(long)x</td></tr></table>"
    #expect(try await isHeld("b.xls", Sheet.utf8(page), saying: "1 MiB"))
  }

  @Test("Texts that cells share have 96 MiB")
  func texts() {
    var texts = SharedTexts()
    let text = [UInt8](repeating: 0x78, count: 1 << 20)
    for _ in 0..<95 {
      texts.begin()
      texts.extend(text)
    }
    #expect(!texts.isTooLong)
    #expect(texts[94]?.count == 1 << 20)
    for _ in 0..<2 {
      texts.begin()
      texts.extend(text)
    }
    #expect(texts.isTooLong)
  }

  @Test("A workbook, and a page, has 256 sheets")
  func sheets() async throws {
    for count in [256, 257] {
      let parts = Dictionary(
        uniqueKeysWithValues: (0..<count).map {
          ("xl/worksheets/sheet\($0).xml", Array("<worksheet/>".utf8))
        })
      #expect((refusal(parts)?.contains("256 sheets") == true) == (count > 256))
      var old = OldWorkbookWriter()
      old.sheets = (0..<count).map { ("\($0)", 0, [(0, 0, .text("a"))]) }
      #expect(
        try await isHeld("b.xls", old.file(), saying: "256 sheets") == (count > 256))
    }
    let page = String(repeating: "<table><tr><td>1</td></tr></table>", count: 257)
    #expect(try await isHeld("b.xls", Sheet.utf8(page), saying: "256 sheets"))
    let xml = String(repeating: "<Worksheet><Row><Cell/></Row></Worksheet>", count: 257)
    #expect(
      try await isHeld("b.xls", Sheet.utf8("<Workbook>\(xml)</Workbook>"), saying: "256 sheets"))
  }

  @Test("Cells behind column 512 are told, not read")
  func columns() throws {
    let row =
      "<row><c r=\"A1\"><v>1</v></c><c r=\"SR1\"><v>2</v></c><c r=\"SS1\"><v>3</v></c></row>"
    let sheet = try Workbook.sheets(workbook(row))[0]
    #expect(sheet.bytes.count { $0 == 0x1F } == 511)
    #expect(sheet.farCells == 1)
  }

  @Test("Tables lie 32 deep, and an .xls or a page has 48 MiB")
  func pages() async throws {
    let nested = String(repeating: "<table><tr><td>", count: 33)
    #expect(try await isHeld("b.xls", Sheet.utf8(nested), saying: "32 deep"))
    let spaces = [UInt8](repeating: 0x20, count: 48 << 20)
    #expect(
      try await isHeld("b.xls", Sheet.utf8("<table><tr><td>1") + spaces, saying: "48 MiB"))
    #expect(try await isHeld("b.xls", CompoundFile.mark + spaces, saying: "48 MiB"))
  }

  @Test("The cells of an .xls sheet have 64 MiB")
  func oldCells() {
    var cells = OldCells(limit: SheetLimits.bytes)
    let text = [UInt8](repeating: 0x78, count: 1 << 20)
    #expect(throws: Never.self) {
      for row in 0..<63 { try cells.add(row, 0, text) }
    }
    #expect(throws: OldWorkbookError.tooLarge(64 << 20)) { try cells.add(63, 0, text) }
  }

  @Test("What is packed inside a packed file is a workbook, or is held")
  func nested() async throws {
    let bill = Sheet.ccb((0..<3).map { 1_000 + $0 })
    var inner = WrittenMember("b.zip")
    inner.contents = zipped([WrittenMember("b.csv", bill)])
    #expect(try await isHeld("a.zip", zipped([inner]), saying: "inside a packed file"))
    let cells = bill.split(separator: "\r\n").map { line in
      "<row>"
        + line.split(separator: ",", omittingEmptySubsequences: false).map {
          "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>"
        }.joined() + "</row>"
    }
    inner = WrittenMember("b.xlsx")
    inner.contents = zipped([
      WrittenMember("[Content_Types].xml", "<Types/>"),
      WrittenMember("xl/worksheets/sheet1.xml", "<worksheet>\(cells.joined())</worksheet>"),
    ])
    let read = try await intake([("a.zip", zipped([inner]))])
    let plain = try await intake([("b.csv", Sheet.utf8(bill))])
    #expect(read.entries.count == 3)
    #expect(Array(read.entries.fen) == Array(plain.entries.fen))
    #expect(try read.evidence(0).line.file == "a.zip/b.xlsx")
  }

  @Test("A row of text has a mebibyte, an answer of an interface 64 KiB")
  func rowsAndAnswers() async throws {
    let rows = Sheet.ccb([1_000, 2_000]).split(separator: "\r\n").map(String.init)
    let long = rows[1].replacing("校园卡充值", with: "校园卡充值" + String(repeating: "x", count: 1 << 20))
    let read = try await intake([
      ("b.csv", Sheet.utf8([rows[0], long, rows[2]].joined(separator: "\r\n") + "\r\n"))
    ])
    #expect(read.allStatements[0].faults.contains { $0.line == 2 })
    #expect(!read.allStatements[0].faults.isEmpty && read.entries.count < 2)
    for (count, isAnswer) in [(100, true), (1 << 16, false)] {
      let text = #"{"return_code":"FAIL","return_msg":"No Bill Exist","error_code":"20002","x":""#
      let answer = Sheet.utf8(text + String(repeating: "x", count: count) + "\"}")
      let detail = try await intake([("b.json", answer)]).allStatements[0].faults.first?.detail
      #expect((detail == Refusals.answer) == !isAnswer)
    }
  }

  @Test("Records of a bank's message and statements of a run have an end")
  func ends() throws {
    let profile = try #require(try Profile.builtIn().first { $0.xml != nil })
    let form = try #require(profile.xml)
    for (limit, isTooLong) in [(1 << 20, false), (64, true)] {
      var records = XMLRecords(form, header: profile.recordFields, limit: limit)
      let path = form.record.split(separator: "/").map(String.init)
      let record = path.map { "<\($0)>" }.joined() + path.reversed().map { "</\($0)>" }.joined()
      let text = "<\(form.root)>\(String(repeating: record, count: 200))</\(form.root)>"
      try readElements(StatementFile(path: "", bytes: Array(text.utf8)), into: &records)
      #expect(records.isTooLong == isTooLong)
      #expect(
        records.faults().contains { $0.detail.en.contains("no answer is that long") } == isTooLong)
    }
    try Intake.check(statements: 65_535)
    #expect(throws: StatementError.tooManyStatements(65_536, most: 65_535)) {
      try Intake.check(statements: 65_536)
    }
  }
}

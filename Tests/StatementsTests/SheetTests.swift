import Payments
import Testing

@testable import Statements

/// Workbooks of several sheets, and what is called .xls and is something else.
@Suite("Sheets")
struct SheetTests {
  /// A bill as rows of cells.
  private func rows(_ count: Int, from first: Int = 0) -> [[String]] {
    let lines = Sheet.ccb((0..<(first + count)).map { 1_000 + $0 }).split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return [lines[0]] + lines[(1 + first)...]
  }

  private func page(_ tables: [[[String]]]) -> String {
    let body = tables.map { table in
      let rows = table.map { row in
        "<tr>" + row.map { "<td>\($0.isEmpty ? "&nbsp;" : $0)</td>" }.joined() + "</tr>"
      }
      return "<table border=1>\(rows.joined())</table>"
    }
    return
      "<html><head><meta charset=gb2312><style>td{mso-number-format:'\\@'}</style></head><body>"
      + "<script>var x = '<table><tr><td>1</td></tr></table>'</script>\(body.joined())</body></html>"
  }

  private func workbook(_ sheets: [(name: String, rows: [[String]])]) -> String {
    let body = sheets.map { sheet in
      let rows = sheet.rows.map { row in
        let cells = row.enumerated().filter { !$0.element.isEmpty }.map { column, text in
          "<Cell ss:Index=\"\(column + 1)\"><Data ss:Type=\"String\">\(text)</Data></Cell>"
        }
        return "<Row>\(cells.joined())</Row>"
      }
      return "<Worksheet ss:Name=\"\(sheet.name)\"><Table>\(rows.joined())</Table></Worksheet>"
    }
    return "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook "
      + "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "
      + "xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\(body.joined())</Workbook>"
  }

  private func old(_ sheets: [(name: String, rows: [[String]])]) -> [UInt8] {
    var writer = OldWorkbookWriter()
    writer.sheets = sheets.map { sheet in
      let cells = sheet.rows.enumerated().flatMap { row, line in
        line.enumerated().map { (row, $0.offset, OldWorkbookWriter.Cell.text($0.element)) }
      }
      return (sheet.name, 0, cells)
    }
    return writer.file()
  }

  @Test("A web page, a workbook in XML and text of formulas are read as the bill they hold")
  func forms() async throws {
    let bill = rows(40)
    let guarded = bill.map { row in row.map { "=\"\($0)\"" }.joined(separator: "\t") }
      .joined(separator: "\r\n")
    let plain = try await intake([("b.csv", Sheet.utf8(Sheet.ccb((0..<40).map { 1_000 + $0 })))])
    for (name, bytes) in [
      ("page", Sheet.gb(page([bill]))), ("page8", Sheet.utf8(page([bill]))),
      ("xml", Sheet.utf8(workbook([("明细", bill)]))), ("text", Sheet.gb(guarded)),
      ("old", old([("明细", bill)])),
    ] {
      let read = try await intake([("b.xls", bytes)])
      #expect(read.entries.count == 40, "\(name): \(read.allStatements[0].faults)")
      #expect(read.entries.serial == plain.entries.serial, "\(name)")
      #expect(Array(read.entries.fen) == Array(plain.entries.fen), "\(name)")
      #expect(read.isConserved, "\(name)")
      let (evidence, other) = (try read.evidence(3), try plain.evidence(3))
      #expect(evidence.line.line == 5 && evidence.serial == other.serial, "\(name)")
      #expect(evidence.order == other.order && evidence.account == other.account, "\(name)")
    }
  }

  @Test("Sheets with one header are one list, and a row is told by its sheet")
  func joined() async throws {
    let pages = [("第1页", rows(5)), ("第2页", rows(4, from: 5)), ("第3页", rows(1, from: 9))]
    let plain = try await intake([("b.csv", Sheet.utf8(Sheet.ccb((0..<10).map { 1_000 + $0 })))])
    for bytes in [old(pages), Sheet.utf8(workbook(pages))] {
      let read = try await intake([("b.xls", bytes)])
      #expect(read.allStatements.map(\.file).filter { !$0.isEmpty } == ["b.xls"])
      #expect(read.isConserved)
      #expect(read.entries.serial == plain.entries.serial)
      #expect(try read.statement("b.xls").faults == [])
      let places = try (0..<10).map { row in
        let line = try read.evidence(row).line
        return "\(line.file):\(line.line)"
      }
      #expect(places[4] == "b.xls/第1页:6" && places[5] == "b.xls/第2页:2")
      #expect(places[9] == "b.xls/第3页:2")
    }
    // A page that is missing shows as one of a bill would.
    let cut = try await intake([("b.xls", old([pages[0], pages[2]]))])
    #expect(try cut.fault(.runningBalanceBreak, in: "b.xls").holds)
  }

  @Test("A sheet that repeats another is read once, and said")
  func copies() async throws {
    let pages = [("明细", rows(6)), ("工作副本", rows(6)), ("筛选", rows(2, from: 3))]
    let read = try await intake([("b.xls", old(pages))])
    #expect(read.entries.count == 6 && read.isConserved)
    let statement = try read.statement("b.xls")
    #expect(statement.faults == [])
    #expect(statement.notes.contains { $0.detail.zh.contains("工作副本、筛选") })
  }

  @Test("A sheet of no known layout is said; one that looks like transactions holds the file")
  func others() async throws {
    let notes = [["说明", "本表仅供参考", "以柜台为准"], ["制表", "李四", "2026-11-02"]]
    let strange = [["何时", "几何", "何人"], ["2026-11-02", "50.00", "张三"]]
    let read = try await intake([("b.xls", old([("明细", rows(5)), ("说明", notes)]))])
    #expect(read.entries.count == 5)
    let statement = try read.statement("b.xls")
    #expect(statement.faults == [] && statement.notes.contains { $0.detail.zh.contains("说明") })
    // Where there are other sheets, rows tell theirs.
    #expect(try read.evidence(4).line.file == "b.xls/明细" && read.evidence(4).line.line == 6)
    var far = OldWorkbookWriter()
    far.sheets = [
      (
        "明细", 0,
        rows(5).enumerated().flatMap { row, cells in
          cells.enumerated().map { (row, $0.offset, .text($0.element)) } + [(row, 600, .text("x"))]
        }
      )
    ]
    let wide = try await intake([("b.xls", far.file())])
    #expect(wide.entries.count == 5)
    #expect(
      try wide.statement("b.xls").notes.contains {
        $0.detail.en.contains("6 cells beyond column 512")
      })
    let held = try await intake([("b.xls", old([("明细", rows(5)), ("补充", strange)]))])
    let fault = try held.fault(.unreadable, in: "b.xls")
    #expect(fault.holds && fault.detail.zh.contains("补充") && held.entries.count == 0)
    #expect(held.isConserved)
  }

  @Test("A page without a bill is refused as what it is")
  func loginPage() async throws {
    for text in [
      "<html><body><form>请登录</form></body></html>", page([[["用户名", ""], ["密码", ""]]]),
      "<!DOCTYPE html><html><head><title>会话已过期</title></head><body></body></html>",
    ] {
      let read = try await intake([("b.xls", Sheet.utf8(text))])
      #expect(try read.fault(.unreadable, in: "b.xls").detail.zh.contains("登录"), "\(text)")
    }
  }

  @Test("Markup that costs more than it gives is refused")
  func limits() async throws {
    let attributes = (0..<40_000).map { "a\($0)=\"1\"" }.joined(separator: " ")
    let long = Sheet.utf8("<Document><Stmt \(attributes)/></Document>")
    let nested = Sheet.utf8(String(repeating: "<table><tr><td>", count: 40_000))
    let wide = Sheet.utf8(
      "<table>"
        + String(repeating: "<tr>" + String(repeating: "<td colspan=64>x", count: 8), count: 300))
    let cell = Sheet.utf8("<table><tr><td>" + String(repeating: "x", count: 2 << 20))
    for (name, bytes) in [("long", long), ("nested", nested), ("wide", wide), ("cell", cell)] {
      let read = try await intake([("b.xls", bytes)])
      let isHeld = read.allStatements.allSatisfy(\.isHeld)
      #expect(isHeld, "\(name)")
    }
    #expect(
      try await intake([("b.xml", long)]).fault(.unreadable, in: "b.xml").detail.en.contains(
        "256 KiB"))
  }

  @Test("How a file is written is told in words, and cells by their letters")
  func told() async throws {
    let bill = rows(3)
    let text = bill.map { $0.joined(separator: ",") }.joined(separator: "\r\n")
    for (name, bytes, words) in [
      ("b.csv", Sheet.utf8(text), "text parted by commas (CSV)"),
      ("b.xls", Sheet.utf8(text), "text parted by commas (CSV), though its name ends in .xls"),
      ("b.xls", Sheet.utf8(page([bill])), "web page (HTML), though its name ends in .xls"),
      ("b.xls", old([("明细", bill)]), "Excel 97–2003 workbook (.xls); the sheets read: 明细"),
      ("b.xlsx", old([("明细", bill)]), "(.xls), though its name ends in .xlsx; the sheets read: 明细"),
      ("b.xls", Sheet.utf8(workbook([("明细", bill)])), "spreadsheet in XML (Excel 2003), though"),
    ] {
      let inspection = try await intake([(name, bytes)]).inspections(rows: 1)[0]
      #expect(inspection.form?.en.contains(words) == true, "\(inspection.form?.en ?? "—")")
    }
    var broken = bill
    broken[2][broken[0].firstIndex(of: "交易时间") ?? 0] = "?"
    let read = try await intake([("b.xls", old([("明细", broken)]))])
    let rejection = try #require(read.rejections.first, "\(read.allStatements[0].faults)")
    let column = try #require(rejection.column)
    #expect(rejection.field?.hasPrefix(columnLetters(column - 1) + "3 ") == true, "\(rejection)")
    #expect(columnLetters(25) + columnLetters(26) + columnLetters(511) == "ZAASR")
  }
}

import Testing

@testable import Statements

/// Which numbers of a workbook are dates is told by their formats alone.
@Suite("Number formats of a workbook")
struct NumberFormatTests {
  /// - Parameters:
  ///   - format: the code of format `id`; nil where the workbook does not define it.
  private func cell(
    _ format: String?, _ value: String, id: Int = 170, isFrom1904: Bool = false
  ) throws -> String {
    let code = format.map { $0.replacing("\"", with: "&quot;") }
    let defined = code.map { "<numFmt numFmtId=\"\(id)\" formatCode=\"\($0)\"/>" } ?? ""
    let parts = [
      "xl/workbook.xml":
        "<workbook><workbookPr date1904=\"\(isFrom1904)\"/><sheets><sheet id=\"r1\"/></sheets></workbook>",
      "xl/styles.xml": """
      <styleSheet><numFmts>\(defined)</numFmts>\
      <cellXfs><xf/><xf numFmtId="\(id)"/></cellXfs></styleSheet>
      """,
      "xl/worksheets/sheet1.xml": """
      <worksheet><sheetData><row r="1"><c r="A1" s="1"><v>\(value)</v></c></row></sheetData>\
      </worksheet>
      """,
    ]
    let sheet = try Workbook.sheets(parts.mapValues { Array($0.utf8) })[0]
    return String(decoding: sheet.bytes.dropLast(), as: UTF8.self)
  }

  @Test(
    "Colours, conditions, escaped letters and words in quotes make no date of an amount",
    arguments: [
      "#,##0.00;[Red]-#,##0.00", "[Blue]0.00", "[$￥-804]#,##0.00", "[>=100]0.00;0.0",
      "0.00\"yd\"", "0\\d", "#,##0.00_h", "0.00;[Red]\\(0.00\\)",
    ])
  func amounts(format: String) throws {
    #expect(try cell(format, "46328.5") == "46328.5")
  }

  @Test(
    "Days and hours make a date",
    arguments: [
      "yyyy-mm-dd", "d/m/yy", "[$-804]yyyy\"年\"m\"月\"d\"日\"", "hh:mm", "[h]:mm", "[Red]yyyy-mm-dd",
    ])
  func dates(format: String) throws {
    #expect(try cell(format, "46328.5") == "2026-11-02 12:00:00")
  }

  @Test("Formats of Chinese Excel are dates by their number, unless the workbook says otherwise")
  func builtIn() throws {
    for id in [14, 22, 27, 31, 36, 46, 50, 57, 58] {
      #expect(try cell(nil, "46328.5", id: id) == "2026-11-02 12:00:00", "\(id)")
      #expect(try cell("0.00", "46328.5", id: id) == "46328.5", "\(id)")
    }
    for id in [0, 1, 4, 13, 23, 37, 44, 48, 49, 59] {
      #expect(try cell(nil, "46328.5", id: id) == "46328.5", "\(id)")
    }
  }

  @Test("A workbook that counts from 1904 has its days four years and a day later")
  func from1904() throws {
    #expect(try cell("yyyy-mm-dd", "44866.5", isFrom1904: true) == "2026-11-02 12:00:00")
    #expect(try cell("yyyy-mm-dd", "0", isFrom1904: true) == "1904-01-01 00:00:00")
    #expect(try cell("0.00", "44866.5", isFrom1904: true) == "44866.5")
  }
}

import Testing

@testable import Statements

/// Which numbers of a workbook are dates is told by their formats alone.
@Suite("Number formats of a workbook")
struct NumberFormatTests {
  private func cell(_ format: String, _ value: String) throws -> String {
    let code = format.replacing("\"", with: "&quot;")
    let parts = [
      "xl/workbook.xml": "<workbook><sheets><sheet id=\"r1\"/></sheets></workbook>",
      "xl/styles.xml": """
      <styleSheet><numFmts><numFmt numFmtId="170" formatCode="\(code)"/></numFmts>\
      <cellXfs><xf/><xf numFmtId="170"/></cellXfs></styleSheet>
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
}

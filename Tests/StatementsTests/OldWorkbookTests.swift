import Foundation
import Payments
import Testing

@testable import Statements

@Suite("Old Excel workbooks")
struct OldWorkbookTests {
  private func sheets(_ writer: OldWorkbookWriter) throws -> [Statements.Sheet] {
    let container = try #require(CompoundFile(writer.file()))
    return try OldWorkbook.sheets(container, path: "")
  }

  private func rows(_ sheet: Statements.Sheet) -> [[String]] {
    sheet.bytes.split(separator: 0x0A).map { line in
      line.split(separator: 0x1F, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
  }

  @Test(
    "Every kind of cell is what Excel shows; empty texts, gaps and cells out of order are no matter"
  )
  func cells() throws {
    var writer = OldWorkbookWriter()
    writer.sheets = [
      (
        "明细", 0,
        [
          (0, 0, .text("交易日期")), (0, 1, .text("")), (0, 2, .own("摘要")),
          (4, 3, .double(28.16)), (4, 0, .double(46_328.375, format: 2)),
          (4, 1, .short(UInt32(bitPattern: Int32(12_345 << 2)) | 3)), (4, 2, .truth(true)),
          (5, 0, .double(46_328, format: 1)), (5, 1, .formula(99.5)), (5, 2, .textFormula("合计")),
          (5, 3, .double(46_328.5, format: 3)), (6, 1, .several([4 << 2 | 2, 5 << 2 | 2])),
        ]
      )
    ]
    for isFrom1904 in [false, true] {
      writer.isFrom1904 = isFrom1904
      let sheet = try #require(try sheets(writer).first)
      let year = isFrom1904 ? "2030-11-03" : "2026-11-02"
      #expect(sheet.rows == [1, 5, 6, 7] && sheet.name == "明细" && sheet.formulas == 2)
      #expect(
        rows(sheet) == [
          ["交易日期", "", "摘要"], [year + " 09:00:00", "123.45", "TRUE", "28.16"],
          [year + " 00:00:00", "99.5", "合计", year + " 12:00:00"], ["", "4", "5"],
        ])
    }
  }

  @Test("Texts that go on in further records are whole, wherever they are cut", arguments: 20...60)
  func continued(longest: Int) throws {
    var writer = OldWorkbookWriter()
    writer.longestRecord = longest
    let texts = (0..<40).map { "校园卡充值\($0)" } + ["plain ascii text", "", "混 mixed 文"]
    writer.sheets = [("s", 0, texts.enumerated().map { ($0.offset, 0, .text($0.element)) })]
    let sheet = try #require(try sheets(writer).first)
    #expect(rows(sheet).map { $0[0] } == texts.filter { !$0.isEmpty })
  }

  @Test("Numbers are shown with fifteen digits, as C's %.15g has them")
  func numbers() {
    var random = SystemRandomNumberGenerator()
    for index in 0..<20_000 {
      let cents = Int64.random(in: -10_000_000_000...10_000_000_000, using: &random)
      let value =
        index % 2 == 0
        ? Double(cents) / 100 : Double(cents) * Double.random(in: 0.000_001...1_000, using: &random)
      let shown = numberText(ofDouble: value.bitPattern)
      guard value.magnitude >= 0.001, value.magnitude < 1e15 else { continue }
      // A half is rounded up, as Excel does, and not to the even digit, as C does.
      let up = value < 0 ? value.nextDown : value.nextUp
      let expected = [value, up].map { String(format: "%.15g", $0) }
      // Below one, C counts digits and a cell decimals.
      let isClose = value.magnitude < 1 && abs((Double(shown) ?? 0) - value) < 1e-15
      #expect(expected.contains(shown) || isClose, "\(value): \(shown), \(expected)")
    }
    for (value, text) in [
      (0.0, "0"), (-0.0, "0"), (50, "50"), (0.1, "0.1"), (-2_140.13, "-2140.13"),
      (4_200_002_345_202_611.0, "4.20000234520261E+15"), (1e22, "1E+22"), (0.07, "0.07"),
      (999_999_999_999_999, "999999999999999"), (1e-9, "0.000000001"), (1e-300, "0"),
      (.infinity, ""), (.nan, ""),
    ] as [(Double, String)] {
      #expect(numberText(ofDouble: value.bitPattern) == text, "\(value)")
    }
  }

  @Test("Bills in an old workbook are read as the same bill in text", arguments: [false, true])
  func bill(isHidden: Bool) async throws {
    let bill = Sheet.ccb((0..<300).map { 1_000 + $0 })
    let lines = bill.split(separator: "\r\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    var writer = OldWorkbookWriter()
    var cells: [(row: Int, column: Int, cell: OldWorkbookWriter.Cell)] = []
    for (row, line) in lines.enumerated() {
      for (column, text) in line.enumerated() where !text.isEmpty {
        let isAmount = row > 0 && (3...5).contains(column)
        cells.append((row, column, isAmount ? .double(Double(text) ?? 0) : .text(text)))
      }
    }
    writer.sheets = [("说明", 0, [(0, 0, .text("仅供参考"))]), ("明细", isHidden ? 1 : 0, cells)]
    let read = try await intake([("b.xls", writer.file())])
    let plain = try await intake([("b.csv", Sheet.utf8(bill))])
    #expect(read.entries.count == 300 && read.entries.serial == plain.entries.serial)
    #expect(Array(read.entries.fen) == Array(plain.entries.fen))
    let notes = try read.statement("b.xls").notes.map(\.detail.zh).joined()
    #expect(notes.contains("说明") && notes.contains("隐藏") == isHidden)
    #expect(try read.evidence(5).line.line == 7)
  }

  @Test("A password, another document, a cut file: each is held and says so")
  func refused() async throws {
    var writer = OldWorkbookWriter()
    writer.sheets = [("s", 0, (0..<900).map { ($0, 0, .text("行\($0)")) })]
    let whole = writer.file()
    writer.hasPassword = true
    let cases: [(bytes: [UInt8], word: String)] = [
      (writer.file(), "密码"), (CompoundFile.mark + [UInt8](repeating: 0, count: 5_000), "损坏"),
      (Array(whole.prefix(whole.count / 2)), "损坏"), (Array(whole.prefix(600)), "损坏"),
    ]
    for (bytes, word) in cases {
      let read = try await intake([("b.xls", bytes)])
      let fault = try #require(read.allStatements[0].faults.first)
      #expect(fault.holds && fault.detail.zh.contains(word), "\(fault.detail.zh)")
    }
  }

  @Test("Damaged bytes never stop the reader, and cost no more than the file is worth")
  func damaged() throws {
    var writer = OldWorkbookWriter()
    writer.longestRecord = 300
    writer.sheets = [
      ("一", 0, (0..<60).map { ($0, $0 % 7, .text("校园卡充值 \($0)")) }),
      ("二", 2, (0..<40).map { ($0, 1, .double(Double($0) / 4)) }),
    ]
    let whole = writer.file()
    var random = SystemRandomNumberGenerator()
    let count =
      ProcessInfo.processInfo.environment["CARDRECON_MUTATIONS"].flatMap { Int($0) } ?? 3_000
    for _ in 0..<count {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] =
          [0, 1, 0x7F, 0x80, 0xFE, 0xFF, UInt8.random(in: 0...255, using: &random)]
          .randomElement(using: &random) ?? 0
      }
      if Bool.random(using: &random) {
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
      }
      let sheets = CompoundFile(bytes).flatMap { try? OldWorkbook.sheets($0, path: "") } ?? []
      let size = sheets.reduce(0) { $0 + $1.bytes.count }
      #expect(size <= SheetLimits.bytes(ofPacked: bytes.count))
    }
  }
}

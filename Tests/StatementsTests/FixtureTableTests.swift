import Columns
import Glibc
import Payments
import Testing

@testable import Statements

@Suite(
  "Collected files", .enabled(if: CollectedFiles.areHere, "CARDRECON_FIXTURES is not set"))
struct FixtureTableTests {
  /// Every file below the folder but the note of where they came from, by relative path.
  static var found: [String] {
    guard let folder = CollectedFiles.folder else { return [] }
    var paths: [String] = []
    var open = [""]
    while let inside = open.popLast() {
      guard let directory = opendir(folder + "/" + inside) else { continue }
      defer { closedir(directory) }
      while let item = readdir(directory) {
        let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasPrefix(".") || name == "PROVENANCE.md" { continue }
        if item.pointee.d_type == UInt8(DT_DIR) {
          open.append(inside + name + "/")
        } else {
          paths.append(inside + name)
        }
      }
    }
    return paths.sorted()
  }

  private func intake(_ path: String) async throws -> Intake {
    let folder = try #require(CollectedFiles.folder)
    return try await Intake(paths: [folder + "/" + path], options: Intake.Options())
  }

  private func line(of statement: Statement) -> String {
    let words = [
      statement.format.isEmpty ? "—" : statement.format, "\(statement.accepted)",
      "\(statement.read.rows)", "\(statement.read.fen)",
    ]
    return (words + statement.faults.map(\.kind.rawValue)).joined(separator: " ")
  }

  @Test("the table and the folder name the same files")
  func completeness() {
    let (table, folder) = (Set(FixtureTable.expected.keys), Set(FixtureTableTests.found))
    #expect(table.subtracting(folder).sorted() == [], "in the table, not in the folder")
    #expect(folder.subtracting(table).sorted() == [], "in the folder, not in the table")
  }

  @Test("every file reads as it was counted", arguments: found)
  func reading(_ path: String) async throws {
    let statements = try await intake(path).statements.map(\.statement).filter { !$0.file.isEmpty }
    #expect(statements.map(line) == FixtureTable.expected[path])
  }

  @Test("rows and money of every file are entries or are counted as lost", arguments: found)
  func conservation(_ path: String) async throws {
    let intake = try await intake(path)
    for (index, given) in intake.statements.enumerated() {
      let statement = given.statement
      let mine = (0..<intake.entries.count).filter { Int(intake.entries.statement[$0]) == index }
      let fen = mine.reduce(Int128(0)) { $0 + Int128(intake.entries.fen[$1]) }
      #expect(mine.count + given.rejected.rows == statement.read.rows)
      #expect(fen + given.rejected.fen == statement.read.fen)
    }
  }

  @Test("a workbook and the CSV of the same bill hold the same rows")
  func workbookAndText() async throws {
    let base = "wechat_personal/deg_example-wechat-records"
    var rows: [[Entry]] = []
    for path in [base + ".csv", base + ".xlsx"] {
      let folder = try #require(CollectedFiles.folder)
      let reader = StatementReader(profiles: try Profile.builtIn(), options: Intake.Options())
      let reading = try #require(
        try await reader.read([Intake.Source(path: folder + "/" + path)]).first)
      rows.append(
        (0..<reading.table.count).map { row in
          var entry = reading.table[row]
          (entry.line, entry.offset) = (0, 0)
          return entry
        })
    }
    #expect(rows[0].count == 27)
    #expect(rows[0] == rows[1])
  }

  @Test(
    "fees add up to what was counted",
    arguments: [
      // 79.36 yuan, as the summary beside it says; 0.08 yuan, as its trailer says.
      ("unionpay/INN15090588ZM_802310048993424", 7_936_000 as Int64),
      ("wechat_merchant/axios-plugin_bill.ALL.csv", 8_000 as Int64),
    ])
  func fees(_ path: String, _ expected: Int64) async throws {
    let statement = try #require(try await intake(path).statements.first?.statement)
    #expect(statement.feeHundredThousandths == expected)
  }

  @Test("the totals a file states are found, whatever form they are written in")
  func totals() async throws {
    let boc = try await intake("bank_csv/tr_boc_corp_pipe_201711_masked.gbk.txt").allStatements[0]
    #expect(boc.totals.map(\.stated) == [29, 11, 108_117_853, 18, 71_352_455])
    #expect(boc.totals.map { $0.stated } == boc.totals.map { $0.computed })
    let alipay = try await intake("alipay_merchant/tr_alipay_trade_detail_20190916.gbk.csv")
    #expect(alipay.allStatements[0].totals.map(\.stated) == [6, 6, 0, 4, -4, 0])
    let wechat = try await intake("wechat_merchant/axios-plugin_bill.ALL.csv").allStatements[0]
    #expect(wechat.totals.allSatisfy { $0.stated == $0.computed })
    #expect(wechat.totals.first?.stated == 45)
  }
}

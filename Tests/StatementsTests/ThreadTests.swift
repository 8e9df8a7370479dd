import Payments
import Testing

@testable import Statements

@Suite("Reading side by side") struct ThreadTests {
  /// A ledger of `rows` long rows with bad ones, empty lines and quoted fields among them.
  private func ledger(_ rows: Int, linesInside: Bool) -> [UInt8] {
    var bytes = Sheet.utf8(Sheet.ledgerHeader)
    let padding = String(repeating: "值班员", count: 60)
    for row in 0..<rows {
      let amount = row % 1_999 == 7 ? "5.0.0" : Sheet.yuan(100 + row)
      let status = row % 2_503 == 11 ? "待定" : "成功"
      let clock = Sheet.clock(row % 900)
      let name =
        linesInside && row % 1_501 == 3 ? "\"张\n三,\"\"\"" : (row % 7 == 0 ? "\"张三\"" : "张三")
      let day = row % 5 == 0 ? "2026-11-03" : "2026-11-02"
      bytes += Sheet.utf8(
        "L\(row),\(day) \(clock),充值,\(amount),\(status),3701\(row),,\(name),微信,CK\(row),4200\(row),,,\(padding)\n"
      )
      if row % 3_001 == 0 { bytes += [0x0A] }
      if row % 4_001 == 5 { bytes += Sheet.utf8("half,a,row\n") }
    }
    return bytes
  }

  private func read(_ bytes: [UInt8], threads: Int) async throws -> Reading {
    var options = Intake.Options()
    options.threads = threads
    let reader = StatementReader(profiles: builtInProfiles, options: options)
    let file = StatementFile(path: "ledger.csv", bytes: bytes)
    return try #require(try await reader.read([file], names: ["ledger.csv"]).first)
  }

  @Test("one, two, three and eight threads read the same", arguments: [false, true])
  func sameResults(linesInside: Bool) async throws {
    let bytes = ledger(20_000, linesInside: linesInside)
    #expect(bytes.count > 2 * CSVReader.stretch)
    let one = try await read(bytes, threads: 1)
    #expect(one.isConserved)
    #expect(one.statement.read.rows == 20_005)
    #expect(Set(one.kinds) == [.rowRejected, .unknownStatus])
    let entries = (0..<one.table.count).map { one.table[$0] }
    for threads in [2, 3, 8] {
      let other = try await read(bytes, threads: threads)
      #expect(other.statement == one.statement, "\(threads) threads")
      #expect(other.rejections == one.rejections, "\(threads) threads")
      #expect(other.table.count == one.table.count)
      #expect((0..<other.table.count).map { other.table[$0] } == entries, "\(threads) threads")
      #expect(other.days.map(\.rows).sorted() == one.days.map(\.rows).sorted())
    }
    // Lines and offsets are the file's own, in every stretch.
    for row in stride(from: 0, to: one.table.count, by: 977) {
      let entry = one.table[row]
      let start = Int(entry.offset)
      #expect(bytes[start] == UInt8(ascii: "L") && bytes[start - 1] == 0x0A)
      #expect(bytes[..<start].count { $0 == 0x0A } + 1 == Int(entry.line))
    }
    for rejection in one.rejections.prefix(5) {
      #expect(bytes[..<rejection.offset].count { $0 == 0x0A } + 1 == rejection.line)
    }
  }
}

import CampusSimulator
import Columns
import Payments
import Testing

@testable import Statements

/// Rows and fen of every file, counted again by hand: what was read is in the table or is counted.
@Suite("Conservation in files") struct FileConservationTests {
  private static func day(_ fault: FaultKind? = nil) -> [SimulatedFile] {
    var configuration = SchoolConfiguration.sample(seed: 77)
    configuration.paymentsPerDay = 60
    configuration.students = 600
    configuration.alipayZipped = false
    configuration.fault = fault
    return School(configuration).day(BusinessDay("2026-11-02") ?? BusinessDay(number: 0)).files
  }

  @Test(
    "the lines of a text are its rows", arguments: [FaultKind?.none, .rowRejected, .unknownStatus])
  func rows(_ fault: FaultKind?) async throws {
    for file in FileConservationTests.day(fault) where !file.name.hasSuffix(".xml") {
      let reading = try #require(try await readings(of: file.bytes, as: file.name).first)
      let lines = file.bytes.split(separator: 0x0A).map { $0.filter { $0 != 0x0D } }
      let extras = [
        "wechat": 3, "wechat-funds": 3, "alipay": 9, "alipay-account": 9, "ccb": 1, "ledger": 1,
      ]
      let extra = extras[file.source] ?? 0
      #expect(reading.statement.read.rows == lines.count - extra, "\(file.name)")
      #expect(reading.isConserved)
      #expect(reading.statement.accepted == reading.table.count)
      let held = reading.table.kind.count { $0 == .held }
      #expect(held + reading.unkeyed.rows == reading.rejections.count)
    }
  }

  @Test("a run's tallies are each file's rows, whatever becomes of the file")
  func tallies() async throws {
    for fault in FaultKind.ofOneFile {
      let files = FileConservationTests.day(fault)
      var found: [Reading] = []
      for file in files { found += try await readings(of: file.bytes, as: file.name) }
      let intake = Intake(found, options: Intake.Options())
      var entries = [Tally](repeating: Tally(), count: intake.statements.count)
      for row in 0..<intake.entries.count {
        entries[Int(intake.entries.statement[row])].add(fen: intake.entries.fen[row])
      }
      for (index, given) in intake.statements.enumerated() {
        let sum = entries[index] + given.rejected + given.repeated
        #expect(sum == given.statement.read, "\(fault.rawValue), \(given.statement.file)")
      }
    }
  }

  @Test("unkeyed rows are counted with what money they name")
  func unkeyed() async throws {
    let rows = [
      ",2026-11-02,充值,5.00,成功,601001,,,,,,,,", ",,消灭,7.00,成功,601001,,,,,,,,", "R1,x",
      ledgerRow("R2", amount: "1.00"), ledgerRow("R3", amount: "x"),
    ]
    let reading = try #require(try await readings(of: ledgerText(rows)).first)
    #expect(reading.statement.read == Tally(rows: 5, fen: 1_300))
    #expect(reading.unkeyed == Tally(rows: 3, fen: 1_200))
    #expect(reading.table.kind == [.credit, .held])
    #expect(reading.kinds == [.rowRejected, .unknownStatus])
    #expect(reading.statement.holes.count == 4)
    #expect(reading.isConserved)
  }

  @Test("money at the end of the integers adds up without a trap")
  func large() async throws {
    let huge = "92233720368547758.07"
    let rows = (1...5).map { wechatRow("4200\($0)", order: "CR\($0)", amount: huge) }
    let total = "461168601842738790.35"
    let text = wechatText(rows, count: "5", total: total)
    let reading = try #require(try await readings(of: text).first)
    #expect(reading.statement.read.fen == Int128(Int64.max) * 5)
    #expect(reading.isConserved)
    #expect(reading.kinds == [.controlTotalMismatch], "no total of this size can be stated")
  }
}

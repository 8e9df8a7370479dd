import CampusSimulator
import Foundation
import Payments
import Testing

/// Packed bills larger than what may stay in memory.
@Suite("Packed bills and memory")
struct PackedMemoryTests {
  /// A day whose WeChat bill is packed, and is more than a quarter of a mebibyte.
  private func school() throws -> (folder: Scratch, names: [String], packed: String) {
    let scratch = try Scratch()
    let day = School.reference(payments: 9_000, seed: 78, day: BusinessDay(number: 20_759))
    var names: [String] = []
    let bill = try #require(day.files.first { $0.name.hasPrefix("wechat") })
    #expect(bill.bytes.count > 1 << 18)
    for file in day.files where file.name != bill.name {
      try scratch.write(file.bytes, to: file.name)
      names.append(file.name)
    }
    try pack(bill.bytes, as: bill.name, to: scratch["w.zip"])
    return (scratch, names + ["w.zip"], "w.zip")
  }

  @Test("Within any memory the report is the same bytes")
  func same() async throws {
    let (folder, names, _) = try school()
    let free = try await cardrecon(["check", "--json"] + names, in: folder)
    for memory in ["1M", "20M"] {
      let bound = try await cardrecon(["check", "--json", "--memory", memory] + names, in: folder)
      let isSame = bound.outBytes == free.outBytes && bound.code == free.code
      #expect(isSame, "\(memory)")
    }
  }

  @Test("A bill that finds no room is held, said, and accuses nobody")
  func noRoom() async throws {
    let (folder, names, packed) = try school()
    let run = try await cardrecon(
      ["check", "--json", "--memory", "1M"] + names, in: folder,
      environment: ["TMPDIR": "/nowhere"])
    #expect(run.code == 2)
    let report = try ReportFile(run.outBytes)
    let bills = report.statements.filter { $0.file?.hasPrefix(packed) == true }
    let isSaid = bills.contains { $0.faults.contains { $0.detail.contains("/nowhere") } }
    let isAccused = report.anomalies.contains { anomaly in
      anomaly.channel == "wechat" && anomaly.owedTo != "none" && anomaly.severity == "loss"
    }
    #expect(isSaid && !isAccused)
  }
}

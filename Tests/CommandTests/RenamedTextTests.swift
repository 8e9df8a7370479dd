import Foundation
import Testing

@Suite("A text column that was renamed")
struct RenamedTextTests {
  @Test("A bank's 备注 that holds the order numbers has another name: nobody is accused for it")
  func renamedNote() async throws {
    let sample = try Sample.copy()
    let before = try await losses(sample)
    let path = "samples/incoming/ccb_\(Sample.day).csv"
    var bytes = try sample.read(path)
    // 备注 and 附言 in GB18030; the first is the header's.
    let note = try #require(bytes.firstRange(of: [0xB1, 0xB8, 0xD7, 0xA2]))
    bytes.replaceSubrange(note, with: [0xB8, 0xBD, 0xD1, 0xD4])
    try sample.write(bytes, to: path)
    let after = try await losses(sample)
    #expect(after.subtracting(before) == [])
  }

  private func losses(_ sample: Scratch) async throws -> Set<String> {
    let run = try await cardrecon(
      ["check", "--json"] + (try Sample.incoming(sample)), in: sample)
    let report = try ReportFile(run.outBytes)
    return Set(report.anomalies.filter { $0.severity == "loss" }.map(\.told))
  }
}

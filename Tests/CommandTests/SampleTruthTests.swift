import CampusSimulator
import Foundation
import Testing

/// The sample day's answer sheet says what was planted; the program never sees it.
@Suite("The sample's answer sheet")
struct SampleTruthTests {
  private func judged() async throws -> (ReportFile, Truth) {
    let copy = try Sample.copy()
    let run = try await cardrecon(
      ["check", "--payout-days", "0"] + (try Sample.incoming(copy)) + ["--json", "--unmask"],
      in: copy)
    return (try ReportFile(run.outBytes), try Truth(json: copy.read("samples/truth.json")))
  }

  @Test("Everything planted is found, by kind, amount and serials, and nothing else")
  func everything() async throws {
    let (report, truth) = try await judged()
    let score = Score(report, truth, name: "sample")
    #expect(score.complaints == [])
    #expect(truth.anomalies.count > 30)
  }

  @Test("Every planted row is quoted as evidence, from the file and line it stands on")
  func evidence() async throws {
    let (report, truth) = try await judged()
    for planted in truth.anomalies {
      let found = try #require(report.anomalies.first { planted.agrees(with: $0) })
      for serial in [found.channelSerial, found.ledgerSerial].compactMap({ $0 })
      where planted.rowSerials.contains(serial) {
        let isQuoted = found.evidence.contains { $0.text.contains(serial) }
        #expect(isQuoted, "\(planted.kind) quotes \(serial)")
      }
    }
    let ledger = try Project.text("samples/incoming/card-ledger_2026-11-02.csv")
      .split(separator: "\r\n").flatMap { $0.split(separator: "\n") }
    for line in report.anomalies.flatMap(\.evidence) where line.file.hasPrefix("card-ledger") {
      #expect(String(ledger[line.line - 1]) == line.text)
    }
  }

  @Test("The simulator still writes the sample's statements and answer sheet, byte for byte")
  func reproduced() async throws {
    let scratch = try Scratch()
    let run = try await Program.simulator(
      "--preset", "sample", "--plain-alipay", "--day", Sample.day, "--out", scratch["day"])
    #expect(run.code == 0)
    for name in try scratch.names("day") {
      let path = name == "truth.json" ? "samples/truth.json" : "samples/incoming/" + name
      let isSame = try scratch.read("day/" + name) == Project.read(path)
      #expect(isSame, "\(path)")
    }
  }
}

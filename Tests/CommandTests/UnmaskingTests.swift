import Foundation
import Testing

/// Who has seen names in full, and why, is part of the audit chain.
@Suite("Unmasking is recorded")
struct UnmaskingTests {
  private static let config = ["--config", "samples/cardrecon.yaml"]

  private func run(_ copy: Scratch, _ options: String...) async throws -> Program.Finished {
    try await cardrecon(
      ["run"] + Self.config + ["--date", Sample.day] + options, in: copy)
  }

  @Test("Without who and why nothing is shown and nothing is run", arguments: ["zh", "en"])
  func refused(language: String) async throws {
    let copy = try Sample.copy()
    for options in [
      [], ["--by", "王会计"], ["--unmask-reason", "核对"], ["--by", " ", "--unmask-reason", "x"],
    ] {
      let run = try await cardrecon(
        ["run"] + Self.config + ["--date", Sample.day, "--unmask", "--lang", language] + options,
        in: copy)
      #expect(run.code == 64 && run.out == "")
      #expect(run.err.contains("--unmask-reason") && run.err.contains("--by"))
    }
    #expect(!FileManager.default.fileExists(atPath: copy["samples/reports/\(Sample.day)"]))
    #expect(try await self.run(copy).code == 1)
    for command in [["trace", "20261102"], ["anomalies", "--json"]] {
      let shown = try await cardrecon(command + Self.config + ["--unmask"], in: copy)
      #expect(shown.code == 64 && shown.out == "", "\(command)")
    }
    #expect(try await !cardrecon(["verify"] + Self.config, in: copy).out.contains("完整显示"))
  }

  @Test("Who and why stand in the chain, `verify` lists them, and tampering is found")
  func recorded() async throws {
    let copy = try Sample.copy()
    #expect(try await run(copy).code == 1)
    let masked = try copy.text("samples/reports/\(Sample.day)/report.json")
    let reason = ["--unmask", "--by", "王会计", "--unmask-reason", "师生申诉 2026-17"]
    let account = try ReportFile(Array(masked.utf8)).anomalies.compactMap(\.account)[0]
    #expect(account.contains("****"))
    let shown = try await cardrecon(
      ["anomalies", "--json"] + Self.config + reason, in: copy)
    #expect(shown.code == 0 && !shown.out.contains("****\(account.suffix(2))\""))
    let id = try ReportFile(Array(masked.utf8)).anomalies[0].id
    #expect(try await cardrecon(["trace", id] + Self.config + reason, in: copy).code == 0)
    let verify = try await cardrecon(["verify"] + Self.config, in: copy)
    #expect(verify.code == 0, "\(verify.out)")
    let lines = verify.out.split(separator: "\n").filter { $0.contains("完整显示姓名账号") }
    #expect(lines.count == 2)
    for (line, command) in zip(lines, ["anomalies", "trace \(id)"]) {
      #expect(line.contains("王会计，\(command)，理由：师生申诉 2026-17"), "\(line)")
    }
    // Nothing of what is published changes by looking.
    #expect(try copy.text("samples/reports/\(Sample.day)/report.json") == masked)
    var bytes = try copy.read("samples/state/history.sqlite")
    let needle = Array("师生申诉".utf8)
    var places = 0
    for start in bytes.indices where bytes[start...].starts(with: needle) {
      bytes.replaceSubrange(start..<(start + needle.count), with: Array("例行检查".utf8))
      places += 1
    }
    #expect(places > 0)
    try copy.write(bytes, to: "samples/state/history.sqlite")
    #expect(try await cardrecon(["verify"] + Self.config, in: copy).code == 1)
  }

  @Test("An unmasked run shows full accounts in the workbook, and the chain says who asked")
  func unmaskedRun() async throws {
    let copy = try Sample.copy()
    let run = try await run(
      copy, "--unmask", "--by", "王会计", "--unmask-reason", "移交审计", "--json")
    #expect(run.code == 1, "\(run.err)")
    let accounts = try ReportFile(run.outBytes).anomalies.compactMap(\.account)
    #expect(accounts.count > 10 && accounts.allSatisfy { !$0.contains("*") })
    let verify = try await cardrecon(
      ["verify", "--unmask"] + Self.config, in: copy)
    #expect(verify.code == 0, "\(verify.out)")
    #expect(verify.out.contains("王会计，run 2026-11-02，理由：移交审计"))
  }
}

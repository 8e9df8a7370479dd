import Foundation
import Testing

/// A reader of the published folder sees a whole report at any time.
@Suite("Publishing is all or nothing")
struct PublishingTests {
  private static let names = [
    "anomalies.csv", "report.json", "report.html", "report.txt", "report.xlsx", "summary.csv",
    "pending.csv",
    "statements.csv", "conservation.csv", "report-mail.txt",
  ]
  private static let run = [
    "run", "--config", "samples/cardrecon.yaml", "--date", Sample.day, "--lang", "en",
  ]

  private func published(_ copy: Scratch) throws -> [[UInt8]] {
    try Self.names.map { try copy.read("samples/reports/\(Sample.day)/\($0)") }
  }

  @Test("A rerun gives the same bytes, and keeps only one copy")
  func rerun() async throws {
    let copy = try Sample.copy()
    _ = try await cardrecon(Self.run, in: copy)
    let first = try published(copy)
    _ = try await cardrecon(Self.run, in: copy)
    let isSame = try published(copy) == first
    #expect(isSame)
    #expect(try copy.names("samples/reports") == [".published", Sample.day, "index.html"])
    #expect(try copy.names("samples/reports/.published").count == 1)
  }

  @Test("Only the owner can read what is published")
  func permissions() async throws {
    let copy = try Sample.copy()
    let command = "umask 000; '\(Program.cardrecon.path)' \(Self.run.joined(separator: " "))"
    _ = try await Program.shell("-c", command, in: copy.path)
    let modes = try copy.permissions("samples/reports")
    #expect(modes.count == 20)
    for (path, mode) in modes {
      let isFile =
        path.hasSuffix(".json") || path.hasSuffix(".html") || path.hasSuffix(".csv")
        || path.hasSuffix(".txt")
        || path.hasSuffix(".sha256") || path.hasSuffix(".xlsx")
      #expect(mode == (isFile ? 0o600 : 0o700), "\(path) is \(String(mode, radix: 8))")
    }
    let csv = try Scratch()
    let found = try await cardrecon(
      ["check"] + (try Sample.incoming(copy)) + ["--csv", csv["a.csv"]], in: copy)
    #expect(found.code == 1)
    #expect(try csv.permissions("") == ["a.csv": 0o600])
  }

  @Test("A refused configuration leaves the earlier report as it was")
  func refused() async throws {
    let copy = try Sample.copy()
    _ = try await cardrecon(Self.run, in: copy)
    let before = try published(copy)
    try copy.write(
      try copy.text("samples/cardrecon.yaml") + "typo: 1\n", to: "samples/cardrecon.yaml")
    #expect(try await cardrecon(Self.run, in: copy).code == 78)
    let isSame = try published(copy) == before
    #expect(isSame)
  }

  @Test("A disk that fills up while a run writes leaves the earlier report as it was")
  func fullDisk() async throws {
    let copy = try Sample.copy()
    _ = try await cardrecon(Self.run, in: copy)
    let before = try published(copy)
    // Files may grow to 20 KB: enough to start a report, not to finish one.
    let call = "'\(Program.cardrecon.path)' \(Self.run.joined(separator: " "))"
    let full = try await Program.shell(
      "-c", "trap '' XFSZ; ulimit -f 40; exec \(call)", in: copy.path)
    #expect(full.code == 73, "\(full.err)")
    #expect(full.out == "")
    #expect(full.err.contains("cannot write") && full.err.contains("earlier results stand"))
    let isSame = try published(copy) == before
    #expect(isSame)
    #expect(try copy.names("samples/reports/.published").count == 1, "no half report is left")
  }

  @Test("A run killed at any moment leaves a whole report, and the next run cleans up")
  func killed() async throws {
    let copy = try Sample.copy()
    _ = try await cardrecon(Self.run, in: copy)
    let before = try published(copy)
    var deaths = 0
    for milliseconds in stride(from: 5, through: 245, by: 10) {
      let call = "timeout -s KILL 0.\(String(milliseconds + 1_000).dropFirst())"
      let run = "\(call) '\(Program.cardrecon.path)' \(Self.run.joined(separator: " "))"
      if try await Program.shell("-c", "exec \(run)", in: copy.path).code > 128 { deaths += 1 }
      let isSame = try published(copy) == before
      #expect(isSame, "killed after \(milliseconds) ms")
    }
    #expect(deaths > 0)
    #expect(try await cardrecon(Self.run, in: copy).code == 1)
    #expect(try copy.names("samples/reports/.published").count == 1)
    #expect(try copy.names("samples/reports") == [".published", Sample.day, "index.html"])
  }

  @Test("What a dead run left in the output folder is removed, what a living one writes is not")
  func debris() async throws {
    let copy = try Sample.copy()
    let store = "samples/reports/.published/"
    let living = ProcessInfo.processInfo.processIdentifier
    // No process has the highest number a 32-bit process number can hold.
    for name in [
      "\(Sample.day)-1-2147483647", "\(Sample.day)-2-\(living)", "2026-11-01-3-2147483647",
    ] {
      try copy.write("half", to: store + name + "/report.json")
    }
    try FileManager.default.createSymbolicLink(
      atPath: copy["samples/reports/.link-2147483647-\(Sample.day)"], withDestinationPath: "gone")
    _ = try await cardrecon(Self.run, in: copy)
    let names = try copy.names(store)
    #expect(names.count == 2)
    #expect(names.contains("\(Sample.day)-2-\(living)"))
    #expect(try copy.names("samples/reports") == [".published", Sample.day, "index.html"])
  }

  @Test("A run that was killed and whose parent has not noticed yet counts as dead")
  func zombie() async throws {
    let copy = try Sample.copy()
    let store = "samples/reports/.published/"
    // `sleep` has taken the shell's place and never asks after the shell's child.
    let script = "true & mkdir -p '\(copy[store + Sample.day + "-1-"])'$!; exec sleep 60"
    let parent = Process()
    parent.executableURL = URL(fileURLWithPath: "/bin/sh")
    parent.arguments = ["-c", script]
    try parent.run()
    defer { parent.terminate() }
    while (try? copy.names(store))?.isEmpty ?? true { try await Task.sleep(for: .milliseconds(5)) }
    let dead = try #require(copy.names(store).first)
    #expect(try await cardrecon(Self.run, in: copy).code == 1)
    #expect(try copy.names(store).count == 1)
    #expect(try !copy.names(store).contains(dead))
  }

  @Test("A range of days is published day by day")
  func range() async throws {
    let copy = try Sample.copy()
    let run = try await cardrecon(
      "run", "--config", "samples/cardrecon.yaml", "--from", "2026-11-01", "--to", Sample.day,
      in: copy)
    #expect(run.code == 2, "the first day has no statements")
    let json = try copy.read("samples/reports/2026-11-01/report.json")
    try expectSchema(json)
    let missing = try ReportFile(json).statements.flatMap(\.faults)
    #expect(missing.map(\.kind) == Array(repeating: "statement-missing", count: 7))
    let whole = try ReportFile(copy.read("samples/reports/\(Sample.day)/report.json"))
    #expect(whole.statements.flatMap(\.faults).isEmpty)
  }

  @Test("A new run of a day takes from the archive what the folder no longer holds, and says so")
  func newer() async throws {
    let copy = try Sample.copy()
    _ = try await cardrecon(Self.run, in: copy)
    try copy.remove("samples/incoming/ccb_2026-11-02.csv")
    let before = try copy.read("samples/reports/\(Sample.day)/report.json")
    let again = try await cardrecon(Self.run, in: copy)
    #expect(again.code == 1 && again.err.contains("ccb_2026-11-02.csv no longer in the folder"))
    #expect(try copy.read("samples/reports/\(Sample.day)/report.json") == before)
  }
}

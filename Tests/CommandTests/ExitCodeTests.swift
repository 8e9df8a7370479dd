import CampusSimulator
import Foundation
import Payments
import Testing

/// What a script learns: exit code, standard output, standard error.
@Suite("Exit codes")
struct ExitCodeTests {
  /// Writes a day of a school that plants `plants`; returns the files' paths.
  private func school(
    _ scratch: Scratch, _ plants: SchoolConfiguration.Planting, fault: FaultKind? = nil
  ) throws -> [String] {
    var configuration = SchoolConfiguration.sample(seed: 5)
    configuration.plants = SchoolConfiguration.planting(plants).mapValues { _ in 1...1 }
    configuration.fault = fault
    let day = School(configuration).day(BusinessDay(number: 20_759))
    for file in day.files { try scratch.write(file.bytes, to: file.name) }
    return day.files.map(\.name)
  }

  private func verdict(_ run: Program.Finished) throws -> String {
    try ReportFile(run.outBytes).verdict
  }

  @Test("0: a day without anomalies balances")
  func balanced() async throws {
    let scratch = try Scratch()
    let files = try school(scratch, .nothing)
    let json = try await cardrecon(["check"] + files + ["--json"], in: scratch)
    #expect(json.code == 0)
    #expect(try verdict(json) == "balanced")
    let text = try await cardrecon(["check"] + files + ["--lang", "en"], in: scratch)
    #expect(text.code == 0)
    #expect(text.out.prefix(40).hasPrefix("2026-11-02 balances"))
    #expect(text.err == "")
  }

  @Test("0: notices alone need nobody")
  func notices() async throws {
    let scratch = try Scratch()
    let files = try school(scratch, .only([.suspectedDuplicateDebit, .repeatedRow], edges: false))
    let json = try await cardrecon(["check"] + files + ["--json"], in: scratch)
    #expect(json.code == 0)
    let kinds = try ReportFile(json.outBytes).anomalies.map(\.kind)
    #expect(kinds.contains("repeated-row") && kinds.contains("suspected-duplicate-debit"))
  }

  @Test("1: one loss, and the day does not balance")
  func unbalanced() async throws {
    let scratch = try Scratch()
    let files = try school(scratch, .only([.wrongAccount], edges: false))
    let json = try await cardrecon(["check"] + files + ["--json"], in: scratch)
    #expect(json.code == 1)
    let found = try ReportFile(json.outBytes).anomalies
    #expect(found.map(\.kind) == ["wrong-account"])
    let parties = found[0].parties
    #expect(parties.map(\.fen) == [found[0].amountFen, -found[0].amountFen])
    #expect(Set(parties.map(\.account)).count == 2 && parties.allSatisfy { $0.account != nil })
  }

  @Test("2: a missing statement accuses nobody")
  func missing() async throws {
    let scratch = try Scratch()
    let files = try school(scratch, .nothing)
    for absent in ["wechat", "card-ledger"] {
      // An account's statement tells payments too where there is no bill at all.
      let given = files.filter { !$0.hasPrefix(absent) && !$0.hasPrefix("wxfund") }
      let json = try await cardrecon(["check"] + given + ["--json"], in: scratch)
      #expect(json.code == 2, "without \(absent)")
      let report = try ReportFile(json.outBytes)
      #expect(report.verdict == "incomplete")
      #expect(report.anomalies.isEmpty, "without \(absent)")
      #expect(report.statements.flatMap(\.faults).map(\.kind).contains("statement-missing"))
    }
  }

  @Test("2: `run` says which files it looked for, and publishes the report of what is there")
  func missingFromRun() async throws {
    let copy = try Sample.copy()
    try copy.remove("samples/incoming/ccb_2026-11-02.csv")
    let run = try await cardrecon(
      "run", "--config", "samples/cardrecon.yaml", "--date", Sample.day, "--lang", "en", in: copy)
    #expect(run.code == 2)
    #expect(run.out.hasPrefix("2026-11-02 incomplete: read 351 rows, "), "\(run.out)")
    let text = try copy.text("samples/reports/2026-11-02/report.txt")
    let head = text.split(separator: "\n").prefix(8).joined(separator: " ")
      .split(separator: " ").joined(separator: " ")
    #expect(head.contains("Statement missing: CCB 2026-11-02"), "\(head)")
    #expect(head.contains("Looked for ccb_2026-11-02.csv."), "\(head)")
  }

  @Test("2: a rejected statement is named in the first lines, with what to do")
  func rejected() async throws {
    let scratch = try Scratch()
    let files = try school(scratch, .nothing, fault: .statementTruncated)
    let text = try await cardrecon(["check"] + files + ["--lang", "en"], in: scratch)
    #expect(text.code == 2)
    let head = text.out.split(separator: "\n").prefix(8).joined(separator: "\n")
    #expect(head.hasPrefix("2026-11-02 is incomplete"))
    #expect(head.contains("wechat_") && head.contains("Download it again"))
  }

  @Test(
    "64: a call that cannot be understood says what was expected",
    arguments: [
      (["check"], "<files>"), (["frobnicate"], "frobnicate"),
      (["check", "a.csv", "--threads", "0"], "expected 1 to 64"),
      (["check", "a.csv", "--lang", "fr"], "'zh' and 'en'"),
      (["check", "a.csv", "--day", "02.11.2026"], "expected yyyy-MM-dd"),
      (["run", "--date", "2026-02-30"], "expected yyyy-MM-dd"),
      (["run", "--from", "2026-11-02"], "--from and --to"),
      (["run", "--from", "2026-11-02", "--to", "2026-11-01"], "is after"),
      (["run", "--date", "2026-11-02", "--to", "2026-11-03"], "not both"),
      (["formats", "--describe", "paypal"], "wechat-trade"),
      (["inspect"], "<file>"),
    ])
  func usage(arguments: [String], expected: String) async throws {
    let run = try await cardrecon(arguments)
    #expect(run.code == 64)
    #expect(run.out == "")
    #expect(run.err.contains(expected), "\(run.err)")
    #expect(run.err.contains("cardrecon \(arguments[0]) --help") || arguments[0] == "frobnicate")
  }

  @Test("64: nothing asked for is no verdict; help goes to standard error")
  func nothing() async throws {
    let run = try await cardrecon()
    #expect(run.code == 64 && run.out == "")
    #expect(run.err.contains("USAGE: cardrecon") && run.err.contains("  verify"))
    let help = try await cardrecon("--help")
    #expect(help.code == 0 && help.err == "" && help.out.contains("USAGE: cardrecon"))
  }

  @Test("66: a file that cannot be read is named", arguments: ["check", "inspect"])
  func unreadable(command: String) async throws {
    let scratch = try Scratch()
    try scratch.write("", to: "folder/file")
    #expect(mkfifo(scratch["pipe"], 0o600) == 0)
    let cases = [
      ("gone.csv", "No such file"), ("folder", "not a regular file"),
      ("pipe", "not a regular file"),
    ]
    for (path, why) in cases {
      let run = try await cardrecon(command, path, "--json", "--lang", "en", in: scratch)
      #expect(run.code == 66)
      #expect(run.out == "")
      #expect(run.err.contains("cannot read \(path): \(why)"), "\(run.err)")
      #expect(run.err.contains("Check the path"))
    }
  }

  @Test("66: the name of a file cannot drive the terminal")
  func hostileName() async throws {
    let run = try await cardrecon("check", "gone\u{1B}[2J\nfine.csv", "--lang", "en")
    #expect(run.code == 66)
    #expect(run.err.hasPrefix("cardrecon: cannot read gone␛[2J␊fine.csv: "), "\(run.err)")
  }

  @Test("73: an output that cannot be written is named, and standard output stays empty")
  func unwritable() async throws {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy)
    let check = try await cardrecon(
      ["check"] + files + ["--csv", "no/such/folder.csv", "--lang", "en"], in: copy)
    #expect(check.code == 73)
    #expect(check.out == "")
    #expect(check.err.hasPrefix("cardrecon: cannot write no/such/folder.csv: "))
    try copy.write("", to: "samples/reports")
    let run = try await cardrecon(
      "run", "--config", "samples/cardrecon.yaml", "--date", Sample.day, "--lang", "en", in: copy)
    #expect(run.code == 73)
    #expect(run.out == "")
    #expect(run.err.contains("Not a directory. Check space"), "\(run.err)")
  }

  @Test("73: a full disk behind standard output is no success")
  func fullDisk() async throws {
    let copy = try Sample.copy()
    let command = "'\(Program.cardrecon.path)' check samples/incoming/* --json >/dev/full"
    let run = try await Program.shell("-c", command, in: copy.path)
    #expect(run.code == 73)
    #expect(run.err.contains("stdout"))
  }

  @Test("78: a configuration that is not there says how to start one")
  func noConfiguration() async throws {
    let scratch = try Scratch()
    let run = try await cardrecon("run", "--lang", "en", in: scratch)
    #expect(run.code == 78)
    #expect(run.out == "")
    #expect(run.err.hasPrefix("cardrecon: cardrecon.yaml: no such configuration"))
    #expect(run.err.contains("samples/cardrecon.yaml"))
  }
}

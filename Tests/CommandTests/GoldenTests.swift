import Foundation
import Testing

/// The sample day and the reports it must give, byte for byte.
@Suite("The sample day")
struct GoldenTests {
  private static let names = [
    "report.json", "report.html", "report.txt", "anomalies.csv", "report.xlsx", "summary.csv",
    "pending.csv",
    "statements.csv", "conservation.csv", "report-mail.txt", "flow.csv", "payouts.csv", "fees.csv",
    "accounts.csv", "adjustment.csv",
  ]

  /// Compares with `samples/expected`, or rewrites it when `UPDATE_GOLDEN=1`.
  ///
  /// - Parameter missing: what is not said here, and stands in the expected text once.
  private func expectGolden(_ bytes: [UInt8], _ name: String, without missing: String = "") throws {
    let path = "samples/expected/" + name
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1", missing.isEmpty {
      try Data(bytes).write(to: Project.root.appendingPathComponent(path))
    }
    var expected = try Project.read(path)
    if !missing.isEmpty {
      let place = try #require(expected.firstRange(of: Array(missing.utf8)))
      expected.removeSubrange(place)
    }
    // A workbook's lines mean nothing; the whole of it differs.
    let place = zip(bytes, expected).enumerated().first { $1.0 != $1.1 }?.offset
    let line = expected.prefix(place ?? 0).count { $0 == 0x0A } + 1
    let isSame = bytes == expected
    #expect(
      isSame,
      "\(path) differs from line \(line) on; UPDATE_GOLDEN=1 rewrites it, then read the diff")
  }

  @Test("`run` publishes exactly the expected reports and exits with 1")
  func run() async throws {
    let copy = try Sample.copy()
    let run = try await cardrecon(
      "run", "--config", "samples/cardrecon.yaml", "--date", Sample.day, in: copy)
    #expect(run.code == 1)
    #expect(run.err == "")
    for name in Self.names {
      try expectGolden(copy.read("samples/reports/\(Sample.day)/\(name)"), name)
    }
    let published = try copy.names("samples/reports/\(Sample.day)")
    #expect(published == (Self.names + ["anchor.txt", "manifest.sha256"]).sorted())
  }

  @Test("Without a terminal `run` prints one summary line")
  func summaryLine() async throws {
    let copy = try Sample.copy()
    let arguments = ["run", "--config", "samples/cardrecon.yaml", "--date", Sample.day]
    let chinese = try await cardrecon(arguments, in: copy).out
    #expect(chinese.hasPrefix("2026-11-02 账不平：读入 375 行，"))
    let english = try await cardrecon(arguments + ["--lang", "en"], in: copy).out
    #expect(english.hasPrefix("2026-11-02 not balanced: read 375 rows, "))
    for line in [chinese, english] {
      #expect(line.hasSuffix("\n") && line.count { $0 == "\n" } == 1)
    }
  }

  @Test("`check` needs no configuration and says the same")
  func check() async throws {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy)
    let text = try await cardrecon(
      ["check", "--payout-days", "0"] + files + ["--csv", "found.csv"], in: copy)
    #expect(text.code == 1)
    #expect(text.err == "")
    // Without a history nobody has decided anything.
    try expectGolden(text.outBytes, "report.txt", without: "处理情况：尚无登记\n")
    try expectGolden(copy.read("found.csv"), "anomalies.csv")
    let json = try await cardrecon(["check", "--payout-days", "0"] + files + ["--json"], in: copy)
    #expect(json.code == 1)
    #expect(json.err == "")
    let isSame = try json.outBytes == Sample.checked()
    #expect(isSame)
    try expectSchema(json.outBytes)
  }

  @Test("`run --json` prints the published report.json and nothing else")
  func runJSON() async throws {
    let copy = try Sample.copy()
    let run = try await cardrecon(
      "run", "--config", "samples/cardrecon.yaml", "--date", Sample.day, "--json", in: copy)
    #expect(run.err == "")
    let published = try copy.read("samples/reports/\(Sample.day)/report.json")
    let isSame = run.outBytes == published
    #expect(isSame)
  }

  @Test("In English no Chinese sentence is left, and the findings are the same")
  func english() async throws {
    let copy = try Sample.copy()
    let files = try Sample.incoming(copy)
    let json = try await cardrecon(
      ["check", "--payout-days", "0"] + files + ["--json", "--lang", "en"], in: copy)
    #expect(json.code == 1)
    try expectSchema(json.outBytes)
    let (english, chinese) = (
      try ReportFile(json.outBytes), try ReportFile(Project.read("samples/expected/report.json"))
    )
    #expect(english.anomalies.map(\.id) == chinese.anomalies.map(\.id))
    #expect(english.anomalies.map(\.amountFen) == chinese.anomalies.map(\.amountFen))
    let text = try await cardrecon(
      ["check", "--payout-days", "0"] + files + ["--lang", "en"], in: copy
    ).out
    let first = text.prefix { $0 != "\n" }
    #expect(first.hasPrefix("2026-11-02 does not balance: "))
    for word in ["扣款成功未到账", "重复扣款", "金额不符", "应归", "说明", "建议", "证据"] {
      let isThere = text.contains(word)
      #expect(!isThere, "\(word)")
    }
  }
}

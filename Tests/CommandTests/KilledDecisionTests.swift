import Foundation
import Payments
import Testing

/// Runs that take late files, and decisions, killed between any two of their steps: the next run finishes or
/// forgets them.
@Suite("Killed while taking late files and decisions")
struct KilledDecisionTests {
  private static let steps = [
    "decided", "archived", "judged", "prepared", "recorded", "shown", "forward",
  ]

  /// Three of the steps, others for each deed; all of them when `CARDRECON_ALL_KILLS` is set.
  private static func steps(of deed: Deed) -> [String] {
    guard ProcessInfo.processInfo.environment["CARDRECON_ALL_KILLS"] == nil else { return steps }
    let first = Deed.allCases.firstIndex(of: deed) ?? 0
    return [0, 2, 5].map { steps[(first + $0) % steps.count] }
  }

  /// What is done to a school of three nights.
  enum Deed: String, CaseIterable {
    case late, rerun, accept, acceptMissing, refuse, withdraw

    func arguments(_ days: [String]) -> [String] {
      let who = ["--by", "王会计", "--note", "试"]
      switch self {
      case .late: return ["run", "--date", days[2]]
      case .rerun: return ["run", "--date", days[0]]
      case .accept: return ["accept", "card-ledger_\(days[0]).csv"] + who
      case .acceptMissing: return ["accept", "--missing", "wechat/both", "--date", days[1]] + who
      case .refuse: return ["refuse", "ccb_\(days[0]).csv"] + who
      case .withdraw: return ["withdraw", "--date", days[1]] + who
      }
    }
  }

  /// Three nights: of the first the ledger ends early, of the second the bill of WeChat is missing.
  private func school() async throws -> NightsTests.School {
    let school = try NightsTests.School(3, seed: 81)
    let ledger = "incoming/card-ledger_\(school.days[0]).csv"
    let lines = try school.scratch.text(ledger).components(separatedBy: "\r\n")
    let kept =
      [lines[0]]
      + lines.dropFirst().filter { $0.contains(" 0") || $0.contains(" 1") }
      .filter { line in
        let time = line.split(separator: ",", omittingEmptySubsequences: false).dropFirst().first
        return (time ?? "") < "\(school.days[0]) 17:00:00"
      }
    try school.scratch.write(Array((kept.joined(separator: "\r\n") + "\r\n").utf8), to: ledger)
    let bill = try #require(
      school.scratch.names("incoming").first {
        $0.hasPrefix("wechat_") && $0.contains(school.days[1])
      })
    let bytes = try school.scratch.read("incoming/" + bill)
    try school.scratch.remove("incoming/" + bill)
    try await school.runAll()
    try school.scratch.write(bytes, to: "late/" + bill)
    return school
  }

  /// Everything published, without when a decision was made.
  private func published(_ scratch: Scratch, _ days: [String]) throws -> [String: String] {
    var found: [String: String] = [:]
    for day in days {
      for name in ["report.txt", "report.json", "anomalies.csv", "pending.csv"] {
        found["\(day)/\(name)"] = try scratch.text("reports/\(day)/\(name)").replacing(
          /王会计，[0-9: -]{19}/, with: "王会计"
        ).replacing(/"time": "[^"]*"/, with: "")
      }
    }
    return found
  }

  @Test("Each deed, killed at each step", arguments: Deed.allCases)
  func killed(_ deed: Deed) async throws {
    let school = try await school()
    let (days, calm) = (school.days, try Scratch())
    func copy(to scratch: Scratch) async throws {
      let call = "cp -a '\(school.scratch.path)/.' '\(scratch.path)/'"
      try #require(try await Program.shell("-c", call, in: scratch.path).code == 0)
      if deed == .late || deed == .rerun {
        try #require(
          try await Program.shell("-c", "cp late/* incoming/", in: scratch.path).code == 0)
      }
    }
    try await copy(to: calm)
    let done = try await Program.cardrecon(deed.arguments(days), in: calm.path)
    #expect(done.code <= 2, "\(done.err)")
    _ = try await Program.cardrecon(["run", "--date", days[2]], in: calm.path)
    let right = try published(calm, days)
    var deaths = 0
    for step in Self.steps(of: deed) {
      let rough = try Scratch()
      try await copy(to: rough)
      let killed = try await Program.cardrecon(
        deed.arguments(days), in: rough.path, environment: ["CARDRECON_DIE_AT": step])
      if killed.code == 137 { deaths += 1 }
      _ = try await Program.cardrecon(["run", "--date", days[2]], in: rough.path)
      let found = try published(rough, days)
      let unlike = right.keys.sorted().filter { found[$0] != right[$0] }
      #expect(unlike == [], "\(deed) killed at \(step)")
      let verified = try await Program.cardrecon(["verify", "--lang", "en"], in: rough.path)
      #expect(verified.code == 0, "\(deed) killed at \(step): \(verified.out)")
    }
    #expect(deaths >= 1)
  }
}

import Foundation
import Payments
import Testing

/// Statements issued again, and nights nobody ran.
@Suite("Issued again, run late")
struct ReissueTests {
  /// A school whose ledger of the second day came short first; the whole one is kept aside.
  private struct Short {
    let school: NightsTests.School
    let ledger: String
    let removed: [Substring]

    init() throws {
      school = try NightsTests.School(3)
      ledger = "card-ledger_\(school.days[1]).csv"
      let text = try school.scratch.text("incoming/" + ledger)
      try school.scratch.write(text, to: "whole/" + ledger)
      let lines = text.split(separator: "\r\n")
      removed = lines.suffix(5)
      try school.scratch.write(
        lines.dropLast(5).joined(separator: "\r\n") + "\r\n", to: "incoming/" + ledger)
    }

    func deliverWhole() throws {
      try school.scratch.write(
        try school.scratch.read("whole/" + ledger), to: "incoming/" + ledger)
    }

    func configure(_ line: String) throws {
      let text = try school.scratch.text("cardrecon.yaml")
      let kept = text.split(separator: "\n").filter { !$0.hasPrefix("reissue") }
      try school.scratch.write(
        kept.joined(separator: "\n") + "\n" + line + "\n", to: "cardrecon.yaml")
    }

    /// The ledger of the second day as its report tells of it.
    func reported() throws -> [String: Any] { try #require(try issues().first) }

    /// Every issue of it.
    func issues() throws -> [[String: Any]] {
      let json = try school.scratch.read("reports/\(school.days[1])/report.json")
      try expectSchema(json)
      let report = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
      let statements = report?["statements"] as? [[String: Any]] ?? []
      return statements.filter { $0["file"] as? String == ledger }
    }
  }

  @Test(
    "A statement issued again is a row diff; the old one stays; what is left is what was planted")
  func newest() async throws {
    let short = try Short()
    let school = short.school
    try await school.runAll()
    #expect(try short.reported()["reissue"] == nil)
    try short.deliverWhole()
    _ = try await school.run("run", "--date", school.days[1])
    let reissue = try #require(try short.reported()["reissue"] as? [String: Any])
    // The control totals are checked, so a trailer may be among the lines that were cut.
    let rows = try #require(reissue["rows"] as? [[String: Any]])
    #expect(reissue["added"] as? Int == rows.count && rows.count >= 4)
    #expect(reissue["removed"] as? Int == 0 && reissue["changed"] as? Int == 0)
    let key = try #require(rows.first?["key"] as? String)
    #expect(short.removed.contains { $0.contains(key) }, "\(key)")
    let page = try school.scratch.text("reports/\(school.days[1])/report.html")
    #expect(page.contains("重新下发后改动的行") && page.contains("<pre class=\"is\">+ "))
    let text = try school.scratch.text("reports/\(school.days[1])/report.txt")
    #expect(text.contains("当日重新下发") && text.contains(key))
    let earlier = try #require(reissue["earlier"] as? String)
    let archived = try school.scratch.read("state/archive/\(earlier.prefix(2))/\(earlier)")
    #expect(!archived.isEmpty)
    let traced = try await school.run("trace", key)
    #expect(traced.code == 0 && traced.out.contains("账单重新下发"), "\(traced.out)")
    let sheet = try await school.run("trace", key, "--html", "case.html")
    #expect(sheet.code == 0)
    #expect(try school.scratch.text("case.html").contains("重新下发后改动的行"))
    let open = WhatIsLeft(try await school.anomalies(), ["open"])
    #expect(open == WhatIsLeft(school.truth))
    #expect(try await school.run("verify").code == 0)
  }

  @Test("Where the school wants to look first, the new issue waits until it is let pass, once")
  func hold() async throws {
    let short = try Short()
    let school = short.school
    try short.configure("reissue: hold")
    try await school.runAll()
    try short.deliverWhole()
    let day = school.days[1]
    #expect(try await school.run("run", "--date", day).code == 2, "somebody has to look")
    let used = try short.issues().compactMap { $0["accepted"] as? Int }.sorted()
    #expect(used.count == 2 && used[0] == 0 && used[1] > 0, "the issue before stays in use")
    let text = try school.scratch.text("reports/\(day)/report.txt")
    #expect(text.contains("reissue: hold"))
    try short.configure("reissue: newest")
    #expect(try await school.run("run", "--date", day).code == 1)
    #expect(try short.reported()["accepted"] as? Int ?? 0 > 0)
    try short.configure("reissue: hold")
    #expect(try await school.run("run", "--date", day).code == 1, "it was let pass already")
    #expect(try short.reported()["accepted"] as? Int ?? 0 > 0)
    #expect(WhatIsLeft(try await school.anomalies(), ["open"]) == WhatIsLeft(school.truth))
  }

  @Test("Nights nobody ran are said in every report, and made up for they leave no trace")
  func missed() async throws {
    let (calm, late) = (try NightsTests.School(4), try NightsTests.School(4))
    try await calm.runAll()
    let days = late.days
    _ = try await late.run("run", "--date", days[0])
    var away: [(name: String, bytes: [UInt8])] = []
    for day in days[1...2] {
      for name in try late.scratch.names("incoming")
      where name.contains(day) || name.contains(day.replacing("-", with: "")) {
        away.append((name, try late.scratch.read("incoming/" + name)))
        try late.scratch.remove("incoming/" + name)
      }
    }
    let run = try await late.run("run", "--date", days[3])
    let command = "cardrecon run --from \(days[1]) --to \(days[2])"
    #expect(run.err.contains(command))
    for name in ["report.txt", "report.html"] {
      #expect(try late.scratch.text("reports/\(days[3])/" + name).contains(command), "\(name)")
    }
    let json = try late.scratch.read("reports/\(days[3])/report.json")
    try expectSchema(json)
    let report = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
    #expect(
      report?["missedNights"] as? [String: String] == ["from": days[1], "to": days[2]])
    for file in away { try late.scratch.write(file.bytes, to: "incoming/" + file.name) }
    // The next night makes up for them by itself.
    _ = try await late.run("run", "--date", days[3])
    let isSame = try late.published() == (try calm.published())
    #expect(isSame)
    #expect(try await late.run("verify").code == 0)
  }
}

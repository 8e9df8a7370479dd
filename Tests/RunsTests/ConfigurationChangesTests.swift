import Foundation
import History
import Payments
import Testing

@testable import Runs

/// What a school changed since the night before is told, key by key.
@Suite("Changes of the configuration")
struct ConfigurationChangesTests {
  private func changes(_ before: String, _ after: String) -> [String] {
    [ConfigurationChange].between(Array(before.utf8), Array(after.utf8)).map {
      "\($0.key): \($0.before ?? "-") → \($0.after ?? "-")"
    }
  }

  @Test("Limits, merchants and files by their keys; comments and order are nothing")
  func keys() {
    #expect(
      changes(
        """
        # of last year
        rules: {singleLimit: 500.00, dailyLimit: none}
        sources: {wechat: {files: [a.csv, {pattern: b.csv, optional: true}], merchants: ["1"]}}
        """,
        """
        sources:
          wechat:
            merchants: ["1", "2"]
            files: [a.csv, {pattern: b.csv, optional: false}]
        rules:
          dailyLimit: none
          singleLimit: 800.00
          surcharge: 2%
        """) == [
          "rules.singleLimit: 500.00 → 800.00", "rules.surcharge: - → 2%",
          "sources.wechat.files: [a.csv, {pattern: b.csv, optional: true}] → "
            + "[a.csv, {pattern: b.csv, optional: false}]",
          "sources.wechat.merchants: [1] → [1, 2]",
        ])
    #expect(changes("a: 1 # x", "a: 1") == [] && changes("a: [", "a: 1") == [])
  }

  @Test("The report says it once, on the night it came into force, and the chain keeps it")
  func night() async throws {
    let school = try TinySchool(LateNightsTests.school)
    defer { school.remove() }
    for number in 16...18 {
      let day = TinyDay(day: "2026-11-\(number)")
      try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_\(day.day).csv")
      try school.deliver(day.ledger(0..<4), as: "ledger_\(day.day).csv")
      if number == 17 {
        try school.configure(LateNightsTests.school + "rules: {singleLimit: 800.00}\n")
      }
      let report = try await school.run(day.day)
      #expect(report.configurationChanges.map(\.key) == (number == 17 ? ["rules.singleLimit"] : []))
    }
    let nights = try school.nights()
    let day = try #require(BusinessDay("2026-11-17"))
    #expect(try nights.store.basis(of: day)?.configurationChanges.count == 1)
    let text = try String(
      contentsOfFile: nights.folder(of: day).path + "/report-mail.txt", encoding: .utf8)
    #expect(text.contains("rules.singleLimit: （无） → 800.00"))
    #expect(try await DayVerification(nights).derived(day) == [])
  }
}

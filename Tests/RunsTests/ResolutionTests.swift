import Columns
import History
import Payments
import Testing

@testable import Runs

/// Several anomalies decided about at once: all of them or none.
@Suite("Resolutions")
struct ResolutionTests {
  private static let day = BusinessDay(number: 20_000)

  private func withStore(_ body: (HistoryStore) throws -> Void) throws {
    try withFolder { folder in
      let store = try HistoryStore(try StateFolder(folder))
      var night = NightRecord(
        day: Self.day, configuration: "", program: "", verdict: .unbalanced)
      night.anomalies = ["dd-1", "dd-2"].map { id in
        ReportedAnomaly(
          id: id, kind: .duplicateDebit, severity: .loss, amountFen: 5_000, owedTo: .student,
          basis: .order, firstSeen: Self.day)
      }
      try store.record(night, entries: EntryTable()) { _ in false }
      try body(store)
    }
  }

  private func decision(
    _ outcome: Decision.Outcome = .refunded, who: String = "王会计", document: String? = "1107"
  ) -> Decision {
    Decision(
      anomaly: "", outcome: outcome, who: who, document: document,
      time: Self.day.adding(2).start)
  }

  @Test("One id that cannot be decided about holds all of them")
  func allOrNone() throws {
    try withStore { (store: HistoryStore) throws in
      let rules = DecisionRules()
      let mixed = Resolution(["dd-1", "dd-9", "dd-2"], decision(), rules: rules)
      let error = #expect(throws: HistoryError.self) { try mixed.record(in: store) }
      #expect(error?.wording.en.contains("dd-9") == true)
      #expect(error?.wording.en.contains("`cardrecon anomalies` lists them") == true)
      #expect(try store.decisions().isEmpty)
      let both = Resolution(["dd-1", "dd-2", "dd-1"], decision(who: " 王会计 "), rules: rules)
      #expect(
        try both.record(in: store).map { "\($0.id) \($0.status)" } == [
          "dd-1 resolved", "dd-2 resolved",
        ])
      #expect(try store.decisions().map(\.decision.who) == ["王会计", "王会计"])
      #expect(try store.anomalies().map(\.status) == [.resolved, .resolved])
    }
  }

  @Test("Every problem is told once, with the option it is about")
  func problems() throws {
    try withStore { (store: HistoryStore) throws in
      let bad = Resolution(
        ["dd-1", "dd-2"], decision(who: "", document: nil), rules: DecisionRules(needsReview: true))
      let error = #expect(throws: HistoryError.self) { try bad.record(in: store) }
      let lines = error?.wording.en.split(separator: "\n").map { $0.prefix { $0 != ":" } }
      #expect(lines == ["--by", "--reviewer", "--document"])
    }
  }

  @Test("The store itself lets nothing past the rules")
  func store() throws {
    try withStore { (store: HistoryStore) throws in
      var mine = decision(document: nil)
      mine.anomaly = "dd-1"
      #expect(throws: HistoryError.self) { try store.record([mine]) }
      mine.document = "1107"
      #expect(throws: HistoryError.self) {
        try store.record([mine], under: DecisionRules(needsReview: true))
      }
      try store.record([mine])
      #expect(try store.verifyChain() == [])
    }
  }
}

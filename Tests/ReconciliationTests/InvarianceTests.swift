import Payments
import Testing

/// What must hold of every judgement, whatever the rows: asked of both judges on random days.
@Suite("Whatever the rows")
struct InvarianceTests {
  static let seeds = Array(UInt64(23_000)..<25_000)

  /// A day judged, with the seed that made it.
  private func each(_ check: (UInt64, RandomDay) -> Void) {
    for seed in Self.seeds { check(seed, RandomDay(seed: seed)) }
  }

  @Test("The order of rows changes nothing", arguments: Judge.allCases)
  func permutation(judge: Judge) {
    each { seed, day in
      var source = SeededGenerator(seed: seed)
      let shuffled = Array(day.entries.indices).shuffled(using: &source)
      var places = shuffled
      for (place, row) in shuffled.enumerated() { places[row] = place }
      let plain = judge(day.entries, day.coverage, day.rules)
      let other = judge(shuffled.map { day.entries[$0] }, day.coverage, day.rules)
      #expect(other.agrees(with: plain.moved(to: places)), "day \(seed)\n\(day.dump)")
    }
  }

  @Test("Asked twice, the same is said", arguments: Judge.allCases)
  func repetition(judge: Judge) {
    each { seed, day in
      let first = judge(day.entries, day.coverage, day.rules)
      #expect(judge(day.entries, day.coverage, day.rules).agrees(with: first), "day \(seed)")
    }
  }

  @Test("Every row is in one bucket, and set aside only by a rule", arguments: Judge.allCases)
  func conservation(judge: Judge) {
    each { seed, day in
      let result = judge(day.entries, day.coverage, day.rules)
      #expect(result.buckets.count == day.entries.count, "day \(seed)")
      for (row, entry) in day.entries.enumerated() {
        let bucket = result.buckets[row]
        #expect((bucket == .rejected) == (entry.kind == .held), "day \(seed) row \(row)")
        if entry.kind == .excluded { #expect(result.rules[row] == entry.rule, "day \(seed)") }
        #expect((bucket == .excluded) == (result.rules[row] != nil), "day \(seed) row \(row)")
      }
    }
  }

  @Test("Every pending row that moved money says once what decides it", arguments: Judge.allCases)
  func pendingRows(judge: Judge) {
    each { seed, day in
      let result = judge(day.entries, day.coverage, day.rules)
      let pending = day.entries.indices.filter {
        result.buckets[$0] == .pending && day.entries[$0].kind != .unpostedCredit
      }
      #expect(result.sortedWaiting.map(\.row) == pending, "day \(seed)\n\(day.dump)")
      for waiting in result.waiting {
        // What a row of its group needs may lie before the row itself.
        let own = Timestamp(seconds: day.entries[waiting.row].time).day
        let last = waiting.want.map { Timestamp(seconds: $0.to).day }
        #expect(
          last.map { $0 == waiting.decidedBy } ?? (waiting.decidedBy >= own),
          "day \(seed) row \(waiting.row)")
      }
    }
  }

  @Test(
    "A finding names its subject among its rows, and no negative amount", arguments: Judge.allCases)
  func findings(judge: Judge) {
    each { seed, day in
      for finding in judge(day.entries, day.coverage, day.rules).findings {
        #expect(finding.amountFen >= 0, "day \(seed)")
        #expect(finding.rows.contains(finding.subject), "day \(seed)")
        #expect(Set(finding.rows).count == finding.rows.count, "day \(seed)")
        #expect((finding.explanation != nil) == (finding.kind == .amountMismatch), "day \(seed)")
      }
    }
  }

  @Test("A loss is in the anomalous bucket", arguments: Judge.allCases)
  func lossesAreAnomalous(judge: Judge) {
    each { seed, day in
      let result = judge(day.entries, day.coverage, day.rules)
      for finding in result.findings where finding.kind.severity == .loss && !finding.isBenign {
        #expect(result.buckets[finding.subject] == .anomalous, "day \(seed)\n\(day.dump)")
      }
    }
  }

  @Test("The engine lists the rows of a finding in time order")
  func timeOrder() {
    each { seed, day in
      let result = judgement(day.entries, coverage: day.coverage, rules: day.rules)
      for anomaly in result.anomalies {
        let times = anomaly.rows.map { day.entries[Int($0)].time }
        #expect(times == times.sorted(), "day \(seed)\n\(day.dump)")
      }
    }
  }

  @Test("A missing statement never adds an accusation by its absence", arguments: Judge.allCases)
  func completenessBeforeAccusation(judge: Judge) {
    let oneSided: [AnomalyKind] = [
      .debitedNotCredited, .duplicateDebit, .creditedNotDebited, .duplicateCredit,
      .refundNotReversed, .reversalNotRefunded,
    ]
    each { seed, day in
      let nothing = judge(day.entries, Coverage(), day.rules)
      #expect(!nothing.findings.contains { oneSided.contains($0.kind) }, "day \(seed)")
    }
  }
}

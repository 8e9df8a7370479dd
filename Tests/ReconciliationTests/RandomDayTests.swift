import Payments
import Testing

/// The oracle agrees with the engine only as far as random days try what the page says.
@Suite("Random days try every rule")
struct RandomDayTests {
  /// What happened on some days, and how often.
  private func counts(of days: Range<UInt64>) -> [String: Int] {
    var counts: [String: Int] = [:]
    for seed in days {
      let day = RandomDay(seed: seed)
      let judge = judgedByOracle(day.entries, coverage: day.coverage, rules: day.rules)
      for event in judge.events { counts[event, default: 0] += 1 }
    }
    return counts
  }

  @Test("Each rule of persons, batches, keyless rows, parts and returns is met on some days")
  func density() {
    let counts = counts(of: 0..<4_000)
    for event in Oracle.allEvents { #expect(counts[event, default: 0] >= 10, "\(event)") }
  }
}

extension Oracle {
  static let allEvents = [
    "batch", "keyless", "keyless joined", "keyless joined each other", "parts", "posted again",
    "returned apart", "reversal of another", "several people", "balanced by people", "linked twice",
    "differ", "taken by word", "keyless took one", "keyless waits", "joined by the original",
    "returned in part", "move incomplete", "move waits", "move in parts", "move by name only",
    "move by hand",
  ]

  /// What the page's rules of persons and of rows without keys found on this day, each once.
  fileprivate var events: [String] {
    var events: [String] = []
    func note(_ event: String, _ happened: Bool) { if happened { events.append(event) } }
    let taking = order.filter { groupOf[$0] != nil }
    note("batch", taking.contains { entries[$0].kind == .payment && bearsReference($0) })
    note("keyless", !keyless.isEmpty)
    note("keyless joined", joinedWeakly.count > 2 * explained.count)
    note("keyless joined each other", !explained.isEmpty)
    note("parts", !parts.isEmpty)
    note("posted again", answeredByReversed.contains { settledLeftovers.contains($0.payment) })
    note("returned apart", !returnedPairs.isEmpty)
    note(
      "returned in part",
      returnedPairs.contains { (1..<entries[$0.payment].fen).contains(returned[$0.payment]) })
    note("taken by word", taken.contains { !lone.contains($0.by) })
    note("keyless took one", taken.contains { lone.contains($0.by) })
    note("keyless waits", !keylessWants.isEmpty)
    note(
      "joined by the original",
      taking.contains { row in
        let (refund, serial) = (entries[row], entries[row].original)
        return refund.kind == .refund && serial != 0
          && taking.contains {
            entries[$0].side == .ledger && entries[$0].serial == serial
              && groupOf[$0] == groupOf[row]
          }
      })
    note(
      "reversal of another",
      findings.contains { $0.kind == .wrongAccount && entries[$0.subject].kind == .reversal })
    note("several people", findings.contains { $0.parties.count > 2 })
    note(
      "balanced by people",
      groups.contains { group in
        let credits = group.credits.filter(isActive)
        return people(of: group.payments + credits).count > 1
          && isBalanced(group, credits: credits)
      })
    let arrived = moves.map { move in (move, move.arrivals.map { entries[$0] }) }
    note("move incomplete", findings.contains { $0.kind == .moveIncomplete })
    note("move waits", moves.contains { waits[$0.out] != nil })
    note("move in parts", arrived.contains { $0.0.lacking > 0 && !$0.1.isEmpty })
    note("move by name only", arrived.contains { $0.1.contains { $0.original == 0 } })
    note("move by hand", arrived.contains { $0.1.contains { $0.kind == .manualCredit } })
    note("linked twice", links.contains { isUnclear($0, at: .max) })
    note("differ", taking.contains { one in taking.contains { differ(one, $0) } })
    return events
  }
}

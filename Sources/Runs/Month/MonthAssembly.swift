internal import Columns
internal import History
package import Payments
internal import Statements

/// Puts a month together: what its nights said, and what only their rows can tell, from the archive.
package struct MonthAssembly {
  private let run: NightRun
  private let days: ClosedRange<BusinessDay>
  private let sample: AuditSample
  private var store: HistoryStore { run.store }

  /// Prepares the report of some days.
  ///
  /// - Parameter sample: the empty sample to be drawn, with its seed and size.
  package init(_ run: NightRun, days: ClosedRange<BusinessDay>, sample: AuditSample) {
    (self.run, self.days, self.sample) = (run, days, sample)
  }

  /// Judges every night of the month again from its archived files and adds up what they tell.
  package func report() async throws -> MonthReport {
    var month = MonthReport(days: days, sample: sample)
    let nights = try store.calendar().filter { days.contains($0.day) }
    let known = Set(nights.map(\.day))
    if let first = nights.first?.day, let last = nights.last?.day {
      month.missed = (first.number...last.number).map(BusinessDay.init(number:))
        .filter { !known.contains($0) }
    }
    var draw = Draw(sample)
    var delays: [Channel: [Int64]] = [:]
    for night in nights {
      let result = try await run.judged(night.day, asRecorded: false)
      let rows = result.report.conservation.reduce(0) { $0 + $1.read.rows }
      month.nights.append(
        MonthNight(
          day: night.day, verdict: night.verdict, rows: rows, losses: night.losses,
          lossFen: Int128(night.lossFen)))
      for line in result.report.sources { add(line, to: &month.sources) }
      for leg in result.report.legs { add(leg, to: &month.legs) }
      for pair in MatchedPairs(result.judged).pairs {
        delays[result.judged.intake.entries.channel[pair.payment], default: []].append(pair.delay)
        try draw.offer(pair, of: result.judged, night.day)
      }
    }
    month.service = delays.sorted { $0.key < $1.key }.compactMap {
      ServiceLine(source: $0.key.name, delays: $0.value)
    }
    month.sample = draw.sample
    let after = try store.state(before: days.upperBound.adding(1))
    month.open = after.open.filter { $0.severity != .notice }
      .sorted { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }
    month.pending = after.pending.map(\.item)
    month.resolved = try resolved()
    month.decidedUpTo = try store.decisionMark()
    return month
  }

  private func add(_ line: SourceLine, to lines: inout [SourceLine]) {
    guard let index = lines.firstIndex(where: { $0.source == line.source }) else {
      lines.append(line)
      return
    }
    lines[index].payments += line.payments
    lines[index].refunds += line.refunds
    lines[index].credits += line.credits
    lines[index].reversals += line.reversals
    lines[index].feeFen += line.feeFen
  }

  private func add(_ leg: LegReport, to legs: inout [LegReport]) {
    let known = legs.firstIndex {
      $0.channel == leg.channel && $0.owner == leg.owner && $0.leg == leg.leg
    }
    guard let known else {
      legs.append(leg)
      legs.sort { ($0.channel, $0.owner, $0.leg) < ($1.channel, $1.owner, $1.leg) }
      return
    }
    legs[known].add(leg)
  }

  /// The last decision of the month on each anomaly.
  private func resolved() throws -> [MonthDecision] {
    let (start, end) = (days.lowerBound.start, days.upperBound.adding(1).start)
    var last: [String: CaseDecision] = [:]
    for (number, decision) in try store.decisions()
    where decision.outcome != .note && start <= decision.time && decision.time < end {
      last[decision.anomaly] = CaseDecision(decision, number: number)
    }
    return try last.values.sorted { $0.number < $1.number }.compactMap { decision in
      try store.anomaly(decision.anomaly).map {
        MonthDecision(anomaly: $0, decision: decision)
      }
    }
  }
}

import Columns
import History
import Payments
import Reports
import Statements

/// Puts a month together: what its nights said, and what only their rows can tell, from the archive.
struct MonthAssembly {
  let nightly: Nightly
  let days: ClosedRange<BusinessDay>
  var sample: AuditSample

  private var store: HistoryStore { nightly.store }

  /// The month of a text such as `2026-11`; nil when it is none.
  static func days(of text: String) -> ClosedRange<BusinessDay>? {
    guard text.utf8.count == 7, let first = BusinessDay(text + "-01") else { return nil }
    var last = first
    while last.adding(1).description.hasPrefix(text) { last = last.adding(1) }
    return first...last
  }

  /// Judges every night of the month again from its archived files and adds up what they tell.
  func report() async throws -> MonthReport {
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
      let outcome = try await nightly.judged(night.day)
      let rows = outcome.report.conservation.reduce(0) { $0 + $1.read.rows }
      month.nights.append(
        MonthNight(
          day: night.day, verdict: night.verdict, rows: rows, losses: night.losses,
          lossFen: Int128(night.lossFen)))
      for line in outcome.report.sources { add(line, to: &month.sources) }
      for pair in MatchedPairs(outcome).pairs {
        delays[outcome.intake.entries.channel[pair.payment], default: []].append(pair.delay)
        try draw.offer(pair, of: outcome, night.day)
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

  /// The last decision of the month on each anomaly.
  private func resolved() throws -> [MonthDecision] {
    let (start, end) = (days.lowerBound.start, days.upperBound.adding(1).start)
    var last: [String: Decision] = [:]
    for decision in try store.decisions() where start <= decision.time && decision.time < end {
      last[decision.anomaly] = decision
    }
    return try last.values.sorted { ($0.time, $0.anomaly) < ($1.time, $1.anomaly) }.compactMap {
      decision in
      try store.anomaly(decision.anomaly).map {
        MonthDecision(anomaly: $0, decision: .init(decision))
      }
    }
  }
}

/// The pairs of one payment and one credit that a night found to agree.
struct MatchedPairs {
  struct Pair {
    var payment: Int
    var credit: Int
    var delay: Int64
  }

  let pairs: [Pair]

  init(_ outcome: Night.Outcome) {
    let (entries, judgement) = (outcome.intake.entries, outcome.judgement)
    func isMatched(_ row: Int) -> Bool {
      let bucket = judgement.buckets[row]
      return bucket == .matched || bucket == .matchedWithinTolerance
    }
    let groups = judgement.groupOfRows()
    var credits: [Int32: Int] = [:]
    var several = Set<Int32>()
    for row in 0..<entries.count where entries.kind[row].isCredit && isMatched(row) {
      let group = groups[row]
      if credits.updateValue(row, forKey: group) != nil { several.insert(group) }
    }
    var found: [Pair] = []
    for row in 0..<entries.count where entries.kind[row] == .payment && isMatched(row) {
      let group = groups[row]
      guard group >= 0, !outcome.intake.statements[Int(entries.statement[row])].isContext,
        !several.contains(group), let credit = credits[group]
      else { continue }
      found.append(
        Pair(
          payment: row, credit: credit,
          delay: Int64(entries.time[credit]) - Int64(entries.time[row])))
    }
    pairs = found
  }
}

/// Draws a sample without keeping the population: the pairs whose serials mix smallest with the seed.
struct Draw {
  private(set) var sample: AuditSample
  private var ranks: [UInt64] = []

  init(_ sample: AuditSample) {
    self.sample = sample
  }

  mutating func offer(
    _ pair: MatchedPairs.Pair, of outcome: Night.Outcome, _ day: BusinessDay
  ) throws {
    sample.population += 1
    let entries = outcome.intake.entries
    let key = entries.serial[pair.payment] ^ (sample.seed &* 0x9E37_79B9_7F4A_7C15)
    let product = (key ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    let rank = product.high ^ product.low
    let place = ranks.firstIndex { rank < $0 } ?? ranks.count
    guard place < sample.size else { return }
    let payment = try outcome.intake.evidence(pair.payment)
    let credit = try outcome.intake.evidence(pair.credit)
    ranks.insert(rank, at: place)
    sample.pairs.insert(
      AuditPair(
        day: day, channel: entries.channel[pair.payment], channelSerial: payment.serial,
        ledgerSerial: credit.ledgerSerial, amountFen: entries.fen[pair.payment],
        delay: pair.delay, evidence: [payment.line, credit.line]), at: place)
    if ranks.count > sample.size {
      ranks.removeLast()
      sample.pairs.removeLast()
    }
  }
}

extension TraceDecision {
  /// A recorded decision as reports tell it.
  init(_ decision: Decision) {
    self.init(
      anomaly: decision.anomaly, outcome: decision.outcome.label, who: decision.who,
      reviewer: decision.reviewer, note: decision.note, document: decision.document,
      day: decision.day, time: decision.time)
  }
}

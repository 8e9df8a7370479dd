internal import Columns
internal import Payments
internal import Statements

// How each channel's net movement leads to the ledger's: what stands in one of the books alone, and why.

extension ReportAssembly {
  /// One adjustment a channel that has rows, every difference in exactly one item.
  func adjustments() -> [Adjustment] {
    var differences = Differences(self)
    differences.addGroups()
    return differences.adjustments()
  }
}

/// What groups of rows leave between the books.
private struct Differences {
  private struct Key: Hashable {
    let channel: Channel
    let reason: AdjustmentReason
  }

  private let intake: EvidenceIntake
  private let judgement: Judgement
  private let isContext: [Bool]
  private let days: ClosedRange<BusinessDay>?
  /// The kind of each row that an anomaly is about.
  private var kinds: [Int32: AnomalyKind] = [:]
  private var pending = Set<Int32>()
  private var found: [Key: Adjustment.Item] = [:]

  init(_ assembly: ReportAssembly) {
    (intake, judgement) = (assembly.intake, assembly.judgement)
    isContext = intake.statements.map(\.isContext)
    days = intake.days
    let rank = Dictionary(
      uniqueKeysWithValues: AnomalyKind.allCases.enumerated().map { ($0.element, $0.offset) })
    for anomaly in judgement.anomalies where anomaly.leg == nil {
      for row in anomaly.rows {
        let isFirst = kinds[row].map { (rank[anomaly.kind] ?? 0) < (rank[$0] ?? 0) } ?? true
        if isFirst { kinds[row] = anomaly.kind }
      }
    }
    for item in judgement.pending { pending.insert(item.row) }
  }

  /// What a row adds to the channel's side, less what it adds to the ledger's; 0 for one that is left out.
  private func movement(_ row: Int) -> Int64 {
    guard judgement.buckets[row] != .excluded, !isContext[Int(intake.entries.statement[row])] else {
      return 0
    }
    let fen = intake.entries.fen[row]
    switch intake.entries.kind[row] {
    case .payment, .reversal: return fen
    case .refund, .credit, .manualCredit: return -fen
    default: return 0
    }
  }

  mutating func addGroups() {
    let entries = intake.entries
    let (groups, alone) = groups()
    for rows in groups { add(rows) }
    let grouped = Set(judgement.groups.joined()).union(alone)
    for row in 0..<entries.count where alone.isEmpty || !alone.contains(Int32(row)) {
      let other = Int(judgement.partner[row])
      if other >= 0 {
        // Of nearly all pairs both rows are here, of one channel and one amount.
        guard row < other,
          movement(row) + movement(other) != 0 || entries.channel[row] != entries.channel[other]
        else { continue }
        add([Int32(row), Int32(other)])
      } else if movement(row) != 0, grouped.isEmpty || !grouped.contains(Int32(row)) {
        add([Int32(row)])
      }
    }
  }

  /// The groups that matching made, those joined that person, amount and time alone join; and the rows of no group
  /// that are in them now.
  private func groups() -> (groups: [[Int32]], alone: Set<Int32>) {
    guard !judgement.weakMatches.isEmpty else { return (judgement.groups, []) }
    var groups = judgement.groups
    var alone = Set<Int32>()
    var groupOf: [Int32: Int] = [:]
    for (place, rows) in groups.enumerated() { for row in rows { groupOf[row] = place } }
    func group(of row: Int32) -> Int {
      if let known = groupOf[row] { return known }
      let other = judgement.partner[Int(row)]
      let rows = other >= 0 ? [row, other] : [row]
      alone.formUnion(rows)
      for row in rows { groupOf[row] = groups.count }
      groups.append(rows)
      return groups.count - 1
    }
    for match in judgement.weakMatches {
      let (first, second) = (group(of: match.first), group(of: match.second))
      guard first != second else { continue }
      for row in groups[second] { groupOf[row] = first }
      groups[first] += groups[second]
      groups[second] = []
    }
    return (groups, alone)
  }

  /// Counts what a group leaves between the books of each channel, once, under one reason.
  private mutating func add(_ rows: [Int32]) {
    var left: [Channel: Int64] = [:]
    for row in rows { left[intake.entries.channel[Int(row)], default: 0] += movement(Int(row)) }
    guard left.contains(where: { $0.value != 0 }) else { return }
    let reason = reason(rows, isEven: left.values.reduce(0, +) == 0)
    let first = rows.map { Timestamp(seconds: Int64(intake.entries.time[Int($0)])).day }.min()
    for (channel, fen) in left where fen != 0 {
      let day = first ?? BusinessDay(number: 0)
      var item =
        found[Key(channel: channel, reason: reason)]
        ?? Adjustment.Item(reason: reason, tally: Tally(), oldest: day)
      item.tally = item.tally + Tally(rows: 1, fen: Int128(fen))
      item.oldest = min(item.oldest, day)
      found[Key(channel: channel, reason: reason)] = item
    }
  }

  private func reason(_ rows: [Int32], isEven: Bool) -> AdjustmentReason {
    if isEven { return .otherChannel }
    let told = rows.compactMap { kinds[$0] }.map(AdjustmentReason.anomaly)
    if let first = told.min(by: { $0.rank < $1.rank }) { return first }
    if rows.contains(where: pending.contains) { return .pending }
    let isElsewhere = rows.contains { row in
      let day = Timestamp(seconds: Int64(intake.entries.time[Int(row)])).day
      return isContext[Int(intake.entries.statement[Int(row)])] || days?.contains(day) == false
    }
    return isElsewhere ? .otherPeriod : .unexplained
  }

  func adjustments() -> [Adjustment] {
    let entries = intake.entries
    var all: [Channel: Adjustment] = [:]
    for (rows, statement) in entries.statement.stretches where !isContext[Int(statement)] {
      let isLedger = intake.statements[Int(statement)].statement.side == .ledger
      for row in rows {
        let fen = movement(row)
        if fen == 0 { continue }
        let channel = entries.channel[row]
        if isLedger {
          all[channel, default: Adjustment(channel: channel)].ledgerFen -= Int128(fen)
        } else {
          all[channel, default: Adjustment(channel: channel)].channelFen += Int128(fen)
        }
      }
    }
    return all.keys.sorted().compactMap { channel in
      guard var adjustment = all[channel] else { return nil }
      adjustment.items = found.filter { $0.key.channel == channel }.map(\.value).sorted {
        $0.reason.rank < $1.reason.rank
      }
      return adjustment
    }
  }
}

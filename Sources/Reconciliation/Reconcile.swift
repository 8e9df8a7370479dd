internal import Columns
public import Payments

/// Matches and judges a table of entries: a pure function of entries, coverage and rules.
///
/// The steps are those of the page "How a group is judged"; each has its own file here.
///
/// - Parameters:
///   - entries: every row of every accepted statement, all days of the run together.
///   - coverage: which stretches of time have an accepted statement.
///   - rules: the school's numbers.
/// - Returns: the bucket of every row, the anomalies, and what waits. The result depends on the
///   content of the rows only, never on their order.
public func reconcile(_ entries: EntryTable, coverage: Coverage, rules: Rules) -> Judgement {
  precondition(entries.count < Int(Int32.max), "a run holds at most 2³¹ − 1 rows")
  var judge = Judge(entries, coverage: coverage, rules: rules)
  judge.foldRepeatedRows()
  for group in judge.groups.indices { judge.judgeGroup(group) }
  judge.judgeLeftovers()
  judge.accuseClosedAccounts()
  judge.addNotices()
  return judge.finish()
}

/// One payment and the credit it caused.
struct Pair {
  var payment: Int32
  var credit: Int32
  /// Index of the payment's group; −1 for an ordinary pair, whose payment stands for it.
  var group: Int
  var basis: Basis
  /// Equal amounts, nothing refunded or reversed, persons agreed: both sides are complete.
  var isComplete: Bool

  /// Two pairs of one group are one order, not two.
  var groupIdentity: Int { group >= 0 ? group : -1 - Int(payment) }
}

/// One match group that needs a judge: its rows by kind, in canonical order.
struct GroupCase {
  var rows: [Int32] = []
  var payments: [Int32] = []
  var refunds: [Int32] = []
  var credits: [Int32] = []
  var reversals: [Int32] = []
  var unposted: [Int32] = []
  /// Whether a row that cannot be used stands among them: then nobody is accused.
  var isHeld = false
  /// Whether nothing more may be said: collided, orphaned or without a usable key.
  var isClosed = false
  /// Whether a loss was found.
  var hasLoss = false
  /// Whether anything but notices and 补录 was found.
  var isLoud = false
}

/// The state of judging one table.
struct Judge {
  let table: EntryTable
  let books: CoverageIndex
  let rules: Rules
  /// From this second on a row is dated in the future: a day after everything covered.
  let horizon: Int64
  let assembly: Assembly
  let persons: Persons
  /// Memory to find rows of one key in.
  var partitions = KeyPartitions()
  var judgement: Judgement
  var groups: [GroupCase] = []
  /// Pairs of judged groups; ordinary pairs stay in ``Assembly/partner``.
  var pairs: [Pair] = []
  /// Refunded fen of a payment or reversed fen of a credit, not capped.
  var returned: [Int32: Int64] = [:]
  /// The refunds of a payment or reversals of a credit.
  var attached: [Int32: [Int32]] = [:]
  /// Payments and credits no group could answer, with the group of each.
  var leftovers: [(row: Int32, group: Int)] = []

  init(_ table: EntryTable, coverage: Coverage, rules: Rules) {
    self.table = table
    books = CoverageIndex(coverage, table)
    self.rules = rules
    let ends = coverage.books.flatMap(\.spans).map(\.end.seconds)
    horizon = ends.max().map { $0 + 86_400 } ?? .max
    assembly = Assembly(table, rules: rules, horizon: horizon, &partitions)
    persons = Persons(
      table, replacements: rules.replacements, judged: assembly.rows + assembly.rowsToLookUp,
      besides: coverage.books.flatMap(\.holes).flatMap { [$0.account, $0.student] },
      &partitions)
    judgement = Judgement(
      buckets: Column(repeating: .matched, count: table.count), rules: table.rule)
    for row in 0..<table.count {
      switch table.kind[row] {
      case .excluded: judgement.buckets[row] = .excluded
      case .transferIn, .transferOut: exclude(Int32(row), .notTopUp)
      case .held: judgement.buckets[row] = .rejected
      default: break
      }
    }
  }

  mutating func exclude(_ row: Int32, _ rule: ExclusionRule) {
    judgement.buckets[Int(row)] = .excluded
    judgement.rules[Int(row)] = rule
  }

  /// Last touches: failed postings share their payment's fate, and who is accused waits no more.
  mutating func finish() -> Judgement {
    for group in groups {
      let fates = group.payments.map { judgement.buckets[Int($0)] }
      for row in group.unposted where judgement.buckets[Int(row)] == .matched {
        if fates.isEmpty {
          exclude(row, .notPosted)
        } else {
          judgement.buckets[Int(row)] = fates.first { $0 != .matched } ?? .matched
        }
      }
    }
    judgement.pending.removeAll { judgement.buckets[Int($0.row)] != .pending }
    judgement.partner = assembly.partner
    judgement.unmet.sort()
    judgement.paired = pairs.flatMap { [$0.payment, $0.credit] }.sorted()
    judgement.groups = groups.map(\.rows)
    return judgement
  }

  // MARK: - Saying things

  /// Records an anomaly; its evidence is given in canonical order.
  mutating func report(
    _ kind: AnomalyKind, fen: Int64, owedTo: OwedTo, explanation: Explanation? = nil,
    basis: Basis, subject: Int32, rows: some Sequence<Int32>, parties: [Party] = []
  ) {
    judgement.anomalies.append(
      Anomaly(
        kind: kind, amountFen: fen, owedTo: owedTo, explanation: explanation, basis: basis,
        subject: subject, rows: Set(rows).sorted { table.precedes($0, $1) }, parties: parties))
  }

  /// Makes rows anomalous; nothing said later makes them better.
  mutating func blame(_ rows: some Sequence<Int32>) {
    for row in rows {
      switch judgement.buckets[Int(row)] {
      case .matched, .matchedWithinTolerance, .pending: judgement.buckets[Int(row)] = .anomalous
      default: break
      }
    }
  }

  /// Records a finding about a group, or lets its rows wait when the group holds a row back.
  mutating func accuse(
    _ index: Int, _ kind: AnomalyKind, fen: Int64, owedTo: OwedTo,
    explanation: Explanation? = nil, basis: Basis? = nil, subject: Int32,
    besides: [Int32] = [], wrong: [Int32], parties: [Party] = []
  ) {
    if groups[index].isHeld {
      for row in wrong { wait(row, onOwnDay: true) }
      return
    }
    if let want = want(of: kind, subject: subject, in: index) {
      for row in waiting(kind, wrong) { wait(row, for: want) }
      return
    }
    if kind == .amountMismatch, explanation?.isBenign == true {
      for row in wrong where judgement.buckets[Int(row)] == .matched {
        judgement.buckets[Int(row)] = .matchedWithinTolerance
      }
    } else {
      blame(wrong)
      groups[index].isLoud = true
      if kind.severity == .loss { groups[index].hasLoss = true }
    }
    report(
      kind, fen: fen, owedTo: owedTo, explanation: explanation,
      basis: basis ?? self.basis(of: subject), subject: subject,
      rows: groups[index].rows + besides, parties: parties)
  }

  /// What a finding needs and is not covered; leftovers are asked about before.
  private func want(of kind: AnomalyKind, subject: Int32, in group: Int) -> Want? {
    switch kind {
    case .wrongAccount: want(group: group) ?? wantOfTransfers(group) ?? wantOfLists(subject)
    case .amountMismatch, .refundNotReversed, .reversalNotRefunded, .refundAmountMismatch,
      .refundExceedsPayment:
      want(group: group)
    case .orphanRefund: wantOfOrphan(subject, in: group)
    case .closedAccountCredit: wantOfClosedAccount(subject, in: group)
    default: nil
    }
  }

  /// The rows that wait where a finding cannot be made yet.
  private func waiting(_ kind: AnomalyKind, _ wrong: [Int32]) -> [Int32] {
    switch kind {
    case .refundNotReversed: wrong.filter { self.kind($0) == .refund }
    case .reversalNotRefunded: wrong.filter { self.kind($0) == .reversal }
    default: wrong
    }
  }

  /// Lets a row wait for what is not covered. The first reason stays.
  mutating func wait(_ row: Int32, for want: Want) {
    switch judgement.buckets[Int(row)] {
    case .matched, .matchedWithinTolerance: judgement.buckets[Int(row)] = .pending
    default: return
    }
    judgement.pending.append(
      Pending(
        row: row, decidedBy: Timestamp(seconds: want.to).day,
        waitsForLedger: want.book?.side == .ledger, want: want))
  }

  /// Lets a row wait for the other book; one that only a held row keeps from being wrong waits for
  /// its own book, where the held row must be put right. The first reason stays.
  mutating func wait(_ row: Int32, onOwnDay: Bool = false) {
    switch judgement.buckets[Int(row)] {
    case .matched, .matchedWithinTolerance: judgement.buckets[Int(row)] = .pending
    default: return
    }
    let second = onOwnDay ? time(row) : decisionTime(row)
    judgement.pending.append(
      Pending(
        row: row, decidedBy: Timestamp(seconds: second).day,
        waitsForLedger: kind(row).isChannelSide != onOwnDay))
  }

  /// The last second whose statements decide a row that stands alone.
  private func decisionTime(_ row: Int32) -> Int64 {
    switch kind(row) {
    case .payment: deadline(row)
    case .credit, .manualCredit: time(row) + max(0, rules.clockToleranceSeconds)
    case .refund, .reversal: time(row) + rules.refundWindowSeconds
    default: time(row)
    }
  }

  // MARK: - Reading rows

  func fen(_ row: Int32) -> Int64 { table.fen[Int(row)] }
  func time(_ row: Int32) -> Int64 { Int64(table.time[Int(row)]) }
  func kind(_ row: Int32) -> EntryKind { table.kind[Int(row)] }
  func channel(_ row: Int32) -> Channel { table.channel[Int(row)] }
  func distance(_ left: Int32, _ right: Int32) -> Int64 { abs(time(left) - time(right)) }

  /// What is left of a payment or credit after what was given or taken back.
  func open(_ row: Int32) -> Int64 { fen(row) - capped(row) }
  /// What was given or taken back, at most the amount itself.
  func capped(_ row: Int32) -> Int64 { min(returned[row] ?? 0, fen(row)) }
  func isActive(_ row: Int32) -> Bool { returned[row] ?? 0 < fen(row) }
  func returns(_ row: Int32) -> [Int32] { attached[row] ?? [] }

  /// The last moment a row may have happened: its time, or the end of its day.
  func latest(_ row: Int32) -> Int64 { table.latest(row) }

  /// Until when a credit for a payment is waited for.
  func deadline(_ payment: Int32) -> Int64 {
    rules.creditDeadline(paidAt: latest(payment), channel: channel(payment))
  }

  /// What ties a row to others, when nothing more precise is known.
  func basis(of row: Int32) -> Basis {
    if table.order[Int(row)] != 0 { return .order }
    return table.serial[Int(row)] != 0 ? .serial : .single
  }

  /// The accounts a row names.
  func names(_ row: Int32) -> AccountNames { table.names(row) }

  /// Whether two rows both name somebody, and not the same person: a row that names nobody proves
  /// nothing.
  func differ(_ left: Int32, _ right: Int32) -> Bool {
    let (a, b) = (names(left), names(right))
    if a.isEmpty || b.isEmpty { return false }
    for one in a {
      for other in b where persons.same(one, other) { return false }
    }
    return true
  }
}

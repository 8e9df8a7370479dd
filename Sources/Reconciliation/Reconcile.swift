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
  var judge = Judge(entries.withoutOtherBusiness(), coverage: coverage, rules: rules)
  judge.foldRepeatedRows()
  for group in judge.groups.indices { judge.judgeGroup(group) }
  judge.joinMoves()
  judge.judgeLeftovers()
  judge.judgeMoves()
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
  /// What the payment was credited in parts, all together; nil where the credit is all.
  var parts: Parts?

  /// Two pairs of one group are one order, not two.
  var groupIdentity: Int { group >= 0 ? group : -1 - Int(payment) }
}

/// The parts in which a payment was credited, added up.
struct Parts {
  var fen: Int64
  /// Less what was taken back.
  var open: Int64
}

/// A payment or credit that nothing of its group answers.
struct Leftover {
  var row: Int32
  var group: Int
  /// Of a payment a fully reversed credit that says it was taken back, unless it was posted again.
  var takenBack: Int32?
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
  var assembly: Assembly
  let persons: Persons
  let known: KnownNumbers
  /// Rows whose people are looked up one by one though their pair is ordinary.
  let rowsToLookUp: [Int32]
  /// Numbers that are linked twice.
  let unclear: UnclearLinks
  /// Refunds and reversals that share no key with anything.
  var keyless: Set<Int32> = []
  /// Those that join nothing as long as what they look for is not covered.
  var unsure = UnsureRows()
  /// Those that have found nothing so far, with the group each is alone in.
  var unfound: [Leftover] = []
  /// Rows that weak evidence brought into one group.
  var weaklyJoined: Set<Int32> = []
  /// Refunds that a reversal explains, though what they gave back is not there.
  var explained: Set<Int32> = []
  /// Money moved off lost cards.
  var moves: Moves
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
  /// Payments and credits no group could answer.
  var leftovers: [Leftover] = []
  /// Credits that weak evidence joined with a payment of a group, where one of the two was given or taken back.
  var returnedPairs: [(credit: Int32, group: Int)] = []
  /// Leftovers that were given or taken back after all: nothing is said of them.
  var taken: Set<Int32> = []
  /// Rows that could go with a leftover as well, and keep it waiting while they wait themselves.
  var rivals: [Int32: [Leftover]] = [:]
  /// Fully refunded payments that no credit answers, fully reversed credits that answer no payment.
  var returnedAlone: [Leftover] = []

  init(_ table: EntryTable, coverage: Coverage, rules: Rules) {
    self.table = table
    books = CoverageIndex(coverage, table)
    self.rules = rules
    let ends = coverage.books.flatMap(\.spans).map(\.end.seconds)
    horizon = ends.max().map { $0 + 86_400 } ?? .max
    known = KnownNumbers(table)
    unclear = UnclearLinks(table, rules.replacements, &partitions)
    assembly = Assembly(
      table,
      OrdinaryPairs(rules: rules, horizon: horizon, known: known, hasLinks: unclear.hasLinks),
      &partitions)
    rowsToLookUp = assembly.rowsToLookUp(table, known, unclear)
    moves = Moves(table)
    persons = Persons(
      table, known, replacements: rules.replacements,
      judged: assembly.looseRows(table) + rowsToLookUp + moves.rowsToLookUp,
      besides: unclear.numbers, holes: coverage.books.flatMap(\.holes))
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
    judgement.knownNumbers = known.column(of: table)
    judgement.unclearLinks = unclear.rows(table, persons.last)
    judgement.unmet.sort()
    judgement.paired = pairs.flatMap { [$0.payment, $0.credit] }.sorted()
    judgement.groups =
      groups.map(\.rows)
      + moves.all.filter { !$0.arrivals.isEmpty }.map { [$0.out] + $0.arrivals }
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
    with other: Int? = nil, besides: [Int32] = [], wrong: [Int32], shares: [Party] = []
  ) {
    if groups[index].isHeld {
      for row in wrong { wait(row, onOwnDay: true) }
      return
    }
    let needed = other.flatMap {
      want(group: index) ?? wantOfUnsure(index) ?? want(group: $0) ?? wantOfUnsure($0)
        ?? wantOfLists(subject)
    }
    if let want = needed ?? want(of: kind, subject: subject, in: index) {
      for row in waiting(kind, wrong) { wait(row, for: want) }
      return
    }
    if kind == .amountMismatch, explanation?.isBenign == true {
      for row in wrong where judgement.buckets[Int(row)] == .matched {
        judgement.buckets[Int(row)] = .matchedWithinTolerance
      }
    } else {
      blame(wrong)
      for group in [index] + (other.map { [$0] } ?? []) {
        groups[group].isLoud = true
        if kind.severity == .loss { groups[group].hasLoss = true }
      }
    }
    let rows = groups[index].rows + besides + (other.map { groups[$0].rows } ?? [])
    let isBenign = explanation?.isBenign == true
    let isWeak = !isBenign && !weaklyJoined.isEmpty && wrong.contains { weaklyJoined.contains($0) }
    report(
      kind, fen: fen, owedTo: owedTo, explanation: explanation,
      basis: isWeak ? .weak : basis ?? self.basis(of: subject, among: rows), subject: subject,
      rows: rows,
      parties: isBenign ? [] : parties(shares, among: wrong))
  }

  /// Who is owed what, where rows that are wrong are different people's: the shares, and whoever else is
  /// concerned.
  private func parties(_ shares: [Party], among wrong: [Int32]) -> [Party] {
    guard !shares.isEmpty else { return [] }
    let rows = Set(wrong).sorted { table.precedes($0, $1) }
    let areSeveral = rows.contains { one in rows.contains { differ(one, $0) } }
    guard areSeveral else { return [] }
    var parties = shares
    for row in rows where parties.allSatisfy({ differ($0.row, row) }) {
      parties.append(Party(row: row, fen: 0))
    }
    return parties
  }

  /// What a finding needs and is not covered; leftovers are asked about before.
  private func want(of kind: AnomalyKind, subject: Int32, in group: Int) -> Want? {
    switch kind {
    case .wrongAccount:
      want(group: group) ?? wantOfUnsure(group) ?? wantOfTransfers(group) ?? wantOfLists(subject)
    case .amountMismatch, .refundNotReversed, .reversalNotRefunded, .refundAmountMismatch,
      .refundExceedsPayment:
      want(group: group) ?? wantOfUnsure(group) ?? wantOfKeylessLists(group, subject)
    case .orphanRefund:
      wantOfOrphan(subject, in: group) ?? wantOfKeylessLists(group, subject)
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

  // MARK: - What joined rows

  /// What ties a row to others of a group, as far as nothing more precise is known.
  func basis(of row: Int32, among rows: [Int32]) -> Basis {
    let others = rows.filter { $0 != row }
    let order = table.order[Int(row)]
    if order != 0, others.contains(where: { table.order[Int($0)] == order }) { return .order }
    if others.contains(where: { shareSerial(row, $0) }) { return .serial }
    return weaklyJoined.contains(row) ? .weak : .single
  }

  /// Whether a serial joins two rows: theirs, or the one's that the other takes back.
  private func shareSerial(_ left: Int32, _ right: Int32) -> Bool {
    func isBatch(_ row: Int32) -> Bool {
      kind(row).isChannelSide && assembly.isBatchSerial(table, row)
    }
    let serial = table.serial[Int(left)]
    if serial != 0, serial == table.serial[Int(right)], !isBatch(left), !isBatch(right) {
      return true
    }
    let own = table.own[Int(left)]
    if own != 0, own == table.own[Int(right)], !kind(left).isChannelSide,
      !kind(right).isChannelSide
    {
      return true
    }
    func names(_ one: Int32, _ other: Int32) -> Bool {
      guard let original = table.original[one] else { return false }
      return original == table.own[Int(other)] || original == table.serial[Int(other)]
    }
    return names(left, right) || names(right, left)
  }

  // MARK: - Reading rows

  func fen(_ row: Int32) -> Int64 { table.fen[Int(row)] }
  func time(_ row: Int32) -> Int64 { Int64(table.time[Int(row)]) }
  func kind(_ row: Int32) -> EntryKind { table.kind[Int(row)] }
  func channel(_ row: Int32) -> Channel { table.channel[Int(row)] }
  func distance(_ left: Int32, _ right: Int32) -> Int64 { abs(time(left) - time(right)) }

  /// Whether of two rows the first is nearer in time to a third; of two equally near the canonically first.
  func isNearer(_ left: Int32, than right: Int32, to row: Int32) -> Bool {
    let (mine, theirs) = (distance(row, left), distance(row, right))
    return mine == theirs ? table.precedes(left, right) : mine < theirs
  }

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

  /// The numbers of people a row names.
  func names(_ row: Int32) -> [KeyHash] { persons.names(row) }

  /// Whether two rows are for different people, for certain.
  func differ(_ left: Int32, _ right: Int32) -> Bool { persons.differ(left, right) }
}

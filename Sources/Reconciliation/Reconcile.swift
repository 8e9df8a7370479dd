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
  judge.judgeGroups()
  judge.judgeLeftovers()
  judge.suspectDuplicates()
  judge.placeAttempts()
  return judge.judgement
}

/// One payment and the credit it caused.
struct Pair {
  var payment: Int32
  var credit: Int32
  /// Distinguishes groups: two pairs of one order are not two orders.
  var group: Int32
  var basis: Basis
  /// Equal amounts, nothing refunded or reversed: both sides are complete.
  var isComplete: Bool
}

/// A payment or credit its own group could not answer.
struct Leftover {
  var row: Int32
  /// Index of its group in the assembly.
  var group: Int
  /// What is left of its amount after refunds or reversals.
  var fen: Int64
  /// Whether nothing of it was refunded or reversed, so that weak evidence may pair it.
  var isWhole: Bool
  /// The paired payment of the same group, when there is one: then the row is one too many.
  var rival: Pair?
}

/// The state of judging one table.
struct Judge {
  let table: EntryTable
  let coverage: Coverage
  let rules: Rules
  /// From this second on a row is dated in the future: a day after everything covered.
  let horizon: Int64
  let assembly: Assembly
  var persons: Persons
  var judgement: Judgement
  /// Pairs of judged groups; ordinary pairs stay in ``Assembly/partner``.
  var pairs: [Pair] = []
  /// Postings that moved nothing, with the payments they were tried for.
  var attempts: [(row: Int32, payments: [Int32])] = []
  var leftoverPayments: [Leftover] = []
  var leftoverCredits: [Leftover] = []

  init(_ table: EntryTable, coverage: Coverage, rules: Rules) {
    self.table = table
    self.coverage = coverage
    self.rules = rules
    let ends = ([coverage.ledger] + Array(coverage.channels.values)).joined().map(\.end.seconds)
    horizon = ends.max().map { $0 + 86_400 } ?? .max
    assembly = Assembly(table, rules: rules, horizon: horizon)
    persons = Persons(table, replacements: rules.replacements)
    judgement = Judgement(
      buckets: [Bucket](repeating: .matched, count: table.count), rules: table.rule)
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

  mutating func put(_ rows: some Sequence<Int32>, in bucket: Bucket) {
    for row in rows where judgement.buckets[Int(row)] != .rejected {
      judgement.buckets[Int(row)] = bucket
    }
  }

  /// A failed posting is evidence: it shares the fate of the payment it was tried for.
  mutating func placeAttempts() {
    for attempt in attempts {
      let fates = attempt.payments.map { judgement.buckets[Int($0)] }
      judgement.buckets[Int(attempt.row)] = fates.first { $0 != .matched } ?? .matched
    }
  }

  /// Records an anomaly; its evidence is given in canonical order.
  mutating func report(
    _ kind: AnomalyKind, fen: Int64, owedTo: OwedTo, explanation: Explanation? = nil,
    basis: Basis, subject: Int32, rows: some Sequence<Int32>
  ) {
    judgement.anomalies.append(
      Anomaly(
        kind: kind, amountFen: fen, owedTo: owedTo, explanation: explanation, basis: basis,
        subject: subject, rows: rows.sorted { table.precedes($0, $1) }))
  }

  /// Lets a row wait for the business day on which `second` falls.
  mutating func wait(_ row: Int32, until second: Int64, forLedger: Bool) {
    judgement.buckets[Int(row)] = .pending
    judgement.pending.append(
      Pending(
        row: row, decidedBy: Timestamp(seconds: second).day, waitsForLedger: forLedger))
  }

  func fen(_ row: Int32) -> Int64 { table.fen[Int(row)] }
  func time(_ row: Int32) -> Int64 { Int64(table.time[Int(row)]) }
  /// The last moment a row may have happened: its time, or the end of its day.
  func latest(_ row: Int32) -> Int64 {
    table.dayOnly.contains(row) ? time(row) + 86_399 : time(row)
  }
  /// Until when a credit for a payment is waited for.
  func deadline(_ payment: Int32) -> Int64 {
    rules.creditDeadline(paidAt: latest(payment), channel: channel(payment))
  }
  func kind(_ row: Int32) -> EntryKind { table.kind[Int(row)] }
  func channel(_ row: Int32) -> Channel { table.channel[Int(row)] }

  /// What ties a row to others, when nothing more precise is known.
  func basis(of row: Int32) -> Basis {
    if table.order[Int(row)] != 0 { return .order }
    return table.serial[Int(row)] != 0 ? .serial : .single
  }

  /// What ties a payment to a credit of its group.
  func basis(_ payment: Int32, _ credit: Int32) -> Basis {
    let order = table.order[Int(payment)]
    return order != 0 && order == table.order[Int(credit)] ? .order : .serial
  }

  /// Whether a payment and a credit may be the same person's: a payment that names nobody proves
  /// nothing.
  mutating func agree(_ payment: Int32, _ credit: Int32) -> Bool {
    let named = table.account[Int(payment)]
    let (card, student) = (table.account[Int(credit)], table.student[Int(credit)])
    if named == 0 || (card == 0 && student == 0) || named == card || named == student {
      return true
    }
    return (card != 0 && persons.same(named, card))
      || (student != 0 && persons.same(named, student))
  }
}

import Payments

/// A finding in plain values. `rows` are sorted, so that two findings can be compared.
struct Finding: Hashable {
  var kind: AnomalyKind
  var amountFen: Int64
  var owedTo: OwedTo
  var explanation: Explanation?
  var basis: Basis
  var subject: Int
  var rows: [Int]
  /// The people concerned where they are several: a row that names the person, and what the person is owed.
  var parties: [Share] = []

  struct Share: Hashable {
    var row: Int
    var fen: Int64
  }
}

/// A row that waits, and for what.
struct WaitingRow: Hashable {
  var row: Int
  var decidedBy: BusinessDay
  var waitsForLedger: Bool
  var want: Want?
}

/// What a judge says about a table of rows, whichever judge it is.
struct OracleResult {
  /// One bucket a row.
  var buckets: [Bucket]
  /// The rule of each excluded row, nil for every other row.
  var rules: [ExclusionRule?]
  var findings: [Finding]
  var waiting: [WaitingRow]
  /// Payments and credits nothing of the other book answered.
  var unmet: [Int]
}

/// Judges rows slowly and plainly, straight from `Judging.md`.
///
/// Everything is nested loops over arrays indexed by row; nothing is shared with the engine but
/// the values and the arithmetic of `Payments`.
func oracle(_ entries: [Entry], coverage: Coverage, rules: Rules) -> OracleResult {
  judgedByOracle(entries, coverage: coverage, rules: rules).result()
}

/// The oracle's notebook when it has judged.
func judgedByOracle(_ entries: [Entry], coverage: Coverage, rules: Rules) -> Oracle {
  var judge = Oracle(entries, coverage: coverage, rules: rules)
  judge.leaveOutOtherBusiness()
  judge.setAsideWhatTakesNoPart()
  judge.foldRepeatedRows()
  judge.learnWhoIsWho()
  judge.formGroups()
  for group in judge.groups.indices { judge.judgeGroup(group) }
  judge.takeByWord()
  judge.joinByWeakEvidence()
  judge.answerByReversed()
  judge.joinWhatWasReturned()
  judge.judgeLoneKeyless()
  judge.joinMoves()
  judge.accuseLeftovers()
  judge.accuseMoves()
  judge.accuseClosedAccounts()
  judge.addNotices()
  return judge
}

/// The oracle's notebook: the rows, and one array a fact about them.
struct Oracle {
  var entries: [Entry]
  let coverage: Coverage
  let rules: Rules

  /// Rows in canonical order.
  var order: [Int]

  /// The rule that sets a row aside before matching, or nil.
  var excluded: [ExclusionRule?]
  /// Identities whose rows contradict each other.
  var collisions: [[Int]] = []
  /// Numbers that the ledger or a list has.
  var known: [OracleNumber] = []
  /// Numbers that are one person's, and from when on.
  var replacements: [OracleLink] = []
  /// Cards and student numbers that stand together, card left, and from when on.
  var links: [OracleLink] = []
  /// Whom each row names.
  var namings: [OracleNaming] = []
  /// Groups of rows; every row that takes part is in exactly one.
  var groups: [OracleGroup] = []
  /// The group of each row that takes part.
  var groupOf: [Int?]

  /// Refunds and reversals without a shared key.
  var keyless: [Int] = []
  /// What those of them lack that look back over what is not all there: they join nothing.
  var keylessWants: [Int: Want] = [:]
  /// Those that (e) joined to nothing: they are judged last.
  var lone: [Int] = []
  /// Rows that (e) of section 2 joined.
  var joinedWeakly: [Int] = []
  /// Refunds that (e) joined with a reversal: they explain each other.
  var explained: [Int] = []

  /// The payment a refund was attached to, the credit a reversal was attached to.
  var attachedTo: [Int?]
  /// r(p) of payments and v(c) of credits before capping.
  var returned: [Int64]
  /// Every pair, strong and weak.
  var pairs: [OraclePair] = []
  /// Payments and credits nothing in their own group answers.
  var leftovers: [Int] = []
  /// The credits of payments that were credited in parts.
  var parts: [Int: [Int]] = [:]
  /// Payments a fully reversed credit of their group answers, unless weak evidence joins them.
  var answeredByReversed: [(payment: Int, credit: Int)] = []
  /// Fully refunded payments that no credit answers, fully reversed credits that answer no payment.
  var unanswered: [Int] = []
  /// What weak evidence joined where something was given or taken back.
  var returnedPairs: [(payment: Int, credit: Int)] = []
  /// Leftovers that what was given or taken back has taken: nothing is said of them.
  var taken: [(row: Int, by: Int)] = []
  /// What could have gone with a leftover as well.
  var rivals: [(row: Int, rival: Int)] = []
  /// Leftovers that weak evidence has settled or spoken about.
  var settledLeftovers: [Int] = []
  /// Money moved off lost cards, in canonical order: the row, what brought it, what is lacking.
  var moves: [OracleMove] = []
  /// Rows that take back what arrived.
  var takingBack: [Int] = []
  /// Leftovers nothing answered.
  var unmet: [Int] = []

  var findings: [Finding] = []
  /// The group each finding is about, one for one with `findings`.
  var findingGroups: [[Int]] = []
  var isAnomalous: [Bool]
  var isTolerated: [Bool]
  var waits: [WaitingRow?]

  init(_ entries: [Entry], coverage: Coverage, rules: Rules) {
    self.entries = entries
    self.coverage = coverage
    self.rules = rules
    order = entries.indices.sorted { Oracle.precedes(entries, $0, $1) }
    excluded = entries.map { _ in nil }
    groupOf = entries.map { _ in nil }
    attachedTo = entries.map { _ in nil }
    returned = entries.map { _ in 0 }
    isAnomalous = entries.map { _ in false }
    isTolerated = entries.map { _ in false }
    waits = entries.map { _ in nil }
  }

  /// "Canonical order": time, side, serial, own, order, fen, account, student,
  /// statement, line.
  static func precedes(_ entries: [Entry], _ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    if a.time != b.time { return a.time < b.time }
    if a.side != b.side { return a.side < b.side }
    if a.serial != b.serial { return a.serial < b.serial }
    if a.own != b.own { return a.own < b.own }
    if a.order != b.order { return a.order < b.order }
    if a.fen != b.fen { return a.fen < b.fen }
    if a.account != b.account { return a.account < b.account }
    if a.student != b.student { return a.student < b.student }
    if a.statement != b.statement { return a.statement < b.statement }
    if a.line != b.line { return a.line < b.line }
    return left < right
  }

  /// Rows sorted canonically.
  func canonical(_ some: [Int]) -> [Int] { order.filter { some.contains($0) } }

  /// What is left of a payment or credit after what was given or taken back.
  func open(_ row: Int) -> Int64 { max(0, entries[row].fen - returned[row]) }

  /// r(p) or v(c), capped.
  func capped(_ row: Int) -> Int64 { min(returned[row], entries[row].fen) }

  func isActive(_ row: Int) -> Bool { returned[row] < entries[row].fen }

  func attached(to row: Int) -> [Int] { order.filter { attachedTo[$0] == row } }

  func distance(_ left: Int, _ right: Int) -> Int64 {
    abs(entries[left].time - entries[right].time)
  }

  // MARK: Saying things

  /// "The basis … of any other finding about a group."
  func basis(of subject: Int, among rows: [Int]) -> Basis {
    let others = rows.filter { $0 != subject }
    let order = entries[subject].order
    if order != 0, others.contains(where: { entries[$0].order == order }) { return .order }
    /// "The one names the other's serial or own as its original."
    func tells(_ row: Int, of other: Int) -> Bool {
      let original = entries[row].original
      return original != 0 && [entries[other].serial, entries[other].own].contains(original)
    }
    let isSerial = others.contains {
      shareSerial(subject, $0) || holdsSerial(subject, $0) || shareOwn(subject, $0)
        || tells(subject, of: $0)
        || tells($0, of: subject)
    }
    if isSerial { return .serial }
    return joinedWeakly.contains(subject) ? .weak : .single
  }

  /// "Is of the ledger like it and has its `own`."
  private func shareOwn(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    return a.side == .ledger && b.side == .ledger && a.own != 0 && a.own == b.own
  }

  /// Records a finding; `blamed` rows become anomalous.
  ///
  /// - Parameter shares: who is owed what by the page's table, told where wrong rows name several people.
  mutating func say(
    _ kind: AnomalyKind, _ amount: Int64, owedTo: OwedTo, explanation: Explanation? = nil,
    basis: Basis, subject: Int, rows: [Int], about: [Int], blamed: [Int],
    shares: [Finding.Share] = []
  ) {
    // A `key-conflict` is about the order, whatever (e) joined.
    let isWeak = kind != .keyConflict && blamed.contains(where: joinedWeakly.contains)
    findings.append(
      Finding(
        kind: kind, amountFen: amount, owedTo: owedTo, explanation: explanation,
        basis: isWeak ? .weak : basis, subject: subject, rows: Array(Set(rows)).sorted(),
        parties: parties(shares, blamed: blamed)))
    findingGroups.append(about)
    for row in blamed { isAnomalous[row] = true }
  }

  /// "The shares of this table, then each other row … that differs from all rows listed before, with 0."
  private func parties(_ shares: [Finding.Share], blamed: [Int]) -> [Finding.Share] {
    if shares.isEmpty { return [] }
    // Held rows are rejected: no finding makes them anomalous.
    let wrong = canonical(blamed).filter { entries[$0].kind != .held }
    guard wrong.contains(where: { one in wrong.contains { differ(one, $0) } }) else { return [] }
    var parties = shares
    for row in wrong where !parties.contains(where: { $0.row == row }) {
      if parties.allSatisfy({ differ($0.row, row) }) {
        parties.append(Finding.Share(row: row, fen: 0))
      }
    }
    return parties
  }

  /// Says something about one group, unless a held row keeps the group from accusing or a book it needs may
  /// hold what is missing: then the rows that would be blamed wait, in the first case until their own day.
  ///
  /// - Parameter want: what is missing.
  /// - Parameter waiting: the rows that wait for it, where they are not the blamed ones.
  mutating func accuse(
    _ group: Int, _ kind: AnomalyKind, _ amount: Int64, owedTo: OwedTo,
    explanation: Explanation? = nil, basis: Basis? = nil, subject: Int, besides: [Int] = [],
    blamed: [Int], unless want: Want?, waiting: [Int]? = nil,
    shares: [Finding.Share] = []
  ) {
    if groups[group].isHeld {
      for row in blamed { wait(row, decidedBy: Timestamp(seconds: entries[row].time).day) }
      return
    }
    if let want {
      for row in waiting ?? blamed { wait(row, for: want) }
      return
    }
    let rows = groups[group].rows
    say(
      kind, amount, owedTo: owedTo, explanation: explanation,
      basis: basis ?? self.basis(of: subject, among: rows), subject: subject,
      rows: rows + besides, about: [group], blamed: blamed, shares: shares)
  }

  /// Makes a row wait for a book; the first reason given stays.
  mutating func wait(_ row: Int, for want: Want) {
    guard waits[row] == nil else { return }
    waits[row] = WaitingRow(
      row: row, decidedBy: Timestamp(seconds: want.to).day,
      waitsForLedger: want.book?.side == .ledger, want: want)
  }

  /// Makes a row wait that only a held row of its group keeps from being wrong.
  ///
  /// A leftover waits for the other book; a row that is matched wrongly waits for its own.
  mutating func wait(_ row: Int, decidedBy: BusinessDay, isLeftover: Bool = false) {
    guard waits[row] == nil else { return }
    waits[row] = WaitingRow(
      row: row, decidedBy: decidedBy,
      waitsForLedger: (entries[row].side == .channel) == isLeftover)
  }

  /// The day whose statements decide a leftover of a group that is held back.
  func decisionDay(_ row: Int) -> BusinessDay {
    let entry = entries[row]
    let last =
      entry.kind == .payment
      ? rules.creditDeadline(paidAt: entry.time, channel: entry.channel)
      : entry.time + max(0, rules.clockToleranceSeconds)
    return Timestamp(seconds: last).day
  }

  // MARK: The end

  /// Puts every row in its one bucket.
  func result() -> OracleResult {
    var buckets: [Bucket] = []
    var ruleOf: [ExclusionRule?] = []
    var waiting: [WaitingRow] = []
    for row in entries.indices {
      let (bucket, rule) = verdict(row)
      buckets.append(bucket)
      ruleOf.append(rule)
      // An unposted row only follows its payment: what waits is the payment.
      if bucket == .pending, let own = waits[row] { waiting.append(own) }
    }
    return OracleResult(
      buckets: buckets, rules: ruleOf, findings: findings, waiting: waiting, unmet: unmet.sorted())
  }

  private func verdict(_ row: Int) -> (Bucket, ExclusionRule?) {
    if entries[row].kind == .held { return (.rejected, nil) }
    if let rule = excluded[row] { return (.excluded, rule) }
    if isAnomalous[row] { return (.anomalous, nil) }
    if waits[row] != nil { return (.pending, nil) }
    if entries[row].kind == .failedPayment { return (.excluded, .failedPayment) }
    if entries[row].kind == .unpostedCredit {
      guard let group = groupOf[row], !groups[group].payments.isEmpty else {
        return (.excluded, .notPosted)
      }
      guard let payment = paymentFollowed(by: row) else { return (.matched, nil) }
      return verdict(payment)
    }
    return (isTolerated[row] ? .matchedWithinTolerance : .matched, nil)
  }

  /// Unposted rows "share the bucket of the first payment (canonical) that is not matched".
  private func paymentFollowed(by row: Int) -> Int? {
    guard entries[row].kind == .unpostedCredit, let group = groupOf[row] else { return nil }
    return groups[group].payments.first { verdict($0).0 != .matched }
  }
}

/// One payment and the credit that answers it.
struct OraclePair {
  var payment: Int
  var credit: Int
  var group: Int
  var basis: Basis
  /// Whether p = c with nothing returned and nothing said against the pair.
  var isSettled: Bool
}

/// One match group by role, each list in canonical order.
struct OracleGroup {
  var rows: [Int] = []
  var payments: [Int] = []
  var refunds: [Int] = []
  var credits: [Int] = []
  var reversals: [Int] = []
  var isHeld = false
  /// Nothing more may be said of it: collided, orphaned or unusable.
  var isClosed = false
}

extension Entry {
  /// The book a row stands in, as far as its kind tells: held and excluded rows could be in
  /// either and count as channel rows.
  var side: Side {
    switch kind {
    case .credit, .manualCredit, .reversal, .unpostedCredit, .transferOut, .transferIn: .ledger
    case .payment, .refund, .failedPayment, .excluded, .held: .channel
    }
  }
}

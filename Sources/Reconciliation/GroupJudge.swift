internal import Columns
import Payments

extension Judge {
  /// A key that more rows than this share is no key: the group is said to be unexplained.
  static let largestGroup = 1_000

  /// Rule 1: one event, one row; then the groups of what is left.
  mutating func foldRepeatedRows() {
    var collided: [[Int32]] = []
    var folded = Set<Int32>()
    for identity in assembly.identities {
      let rows = identity.sorted { table.precedes($0, $1) }
      guard rows.allSatisfy({ sameContent($0, rows[0]) }) else {
        collided.append(rows)
        continue
      }
      for row in rows.dropFirst() { exclude(row, .repeatedRow) }
      folded.formUnion(rows.dropFirst())
      report(
        .repeatedRow, fen: fen(rows[0]), owedTo: .none, basis: basis(of: rows[1], among: rows),
        subject: rows[1], rows: rows)
    }
    joinKeyless(besides: folded, collided)
    assembly.collect(table)
    formGroups()
    closeCollisions(collided)
  }

  private func sameContent(_ left: Int32, _ right: Int32) -> Bool {
    var (left, right) = (table[Int(left)], table[Int(right)])
    (left.statement, left.line, left.offset) = (0, 0, 0)
    (right.statement, right.line, right.offset) = (0, 0, 0)
    left.rule = right.rule
    // What else a text names makes no other event of it.
    (left.others, left.isForeign) = (right.others, right.isForeign)
    left.isCompany = right.isCompany
    return left == right
  }

  private mutating func formGroups() {
    groups.reserveCapacity(assembly.ends.count)
    for index in assembly.ends.indices {
      var group = GroupCase()
      group.rows = assembly.group(index).filter {
        !(judgement.buckets[Int($0)] == .excluded && judgement.rules[Int($0)] == .repeatedRow)
      }.sorted { table.precedes($0, $1) }
      for row in group.rows {
        switch kind(row) {
        case .payment: group.payments.append(row)
        case .refund: group.refunds.append(row)
        case .credit, .manualCredit: group.credits.append(row)
        case .reversal: group.reversals.append(row)
        case .unpostedCredit: group.unposted.append(row)
        case .held: group.isHeld = true
        default: break
        }
      }
      groups.append(group)
    }
  }

  /// All rows of the groups in which collided rows stand are anomalous; nothing else is said.
  private mutating func closeCollisions(_ collided: [[Int32]]) {
    var touching: [Int32: [Int]] = [:]
    for (index, rows) in collided.enumerated() {
      for row in rows { touching[row, default: []].append(index) }
    }
    var touched = [Set<Int>](repeating: [], count: collided.count)
    for (index, group) in groups.enumerated() where !touching.isEmpty {
      for row in group.rows {
        for collision in touching[row] ?? [] { touched[collision].insert(index) }
      }
    }
    for (index, rows) in collided.enumerated() {
      let all = touched[index].flatMap { groups[$0].rows }
      for group in touched[index] { groups[group].isClosed = true }
      blame(all)
      report(
        .serialCollision, fen: fen(rows[0]), owedTo: .unknown, basis: .serial, subject: rows[0],
        rows: all)
    }
    for group in groups {
      for row in group.rows where kind(row) == .failedPayment {
        if judgement.buckets[Int(row)] == .matched { exclude(row, .failedPayment) }
      }
    }
  }

  /// Judges what one group says by itself.
  mutating func judgeGroup(_ index: Int) {
    let group = groups[index]
    guard !group.isClosed, let first = group.rows.first else { return }
    if group.rows.count == 1, keyless.contains(first), !weaklyJoined.contains(first) {
      // It may still have taken back what is left over in the end.
      unfound.append(Leftover(row: first, group: index))
      return
    }
    if group.rows.count > Judge.largestGroup {
      groups[index].isClosed = true
      blame(group.rows)
      report(
        .unexplained, fen: fen(first), owedTo: .unknown,
        basis: basis(of: first, among: group.rows), subject: first, rows: group.rows)
      return
    }
    let isExplained = group.refunds.contains { explained.contains($0) }
    if group.payments.isEmpty, !isExplained, let refund = group.refunds.first {
      groups[index].isClosed = true
      accuse(
        index, .orphanRefund, fen: fen(refund), owedTo: .unknown, subject: refund,
        wrong: group.refunds + group.credits + group.reversals)
      return
    }
    attach(group.refunds, in: group)
    attach(group.reversals, in: group)
    accuseStrangersReversals(index)
    tellExcess(index)
    let answered = judgeStrays(index)
    pairUp(index, leaving: answered)
  }

  // MARK: - Refunds and reversals

  /// Gives refunds to payments, or reversals to credits. Rows that name what they reverse go
  /// first, so that none that names nothing takes its place.
  private mutating func attach(_ rows: [Int32], in group: GroupCase) {
    var unnamed: [Int32] = []
    for row in rows {
      if let target = named(by: row, in: group) {
        attach(row, to: target)
      } else {
        unnamed.append(row)
      }
    }
    for row in unnamed {
      if let target = likely(for: row, in: group) { attach(row, to: target) }
    }
    for target in group.payments + group.credits {
      attached[target]?.sort { table.precedes($0, $1) }
    }
    spread(kind(rows.first ?? 0) == .refund ? group.payments : group.credits)
  }

  /// What exceeds one payment or credit was given or taken back of the others of its person, in their order.
  private mutating func spread(_ targets: [Int32]) {
    for target in targets {
      var excess = (returned[target] ?? 0) - fen(target)
      for other in targets where excess > 0 && other != target && !differ(other, target) {
        let room = min(excess, fen(other) - (returned[other] ?? 0))
        guard room > 0 else { continue }
        returned[other, default: 0] += room
        returned[target, default: 0] -= room
        excess -= room
      }
    }
  }

  private mutating func attach(_ row: Int32, to target: Int32) {
    attached[target, default: []].append(row)
    let (sum, overflow) = returned[target, default: 0].addingReportingOverflow(fen(row))
    returned[target] = overflow ? .max : sum
  }

  /// The payment or credit a refund or reversal names.
  private func named(by row: Int32, in group: GroupCase) -> Int32? {
    let original = table.original[row] ?? 0
    if kind(row) == .reversal {
      return original == 0 ? nil : group.credits.first { table.own[Int($0)] == original }
    }
    let serial = table.serial[Int(row)]
    let named = group.payments.filter { payment in
      let own = table.serial[Int(payment)]
      return own != 0 && channel(payment) == channel(row) && (own == serial || own == original)
        && !assembly.isBatchSerial(table, payment)
    }
    return named.first { isActive($0) } ?? named.first
  }

  /// The payment or credit a refund or reversal that names none belongs to.
  private func likely(for row: Int32, in group: GroupCase) -> Int32? {
    let isRefund = kind(row) == .refund
    let all = isRefund ? group.payments : group.credits
    let agreed = all.filter { !differ($0, row) }
    let candidates = agreed.isEmpty ? all : agreed
    let equal = candidates.filter { fen($0) == fen(row) && returned[$0] ?? 0 == 0 }
    let latestBefore = isRefund ? nil : equal.last { time($0) <= time(row) }
    return latestBefore ?? equal.first ?? candidates.first { isActive($0) } ?? candidates.first
  }

  /// Reversals that were charged to another person than their credit was given to.
  private mutating func accuseStrangersReversals(_ index: Int) {
    for credit in groups[index].credits {
      for reversal in returns(credit) where differ(reversal, credit) {
        accuse(
          index, .wrongAccount, fen: fen(reversal), owedTo: .student, subject: reversal,
          wrong: [reversal, credit],
          shares: [
            Party(row: reversal, fen: fen(reversal)), Party(row: credit, fen: -fen(reversal)),
          ])
      }
    }
  }

  /// More was given back than taken, or taken back than given.
  private mutating func tellExcess(_ index: Int) {
    let group = groups[index]
    func excess(_ row: Int32) -> Int64 { max(0, (returned[row] ?? 0) - fen(row)) }
    func total(_ rows: [Int32]) -> Int64 {
      Int64(clamping: rows.reduce(Int128(0)) { $0 + Int128(excess($1)) })
    }
    func last(_ rows: [Int32]) -> Int32? {
      rows.flatMap { returns($0) }.max { table.precedes($0, $1) }
    }
    let overRefunded = group.payments.filter { excess($0) > 0 }
    let overReversed = group.credits.filter { excess($0) > 0 }
    if overRefunded.isEmpty, overReversed.isEmpty { return }
    let (refundExcess, reversalExcess) = (total(overRefunded), total(overReversed))
    if let subject = last(overRefunded) {
      accuse(
        index, .refundExceedsPayment, fen: refundExcess, owedTo: .school, subject: subject,
        wrong: overRefunded + overRefunded.flatMap { returns($0) },
        shares: [Party(row: overRefunded[0], fen: -refundExcess)])
    }
    if let subject = last(overReversed) {
      accuse(
        index, .refundAmountMismatch, fen: reversalExcess, owedTo: .student, subject: subject,
        wrong: overReversed + overReversed.flatMap { returns($0) },
        shares: [Party(row: overReversed[0], fen: reversalExcess)])
    }
  }

  /// Reversals of a group without credits; returns the payments they answer.
  private mutating func judgeStrays(_ index: Int) -> [Int32] {
    let group = groups[index]
    guard group.credits.isEmpty else { return [] }
    var unexplaining = group.refunds
    var free = group.payments.filter { isActive($0) }
    var answered: [Int32] = []
    for reversal in group.reversals {
      if let refund = unexplaining.firstIndex(where: { fen($0) == fen(reversal) }) {
        unexplaining.remove(at: refund)
        continue
      }
      let payment = takeFirst(&free) { fen($0) == fen(reversal) }
      if let payment { answered.append(payment) }
      reversalNotRefunded(
        index, fen: fen(reversal), reversal: reversal, payment: payment,
        wrong: [reversal] + (payment.map { [$0] + returns($0) } ?? []))
    }
    return answered
  }

  /// Takes the first element that fits, else the first, else nil.
  func takeFirst(_ rows: inout [Int32], _ fits: (Int32) -> Bool) -> Int32? {
    guard !rows.isEmpty else { return nil }
    return rows.remove(at: rows.firstIndex(where: fits) ?? 0)
  }

  // MARK: - Missing on the other side

  /// A refund the ledger did not take off the card, or has yet to.
  mutating func refundNotReversed(
    _ index: Int, fen amount: Int64, payment: Int32, credit: Int32
  ) {
    let refunds = returns(payment)
    guard let subject = refunds.last else { return }
    accuse(
      index, .refundNotReversed, fen: amount, owedTo: .school, subject: subject,
      wrong: [payment, credit] + refunds,
      shares: [Party(row: credit, fen: -amount)])
  }

  /// A reversal the channel did not refund, or has yet to.
  mutating func reversalNotRefunded(
    _ index: Int, fen amount: Int64, reversal: Int32, payment: Int32?, basis: Basis? = nil,
    with other: Int? = nil, wrong: [Int32]
  ) {
    accuse(
      index, .reversalNotRefunded, fen: amount, owedTo: .student, basis: basis,
      subject: reversal, with: other, wrong: wrong,
      shares: [Party(row: payment ?? reversal, fen: amount)])
  }
}

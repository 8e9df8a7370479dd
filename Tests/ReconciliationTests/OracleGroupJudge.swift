import Payments

/// Section 3 and the first half of 5 of `Judging.md`: what one group says by itself.
extension Oracle {
  mutating func judgeGroup(_ index: Int) {
    let group = groups[index]
    guard !group.isClosed, let first = group.rows.first else { return }
    if group.rows.count > 1_000 {
      groups[index].isClosed = true
      say(
        .unexplained, entries[first].fen, owedTo: .unknown,
        basis: basis(of: first, among: group.rows),
        subject: first, rows: group.rows, about: [index], blamed: group.rows)
      return
    }
    // "A keyless one that (e) joined to nothing: last of all."
    if lone.contains(first) { return }
    // "Not so where (e) joined refund and reversal: they explain each other."
    let isExplained = group.refunds.contains(where: explained.contains)
    if group.payments.isEmpty, !isExplained, !group.refunds.isEmpty {
      orphanRefund(index)
      return
    }
    attach(group.refunds, in: group)
    attach(group.reversals, in: group)
    tellExcess(index, .refundExceedsPayment, of: groups[index].payments, owedTo: .school)
    tellWrongReversals(index)
    tellExcess(index, .refundAmountMismatch, of: groups[index].credits, owedTo: .student)
    let answered = judgeStrays(index)
    pairUp(index, leaving: answered)
  }

  /// "Refunds of a group without any payment"; "nothing else is said of such a group".
  mutating func orphanRefund(_ index: Int) {
    let group = groups[index]
    guard let refund = group.refunds.first else { return }
    groups[index].isClosed = true
    accuse(
      index, .orphanRefund, entries[refund].fen, owedTo: .unknown, subject: refund,
      blamed: group.payments + group.refunds + group.credits + group.reversals,
      unless: unmet(ownPayments(refund), comparingAmounts: false)
        ?? lists(ofKeyless: index, for: refund))
  }

  // MARK: Refunds and reversals

  /// Rows that name what they reverse go first, so that none that names nothing takes its place.
  private mutating func attach(_ rows: [Int], in group: OracleGroup) {
    for row in rows { attach(row, to: named(by: row, in: group)) }
    for row in rows where attachedTo[row] == nil { attach(row, to: likely(for: row, in: group)) }
    let isRefund = rows.first.map { entries[$0].kind == .refund } ?? false
    spread(isRefund ? group.payments : group.credits)
  }

  /// "What exceeds one of them counts for the others of its person."
  private mutating func spread(_ targets: [Int]) {
    for target in targets {
      for other in targets where other != target && !differ(other, target) {
        let excess = max(0, returned[target] - entries[target].fen)
        let room = max(0, entries[other].fen - returned[other])
        let moved = min(excess, room)
        returned[other] += moved
        returned[target] -= moved
      }
    }
  }

  private mutating func attach(_ row: Int, to target: Int?) {
    guard let target else { return }
    attachedTo[row] = target
    returned[target] += entries[row].fen
  }

  /// The payment or credit a refund or reversal names.
  private func named(by row: Int, in group: OracleGroup) -> Int? {
    let entry = entries[row]
    if entry.kind == .reversal {
      return group.credits.first { entry.original != 0 && entries[$0].own == entry.original }
    }
    let named = group.payments.filter {
      let payment = entries[$0]
      return payment.serial != 0 && payment.channel == entry.channel
        && (payment.serial == entry.serial || payment.serial == entry.original)
        && !bearsReference($0)
    }
    return named.first(where: isActive) ?? named.first
  }

  /// The payment or credit a refund or reversal that names none belongs to.
  private func likely(for row: Int, in group: OracleGroup) -> Int? {
    let entry = entries[row]
    let all = entry.kind == .refund ? group.payments : group.credits
    // "Among those it does not differ from (among all where there is none)."
    let own = all.filter { !differ(row, $0) }
    let candidates = own.isEmpty ? all : own
    let equal = candidates.filter { entries[$0].fen == entry.fen && returned[$0] == 0 }
    let latestBefore =
      entry.kind == .reversal ? equal.last { entries[$0].time <= entry.time } : nil
    return latestBefore ?? equal.first ?? candidates.first(where: isActive) ?? candidates.first
  }

  private func excess(_ row: Int) -> Int64 { max(0, returned[row] - entries[row].fen) }

  /// "More was given back than paid; more was taken back than credited."
  private mutating func tellExcess(
    _ index: Int, _ kind: AnomalyKind, of rows: [Int], owedTo: OwedTo
  ) {
    let exceeded = rows.filter { excess($0) > 0 }
    guard let last = canonical(exceeded.flatMap(attached)).last, let first = exceeded.first else {
      return
    }
    let amount = exceeded.map(excess).reduce(0, +)
    accuse(
      index, kind, amount, owedTo: owedTo, subject: last,
      blamed: exceeded + exceeded.flatMap(attached), unless: want(of: last, in: index),
      shares: [Finding.Share(row: first, fen: owedTo == .school ? -amount : amount)])
  }

  /// "A reversal that differs from its credit is charged to the wrong person."
  private mutating func tellWrongReversals(_ index: Int) {
    for reversal in groups[index].reversals {
      guard let credit = attachedTo[reversal], differ(reversal, credit) else { continue }
      let fen = entries[reversal].fen
      accuse(
        index, .wrongAccount, fen, owedTo: .student, subject: reversal,
        blamed: [reversal, credit],
        unless: want(ofWrongAccount: reversal, in: index),
        shares: [
          Finding.Share(row: reversal, fen: fen), Finding.Share(row: credit, fen: -fen),
        ])
    }
  }

  /// Reversals of a group without credits; returns the payments they answer.
  private mutating func judgeStrays(_ index: Int) -> [Int] {
    let group = groups[index]
    guard group.credits.isEmpty else { return [] }
    var explaining: [Int] = []
    var answered: [Int] = []
    for reversal in group.reversals {
      let fen = entries[reversal].fen
      let refund = group.refunds.first { entries[$0].fen == fen && !explaining.contains($0) }
      if let refund {
        explaining.append(refund)
        continue
      }
      let free = group.payments.filter { isActive($0) && !answered.contains($0) }
      let payment = free.first { entries[$0].fen == fen } ?? free.first
      if let payment { answered.append(payment) }
      reversalNotRefunded(
        index, fen, reversal: reversal, owed: payment ?? reversal,
        blamed: [reversal] + (payment.map { [$0] + attached(to: $0) } ?? []))
    }
    return answered
  }

  // MARK: Refund and reversal missing on the other side

  /// `refund-not-reversed`, or waiting while it is not decidable.
  ///
  /// - Parameter owed: the credit that still has the money.
  mutating func refundNotReversed(
    _ index: Int, _ amount: Int64, refunds: [Int], owed: Int, basis: Basis? = nil, blamed: [Int]
  ) {
    guard let subject = refunds.last else { return }
    accuse(
      index, .refundNotReversed, amount, owedTo: .school, basis: basis, subject: subject,
      blamed: blamed, unless: want(of: subject, in: index), waiting: refunds,
      shares: [Finding.Share(row: owed, fen: -amount)])
  }

  /// `reversal-not-refunded`, or waiting while it is not decidable.
  ///
  /// - Parameter owed: the payment that was not given back, else the reversal.
  mutating func reversalNotRefunded(
    _ index: Int, _ amount: Int64, reversal: Int, owed: Int, basis: Basis? = nil, blamed: [Int]
  ) {
    accuse(
      index, .reversalNotRefunded, amount, owedTo: .student, basis: basis, subject: reversal,
      blamed: blamed, unless: want(of: reversal, in: index),
      waiting: blamed.filter { entries[$0].kind == .reversal },
      shares: [Finding.Share(row: owed, fen: amount)])
  }
}

import Payments

/// Section 3 and the first half of 5 of `Judging.md`: what one group says by itself.
extension Oracle {
  mutating func judgeGroup(_ index: Int) {
    let group = groups[index]
    guard !group.isClosed, let first = group.rows.first else { return }
    if group.rows.count > 1_000 {
      groups[index].isClosed = true
      say(
        .unexplained, entries[first].fen, owedTo: .unknown, basis: basis(of: first),
        subject: first, rows: group.rows, about: [index], blamed: group.rows)
      return
    }
    if group.payments.isEmpty, let refund = group.refunds.first {
      groups[index].isClosed = true
      accuse(
        index, .orphanRefund, entries[refund].fen, owedTo: .unknown, subject: refund,
        blamed: group.payments + group.refunds + group.credits + group.reversals,
        unless: unmet(ownPayments(refund), comparingAmounts: false))
      return
    }
    attach(group.refunds, in: group)
    attach(group.reversals, in: group)
    tellExcess(index)
    let answered = judgeStrays(index)
    pairUp(index, leaving: answered)
  }

  // MARK: Refunds and reversals

  /// Rows that name what they reverse go first, so that none that names nothing takes its place.
  private mutating func attach(_ rows: [Int], in group: OracleGroup) {
    for row in rows { attach(row, to: named(by: row, in: group)) }
    for row in rows where attachedTo[row] == nil { attach(row, to: likely(for: row, in: group)) }
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
    }
    return named.first(where: isActive) ?? named.first
  }

  /// The payment or credit a refund or reversal that names none belongs to.
  private func likely(for row: Int, in group: OracleGroup) -> Int? {
    let entry = entries[row]
    let candidates = entry.kind == .refund ? group.payments : group.credits
    let equal = candidates.filter { entries[$0].fen == entry.fen && returned[$0] == 0 }
    let latestBefore =
      entry.kind == .reversal ? equal.last { entries[$0].time <= entry.time } : nil
    return latestBefore ?? equal.first ?? candidates.first(where: isActive) ?? candidates.first
  }

  private mutating func tellExcess(_ index: Int) {
    let group = groups[index]
    func excess(_ row: Int) -> Int64 { max(0, returned[row] - entries[row].fen) }
    let overRefunded = group.payments.filter { excess($0) > 0 }
    if let last = canonical(overRefunded.flatMap(attached)).last {
      accuse(
        index, .refundExceedsPayment, overRefunded.map(excess).reduce(0, +), owedTo: .school,
        subject: last, blamed: overRefunded + overRefunded.flatMap(attached),
        unless: want(ofGroup: index))
    }
    let overReversed = group.credits.filter { excess($0) > 0 }
    if let last = canonical(overReversed.flatMap(attached)).last {
      accuse(
        index, .refundAmountMismatch, overReversed.map(excess).reduce(0, +), owedTo: .student,
        subject: last, blamed: overReversed + overReversed.flatMap(attached),
        unless: want(ofGroup: index))
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
        index, fen, reversal: reversal,
        blamed: [reversal] + (payment.map { [$0] + attached(to: $0) } ?? []))
    }
    return answered
  }

  // MARK: Refund and reversal missing on the other side

  /// `refund-not-reversed`, or waiting while it is not decidable.
  mutating func refundNotReversed(
    _ index: Int, _ amount: Int64, payment: Int, credit: Int, basis: Basis? = nil
  ) {
    let refunds = attached(to: payment)
    guard let subject = refunds.last else { return }
    accuse(
      index, .refundNotReversed, amount, owedTo: .school, basis: basis, subject: subject,
      blamed: [payment, credit] + refunds + attached(to: credit), unless: want(ofGroup: index),
      waiting: refunds)
  }

  /// `reversal-not-refunded`, or waiting while it is not decidable.
  mutating func reversalNotRefunded(
    _ index: Int, _ amount: Int64, reversal: Int, basis: Basis? = nil, blamed: [Int]
  ) {
    accuse(
      index, .reversalNotRefunded, amount, owedTo: .student, basis: basis, subject: reversal,
      blamed: blamed, unless: want(ofGroup: index),
      waiting: blamed.filter { entries[$0].kind == .reversal })
  }

  // MARK: Left over in the group

  /// Steps 1 to 3 of section 5, for the payments and credits no pair took.
  mutating func judgeLeftovers(_ index: Int, payments: [Int], credits: [Int]) {
    let group = groups[index]
    var refunded = group.payments.filter { !isActive($0) && !attached(to: $0).isEmpty }
    var reversed = group.credits.filter { !isActive($0) && !attached(to: $0).isEmpty }
    // Each fully reversed credit answers one fully refunded payment, equal amounts first.
    for row in reversed {
      let answer = firstEqual(row, among: refunded)
      guard let answer else { break }
      refunded.removeAll { $0 == answer }
      reversed.removeAll { $0 == row }
    }
    for credit in credits {
      guard let payment = firstEqual(credit, among: refunded) else {
        leftovers.append(credit)
        continue
      }
      refunded.removeAll { $0 == payment }
      refundNotReversed(index, open(credit), payment: payment, credit: credit)
    }
    for payment in payments {
      guard let credit = firstEqual(payment, among: reversed),
        let reversal = attached(to: credit).last
      else {
        leftovers.append(payment)
        continue
      }
      reversed.removeAll { $0 == credit }
      reversalNotRefunded(
        index, open(payment), reversal: reversal,
        blamed: [payment, credit] + attached(to: payment) + attached(to: credit))
    }
  }

  private func firstEqual(_ row: Int, among others: [Int]) -> Int? {
    others.first { entries[$0].fen == entries[row].fen } ?? others.first
  }
}

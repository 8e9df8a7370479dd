import Payments

extension Judge {
  /// Pairs what is left of payments and credits, judges each pair, and hands on the rest.
  mutating func judgeMoney(_ group: inout GroupCase) {
    let activePayments = group.payments.indices.filter {
      group.refunded[$0] < fen(group.payments[$0])
    }
    let activeCredits = group.credits.indices.filter {
      group.reversed[$0] < fen(group.credits[$0])
    }
    let found = pairUp(group, activePayments, activeCredits)
    let groupPairs = found.map { payment, credit in
      let (p, c) = (group.payments[payment], group.credits[credit])
      return Pair(
        payment: p, credit: c, group: group.rows[0], basis: basis(p, c),
        isComplete: fen(p) == fen(c) && group.refunded[payment] == 0
          && group.reversed[credit] == 0)
    }
    var explained: [Int32: Int64] = [:]
    if isBalanced(group, activePayments, activeCredits) {
      pairs.append(contentsOf: groupPairs)
    } else {
      for (index, (payment, credit)) in found.enumerated() {
        let isSettled = judgePair(&group, payment, credit, &explained)
        var pair = groupPairs[index]
        pair.isComplete = pair.isComplete && isSettled
        pairs.append(pair)
      }
      judgeRest(
        &group, payments: activePayments.filter { index in !found.contains { $0.0 == index } },
        credits: activeCredits.filter { index in !found.contains { $0.1 == index } },
        rival: groupPairs.first)
    }
    judgeStrays(&group)
    judgeNotices(&group, groupPairs, explained)
  }

  /// Whether everything that went wrong in the group was put right inside it.
  private mutating func isBalanced(
    _ group: GroupCase, _ payments: [Int], _ credits: [Int]
  ) -> Bool {
    guard !group.payments.isEmpty, group.strays.isEmpty else { return false }
    let paid = payments.reduce(Int128(0)) {
      $0 + Int128(fen(group.payments[$1]) - group.refunded[$1])
    }
    let credited = credits.reduce(Int128(0)) {
      $0 + Int128(fen(group.credits[$1]) - group.reversed[$1])
    }
    guard paid == credited else { return false }
    return credits.allSatisfy { credit in
      group.payments.contains { agree($0, group.credits[credit]) }
    }
  }

  /// Pairs active payments with active credits: by quoted serial, then equal amounts, then time.
  private func pairUp(
    _ group: GroupCase, _ payments: [Int], _ credits: [Int]
  ) -> [(Int, Int)] {
    var (freePayments, freeCredits) = (payments, credits)
    var result: [(Int, Int)] = []
    func take(_ payment: Int, _ credit: Int) {
      result.append((payment, credit))
      freePayments.removeAll { $0 == payment }
      freeCredits.removeAll { $0 == credit }
    }
    for credit in credits {
      let row = Int(group.credits[credit])
      guard table.serial[row] != 0,
        let payment = freePayments.first(where: {
          let payment = Int(group.payments[$0])
          return table.serial[payment] == table.serial[row]
            && table.channel[payment].fits(table.channel[row])
        })
      else { continue }
      take(payment, credit)
    }
    for wantsEqual in [true, false] {
      var candidates: [(distance: Int64, payment: Int, credit: Int)] = []
      for payment in freePayments {
        for credit in freeCredits {
          let (p, c) = (group.payments[payment], group.credits[credit])
          let (paid, credited) = (fen(p), fen(c))
          let isEqual =
            paid == credited
            || paid - group.refunded[payment] == credited - group.reversed[credit]
          guard isEqual || !wantsEqual else { continue }
          candidates.append((abs(time(p) - time(c)), payment, credit))
        }
      }
      candidates.sort {
        ($0.distance, $0.payment, $0.credit) < ($1.distance, $1.payment, $1.credit)
      }
      for candidate in candidates
      where freePayments.contains(candidate.payment) && freeCredits.contains(candidate.credit) {
        take(candidate.payment, candidate.credit)
      }
    }
    return result
  }

  /// Judges one pair; true when the two amounts and persons agree.
  private mutating func judgePair(
    _ group: inout GroupCase, _ payment: Int, _ credit: Int, _ explained: inout [Int32: Int64]
  ) -> Bool {
    let (p, c) = (group.payments[payment], group.credits[credit])
    let rows = [p, c] + group.refundsOf[payment] + group.reversalsOf[credit]
    let (paid, credited) = (fen(p), fen(c))
    let (refunded, reversed) = (group.refunded[payment], group.reversed[credit])
    guard agree(p, c) else {
      accuse(&group, .wrongAccount, fen: paid, owedTo: .student, subject: c, wrong: rows)
      return false
    }
    if paid - refunded == credited - reversed { return true }
    if paid != credited {
      let explanation = explain(payment: p, credit: c)
      if explanation.isBenign { explained[p] = credited }
      let owedTo: OwedTo =
        explanation.isBenign ? .none : (paid > credited ? .student : .school)
      accuse(
        &group, .amountMismatch, fen: Money.difference(paid, credited), owedTo: owedTo,
        explanation: explanation, subject: p, wrong: rows)
    }
    if refunded != reversed {
      judgeReturns(
        &group, refunded: refunded, reversed: reversed, refunds: group.refundsOf[payment],
        reversals: group.reversalsOf[credit], wrong: rows)
    }
    return false
  }

  /// What was given back at the channel against what was taken back from the card.
  private mutating func judgeReturns(
    _ group: inout GroupCase, refunded: Int64, reversed: Int64, refunds: [Int32],
    reversals: [Int32], wrong: [Int32]
  ) {
    if reversed == 0, let refund = refunds.last {
      refundNotReversed(&group, refund, fen: refunded, wrong: wrong, waiting: refunds)
    } else if refunded == 0, let reversal = reversals.last {
      reversalNotRefunded(&group, reversal, fen: reversed, wrong: wrong, waiting: reversals)
    } else if let refund = refunds.last {
      accuse(
        &group, .refundAmountMismatch, fen: Money.difference(refunded, reversed),
        owedTo: refunded > reversed ? .school : .student, subject: refund, wrong: wrong)
    }
  }

  private mutating func refundNotReversed(
    _ group: inout GroupCase, _ refund: Int32, fen: Int64, wrong: [Int32], waiting: [Int32]
  ) {
    let (from, to) = (
      time(refund) - rules.refundWindowSeconds, time(refund) + rules.refundWindowSeconds
    )
    if coverage.ledgerCovers(from: from, to: to) {
      accuse(&group, .refundNotReversed, fen: fen, owedTo: .school, subject: refund, wrong: wrong)
      return
    }
    for row in waiting { wait(row, until: to, forLedger: true) }
    group.isWaiting = true
  }

  private mutating func reversalNotRefunded(
    _ group: inout GroupCase, _ reversal: Int32, fen: Int64, wrong: [Int32], waiting: [Int32]
  ) {
    let (from, to) = (
      time(reversal) - rules.refundWindowSeconds, time(reversal) + rules.refundWindowSeconds
    )
    let source = group.payments.first.map(channel) ?? channel(reversal)
    if coverage.channelCovers(source, from: from, to: to) {
      accuse(
        &group, .reversalNotRefunded, fen: fen, owedTo: .student, subject: reversal, wrong: wrong)
      return
    }
    for row in waiting { wait(row, until: to, forLedger: false) }
    group.isWaiting = true
  }

  /// Payments and credits that no pair took: refunds without reversal, reversals without refund,
  /// and leftovers.
  private mutating func judgeRest(
    _ group: inout GroupCase, payments: [Int], credits: [Int], rival: Pair?
  ) {
    let emptyPayments = group.payments.indices.filter {
      group.refunded[$0] >= fen(group.payments[$0])
    }
    let emptyCredits = group.credits.indices.filter {
      group.reversed[$0] >= fen(group.credits[$0])
    }
    var unansweredRefunds = unanswered(
      emptyPayments, fen: { self.fen(group.payments[$0]) }, by: emptyCredits,
      fen: { self.fen(group.credits[$0]) })
    var unansweredReversals = unanswered(
      emptyCredits, fen: { self.fen(group.credits[$0]) }, by: emptyPayments,
      fen: { self.fen(group.payments[$0]) })
    for credit in credits {
      let row = group.credits[credit]
      let amount = fen(row) - group.reversed[credit]
      if let payment = takeFirst(&unansweredRefunds, { fen(group.payments[$0]) == fen(row) }),
        let refund = group.refundsOf[payment].last
      {
        let refunds = group.refundsOf[payment]
        refundNotReversed(
          &group, refund, fen: amount, wrong: [row, group.payments[payment]] + refunds,
          waiting: refunds)
      } else {
        leave(&group, row, fen: amount, isWhole: group.reversed[credit] == 0, rival: rival)
      }
    }
    var strays = group.strays
    for payment in payments {
      let row = group.payments[payment]
      let amount = fen(row) - group.refunded[payment]
      if let credit = takeFirst(&unansweredReversals, { fen(group.credits[$0]) == fen(row) }),
        let reversal = group.reversalsOf[credit].last
      {
        let reversals = group.reversalsOf[credit]
        reversalNotRefunded(
          &group, reversal, fen: amount, wrong: [row, group.credits[credit]] + reversals,
          waiting: reversals)
      } else if takeFirst(&strays, { fen($0) == fen(row) }) == nil {
        leave(&group, row, fen: amount, isWhole: group.refunded[payment] == 0, rival: rival)
      }
    }
  }

  /// The elements of `rows` that no element of `answers` pairs off, equal amounts first.
  private func unanswered(
    _ rows: [Int], fen: (Int) -> Int64, by answers: [Int], fen answerFen: (Int) -> Int64
  ) -> [Int] {
    var rows = rows
    for answer in answers where !rows.isEmpty {
      rows.remove(at: rows.firstIndex { fen($0) == answerFen(answer) } ?? 0)
    }
    return rows
  }

  /// Takes the first element that fits, else the first, else nil.
  private func takeFirst<Element>(
    _ elements: inout [Element], _ fits: (Element) -> Bool
  ) -> Element? {
    guard !elements.isEmpty else { return nil }
    return elements.remove(at: elements.firstIndex(where: fits) ?? 0)
  }

  private mutating func leave(
    _ group: inout GroupCase, _ row: Int32, fen: Int64, isWhole: Bool, rival: Pair?
  ) {
    if group.isHeld {
      wait(row, until: time(row), forLedger: kind(row) == .payment)
      group.isWaiting = true
      return
    }
    let leftover = Leftover(
      row: row, group: group.index, fen: fen, isWhole: isWhole, rival: rival)
    if kind(row) == .payment {
      leftoverPayments.append(leftover)
    } else {
      leftoverCredits.append(leftover)
    }
    // Whatever becomes of it later, the group is not clean.
    group.isAccused = true
    group.hasLoss = group.hasLoss || kind(row) == .payment
  }

  private mutating func judgeStrays(_ group: inout GroupCase) {
    for reversal in group.strays {
      reversalNotRefunded(
        &group, reversal, fen: fen(reversal), wrong: [reversal], waiting: [reversal])
    }
  }

  /// Why a payment and its credit differ.
  private func explain(payment: Int32, credit: Int32) -> Explanation {
    let (paid, credited) = (fen(payment), fen(credit))
    let difference = Money.difference(paid, credited)
    if let coupon = table.couponFen[payment], coupon == difference { return .coupon }
    if channel(payment).isBank, paid > credited, rules.bankFeesFen.contains(difference) {
      return .fee
    }
    if paid > credited, difference > 1, rules.surchargePerHundredThousand > 0 {
      let expected = Int128(credited) * Int128(rules.surchargePerHundredThousand)
      if (Int128(difference) * 100_000 - expected).magnitude <= 100_000 { return .surcharge }
    }
    if difference == 1 { return .rounding }
    let (wide, narrow) = (Int128(max(paid, credited)), Int128(min(paid, credited)))
    return narrow > 0 && wide == narrow * 100 ? .unit : .none
  }
}

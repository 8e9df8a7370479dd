import Payments

/// Section 4 of `Judging.md`: payments and credits of one group, two by two.
extension Oracle {
  mutating func pairUp(_ index: Int, leaving answered: [Int]) {
    let group = groups[index]
    var payments = group.payments.filter { isActive($0) && !answered.contains($0) }
    var credits = group.credits.filter(isActive)
    let isBalanced = isBalanced(group, payments: payments, credits: credits)

    for stage in PairingStage.allCases {
      while let (payment, credit) = nearest(payments, credits, at: stage) {
        payments.removeAll { $0 == payment }
        credits.removeAll { $0 == credit }
        judgePair(index, payment, credit, isBalanced: isBalanced)
      }
    }
    guard !isBalanced else { return }
    judgeLeftovers(index, payments: payments, credits: credits)
  }

  /// Whether what went wrong was put right.
  private func isBalanced(_ group: OracleGroup, payments: [Int], credits: [Int]) -> Bool {
    let hasStrays = group.credits.isEmpty && !group.reversals.isEmpty
    guard !group.payments.isEmpty, !hasStrays else { return false }
    for credit in credits
    where group.payments.contains(where: { differentPersons($0, credit) }) {
      return false
    }
    return payments.map(open).reduce(0, +) == credits.map(open).reduce(0, +)
  }

  private func fit(_ payment: Int, _ credit: Int, at stage: PairingStage) -> Bool {
    let (p, c) = (entries[payment], entries[credit])
    let isQuoted = c.serial != 0 && c.serial == p.serial && c.channel.fits(p.channel)
    let isEqual = open(payment) == open(credit) || p.fen == c.fen
    return switch stage {
    case .quotedAndEqual: isQuoted && isEqual
    case .quoted: isQuoted
    case .equalAndAgreed: isEqual && !differentPersons(payment, credit)
    case .equal: isEqual
    case .any: true
    }
  }

  /// The two nearest in time; ties go to the canonically first payment, then credit.
  private func nearest(
    _ payments: [Int], _ credits: [Int], at stage: PairingStage
  ) -> (Int, Int)? {
    var best: (Int, Int)?
    for payment in canonical(payments) {
      for credit in canonical(credits) where fit(payment, credit, at: stage) {
        guard let (p, c) = best else {
          best = (payment, credit)
          continue
        }
        if distance(payment, credit) < distance(p, c) { best = (payment, credit) }
      }
    }
    return best
  }

  // MARK: One pair

  private mutating func judgePair(
    _ index: Int, _ payment: Int, _ credit: Int, isBalanced: Bool
  ) {
    let (p, c) = (entries[payment], entries[credit])
    let basis: Basis = p.order != 0 && p.order == c.order ? .order : .serial
    let returned = capped(payment) + capped(credit)
    var pair = OraclePair(
      payment: payment, credit: credit, group: index, basis: basis, isSettled: false)
    let isQuoted = c.serial != 0 && c.serial == p.serial
    if !isQuoted, !c.channel.fits(p.channel),
      let want = want(ofLeftover: credit)
    {
      pairs.append(pair)
      wait(payment, decidedBy: Timestamp(seconds: p.time).day)
      wait(credit, for: want)
      return
    }
    let isWrong = differentPersons(payment, credit)
    let isFair = open(payment) == open(credit)
    pair.isSettled = p.fen == c.fen && returned == 0 && (isBalanced || !isWrong)
    pairs.append(pair)
    guard !isBalanced else { return }
    let blamed = [payment, credit] + attached(to: payment) + attached(to: credit)
    if isWrong {
      accuse(
        index, .wrongAccount, p.fen, owedTo: .student, basis: basis, subject: credit,
        blamed: blamed,
        unless: want(ofGroup: index) ?? transfers(ofGroup: index) ?? lists(for: credit),
        // "The one is owed what he paid and was not given back, the other what he got, with a minus."
        parties: [
          Finding.Share(row: payment, fen: p.fen - capped(payment)),
          Finding.Share(row: credit, fen: capped(credit) - c.fen),
        ])
      return
    }
    if isFair { return }
    if p.fen != c.fen { amountMismatch(index, pair, blamed: blamed) }
    judgeReturns(index, pair, blamed: blamed)
  }

  private mutating func amountMismatch(_ index: Int, _ pair: OraclePair, blamed: [Int]) {
    let (p, c) = (entries[pair.payment], entries[pair.credit])
    let why = explain(pair.payment, pair.credit)
    let owedTo: OwedTo = why.isBenign ? .none : p.fen > c.fen ? .student : .school
    if why.isBenign, !groups[index].isHeld {
      for row in blamed { isTolerated[row] = true }
    }
    accuse(
      index, .amountMismatch, abs(p.fen - c.fen), owedTo: owedTo, explanation: why,
      basis: pair.basis, subject: pair.payment,
      blamed: why.isBenign && !groups[index].isHeld ? [] : blamed, unless: want(ofGroup: index),
      waiting: blamed)
  }

  /// Step 3: r and v of a pair that is not fair.
  private mutating func judgeReturns(_ index: Int, _ pair: OraclePair, blamed: [Int]) {
    let (r, v) = (capped(pair.payment), capped(pair.credit))
    guard r != v else { return }
    let refunds = attached(to: pair.payment)
    let reversals = attached(to: pair.credit)
    if v == 0 {
      refundNotReversed(index, r, payment: pair.payment, credit: pair.credit, basis: pair.basis)
    } else if r == 0, let reversal = reversals.last {
      reversalNotRefunded(
        index, v, reversal: reversal, basis: pair.basis, blamed: blamed)
    } else if let refund = refunds.last {
      accuse(
        index, .refundAmountMismatch, abs(r - v), owedTo: r > v ? .school : .student,
        basis: pair.basis, subject: refund, blamed: blamed, unless: want(ofGroup: index))
    }
  }

  /// "Explanation, first that fits."
  func explain(_ payment: Int, _ credit: Int) -> Explanation {
    let (p, c) = (entries[payment].fen, entries[credit].fen)
    let difference = abs(p - c)
    let rate = rules.surchargePerHundredThousand
    if entries[payment].couponFen != 0, difference == entries[payment].couponFen {
      return .coupon
    }
    if entries[payment].channel.isBank, rules.bankFeesFen.contains(p - c) { return .fee }
    if p > c, rate > 0, difference > 1 {
      let off = Int128(difference) * 100_000 - Int128(c) * Int128(rate)
      if off.magnitude <= 100_000 { return .surcharge }
    }
    if difference == 1 { return .rounding }
    let isUnit = Int128(p) == Int128(c) * 100 || Int128(c) == Int128(p) * 100
    return isUnit ? .unit : .none
  }
}

/// In which order payments and credits find each other; within a stage the nearest come first.
private enum PairingStage: CaseIterable {
  case quotedAndEqual, quoted, equalAndAgreed, equal, any
}

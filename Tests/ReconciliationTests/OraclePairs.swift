import Payments

/// Section 4 of `Judging.md`: payments and credits of one group, two by two.
extension Oracle {
  mutating func pairUp(_ index: Int, leaving answered: [Int]) {
    let group = groups[index]
    var payments = group.payments.filter { isActive($0) && !answered.contains($0) }
    var credits = group.credits.filter(isActive)
    let isBalanced = isBalanced(group, credits: credits)

    if !isBalanced, let payment = payments.first, payments.count == 1,
      arePartsOf(payment, credits)
    {
      judgeParts(OracleDeal(payment: payment, credits: credits), in: index)
      (payments, credits) = ([], [])
    }
    for stage in PairingStage.allCases {
      while let (payment, credit) = nearest(payments, credits, at: stage) {
        payments.removeAll { $0 == payment }
        credits.removeAll { $0 == credit }
        judgePair(index, payment, credit, isBalanced: isBalanced)
      }
    }
    judgeLeftovers(index, payments: payments, credits: credits, isBalanced: isBalanced)
  }

  // MARK: Put right

  /// Whether what went wrong was put right, in the group or for each of its people.
  func isBalanced(_ group: OracleGroup, credits: [Int]) -> Bool {
    let hasStrays = group.credits.isEmpty && !group.reversals.isEmpty
    guard !group.payments.isEmpty, !hasStrays else { return false }
    if isBalanced(group.payments, credits) { return true }
    let parts = people(of: canonical(group.payments + credits))
    return parts.count > 1
      && parts.allSatisfy { part in
        isBalanced(part.filter(group.payments.contains), part.filter(credits.contains))
      }
  }

  private func isBalanced(_ payments: [Int], _ credits: [Int]) -> Bool {
    !payments.contains { payment in credits.contains { differ(payment, $0) } }
      && payments.map(open).reduce(0, +) == credits.map(open).reduce(0, +)
  }

  /// "Joined two by two where they do not differ."
  func people(of rows: [Int]) -> [[Int]] {
    var parts: [[Int]] = []
    for row in rows {
      let mine = parts.filter { $0.contains { !differ($0, row) } }
      parts.removeAll { $0.contains { !differ($0, row) } }
      parts.append(mine.flatMap { $0 } + [row])
    }
    return parts
  }

  // MARK: Two by two

  /// Whether a credit quotes a payment's serial that is no batch's.
  private func quotes(_ credit: Int, _ payment: Int) -> Bool {
    entries[credit].serial != 0 && entries[credit].serial == entries[payment].serial
      && !bearsReference(payment)
  }

  /// "p − r = c − v or p = c."
  private func agreeInAmount(_ payment: Int, _ credit: Int) -> Bool {
    open(payment) == open(credit) || entries[payment].fen == entries[credit].fen
  }

  private func fit(_ payment: Int, _ credit: Int, at stage: PairingStage) -> Bool {
    let (p, c) = (entries[payment], entries[credit])
    let isQuoted = quotes(credit, payment) && c.channel.fits(p.channel)
    let isEqual = agreeInAmount(payment, credit)
    return switch stage {
    case .quotedAndEqual: isQuoted && isEqual
    case .quoted: isQuoted
    case .equalAndAgreed: isEqual && !differ(payment, credit)
    case .samePerson: samePerson(payment, credit)
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
    let deal = OracleDeal(payment: payment, credits: [credit])
    var pair = OraclePair(
      payment: payment, credit: credit, group: index, basis: basis(of: deal), isSettled: false)
    if !quotes(credit, payment), !c.channel.fits(p.channel),
      let want = want(ofLeftover: credit)
    {
      pairs.append(pair)
      wait(payment, decidedBy: Timestamp(seconds: p.time).day)
      wait(credit, for: want)
      return
    }
    let isWrong = differ(payment, credit)
    pair.isSettled =
      p.fen == c.fen && capped(payment) + capped(credit) == 0 && (isBalanced || !isWrong)
    pairs.append(pair)
    guard !isBalanced else { return }
    if isWrong {
      wrongAccount(deal, in: index, amount: p.fen, paid: open(payment))
    } else {
      compare(deal, in: index)
    }
  }

  /// "The two differ": who paid is owed it, who got it has it.
  ///
  /// - Parameter paid: what is left of the payment, or of its part.
  private mutating func wrongAccount(
    _ deal: OracleDeal, in index: Int, amount: Int64, paid: Int64
  ) {
    guard let credit = deal.credits.first else { return }
    accuse(
      index, .wrongAccount, amount, owedTo: .student, basis: basis(of: deal), subject: credit,
      blamed: concerned(deal), unless: want(ofWrongAccount: credit, in: index),
      shares: [
        Finding.Share(row: deal.payment, fen: paid),
        Finding.Share(row: credit, fen: -open(credit)),
      ])
  }

  // MARK: Credits in parts

  /// "Several credits, none of which agrees with it in amount and all of which fit or quote it."
  private func arePartsOf(_ payment: Int, _ credits: [Int]) -> Bool {
    credits.count > 1
      && credits.allSatisfy { credit in
        let isMeant =
          quotes(credit, payment) || entries[credit].channel.fits(entries[payment].channel)
        return isMeant && !agreeInAmount(payment, credit)
      }
  }

  private mutating func judgeParts(_ deal: OracleDeal, in index: Int) {
    parts[deal.payment] = deal.credits
    for credit in deal.credits {
      let part = OracleDeal(payment: deal.payment, credits: [credit])
      pairs.append(
        OraclePair(
          payment: deal.payment, credit: credit, group: index, basis: basis(of: part),
          isSettled: false))
      guard differ(deal.payment, credit) else { continue }
      wrongAccount(part, in: index, amount: entries[credit].fen, paid: open(credit))
    }
    compare(deal, in: index)
  }

  // MARK: What was paid and what was credited

  /// "`order` when both carry the same order, else `serial`"; of parts when all do.
  private func basis(of deal: OracleDeal) -> Basis {
    let order = entries[deal.payment].order
    return order != 0 && deal.credits.allSatisfy { entries[$0].order == order } ? .order : .serial
  }

  /// The payment, its credits, and what is attached to them.
  private func concerned(_ deal: OracleDeal) -> [Int] {
    let rows = [deal.payment] + deal.credits
    return rows + rows.flatMap(attached)
  }

  /// 2 to 4 of a pair; several credits count as one.
  mutating func compare(_ deal: OracleDeal, in index: Int) {
    let p = entries[deal.payment].fen
    let c = deal.credits.map { entries[$0].fen }.reduce(0, +)
    let (r, v) = (capped(deal.payment), deal.credits.map(capped).reduce(0, +))
    if p - r == c - v { return }
    if p != c { amountMismatch(deal, in: index, credited: c) }
    judgeReturns(deal, in: index, r, v)
  }

  private mutating func amountMismatch(_ deal: OracleDeal, in index: Int, credited c: Int64) {
    let p = entries[deal.payment].fen
    let blamed = concerned(deal)
    let why = explain(deal.payment, credited: c)
    let owedTo: OwedTo = why.isBenign ? .none : p > c ? .student : .school
    if why.isBenign, !groups[index].isHeld {
      for row in blamed { isTolerated[row] = true }
    }
    accuse(
      index, .amountMismatch, abs(p - c), owedTo: owedTo, explanation: why,
      basis: basis(of: deal), subject: deal.payment,
      blamed: why.isBenign && !groups[index].isHeld ? [] : blamed,
      unless: want(of: deal.payment, in: index), waiting: blamed,
      shares: [Finding.Share(row: deal.payment, fen: p - c)])
  }

  /// Step 3: r and v of what is not fair.
  private mutating func judgeReturns(
    _ deal: OracleDeal, in index: Int, _ r: Int64, _ v: Int64
  ) {
    guard r != v, let credit = deal.credits.first else { return }
    let (basis, blamed) = (basis(of: deal), concerned(deal))
    let refunds = attached(to: deal.payment)
    let reversals = canonical(deal.credits.flatMap(attached))
    if v == 0 {
      refundNotReversed(index, r, refunds: refunds, owed: credit, basis: basis, blamed: blamed)
    } else if r == 0, let reversal = reversals.last {
      reversalNotRefunded(
        index, v, reversal: reversal, owed: deal.payment, basis: basis, blamed: blamed)
    } else if let refund = refunds.last {
      accuse(
        index, .refundAmountMismatch, abs(r - v), owedTo: r > v ? .school : .student,
        basis: basis, subject: refund, blamed: blamed, unless: want(of: refund, in: index),
        shares: [Finding.Share(row: credit, fen: v - r)])
    }
  }

  /// "Explanation, first that fits."
  func explain(_ payment: Int, credited c: Int64) -> Explanation {
    let p = entries[payment].fen
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
  case quotedAndEqual, quoted, equalAndAgreed, samePerson, equal, any
}

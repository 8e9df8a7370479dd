internal import Columns
import Payments

/// In which order payments and credits of a group find each other; within a stage the nearest in
/// time come first.
private enum PairingStage: CaseIterable {
  case quotedAndEqual, quoted, equalAndAgreed, agreed, equal, any
}

extension Judge {
  /// Pairs what is left of payments and credits, judges each pair, and hands on the rest.
  mutating func pairUp(_ index: Int, leaving answered: [Int32]) {
    let group = groups[index]
    var payments = group.payments.filter { isActive($0) && !answered.contains($0) }
    var credits = group.credits.filter { isActive($0) }
    let isBalanced = isBalanced(group, payments, credits)
    if !isBalanced, payments.count == 1, areParts(credits, of: payments[0]) {
      judgeParts(index, payments[0], credits)
      (payments, credits) = ([], [])
    }
    for stage in PairingStage.allCases {
      for (payment, credit) in candidates(payments, credits, stage) {
        guard payments.contains(payment), credits.contains(credit) else { continue }
        payments.removeAll { $0 == payment }
        credits.removeAll { $0 == credit }
        judgePair(index, payment, credit, isBalanced: isBalanced)
      }
    }
    let alone = returnedAlone(of: group)
    if isBalanced {
      returnedAlone += (alone.refunded + alone.reversed).map { Leftover(row: $0, group: index) }
    } else {
      judgeRest(index, payments: payments, credits: credits, alone)
    }
  }

  /// Fully refunded payments and fully reversed credits; of each two that answer each other none.
  private func returnedAlone(of group: GroupCase) -> (refunded: [Int32], reversed: [Int32]) {
    var refunded = group.payments.filter { !isActive($0) && !returns($0).isEmpty }
    var reversed = group.credits.filter { !isActive($0) && !returns($0).isEmpty }
    for credit in reversed {
      guard takeFirst(&refunded, { fen($0) == fen(credit) }) != nil else { break }
      reversed.removeAll { $0 == credit }
    }
    return (refunded, reversed)
  }

  /// Whether everything that went wrong in the group was put right inside it, for each of its people.
  private func isBalanced(
    _ group: GroupCase, _ payments: [Int32], _ credits: [Int32]
  ) -> Bool {
    let hasStrays = group.credits.isEmpty && !group.reversals.isEmpty
    guard !group.payments.isEmpty, !hasStrays else { return false }
    guard total(payments, open) == total(credits, open) else { return false }
    let isMixed = credits.contains { credit in
      group.payments.contains { differ($0, credit) }
    }
    guard isMixed else { return true }
    let parts = people(group.payments + credits)
    return parts.count > 1
      && parts.allSatisfy { part in
        let (mine, theirs) = (
          part.filter { kind($0) == .payment }, part.filter { kind($0).isCredit }
        )
        // What is fully refunded has nothing open.
        return total(mine, open) == total(theirs, open)
          && !theirs.contains { credit in mine.contains { differ($0, credit) } }
      }
  }

  private func total(_ rows: [Int32], _ fen: (Int32) -> Int64) -> Int128 {
    rows.reduce(Int128(0)) { $0 + Int128(fen($1)) }
  }

  /// Rows joined two by two where they do not differ.
  private func people(_ rows: [Int32]) -> [[Int32]] {
    var rest = rows
    var parts: [[Int32]] = []
    while let first = rest.popLast() {
      var (part, next) = ([first], 0)
      while next < part.count {
        let one = part[next]
        part += rest.filter { !differ(one, $0) }
        rest.removeAll { !differ(one, $0) }
        next += 1
      }
      parts.append(part)
    }
    return parts
  }

  /// Pairs that fit a stage, nearest first; ties are canonical, as the lists are.
  private func candidates(
    _ payments: [Int32], _ credits: [Int32], _ stage: PairingStage
  ) -> [(Int32, Int32)] {
    var found: [(distance: Int64, payment: Int, credit: Int)] = []
    for (first, payment) in payments.enumerated() {
      for (second, credit) in credits.enumerated() where fits(payment, credit, stage) {
        found.append((distance(payment, credit), first, second))
      }
    }
    found.sort { ($0.distance, $0.payment, $0.credit) < ($1.distance, $1.payment, $1.credit) }
    return found.map { (payments[$0.payment], credits[$0.credit]) }
  }

  private func fits(_ payment: Int32, _ credit: Int32, _ stage: PairingStage) -> Bool {
    let isQuoted = quotes(credit, payment) && channel(credit).fits(channel(payment))
    let isEqual = isEqual(payment, credit)
    switch stage {
    case .quotedAndEqual: return isQuoted && isEqual
    case .quoted: return isQuoted
    case .equalAndAgreed: return isEqual && !differ(payment, credit)
    case .agreed: return persons.isSame(payment, credit)
    case .equal: return isEqual
    case .any: return true
    }
  }

  /// Whether a credit quotes the payment's own serial.
  private func quotes(_ credit: Int32, _ payment: Int32) -> Bool {
    let quoted = table.serial[Int(credit)]
    return quoted != 0 && quoted == table.serial[Int(payment)]
      && !assembly.isBatchSerial(table, payment)
  }

  private func isEqual(_ payment: Int32, _ credit: Int32) -> Bool {
    open(payment) == open(credit) || fen(payment) == fen(credit)
  }

  private func basis(of payment: Int32, _ credit: Int32) -> Basis {
    let order = table.order[Int(payment)]
    return order != 0 && order == table.order[Int(credit)] ? .order : .serial
  }

  // MARK: - One pair

  private mutating func judgePair(
    _ index: Int, _ payment: Int32, _ credit: Int32, isBalanced: Bool
  ) {
    let basis = basis(of: payment, credit)
    if !quotes(credit, payment), !channel(credit).fits(channel(payment)),
      let want = want(credit, group: index)
    {
      // The payment this credit names may stand in the statement that is missing.
      pairs.append(
        Pair(payment: payment, credit: credit, group: index, basis: basis, isComplete: false))
      wait(payment, onOwnDay: true)
      wait(credit, for: want)
      return
    }
    let isWrong = differ(payment, credit)
    pairs.append(
      Pair(
        payment: payment, credit: credit, group: index, basis: basis,
        isComplete: fen(payment) == fen(credit) && capped(payment) == 0 && capped(credit) == 0
          && (isBalanced || !isWrong)))
    guard !isBalanced else { return }
    let wrong = [payment, credit] + returns(payment) + returns(credit)
    if isWrong {
      accuse(
        index, .wrongAccount, fen: fen(payment), owedTo: .student, basis: basis,
        subject: credit, wrong: wrong,
        shares: [
          Party(row: payment, fen: open(payment)), Party(row: credit, fen: -open(credit)),
        ])
      return
    }
    judgeAmounts(index, payment, [credit], basis)
  }

  /// A payment against its credit, or against the parts it was credited in, of one person: rules 2 to 4 of a pair.
  private mutating func judgeAmounts(
    _ index: Int, _ payment: Int32, _ credits: [Int32], _ basis: Basis
  ) {
    let (paid, credited) = (Int128(fen(payment)), total(credits, fen))
    if Int128(open(payment)) == total(credits, open) { return }
    let wrong = [payment] + credits + returns(payment) + credits.flatMap { returns($0) }
    if paid != credited {
      let explanation = explain(payment, credited: credited)
      accuse(
        index, .amountMismatch, fen: Int64(clamping: (paid - credited).magnitude),
        owedTo: explanation.isBenign ? .none : (paid > credited ? .student : .school),
        explanation: explanation, basis: basis, subject: payment, wrong: wrong,
        shares: [Party(row: payment, fen: Int64(clamping: paid - credited))])
    }
    judgeReturns(index, payment, credits, basis, wrong: wrong)
  }

  /// What was given back at the channel against what was taken back from the card.
  mutating func judgeReturns(
    _ index: Int, _ payment: Int32, _ credits: [Int32], _ basis: Basis?, wrong: [Int32],
    with other: Int? = nil
  ) {
    let (refunded, reversed) = (Int128(capped(payment)), total(credits, capped))
    let reversals = credits.flatMap { returns($0) }.sorted { table.precedes($0, $1) }
    guard refunded != reversed else { return }
    if reversed == 0, let subject = returns(payment).last {
      let amount = capped(payment)
      accuse(
        index, .refundNotReversed, fen: amount, owedTo: .school, basis: basis, subject: subject,
        with: other, wrong: wrong, shares: [Party(row: credits[0], fen: -amount)])
    } else if refunded == 0, let reversal = reversals.last {
      reversalNotRefunded(
        index, fen: Int64(clamping: reversed), reversal: reversal, payment: payment, basis: basis,
        with: other, wrong: wrong)
    } else if let refund = returns(payment).last {
      let amount = Int64(clamping: (refunded - reversed).magnitude)
      let isOver = refunded > reversed
      accuse(
        index, .refundAmountMismatch, fen: amount, owedTo: isOver ? .school : .student,
        basis: basis, subject: refund, with: other, wrong: wrong,
        shares: [Party(row: credits[0], fen: isOver ? -amount : amount)])
    }
  }

  // MARK: - Credits in parts

  /// Whether credits, none of which is the payment's by its amount, may be it in parts.
  private func areParts(_ credits: [Int32], of payment: Int32) -> Bool {
    credits.count > 1
      && credits.allSatisfy {
        !isEqual(payment, $0)
          && (quotes($0, payment) || channel($0).fits(channel(payment)))
      }
  }

  /// One payment, credited in several parts: whose are another person's went to the wrong one, and all together are
  /// what was paid, or not.
  private mutating func judgeParts(_ index: Int, _ payment: Int32, _ credits: [Int32]) {
    let areOneOrder = credits.allSatisfy { self.basis(of: payment, $0) == .order }
    let common = areOneOrder ? Basis.order : .serial
    let sum = Parts(
      fen: Int64(clamping: total(credits, fen)), open: Int64(clamping: total(credits, open)))
    for credit in credits {
      pairs.append(
        Pair(
          payment: payment, credit: credit, group: index, basis: basis(of: payment, credit),
          isComplete: false, parts: sum))
    }
    for credit in credits where differ(payment, credit) {
      accuse(
        index, .wrongAccount, fen: fen(credit), owedTo: .student,
        basis: basis(of: payment, credit), subject: credit,
        wrong: [payment, credit] + returns(payment) + returns(credit),
        shares: [Party(row: payment, fen: open(credit)), Party(row: credit, fen: -open(credit))])
    }
    judgeAmounts(index, payment, credits, common)
  }

  /// Why a payment and its credit differ: the first explanation that fits.
  func explain(_ payment: Int32, credited total: Int128) -> Explanation {
    let (paid, credited) = (fen(payment), Int64(clamping: total))
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
    let isUnit =
      Int128(paid) == Int128(credited) * 100 || Int128(credited) == Int128(paid) * 100
    return isUnit ? .unit : .none
  }

  // MARK: - The rest of a group

  /// Payments and credits that no pair took: refunds without reversal, reversals without refund,
  /// and leftovers.
  private mutating func judgeRest(
    _ index: Int, payments: [Int32], credits: [Int32],
    _ alone: (refunded: [Int32], reversed: [Int32])
  ) {
    var (refunded, reversed) = alone
    for credit in credits {
      guard let payment = takeFirst(&refunded, { fen($0) == fen(credit) }) else {
        leftovers.append(Leftover(row: credit, group: index))
        continue
      }
      if returned[credit] ?? 0 == 0 {
        refundNotReversed(index, fen: open(credit), payment: payment, credit: credit)
      } else {
        returnsDiffer(index, payment, credit, owedTo: .school, fen: open(credit))
      }
    }
    for payment in payments {
      guard let credit = takeFirst(&reversed, { fen($0) == fen(payment) }) else {
        leftovers.append(Leftover(row: payment, group: index))
        continue
      }
      if returned[payment] ?? 0 == 0 {
        // Unless it was posted again without a key.
        leftovers.append(Leftover(row: payment, group: index, takenBack: credit))
      } else {
        returnsDiffer(index, payment, credit, owedTo: .student, fen: open(payment))
      }
    }
    returnedAlone += (refunded + reversed).map { Leftover(row: $0, group: index) }
  }

  /// One of the two was given or taken back whole, the other in part.
  private mutating func returnsDiffer(
    _ index: Int, _ payment: Int32, _ credit: Int32, owedTo: OwedTo, fen amount: Int64
  ) {
    guard let subject = returns(payment).last else { return }
    accuse(
      index, .refundAmountMismatch, fen: amount, owedTo: owedTo, basis: basis(of: payment, credit),
      subject: subject, wrong: [payment, credit] + returns(payment) + returns(credit),
      shares: [Party(row: credit, fen: owedTo == .school ? -amount : amount)])
  }
}

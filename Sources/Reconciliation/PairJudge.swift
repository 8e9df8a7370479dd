internal import Columns
import Payments

/// In which order payments and credits of a group find each other; within a stage the nearest in
/// time come first.
private enum PairingStage: CaseIterable {
  case quotedAndEqual, quoted, equalAndAgreed, equal, any
}

extension Judge {
  /// Pairs what is left of payments and credits, judges each pair, and hands on the rest.
  mutating func pairUp(_ index: Int, leaving answered: [Int32]) {
    let group = groups[index]
    var payments = group.payments.filter { isActive($0) && !answered.contains($0) }
    var credits = group.credits.filter { isActive($0) }
    let isBalanced = isBalanced(group, payments, credits)
    for stage in PairingStage.allCases {
      for (payment, credit) in candidates(payments, credits, stage) {
        guard payments.contains(payment), credits.contains(credit) else { continue }
        payments.removeAll { $0 == payment }
        credits.removeAll { $0 == credit }
        judgePair(index, payment, credit, isBalanced: isBalanced)
      }
    }
    if !isBalanced { judgeRest(index, payments: payments, credits: credits) }
  }

  /// Whether everything that went wrong in the group was put right inside it.
  private func isBalanced(
    _ group: GroupCase, _ payments: [Int32], _ credits: [Int32]
  ) -> Bool {
    let hasStrays = group.credits.isEmpty && !group.reversals.isEmpty
    guard !group.payments.isEmpty, !hasStrays else { return false }
    let paid = payments.reduce(Int128(0)) { $0 + Int128(open($1)) }
    let credited = credits.reduce(Int128(0)) { $0 + Int128(open($1)) }
    guard paid == credited else { return false }
    for credit in credits {
      for payment in group.payments where differ(payment, credit) { return false }
    }
    return true
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
    let quoted = table.serial[Int(credit)]
    let isQuoted =
      quoted != 0 && quoted == table.serial[Int(payment)]
      && channel(credit).fits(channel(payment))
    let isEqual = open(payment) == open(credit) || fen(payment) == fen(credit)
    switch stage {
    case .quotedAndEqual: return isQuoted && isEqual
    case .quoted: return isQuoted
    case .equalAndAgreed: return isEqual && !differ(payment, credit)
    case .equal: return isEqual
    case .any: return true
    }
  }

  // MARK: - One pair

  private mutating func judgePair(
    _ index: Int, _ payment: Int32, _ credit: Int32, isBalanced: Bool
  ) {
    let order = table.order[Int(payment)]
    let basis: Basis = order != 0 && order == table.order[Int(credit)] ? .order : .serial
    let quoted = table.serial[Int(credit)]
    let isQuoted = quoted != 0 && quoted == table.serial[Int(payment)]
    if !isQuoted, !channel(credit).fits(channel(payment)), let want = want(credit, group: index) {
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
        parties: [
          Party(row: payment, fen: open(payment)), Party(row: credit, fen: -open(credit)),
        ])
      return
    }
    if open(payment) == open(credit) { return }
    if fen(payment) != fen(credit) {
      let explanation = explain(payment, credit)
      let isOverpaid = fen(payment) > fen(credit)
      accuse(
        index, .amountMismatch, fen: Money.difference(fen(payment), fen(credit)),
        owedTo: explanation.isBenign ? .none : (isOverpaid ? .student : .school),
        explanation: explanation, basis: basis, subject: payment, wrong: wrong)
    }
    judgeReturns(index, payment, credit, basis, wrong: wrong)
  }

  /// What was given back at the channel against what was taken back from the card.
  private mutating func judgeReturns(
    _ index: Int, _ payment: Int32, _ credit: Int32, _ basis: Basis, wrong: [Int32]
  ) {
    let (refunded, reversed) = (capped(payment), capped(credit))
    guard refunded != reversed else { return }
    if reversed == 0 {
      refundNotReversed(index, fen: refunded, payment: payment, credit: credit, basis: basis)
    } else if refunded == 0, let reversal = returns(credit).last {
      reversalNotRefunded(
        index, fen: reversed, reversal: reversal, basis: basis, wrong: wrong)
    } else if let refund = returns(payment).last {
      accuse(
        index, .refundAmountMismatch, fen: Money.difference(refunded, reversed),
        owedTo: refunded > reversed ? .school : .student, basis: basis, subject: refund,
        wrong: wrong)
    }
  }

  /// Why a payment and its credit differ: the first explanation that fits.
  func explain(_ payment: Int32, _ credit: Int32) -> Explanation {
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
    let isUnit =
      Int128(paid) == Int128(credited) * 100 || Int128(credited) == Int128(paid) * 100
    return isUnit ? .unit : .none
  }

  // MARK: - The rest of a group

  /// Payments and credits that no pair took: refunds without reversal, reversals without refund,
  /// and leftovers.
  private mutating func judgeRest(_ index: Int, payments: [Int32], credits: [Int32]) {
    let group = groups[index]
    var refunded = group.payments.filter { !isActive($0) && !returns($0).isEmpty }
    var reversed = group.credits.filter { !isActive($0) && !returns($0).isEmpty }
    // Each fully reversed credit answers one fully refunded payment.
    for credit in reversed {
      guard takeFirst(&refunded, { fen($0) == fen(credit) }) != nil else { break }
      reversed.removeAll { $0 == credit }
    }
    for credit in credits {
      if let payment = takeFirst(&refunded, { fen($0) == fen(credit) }) {
        refundNotReversed(index, fen: open(credit), payment: payment, credit: credit)
      } else {
        leftovers.append((credit, index))
      }
    }
    for payment in payments {
      if let credit = takeFirst(&reversed, { fen($0) == fen(payment) }),
        let reversal = returns(credit).last
      {
        reversalNotRefunded(
          index, fen: open(payment), reversal: reversal,
          wrong: [payment, credit] + returns(payment) + returns(credit))
      } else {
        leftovers.append((payment, index))
      }
    }
  }
}

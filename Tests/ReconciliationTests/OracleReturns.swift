import Payments

/// 1 to 3 of section 5 of `Judging.md`, and of section 6 what was given or taken back.
extension Oracle {
  /// Left over in the group, for the payments and credits no pair took.
  ///
  /// - Parameter isBalanced: whether nothing is wrong; then no payment or credit is left over.
  mutating func judgeLeftovers(
    _ index: Int, payments: [Int], credits: [Int], isBalanced: Bool
  ) {
    let group = groups[index]
    var refunded = group.payments.filter { !isActive($0) && !attached(to: $0).isEmpty }
    var reversed = group.credits.filter { !isActive($0) && !attached(to: $0).isEmpty }
    // Each fully reversed credit answers one fully refunded payment, equal amounts first.
    for row in reversed {
      guard let answer = firstEqual(row, among: refunded) else { break }
      refunded.removeAll { $0 == answer }
      reversed.removeAll { $0 == row }
    }
    if !isBalanced {
      answer(index, credits, by: &refunded)
      answer(index, payments, by: &reversed)
    }
    unanswered += refunded + reversed
  }

  /// 1, and 2 where r > 0; the other payments of 2 are left over for now.
  private mutating func answer(_ index: Int, _ active: [Int], by returned: inout [Int]) {
    for row in active {
      guard let other = firstEqual(row, among: returned) else {
        leftovers.append(row)
        continue
      }
      returned.removeAll { $0 == other }
      let isPayment = entries[row].kind == .payment
      let (payment, credit) = isPayment ? (row, other) : (other, row)
      if self.returned[row] > 0 {
        returnsDiffer(payment, credit, open(row), owedTo: isPayment ? .student : .school, in: index)
      } else if isPayment {
        leftovers.append(row)
        answeredByReversed.append((payment, credit))
      } else {
        refundNotReversed(
          index, open(row), refunds: attached(to: payment), owed: credit,
          blamed: [payment, credit] + attached(to: payment))
      }
    }
  }

  /// "Where v > 0 (r > 0)": one of the two was given or taken back whole, the other in part.
  private mutating func returnsDiffer(
    _ payment: Int, _ credit: Int, _ amount: Int64, owedTo: OwedTo, in index: Int
  ) {
    guard let refund = attached(to: payment).last else { return }
    let (p, c) = (entries[payment], entries[credit])
    accuse(
      index, .refundAmountMismatch, amount, owedTo: owedTo,
      basis: p.order != 0 && p.order == c.order ? .order : .serial, subject: refund,
      blamed: [payment, credit] + attached(to: payment) + attached(to: credit),
      unless: want(of: refund, in: index),
      shares: [Finding.Share(row: credit, fen: owedTo == .school ? -amount : amount)])
  }

  private func firstEqual(_ row: Int, among others: [Int]) -> Int? {
    others.first { entries[$0].fen == entries[row].fen } ?? others.first
  }

  /// "2 is said where none joins it, else its credit is one that answers no payment."
  mutating func answerByReversed() {
    for (payment, credit) in answeredByReversed {
      if settledLeftovers.contains(payment) {
        unanswered.append(credit)
        continue
      }
      guard let index = groupOf[payment], let reversal = attached(to: credit).last else { continue }
      leftovers.removeAll { $0 == payment }
      if !groups[index].isHeld, let want = want(ofLeftover: payment) {
        for reversal in attached(to: credit) { wait(reversal, for: want) }
        continue
      }
      reversalNotRefunded(
        index, open(payment), reversal: reversal, owed: payment,
        blamed: [payment, credit] + attached(to: credit))
    }
  }

  // MARK: What was given or taken back joins too

  /// "First of all": what the other side's word in its own group explains takes what has no key.
  mutating func takeByWord() {
    for row in canonical(unanswered) where hasOthersWord(row) {
      let some = leftovers.filter { mayTake(row, $0) }
      if want(ofLeftover: row) != nil {
        // "One whose own needs are not met takes nothing, but is a rival of all it could take."
        rivals += some.map { ($0, row) }
        continue
      }
      guard let leftover = nearest(to: row, among: some) else { continue }
      settledLeftovers.append(leftover)
      taken.append((leftover, row))
      unanswered.removeAll { $0 == row }
    }
  }

  /// "No credit, but a reversal of the payment's fen; no payment, but a refund of the credit's."
  private func hasOthersWord(_ row: Int) -> Bool {
    guard let index = groupOf[row] else { return false }
    let group = groups[index]
    let isPayment = entries[row].kind == .payment
    let words = isPayment ? group.reversals : group.refunds
    return (isPayment ? group.credits : group.payments).isEmpty
      && words.contains { entries[$0].fen == entries[row].fen }
  }

  private func mayTake(_ row: Int, _ leftover: Int) -> Bool {
    guard returned[leftover] == 0, !settledLeftovers.contains(leftover),
      !answeredByReversed.contains(where: { $0.payment == leftover })
    else { return false }
    return isReturnEdge(row, leftover) || isReturnEdge(leftover, row)
  }

  /// "By the same edges, but for r and v, and groups that are held aside; never inside one group."
  private func isReturnEdge(_ payment: Int, _ credit: Int) -> Bool {
    guard let paid = groupOf[payment], let posted = groupOf[credit], paid != posted,
      !groups[paid].isHeld, !groups[posted].isHeld
    else { return false }
    return isWeakEdge(payment, credit)
  }

  /// The one nearest in time; ties canonical.
  func nearest(to row: Int, among some: [Int]) -> Int? {
    var best: Int?
    for one in canonical(some) {
      if let best, distance(best, row) <= distance(one, row) { continue }
      best = one
    }
    return best
  }

  /// "Afterwards, when 5.2 is said."
  mutating func joinWhatWasReturned() {
    let left = leftovers.filter { !settledLeftovers.contains($0) }
    let rows = canonical(left + unanswered.filter { !hasOthersWord($0) })
    var edges: [(payment: Int, credit: Int)] = []
    for payment in rows {
      // "At least one of the two has been given or taken back, all or in part."
      for credit in rows
      where returned[payment] + returned[credit] > 0 && isReturnEdge(payment, credit) {
        edges.append((payment, credit))
      }
    }
    addRivals(of: rows)
    // "Only where both have one edge."
    returnedPairs = edges.filter { edge in
      edges.filter { $0.payment == edge.payment }.count == 1
        && edges.filter { $0.credit == edge.credit }.count == 1
    }
    for edge in edges where !returnedPairs.contains(where: { $0 == edge }) {
      rivals += [(edge.payment, edge.credit), (edge.credit, edge.payment)]
    }
    for (payment, credit) in returnedPairs {
      settledLeftovers += [payment, credit]
      judgeReturnedPair(payment, credit)
    }
  }

  /// "Both rows of a pair of weak evidence are rivals of each to one of which it has such an edge."
  private mutating func addRivals(of rows: [Int]) {
    for pair in pairs where pair.basis == .weak {
      let two = [pair.payment, pair.credit]
      for row in rows {
        let hasEdge = two.contains { other in
          returned[row] + returned[other] > 0
            && (isReturnEdge(row, other) || isReturnEdge(other, row))
        }
        if hasEdge { rivals += two.map { (row, $0) } }
      }
    }
  }

  /// "Judged by 2 and 3 of a pair, basis `weak`."
  private mutating func judgeReturnedPair(_ payment: Int, _ credit: Int) {
    let (refunds, reversals) = (attached(to: payment), attached(to: credit))
    let (r, v) = (capped(payment), capped(credit))
    if r == v { return }
    if v == 0, let refund = refunds.last {
      sayReturned(
        (payment, credit), .refundNotReversed, r, owedTo: .school, subject: refund,
        waiting: refunds, share: Finding.Share(row: credit, fen: -r))
    } else if r == 0, let reversal = reversals.last {
      sayReturned(
        (payment, credit), .reversalNotRefunded, v, owedTo: .student, subject: reversal,
        waiting: reversals, share: Finding.Share(row: payment, fen: v))
    } else if let refund = refunds.last {
      sayReturned(
        (payment, credit), .refundAmountMismatch, abs(r - v), owedTo: r > v ? .school : .student,
        subject: refund, waiting: [payment, credit] + refunds + reversals,
        share: Finding.Share(row: credit, fen: v - r))
    }
  }

  /// "Needing what both groups need (the payment's first), and that no list that is expected is missing."
  private mutating func sayReturned(
    _ pair: (payment: Int, credit: Int), _ kind: AnomalyKind, _ amount: Int64, owedTo: OwedTo,
    subject: Int, waiting: [Int], share: Finding.Share
  ) {
    guard let paid = groupOf[pair.payment], let posted = groupOf[pair.credit] else { return }
    if let want = want(ofGroup: paid) ?? want(ofGroup: posted) ?? lists(for: subject) {
      for row in waiting { wait(row, for: want) }
      return
    }
    let two = [pair.payment, pair.credit]
    say(
      kind, amount, owedTo: owedTo, basis: .weak, subject: subject,
      rows: groups[paid].rows + groups[posted].rows, about: groups(of: two),
      blamed: two + two.flatMap(attached), shares: [share])
  }
}

/// A payment and the credits that are compared with it as one.
struct OracleDeal {
  var payment: Int
  var credits: [Int]
}

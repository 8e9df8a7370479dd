import Payments

/// Section 6 and the second half of 5 of `Judging.md`: what no strong key joins.
extension Oracle {
  // MARK: Weak evidence

  mutating func joinByWeakEvidence() {
    let candidates = leftovers.filter(mayTryWeakEvidence)
    var seen: [Int] = []
    for first in canonical(candidates) where !seen.contains(first) {
      var component = [first]
      var isGrowing = true
      while isGrowing {
        let more = candidates.filter { row in
          !component.contains(row)
            && component.contains { isEdge($0, row) || isEdge(row, $0) }
        }
        component += more
        isGrowing = !more.isEmpty
      }
      seen += component
      if component.count > 1 { judgeComponent(canonical(component)) }
    }
  }

  private func mayTryWeakEvidence(_ row: Int) -> Bool {
    groupOf[row] != nil && returned[row] == 0 && !settledLeftovers.contains(row)
  }

  func isWeakEdge(_ payment: Int, _ credit: Int) -> Bool {
    let (p, c) = (entries[payment], entries[credit])
    guard p.kind == .payment, c.kind.isCredit, p.fen == c.fen, p.channel.fits(c.channel) else {
      return false
    }
    return c.time >= p.time - rules.clockToleranceSeconds
      && c.time <= rules.creditDeadline(paidAt: p.time, channel: p.channel)
      && samePerson(payment, credit)
  }

  /// "A part of a batch that names nobody, and a credit that quotes the batch, unless both have an order."
  private func isPartEdge(_ payment: Int, _ credit: Int) -> Bool {
    let (p, c) = (entries[payment], entries[credit])
    guard c.kind.isCredit, isNamelessPart(payment), p.fen == c.fen, p.channel.fits(c.channel),
      p.serial == c.serial, p.order == 0 || c.order == 0
    else { return false }
    return c.time >= p.time - rules.clockToleranceSeconds
      && c.time <= rules.creditDeadline(paidAt: p.time, channel: p.channel)
  }

  private func isNamelessPart(_ row: Int) -> Bool {
    entries[row].kind == .payment && namesNobody(row) && bearsReference(row)
  }

  private func isEdge(_ payment: Int, _ credit: Int) -> Bool {
    isWeakEdge(payment, credit) || isPartEdge(payment, credit)
  }

  private mutating func judgeComponent(_ component: [Int]) {
    settledLeftovers += component
    let payments = component.filter { entries[$0].kind == .payment }
    let credits = component.filter { entries[$0].kind.isCredit }
    if component.contains(where: { row in groupOf[row].map { groups[$0].isHeld } ?? false }) {
      // "A component with a row of a held group is not decided: all its rows wait."
      for row in component { wait(row, decidedBy: decisionDay(row), isLeftover: true) }
      return
    }
    let ways = waysToPair(payments, credits)
    if ways.count == 1 {
      for (payment, credit) in zip(payments, ways[0]) { pairWeakly(payment, credit) }
    } else if payments.count == credits.count, payments.allSatisfy(isNamelessPart),
      payments.allSatisfy({ payment in credits.allSatisfy { isEdge(payment, $0) } })
    {
      // "As many, and each with an edge to each: in canonical order."
      for (payment, credit) in zip(payments, credits) { pairWeakly(payment, credit) }
    } else if credits.count == 1, areTwins(payments), !payments.contains(where: isNamelessPart) {
      pairNearest(of: payments, with: credits[0], surplus: .duplicateDebit)
    } else if payments.count == 1, areTwins(credits), !isNamelessPart(payments[0]) {
      pairNearest(of: credits, with: payments[0], surplus: .duplicateCredit)
    } else if want(ofLeftovers: component) != nil {
      waitTogether(component)
    } else {
      say(
        .ambiguousMatch, entries[component[0]].fen, owedTo: .unknown, basis: .weak,
        subject: component[0], rows: component, about: groups(of: component), blamed: component)
    }
  }

  /// "All of them, else all wait": each for what it needs itself, if that is not met.
  private mutating func waitTogether(_ component: [Int]) {
    for row in component {
      if let want = want(ofLeftover: row) {
        wait(row, for: want)
      } else {
        wait(row, decidedBy: decisionDay(row), isLeftover: true)
      }
    }
  }

  /// Every way to give each payment its own credit with none left; credits in payment order.
  private func waysToPair(_ payments: [Int], _ credits: [Int]) -> [[Int]] {
    guard payments.count == credits.count else { return [] }
    var ways: [[Int]] = [[]]
    for payment in payments {
      ways = ways.flatMap { way in
        credits.filter { isEdge(payment, $0) && !way.contains($0) }.map { way + [$0] }
      }
    }
    return ways
  }

  /// Whether all stand at most the duplicate window apart.
  private func areTwins(_ some: [Int]) -> Bool {
    some.allSatisfy { left in
      some.allSatisfy { distance(left, $0) <= rules.duplicateWindowSeconds }
    }
  }

  private mutating func pairWeakly(_ payment: Int, _ credit: Int) {
    guard let group = groupOf[payment] else { return }
    pairs.append(
      OraclePair(
        payment: payment, credit: credit, group: group, basis: .weak, isSettled: true))
  }

  private mutating func pairNearest(
    of some: [Int], with single: Int, surplus kind: AnomalyKind
  ) {
    var near = some[0]
    for row in some where distance(row, single) < distance(near, single) { near = row }
    if kind == .duplicateDebit { pairWeakly(near, single) } else { pairWeakly(single, near) }
    // Payments before credits, whichever of the two is alone.
    let component = kind == .duplicateDebit ? some + [single] : [single] + some
    for row in some where row != near {
      guard let group = groupOf[row] else { continue }
      let others = component.filter { $0 != row }
      accuse(
        group, kind, entries[row].fen, owedTo: kind == .duplicateDebit ? .student : .school,
        basis: .weak, subject: row, besides: [near, single], blamed: [row],
        unless: want(ofLeftovers: [row] + others))
    }
  }

  func groups(of some: [Int]) -> [Int] {
    var found: [Int] = []
    for row in some {
      if let group = groupOf[row], !found.contains(group) { found.append(group) }
    }
    return found
  }

  // MARK: What is still left

  mutating func accuseLeftovers() {
    let left = leftovers.filter { !settledLeftovers.contains($0) }
    var moved: [Int] = []
    for row in canonical(left) {
      guard let group = groupOf[row], !groups[group].isHeld else { continue }
      if isWhatAMoveLacks(row) { moved.append(row) }
    }
    for row in left where !moved.contains(row) {
      guard let group = groupOf[row] else { continue }
      if !groups[group].isHeld, !isOutsideByHand(row) { unmet.append(row) }
      if groups[group].isHeld {
        wait(row, decidedBy: decisionDay(row), isLeftover: true)
      } else if let want = want(ofLeftover: row) ?? want(ofRivals: row) {
        wait(row, for: want)
      } else if isOutsideByHand(row) {
        excluded[row] = .unreconciledChannel
      } else if isUnidentified(row) {
        accuse(
          group, .unidentifiedBankCredit, open(row), owedTo: .unknown, subject: row, blamed: [row],
          unless: nil)
      } else if entries[row].kind == .payment {
        accusePayment(row, group)
      } else {
        let isDuplicate = pairs.contains { groupOf[$0.payment] == group }
        accuse(
          group, isDuplicate ? .duplicateCredit : .creditedNotDebited, open(row),
          owedTo: .school, subject: row, blamed: [row], unless: nil)
      }
    }
  }

  /// "Typed in by hand, or taken back, for business that no statement tells."
  func isOutsideByHand(_ row: Int) -> Bool {
    entries[row].rule == .unreconciledChannel
      && (entries[row].kind == .manualCredit || entries[row].kind == .reversal)
  }

  /// "A company that names no known or labelled number and no order."
  func isUnidentified(_ row: Int) -> Bool {
    entries[row].kind == .payment && entries[row].isCompany && namesNobody(row)
      && entries[row].order == 0
  }

  private mutating func accusePayment(_ row: Int, _ group: Int) {
    // "Paired … with a credit from which it does not differ."
    let beside = pairs.filter { !differ(row, $0.credit) }
    if beside.contains(where: { groupOf[$0.payment] == group }) {
      accuse(
        group, .duplicateDebit, open(row), owedTo: .student, subject: row, blamed: [row],
        unless: nil)
    } else if let (twin, basis) = creditedTwin(of: row, among: beside) {
      accuse(
        group, .duplicateDebit, open(row), owedTo: .student, basis: basis, subject: row,
        besides: [twin.payment, twin.credit], blamed: [row], unless: nil)
    } else {
      accuse(
        group, .debitedNotCredited, open(row), owedTo: .student, subject: row, blamed: [row],
        unless: nil)
    }
  }

  /// The nearest credited payment of another group for the same thing: by account before payer.
  private func creditedTwin(of row: Int, among pairs: [OraclePair]) -> (OraclePair, Basis)? {
    let others = order.flatMap { payment in pairs.filter { $0.payment == payment } }.filter {
      groupOf[$0.payment] != groupOf[row] && entries[$0.payment].fen == entries[row].fen
        && distance($0.payment, row) <= rules.duplicateWindowSeconds
    }
    func nearest(_ some: [OraclePair]) -> OraclePair? {
      var best: OraclePair?
      for pair in some {
        if let best, distance(best.payment, row) <= distance(pair.payment, row) { continue }
        best = pair
      }
      return best
    }
    if let twin = nearest(others.filter { samePerson(naming($0), row) }) {
      return (twin, .account)
    }
    let samePayer = others.filter {
      let payment = entries[$0.payment]
      return (namesNobody(row) || namesNobody(naming($0))) && payment.payer != 0
        && payment.payer == entries[row].payer && payment.channel == entries[row].channel
    }
    return nearest(samePayer).map { ($0, .payer) }
  }

  /// "A payment's account, else its credit's": the row of a pair that names its person.
  func naming(_ pair: OraclePair) -> Int {
    namesNobody(pair.payment) ? pair.credit : pair.payment
  }
}

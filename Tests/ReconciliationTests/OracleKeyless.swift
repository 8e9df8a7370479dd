import Payments

/// (e) of section 2 of `Judging.md`: refunds and reversals without a shared key.
extension Oracle {
  /// Looks at what (a) to (d) left alone, and joins it to what it gives or takes back.
  mutating func joinKeyless() {
    keyless = order.filter { isKeyless($0) }
    for row in keyless where takesPart(row) {
      let back = needs(of: row, isLeftover: false).filter(\.reachesBack)
      keylessWants[row] = back.compactMap { unmet($0, comparingAmounts: true) }.first
    }
    joinWhatTheyTakeBack()
    joinEachOther()
    lone = keyless.filter { !joinedWeakly.contains($0) && takesPart($0) }
  }

  private func isKeyless(_ row: Int) -> Bool {
    guard let group = groupOf[row], groups[group].rows.count == 1 else { return false }
    let entry = entries[row]
    let saysNothing = entry.order == 0 && entry.serial == 0
    return switch entry.kind {
    case .refund: entry.original == 0 && (entry.channel.isBank || saysNothing)
    case .reversal: entry.original == 0 && saysNothing
    default: false
    }
  }

  /// "They take no part where a group has collided."
  private func takesPart(_ row: Int) -> Bool {
    guard let group = groupOf[row] else { return false }
    return !collisions.contains { $0.contains { groupOf[$0] == group } }
  }

  // MARK: First, what they take back

  private mutating func joinWhatTheyTakeBack() {
    let some = keyless.filter(takesPart)
    let candidates = some.map { row in preferred(order.filter { isCandidate($0, for: row) }, row) }
    var found: [(Int, Int)] = []
    for (place, row) in some.enumerated() where candidates[place].count == 1 {
      let only = candidates[place][0]
      // "And is the only one to have it."
      let others = candidates.filter { $0.contains(only) }
      if others.count == 1 { found.append((row, only)) }
    }
    join(found)
  }

  /// Whether a keyless row may give or take back a payment or credit.
  ///
  /// - Parameter isFirst: whether its group must be without what gave or took back something.
  private func isCandidate(_ row: Int, for keyless: Int, isFirst: Bool = true) -> Bool {
    guard takesPart(row), let group = groupOf[row] else { return false }
    let (one, back) = (entries[row], entries[keyless])
    // "Of a row of which only the day is known, here its last second counts."
    let before = lastSecond(keyless) - lastSecond(row)
    guard one.fen == back.fen, before >= 0, before <= rules.refundReachSeconds else {
      return false
    }
    if back.kind == .refund {
      return one.kind == .payment && one.channel == back.channel
        && (groups[group].refunds.isEmpty || !isFirst) && isRefund(keyless, forWhom: row)
    }
    return one.kind.isCredit && one.channel.fits(back.channel)
      && (groups[group].reversals.isEmpty || !isFirst)
      && samePerson(keyless, row)
  }

  /// The same payer will do only "where no payment is for the refund's person".
  private func preferred(_ candidates: [Int], _ keyless: Int) -> [Int] {
    let named = candidates.filter { isOfPerson(keyless, $0) }
    return named.isEmpty ? candidates : named
  }

  /// "A payment that names nobody is for whom the credits of its group are for (each with its own time)."
  private func naming(_ payment: Int) -> [Int] {
    guard namesNobody(payment), let group = groupOf[payment] else { return [payment] }
    return groups[group].credits
  }

  private func isOfPerson(_ keyless: Int, _ row: Int) -> Bool {
    let rows = entries[row].kind == .payment ? naming(row) : [row]
    return rows.contains { samePerson(keyless, $0) }
  }

  private func isRefund(_ refund: Int, forWhom payment: Int) -> Bool {
    if isOfPerson(refund, payment) { return true }
    let naming = naming(payment)
    let isUnknown = namesNobody(refund) || naming.allSatisfy(namesNobody)
    return isUnknown && entries[refund].payer != 0
      && entries[refund].payer == entries[payment].payer
  }

  // MARK: Then each other

  private mutating func joinEachOther() {
    let refunds = order.filter { entries[$0].kind == .refund && takesPart($0) }
    let reversals = order.filter { entries[$0].kind == .reversal && takesPart($0) }
    let left = keyless.filter { !joinedWeakly.contains($0) }
    var edges: [(Int, Int)] = []
    for refund in refunds {
      for reversal in reversals where left.contains(refund) || left.contains(reversal) {
        if explainEachOther(refund, reversal) { edges.append((refund, reversal)) }
      }
    }
    // "The nearest in time first, no row twice."
    var found: [(Int, Int)] = []
    while let edge = nearest(
      edges.filter { edge in
        !found.contains { $0.0 == edge.0 || $0.1 == edge.1 }
      })
    { found.append(edge) }
    join(found)
    explained += found.map { $0.0 }.filter(joinedWeakly.contains)
  }

  /// The edge of the rows nearest in time; ties by the refund, then the reversal, in canonical order.
  private func nearest(_ edges: [(Int, Int)]) -> (Int, Int)? {
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    return edges.min { left, right in
      let (mine, theirs) = (distance(left.0, left.1), distance(right.0, right.1))
      if mine != theirs { return mine < theirs }
      return (places[left.0] ?? 0, places[left.1] ?? 0) < (
        places[right.0] ?? 0, places[right.1] ?? 0
      )
    }
  }

  private func explainEachOther(_ refund: Int, _ reversal: Int) -> Bool {
    guard let given = groupOf[refund], let taken = groupOf[reversal] else { return false }
    let (r, v) = (entries[refund], entries[reversal])
    return r.fen == v.fen && v.channel.fits(r.channel)
      && distance(refund, reversal) <= rules.refundWindowSeconds
      && groups[given].reversals.isEmpty && groups[taken].refunds.isEmpty
      && callsForReversal(refund, groups[given])
      && isForReversed(refund, reversal, groups[given])
      && !differs(refund, from: groups[taken]) && !differs(reversal, from: groups[given])
  }

  /// "Where it is the only refund or there is a payment (and, where each has an order, a credit too)."
  private func callsForReversal(_ refund: Int, _ group: OracleGroup) -> Bool {
    if group.payments.isEmpty { return group.refunds == [refund] }
    return !group.credits.isEmpty || group.payments.contains { entries[$0].order == 0 }
  }

  /// "A refund that names nobody is for whom the payments of its group are for."
  private func isForReversed(_ refund: Int, _ reversal: Int, _ group: OracleGroup) -> Bool {
    let rows = namesNobody(refund) ? group.payments : [refund]
    return rows.contains { samePerson($0, reversal) }
  }

  /// Whether a row differs from a payment or credit of a group.
  private func differs(_ row: Int, from group: OracleGroup) -> Bool {
    (group.payments + group.credits).contains { differ(row, $0) }
  }

  /// "Their groups become one"; "a keyless row whose need from the refund reach on is not met joins nothing".
  private mutating func join(_ some: [(Int, Int)]) {
    let found = some.filter { keylessWants[$0.0] == nil && keylessWants[$0.1] == nil }
    joinedWeakly += found.flatMap { [$0.0, $0.1] }
    let taking = order.filter { groupOf[$0] != nil }
    var label = entries.indices.map { groupOf[$0] ?? -1 }
    for (left, right) in found {
      let (from, to) = (label[right], label[left])
      for row in taking where label[row] == from { label[row] = to }
    }
    group(taking, by: label)
  }

  // MARK: Last of all

  /// "Last, the keyless rows that (e) joined to nothing": each takes what it may give or take back, or is wrong.
  mutating func judgeLoneKeyless() {
    for row in canonical(lone) {
      guard let index = groupOf[row] else { continue }
      let isRefund = entries[row].kind == .refund
      if let want = keylessWants[row] {
        wait(row, for: want)
      } else if let leftover = nearest(to: row, among: takeable(by: row)) {
        settledLeftovers.append(leftover)
        taken.append((leftover, row))
      } else if isRefund {
        orphanRefund(index)
      } else if isOutsideByHand(row) {
        excluded[row] = .unreconciledChannel
      } else {
        reversalNotRefunded(index, entries[row].fen, reversal: row, owed: row, blamed: [row])
      }
    }
  }

  /// "Still left over", without refund or reversal, and what the keyless row may give or take back.
  private func takeable(by keyless: Int) -> [Int] {
    let some = leftovers.filter { row in
      let isHeld = groupOf[row].map { groups[$0].isHeld } ?? true
      return !isHeld && !settledLeftovers.contains(row) && returned[row] == 0
        && isCandidate(row, for: keyless, isFirst: false)
    }
    return preferred(some, keyless)
  }
}

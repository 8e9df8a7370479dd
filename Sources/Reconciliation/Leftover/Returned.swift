import Payments

extension Judge {
  /// Payments that were refunded and credits that were reversed, each with what says so on the other side already,
  /// and only their counterpart missing: each takes the nearest leftover that could be it.
  ///
  /// Whoever is taken is one of one person, one amount: who is owed what stays the same.
  mutating func completeReturned() {
    let complete = returnedAlone.filter { !groups[$0.group].isHeld && hasSpare($0) }
    guard !complete.isEmpty else { return }
    let rows = Set(complete.map(\.row))
    returnedAlone.removeAll { rows.contains($0.row) }
    // What was taken back has what answers it in its own group.
    let free = leftovers.filter { one in
      one.takenBack == nil && returned[one.row] ?? 0 == 0 && !groups[one.group].isHeld
    }
    var edges = edges(complete, free)
    edges.sort { left, right in
      if left.one != right.one {
        return table.precedes(complete[left.one].row, complete[right.one].row)
      }
      return isNearer(
        free[left.other].row, than: free[right.other].row, to: complete[left.one].row)
    }
    var (taken, settled) = (Set<Int32>(), Set<Int>())
    for edge in edges where !settled.contains(edge.one) {
      let one = complete[edge.one]
      if want(one.row, group: one.group) != nil {
        // Its own counterpart may be in what is missing: then nobody else's is taken, or accused.
        rivals[free[edge.other].row, default: []].append(one)
        continue
      }
      let (row, other) = (complete[edge.one].row, free[edge.other].row)
      guard taken.insert(other).inserted else { continue }
      settled.insert(edge.one)
      noteWeakMatch(row, other)
    }
    leftovers.removeAll { taken.contains($0.row) }
    self.taken = taken
  }

  /// Whether the group of a row that was given or taken back holds the other side's word of it, without what
  /// that would be attached to.
  private func hasSpare(_ leftover: Leftover) -> Bool {
    let group = groups[leftover.group]
    let isPayment = kind(leftover.row) == .payment
    let spare = isPayment ? group.reversals : group.refunds
    let owners = isPayment ? group.credits : group.payments
    return owners.isEmpty && spare.contains { fen($0) == fen(leftover.row) }
  }

  /// What was given or taken back joins by weak evidence too, where nothing else did.
  ///
  /// - Returns: the leftovers nothing was said of.
  mutating func joinReturned(_ open: [Leftover]) -> [Leftover] {
    let free = (returnedAlone + open).filter { !groups[$0.group].isHeld }
    guard free.contains(where: { returned[$0.row] ?? 0 > 0 }) else { return open }
    noteRivals(free)
    let payments = free.filter { kind($0.row) == .payment }
    let edges = edges(payments, free).filter {
      isReturn(payments[$0.one].row, free[$0.other].row)
    }
    var (ofOne, ofOther): ([Int: Int], [Int: Int]) = ([:], [:])
    for edge in edges {
      ofOne[edge.one, default: 0] += 1
      ofOther[edge.other, default: 0] += 1
    }
    var settled = Set<Int32>()
    for edge in edges {
      let (payment, credit) = (payments[edge.one], free[edge.other])
      guard ofOne[edge.one] == 1, ofOther[edge.other] == 1 else {
        rivals[payment.row, default: []].append(credit)
        rivals[credit.row, default: []].append(payment)
        continue
      }
      settled.formUnion([payment.row, credit.row])
      returnedPairs.append((credit.row, payment.group))
      judgement.weakMatches.append(WeakMatch(payment.row, credit.row))
      let wrong = [payment.row, credit.row] + returns(payment.row) + returns(credit.row)
      judgeReturns(
        payment.group, payment.row, [credit.row], .weak, wrong: wrong, with: credit.group)
    }
    return open.filter { !settled.contains($0.row) }
  }

  private func isReturn(_ left: Int32, _ right: Int32) -> Bool {
    returned[left] ?? 0 > 0 || returned[right] ?? 0 > 0
  }

  /// What weak evidence gave to another could have gone with a row of which a part was given or taken back.
  private mutating func noteRivals(_ free: [Leftover]) {
    let groupOf = Dictionary(
      leftovers.map { ($0.row, $0.group) }, uniquingKeysWith: { first, _ in first })
    let weak = pairs.filter { $0.basis == .weak }
    let paired = weak.flatMap { pair in
      [pair.payment, pair.credit].map { Leftover(row: $0, group: groupOf[$0] ?? pair.group) }
    }
    for edge in edges(free, paired) where isReturn(free[edge.one].row, paired[edge.other].row) {
      let place = edge.other - edge.other % 2
      rivals[free[edge.one].row, default: []] += paired[place...(place + 1)]
    }
  }

  /// What a leftover waits for as its rivals do.
  func wantOfRivals(_ row: Int32) -> Want? {
    // Theirs too: each of a chain may take away what the next would have.
    var (seen, next) = (Set([row]), rivals[row] ?? [])
    var found: [Leftover] = []
    while let one = next.popLast() {
      guard seen.insert(one.row).inserted else { continue }
      found.append(one)
      next += rivals[one.row] ?? []
    }
    return found.sorted { table.precedes($0.row, $1.row) }.lazy
      .compactMap { self.want($0.row, group: $0.group) }.first
  }

  /// Refunds and reversals that share no key with anything, and were one of several like it: each takes a leftover
  /// it may have given or taken back; what finds none is told.
  ///
  /// - Returns: the leftovers nothing was said of.
  mutating func takeBack(_ open: [Leftover]) -> [Leftover] {
    if unfound.isEmpty { return open }
    let free = open.filter { !groups[$0.group].isHeld && returned[$0.row] ?? 0 == 0 }
    let index = KeyIndex(
      free.enumerated().flatMap { place, leftover in
        takenKeys(leftover.row, people(of: leftover)).map { ($0, Int32(place)) }
      })
    for one in unfound.sorted(by: { table.precedes($0.row, $1.row) }) {
      if let want = unsure.wants[one.row] {
        wait(one.row, for: want)
        continue
      }
      var found = Set<Int32>()
      for key in takenKeys(one.row, [one.row]) { index.forEach(key) { found.insert($0) } }
      var candidates = found.map { free[Int($0)] }.filter { other in
        !taken.contains(other.row) && mayTakeBack(one.row, other.row, people(of: other))
      }
      let named = candidates.filter { isSamePerson(one.row, people(of: $0)) }
      if !named.isEmpty { candidates = named }
      let nearest = candidates.min { isNearer($0.row, than: $1.row, to: one.row) }
      if let nearest {
        taken.insert(nearest.row)
        judgement.weakMatches.append(WeakMatch(nearest.row, one.row))
      } else if kind(one.row) == .refund {
        accuse(
          one.group, .orphanRefund, fen: fen(one.row), owedTo: .unknown, subject: one.row,
          wrong: [one.row])
      } else if isOutsideByHand(one.row) {
        exclude(one.row, .unreconciledChannel)
      } else {
        reversalNotRefunded(
          one.group, fen: fen(one.row), reversal: one.row, payment: nil, wrong: [one.row])
      }
    }
    return open.filter { !taken.contains($0.row) }
  }

  /// The rows that tell for whom a payment or credit is: itself, else the credits of its group.
  private func people(of leftover: Leftover) -> [Int32] {
    guard kind(leftover.row) == .payment, names(leftover.row).isEmpty else { return [leftover.row] }
    return groups[leftover.group].credits
  }

  /// From rows that were given or taken back to the leftovers they could go with.
  private func edges(_ alone: [Leftover], _ open: [Leftover]) -> [(one: Int, other: Int)] {
    var keyed: [(key: KeyHash, row: Int32)] = []
    for (index, leftover) in open.enumerated() {
      for key in personsAndAmount(names(leftover.row), fen(leftover.row)) {
        keyed.append((key, Int32(index)))
      }
    }
    let index = KeyIndex(keyed)
    var edges: [(one: Int, other: Int)] = []
    for (number, one) in alone.enumerated() {
      var found = Set<Int32>()
      for key in personsAndAmount(names(one.row), fen(one.row)) {
        index.forEach(key) { found.insert($0) }
      }
      for other in found.sorted() where belong(one, open[Int(other)]) {
        edges.append((number, Int(other)))
      }
    }
    return edges
  }

  private func belong(_ one: Leftover, _ other: Leftover) -> Bool {
    let isPayment = kind(one.row) == .payment
    guard isPayment != (kind(other.row) == .payment), one.group != other.group else { return false }
    return isPayment ? couldCause(one.row, other.row) : couldCause(other.row, one.row)
  }

  private mutating func noteWeakMatch(_ row: Int32, _ other: Int32) {
    let isPayment = kind(row) == .payment
    judgement.weakMatches.append(isPayment ? WeakMatch(row, other) : WeakMatch(other, row))
  }
}

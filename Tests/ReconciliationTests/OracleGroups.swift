import Payments

/// Sections 1 and 2 of `Judging.md`: one event one row, persons, groups.
extension Oracle {
  /// Rows that are no top-up take no part.
  mutating func setAsideWhatTakesNoPart() {
    for row in entries.indices {
      switch entries[row].kind {
      case .excluded: excluded[row] = entries[row].rule
      case .transferIn, .transferOut: excluded[row] = .notTopUp
      default: break
      }
    }
  }

  // MARK: One event, one row

  mutating func foldRepeatedRows() {
    var seen: [Int] = []
    for row in order where !seen.contains(row) {
      let same = order.filter { isOneIdentity(row, $0) }
      seen += same
      guard same.count > 1 else { continue }
      guard same.allSatisfy({ agree(row, $0) }) else {
        collisions.append(same)
        continue
      }
      for other in same.dropFirst() { excluded[other] = .repeatedRow }
      say(
        .repeatedRow, entries[row].fen, owedTo: .none, basis: basis(of: row), subject: same[1],
        rows: same, about: [], blamed: [])
    }
  }

  private func isOneIdentity(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    let channelKinds: [EntryKind] = [.payment, .refund]
    if channelKinds.contains(a.kind) {
      return a.kind == b.kind && a.channel == b.channel && a.serial != 0 && a.serial == b.serial
        && a.own == b.own
    }
    let ledgerKinds: [EntryKind] = [.credit, .manualCredit, .reversal]
    return ledgerKinds.contains(a.kind) && ledgerKinds.contains(b.kind) && a.own != 0
      && a.own == b.own
  }

  private func agree(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    return a.kind == b.kind && a.fen == b.fen && a.time == b.time && a.order == b.order
      && a.serial == b.serial && a.account == b.account && a.student == b.student
      && a.payer == b.payer && a.original == b.original && a.couponFen == b.couponFen
  }

  // MARK: Persons

  mutating func linkPersons() {
    for entry in entries where entry.side == .ledger && entry.names.count == 2 {
      link(entry.account, entry.student)
    }
    for old in entries where old.kind == .transferOut && old.own != 0 {
      for new in entries where new.kind == .transferIn && new.original == old.own {
        for left in old.names { for right in new.names { link(left, right) } }
      }
    }
    for entry in entries where entry.kind == .excluded && entry.rule == .cardReplacement {
      link(entry.account, entry.student)
    }
    for replacement in rules.replacements { link(replacement.first, replacement.second) }
  }

  private mutating func link(_ left: KeyHash, _ right: KeyHash) {
    guard left != 0, right != 0 else { return }
    let touched = persons.filter { $0.contains(left) || $0.contains(right) }
    persons.removeAll { $0.contains(left) || $0.contains(right) }
    persons.append(touched.flatMap { $0 } + [left, right])
  }

  private func isOnePerson(_ left: KeyHash, _ right: KeyHash) -> Bool {
    left == right || persons.contains { $0.contains(left) && $0.contains(right) }
  }

  /// Whether two lists of accounts name one person.
  func samePerson(_ left: [KeyHash], _ right: [KeyHash]) -> Bool {
    left.contains { a in right.contains { b in isOnePerson(a, b) } }
  }

  /// Whether two rows name persons, and not the same.
  func differentPersons(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left].names, entries[right].names)
    return !a.isEmpty && !b.isEmpty && !samePerson(a, b)
  }

  // MARK: Groups

  mutating func formGroups() {
    let taking = order.filter { excluded[$0] == nil }
    var label = Array(entries.indices)
    func join(_ left: Int, _ right: Int) {
      let (from, to) = (label[right], label[left])
      for row in label.indices where label[row] == from { label[row] = to }
    }
    for left in taking {
      for right in taking where areJoinedByStrongKeys(left, right) { join(left, right) }
    }
    // (d) looks at what (a) to (c) brought together, so it is decided for all rows first.
    let needy = taking.filter { row in
      (entries[row].side == .ledger || entries[row].kind == .held)
        && !taking.contains { label[$0] == label[row] && entries[$0].kind.isChannelMoney }
    }
    for row in needy {
      for other in taking where quotesSerial(row, of: other) { join(row, other) }
    }
    var labels: [Int] = []
    for row in taking where !labels.contains(label[row]) { labels.append(label[row]) }
    for one in labels { addGroup(taking.filter { label[$0] == one }) }
    for collided in collisions { closeCollision(collided) }
  }

  /// (a), (b) and (c). A held row may be in either book: it joins like both.
  private func areJoinedByStrongKeys(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    if a.order != 0, a.order == b.order { return true }
    if a.side == .channel, b.side == .channel, a.channel == b.channel {
      if a.serial != 0, a.serial == b.serial { return true }
      let mayBePaid = b.kind == .payment || b.kind == .held
      if a.kind == .refund, mayBePaid, a.original != 0, a.original == b.serial { return true }
    }
    let mayBeLedger = b.side == .ledger || b.kind == .held
    return a.kind == .reversal && mayBeLedger && a.original != 0 && a.original == b.own
  }

  private func quotesSerial(_ row: Int, of other: Int) -> Bool {
    let (a, b) = (entries[row], entries[other])
    return a.serial != 0 && b.side == .channel && a.serial == b.serial
      && a.channel.fits(b.channel)
  }

  private mutating func addGroup(_ rows: [Int]) {
    var group = OracleGroup()
    group.rows = rows
    for row in rows {
      groupOf[row] = groups.count
      switch entries[row].kind {
      case .payment: group.payments.append(row)
      case .refund: group.refunds.append(row)
      case .credit, .manualCredit: group.credits.append(row)
      case .reversal: group.reversals.append(row)
      case .held: group.isHeld = true
      default: break
      }
    }
    groups.append(group)
  }

  /// "All rows of the groups they stand in are anomalous, and nothing else is said of them."
  private mutating func closeCollision(_ collided: [Int]) {
    var touched: [Int] = []
    for row in collided {
      if let group = groupOf[row], !touched.contains(group) { touched.append(group) }
    }
    let rows = touched.flatMap { groups[$0].rows }
    for group in touched { groups[group].isClosed = true }
    say(
      .serialCollision, entries[collided[0]].fen, owedTo: .unknown, basis: .serial,
      subject: collided[0], rows: rows, about: touched, blamed: rows)
  }
}

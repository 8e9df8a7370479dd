import Payments

/// Sections 1 and 2 of `Judging.md`: one event one row, groups.
extension Oracle {
  /// "What a bank's row is about": a settlement, or what was paid out, that names nobody and nothing.
  mutating func leaveOutOtherBusiness() {
    let all = entries
    func isDoubtful(_ entry: Entry) -> Bool {
      entry.kind.isChannelMoney
        && [.settlement, .outgoing, .notCampusCard, .otherBusiness].contains(entry.rule)
    }
    let others = all.filter {
      ![.excluded, .transferIn, .transferOut].contains($0.kind) && !isDoubtful($0)
    }
    for row in all.indices where isDoubtful(all[row]) {
      let entry = all[row]
      if entry.rule == .notCampusCard || entry.rule == .otherBusiness {
        let isExplained = others.contains { other in
          ![.failedPayment, .held].contains(other.kind)
            && (entry.order != 0 && other.order == entry.order
              || entry.serial != 0 && other.serial == entry.serial
                && other.channel.fits(entry.channel))
        }
        if !isExplained {
          entries[row].kind = .excluded
          entries[row].others = []
        }
        continue
      }
      if entry.account != 0 || entry.student != 0 { continue }
      if entry.rule == .outgoing, entry.others.contains(where: { isSomebodys($0, all) }) {
        continue
      }
      let isNamed = others.contains { other in
        entry.order != 0 && other.order == entry.order
          || entry.serial != 0 && other.serial == entry.serial && other.channel.fits(entry.channel)
          || entry.original != 0 && [other.serial, other.own].contains(entry.original)
      }
      if isNamed { continue }
      entries[row].kind = .excluded
      entries[row].others = []
    }
    leaveOutReversalsOfOthers()
    order = entries.indices.sorted { Oracle.precedes(entries, $0, $1) }
  }

  /// "A reversal or credit whose `original` is the `own` of a row that is no top-up is none either."
  private mutating func leaveOutReversalsOfOthers() {
    var isChanging = true
    while isChanging {
      isChanging = false
      let all = entries
      for row in all.indices {
        let entry = all[row]
        guard entry.kind == .reversal || entry.kind.isCredit, entry.original != 0 else { continue }
        let named = all.filter { $0.own == entry.original }
        let isTopUp = named.contains {
          ![.excluded, .transferIn, .transferOut].contains($0.kind)
        }
        if isTopUp { continue }
        // Of several the last in the table speaks; they are of one rule where a ledger is sound.
        for other in named {
          let rule = other.kind == .excluded ? other.rule : .notTopUp
          guard [.notTopUp, .unreconciledChannel].contains(rule) else { continue }
          (entries[row].kind, entries[row].rule, isChanging) = (.excluded, rule, true)
        }
      }
    }
  }

  /// Whether a number is labelled or known.
  private func isSomebodys(_ number: NamedNumber, _ all: [Entry]) -> Bool {
    if number.key == 0 { return false }
    if number.way == .labelled, number.kind != .any { return true }
    return all.contains { entry in
      guard entry.side == .ledger || entry.kind == .excluded else { return false }
      let isReplacement = entry.kind == .excluded && entry.rule == .cardReplacement
      let isCard = entry.account == number.key || isReplacement && entry.student == number.key
      let isStudent = !isReplacement && entry.student == number.key
      switch number.kind {
      case .card: return isCard
      case .student: return isStudent
      case .any: return isCard || isStudent
      }
    }
  }

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
        .repeatedRow, entries[row].fen, owedTo: .none, basis: basis(of: same[1], among: same),
        subject: same[1], rows: same, about: [], blamed: [])
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
    group(taking, by: label)
    joinKeyless()
    for collided in collisions { closeCollision(collided) }
  }

  /// Makes the rows of one label one group.
  mutating func group(_ taking: [Int], by label: [Int]) {
    groups = []
    var labels: [Int] = []
    for row in taking where !labels.contains(label[row]) { labels.append(label[row]) }
    for one in labels { addGroup(taking.filter { label[$0] == one }) }
  }

  // MARK: Keys

  /// "The reference of a batch": a serial that payments whose `own` differ share.
  func isReference(_ serial: KeyHash, of channel: Channel) -> Bool {
    let payments = entries.filter {
      $0.kind == .payment && $0.channel == channel && $0.serial == serial && $0.own != 0
    }
    return serial != 0 && payments.contains { one in payments.contains { $0.own != one.own } }
  }

  /// Whether a channel row's serial is a batch's, and joins nobody.
  func bearsReference(_ row: Int) -> Bool {
    isReference(entries[row].serial, of: entries[row].channel)
  }

  /// Whether a refund names its payment, or a reversal the row it takes back, by its `original`.
  func namesOriginal(_ row: Int, _ other: Int) -> Bool {
    let (a, b) = (entries[row], entries[other])
    if a.original == 0 { return false }
    if a.kind == .refund {
      return (b.kind == .payment || b.kind == .held) && a.channel == b.channel
        && a.original == b.serial && !bearsReference(other)
    }
    return a.kind == .reversal && (b.side == .ledger || b.kind == .held) && a.original == b.own
  }

  /// Whether two rows bear or quote one serial, and it is no batch's.
  func shareSerial(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    guard a.serial != 0, a.serial == b.serial else { return false }
    if a.side == .channel, b.side == .channel {
      return a.channel == b.channel && !bearsReference(left)
    }
    guard a.channel.fits(b.channel) else { return false }
    if a.side == .channel { return !bearsReference(left) }
    if b.side == .channel { return !bearsReference(right) }
    return !entries.contains { isReference(a.serial, of: $0.channel) && $0.channel.fits(a.channel) }
  }

  /// Whether one of two rows is held, which may quote the other's serial as a row of the ledger does.
  func holdsSerial(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    return (a.kind == .held || b.kind == .held) && a.serial != 0 && a.serial == b.serial
      && a.channel.fits(b.channel) && !bearsReference(left) && !bearsReference(right)
  }

  /// (a), (b) and (c). A held row may be in either book: it joins like both.
  private func areJoinedByStrongKeys(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    if a.order != 0, a.order == b.order { return true }
    if a.side == .channel, b.side == .channel, shareSerial(left, right) { return true }
    return namesOriginal(left, right)
  }

  private func quotesSerial(_ row: Int, of other: Int) -> Bool {
    let (a, b) = (entries[row], entries[other])
    guard a.serial != 0, b.side == .channel, a.channel.fits(b.channel),
      !isReference(a.serial, of: b.channel)
    else { return false }
    // "Or the `original` a refund names."
    return a.serial == b.serial || (b.kind == .refund && a.serial == b.original)
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

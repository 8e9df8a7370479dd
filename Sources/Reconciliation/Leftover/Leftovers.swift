internal import Columns
import Payments

extension Judge {
  /// Rules 4, 5, 7 and 8: what no group could answer tries weak evidence, then waits or accuses.
  mutating func judgeLeftovers() {
    completeReturned()
    let open = takeBack(joinReturned(sayTakenBack(joinByWeakEvidence())))
    var creditsOf: [Int: [Int32]] = [:]
    for pair in pairs { creditsOf[pair.group, default: []].append(pair.credit) }
    /// Whether a payment has another of its group that was credited, to nobody else.
    func isDuplicate(_ leftover: Leftover) -> Bool {
      creditsOf[leftover.group]?.contains { !differ(leftover.row, $0) } ?? false
    }
    let twins = creditedTwins(
      open.filter { kind($0.row) == .payment && !isDuplicate($0) })
    let moved = takenByMoves(open)
    for leftover in open where !moved.contains(leftover.row) {
      let (row, group) = (leftover.row, leftover.group)
      if groups[group].isHeld {
        wait(row)
        continue
      }
      let isTypedOutside = isOutsideByHand(row)
      if !isTypedOutside { judgement.unmet.append(row) }
      if let want = want(row, group: group) ?? wantOfRivals(row) {
        wait(row, for: want)
      } else if isTypedOutside {
        exclude(row, .unreconciledChannel)
      } else if kind(row) != .payment {
        accuse(
          group, creditsOf[group] == nil ? .creditedNotDebited : .duplicateCredit,
          fen: self.open(row), owedTo: .school, subject: row, wrong: [row])
      } else if isUnidentified(row) {
        accuse(
          group, .unidentifiedBankCredit, fen: self.open(row), owedTo: .unknown, subject: row,
          wrong: [row])
      } else if isDuplicate(leftover) {
        accuse(
          group, .duplicateDebit, fen: self.open(row), owedTo: .student, subject: row,
          wrong: [row])
      } else if let twin = twins[row] {
        accuse(
          group, .duplicateDebit, fen: self.open(row), owedTo: .student, basis: twin.basis,
          subject: row, besides: [twin.pair.payment, twin.pair.credit], wrong: [row])
      } else {
        accuse(
          group, .debitedNotCredited, fen: self.open(row), owedTo: .student, subject: row,
          wrong: [row])
      }
    }
  }

  /// Whether a row was typed in by hand, or taken back, for business that no statement tells: it goes with what
  /// answers it, and nobody is accused where nothing does.
  func isOutsideByHand(_ row: Int32) -> Bool {
    table.rule[Int(row)] == .unreconciledChannel
      && (kind(row) == .manualCredit || kind(row) == .reversal)
  }

  /// Whether a company paid and says neither for whom nor which order: it need not be a top-up.
  func isUnidentified(_ payment: Int32) -> Bool {
    table.company.contains(payment) && names(payment).isEmpty && table.order[Int(payment)] == 0
  }

  /// Payments whose credits were taken back, and that nothing posted again; the credits of the others answer no
  /// payment any more.
  ///
  /// - Returns: the other leftovers.
  private mutating func sayTakenBack(_ open: [Leftover]) -> [Leftover] {
    let rows = Set(open.map(\.row))
    for leftover in leftovers {
      guard let credit = leftover.takenBack, let reversal = returns(credit).last else { continue }
      guard rows.contains(leftover.row) else {
        returnedAlone.append(Leftover(row: credit, group: leftover.group))
        continue
      }
      if !groups[leftover.group].isHeld, let want = want(leftover.row, group: leftover.group) {
        // What posted it again may be in what is missing.
        for reversal in returns(credit) { wait(reversal, for: want) }
      } else {
        reversalNotRefunded(
          leftover.group, fen: self.open(leftover.row), reversal: reversal, payment: leftover.row,
          wrong: [leftover.row, credit] + returns(credit))
      }
    }
    return open.filter { $0.takenBack == nil }
  }

  /// A credited payment of another group that shows an open one to be a duplicate.
  struct Twin {
    var pair: Pair
    /// ``Basis/account`` or ``Basis/payer``.
    var basis: Basis
  }

  /// For each open payment the nearest credited payment of another group with the same amount
  /// within the duplicate window: of the same person, or else of the same payer where one of the
  /// two does not say for whom.
  private func creditedTwins(
    _ open: [Leftover]
  ) -> [Int32: Twin] {
    var byPerson: [(key: KeyHash, row: Int32)] = []
    var byPayer: [(key: KeyHash, row: Int32)] = []
    var nameless: [(key: KeyHash, row: Int32)] = []
    for (index, leftover) in open.enumerated() {
      for key in personsAndAmount(names(leftover.row), fen(leftover.row)) {
        byPerson.append((key, Int32(index)))
      }
      byPayer.append((payerAndAmount(table, Int(leftover.row)), Int32(index)))
      if names(leftover.row).isEmpty { nameless.append(byPayer[index]) }
    }
    let (people, payers) = (KeyIndex(byPerson), KeyIndex(byPayer))
    let namelessPayers = KeyIndex(nameless)
    var found: [Int32: Twin] = [:]
    guard !people.isEmpty || !payers.isEmpty else { return found }
    func consider(_ pair: Pair) {
      let mine = self.people(of: pair)
      // A payer proves nothing where both rows say for whom they paid.
      self.consider(pair, mine, open, people, mine.isEmpty ? payers : namelessPayers, &found)
    }
    for pair in pairs { consider(pair) }
    // Few of the many ordinary pairs share person or payer, and amount, with an open payment.
    let (table, partner, persons) = (self.table, assembly.partner, self.persons)
    let near = rows(table.count) { row in
      guard partner[row] >= 0, table.kind[row] == .payment else { return false }
      return payers.contains(payerAndAmount(table, row))
        || persons.isNamed(Int32(truncatingIfNeeded: row), in: people)
        || persons.isNamed(partner[row], in: people)
    }
    for row in near { consider(ordinaryPair(row)) }
    return found
  }

  /// The ordinary pair of a payment, as a value.
  func ordinaryPair(_ payment: Int32) -> Pair {
    Pair(
      payment: payment, credit: assembly.partner[Int(payment)], group: -1, basis: .order,
      isComplete: true)
  }

  @inline(__always)
  func payerAndAmount(_ table: EntryTable, _ row: Int) -> KeyHash {
    let payer = table.payer[row]
    if payer == 0 { return 0 }
    return mixed(
      mixed(payer, UInt64(table.channel[row].number)), UInt64(bitPattern: table.fen[row]))
  }

  /// The accounts a pair is for: those its payment names, else those of the card credited.
  func people(of pair: Pair) -> [KeyHash] {
    let named = names(pair.payment)
    return named.isEmpty ? names(pair.credit) : named
  }

  private func consider(
    _ pair: Pair, _ mine: [KeyHash], _ open: [Leftover], _ people: KeyIndex,
    _ payers: KeyIndex, _ found: inout [Int32: Twin]
  ) {
    for key in personsAndAmount(mine, fen(pair.payment)) {
      people.forEach(key) { index in
        let leftover = open[Int(index)]
        let time = max(time(pair.payment), time(leftover.row))
        guard persons.isSame(mine, names(leftover.row), at: time) else { return }
        offer(pair, .account, to: leftover, &found)
      }
    }
    payers.forEach(payerAndAmount(table, Int(pair.payment))) { index in
      offer(pair, .payer, to: open[Int(index)], &found)
    }
  }

  private func offer(
    _ pair: Pair, _ basis: Basis, to leftover: Leftover, _ found: inout [Int32: Twin]
  ) {
    let row = leftover.row
    guard pair.group != leftover.group, fen(pair.payment) == fen(row), !differ(row, pair.credit),
      distance(pair.payment, row) <= rules.duplicateWindowSeconds
    else { return }
    if let best = found[row] {
      if basis != best.basis {
        guard basis == .account else { return }
      } else {
        guard isNearer(pair.payment, than: best.pair.payment, to: row) else { return }
      }
    }
    found[row] = Twin(pair: pair, basis: basis)
  }
}

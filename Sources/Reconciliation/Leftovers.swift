internal import Columns
import Payments

extension Judge {
  /// Rules 4, 5, 7 and 8: what no group could answer tries weak evidence, then waits or accuses.
  mutating func judgeLeftovers() {
    let open = joinByWeakEvidence()
    let paired = Set(pairs.map(\.group))
    let twins = creditedTwins(
      open.filter { kind($0.row) == .payment && !paired.contains($0.group) })
    for (row, group) in open {
      if groups[group].isHeld {
        wait(row)
        continue
      }
      judgement.unmet.append(row)
      if let want = want(row, group: group) {
        wait(row, for: want)
      } else if kind(row) != .payment {
        accuse(
          group, paired.contains(group) ? .duplicateCredit : .creditedNotDebited,
          fen: self.open(row), owedTo: .school, subject: row, wrong: [row])
      } else if paired.contains(group) {
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
    _ open: [(row: Int32, group: Int)]
  ) -> [Int32: Twin] {
    var byPerson: [(key: KeyHash, row: Int32)] = []
    var byPayer: [(key: KeyHash, row: Int32)] = []
    for (index, leftover) in open.enumerated() {
      for key in personsAndAmount(names(leftover.row), fen(leftover.row)) {
        byPerson.append((key, Int32(index)))
      }
      byPayer.append((payerAndAmount(table, Int(leftover.row)), Int32(index)))
    }
    let (people, payers) = (KeyIndex(byPerson), KeyIndex(byPayer))
    var found: [Int32: Twin] = [:]
    guard !people.isEmpty || !payers.isEmpty else { return found }
    for pair in pairs {
      let keys = personsAndAmount(self.people(of: pair), fen(pair.payment))
      consider(pair, keys, open, people, payers, &found)
    }
    // Few of the many ordinary pairs share person or payer, and amount, with an open payment.
    let (table, partner) = (self.table, assembly.partner)
    let near = rows(table.count) { row in
      guard partner[row] >= 0, table.kind[row] == .payment else { return false }
      let fen = UInt64(bitPattern: table.fen[row])
      return payers.contains(payerAndAmount(table, row))
        || ordinaryPeople(row, credit: Int(partner[row])).contains {
          people.contains(mixed($0, fen))
        }
    }
    for row in near {
      let fen = UInt64(bitPattern: table.fen[Int(row)])
      let ordinary = ordinaryPeople(Int(row), credit: Int(partner[Int(row)]))
      consider(
        ordinaryPair(row), Set(ordinary.map { mixed($0, fen) }), open, people, payers, &found)
    }
    return found
  }

  /// The ordinary pair of a payment, as a value.
  func ordinaryPair(_ payment: Int32) -> Pair {
    Pair(
      payment: payment, credit: assembly.partner[Int(payment)], group: -1, basis: .order,
      isComplete: true)
  }

  @inline(__always)
  private func payerAndAmount(_ table: EntryTable, _ row: Int) -> KeyHash {
    let payer = table.payer[row]
    if payer == 0 { return 0 }
    return mixed(
      mixed(payer, UInt64(table.channel[row].number)), UInt64(bitPattern: table.fen[row]))
  }

  /// The accounts a pair is for: those its payment names, else those of the card credited.
  func people(of pair: Pair) -> AccountNames {
    let named = names(pair.payment)
    return named.isEmpty ? names(pair.credit) : named
  }

  /// The person, or the two, an ordinary pair is for: its payment names the one its credit names, or
  /// nobody; hardly ever two.
  ///
  /// Whoever wants the person of an ordinary row asks here: ``Persons`` has looked up only the cards of
  /// rows that are judged one by one.
  @inline(__always)
  func ordinaryPeople(_ payment: Int, credit: Int) -> AccountNames {
    if table.account[payment] != 0, table.student[payment] != 0 {
      return AccountNames(
        persons.person(table.account[payment]), persons.person(table.student[payment]))
    }
    let student = table.student[credit]
    if student != 0 { return AccountNames(persons.person(ofStudent: student), 0) }
    return AccountNames(persons.person(table.account[credit]), 0)
  }

  private func consider(
    _ pair: Pair, _ keys: Set<KeyHash>, _ open: [(row: Int32, group: Int)], _ people: KeyIndex,
    _ payers: KeyIndex, _ found: inout [Int32: Twin]
  ) {
    for key in keys {
      people.forEach(key) { offer(pair, .account, to: open[Int($0)], &found) }
    }
    payers.forEach(payerAndAmount(table, Int(pair.payment))) { index in
      let leftover = open[Int(index)]
      // A payer proves nothing where both rows say for whom they paid.
      guard names(leftover.row).isEmpty || self.people(of: pair).isEmpty else { return }
      offer(pair, .payer, to: leftover, &found)
    }
  }

  private func offer(
    _ pair: Pair, _ basis: Basis, to leftover: (row: Int32, group: Int),
    _ found: inout [Int32: Twin]
  ) {
    let row = leftover.row
    guard pair.group != leftover.group, fen(pair.payment) == fen(row),
      distance(pair.payment, row) <= rules.duplicateWindowSeconds
    else { return }
    if let best = found[row] {
      if basis != best.basis {
        guard basis == .account else { return }
      } else {
        let (mine, theirs) = (distance(pair.payment, row), distance(best.pair.payment, row))
        let isFirst = table.precedes(pair.payment, best.pair.payment)
        guard mine < theirs || mine == theirs && isFirst else { return }
      }
    }
    found[row] = Twin(pair: pair, basis: basis)
  }
}

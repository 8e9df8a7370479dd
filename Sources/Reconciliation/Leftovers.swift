import Payments

extension Judge {
  /// Rules 4, 5, 7 and 8: what no group could answer tries weak evidence, then waits or accuses.
  mutating func judgeLeftovers() {
    leftoverPayments.sort { table.precedes($0.row, $1.row) }
    leftoverCredits.sort { table.precedes($0.row, $1.row) }
    var openPayments = Set(leftoverPayments.indices)
    var openCredits = Set(leftoverCredits.indices)
    var weakRivals: [Int: Pair] = [:]
    var weakCreditRivals: [Int: Pair] = [:]
    let graph = weakGraph()
    for (payments, credits) in graph.components() {
      switch weigh(graph, payments: payments, credits: credits) {
      case .paired(let found):
        for (payment, credit) in found { pairWeakly(payment, credit) }
        openPayments.subtract(payments)
        openCredits.subtract(credits)
      case .surplus(let payment, let credit, let extraPayments, let extraCredits):
        let pair = pairWeakly(payment, credit)
        openPayments.remove(payment)
        openCredits.remove(credit)
        for extra in extraPayments { weakRivals[extra] = pair }
        for extra in extraCredits { weakCreditRivals[extra] = pair }
      case .ambiguous:
        listCandidates(payments, credits)
        openPayments.subtract(payments)
        openCredits.subtract(credits)
      }
    }
    accusePayments(openPayments.sorted(), weakRivals)
    accuseCredits(openCredits.sorted(), weakCreditRivals)
  }

  /// Joins two leftovers; the report says that the evidence was weak.
  @discardableResult
  private mutating func pairWeakly(_ payment: Int, _ credit: Int) -> Pair {
    let (p, c) = (leftoverPayments[payment], leftoverCredits[credit])
    let pair = Pair(
      payment: p.row, credit: c.row, group: assembly.group(p.group).min() ?? p.row, basis: .weak,
      isComplete: true)
    pairs.append(pair)
    judgement.weakMatches += 1
    put([p.row, c.row], in: .matched)
    noteLateness([pair], rows: [p.row, c.row])
    return pair
  }

  /// Several equally good candidates: all are listed, none is picked.
  private mutating func listCandidates(_ payments: [Int], _ credits: [Int]) {
    let paid = payments.map { leftoverPayments[$0] }
    let credited = credits.map { leftoverCredits[$0] }
    let rows = (paid + credited).map(\.row).sorted { table.precedes($0, $1) }
    let isDecidable =
      paid.allSatisfy { self.isDecidable(payment: $0.row) }
      && credited.allSatisfy { self.isDecidable(credit: $0.row) }
    guard isDecidable else {
      for leftover in paid { wait(payment: leftover.row) }
      for leftover in credited { wait(credit: leftover.row) }
      return
    }
    put(rows, in: .anomalous)
    report(
      .ambiguousMatch, fen: fen(rows[0]), owedTo: .unknown, basis: .weak, subject: rows[0],
      rows: rows)
  }

  private func isDecidable(payment row: Int32) -> Bool {
    coverage.ledgerCovers(
      from: time(row) - rules.clockToleranceSeconds,
      to: deadline(row))
  }

  private func isDecidable(credit row: Int32) -> Bool {
    coverage.channelCovers(
      channel(row), from: time(row) - rules.windowSeconds(channel(row)),
      to: time(row) + rules.clockToleranceSeconds)
  }

  private mutating func wait(payment row: Int32) {
    wait(row, until: deadline(row), forLedger: true)
  }

  private mutating func wait(credit row: Int32) {
    wait(row, until: time(row) + rules.clockToleranceSeconds, forLedger: false)
  }

  private mutating func accusePayments(_ open: [Int], _ weakRivals: [Int: Pair]) {
    let elsewhere = rivalsElsewhere(open)
    for index in open {
      let leftover = leftoverPayments[index]
      let row = leftover.row
      guard isDecidable(payment: row) else {
        // A date in the future is itself the finding: no later statement will explain it.
        if time(row) < horizon { wait(payment: row) } else { put([row], in: .anomalous) }
        continue
      }
      put([row], in: .anomalous)
      var rows = Set(assembly.group(leftover.group))
      if leftover.rival != nil {
        report(
          .duplicateDebit, fen: leftover.fen, owedTo: .student,
          basis: basis(of: row), subject: row, rows: rows)
      } else if let (pair, basis) = weakRivals[index].map({ ($0, Basis.weak) })
        ?? elsewhere[index]
      {
        rows.formUnion([pair.payment, pair.credit])
        report(
          .duplicateDebit, fen: leftover.fen, owedTo: .student, basis: basis, subject: row,
          rows: rows)
      } else {
        report(
          .debitedNotCredited, fen: leftover.fen, owedTo: .student, basis: basis(of: row),
          subject: row, rows: rows)
      }
    }
  }

  private mutating func accuseCredits(_ open: [Int], _ weakRivals: [Int: Pair]) {
    for index in open {
      let leftover = leftoverCredits[index]
      let row = leftover.row
      guard isDecidable(credit: row) else {
        if time(row) < horizon { wait(credit: row) } else { put([row], in: .anomalous) }
        continue
      }
      put([row], in: .anomalous)
      var rows = Set(assembly.group(leftover.group))
      let isSurplus = leftover.rival != nil || weakRivals[index] != nil
      if let pair = weakRivals[index] { rows.formUnion([pair.payment, pair.credit]) }
      report(
        isSurplus ? .duplicateCredit : .creditedNotDebited, fen: leftover.fen, owedTo: .school,
        basis: leftover.rival == nil && isSurplus ? .weak : basis(of: row), subject: row,
        rows: rows)
    }
  }

  /// For each open payment the credited payment of another group that shows it to be a duplicate:
  /// same amount, same person or payer, within the duplicate window; the nearest in time.
  private mutating func rivalsElsewhere(_ open: [Int]) -> [Int: (Pair, Basis)] {
    var byPerson: [(key: KeyHash, row: Int32)] = []
    var byPayer: [(key: KeyHash, row: Int32)] = []
    for index in open {
      let row = Int(leftoverPayments[index].row)
      let amount = UInt64(bitPattern: table.fen[row])
      if table.account[row] != 0 {
        byPerson.append((mixed(persons.person(table.account[row]), amount), Int32(index)))
      }
      if table.payer[row] != 0 { byPayer.append((payerAndAmount(row), Int32(index))) }
    }
    let (people, payers) = (KeyIndex(byPerson), KeyIndex(byPayer))
    var found: [Int: (Pair, Basis)] = [:]
    guard !people.isEmpty || !payers.isEmpty else { return found }
    for pair in pairs { consider(pair, people, payers, &found) }
    for row in 0..<table.count where table.kind[row] == .payment && assembly.partner[row] >= 0 {
      consider(
        Pair(
          payment: Int32(row), credit: assembly.partner[row], group: Int32(row), basis: .order,
          isComplete: true), people, payers, &found)
    }
    return found
  }

  private func payerAndAmount(_ row: Int) -> KeyHash {
    table.payer[row] == 0
      ? 0
      : mixed(
        mixed(table.payer[row], UInt64(table.channel[row].rawValue)),
        UInt64(bitPattern: table.fen[row]))
  }

  private mutating func consider(
    _ pair: Pair, _ people: KeyIndex, _ payers: KeyIndex, _ found: inout [Int: (Pair, Basis)]
  ) {
    var candidates: [(index: Int, basis: Basis)] = []
    people.forEach(personAndAmount(pair)) { candidates.append((Int($0), .account)) }
    payers.forEach(payerAndAmount(Int(pair.payment))) { candidates.append((Int($0), .payer)) }
    for (index, basis) in candidates {
      let row = leftoverPayments[index].row
      guard row != pair.payment,
        abs(time(row) - time(pair.payment)) <= rules.duplicateWindowSeconds
      else { continue }
      // A payer proves nothing where both rows say for whom they paid.
      if basis == .payer, table.account[Int(row)] != 0, person(of: pair) != 0 { continue }
      if let (best, bestBasis) = found[index], !isBetter(pair, basis, than: best, bestBasis, row) {
        continue
      }
      found[index] = (pair, basis)
    }
  }

  private func isBetter(
    _ pair: Pair, _ basis: Basis, than best: Pair, _ bestBasis: Basis, _ row: Int32
  ) -> Bool {
    if basis != bestBasis { return basis == .account }
    let (distance, bestDistance) = (
      abs(time(row) - time(pair.payment)), abs(time(row) - time(best.payment))
    )
    if distance != bestDistance { return distance < bestDistance }
    return table.precedes(pair.payment, best.payment)
  }
}

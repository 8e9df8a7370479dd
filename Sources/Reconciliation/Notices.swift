import Payments

extension Judge {
  /// What may stand beside another finding: lateness, clocks, hands, limits, contradicting serials.
  mutating func judgeNotices(
    _ group: inout GroupCase, _ groupPairs: [Pair], _ explained: [Int32: Int64]
  ) {
    noteLateness(groupPairs, rows: group.rows)
    if let manual = group.credits.first(where: { kind($0) == .manualCredit }) {
      report(
        .manualEntry, fen: fen(manual), owedTo: .none, basis: basis(of: manual),
        subject: manual, rows: group.rows)
    }
    noteLimit(group, explained)
    noteImpossibleTimes(group, groupPairs)
    noteConflict(&group, groupPairs)
  }

  /// The first pair whose credit broke the promise.
  mutating func noteLateness(_ candidates: [Pair], rows: [Int32]) {
    let late = candidates.first {
      rules.isLate(
        paidAt: latest($0.payment), creditedAt: time($0.credit), channel: channel($0.payment))
    }
    guard let late else { return }
    report(
      .lateCredit, fen: fen(late.payment), owedTo: .none, basis: late.basis,
      subject: late.credit, rows: rows)
  }

  private mutating func noteLimit(_ group: GroupCase, _ explained: [Int32: Int64]) {
    guard let limit = rules.singleLimitFen else { return }
    let over = group.payments.indices.first { index in
      let payment = group.payments[index]
      return (explained[payment] ?? fen(payment)) > limit && group.refunded[index] < fen(payment)
    }
    guard let over else { return }
    let payment = group.payments[over]
    report(
      .limitExceeded, fen: fen(payment), owedTo: .none, basis: basis(of: payment),
      subject: payment, rows: group.rows)
  }

  private mutating func noteImpossibleTimes(_ group: GroupCase, _ groupPairs: [Pair]) {
    let future = group.rows.first { row in
      switch kind(row) {
      case .payment, .refund, .credit, .manualCredit, .reversal: time(row) >= horizon
      default: false
      }
    }
    if let future {
      report(
        .timeImpossible, fen: fen(future), owedTo: .none, basis: basis(of: future),
        subject: future, rows: group.rows)
      return
    }
    guard !group.hasLoss else { return }
    let early = groupPairs.first {
      time($0.credit) < time($0.payment) - rules.clockToleranceSeconds
    }
    guard let early else { return }
    report(
      .timeImpossible, fen: fen(early.credit), owedTo: .none, basis: early.basis,
      subject: early.credit, rows: group.rows)
  }

  /// The same order on both sides, but the ledger quotes a serial the channel never gave.
  private mutating func noteConflict(_ group: inout GroupCase, _ groupPairs: [Pair]) {
    guard !group.isAccused, !group.isWaiting, !group.isHeld else { return }
    let serials = (group.payments + group.refunds).map { table.serial[Int($0)] }
    let conflict = groupPairs.first { pair in
      let quoted = table.serial[Int(pair.credit)]
      return quoted != 0 && pair.basis == .order && !serials.contains(quoted)
        && serials.contains { $0 != 0 }
    }
    guard let conflict else { return }
    accuse(
      &group, .keyConflict, fen: fen(conflict.credit), owedTo: .unknown,
      subject: conflict.credit, wrong: group.payments + group.credits)
  }

  /// Rule 6: both sides complete twice over for one person and amount within the window.
  mutating func suspectDuplicates() {
    var complete = pairs.filter(\.isComplete)
    for row in 0..<table.count where table.kind[row] == .payment && assembly.partner[row] >= 0 {
      complete.append(
        Pair(
          payment: Int32(row), credit: assembly.partner[row], group: Int32(row), basis: .order,
          isComplete: true))
    }
    let partitions = KeyPartitions(count: complete.count) { index in
      personAndAmount(complete[index])
    }
    partitions.forEachCluster { cluster in
      let sorted = cluster.map { complete[Int($0)] }.sorted {
        table.precedes($0.payment, $1.payment)
      }
      var start = 0
      while start < sorted.count {
        var end = start + 1
        while end < sorted.count,
          time(sorted[end].payment) - time(sorted[end - 1].payment)
            <= rules.duplicateWindowSeconds
        {
          end += 1
        }
        suspect(Array(sorted[start..<end]))
        start = end
      }
    }
  }

  private mutating func suspect(_ run: [Pair]) {
    guard let first = run.first,
      let second = run.first(where: { $0.group != first.group })
    else { return }
    report(
      .suspectedDuplicateDebit, fen: fen(second.payment), owedTo: .unknown, basis: .account,
      subject: second.payment, rows: run.flatMap { [$0.payment, $0.credit] })
  }

  /// One key for the person a pair is for and its amount.
  mutating func personAndAmount(_ pair: Pair) -> KeyHash {
    let person = person(of: pair)
    return person == 0 ? 0 : mixed(person, UInt64(bitPattern: fen(pair.payment)))
  }

  /// The person a pair is for: whom the payment names, else whose card was credited.
  mutating func person(of pair: Pair) -> KeyHash {
    let (payment, credit) = (Int(pair.payment), Int(pair.credit))
    let account = [table.account[payment], table.account[credit], table.student[credit]]
      .first { $0 != 0 }
    return persons.person(account ?? 0)
  }
}

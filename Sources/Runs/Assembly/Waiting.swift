internal import Columns
internal import Payments
internal import Statements

// Rows that wait, and pairs that no serial joins.

extension ReportAssembly {
  func pending() throws -> [ReportedPending] {
    var items: [ReportedPending] = []
    for item in judgement.pending where concerns?(Int(item.row)) ?? true {
      items.append(try describe(item))
    }
    return items.sorted { left, right in
      if left.time != right.time { return left.time < right.time }
      let (a, b) = (
        [left.channelSerial, left.ledgerSerial, left.merchantOrder].map { $0 ?? "" },
        [right.channelSerial, right.ledgerSerial, right.merchantOrder].map { $0 ?? "" }
      )
      if a != b { return a.lexicographicallyPrecedes(b) }
      return left.amountFen < right.amountFen
    }
  }

  /// A row that waits, with its serials.
  func describe(_ item: Pending) throws -> ReportedPending {
    let entries = intake.entries
    let row = Int(item.row)
    let evidence = try intake.evidence(row)
    let channel = entries.channel[row]
    var pending = ReportedPending(
      channel: channel == .unknown ? nil : channel, channelSerial: evidence.serial,
      merchantOrder: evidence.order, ledgerSerial: evidence.ledgerSerial,
      amountFen: entries.fen[row], time: Timestamp(seconds: Int64(entries.time[row])),
      decidedBy: decidingDay(item), waitsForLedger: item.waitsForLedger)
    pending.waitsFor = item.want
    return pending
  }

  /// The day whose statements decide a row: that of the book it waits for, which may end before midnight.
  private func decidingDay(_ item: Pending) -> BusinessDay {
    guard let want = item.want, let cut = cuts[want.book ?? Book(side: .ledger)] else {
      return item.decidedBy
    }
    return cut.day(of: Timestamp(seconds: want.to))
  }

  func weakMatches() throws -> [ReportedWeakMatch] {
    let entries = intake.entries
    let concerned = judgement.weakMatches.filter { match in
      concerns?(Int(match.first)) ?? true
    }
    let items = try concerned.map { match in
      let (payment, credit) = (Int(match.first), Int(match.second))
      let channel = entries.channel[payment]
      return ReportedWeakMatch(
        channel: channel == .unknown ? nil : channel,
        channelSerial: try intake.evidence(payment).serial,
        ledgerSerial: try intake.evidence(credit).ledgerSerial, amountFen: entries.fen[payment],
        paidAt: Timestamp(seconds: Int64(entries.time[payment])),
        creditedAt: Timestamp(seconds: Int64(entries.time[credit])))
    }
    return items.sorted { left, right in
      if left.paidAt != right.paidAt { return left.paidAt < right.paidAt }
      let a = (left.channelSerial ?? "", left.ledgerSerial ?? "")
      return a < (right.channelSerial ?? "", right.ledgerSerial ?? "")
    }
  }
}

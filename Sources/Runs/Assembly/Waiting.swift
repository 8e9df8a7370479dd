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
      merchantOrder: evidence.order,
      ledgerSerial: evidence.line.side == .ledger ? evidence.ledgerSerial : nil,
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
      let channel = entries.channel[Int(match.first)]
      return ReportedWeakMatch(
        channel: channel == .unknown ? nil : channel, amountFen: entries.fen[Int(match.first)],
        first: try describe(match.first), second: try describe(match.second))
    }
    func key(_ row: ReportedWeakMatch.Row) -> (Timestamp, String) { (row.time, row.serial ?? "") }
    return items.sorted { left, right in
      if key(left.first) != key(right.first) { return key(left.first) < key(right.first) }
      return key(left.second) < key(right.second)
    }
  }

  private func describe(_ row: Int32) throws -> ReportedWeakMatch.Row {
    let entries = intake.entries
    let evidence = try intake.evidence(Int(row))
    let kind = entries.kind[Int(row)]
    return ReportedWeakMatch.Row(
      kind: kind,
      serial: kind.isChannelMoney
        ? (kind == .refund ? evidence.refundSerial : nil) ?? evidence.serial
        : evidence.ledgerSerial,
      time: Timestamp(seconds: Int64(entries.time[Int(row)])))
  }
}

internal import Columns
internal import Payments

/// Leg 3, from the channel's account to the bank (page *Settlement*).
struct PayoutJudge {
  let table: EntryTable
  let account: SettlementAccount
  let calendar: SettlementCalendar
  let night: SettlementNight
  private(set) var result = SettlementJudgement()
  private var sums = LegSums()

  init(
    table: EntryTable, account: SettlementAccount, calendar: SettlementCalendar,
    night: SettlementNight
  ) {
    (self.table, self.account, self.calendar, self.night) = (table, account, calendar, night)
  }

  mutating func judge() {
    // Without a bank's book nothing can be said of what arrives, without an account's only what the bills come to.
    guard !account.bankSpans.isEmpty else { return }
    guard account.hasFunds else {
      judgeNets()
      return
    }
    let sent = table.payouts(account.funds.filter { table.flow[Int($0)] == .withdrawal })
    let arrived = table.payouts(account.lines.filter { table.flow[Int($0)] == .settlementIn })
    let leg = PayoutLeg(
      sent: sent.filter { night.isUnsettled($0.row) },
      arrived: arrived.filter { night.isUnsettled($0.row) }, calendar)
    for item in sent {
      let tally = tally([item.row])
      if night.isOwn(item.row) { sums.sent = sums.sent + tally }
      if isOpening(item.row) { sums.opening = sums.opening + tally }
    }
    sums.arrived = tally(arrived.map(\.row).filter(night.isOwn))
    for match in leg.matches {
      count(match.sent, \.matched)
      result.payouts.append((match.sent, match.arrived))
      result.arrivedRows += match.sent + match.arrived
    }
    judgeRest(leg)
    result.sums[.bank] = sums
  }

  /// Whether it was on its way when the night began; what is accused is no longer.
  private func isOpening(_ row: Int32) -> Bool {
    !night.isOwn(row) && night.waiting.contains(row) && !night.accused.contains(row)
  }

  /// Counts what was sent tonight or was on its way; what was accused before and has arrived is late.
  private mutating func count(_ rows: [Int32], _ place: WritableKeyPath<LegSums, Tally>) {
    for row in rows {
      let tally = tally([row])
      if night.isOwn(row) || isOpening(row) {
        sums[keyPath: place] = sums[keyPath: place] + tally
      } else if place == \.matched {
        sums.late = sums.late + tally
      }
    }
  }

  private mutating func judgeRest(_ leg: PayoutLeg) {
    var (lost, strange) = (leg.sent, leg.arrived)
    // What an unproven line may be the money of, perhaps with others nobody knows of, waits with it.
    let unproven = strange.filter { !isProven($0) }
    if let pair = differing(leg) {
      lost.removeAll { $0 == pair.sent }
      strange.removeAll { $0 == pair.arrived }
      count([pair.sent.row], \.open)
      result.note(
        .settlementMismatch, .bank, pair.arrived.fen - pair.sent.fen,
        rows: [pair.sent.row, pair.arrived.row])
    }
    for item in lost {
      let isAsked = unproven.contains { leg.mayPay($0, item) }
      guard isDue(item), isBankThere(item), !isAsked else {
        count([item.row], isDue(item) ? \.notProven : \.inTransit)
        let stretch = isAsked ? self.stretch(of: item) : (item.time, end(of: item))
        result.waits.append(
          LegWait(
            row: item.row, leg: .bank, book: isAsked ? .funds : .bank, from: stretch.0,
            to: stretch.1))
        continue
      }
      count([item.row], \.open)
      result.findings.append(
        LegFinding(
          kind: .settlementMissing, leg: .bank, fen: item.fen, owedTo: .school,
          subject: item.row, rows: [item.row]))
    }
    for item in strange { judgeStrange(item, leg) }
  }

  /// The only withdrawal that is due and not there, and the only line that may be its money though its amount is
  /// another.
  private func differing(
    _ leg: PayoutLeg
  ) -> (sent: PayoutLeg.Item, arrived: PayoutLeg.Item)? {
    let due = leg.sent.filter { isDue($0) && isBankThere($0) }
    let lines = leg.arrived.filter { line in due.contains { leg.mayPay(line, $0) } }
    guard due.count == 1, lines.count == 1, isProven(lines[0]) else { return nil }
    return (due[0], lines[0])
  }

  /// The last second of a withdrawal's due day.
  private func end(of item: PayoutLeg.Item) -> Int64 {
    calendar.due(item.day).adding(1).start.seconds - 1
  }

  private func isDue(_ item: PayoutLeg.Item) -> Bool { end(of: item) < night.end }

  private func isBankThere(_ item: PayoutLeg.Item) -> Bool {
    account.areBanksCovered(from: item.time, to: end(of: item))
  }

  /// A line that nobody sent, or that pays a second time.
  private mutating func judgeStrange(_ item: PayoutLeg.Item, _ leg: PayoutLeg) {
    guard isProven(item) else {
      let (from, to) = stretch(of: item)
      result.waits.append(LegWait(row: item.row, leg: .bank, book: .funds, from: from, to: to))
      return
    }
    if night.isOwn(item.row) { sums.unexplained = sums.unexplained + tally([item.row]) }
    let twin = leg.matches.last { match in
      match.arrived.count == 1 && table.fen[Int(match.arrived[0])] == item.fen
        && leg.mayPay(item, table.payout(match.sent[0]))
    }
    result.findings.append(
      LegFinding(
        kind: .unidentifiedBankCredit, leg: .bank, fen: item.fen,
        owedTo: twin == nil ? .unknown : .channel, subject: item.row,
        rows: (twin?.arrived ?? []) + [item.row]))
  }

  /// The time in which a line's withdrawal can have been made.
  private func stretch(of item: PayoutLeg.Item) -> (Int64, Int64) {
    let first = calendar.day(-PayoutLeg.late - calendar.days, after: item.day)
    return (
      first.start.seconds,
      item.isDayOnly ? item.day.adding(1).start.seconds - 1 : item.time
    )
  }

  /// Whether every withdrawal a line can be of is known.
  private func isProven(_ item: PayoutLeg.Item) -> Bool {
    let (from, to) = stretch(of: item)
    return account.covers(account.lineSpans ?? account.fundSpans, from: from, to: to)
  }

  // MARK: - Without a fund book

  /// Notes which days a line pays; none where nothing says.
  mutating func note(explained line: PayoutLeg.Item, by days: [(BusinessDay, Int64)]) {
    result.nets.append(
      NetPayout(line: line.row, days: days.map { NetPayout.Day(day: $0.0, fen: $0.1) }))
    if !days.isEmpty { result.arrivedRows.append(line.row) }
  }

  /// Notes a line that different days would explain.
  mutating func noteAmbiguous(_ line: PayoutLeg.Item) {
    result.findings.append(
      LegFinding(
        kind: .ambiguousMatch, leg: .bank, fen: line.fen, owedTo: .unknown, subject: line.row,
        rows: [line.row]))
  }

  mutating func finish(nets sums: LegSums) { result.sums[.bank] = sums }

  private func tally(_ rows: [Int32]) -> Tally {
    Tally(rows: rows.count, fen: rows.reduce(Int128(0)) { $0 + Int128(table.fen[Int($1)]) })
  }
}

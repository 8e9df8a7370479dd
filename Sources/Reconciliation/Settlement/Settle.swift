internal import Columns
public import Payments

/// Judges the legs behind the bill for one account of a channel: a pure function of rows, coverage and terms
/// (page *Settlement*).
///
/// - Parameter table: every row of every accepted statement; what the account has of it is named by row.
public func settle(
  _ table: EntryTable, _ account: SettlementAccount, _ calendar: SettlementCalendar
) -> SettlementJudgement {
  var judge = SettlementJudge(table: table, account: account, calendar: calendar)
  judge.judgeAccount()
  judge.judgeFees()
  judge.judgePayouts()
  return judge.finish()
}

/// The state of judging one account.
struct SettlementJudge {
  let table: EntryTable
  let account: SettlementAccount
  let calendar: SettlementCalendar
  private(set) var result = SettlementJudgement()
  private var events: [FundLeg.Event] = []

  /// How long the account may take to tell what the bill told.
  static let reach: Int64 = 1_800
  /// How much earlier it may be.
  static let tolerance: Int64 = 60

  init(table: EntryTable, account: SettlementAccount, calendar: SettlementCalendar) {
    (self.table, self.account, self.calendar) = (table, account, calendar)
    events = FundLeg.events(
      table, trade: account.trade,
      funds: account.funds.filter { FundLeg.isAbout(table.flow[Int($0)]) })
  }

  // MARK: - Leg 2

  mutating func judgeAccount() {
    guard account.hasFunds else { return }
    var sums = LegSums()
    let billed = Set(account.trade.map { table.serial[Int($0)] })
    for event in events {
      // Fees of something the bill knows by the same serial are judged with it.
      if event.isOnlyFees, event.funds.contains(where: { billed.contains(table.serial[Int($0)]) }) {
        continue
      }
      sums.sent = sums.sent + Tally(rows: event.trade.count, fen: Int128(event.gross))
      let paid = event.funds.filter { isGross(Int($0)) }.count
      sums.arrived = sums.arrived + Tally(rows: paid, fen: Int128(event.paid))
      if event.trade.isEmpty {
        judgeUnasked(event)
      } else if !event.hasPaid {
        judgeMissing(event, &sums)
      } else {
        let tally = Tally(rows: event.trade.count, fen: Int128(event.gross))
        if event.paid == event.gross {
          sums.matched = sums.matched + tally
        } else {
          sums.open = sums.open + tally
          note(
            .settlementMismatch, .account, event.paid - event.gross,
            rows: event.trade + event.funds)
        }
      }
    }
    result.sums[.account] = sums
  }

  private func isGross(_ row: Int) -> Bool {
    table.flow[row] == .payment || table.flow[row] == .refund
  }

  /// The bill tells it, the account does not.
  private mutating func judgeMissing(_ event: FundLeg.Event, _ sums: inout LegSums) {
    for row in event.trade {
      let (time, fen) = (Int64(table.time[Int(row)]), table.fen[Int(row)])
      let isRefund = table.kind[Int(row)] == .refund
      let tally = Tally(rows: 1, fen: Int128(isRefund ? -fen : fen))
      let end = time + SettlementJudge.reach
      guard covers(account.fundSpans, from: time, to: end) else {
        sums.inTransit = sums.inTransit + tally
        result.waits.append(
          LegWait(row: row, leg: .account, book: .funds, from: time, to: end))
        continue
      }
      sums.open = sums.open + tally
      result.findings.append(
        LegFinding(
          kind: .fundRowMissing, leg: .account, fen: fen, owedTo: isRefund ? .channel : .school,
          subject: row, rows: event.trade))
    }
  }

  /// The account tells it, the bill does not.
  private mutating func judgeUnasked(_ event: FundLeg.Event) {
    guard event.hasPaid || event.taken != 0, let first = event.funds.first else { return }
    let times = event.funds.map { Int64(table.time[Int($0)]) }
    let from = (times.min() ?? 0) - SettlementJudge.reach
    let to = (times.max() ?? 0) + SettlementJudge.tolerance
    guard covers(account.tradeSpans, from: from, to: to) else {
      result.waits.append(LegWait(row: first, leg: .account, book: .trade, from: from, to: to))
      return
    }
    note(
      .settlementMismatch, .account, event.hasPaid ? event.paid : -event.taken,
      rows: event.funds)
  }

  // MARK: - Fees

  /// A payment with all its refunds: accounts may write the payment's serial on what is given back of its fee.
  private struct Charged {
    var trade: [Int32] = []
    var funds: [Int32] = []
    /// Fees of the bill in 1/100,000 yuan, and those on the account in fen.
    var fee: Int64 = 0
    var taken: Int64 = 0
    var isOnAccount = true
  }

  /// The payments of the bill by their serials, in its order.
  private func charged() -> [Charged] {
    var places: [KeyHash: Int] = [:]
    var found: [Charged] = []
    for event in events where !event.trade.isEmpty {
      let serial = table.serial[Int(event.trade[0])]
      let place = places[serial] ?? found.count
      if place == found.count {
        places[serial] = place
        found.append(Charged())
      }
      found[place].trade += event.trade
      found[place].funds += event.funds
      found[place].fee += event.fee
      found[place].taken += event.taken
      found[place].isOnAccount = found[place].isOnAccount && event.hasPaid
    }
    for event in events where event.isOnlyFees {
      guard let first = event.funds.first, let place = places[table.serial[Int(first)]] else {
        continue
      }
      found[place].funds += event.funds
      found[place].taken += event.taken
    }
    return found
  }

  mutating func judgeFees() {
    for payment in charged() {
      let first = Int(payment.trade[0])
      let day = Timestamp(seconds: Int64(table.time[first])).day
      let contract = account.contracts.holding(on: day)
      guard contract != nil || payment.trade.allSatisfy({ table.rate[Int($0)] != 0 }) else {
        continue
      }
      let isOnAccount = account.hasFunds && payment.isOnAccount
      let actual = isOnAccount ? payment.taken : wholeFen(ofFee: payment.fee)
      let roundings: [FeeContract.Rounding] =
        contract.map { [$0.rounding] } ?? [.halfUp, .down, .up]
      let expected = roundings.map { rounding in
        payment.trade.reduce(Int64(0)) { $0 + fee(of: Int($1), contract, rounding) }
      }
      guard !expected.contains(actual) else { continue }
      let difference = actual - expected[0]
      result.findings.append(
        LegFinding(
          kind: .feeMismatch, leg: .account, fen: abs(difference),
          owedTo: difference > 0 ? .school : .channel, subject: payment.trade[0],
          rows: payment.trade + payment.funds))
    }
  }

  /// The fee of a row in fen; negative what is to be given back.
  private func fee(
    of row: Int, _ contract: FeeContract?, _ rounding: FeeContract.Rounding
  ) -> Int64 {
    let isRefund = table.kind[row] == .refund
    if isRefund, contract?.returnsFees == false { return 0 }
    let fee = FeeContract.fee(
      of: table.fen[row], rate: contract?.rate ?? table.rate[row], rounding)
    return isRefund ? -fee : fee
  }

  // MARK: - Leg 3

  mutating func judgePayouts() {
    guard account.hasFunds else { return }
    let sent = items(account.funds.filter { table.flow[Int($0)] == .withdrawal })
    let arrived = items(account.lines.filter { table.flow[Int($0)] == .settlementIn })
    let leg = PayoutLeg(sent: sent, arrived: arrived, calendar)
    var sums = LegSums()
    func tally(_ rows: [Int32]) -> Tally {
      Tally(rows: rows.count, fen: rows.reduce(Int128(0)) { $0 + Int128(table.fen[Int($1)]) })
    }
    (sums.sent, sums.arrived) = (tally(sent.map(\.row)), tally(arrived.map(\.row)))
    for match in leg.matches {
      sums.matched = sums.matched + tally(match.sent)
      result.payouts.append((match.sent, match.arrived))
    }
    var (lost, strange) = (leg.sent, leg.arrived)
    if let pair = differing(leg) {
      lost.removeAll { $0 == pair.sent }
      strange.removeAll { $0 == pair.arrived }
      sums.open = sums.open + tally([pair.sent.row])
      note(
        .settlementMismatch, .bank, pair.arrived.fen - pair.sent.fen,
        rows: [pair.sent.row, pair.arrived.row])
    }
    for item in lost {
      let due = calendar.due(item.day)
      let end = due.adding(1).start.seconds - 1
      guard isBankCovered(from: item.time, to: end) else {
        sums.inTransit = sums.inTransit + tally([item.row])
        result.waits.append(
          LegWait(row: item.row, leg: .bank, book: .bank, from: item.time, to: end))
        continue
      }
      sums.open = sums.open + tally([item.row])
      result.findings.append(
        LegFinding(
          kind: .settlementMissing, leg: .bank, fen: item.fen, owedTo: .school,
          subject: item.row, rows: [item.row]))
    }
    for item in strange { judgeStrange(item, leg, &sums) }
    result.sums[.bank] = sums
  }

  /// One withdrawal and one line that nobody else can belong to, of other amounts.
  private func differing(
    _ leg: PayoutLeg
  ) -> (sent: PayoutLeg.Item, arrived: PayoutLeg.Item)? {
    let pairs = leg.sent.flatMap { sent in
      leg.arrived.filter { leg.mayPay($0, sent) }.map { (sent, $0) }
    }
    guard pairs.count == 1, let pair = pairs.first,
      isBankCovered(
        from: pair.0.time, to: calendar.due(pair.0.day).adding(1).start.seconds - 1)
    else { return nil }
    return pair
  }

  /// A line that nobody sent, or that pays a second time.
  private mutating func judgeStrange(
    _ item: PayoutLeg.Item, _ leg: PayoutLeg, _ sums: inout LegSums
  ) {
    let from = calendar.day(-5, after: item.day).start.seconds
    let to = item.isDayOnly ? item.day.adding(1).start.seconds - 1 : item.time
    guard covers(account.fundSpans, from: from, to: to) else {
      result.waits.append(LegWait(row: item.row, leg: .bank, book: .funds, from: from, to: to))
      return
    }
    sums.unexplained = sums.unexplained + Tally(rows: 1, fen: Int128(item.fen))
    let twin = leg.matches.last { match in
      match.arrived.count == 1 && table.fen[Int(match.arrived[0])] == item.fen
        && leg.mayPay(item, self.item(match.sent[0]))
    }
    result.findings.append(
      LegFinding(
        kind: .unidentifiedBankCredit, leg: .bank, fen: item.fen,
        owedTo: twin == nil ? .unknown : .channel, subject: item.row,
        rows: [item.row] + (twin?.arrived ?? [])))
  }

  private func item(_ row: Int32) -> PayoutLeg.Item {
    let time = Int64(table.time[Int(row)])
    return PayoutLeg.Item(
      row: row, fen: table.fen[Int(row)], day: Timestamp(seconds: time).day, time: time,
      isDayOnly: table.dayOnly.contains(row))
  }

  /// Items in order of time.
  private func items(_ rows: [Int32]) -> [PayoutLeg.Item] {
    rows.map(item).sorted {
      ($0.time, $0.fen, table.serial[Int($0.row)], table.line[Int($0.row)])
        < ($1.time, $1.fen, table.serial[Int($1.row)], table.line[Int($1.row)])
    }
  }

  // MARK: - Coverage and words

  private func covers(_ spans: [TimeSpan], from: Int64, to: Int64) -> Bool {
    spans.contains { $0.start.seconds <= from && to < $0.end.seconds }
  }

  private func isBankCovered(from: Int64, to: Int64) -> Bool {
    !account.bankSpans.isEmpty
      && account.bankSpans.allSatisfy { covers($0, from: from, to: to) }
  }

  /// Notes a difference: what arrived less what was sent.
  private mutating func note(
    _ kind: AnomalyKind, _ leg: Leg, _ difference: Int64, rows: [Int32]
  ) {
    result.findings.append(
      LegFinding(
        kind: kind, leg: leg, fen: abs(difference),
        owedTo: difference < 0 ? .school : .channel, subject: rows[0], rows: rows))
  }

  consuming func finish() -> SettlementJudgement { result }
}

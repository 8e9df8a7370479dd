internal import Columns
internal import Payments

/// Leg 2, from the bill to the channel's account, and the fee (page *Settlement*).
struct AccountJudge {
  let table: EntryTable
  let account: SettlementAccount
  let night: SettlementNight
  private(set) var result = SettlementJudgement()
  private var sums = LegSums()
  private var events: [FundLeg.Event] = []
  private var fees = FeeLines()

  /// How long the account may take to tell what the bill told.
  static let reach: Int64 = 1_800
  /// How much earlier it may be.
  static let tolerance: Int64 = 60

  init(table: EntryTable, account: SettlementAccount, night: SettlementNight) {
    (self.table, self.account, self.night) = (table, account, night)
  }

  mutating func judge() {
    let hasTerms = !account.contracts.isEmpty || account.trade.contains { table.rate[Int($0)] != 0 }
    guard account.hasFunds || hasTerms else { return }
    let funds = account.funds.filter { FundLeg.isAbout(table.flow[Int($0)]) }
    var ordinary = OrdinaryEvents(
      table, trade: account.trade, funds: funds, hasFunds: account.hasFunds)
    setAside(&ordinary)
    events = FundLeg.events(table, trade: ordinary.trade, funds: ordinary.funds)
    judgeEvents()
    judgeFees()
    for place in result.findings.indices {
      result.findings[place].rows = table.byContent(result.findings[place].rows)
    }
    result.fees = fees.lines
    if account.hasFunds { result.sums[.account] = sums }
  }

  // MARK: - Ordinary payments

  private mutating func setAside(_ ordinary: inout OrdinaryEvents) {
    let contracts = ContractFinder(account.contracts)
    var (sums, fees, arrived) = (self.sums, self.fees, result.arrivedRows)
    var late: [[Int32]] = []
    ordinary.settle(
      where: { trade, taken in
        guard let terms = contracts.terms(of: trade, table) else { return true }
        let actual = taken ?? wholeFen(ofFee: table.fee(of: trade))
        return terms.roundings.contains { rounding in
          FeeContract.fee(of: table.fen[trade], rate: terms.rate, rounding) == actual
        }
      },
      { trade, paid, fee in
        let tally = Tally(rows: 1, fen: Int128(table.fen[Int(trade)]))
        let (isNew, isTold) = (night.isOwn(trade), paid >= 0 && night.isOwn(paid))
        if paid >= 0 {
          arrived.append(paid)
          if isTold, !isNew { late.append([trade, paid]) }
          if fee >= 0 { arrived.append(fee) }
          if isTold { sums.arrived = sums.arrived + tally }
          if isNew {
            (sums.sent, sums.matched) = (sums.sent + tally, sums.matched + tally)
          } else if isTold, isOpening(trade) {
            (sums.opening, sums.matched) = (sums.opening + tally, sums.matched + tally)
          } else if isTold {
            sums.late = sums.late + tally
          }
        }
        guard isNew || isTold, let terms = contracts.terms(of: Int(trade), table) else { return }
        let taken =
          paid < 0
          ? wholeFen(ofFee: table.fee(of: Int(trade))) : fee < 0 ? 0 : table.fen[Int(fee)]
        fees.add(
          day(of: trade), terms, rows: 1, gross: table.fen[Int(trade)], expected: taken,
          actual: taken)
      })
    (self.sums, self.fees, result.arrivedRows) = (sums, fees, arrived)
    result.lateGroups += late
  }

  /// Whether a row of a night before could still be told by this one.
  private func isOpening(_ row: Int32) -> Bool {
    Int64(table.time[Int(row)]) + AccountJudge.reach >= night.start
  }

  private func day(of row: Int32) -> BusinessDay {
    Timestamp(seconds: Int64(table.time[Int(row)])).day
  }

  // MARK: - The others

  private mutating func judgeEvents() {
    guard account.hasFunds else { return }
    // Nothing that belongs to an ordinary payment is left.
    let billed = Set(events.flatMap(\.trade).map { table.serial[Int($0)] })
    for event in events {
      // Fees of something the bill knows by the same serial are judged with it.
      if event.isOnlyFees, event.funds.contains(where: { billed.contains(table.serial[Int($0)]) }) {
        result.arrivedRows += event.funds
        continue
      }
      for row in event.funds where isGross(row) && night.isOwn(row) {
        sums.arrived = sums.arrived + Tally(rows: 1, fen: Int128(signed(row)))
      }
      if event.trade.isEmpty {
        judgeUnasked(event)
      } else if !event.hasPaid {
        judgeMissing(event)
      } else {
        judgeBoth(event)
      }
    }
  }

  private func isGross(_ row: Int32) -> Bool {
    table.flow[Int(row)] == .payment || table.flow[Int(row)] == .refund
  }

  /// The amount of a row, what went back counted negative.
  private func signed(_ row: Int32) -> Int64 {
    let isBack = table.kind[Int(row)] == .refund || table.flow[Int(row)] == .refund
    return isBack ? -table.fen[Int(row)] : table.fen[Int(row)]
  }

  private mutating func judgeBoth(_ event: FundLeg.Event) {
    let isToldTonight = event.funds.contains(where: night.isOwn)
    let isEqual = event.isEqual(table)
    if isToldTonight, !event.trade.allSatisfy(night.isOwn) {
      result.lateGroups.append(event.trade + event.funds)
    }
    for row in event.trade {
      let tally = Tally(rows: 1, fen: Int128(signed(row)))
      if night.isOwn(row) {
        sums.sent = sums.sent + tally
      } else if isToldTonight, isOpening(row) {
        sums.opening = sums.opening + tally
      } else {
        if isEqual, isToldTonight { sums.late = sums.late + tally }
        continue
      }
      if isEqual { sums.matched = sums.matched + tally } else { sums.open = sums.open + tally }
    }
    if isEqual {
      result.arrivedRows += event.funds
    } else {
      result.note(
        .settlementMismatch, .account, event.paid - event.gross, rows: event.trade + event.funds)
    }
  }

  /// The bill tells it, the account does not.
  private mutating func judgeMissing(_ event: FundLeg.Event) {
    for row in event.trade {
      let (time, fen) = (Int64(table.time[Int(row)]), table.fen[Int(row)])
      let isRefund = table.kind[Int(row)] == .refund
      let tally = Tally(rows: 1, fen: Int128(signed(row)))
      let end = time + AccountJudge.reach
      let (isNew, isOpening) = (night.isOwn(row), isOpening(row))
      if isNew {
        sums.sent = sums.sent + tally
      } else if isOpening {
        sums.opening = sums.opening + tally
      }
      let isCounted = isNew || isOpening
      guard account.covers(account.fundSpans, from: time, to: end) else {
        let isDue = end < night.end
        if isCounted, isDue { sums.notProven = sums.notProven + tally }
        if isCounted, !isDue { sums.inTransit = sums.inTransit + tally }
        result.waits.append(LegWait(row: row, leg: .account, book: .funds, from: time, to: end))
        continue
      }
      if isCounted { sums.open = sums.open + tally }
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
    let from = (times.min() ?? 0) - AccountJudge.reach
    let to = (times.max() ?? 0) + AccountJudge.tolerance
    guard account.covers(account.tradeSpans, from: from, to: to) else {
      result.waits.append(LegWait(row: first, leg: .account, book: .trade, from: from, to: to))
      return
    }
    for row in event.funds where isGross(row) && night.isOwn(row) {
      sums.unexplained = sums.unexplained + Tally(rows: 1, fen: Int128(signed(row)))
    }
    result.note(
      .settlementMismatch, .account, event.hasPaid ? event.paid : -event.taken,
      rows: event.funds)
  }

  // MARK: - Fees

  /// A payment with all its refunds: accounts may write the payment's serial on what is given back of its fee.
  private struct Charged {
    var trade: [Int32] = []
    var funds: [Int32] = []
    /// Fees of the bill, row by row in whole fen, and those on the account.
    var fee: Int64 = 0
    var taken: Int64 = 0
    var isOnAccount = true
    var isWaiting = false
  }

  /// The payments of the bill by their serials, in its order.
  private func charged() -> [Charged] {
    var places: [KeyHash: Int] = [:]
    var found: [Charged] = []
    let waiting = Set(result.waits.map(\.row))
    for event in events where !event.trade.isEmpty {
      let serial = table.serial[Int(event.trade[0])]
      let place = places[serial] ?? found.count
      if place == found.count {
        places[serial] = place
        found.append(Charged())
      }
      found[place].trade += event.trade
      found[place].funds += event.funds
      for row in event.trade { found[place].fee += wholeFen(ofFee: table.fee(of: Int(row))) }
      found[place].taken += event.taken == 0 ? wholeFen(ofFee: event.within) : event.taken
      found[place].isOnAccount = found[place].isOnAccount && event.hasPaid
      found[place].isWaiting =
        found[place].isWaiting || event.trade.contains(where: waiting.contains)
    }
    for event in events where event.isOnlyFees {
      guard let first = event.funds.first, let place = places[table.serial[Int(first)]] else {
        continue
      }
      found[place].funds += event.funds
      found[place].taken += event.taken
    }
    for place in found.indices {
      found[place].trade = table.byContent(found[place].trade)
      found[place].funds = table.byContent(found[place].funds)
    }
    return found
  }

  private mutating func judgeFees() {
    let contracts = ContractFinder(account.contracts)
    for payment in charged() {
      let first = Int(payment.trade[0])
      guard let terms = contracts.terms(of: first, table),
        terms.isContract || payment.trade.allSatisfy({ table.rate[Int($0)] != 0 }),
        !(account.hasFunds && payment.isWaiting)
      else { continue }
      let isOnAccount = account.hasFunds && payment.isOnAccount
      let actual = isOnAccount ? payment.taken : payment.fee
      let hasCoupons = payment.trade.contains { table.couponFen[$0] != nil }
      // What is settled may be the amount without its coupons.
      let fair = (hasCoupons ? [true, false] : [false]).map { isLess in
        terms.isContract
          ? usual(payment.trade, terms, isLess: isLess) == actual
          : stated(payment.trade, isLess: isLess).contains(actual)
      }
      let isFair = fair.contains(true)
      let due = usual(payment.trade, terms, isLess: hasCoupons)
      if (payment.trade + payment.funds).contains(where: night.isOwn) {
        fees.add(
          day(of: payment.trade[0]), terms, rows: payment.trade.count,
          gross: payment.trade.reduce(0) { $0 + signed($1) },
          expected: isFair ? actual : due, actual: actual)
      }
      if isFair { continue }
      let difference = actual - due
      result.findings.append(
        LegFinding(
          kind: .feeMismatch, leg: .account, fen: Int64(clamping: difference.magnitude),
          owedTo: difference > 0 ? .school : .channel, subject: payment.trade[0],
          rows: payment.trade + payment.funds))
    }
  }

  /// What a payment and its refunds may cost by the bill's own rate. It states neither how fees are rounded nor whether those of refunds are
  /// given back, all of them or a part.
  private func stated(_ rows: [Int32], isLess: Bool) -> ClosedRange<Int64> {
    var (least, most): (Int64, Int64) = (0, 0)
    for row in rows.map(Int.init) {
      func fee(_ rounding: FeeContract.Rounding) -> Int64 {
        FeeContract.fee(of: settled(row, isLess: isLess), rate: table.rate[row], rounding)
      }
      if table.kind[row] == .refund {
        least -= fee(.up)
      } else {
        (least, most) = (least + fee(.down), most + fee(.up))
      }
    }
    return least...max(least, most)
  }

  /// What they cost by contract, or else as fees usually are; never more is given back than was taken.
  private func usual(_ rows: [Int32], _ terms: FeeTerms, isLess: Bool) -> Int64 {
    let fees = rows.map { fee(of: Int($0), terms, isLess: isLess) }
    let hasPayment = rows.contains { table.kind[Int($0)] == .payment }
    let sum = fees.reduce(0, +)
    return hasPayment ? max(0, sum) : sum
  }

  /// The amount of a row.
  ///
  /// - Parameter isLess: whether its coupons are not part of it.
  private func settled(_ row: Int, isLess: Bool) -> Int64 {
    let coupon = isLess ? table.couponFen[Int32(truncatingIfNeeded: row)] ?? 0 : 0
    return max(0, table.fen[row] - coupon)
  }

  /// The fee of a row in fen; negative what is to be given back.
  ///
  /// - Parameter isLess: whether its coupons are not part of the amount.
  private func fee(of row: Int, _ terms: FeeTerms, isLess: Bool) -> Int64 {
    let isRefund = table.kind[row] == .refund
    if isRefund, !terms.returnsFees { return 0 }
    let rate = terms.isContract ? terms.rate : table.rate[row]
    let fee = FeeContract.fee(of: settled(row, isLess: isLess), rate: rate, terms.roundings[0])
    return isRefund ? -fee : fee
  }
}

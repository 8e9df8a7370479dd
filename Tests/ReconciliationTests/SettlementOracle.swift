import Payments

@testable import Reconciliation

/// The legs of page *Settlement* once more, slowly: every row asks every other, nothing is shared with the engine.
struct SettlementOracle {
  let table: EntryTable
  let account: SettlementAccount
  let calendar: SettlementCalendar

  /// What is said, without the rows besides the subject.
  struct Said: Hashable, Comparable {
    let kind: String
    let fen: Int64
    let owedTo: String
    let subject: Int32

    static func < (left: Said, right: Said) -> Bool {
      (left.kind, left.fen, left.owedTo, left.subject)
        < (right.kind, right.fen, right.owedTo, right.subject)
    }
  }

  private func entry(_ row: Int32) -> Entry { table[Int(row)] }

  private func isCovered(_ spans: [TimeSpan], _ from: Int64, _ to: Int64) -> Bool {
    for span in spans where span.start.seconds <= from && span.end.seconds > to { return true }
    return false
  }

  /// Whether a row of the account tells the event of a row of the bill.
  private func tells(_ fund: Int32, of trade: Int32) -> Bool {
    let (fund, trade) = (entry(fund), entry(trade))
    if trade.kind == .payment { return fund.serial == trade.serial && fund.flow != .refund }
    if fund.serial == trade.own { return true }
    let isOwnKnown = account.funds.contains {
      entry($0).serial == trade.own && entry($0).flow != .none
    }
    return !isOwnKnown && fund.flow == .refund && fund.serial == trade.serial
      && fund.fen == trade.fen
  }

  /// Leg 2: what is missing, and what differs, where each event has one row of the bill.
  func accountFindings() -> [Said] {
    guard account.hasFunds else { return [] }
    let legs: [Flow] = [.payment, .refund, .fee, .feeReturned]
    let funds = account.funds.filter { legs.contains(entry($0).flow) }
    var said: [Said] = []
    for row in account.trade {
      let mine = funds.filter { tells($0, of: row) }
      let gross = mine.filter { entry($0).flow == .payment || entry($0).flow == .refund }
      let trade = entry(row)
      let sign: Int64 = trade.kind == .refund ? -1 : 1
      if gross.isEmpty {
        guard isCovered(account.fundSpans, trade.time, trade.time + 1_800) else { continue }
        said.append(
          Said(
            kind: "fund-row-missing", fen: trade.fen, owedTo: sign > 0 ? "school" : "channel",
            subject: row))
        continue
      }
      var difference = -sign * trade.fen
      for fund in gross { difference += entry(fund).fen * (entry(fund).flow == .payment ? 1 : -1) }
      if difference != 0 {
        said.append(
          Said(
            kind: "settlement-mismatch", fen: abs(difference),
            owedTo: difference < 0 ? "school" : "channel", subject: row))
      }
    }
    return said.sorted()
  }
}

// MARK: - Leg 3

extension SettlementOracle {
  /// The day that is so many working days after another, counted one by one; before it, where the number is negative.
  private func working(_ count: Int, from day: BusinessDay) -> BusinessDay {
    var (left, day) = (count, day)
    while left != 0 {
      day = day.adding(left > 0 ? 1 : -1)
      let isWeekend = day.weekday == 6 || day.weekday == 7
      let isOff = isWeekend || calendar.holidays.contains(day)
      if !isOff || calendar.workdays.contains(day) { left += left > 0 ? -1 : 1 }
    }
    return day
  }

  private func day(_ row: Int32) -> BusinessDay { Timestamp(seconds: entry(row).time).day }

  private func mayPay(_ line: Int32, _ sent: Int32) -> Bool {
    entry(line).time >= entry(sent).time
      && day(line) <= working(4, from: working(calendar.days, from: day(sent)))
  }

  private func sum(_ rows: [Int32]) -> Int64 { rows.reduce(0) { $0 + entry($1).fen } }

  /// All ways to choose some of a list.
  private func choices(_ rows: [Int32], _ sizes: ClosedRange<Int>) -> [[Int32]] {
    (0..<(1 << rows.count)).map { mask in
      rows.indices.filter { mask >> $0 & 1 == 1 }.map { rows[$0] }
    }
    .filter { sizes.contains($0.count) }
  }

  /// What is said of payouts, and what waits, by row.
  func payoutFindings(until end: Int64) -> (said: [Said], waits: [Int32]) {
    func ordered(_ rows: [Int32]) -> [Int32] {
      rows.sorted { (entry($0).time, entry($0).fen, $0) < (entry($1).time, entry($1).fen, $1) }
    }
    var sent = ordered(account.funds.filter { entry($0).flow == .withdrawal })
    var lines = ordered(account.lines)
    var paid: [(sent: [Int32], lines: [Int32])] = []
    func settle(_ some: [Int32], _ others: [Int32]) {
      paid.append((some, others))
      sent.removeAll(where: some.contains)
      lines.removeAll(where: others.contains)
    }
    for row in sent {
      let line = lines.first { entry($0).fen == entry(row).fen && mayPay($0, row) }
      if let line { settle([row], [line]) }
    }
    for line in lines {
      let runs = choices(sent, 2...10).filter { run in
        let places = run.compactMap { sent.firstIndex(of: $0) }
        return places.last == (places.first ?? 0) + places.count - 1 && sum(run) == entry(line).fen
          && run.allSatisfy { mayPay(line, $0) }
      }
      if runs.count == 1 { settle(runs[0], [line]) }
    }
    for row in sent {
      let sets = choices(lines.filter { mayPay($0, row) }, 2...4).filter {
        sum($0) == entry(row).fen
      }
      if sets.count == 1 { settle([row], sets[0]) }
    }
    func due(_ row: Int32) -> Int64 {
      working(calendar.days, from: day(row)).adding(1).start.seconds - 1
    }
    func isKnown(_ line: Int32) -> Bool {
      isCovered(
        account.fundSpans, working(-4 - calendar.days, from: day(line)).start.seconds,
        entry(line).time)
    }
    func isBankThere(_ row: Int32) -> Bool {
      account.bankSpans.allSatisfy { isCovered($0, entry(row).time, due(row)) }
    }
    var (said, waits): ([Said], [Int32]) = ([], [])
    let unknown = lines.filter { !isKnown($0) }
    let late = sent.filter { due($0) < end && isBankThere($0) }
    let near = lines.filter { line in late.contains { mayPay(line, $0) } }
    if late.count == 1, near.count == 1, isKnown(near[0]) {
      let difference = entry(near[0]).fen - entry(late[0]).fen
      said.append(
        Said(
          kind: "settlement-mismatch", fen: abs(difference),
          owedTo: difference < 0 ? "school" : "channel", subject: late[0]))
      sent.removeAll { $0 == late[0] }
      lines.removeAll { $0 == near[0] }
    }
    for row in sent {
      if due(row) < end, isBankThere(row), !unknown.contains(where: { mayPay($0, row) }) {
        said.append(
          Said(kind: "settlement-missing", fen: entry(row).fen, owedTo: "school", subject: row))
      } else {
        waits.append(row)
      }
    }
    for line in lines {
      if !isKnown(line) {
        waits.append(line)
        continue
      }
      let isTwice = paid.contains {
        $0.lines.count == 1 && entry($0.lines[0]).fen == entry(line).fen && mayPay(line, $0.sent[0])
      }
      said.append(
        Said(
          kind: "unidentified-bank-credit", fen: entry(line).fen,
          owedTo: isTwice ? "channel" : "unknown", subject: line))
    }
    return (said.sorted(), waits.sorted())
  }
}

internal import Columns
public import Payments

/// Judges the legs behind the bill for one account of a channel: a pure function of rows, coverage and terms
/// (page *Settlement*).
///
/// - Parameters:
///   - table: every row of every accepted statement; what the account has of it is named by row.
///   - calendar: when banks settle.
///   - night: which of the rows are asked about.
public func settle(
  _ table: EntryTable, _ account: SettlementAccount, _ calendar: SettlementCalendar,
  _ night: SettlementNight
) -> SettlementJudgement {
  var bills = AccountJudge(table: table, account: account, night: night)
  bills.judge()
  var payouts = PayoutJudge(table: table, account: account, calendar: calendar, night: night)
  payouts.judge()
  return bills.result.joined(with: payouts.result)
}

extension SettlementAccount {
  /// Whether every second from one to another, both included, is covered.
  func covers(_ spans: [TimeSpan], from: Int64, to: Int64) -> Bool {
    let later = spans.firstPlace { $0.start.seconds > from }
    return later > 0 && to < spans[later - 1].end.seconds
  }

  /// Whether every bank book covers a stretch: the money may be on any of them.
  func areBanksCovered(from: Int64, to: Int64) -> Bool {
    !bankSpans.isEmpty && bankSpans.allSatisfy { covers($0, from: from, to: to) }
  }
}

extension SettlementJudgement {
  /// What two legs give.
  func joined(with other: SettlementJudgement) -> SettlementJudgement {
    var both = self
    both.sums.merge(other.sums) { $0 + $1 }
    both.fees += other.fees
    both.findings += other.findings
    both.waits += other.waits
    both.payouts += other.payouts
    both.lateGroups += other.lateGroups
    both.nets += other.nets
    both.arrivedRows += other.arrivedRows
    return both
  }

  /// Notes a difference: what arrived less what was sent.
  mutating func note(_ kind: AnomalyKind, _ leg: Leg, _ difference: Int64, rows: [Int32]) {
    findings.append(
      LegFinding(
        kind: kind, leg: leg, fen: Int64(clamping: difference.magnitude),
        owedTo: difference < 0 ? .school : .channel, subject: rows[0], rows: rows))
  }
}

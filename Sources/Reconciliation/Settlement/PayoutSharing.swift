internal import Columns
public import Payments

/// Gives every bank line that a settlement party sent to the account it is of.
///
/// A line names a channel, or none (网联 clears for several). Where several accounts come into question they choose one
/// after the other what pays their withdrawals: a line of the same amount, one for several withdrawals, several for
/// one. What is left over is of the first, and is judged by what all of them cover; where it names no channel nothing
/// is said of it.
public func share(
  _ lines: [Int32], among accounts: inout [SettlementAccount], _ table: EntryTable,
  _ calendar: SettlementCalendar, _ night: SettlementNight
) {
  let parties = Dictionary(grouping: lines) { table.parties[$0] ?? .unknown }
  // Those that name their channel are given away first.
  for party in parties.keys.sorted(by: {
    ($0 == .unknown ? 1 : 0, $0) < ($1 == .unknown ? 1 : 0, $1)
  }) {
    let asked = accounts.indices.filter {
      party == .unknown ? accounts[$0].hasFunds : accounts[$0].channel == party
    }
    var left = parties[party] ?? []
    guard let first = asked.first else { continue }
    if asked.count == 1, party != .unknown {
      accounts[first].lines += left
      continue
    }
    for place in asked {
      let used = accounts[place].paid(by: left.filter(night.isUnsettled), table, calendar, night)
      accounts[place].lines += left.filter(used.contains)
      left.removeAll(where: used.contains)
    }
    guard party != .unknown else { continue }
    accounts[first].lines += left
    accounts[first].lineSpans = asked.map { accounts[$0].fundSpans }.common
  }
}

extension SettlementAccount {
  /// Those of some lines that pay its withdrawals, or the days of its bills where it has no fund book.
  fileprivate func paid(
    by lines: [Int32], _ table: EntryTable, _ calendar: SettlementCalendar, _ night: SettlementNight
  ) -> Set<Int32> {
    if lines.isEmpty { return [] }
    guard hasFunds else {
      let leg = NetLeg(table, self, calendar)
      return Set(lines.filter { !leg.runs(paidBy: table.payout($0)).isEmpty })
    }
    let sent = funds.filter { table.flow[Int($0)] == .withdrawal && night.isUnsettled($0) }
    let leg = PayoutLeg(
      sent: table.payouts(sent), arrived: table.payouts(lines), calendar)
    return Set(leg.matches.flatMap(\.arrived))
  }
}

extension EntryTable {
  /// Withdrawals or bank lines in order of time.
  func payouts(_ rows: [Int32]) -> [PayoutLeg.Item] {
    rows.map(payout).sorted {
      ($0.time, $0.fen, serial[Int($0.row)], line[Int($0.row)])
        < ($1.time, $1.fen, serial[Int($1.row)], line[Int($1.row)])
    }
  }

  /// A withdrawal or a bank line.
  func payout(_ row: Int32) -> PayoutLeg.Item {
    let time = Int64(self.time[Int(row)])
    return PayoutLeg.Item(
      row: row, fen: fen[Int(row)], day: Timestamp(seconds: time).day, time: time,
      isDayOnly: dayOnly.contains(row))
  }
}

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

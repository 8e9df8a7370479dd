internal import Columns
import Payments

/// Leg 2: from the bill to the channel's account (page *Settlement*).
///
/// Rows of one account of a channel, joined by what the channel calls each payment and refund.
struct FundLeg {
  /// What one payment or refund came to on both ends.
  struct Event: Hashable {
    /// Rows of the bill, and of the account, in row order.
    var trade: [Int32] = []
    var funds: [Int32] = []
    /// Σ gross of the bill: payments less refunds.
    var gross: Int64 = 0
    /// Σ of the account's rows that are payments and refunds, out counted negative.
    var paid: Int64 = 0
    var hasPaid = false
    /// Σ fees taken on the account, in fen; what was given back counted negative.
    var taken: Int64 = 0
    /// Σ fees that the account's texts say are within its amounts, in 1/100,000 yuan.
    var within: Int64 = 0

    /// Whether what came on the account is what the bill says: gross, less a fee that is within it and has no row
    /// of its own, or less the coupons of a single payment or refund.
    func isEqual(_ table: EntryTable) -> Bool {
      if paid == gross { return true }
      if taken == 0, within != 0, paid == gross - wholeFen(ofFee: within) { return true }
      guard trade.count == 1, let coupon = table.couponFen[trade[0]] else { return false }
      return paid == (gross < 0 ? gross + coupon : gross - coupon)
    }

    /// Whether it is fees alone, of something told under another name, or of another day.
    var isOnlyFees: Bool { trade.isEmpty && !hasPaid }
  }

  /// The events of an account, in the order of their first rows.
  static func events(_ table: EntryTable, trade: [Int32], funds: [Int32]) -> [Event] {
    let keys = EventKeys(table, trade: trade, funds: funds)
    var places: [KeyHash: Int] = [:]
    var events: [Event] = []
    func place(_ key: KeyHash) -> Int {
      if let known = places[key] { return known }
      places[key] = events.count
      events.append(Event())
      return events.count - 1
    }
    places.reserveCapacity(trade.count)
    for row in trade {
      let (row, isRefund) = (Int(row), table.kind[Int(row)] == .refund)
      let event = place(keys.ofTrade(row))
      events[event].trade.append(Int32(row))
      events[event].gross += isRefund ? -table.fen[row] : table.fen[row]
    }
    for row in funds {
      let (row, fen) = (Int(row), table.fen[Int(row)])
      let event = place(keys.ofFund(row))
      events[event].funds.append(Int32(row))
      switch table.flow[row] {
      case .payment, .refund:
        events[event].paid += table.flow[row] == .payment ? fen : -fen
        events[event].hasPaid = true
        events[event].within += table.fee(of: row)
      case .fee: events[event].taken += fen
      case .feeReturned: events[event].taken -= fen
      default: break
      }
    }
    for event in events.indices {
      events[event].trade = table.byContent(events[event].trade)
      events[event].funds = table.byContent(events[event].funds)
    }
    return events
  }

  /// Whether a row of an account belongs to this leg.
  static func isAbout(_ flow: Flow) -> Bool {
    switch flow {
    case .payment, .refund, .fee, .feeReturned: true
    default: false
    }
  }
}

/// What joins a row of the bill and rows of the account.
private struct EventKeys {
  private let table: EntryTable
  /// Refund serials that the account's refunds bear.
  private let known: Set<KeyHash>

  init(_ table: EntryTable, trade: [Int32], funds: [Int32]) {
    self.table = table
    let own = Set(
      trade.lazy.filter { table.kind[Int($0)] == .refund }.map { table.own[Int($0)] })
    known = Set(
      funds.lazy.map { table.serial[Int($0)] }.filter { $0 != 0 && own.contains($0) })
  }

  func ofTrade(_ row: Int) -> KeyHash {
    guard table.kind[row] == .refund else { return table.serial[row] }
    return known.contains(table.own[row]) ? table.own[row] : shared(row)
  }

  func ofFund(_ row: Int) -> KeyHash {
    guard table.flow[row] == .refund, !known.contains(table.serial[row]) else {
      return table.serial[row]
    }
    return shared(row)
  }

  /// Where refunds bear the serial of what they give back: that, and how much.
  private func shared(_ row: Int) -> KeyHash {
    mixed(table.serial[row], UInt64(bitPattern: ~table.fen[row]))
  }
}

extension EntryTable {
  /// Rows in an order that does not follow from where they stand.
  func byContent(_ rows: [Int32]) -> [Int32] {
    guard rows.count > 1 else { return rows }
    return rows.sorted { left, right in
      let (a, b) = (Int(left), Int(right))
      if time[a] != time[b] { return time[a] < time[b] }
      if flow[a] != flow[b] { return flow[a].rawValue < flow[b].rawValue }
      return (fen[a], serial[a], own[a], order[a], left) < (
        fen[b], serial[b], own[b], order[b], right
      )
    }
  }
}

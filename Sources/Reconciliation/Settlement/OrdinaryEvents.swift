internal import Columns
internal import Payments

/// Payments of the bill with exactly one row on the account, of the same amount, and at most one fee: nearly all.
/// They are set aside in one pass over the rows; what is left is judged with care.
struct OrdinaryEvents {
  /// A payment of the bill and what the account has of it so far; −1 for none.
  private struct Slot {
    var trade: Int32
    var paid: Int32 = -1
    var fee: Int32 = -1
    var isOdd = false
  }

  private let table: EntryTable
  private var places: KeyPlaces
  private var slots: [Slot] = []
  /// Rows that belong to no ordinary payment, in row order once ``settle(where:_:)`` has run.
  private(set) var trade: [Int32] = []
  private(set) var funds: [Int32] = []

  /// Sorts the rows of an account by the payments of its bills.
  ///
  /// - Parameter hasFunds: whether the account has statements; without them bills alone are looked at.
  init(_ table: EntryTable, trade rows: [Int32], funds: [Int32], hasFunds: Bool) {
    self.table = table
    places = KeyPlaces(capacity: rows.count)
    slots.reserveCapacity(rows.count)
    for row in rows where table.kind[Int(row)] == .payment { add(payment: row) }
    for row in rows where table.kind[Int(row)] != .payment {
      trade.append(row)
      markOdd(table.serial[Int(row)])
    }
    for row in funds { add(fund: row) }
    guard hasFunds else { return }
    for place in slots.indices where slots[place].paid < 0 { slots[place].isOdd = true }
  }

  private mutating func add(payment row: Int32) {
    let key = table.serial[Int(row)]
    guard key != 0, table.couponFen.isEmpty || table.couponFen[row] == nil,
      places.insert(key, Int32(truncatingIfNeeded: slots.count))
    else {
      markOdd(key)
      trade.append(row)
      return
    }
    slots.append(Slot(trade: row))
  }

  private mutating func add(fund row: Int32) {
    let (index, key) = (Int(row), table.serial[Int(row)])
    guard let place = places.find(key) else {
      funds.append(row)
      return
    }
    let slot = Int(place)
    switch table.flow[index] {
    case .payment where slots[slot].paid < 0 && table.fee(of: index) == 0:
      slots[slot].paid = row
      if table.fen[index] != table.fen[Int(slots[slot].trade)] { slots[slot].isOdd = true }
    case .fee where slots[slot].fee < 0: slots[slot].fee = row
    default:
      funds.append(row)
      slots[slot].isOdd = true
    }
  }

  private mutating func markOdd(_ key: KeyHash) {
    if let place = places.find(key) { slots[Int(place)].isOdd = true }
  }

  /// Hands over every ordinary payment, and keeps the rows of those that are none.
  ///
  /// - Parameters:
  ///   - isFair: whether the fee of a payment is as it should be: its row, and what the account took in fen; nil
  ///     where the account tells nothing of it.
  ///   - body: called with each ordinary payment, its row of the account and the fee's; −1 for none.
  mutating func settle(
    where isFair: (_ trade: Int, _ taken: Int64?) -> Bool,
    _ body: (_ trade: Int32, _ paid: Int32, _ fee: Int32) -> Void
  ) {
    for slot in slots {
      let taken: Int64? = slot.paid < 0 ? nil : slot.fee < 0 ? 0 : table.fen[Int(slot.fee)]
      if !slot.isOdd, isFair(Int(slot.trade), taken) {
        body(slot.trade, slot.paid, slot.fee)
        continue
      }
      trade.append(slot.trade)
      if slot.paid >= 0 { funds.append(slot.paid) }
      if slot.fee >= 0 { funds.append(slot.fee) }
    }
    slots = []
    trade.sort()
    funds.sort()
  }
}

/// Places by keys that are evenly spread already.
private struct KeyPlaces {
  private var keys: [KeyHash]
  private var places: [Int32]
  private let mask: Int

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    keys = [KeyHash](repeating: 0, count: size)
    places = [Int32](repeating: 0, count: size)
    mask = size - 1
  }

  /// - Returns: whether the key had no place yet.
  mutating func insert(_ key: KeyHash, _ place: Int32) -> Bool {
    var slot = Int(truncatingIfNeeded: key) & mask
    while keys[slot] != 0 {
      if keys[slot] == key { return false }
      slot = (slot + 1) & mask
    }
    (keys[slot], places[slot]) = (key, place)
    return true
  }

  func find(_ key: KeyHash) -> Int32? {
    if key == 0 { return nil }
    var slot = Int(truncatingIfNeeded: key) & mask
    while keys[slot] != 0 {
      if keys[slot] == key { return places[slot] }
      slot = (slot + 1) & mask
    }
    return nil
  }
}

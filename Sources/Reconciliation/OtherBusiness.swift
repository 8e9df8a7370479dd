internal import Columns
import Payments

/// Channels' rows that seem to be no top-ups: without the words of one, or what a channel settles and what the
/// school pays out.
extension EntryTable {
  /// Whether a row is a top-up's only if something else of the night is named by it.
  private func isUnlikelyTopUp(_ row: Int) -> Bool {
    switch rule[row] {
    case .settlement, .outgoing, .notCampusCard, .otherBusiness: kind[row].isChannelMoney
    default: false
    }
  }

  /// The table with those of them excluded that name no row and, of what is paid out, no person; those without the
  /// words of a top-up stay only where another row's order or serial says what they are for.
  func withoutOtherBusiness() -> EntryTable {
    var table = withoutUnlikely()
    // What takes back what takes back spending, and so on.
    while table.excludeReversalsOfOthers() {}
    return table
  }

  /// Reversals, and credits, of what is no top-up are none either: of spending, cash, a move to another card.
  ///
  /// - Returns: whether there were any.
  private mutating func excludeReversalsOfOthers() -> Bool {
    let named = original.filter { kind[Int($0.key)] == .reversal || kind[Int($0.key)].isCredit }
    guard !named.isEmpty else { return false }
    let index = KeyIndex(named.map { (key: $0.value, row: $0.key) })
    var (others, topUps) = ([KeyHash: ExclusionRule](), Set<KeyHash>())
    for row in 0..<count where own[row] != 0 && index.contains(own[row]) {
      switch (kind[row], rule[row]) {
      case (.transferIn, _), (.transferOut, _), (.excluded, .notTopUp): others[own[row]] = .notTopUp
      case (.excluded, .unreconciledChannel): others[own[row]] = .unreconciledChannel
      case (.excluded, _): break
      default: topUps.insert(own[row])
      }
    }
    var found = false
    for (row, original) in named where !topUps.contains(original) {
      guard let rule = others[original] else { continue }
      (kind[Int(row)], self.rule[Int(row)], found) = (.excluded, rule, true)
    }
    return found
  }

  private func withoutUnlikely() -> EntryTable {
    let unlikely = rows(count) { isUnlikelyTopUp($0) }
    guard !unlikely.isEmpty else { return self }
    let (known, beside) = (KnownNumbers(self), KeysBeside(self, unlikely, isUnlikelyTopUp))
    var table = self
    for row in unlikely.map(Int.init) {
      if rule[row].isOtherBusiness {
        if !beside.isExplained(self, row) { table.kind[row] = .excluded }
        continue
      }
      if account[row] != 0 || student[row] != 0 { continue }
      if rule[row] == .outgoing, known.has(row) { continue }
      if !beside.isNamed(self, row) { table.kind[row] = .excluded }
    }
    let kinds = table.kind
    if !table.others.isEmpty { table.others.keep { kinds[Int($0)] != .excluded } }
    return table
  }
}

/// The keys that unlikely rows share with rows which move money for certain; none of them is 0.
private struct KeysBeside {
  private var orders: Set<KeyHash> = []
  private var own: Set<KeyHash> = []
  private var serials: [KeyHash: Set<Channel>] = [:]
  /// Those of rows that were paid, credited or taken back: what failed says nothing.
  private var paidOrders: Set<KeyHash> = []
  private var paidSerials: [KeyHash: Set<Channel>] = [:]

  init(_ table: EntryTable, _ unlikely: [Int32], _ isUnlikely: (Int) -> Bool) {
    let index = KeyIndex(
      unlikely.flatMap { row in
        [table.order[Int(row)], table.serial[Int(row)], table.original[row] ?? 0].map { ($0, row) }
      })
    for row in 0..<table.count {
      let isPaid: Bool
      switch table.kind[row] {
      case .excluded, .transferIn, .transferOut: continue
      case .failedPayment, .held: isPaid = false
      case .payment, .refund, .credit, .manualCredit, .reversal, .unpostedCredit: isPaid = true
      }
      let (order, serial, mine) = (table.order[row], table.serial[row], table.own[row])
      guard index.contains(order) || index.contains(serial) || index.contains(mine),
        !isUnlikely(row)
      else { continue }
      if order != 0 { orders.insert(order) }
      if mine != 0 { own.insert(mine) }
      if serial != 0 { serials[serial, default: []].insert(table.channel[row]) }
      guard isPaid else { continue }
      if order != 0 { paidOrders.insert(order) }
      if serial != 0 { paidSerials[serial, default: []].insert(table.channel[row]) }
    }
  }

  /// Whether a row has a key of another one.
  func isNamed(_ table: EntryTable, _ row: Int) -> Bool {
    let original = table.original[Int32(row)] ?? 0
    return orders.contains(table.order[row]) || own.contains(original) || serials[original] != nil
      || serials[table.serial[row]]?.contains { $0.fits(table.channel[row]) } ?? false
  }

  /// Whether a row has the order or serial of one that was paid, credited or taken back for a top-up.
  func isExplained(_ table: EntryTable, _ row: Int) -> Bool {
    paidOrders.contains(table.order[row])
      || paidSerials[table.serial[row]]?.contains { $0.fits(table.channel[row]) } ?? false
  }
}

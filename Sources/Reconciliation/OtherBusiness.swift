internal import Columns
import Payments

/// Banks' rows with the words of a top-up that are none: what a channel settles, and what the school pays out.
extension EntryTable {
  /// Whether a row is a top-up's only if something else of the night is named by it.
  private func isUnlikelyTopUp(_ row: Int) -> Bool {
    (rule[row] == .settlement || rule[row] == .outgoing) && kind[row].isChannelMoney
  }

  /// The table with those of them excluded that name no row and, of what is paid out, no person.
  func withoutOtherBusiness() -> EntryTable {
    let unlikely = rows(count) { isUnlikelyTopUp($0) }
    guard !unlikely.isEmpty else { return self }
    let (known, keys) = (KnownNumbers(self), keysBeside(unlikely))
    var table = self
    for row in unlikely.map(Int.init) where account[row] == 0 && student[row] == 0 {
      if rule[row] == .outgoing, known.has(row) { continue }
      let original = original[Int32(row)] ?? 0
      let isNamed =
        keys.orders.contains(order[row]) || keys.own.contains(original)
        || keys.serials[original] != nil
        || keys.serials[serial[row]]?.contains { $0.fits(channel[row]) } ?? false
      if !isNamed { table.kind[row] = .excluded }
    }
    let kinds = table.kind
    if !table.others.isEmpty { table.others.keep { kinds[Int($0)] != .excluded } }
    return table
  }

  /// The keys that these rows share with rows which move money for certain; none of them is 0.
  private func keysBeside(
    _ unlikely: [Int32]
  ) -> (orders: Set<KeyHash>, serials: [KeyHash: Set<Channel>], own: Set<KeyHash>) {
    let index = KeyIndex(
      unlikely.flatMap { row in
        [order[Int(row)], serial[Int(row)], original[row] ?? 0].map { ($0, row) }
      })
    let bearing = rows(count) { row in
      switch kind[row] {
      case .excluded, .transferIn, .transferOut: false
      default:
        !isUnlikelyTopUp(row)
          && (index.contains(order[row]) || index.contains(serial[row]) || index.contains(own[row]))
      }
    }
    var serials: [KeyHash: Set<Channel>] = [:]
    for row in bearing.map(Int.init) where serial[row] != 0 {
      serials[serial[row], default: []].insert(channel[row])
    }
    return (
      Set(bearing.map { order[Int($0)] }).subtracting([0]), serials,
      Set(bearing.map { own[Int($0)] }).subtracting([0])
    )
  }
}

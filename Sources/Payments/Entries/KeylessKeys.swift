internal import Columns

extension EntryTable {
  /// Calls `body` with each key by which a refund or reversal without a key may find a row of before, or by which
  /// it looks for one: a number of a person, or who paid, together with an amount.
  ///
  /// Only rows of banks have them, and credits that name no channel: at other channels what is given back names
  /// its payment, and brings the credit with it.
  public func forEachKeylessKey(_ row: Int, _ body: (KeyHash) -> Void) {
    switch kind[row] {
    case .payment, .refund: guard channel[row].isBank else { return }
    case .credit, .manualCredit, .reversal:
      guard channel[row].mayBeBank else { return }
    default: return
    }
    let amount = UInt64(bitPattern: fen[row])
    for number in [account[row], student[row], payer[row]] where number != 0 {
      body(mixed(number, amount))
    }
    guard !others.isEmpty else { return }
    for number in others.of(Int32(truncatingIfNeeded: row)) { body(mixed(number.key, amount)) }
  }

  /// Whether a refund or reversal names nothing by which what it takes back could be found.
  public func isWithoutKey(_ row: Int) -> Bool {
    guard original[Int32(row)] ?? 0 == 0 else { return false }
    let isBare = order[row] == 0 && serial[row] == 0
    switch kind[row] {
    // A bank's serials are each row's own, and its orders are found in texts.
    case .refund: return isBare || channel[row].isBank
    case .reversal: return isBare
    default: return false
    }
  }
}

internal import Payments

/// A terminal that was without network from 10:00 to 16:00: what it took reaches the ledger, and
/// gets its 流水号, only at the end of the day.
struct LateTerminal: Sendable {
  let campus: Campus
  let day: BusinessDay

  /// Whether a row was made at this terminal: a sixth of the campus uses no other.
  func made(_ row: LedgerRow) -> Bool {
    let second = row.time - day.start.seconds
    return Campus(of: row.person) == campus && (36_000..<57_600).contains(second)
      && SplitMix64.mixed(UInt64(row.person) &+ 0x7E) % 6 == 0
  }
}

internal import Payments

/// One ledger row's say on its card's balance.
struct CardBalance: Sendable {
  var card: KeyHash
  /// The row's serial as a number: it tells the order where times do not.
  var number: UInt64
  /// Balance after the row, and what the row moved; ``unknown`` where that is not known.
  var balance: Int64
  var movement: Int64
  /// Seconds since 1970; 0 where the time cannot be read.
  var time: UInt32
  var line: UInt32

  /// Stands for what the row does not say.
  static let unknown = Int64.min

  init(
    card: KeyHash, number: UInt64, time: Int64, line: Int, balance: Int64?, movement: Int64?
  ) {
    (self.card, self.number) = (card, number)
    self.balance = balance ?? CardBalance.unknown
    self.movement = movement ?? CardBalance.unknown
    self.time = UInt32(clamping: time)
    self.line = UInt32(truncatingIfNeeded: line)
  }

  /// The digits of a serial as a number, the last eighteen of them; 0 where it has none.
  static func number(of serial: UnsafeRawBufferPointer) -> UInt64 {
    var number: UInt64 = 0
    for byte in serial where byte &- 0x30 <= 9 {
      if number >= 100_000_000_000_000_000 { number %= 100_000_000_000_000_000 }
      number = number * 10 + UInt64(byte &- 0x30)
    }
    return number
  }
}

/// A link of a card's balances that does not hold, by the rows' lines.
struct BrokenLink: Hashable, Sendable {
  var before: Int
  var after: Int
  var balanceBefore: Int64
  var movement: Int64
  var balanceAfter: Int64
}

/// The balances of a ledger's cards, each card's by itself.
struct CardChains {
  /// Links between two balances of one card.
  private(set) var links = 0
  /// Those that hold neither by time nor by the ledger's serials.
  private(set) var broken: [BrokenLink] = []

  /// Chains all rows of a ledger.
  init(_ rows: consuming [CardBalance]) {
    guard rows.contains(where: { $0.balance != CardBalance.unknown }) else { return }
    var rows = rows
    rows.sort { ($0.card, $0.time, $0.line) < ($1.card, $1.time, $1.line) }
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, rows[end].card == rows[start].card { end += 1 }
      if rows[start].card != 0 { chain(rows[start..<end]) }
      start = end
    }
  }

  /// What is to be reported: nothing where a ledger evidently does not list all movements, as spending lies
  /// between its rows: fewer than four links of five hold.
  var breaks: [BrokenLink] { broken.count * 5 > links ? [] : broken }

  /// Chains one card, whose rows come by time.
  private mutating func chain(_ rows: ArraySlice<CardBalance>) {
    let byTime = CardChains.breaks(rows)
    links += byTime.links
    guard !byTime.broken.isEmpty else { return }
    // Where the file runs backwards, rows of one second do too.
    let backwards = rows.sorted { ($0.time, $1.line) < ($1.time, $0.line) }
    var found = [byTime.broken, CardChains.breaks(backwards[...]).broken]
    if rows.allSatisfy({ $0.number != 0 }) {
      let bySerial = rows.sorted { ($0.number, $0.line) < ($1.number, $1.line) }
      found.append(CardChains.breaks(bySerial[...]).broken)
    }
    guard let fewest = found.min(by: { $0.count < $1.count }) else { return }
    // A row whose place nobody knows may be what is missing anywhere.
    if rows.contains(where: { $0.time == 0 }) { return }
    broken += fewest
  }

  /// The links of one card's rows in the order given, and those that do not hold.
  private static func breaks(
    _ rows: ArraySlice<CardBalance>
  ) -> (links: Int, broken: [BrokenLink]) {
    var links = 0
    var broken: [BrokenLink] = []
    var before: CardBalance?
    var moved: Int64? = 0
    for row in rows {
      moved = row.movement == CardBalance.unknown ? nil : moved.map { $0 &+ row.movement }
      if row.balance == CardBalance.unknown { continue }
      if let before, let moved {
        links += 1
        if before.balance &+ moved != row.balance {
          broken.append(
            BrokenLink(
              before: Int(before.line), after: Int(row.line), balanceBefore: before.balance,
              movement: moved, balanceAfter: row.balance))
        }
      }
      (before, moved) = (row, 0)
    }
    return (links, broken)
  }
}

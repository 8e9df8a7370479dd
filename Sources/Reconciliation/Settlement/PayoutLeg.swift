import Payments

/// Leg 3: from the channel's account to the bank (page *Settlement*).
struct PayoutLeg {
  /// A withdrawal, or a bank's line.
  struct Item: Hashable {
    let row: Int32
    let fen: Int64
    let day: BusinessDay
    /// When; the day's first second where only the day is told.
    let time: Int64
    let isDayOnly: Bool
  }

  /// What belongs together: one side may be of several.
  struct Match: Hashable {
    var sent: [Int32]
    var arrived: [Int32]
  }

  private let calendar: SettlementCalendar
  private(set) var matches: [Match] = []
  /// What was sent and has not arrived, and what arrived and nobody sent, in order.
  private(set) var sent: [Item]
  private(set) var arrived: [Item]

  /// Days after the due one on which a line may still pay.
  static let late = 4
  /// Withdrawals one line may pay, and lines that may pay one.
  static let merged = 2...10
  static let split = 2...4

  /// Joins what was sent and what arrived; items in order of time.
  init(sent: [Item], arrived: [Item], _ calendar: SettlementCalendar) {
    (self.sent, self.arrived, self.calendar) = (sent, arrived, calendar)
    joinEqual()
    joinMerged()
    joinSplit()
  }

  /// Whether a line may be a withdrawal's money.
  func mayPay(_ line: Item, _ withdrawal: Item) -> Bool {
    let isBefore =
      line.isDayOnly || withdrawal.isDayOnly
      ? line.day < withdrawal.day : line.time < withdrawal.time
    return !isBefore
      && line.day <= calendar.day(PayoutLeg.late, after: calendar.due(withdrawal.day))
  }

  private mutating func joinEqual() {
    let lines = Dictionary(grouping: arrived.indices) { arrived[$0].fen }
    var (paid, used) = (Set<Int>(), Set<Int>())
    for (place, item) in sent.enumerated() {
      let found = lines[item.fen]?.first { !used.contains($0) && mayPay(arrived[$0], item) }
      guard let found else { continue }
      used.insert(found)
      paid.insert(place)
      matches.append(Match(sent: [item.row], arrived: [arrived[found].row]))
    }
    drop(paid, used)
  }

  /// One line for several withdrawals in a row, as after a weekend.
  private mutating func joinMerged() {
    for line in arrived {
      let ranges = PayoutLeg.ranges(of: sent, summing: line.fen, PayoutLeg.merged) { items in
        items.allSatisfy { mayPay(line, $0) }
      }
      guard ranges.count == 1, let range = ranges.first,
        let place = arrived.firstIndex(of: line)
      else { continue }
      matches.append(Match(sent: sent[range].map(\.row), arrived: [line.row]))
      drop(Set(range), [place])
    }
  }

  /// Several lines for one withdrawal, as above a bank's limit.
  private mutating func joinSplit() {
    for withdrawal in sent {
      let lines = arrived.indices.filter { mayPay(arrived[$0], withdrawal) }
      let sets = PayoutLeg.sets(
        of: lines.map { arrived[$0].fen }, summing: withdrawal.fen, PayoutLeg.split)
      guard sets.count == 1, let set = sets.first, let place = sent.firstIndex(of: withdrawal)
      else { continue }
      let used = set.map { lines[$0] }
      matches.append(Match(sent: [withdrawal.row], arrived: used.map { arrived[$0].row }))
      drop([place], Set(used))
    }
  }

  private mutating func drop(_ paid: Set<Int>, _ used: Set<Int>) {
    sent = sent.indices.filter { !paid.contains($0) }.map { sent[$0] }
    arrived = arrived.indices.filter { !used.contains($0) }.map { arrived[$0] }
  }

  /// Runs of items whose amounts add up to a sum.
  private static func ranges(
    of items: [Item], summing sum: Int64, _ lengths: ClosedRange<Int>,
    where isWanted: (ArraySlice<Item>) -> Bool
  ) -> [Range<Int>] {
    items.indices.flatMap { start -> [Range<Int>] in
      var (total, found): (Int64, [Range<Int>]) = (0, [])
      for end in start..<min(items.count, start + lengths.upperBound) {
        total += items[end].fen
        if total > sum { break }
        let range = start..<(end + 1)
        if total == sum, lengths.contains(range.count), isWanted(items[range]) {
          found.append(range)
        }
      }
      return found
    }
  }

  /// Sets of amounts that add up to a sum, two at most: more than one is as good as many.
  private static func sets(
    of amounts: [Int64], summing sum: Int64, _ sizes: ClosedRange<Int>
  ) -> [[Int]] {
    var found: [[Int]] = []
    func extend(_ set: [Int], _ left: Int64) {
      if left == 0, sizes.contains(set.count) { found.append(set) }
      guard set.count < sizes.upperBound, left > 0 else { return }
      for next in ((set.last ?? -1) + 1)..<amounts.count where found.count < 2 {
        extend(set + [next], left - amounts[next])
      }
    }
    // Beyond some dozens a sum says nothing any more.
    if amounts.count <= 48 { extend([], sum) }
    return found
  }
}

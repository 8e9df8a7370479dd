internal import Payments

/// Which files of which days come badly, and when they are put right: a value that follows from
/// the seed, the days and the books alone.
struct DeliverySchedule: Sendable {
  /// One bad delivery to come.
  struct Plan: Sendable {
    var kind: DeliveryKind
    var book: DeliveredBook
    var day: BusinessDay
    /// Mornings between the due one and the first file.
    var arrivesAfter: Int32
    /// Mornings between the due one and the right file; never more than ``DeliveryKind/longest``.
    var rightAfter: Int32
    /// What the damage itself is drawn from.
    var seed: UInt64
  }

  /// Each day and book once at most, by day and in the order of the books.
  private(set) var plans: [Plan] = []

  /// Draws one or two deliveries of every kind a week; the last days stay tidy, so that everything
  /// is put right by the end.
  init(seed: UInt64, days: [BusinessDay], books: [DeliveredBook]) {
    var random = SplitMix64(seed: seed ^ 0xDE11_7E21)
    let open = days.dropLast(DeliveryKind.longest)
    var taken: Set<[Int]> = []
    for start in stride(from: 0, to: open.count, by: 7) {
      let week = Array(open[start..<min(start + 7, open.count)])
      // What only few books can suffer chooses first.
      for kind in DeliveryKind.allCases.reversed() {
        for _ in 0..<(1 + random.below(2)) where random.chance(week.count * 1_000 / 7) {
          let places = week.indices.flatMap { day in books.indices.map { [start + day, $0] } }
            .filter { place in
              books[place[1]].suffers(kind) && !taken.contains(place)
                && (kind != .yesterday || place[0] > 0)
            }
          guard !places.isEmpty else { continue }
          let place = random.pick(places)
          taken.insert(place)
          plans.append(
            DeliverySchedule.plan(kind, books[place[1]], days[place[0]], random: &random))
        }
      }
    }
    let order = Dictionary(uniqueKeysWithValues: zip(books, books.indices))
    plans.sort { ($0.day, order[$0.book] ?? 0) < ($1.day, order[$1.book] ?? 0) }
  }

  private static func plan(
    _ kind: DeliveryKind, _ book: DeliveredBook, _ day: BusinessDay, random: inout SplitMix64
  ) -> Plan {
    var plan = Plan(
      kind: kind, book: book, day: day, arrivesAfter: 0, rightAfter: 0, seed: random.next())
    switch kind {
    case .late:
      plan.rightAfter = Int32(random.within(1...2))
      plan.arrivesAfter = plan.rightAfter
    case .lost:
      plan.rightAfter = Int32(random.within(3...Int64(DeliveryKind.longest)))
      plan.arrivesAfter = plan.rightAfter
    case .halfDay: plan.rightAfter = 1
    case .lateTerminal: break
    default: plan.rightAfter = Int32(random.within(1...3))
    }
    return plan
  }

  /// The terminals that upload late on a day.
  func terminals(_ day: BusinessDay) -> [LateTerminal] {
    plans.compactMap { plan in
      guard plan.kind == .lateTerminal, plan.day == day, case .ledger(let campus) = plan.book
      else { return nil }
      return LateTerminal(campus: campus, day: day)
    }
  }
}

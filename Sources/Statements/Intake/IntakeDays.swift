internal import Payments

// Which days a run is about, and which of them nobody speaks for.

extension Intake {
  /// The ledger's days and those before and after it that lack their ledger.
  ///
  /// A channel that has its statement of every day of the ledger's and of a neighbouring day has
  /// that one on purpose; where one of the ledger's days is missing instead, it is the wrong file.
  static func widened(
    _ days: ClosedRange<BusinessDay>, by readings: [Reading]
  ) -> (BusinessDay, BusinessDay) {
    var (from, to) = (days.lowerBound, days.upperBound)
    for own in Dictionary(grouping: readings, by: \.statement.channel).values {
      let statements = own.map(\.statement).filter { $0.side == .channel }
      guard uncovered(days, by: statements).isEmpty else { continue }
      func speaks(for day: BusinessDay) -> Bool {
        statements.contains { statement in
          guard let first = statement.from, let last = statement.to else { return false }
          // One that also speaks for the ledger's days, as a month's, proves nothing.
          return first <= day && day <= last
            && (last < days.lowerBound || first > days.upperBound)
        }
      }
      while speaks(for: from.adding(-1)) { from = from.adding(-1) }
      while speaks(for: to.adding(1)) { to = to.adding(1) }
    }
    return (from, to)
  }

  /// Days no statement was even given for; a held one is a fault of its own.
  static func uncovered(
    _ days: ClosedRange<BusinessDay>, by statements: [Statement]
  ) -> [BusinessDay] {
    (days.lowerBound.number...days.upperBound.number).map(BusinessDay.init(number:)).filter { day in
      !statements.contains { statement in
        guard let from = statement.from, let to = statement.to else { return true }
        return from <= day && day <= to
      }
    }
  }
}

internal import Columns
internal import Foundation
internal import GRDB
public import Payments

/// Which nights know a serial: each has its own index, and the indexes of a month that is over are put
/// together in one.
extension HistoryStore {
  /// The indexes of the nights in force before `day`, or of all.
  public func serialIndexes(before day: BusinessDay? = nil) throws(HistoryError) -> SerialIndexes {
    SerialIndexes(months: IndexedMonth.months(of: try nights(before: day), in: folder))
  }

  /// Puts the indexes of the nights of each month together that ends before `day`, where that is not
  /// done yet or runs have replaced others since. Only for a run that holds the lock.
  ///
  /// - Returns: nights whose own index turned out to be damaged; their months are left as they were.
  public func gatherIndexes(before day: BusinessDay) throws(HistoryError) -> [BusinessDay] {
    let current = String(day.description.prefix(7))
    var damaged: [BusinessDay] = []
    for month in IndexedMonth.months(of: try nights(before: day), in: folder)
    where month.name != current {
      damaged += try month.gather()
    }
    return damaged
  }

  /// The nights whose serial index is gone or cut short, in order.
  public func daysWithoutIndex() throws(HistoryError) -> [BusinessDay] {
    let nights = try nights(before: nil)
    let areWhole = concurrently(nights.count) { nights[$0].index.isWhole }
    return zip(nights, areWhole).filter { !$1 }.map(\.0.day)
  }

  /// Writes the serial index of a night anew from its rows; that of its month is then put together anew.
  ///
  /// - Parameter isOwn: whether a row is the night's own, and no context.
  public func rebuildIndex(
    of day: BusinessDay, entries: EntryTable, isOwn: (Int) -> Bool
  ) throws(HistoryError) {
    for month in IndexedMonth.months(of: try nights(before: day.adding(1)), in: folder) {
      for night in month.nights where night.day == day {
        try month.index.remove()
        try night.index.write(entries, isOwn: isOwn)
      }
    }
  }

  /// Compares the serial index of a night with its rows.
  ///
  /// - Parameter isOwn: whether a row is the night's own, and no context.
  public func verifyIndex(
    of day: BusinessDay, entries: EntryTable, isOwn: (Int) -> Bool
  ) throws(HistoryError) -> [Discrepancy] {
    let expected = KeyIndexFile.keys(entries, isOwn: isOwn)
    return try nights(before: day.adding(1)).filter { $0.day == day }.compactMap { night in
      if night.index.holds(expected) { return nil }
      return Discrepancy(
        night.index.path, zh: "流水号索引与归档不符；删除它，下一次 cardrecon run 会重建。",
        en: "the serial index is not what the archive gives; delete it, the next cardrecon run "
          + "rebuilds it.")
    }
  }

  /// Compares the index of each month with those of its nights.
  public func verifyMonthIndexes() throws(HistoryError) -> [Discrepancy] {
    var found: [Discrepancy] = []
    for month in IndexedMonth.months(of: try nights(before: nil), in: folder)
    where month.isGathered {
      do {
        if try month.isRight { continue }
        found.append(
          Discrepancy(
            month.index.path, zh: "本月流水号索引与各日索引不符；删除它，下一次 cardrecon run 会重建。",
            en:
              "the month's serial index is not what its nights give; delete it, the next cardrecon "
              + "run rebuilds it."))
      } catch .damaged(let path, let problem, let advice) {
        found.append(
          Discrepancy(path, zh: problem.zh + advice.zh, en: problem.en + " " + advice.en))
      }
    }
    return found
  }

  /// The nights in force, in order.
  private func nights(before day: BusinessDay?) throws(HistoryError) -> [IndexedNight] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT e.day, e.id, d.mark, d.keys FROM effective e LEFT JOIN delivered d ON d.run = e.id
          WHERE e.day < ? ORDER BY e.day
          """, arguments: [day?.number ?? .max]
      ).map { row in
        let (run, mark): (Int64, Int64?) = (try row.at(1), try row.at(2))
        let name: String? = try row.at(3)
        return IndexedNight(
          day: BusinessDay(number: try row.at(0)),
          index: KeyIndexFile(path: folder.index(name ?? KeyIndexFile.usualName(ofRun: run))),
          inMonth: mark.map { MonthIndexFile.Night(run: run, mark: RunMark(bits: $0)) })
      }
    }
  }
}

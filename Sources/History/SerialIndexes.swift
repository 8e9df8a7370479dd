internal import Columns
internal import Files
internal import Foundation
internal import GRDB
public import Payments

/// Which nights know a serial: each has its own index, and the indexes of a month that is over are put
/// together in one.
extension HistoryStore {
  /// The indexes of the nights in force before `day`, or of all.
  public func serialIndexes(before day: BusinessDay? = nil) throws(HistoryError) -> SerialIndexes {
    SerialIndexes(months: months(try nights(before: day)))
  }

  /// Puts the indexes of the nights of each month together that ends before `day`, where that is not
  /// done yet or runs have replaced others since. Only for a run that holds the lock.
  ///
  /// - Returns: nights whose own index turned out to be damaged; their months are left as they were.
  public func gatherIndexes(before day: BusinessDay) throws(HistoryError) -> [BusinessDay] {
    let current = String(day.description.prefix(7))
    var damaged: [BusinessDay] = []
    for month in months(try nights(before: day)) where month.name != current {
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
    for month in months(try nights(before: day.adding(1))) {
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
    for month in months(try nights(before: nil)) where month.isGathered {
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
          """, arguments: [day?.number ?? .max])
    }.map { row in
      let (mark, name): (Int64?, String?) = (row[2], row[3])
      return IndexedNight(
        day: BusinessDay(number: row[0]),
        index: KeyIndexFile(path: folder.index(name ?? KeyIndexFile.usualName(ofRun: row[1]))),
        inMonth: mark.map { MonthIndexFile.Night(run: row[1], mark: RunMark(bits: $0)) })
    }
  }

  /// The months of some nights, in order.
  private func months(_ nights: [IndexedNight]) -> [IndexedMonth] {
    var months: [IndexedMonth] = []
    var last = (year: 0, month: 0)
    for night in nights {
      let (year, month, _) = night.day.civil
      if (year, month) != last {
        let name = String(night.day.description.prefix(7))
        let index = MonthIndexFile(path: folder.index(name + ".nights"))
        months.append(IndexedMonth(name: name, index: index, nights: []))
        last = (year, month)
      }
      months[months.count - 1].nights.append(night)
    }
    return months
  }
}

/// The indexes of nights, for asking them more than once.
public struct SerialIndexes: Sendable {
  fileprivate let months: [IndexedMonth]

  /// The nights, in order.
  public var days: [BusinessDay] { months.flatMap(\.nights).map(\.day) }

  /// The days in whose rows any of the keys occurs, in order.
  public func days(withAny keys: some Sequence<KeyHash>) throws(HistoryError) -> [BusinessDay] {
    guard !months.isEmpty else { return [] }
    let wanted = SortedKeys(keys)
    let found = concurrently(months.count) { index in
      Result { () throws(HistoryError) in
        try months[index].days(withAny: wanted)
      }
    }
    var days: [BusinessDay] = []
    for found in found { days += try found.get() }
    return days
  }
}

/// A night in force and its index.
private struct IndexedNight: Sendable {
  var day: BusinessDay
  var index: KeyIndexFile
  /// What its month's index calls it; nil for a run of a program of before, which is asked itself.
  var inMonth: MonthIndexFile.Night?
}

/// The nights of a month and the index in which theirs are put together once it is over.
private struct IndexedMonth: Sendable {
  /// `2026-11`.
  var name: String
  var index: MonthIndexFile
  var nights: [IndexedNight]

  /// What is larger in all stays as it is: few nights, and long ones.
  static let largest = 128 << 20

  /// Whether the month's index is of the runs in force.
  var isGathered: Bool { index.nights == nights.map(\.inMonth) }

  /// Whether the month's index is what its nights' own give.
  var isRight: Bool {
    get throws(HistoryError) { try index.holds(index.nights, from: nights.map(\.index)) }
  }

  /// Puts the nights' indexes together, unless they are.
  ///
  /// - Returns: the nights whose index is damaged; then nothing is put together.
  func gather() throws(HistoryError) -> [BusinessDay] {
    let named = nights.compactMap(\.inMonth)
    guard named.count == nights.count, index.nights != named else { return [] }
    let size = nights.reduce(0) { $0 + (ReadableFile.size($1.index.path) ?? 0) }
    guard size <= Self.largest else { return [] }
    do {
      try index.write(named, from: nights.map(\.index))
      return []
    } catch .damaged {
      return nights.filter { !$0.index.isInOrder }.map(\.day)
    }
  }

  /// The nights in whose own index any of the keys occurs: those the month's index tells of, and those it
  /// does not know.
  func days(withAny wanted: SortedKeys) throws(HistoryError) -> [BusinessDay] {
    let asked = nights.count > 1 ? index.ask(wanted) : nil
    var days: [BusinessDay] = []
    for night in nights {
      if let name = night.inMonth, let isPromising = asked?[name], !isPromising { continue }
      if try night.index.containsAny(of: wanted) { days.append(night.day) }
    }
    return days
  }
}

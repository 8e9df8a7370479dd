internal import Columns
internal import Files
public import Payments

/// The indexes of nights, for asking them more than once.
public struct SerialIndexes: Sendable {
  private let months: [IndexedMonth]

  init(months: [IndexedMonth]) { self.months = months }

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
struct IndexedNight: Sendable {
  var day: BusinessDay
  var index: KeyIndexFile
  /// What its month's index calls it; nil for a run of a program of before, which is asked itself.
  var inMonth: MonthIndexFile.Night?
}

/// The nights of a month and the index in which theirs are put together once it is over.
struct IndexedMonth: Sendable {
  /// `2026-11`.
  var name: String
  var index: MonthIndexFile
  var nights: [IndexedNight]

  /// What is larger in all stays as it is: few nights, and long ones.
  static let largest = 128 << 20

  /// The months of some nights, in order.
  static func months(of nights: [IndexedNight], in folder: StateFolder) -> [IndexedMonth] {
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

internal import GRDB
public import Payments

/// One night in force as a calendar shows it.
public struct CalendarNight: Hashable, Sendable {
  /// The day.
  public var day: BusinessDay
  /// Its verdict.
  public var verdict: Verdict
  /// Losses first seen that day.
  public var losses: Int
  /// Their amounts in fen.
  public var lossFen: Int64
}

extension HistoryStore {
  /// Every night in force with what it found first, in order.
  public func calendar() throws(HistoryError) -> [CalendarNight] {
    try read { database in
      let losses = try HistoryStore.lossesFirstSeen(database)
      return try Row.fetchAll(
        database,
        sql: "SELECT e.day, r.verdict FROM effective e JOIN runs r ON r.id = e.id ORDER BY e.day"
      ).compactMap { row in
        guard let verdict = Verdict(rawValue: try row.at(1)) else { return nil }
        let day: Int32 = try row.at(0)
        return CalendarNight(
          day: BusinessDay(number: day), verdict: verdict, losses: losses[day]?.count ?? 0,
          lossFen: losses[day]?.fen ?? 0)
      }
    }
  }

  /// Losses by the day that saw them first, as its run in force told them.
  private static func lossesFirstSeen(
    _ database: Database
  ) throws -> [Int32: (count: Int, fen: Int64)] {
    var days: [Int64: Int32] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT id, day FROM effective") {
      days[try row.at(0)] = try row.at(1)
    }
    var losses: [Int32: (count: Int, fen: Int64)] = [:]
    var last = ""
    var first: (day: Int32, severity: String, fen: Int64)?
    func close() {
      guard let first, first.severity == Severity.loss.rawValue else { return }
      let known = losses[first.day] ?? (0, 0)
      losses[first.day] = (known.count + 1, known.fen + first.fen)
    }
    let rows = try Row.fetchCursor(
      database, sql: "SELECT id, run, severity, fen FROM figures ORDER BY id, run")
    while let row = try rows.next() {
      let id: String = try row.at(0)
      if id != last {
        close()
        (last, first) = (id, nil)
      }
      guard let day = days[try row.at(1)], first.map({ day < $0.day }) ?? true else { continue }
      first = (day, try row.at(2), try row.at(3))
    }
    close()
    return losses
  }
}

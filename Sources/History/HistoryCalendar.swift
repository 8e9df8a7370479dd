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
      let found = try Row.fetchAll(
        database,
        sql: """
          SELECT day, COUNT(*) AS losses, SUM(fen) AS fen FROM (
            SELECT MIN(e.day) AS day,
              json_extract(CAST(a.body AS TEXT), '$.amountFen') AS fen,
              json_extract(CAST(a.body AS TEXT), '$.severity') AS severity
            FROM anomalies a JOIN effective e ON a.run = e.id GROUP BY a.id)
          WHERE severity = 'loss' GROUP BY day
          """)
      var losses: [Int32: (count: Int, fen: Int64)] = [:]
      for row in found { losses[row["day"]] = (row["losses"], row["fen"]) }
      return try Row.fetchAll(
        database,
        sql: "SELECT e.day, r.verdict FROM effective e JOIN runs r ON r.id = e.id ORDER BY e.day"
      ).compactMap { row in
        guard let verdict = Verdict(rawValue: row["verdict"]) else { return nil }
        let day: Int32 = row["day"]
        return CalendarNight(
          day: BusinessDay(number: day), verdict: verdict, losses: losses[day]?.count ?? 0,
          lossFen: losses[day]?.fen ?? 0)
      }
    }
  }
}

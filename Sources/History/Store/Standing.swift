internal import Foundation
internal import GRDB
public import Payments

/// How things stand on a day: which version of an anomaly is in force, what was decided about it,
/// what earlier statements cover.
///
/// A night asks all of this. Each question reads an index and decodes what it answers with, so that
/// the last night of a year costs what the first one does.
extension HistoryStore {
  /// The last day before `day` that was run.
  public func previousDay(before day: BusinessDay) throws(HistoryError) -> BusinessDay? {
    try read { database in
      try Int32.fetchOne(
        database, sql: "SELECT max(day) FROM runs WHERE day < ?", arguments: [day.number])
    }.map(BusinessDay.init(number:))
  }

  /// Days whose run is older than the run of a day before them or than a decision about them, in order: what
  /// they were told is no longer what is known, because a run died before it came to them.
  public func outdatedDays() throws(HistoryError) -> [BusinessDay] {
    try read { database in
      var newest: Int64 = 0
      var decided: [BusinessDay: Int64] = [:]
      for row in try Row.fetchAll(
        database, sql: "SELECT run, body FROM night_decisions ORDER BY seq")
      {
        let decision = try JSONDecoder().decode(NightDecision.self, from: row.at(1))
        for day in decision.days { decided[day] = try row.at(0) }
      }
      var found: [BusinessDay] = []
      for row in try Row.fetchAll(database, sql: "SELECT id, day FROM effective ORDER BY day") {
        let id: Int64 = try row.at(0)
        let day = BusinessDay(number: try row.at(1))
        if id < newest || id <= decided[day] ?? 0 { found.append(day) }
        newest = max(newest, id)
      }
      return found
    }
  }

  /// How many days back a day that is not whole is told of.
  private static let openNightReach: Int32 = 62

  /// The days of the two months before `day` that are not whole, or withdrawn, in order.
  public func openNights(before day: BusinessDay) throws(HistoryError) -> [OpenNight] {
    let days = try read { database in
      try Int32.fetchAll(
        database,
        sql: """
          SELECT e.day FROM effective e JOIN runs r ON r.id = e.id
          WHERE e.day < ? AND e.day >= ? AND r.verdict = ? ORDER BY e.day
          """,
        arguments: [
          day.number, day.number - HistoryStore.openNightReach, Verdict.incomplete.rawValue,
        ])
    }.map(BusinessDay.init(number:))
    var found: [OpenNight] = []
    for day in days {
      guard let basis = try basis(of: day) else { continue }
      found.append(
        OpenNight(
          day: day, books: (basis.books ?? []).filter { $0.state != .whole },
          isWithdrawn: basis.isWithdrawn))
    }
    return found
  }

  /// The decision by which a day is withdrawn, or is to be; nil when it is not, or was run again since.
  public func withdrawal(of day: BusinessDay) throws(HistoryError) -> NightDecision? {
    guard let night = try run(of: day) else { return nil }
    return try read { database in
      for row in try Row.fetchAll(
        database, sql: "SELECT run, body FROM night_decisions ORDER BY seq DESC")
      {
        let decision = try JSONDecoder().decode(NightDecision.self, from: row.at(1))
        guard decision.act == .withdraw, decision.days.contains(day) else { continue }
        let before: Int64 = try row.at(0)
        return night.isWithdrawn == true || night.run <= before ? decision : nil
      }
      return nil
    }
  }

  /// Every file any run was delivered whose SHA-256 begins so, with the day and its name then; the last name of
  /// each.
  public func delivered(
    sha256 prefix: String
  ) throws(HistoryError) -> [(day: BusinessDay, name: String, sha256: String)] {
    guard prefix.allSatisfy(\.isHexDigit) else { return [] }
    return try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT day, name, sha256 FROM (
            SELECT r.day, json_extract(CAST(s.body AS TEXT), '$.delivered') AS name, s.sha256,
              max(r.id)
            FROM statements s JOIN runs r ON r.id = s.run
            WHERE s.sha256 LIKE ? GROUP BY s.sha256)
          ORDER BY day, name
          """, arguments: [prefix.lowercased() + "%"]
      ).map { (BusinessDay(number: try $0.at(0)), try $0.at(1), try $0.at(2)) }
    }
  }

  /// How many runs were recorded, those not in force any more included.
  public func runCount() throws(HistoryError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM runs") ?? 0 }
  }

  /// How much the history holds. Nothing of it is ever deleted by the program.
  public func extent() throws(HistoryError) -> HistoryExtent {
    func size(_ path: String) -> Int {
      var found = stat()
      return stat(path, &found) == 0 ? Int(found.st_size) : 0
    }
    func files(_ name: String) -> (count: Int, bytes: Int) {
      let top = folder.path + "/" + name
      let names = FileManager.default.subpaths(atPath: top) ?? []
      let regular = names.filter { path in
        var found = stat()
        return lstat(top + "/" + path, &found) == 0 && found.st_mode & S_IFMT == S_IFREG
      }
      return (regular.count, regular.reduce(0) { $0 + size(top + "/" + $1) })
    }
    let (archive, index, nights) = (files("archive"), files("index"), try days())
    return HistoryExtent(
      nights: nights.count, first: nights.first, last: nights.last, archivedFiles: archive.count,
      archiveBytes: archive.bytes, indexBytes: index.bytes, databaseBytes: size(folder.database))
  }

  /// The issue of a statement that came before this one in the runs of a day; nil when there is none.
  ///
  /// - Parameters:
  ///   - delivered: name of the file as delivered.
  ///   - member: which part of the file it is; nil for any.
  ///   - sha256: the issue in question, recorded already or about to be.
  public func earlierIssue(
    of delivered: String, member: String?, on day: BusinessDay, than sha256: String
  ) throws(HistoryError) -> String? {
    let all = try read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT s.sha256 FROM runs r JOIN statements s ON s.run = r.id
          WHERE r.day = ?1 AND s.sha256 <> '' AND (s.sha256 = ?4 OR NOT s.held)
            AND json_extract(CAST(s.body AS TEXT), '$.delivered') = ?2
            AND (?3 IS NULL OR json_extract(CAST(s.body AS TEXT), '$.member') = ?3)
          ORDER BY r.id, s.ordinal
          """, arguments: [day.number, delivered, member, sha256])
    }
    var issues: [String] = []
    for issue in all where issue != issues.last { issues.append(issue) }
    if issues.last == sha256 { issues.removeLast() }
    return issues.last
  }

  /// The issues of a file that runs of a day used, the last one last; SHA-256.
  public func usedIssues(
    of delivered: String, on day: BusinessDay
  ) throws(HistoryError) -> [String] {
    try read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT s.sha256 FROM runs r JOIN statements s ON s.run = r.id
          WHERE r.day = ? AND s.sha256 <> '' AND NOT s.held
            AND json_extract(CAST(s.body AS TEXT), '$.delivered') = ?
          GROUP BY s.sha256 ORDER BY max(r.id)
          """, arguments: [day.number, delivered])
    }
  }

  /// The statements of the last run of a day that was not withdrawn; empty when it has not been run.
  public func lastStatements(of day: BusinessDay) throws(HistoryError) -> [StatementRecord] {
    let known = try statements(of: day)
    guard known.isEmpty else { return known }
    return try read { database in
      try decoded(
        database,
        """
        SELECT body FROM statements WHERE run = (
          SELECT max(r.id) FROM runs r JOIN statements s ON s.run = r.id WHERE r.day = ?)
        ORDER BY ordinal
        """, [day.number])
    }
  }

  /// Whether an issue of a statement was used in any run of a day, once recorded.
  public func wasUsed(_ sha256: String, on day: BusinessDay) throws(HistoryError) -> Bool {
    try read { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM runs r JOIN statements s ON s.run = r.id
          WHERE r.day = ? AND s.sha256 = ? AND NOT s.held)
          """, arguments: [day.number, sha256]) ?? false
    }
  }
}

/// How much a history holds.
public struct HistoryExtent: Hashable, Sendable {
  /// Days that were run.
  public var nights: Int
  /// The first of them.
  public var first: BusinessDay?
  /// The last of them.
  public var last: BusinessDay?
  /// Files in the archive.
  public var archivedFiles: Int
  /// Their size.
  public var archiveBytes: Int
  /// Size of the serial indexes.
  public var indexBytes: Int
  /// Size of the database.
  public var databaseBytes: Int
}

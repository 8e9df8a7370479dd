internal import Columns
internal import Foundation
internal import GRDB
public import Payments

/// The database of a school's nights. Append-only: a night run again is a new run beside the old one,
/// and the latest run of each day is the one in force.
public struct HistoryStore: Sendable {
  /// Where it lies.
  public let folder: StateFolder
  let database: DatabaseQueue

  /// Opens the history, creating it when there is none.
  public init(_ folder: StateFolder) throws(HistoryError) {
    self.folder = folder
    var configuration = GRDB.Configuration()
    configuration.prepareDatabase { database in
      // 16 MB of pages instead of 2: a bad night's cases are sorted in without reading pages back.
      try database.execute(
        sql: "PRAGMA page_size = 16384; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384")
    }
    // A night of millions of payments is some seconds at its rows.
    configuration.busyMode = .timeout(60)
    do {
      database = try DatabaseQueue(path: folder.database, configuration: configuration)
      try HistoryStore.migrate(database, folder.database)
      chmod(folder.database, 0o600)
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  /// Makes the tables, or what is missing of them. The steps done must be ours, from the first on; one that is
  /// missed would be done again, over what is there.
  private static func migrate(_ database: DatabaseQueue, _ path: String) throws {
    let damage = HistoryError.damaged(
      path: path,
      problem: Wording(
        zh: "表的建立步骤（grdb_migrations.identifier）缺少或被改动。",
        en: "the steps it was made by (grdb_migrations.identifier) are missing or changed."))
    let (applied, hasTables) = try database.read { database in
      (
        try HistorySchema.migrator.appliedIdentifiers(database), try database.tableExists("runs")
      )
    }
    let known = HistorySchema.migrator.migrations
    let count = known.filter(applied.contains).count
    // A newer program may have done more.
    let isOurs = applied.count == count || count == known.count
    guard known.prefix(count).allSatisfy(applied.contains), isOurs, (count > 0) == hasTables else {
      throw damage
    }
    do {
      try HistorySchema.migrator.migrate(database)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
      throw damage
    }
  }

  static func failure(_ path: String, _ error: any Error) -> HistoryError {
    if let known = error as? HistoryError { return known }
    guard let error = error as? DatabaseError else {
      if error is RowDecodingError || error is DecodingError { return .spoiled(path, error) }
      return .unusable(path: path, problem: String(describing: error))
    }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return .damaged(
        path: path,
        problem: Wording(
          zh: "数据库内容不可读（\(error.message ?? "")）。",
          en: "the database cannot be read (\(error.message ?? ""))."))
    default: return .unusable(path: path, problem: error.message ?? "\(error.resultCode)")
    }
  }

  /// What `verify` finds with `body`; what can no longer be read is found, too, and ends nothing.
  public static func findings(_ body: () throws -> [Discrepancy]) rethrows -> [Discrepancy] {
    do {
      return try body()
    } catch let error as HistoryError {
      guard case .damaged(let path, let problem, _) = error else { throw error }
      return [Discrepancy(path, zh: problem.zh, en: problem.en)]
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(HistoryError) -> Value {
    do {
      return try database.read(body)
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  // MARK: - Nights

  /// The days that have been run, in order.
  public func days() throws(HistoryError) -> [BusinessDay] {
    try read { database in
      try Int32.fetchAll(database, sql: "SELECT day FROM effective ORDER BY day")
    }.map(BusinessDay.init(number:))
  }

  /// What was known when the night of `day` begins.
  ///
  /// - Parameter last: number of the last decision about a case that counts; nil for all.
  public func state(
    before day: BusinessDay, decidedUpTo last: Int64? = nil
  ) throws(HistoryError) -> PriorState {
    try read { database in
      var state = PriorState()
      let previous = try Row.fetchOne(
        database, sql: "SELECT id, day FROM effective WHERE day < ? ORDER BY day DESC LIMIT 1",
        arguments: [day.number])
      guard let previous else { return state }
      state.previousDay = BusinessDay(number: try previous.at(1))
      (state.open, state.refunded) = try HistoryStore.standing(
        database, before: day, decidedUpTo: last)
      state.pending = try decoded(
        database, "SELECT body FROM pending WHERE run = ? ORDER BY place",
        [try previous.at(0) as Int64]
      )
      return state
    }
  }

  /// The statements of a night; empty when the day has not been run.
  public func statements(of day: BusinessDay) throws(HistoryError) -> [StatementRecord] {
    try read { database in
      try decoded(
        database,
        """
        SELECT s.body FROM statements s JOIN effective e ON s.run = e.id
        WHERE e.day = ? ORDER BY s.ordinal
        """, [day.number])
    }
  }

  /// The folder each night in force was published from.
  public func publications() throws(HistoryError) -> [(day: BusinessDay, folder: String)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT e.day, r.folder FROM effective e JOIN runs r ON r.id = e.id ORDER BY e.day"
      ).map { (BusinessDay(number: try $0.at(0)), try $0.at(1)) }
    }
  }

  // MARK: - Anomalies and decisions

  /// The decisions about nights and files that hold.
  public func nightDecisions() throws(HistoryError) -> NightDecisions {
    NightDecisions(try everyNightDecision())
  }

  /// Every decision about nights and files, in the order they were recorded.
  public func everyNightDecision() throws(HistoryError) -> [NightDecision] {
    try read { try decoded($0, "SELECT body FROM night_decisions ORDER BY seq", []) }
  }

  /// Every anomaly with its status now, by id.
  public func anomalies() throws(HistoryError) -> [ReportedAnomaly] {
    try read { try HistoryStore.anomalies($0) }
  }

  /// One anomaly with its status now.
  public func anomaly(_ id: String) throws(HistoryError) -> ReportedAnomaly? {
    try read { try HistoryStore.anomalies($0, id: id).first }
  }

  /// Ids of the anomalies in which a row at one of these places has a part.
  public func anomalies(at places: some Sequence<String>) throws(HistoryError) -> [String] {
    try read { database in
      var ids = Set<String>()
      for place in places {
        ids.formUnion(
          try String.fetchAll(
            database, sql: "SELECT id FROM places WHERE place = ?", arguments: [place]))
      }
      return ids.sorted()
    }
  }

  /// The verdicts over time: each version of an anomaly with the day that gave it.
  public func versions(
    of id: String
  ) throws(HistoryError) -> [(day: BusinessDay, anomaly: ReportedAnomaly)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT e.day, a.body FROM anomalies a JOIN effective e ON a.run = e.id
          WHERE a.id = ? ORDER BY e.day
          """, arguments: [id]
      ).map { row in
        (
          BusinessDay(number: try row.at(0)),
          try JSONDecoder().decode(ReportedAnomaly.self, from: row.at(1))
        )
      }
    }
  }

  /// Ids of the anomalies that any night before `day` told of.
  public func anomalyIDs(before day: BusinessDay) throws(HistoryError) -> Set<String> {
    try read { database in
      try String.fetchSet(
        database,
        sql: """
          SELECT DISTINCT id FROM figures WHERE run IN (SELECT id FROM effective WHERE day < ?)
          """, arguments: [day.number])
    }
  }

  /// One anomaly as the nights before `day` left it, whatever was decided about it.
  public func version(
    of id: String, before day: BusinessDay
  ) throws(HistoryError) -> ReportedAnomaly? {
    try read { try HistoryStore.anomalies($0, before: day, id: id, decidedUpTo: 0).first }
  }

  /// Decisions about anomalies that no night in force tells of any more, the last about each, with what it was:
  /// a file was refused, a day withdrawn, a longer issue came.
  public func decisionsWithoutBasis() throws(HistoryError) -> [(Decision, ReportedAnomaly?)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT d.body, (SELECT a.body FROM anomalies a WHERE a.id = d.anomaly
            ORDER BY a.run DESC LIMIT 1)
          FROM decisions d
          WHERE d.seq IN (SELECT max(seq) FROM decisions GROUP BY anomaly)
            AND NOT EXISTS (
              SELECT 1 FROM anomalies a JOIN effective e ON a.run = e.id WHERE a.id = d.anomaly)
          ORDER BY d.seq
          """
      ).map { row in
        (
          try JSONDecoder().decode(Decision.self, from: row.at(0)),
          try (row.at(1) as Data?).map { try JSONDecoder().decode(ReportedAnomaly.self, from: $0) }
        )
      }
    }
  }
}

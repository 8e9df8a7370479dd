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
      try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384")
    }
    // A night of millions of payments is some seconds at its rows.
    configuration.busyMode = .timeout(60)
    do {
      database = try DatabaseQueue(path: folder.database, configuration: configuration)
      try HistorySchema.migrator.migrate(database)
      chmod(folder.database, 0o600)
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  static func failure(_ path: String, _ error: any Error) -> HistoryError {
    if let known = error as? HistoryError { return known }
    guard let error = error as? DatabaseError else {
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
  public func state(before day: BusinessDay) throws(HistoryError) -> PriorState {
    try read { database in
      var state = PriorState()
      let previous = try Row.fetchOne(
        database, sql: "SELECT id, day FROM effective WHERE day < ? ORDER BY day DESC LIMIT 1",
        arguments: [day.number])
      guard let previous else { return state }
      state.previousDay = BusinessDay(number: previous["day"])
      state.open = try HistoryStore.open(database, before: day)
      state.pending = try decoded(
        database, "SELECT body FROM pending WHERE run = ? ORDER BY place", [previous["id"] as Int64]
      )
      state.coverage = try HistoryStore.coverage(database, before: day)
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
        sql: "SELECT e.day, r.folder FROM effective e JOIN runs r ON r.id = e.id ORDER BY e.day")
    }.map { (BusinessDay(number: $0["day"]), $0["folder"]) }
  }

  // MARK: - Serials

  /// The days before `day` (or all) in whose rows any of the keys occurs.
  public func days(
    withAny keys: some Sequence<KeyHash>, before day: BusinessDay? = nil
  ) throws(HistoryError) -> [BusinessDay] {
    let nights = try indexes().filter { night, _ in day.map { night < $0 } ?? true }
    guard !nights.isEmpty else { return [] }
    let wanted = SortedKeys(keys)
    let holds = concurrently(nights.count) { index in
      Result { () throws(HistoryError) in
        try KeyIndexFile(path: folder.index(nights[index].name)).containsAny(of: wanted)
      }
    }
    var found: [BusinessDay] = []
    for (night, result) in zip(nights, holds) where try result.get() { found.append(night.day) }
    return found
  }

  /// Where a key occurs, day by day.
  public func places(of key: KeyHash) throws(HistoryError) -> [(day: BusinessDay, place: KeyPlace)]
  {
    var found: [(day: BusinessDay, place: KeyPlace)] = []
    for (night, name) in try indexes() {
      for place in try KeyIndexFile(path: folder.index(name)).places(of: key) {
        found.append((night, place))
      }
    }
    return found
  }

  /// The nights whose serial index is gone or cut short, in order.
  public func daysWithoutIndex() throws(HistoryError) -> [BusinessDay] {
    try indexes().filter { !KeyIndexFile(path: folder.index($0.name)).isWhole }.map(\.day)
  }

  /// Writes the serial index of a night anew from its rows.
  public func rebuildIndex(
    of day: BusinessDay, entries: EntryTable, place: (Int) -> KeyPlace?
  ) throws(HistoryError) {
    for (night, name) in try indexes() where night == day {
      try KeyIndexFile(path: folder.index(name)).write(entries, place: place)
    }
  }

  /// Compares the serial index of a night with its rows.
  public func verifyIndex(
    of day: BusinessDay, entries: EntryTable, place: (Int) -> KeyPlace?
  ) throws(HistoryError) -> [Discrepancy] {
    let expected = KeyIndexFile.keys(entries, place: place)
    return try indexes().filter { $0.day == day }.compactMap { _, name in
      let path = folder.index(name)
      if KeyIndexFile(path: path).holds(expected) { return nil }
      return Discrepancy(
        path, zh: "流水号索引与归档不符；删除它，下一次 cardrecon run 会重建。",
        en: "the serial index is not what the archive gives; delete it, the next cardrecon run "
          + "rebuilds it.")
    }
  }

  private func indexes() throws(HistoryError) -> [(day: BusinessDay, name: String)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT e.day, r.keys FROM effective e JOIN runs r ON r.id = e.id ORDER BY e.day
          """)
    }.map { (BusinessDay(number: $0["day"]), $0["keys"]) }
  }

  // MARK: - Anomalies and decisions

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
          BusinessDay(number: row["day"]),
          try JSONDecoder().decode(ReportedAnomaly.self, from: row["body"])
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

  /// One anomaly as it stood when the night of `day` begins.
  public func state(
    of id: String, before day: BusinessDay
  ) throws(HistoryError) -> ReportedAnomaly? {
    try read { try HistoryStore.anomalies($0, before: day, id: id).first }
  }

  /// What people did about an anomaly, in order; of all anomalies when nil.
  public func decisions(of id: String? = nil) throws(HistoryError) -> [Decision] {
    try read { database in
      try HistoryStore.decisions(database, of: id).values.flatMap { $0 }.sorted {
        ($0.time, $0.anomaly) < ($1.time, $1.anomaly)
      }
    }
  }
}

/// Decodes the JSON bodies a query selects.
func decoded<Value: Decodable>(
  _ database: Database, _ sql: String, _ arguments: StatementArguments
) throws -> [Value] {
  let decoder = JSONDecoder()
  return try Data.fetchAll(database, sql: sql, arguments: arguments).map {
    try decoder.decode(Value.self, from: $0)
  }
}

/// JSON with its keys in one order, so that equal values are equal bytes.
func encoded(_ value: some Encodable) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return try encoder.encode(value)
}

/// The same for many anomalies, several at once.
func encodedAll(_ anomalies: [ReportedAnomaly]) throws -> [Data] {
  try concurrently(anomalies.count) { index in
    Result { try AnomalyBody.encoded(anomalies[index]) ?? encoded(anomalies[index]) }
  }.map { try $0.get() }
}

/// Decodes many JSON bodies, several at once.
func decodedAll<Value: Decodable>(_ bodies: [Data], as type: Value.Type) throws -> [Value] {
  try concurrently(bodies.count) { index in
    Result { try JSONDecoder().decode(type, from: bodies[index]) }
  }.map { try $0.get() }
}

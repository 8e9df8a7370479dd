internal import Foundation
internal import GRDB
internal import Payments

/// What the database holds twice: columns that are taken out of bodies, so that they can be searched. The chain
/// covers the bodies; here every column is held against them, so that no column can be changed alone.
extension HistoryStore {
  /// Every column that does not say what its body, or the chain, says; tables, triggers and indexes that are not
  /// as the program makes them.
  public func verifyColumns() throws(HistoryError) -> [Discrepancy] {
    try read { database in
      var check = try ColumnCheck(database)
      try check.schema()
      try check.kinds()
      try check.runs()
      try check.statements()
      try check.anomalies()
      try check.pending()
      try check.decisions()
      return check.found
    }
  }
}

private struct ColumnCheck {
  let database: Database
  private(set) var found: [Discrepancy] = []
  /// The runs the chain speaks of.
  private let chained: [Int64: ChainedRun]

  init(_ database: Database) throws {
    self.database = database
    let links = try Data.fetchAll(database, sql: "SELECT body FROM chain WHERE kind = 'run'")
    chained = Dictionary(
      links.compactMap { try? JSONDecoder().decode(ChainedRun.self, from: $0) }.map {
        ($0.run, $0)
      },
      uniquingKeysWith: { first, _ in first })
  }

  /// Notes that a column says one thing where another follows from the rest.
  private mutating func expect(
    _ subject: String, _ column: String, _ value: String?, _ expected: String?
  ) {
    guard value != expected else { return }
    let (value, expected) = (value ?? "NULL", expected ?? "NULL")
    found.append(
      Discrepancy(
        subject, zh: "数据库的 \(column) 列为“\(value)”，按其余记录应为“\(expected)”：被改动过。",
        en: "column \(column) says “\(value)”, all else says “\(expected)”: it was changed."))
  }

  /// A column's value as text, whatever somebody has put there.
  private func text(_ row: Row, _ column: Int) -> String? {
    let value: DatabaseValue = row[column]
    return switch value.storage {
    case .null: nil
    case .int64(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): text
    case .blob(let data): "\(data.count) bytes"
    }
  }

  /// A body, or nil where it is none any more.
  private func body<Value: Decodable>(_ row: Row, _ column: Int) -> Value? {
    Data.fromDatabaseValue(row[column]).flatMap {
      try? JSONDecoder().decode(Value.self, from: $0)
    }
  }

  /// Cases of bodies; nil for those that are none any more.
  private func cases(_ bodies: [Data?]) -> [ReportedAnomaly?] {
    if let all = try? decodedAnomalies(bodies.map { $0 ?? Data() }) { return all }
    return bodies.map { body in body.flatMap { try? decodedAnomalies([$0]).first } }
  }

  // MARK: - Tables

  mutating func schema() throws {
    let made = try DatabaseQueue()
    try HistorySchema.migrator.migrate(made)
    let expected = try made.read(ColumnCheck.objects)
    let objects = try ColumnCheck.objects(database)
    for name in Set(expected.keys).union(objects.keys).sorted()
    where objects[name] != expected[name] {
      let isThere = objects[name] != nil
      found.append(
        Discrepancy(
          "history.sqlite \(name)",
          zh: !isThere ? "不见了。" : expected[name] == nil ? "不是本程序建立的。" : "被改动过。",
          en: !isThere
            ? "it is gone." : expected[name] == nil ? "no such thing is ours." : "it was changed."))
    }
    try steps()
    try counters()
  }

  /// Values of another kind than their column's: nothing that reads them would.
  mutating func kinds() throws {
    let columns = try Row.fetchAll(
      database,
      sql: """
        SELECT t.name, c.name, c.type FROM sqlite_master t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
        """)
    for row in columns {
      let (table, column, type): (String, String, String) = try (row.at(0), row.at(1), row.at(2))
      let kind = ["TEXT": "text", "BLOB": "blob"][type] ?? "integer"
      let strange = try Row.fetchOne(
        database,
        sql: """
          SELECT typeof("\(column)"), count(*) FROM "\(table)"
          WHERE typeof("\(column)") NOT IN ('\(kind)', 'null')
          """)
      guard let strange, let count = text(strange, 1), count != "0" else { continue }
      expect(table, "\(table).\(column)", text(strange, 0), kind)
    }
  }

  /// The steps by which the tables were made.
  private mutating func steps() throws {
    let known = Set(HistorySchema.migrator.migrations)
    let applied = Set(
      try Row.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations").map {
        text($0, 0) ?? ""
      })
    for step in known.symmetricDifference(applied).sorted() {
      let isKnown = known.contains(step)
      expect(
        "history.sqlite", "grdb_migrations.identifier", isKnown ? nil : step, isKnown ? step : nil)
    }
  }

  /// The numbers given last: higher than those that are there, something was cut off.
  private mutating func counters() throws {
    var given: [String: String] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT name, seq FROM sqlite_sequence") {
      given[text(row, 0) ?? ""] = text(row, 1)
    }
    for (table, number) in [
      ("runs", "id"), ("decisions", "seq"), ("night_decisions", "seq"), ("chain", "seq"),
    ] {
      let last = try Row.fetchOne(database, sql: "SELECT max(\(number)) FROM \(table)")
      // Where nothing was given yet there may be no row.
      guard let there = last.flatMap({ text($0, 0) }) ?? given[table] else { continue }
      expect(table, "sqlite_sequence.name, sqlite_sequence.seq", given[table], there)
      given[table] = nil
    }
    for table in given.keys.sorted() { expect(table, "sqlite_sequence.name", table, nil) }
  }

  /// Tables, indexes, views and triggers by kind and name, as they are made.
  private static func objects(_ database: Database) throws -> [String: String] {
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return Dictionary(
      rows.map {
        (
          $0[0],
          ($0[1] as String? ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        )
      },
      uniquingKeysWith: { first, _ in first })
  }

  // MARK: - Runs and what they were delivered

  mutating func runs() throws {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT r.id, r.program, r.results, r.keys, r.folder, d.run, d.keys
        FROM runs r LEFT JOIN delivered d ON d.run = r.id ORDER BY r.id
        """)
    for row in rows {
      // One that is not in the chain is told already.
      guard let run = Int64(text(row, 0) ?? "").flatMap({ chained[$0] }) else { continue }
      let subject = "run \(run.run) (\(run.day))"
      expect(subject, "runs.program", text(row, 1), run.program)
      expect(subject, "runs.results", text(row, 2), run.results)
      let folder = text(row, 4) ?? ""
      if text(row, 5) == nil {
        // Runs of before they were told in one piece have none.
        if run.books != nil { expect(subject, "delivered.run", nil, "\(run.run)") }
      } else {
        let usual = KeyIndexFile.usualName(ofRun: run.run)
        expect(subject, "runs.keys, delivered.keys", text(row, 3), text(row, 6) ?? usual)
      }
      let isFolder = folder.isEmpty || folder.hasPrefix(run.day) && !folder.contains("/")
      if !isFolder { expect(subject, "runs.folder", folder, run.day + "-…") }
    }
    for table in ["statements", "anomalies", "pending", "figures", "delivered"] {
      let strays = try Row.fetchAll(
        database,
        sql: "SELECT DISTINCT run FROM \(table) WHERE run NOT IN (SELECT id FROM runs) ORDER BY run"
      )
      for row in strays { expect(table, "\(table).run", text(row, 0), nil) }
    }
  }

  mutating func statements() throws {
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT run, ordinal, sha256, covers, body FROM statements ORDER BY run, ordinal")
    while let row = try rows.next() {
      // A body that cannot be read is told where the chain is checked.
      guard let record: StatementRecord = body(row, 4) else { continue }
      let subject = "run \(text(row, 0) ?? "") \(record.file)"
      expect(subject, "statements.ordinal", text(row, 1), "\(record.ordinal)")
      expect(subject, "statements.sha256", text(row, 2), record.sha256)
      expect(subject, "statements.covers", text(row, 3), record.covers ? "1" : "0")
    }
  }

  // MARK: - Cases

  mutating func anomalies() throws {
    var places: Set<[String]> = []
    // Night by night: the cases of years are not held at once.
    for run in try Row.fetchAll(database, sql: "SELECT DISTINCT run FROM anomalies ORDER BY run") {
      try anomalies(of: run[0], &places)
    }
    let strays = try Row.fetchAll(
      database,
      sql: """
        SELECT f.run, f.id FROM figures f LEFT JOIN anomalies a ON a.id = f.id AND a.run = f.run
        WHERE a.id IS NULL ORDER BY f.run, f.id
        """)
    for row in strays { expect("run \(text(row, 0) ?? "")", "figures.id", text(row, 1), nil) }
    let stored = Set(
      try Row.fetchAll(database, sql: "SELECT place, id FROM places").map { row in
        [text(row, 0) ?? "", text(row, 1) ?? ""]
      })
    for place in places.symmetricDifference(stored).sorted(by: { $0.lexicographicallyPrecedes($1) })
    {
      let isStored = stored.contains(place)
      expect(
        place[1], "places.place, places.id", isStored ? place[0] : nil, isStored ? nil : place[0])
    }
  }

  private mutating func anomalies(of run: DatabaseValue, _ places: inout Set<[String]>) throws {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT a.id, a.kind, a.status, a.body, f.severity, f.fen, f.evidence, f.id
        FROM anomalies a LEFT JOIN figures f ON f.id = a.id AND f.run = a.run
        WHERE a.run = ? ORDER BY a.id
        """, arguments: [run])
    let number = Int64.fromDatabaseValue(run)
    // Versions of before have no mark.
    let hasMarks = number.flatMap { chained[$0] }?.decidedUpTo != nil
    for (row, anomaly) in zip(rows, cases(rows.map { $0[3] })) {
      guard let anomaly else { continue }
      let subject = "run \(number ?? 0) \(anomaly.id)"
      expect(subject, "anomalies.id", text(row, 0), anomaly.id)
      expect(subject, "anomalies.kind", text(row, 1), anomaly.kind.rawValue)
      expect(subject, "anomalies.status", text(row, 2), anomaly.status.rawValue)
      expect(subject, "figures.id", text(row, 7), text(row, 0))
      if text(row, 7) != nil {
        expect(subject, "figures.severity", text(row, 4), anomaly.severity.rawValue)
        expect(subject, "figures.fen", text(row, 5), "\(anomaly.amountFen)")
        if hasMarks || text(row, 6) != nil {
          expect(subject, "figures.evidence", text(row, 6), anomaly.evidenceMark)
        }
      }
      for place in anomaly.places { places.insert([place, anomaly.id]) }
    }
  }

  mutating func pending() throws {
    let rows = try Row.fetchAll(
      database, sql: "SELECT run, place FROM pending ORDER BY run, place")
    var next: [String: Int] = [:]
    for row in rows {
      let run = text(row, 0) ?? ""
      expect("run \(run)", "pending.place", text(row, 1), "\(next[run] ?? 0)")
      next[run, default: 0] += 1
    }
  }

  // MARK: - Decisions

  mutating func decisions() throws {
    // They are numbered as they come: reports name them by these numbers.
    for table in ["chain", "decisions", "night_decisions"] {
      let numbers = try Row.fetchAll(database, sql: "SELECT seq FROM \(table) ORDER BY seq")
      for (place, row) in numbers.enumerated() where text(row, 0) != "\(place + 1)" {
        expect(table, "\(table).seq", text(row, 0), "\(place + 1)")
        break
      }
    }
    for row in try Row.fetchAll(
      database, sql: "SELECT seq, anomaly, body FROM decisions ORDER BY seq")
    {
      guard let decision: Decision = body(row, 2) else { continue }
      expect("decision \(text(row, 0) ?? "")", "decisions.anomaly", text(row, 1), decision.anomaly)
    }
    // The last run before each, as the chain has them.
    var (last, before): (Int64, [Int64]) = (0, [])
    for row in try Row.fetchAll(
      database, sql: "SELECT kind, body FROM chain WHERE kind IN ('run', 'night') ORDER BY seq")
    {
      if row[0] as String == "run" {
        if let run: ChainedRun = body(row, 1) { last = max(last, run.run) }
      } else {
        before.append(last)
      }
    }
    let runs = try Row.fetchAll(database, sql: "SELECT seq, run FROM night_decisions ORDER BY seq")
    for (row, run) in zip(runs, before) {
      expect("night decision \(text(row, 0) ?? "")", "night_decisions.run", text(row, 1), "\(run)")
    }
  }
}

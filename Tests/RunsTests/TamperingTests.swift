import Foundation
import GRDB
import History
import Payments
import Testing

@testable import Runs

/// Whoever can write the database can change any column of it: each is spoiled, and `verify` names it.
///
/// Once each, the way that is most like a forgery; `CARDRECON_TAMPERINGS=N` spoils up to N rows of each column in
/// every way (`scripts/tamper`).
@Suite("A changed database is found")
struct TamperingTests {
  /// Every column of the schema, and what the message that names it must hold.
  private static let columns: [(table: String, columns: [String])] = [
    (
      "runs",
      [
        "id", "day", "verdict", "configuration", "program", "keys", "folder", "reports", "results",
        "rules",
      ]
    ),
    ("statements", ["run", "ordinal", "sha256", "covers", "body"]),
    ("anomalies", ["run", "id", "kind", "status", "body"]),
    ("places", ["place", "id"]),
    ("pending", ["run", "place", "body"]),
    ("decisions", ["seq", "anomaly", "body"]),
    ("chain", ["seq", "kind", "body", "hash"]),
    ("figures", ["id", "run", "severity", "fen", "evidence"]),
    ("delivered", ["run", "statements", "mark", "keys"]),
    ("night_decisions", ["seq", "run", "body"]),
    ("grdb_migrations", ["identifier"]),
    ("sqlite_sequence", ["name", "seq"]),
  ]

  private static let rows =
    ProcessInfo.processInfo.environment["CARDRECON_TAMPERINGS"].flatMap { Int($0) } ?? 0

  /// What `verify` finds; a history that does not open is told, too.
  private func problems(_ school: TamperedSchool) throws -> [Discrepancy] {
    do {
      return try school.problems()
    } catch let error as HistoryError {
      let wording = error.wording
      return [Discrepancy("history.sqlite", zh: wording.zh, en: wording.en)]
    }
  }

  @Test("The table lists every column there is")
  func allColumns() async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    let listed = Set(Self.columns.flatMap { entry in entry.columns.map { entry.table + "." + $0 } })
    let there = try await school.change { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT t.name || '.' || c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
          WHERE t.type = 'table'
          """
      ).map { $0[0] as String }
    }
    #expect(Set(there) == listed)
  }

  @Test("Each column of each table, named", arguments: columns.map(\.table))
  func spoiled(table: String) async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    #expect(try problems(school) == [])
    try school.keep()
    var tried = 0
    for column in try #require(Self.columns.first { $0.table == table }).columns {
      for way in Spoiling.allCases where Self.rows > 0 || way == .likelyValue {
        for row in 0..<max(1, Self.rows) {
          let isDone = try await school.change { database in
            try way.spoil(column, of: table, row: row, database)
          }
          guard isDone else { continue }
          tried += 1
          let found = try problems(school).map { "\($0.subject) \($0.problem.en)" }
          let isNamed = found.contains { $0.contains("\(table).\(column)") }
          #expect(isNamed, "\(table).\(column) row \(row) \(way): \(found.prefix(3))")
          try school.restore()
        }
      }
    }
    #expect(tried > 0)
    if Self.rows > 0 { print("\(table): \(tried) spoiled") }
    #expect(try problems(school) == [])
  }

  @Test(
    "A row, a trigger or an index that is gone or was added",
    arguments: [
      ("DROP TRIGGER runs_UPDATE", "trigger runs_UPDATE"),
      ("DROP TRIGGER anomalies_figures", "trigger anomalies_figures"),
      ("DROP INDEX anomalies_standing", "index anomalies_standing"),
      ("CREATE TABLE more (id INTEGER)", "table more"),
      ("INSERT INTO places VALUES ('x', 'dnc-1')", "places.place"),
      ("INSERT INTO figures (id, run, severity, fen) VALUES ('dnc-1', 1, 'loss', 5)", "figures.id"),
      ("DELETE FROM places WHERE id = (SELECT id FROM places LIMIT 1)", "places.place"),
      ("DELETE FROM figures WHERE id = (SELECT id FROM figures LIMIT 1)", "figures.id"),
    ])
  func rows(change: String, name: String) async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    try await school.change { try $0.execute(sql: change) }
    let found = try problems(school).map { "\($0.subject) \($0.problem.en)" }
    #expect(found.contains { $0.contains(name) }, "\(change): \(found)")
  }

  @Test("Every row that is taken away", arguments: columns.map(\.table))
  func removed(table: String) async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    try school.keep()
    let count = try await school.change { database in
      try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
    }
    // Of a table with many rows the first, the last and some between.
    let places = Set([0, count / 3, count / 2, count - 1].filter { (0..<count).contains($0) })
    for row in places.sorted() {
      try await school.change { database in
        try Spoiling.pastTriggers(of: table, database) { key in
          try database.execute(
            sql: """
              DELETE FROM \(table) WHERE (\(key)) = (SELECT \(key) FROM \(table)
                ORDER BY \(key) LIMIT 1 OFFSET \(row))
              """)
        }
      }
      #expect(try !problems(school).isEmpty, "\(table) row \(row)")
      try school.restore()
    }
  }
}

/// The ways a cell of the database is spoiled.
enum Spoiling: CaseIterable {
  /// Another value of its kind, such as somebody would write who knows the table.
  case likelyValue
  /// The value of another row.
  case swapped
  /// A value of another kind.
  case otherType

  /// Changes a cell past the triggers, which are there again afterwards.
  ///
  /// - Returns: whether the cell is another one now.
  func spoil(
    _ column: String, of table: String, row: Int, _ database: Database
  ) throws -> Bool {
    try Self.pastTriggers(of: table, database) { key in
      let cell = "(\(key)) = (SELECT \(key) FROM \(table) ORDER BY \(key) LIMIT 1 OFFSET \(row))"
      guard
        let before = try Row.fetchOne(database, sql: "SELECT \(column) FROM \(table) WHERE \(cell)")
      else { return false }
      guard let other = try value(before[0], column, table, database) else { return false }
      do {
        try database.execute(
          sql: "UPDATE OR ROLLBACK \(table) SET \(column) = ? WHERE \(cell)", arguments: [other])
      } catch {
        // What the table itself refuses cannot be written.
        return false
      }
      return true
    }
  }

  private func value(
    _ value: DatabaseValue, _ column: String, _ table: String, _ database: Database
  ) throws -> (any DatabaseValueConvertible)? {
    switch self {
    case .likelyValue:
      return switch value.storage {
      case .int64(let number): column == "covers" ? 1 - number : number + 1_000
      // Indexes are made of some bodies: they stay JSON.
      case .blob(let data): data.dropLast() + Data((data.last == 0x7D ? ",\"x\":1}" : " ").utf8)
      case .string(let text): "x" + text.dropFirst()
      case .double, .null: "x"
      }
    case .swapped:
      let other = try Row.fetchOne(
        database, sql: "SELECT \(column) FROM \(table) WHERE \(column) IS NOT ? LIMIT 1",
        arguments: [value])
      return other.map { $0[0] as DatabaseValue }
    case .otherType:
      return switch value.storage {
      case .int64(let number): "\(number)?"
      case .blob: "{}"
      case .string, .double, .null: 7
      }
    }
  }

  /// Does something to a table whose triggers forbid it.
  ///
  /// - Parameter body: is given the columns that tell its rows apart.
  @discardableResult
  static func pastTriggers<Value>(
    of table: String, _ database: Database, _ body: (String) throws -> Value
  ) throws -> Value {
    let triggers = try Row.fetchAll(
      database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
      arguments: [table])
    for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger[0] as String)") }
    let keys = try String.fetchAll(
      database, sql: "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
      arguments: [table])
    let result = try body(keys.isEmpty ? "rowid" : keys.joined(separator: ", "))
    for trigger in triggers { try database.execute(sql: trigger[1]) }
    return result
  }
}

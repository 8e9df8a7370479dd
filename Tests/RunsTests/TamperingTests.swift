import Foundation
import GRDB
import History
import Payments
import Testing

@testable import Runs

/// Whoever can write the database can change any column of it: each is spoiled once, and `verify` names it.
@Suite("A changed database is found")
struct TamperingTests {
  /// A school of two nights with cases, rows that wait, decisions about a case and about a night.
  private func school(document: String = "V1") async throws -> TinySchool {
    let school = try TinySchool(
      """
      sources: {wechat: {files: "wechat_{yyyy-MM-dd}.csv"}}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """)
    for (number, credited) in [(16, [0, 2]), (17, [0, 1, 2])] {
      let day = TinyDay(day: "2026-11-\(number)")
      try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_\(day.day).csv")
      if number == 16 {
        try school.deliver(day.ledger(credited), as: "ledger_\(day.day).csv")
      }
      _ = try await school.run(day.day)
    }
    let store = try school.nights().store
    let id = try #require(try store.openAnomalies().first).id
    let time = BusinessDay(number: 20_790).start
    try store.record([
      Decision(anomaly: id, outcome: .note, who: "王会计", note: "问过本人", time: time),
      Decision(anomaly: id, outcome: .refunded, who: "王会计", document: document, time: time),
    ])
    _ = try await school.ruling().withdraw(try #require(BusinessDay("2026-11-17")))
    return school
  }

  private func problems(_ school: TinySchool) throws -> [Discrepancy] {
    let run = try school.nights()
    return try run.store.verifyChain() + run.store.verifyColumns() + run.store.verifyArchive()
      + DayVerification(run).published(try run.store.days())
  }

  @Test("Each column of each table")
  func columns() async throws {
    let school = try await school()
    defer { school.remove() }
    #expect(try problems(school) == [])
    let path = school.folder + "/state/history.sqlite"
    let whole = path + ".whole"
    let raw = try DatabaseQueue(path: path)
    let columns = try await raw.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
          WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'grdb_%'
          """
      ).map { (table: $0[0] as String, column: $0[1] as String) }
    }
    try raw.close()
    #expect(columns.count >= 40)
    try FileManager.default.copyItem(atPath: path, toPath: whole)
    for (table, column) in columns {
      let spoiling = try DatabaseQueue(path: path)
      try await spoiling.write { try Self.spoil(column, of: table, $0) }
      try spoiling.close()
      #expect(try !problems(school).isEmpty, "\(table).\(column)")
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: whole, toPath: path)
    }
    #expect(try problems(school) == [])
  }

  /// Changes a column of a table's first row past the triggers, which are there again afterwards.
  private static func spoil(_ column: String, of table: String, _ database: Database) throws {
    let triggers = try Row.fetchAll(
      database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
      arguments: [table])
    for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger[0] as String)") }
    let value: DatabaseValue = try #require(
      try Row.fetchOne(database, sql: "SELECT \(column) FROM \(table) LIMIT 1"))[0]
    let other: any DatabaseValueConvertible =
      switch value.storage {
      case .int64(let number): column == "covers" ? 1 - number : number + 1_000
      // Indexes are made of some bodies: they stay JSON.
      case .blob(let data): data.dropLast() + Data((data.last == 0x7D ? ",\"x\":1}" : " ").utf8)
      case .string(let text): "x" + text.dropFirst()
      case .double, .null: "x"
      }
    // The first of them: keys are of one row.
    let keys = try String.fetchAll(
      database, sql: "SELECT name FROM pragma_table_info(?) WHERE pk > 0", arguments: [table])
    let key = keys.joined(separator: ", ")
    try database.execute(
      sql: """
        UPDATE \(table) SET \(column) = ?
        WHERE (\(key)) = (SELECT \(key) FROM \(table) LIMIT 1)
        """, arguments: [other])
    for trigger in triggers { try database.execute(sql: trigger[1]) }
  }

  @Test("A row, a trigger or an index that is gone or was added")
  func rows() async throws {
    let school = try await school()
    defer { school.remove() }
    let path = school.folder + "/state/history.sqlite"
    let whole = path + ".whole"
    try FileManager.default.copyItem(atPath: path, toPath: whole)
    var changes = [
      "DROP TRIGGER runs_UPDATE", "DROP TRIGGER anomalies_figures", "DROP INDEX anomalies_standing",
      "CREATE TABLE more (id INTEGER)", "INSERT INTO places VALUES ('x', 'dnc-1')",
      "INSERT INTO figures (id, run, severity, fen) VALUES ('dnc-1', 1, 'loss', 5)",
    ]
    for table in ["places", "figures"] {
      changes.append(
        "DELETE FROM \(table) WHERE id = (SELECT id FROM \(table) LIMIT 1)")
    }
    for change in changes {
      let spoiling = try DatabaseQueue(path: path)
      try await spoiling.write { try $0.execute(sql: change) }
      try spoiling.close()
      #expect(try !problems(school).isEmpty, "\(change)")
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: whole, toPath: path)
    }
  }

  @Test("A history whose chain was made anew is sound by itself, and not by a head of before")
  func head() async throws {
    let school = try await school()
    defer { school.remove() }
    let store = try school.nights().store
    let head = try #require(try store.head())
    #expect(try store.verifyHead(head.hash) == [])
    #expect(try store.verifyHead(String(head.hash.uppercased().prefix(16))) == [])
    #expect(throws: HistoryError.self) { try store.verifyHead("12") }
    #expect(throws: HistoryError.self) { try store.verifyHead("x" + head.hash.dropFirst()) }
    // Later links leave the earlier ones where they are.
    try store.record([
      Decision(
        anomaly: try #require(try store.decisions().first).decision.anomaly, outcome: .note,
        who: "王会计", note: "已回访", time: BusinessDay(number: 20_791).start)
    ])
    #expect(try store.head()?.number == head.number + 1)
    #expect(try store.verifyHead(head.hash) == [])
    // The same nights, made again with another voucher.
    let other = try await self.school(document: "V2")
    defer { other.remove() }
    #expect(try problems(other) == [])
    #expect(try other.nights().store.verifyHead(head.hash).count == 1)
    // The last link cut off.
    let raw = try DatabaseQueue(path: school.folder + "/state/history.sqlite")
    let last = try #require(try store.head())
    try await raw.write { database in
      for table in ["chain", "decisions"] {
        let made: String? = try String.fetchOne(
          database, sql: "SELECT sql FROM sqlite_master WHERE name = ?",
          arguments: [table + "_DELETE"])
        try database.execute(sql: "DROP TRIGGER \(table)_DELETE")
        try database.execute(
          sql: "DELETE FROM \(table) WHERE seq = (SELECT max(seq) FROM \(table))")
        try database.execute(sql: made ?? "")
      }
    }
    #expect(try problems(school) == [])
    #expect(try store.verifyHead(last.hash).count == 1)
  }
}

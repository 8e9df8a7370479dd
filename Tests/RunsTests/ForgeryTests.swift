import Crypto
import Foundation
import GRDB
import History
import Payments
import Testing

@testable import Runs

/// Whoever can write everything on the host can make a history that is sound by itself: what was written down
/// elsewhere, in a mail, finds it.
@Suite("A history made anew is found by a head of before")
struct ForgeryTests {
  /// A link of the chain as a forger writes it.
  private struct Link {
    var kind: String
    var body: Data
  }

  /// Rewrites the chain and what hangs on it so that no check of the history by itself finds anything.
  private func forge(
    _ school: TamperedSchool, _ change: @escaping @Sendable (Database) throws -> Void
  ) async throws {
    try await school.change { database in
      let triggers = try Row.fetchAll(
        database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
      for trigger in triggers {
        try database.execute(sql: "DROP TRIGGER \(trigger[0] as String)")
      }
      try change(database)
      try Self.relink(database)
      for table in ["runs", "decisions", "night_decisions", "chain"] {
        let number = table == "runs" ? "id" : "seq"
        try database.execute(
          sql: """
            UPDATE sqlite_sequence SET seq = (SELECT max(\(number)) FROM \(table)) WHERE name = ?
            """, arguments: [table])
      }
      for trigger in triggers { try database.execute(sql: trigger[1]) }
    }
    try anchorAnew(school)
  }

  /// Numbers the links again, hashes them again, and marks the runs by their new hashes.
  private static func relink(_ database: Database) throws {
    let links = try Row.fetchAll(database, sql: "SELECT kind, body FROM chain ORDER BY seq").map {
      Link(kind: $0[0], body: $0[1])
    }
    try database.execute(sql: "DELETE FROM chain")
    var last = ""
    for (place, link) in links.enumerated() {
      var hash = SHA256()
      hash.update(data: Data((last + "\n" + link.kind + "\n").utf8))
      hash.update(data: link.body)
      last = hash.finalize().map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }.joined()
      try database.execute(
        sql: "INSERT INTO chain (seq, kind, body, hash) VALUES (?, ?, ?, ?)",
        arguments: [place + 1, link.kind, link.body, last])
      guard link.kind == "run",
        let body = try JSONSerialization.jsonObject(with: link.body) as? [String: Any]
      else { continue }
      try database.execute(
        sql: "UPDATE delivered SET mark = ? WHERE run = ?",
        arguments: [
          Int64(bitPattern: UInt64(last.prefix(16), radix: 16) ?? 0), body["run"] as? Int ?? 0,
        ])
    }
  }

  /// The anchors of all days by the chain as it is now.
  private func anchorAnew(_ school: TamperedSchool) throws {
    let run = try school.school.nights()
    for day in try run.store.days() {
      guard let recorded = try run.store.anchor(of: day) else { continue }
      try Data(Anchor(day: day, recorded: recorded).bytes).write(
        to: URL(fileURLWithPath: run.folder(of: day).path + "/" + Anchor.name))
    }
  }

  /// Expects that a forged history passes by itself and is found by the head of an earlier mail.
  private func expectFound(_ school: TamperedSchool, by head: ChainLink) throws {
    let found = try school.problems()
    #expect(found == [], "a forger would do better: \(found)")
    let store = try school.school.nights().store
    #expect(try store.verifyHead(head.hash).count == 1)
  }

  @Test("A decision that says something else")
  func rewritten() async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    let head = try #require(try school.school.nights().store.head())
    try await forge(school) { database in
      for table in ["decisions", "chain"] {
        try database.execute(
          sql: """
            UPDATE \(table) SET body = CAST(replace(CAST(body AS TEXT), '"V1"', '"V9"') AS BLOB)
            WHERE CAST(body AS TEXT) LIKE '%"V1"%'
            """)
      }
    }
    #expect(try school.school.nights().store.decisions().contains { $0.decision.document == "V9" })
    try expectFound(school, by: head)
  }

  @Test("The last decision, cut off")
  func cutOff() async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    let store = try school.school.nights().store
    try school.note("已回访")
    let head = try #require(try store.head())
    try await forge(school) { database in
      for table in ["chain", "decisions"] {
        try database.execute(
          sql: "DELETE FROM \(table) WHERE seq = (SELECT max(seq) FROM \(table))")
      }
    }
    try expectFound(school, by: head)
  }

  @Test("An unmasking that nobody is to know of")
  func unmasking() async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    let head = try #require(try school.school.nights().store.head())
    try await forge(school) { try $0.execute(sql: "DELETE FROM chain WHERE kind = 'unmask'") }
    #expect(try school.school.nights().store.unmaskings() == [])
    try expectFound(school, by: head)
  }

  @Test("The last night, taken away with all that is about it")
  func lastNight() async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    // The night of the 18th, and what was published of it.
    let (day, before) = (
      TinyDay(day: "2026-11-18"),
      try Data(contentsOf: URL(fileURLWithPath: school.output + "/index.html"))
    )
    try school.school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_\(day.day).csv")
    _ = try await school.school.run(day.day)
    let head = try #require(try school.school.nights().store.head())
    try await forge(school) { database in
      let run = try Int64.fetchOne(database, sql: "SELECT max(id) FROM runs")
      for table in ["statements", "anomalies", "pending", "figures", "delivered"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [run])
      }
      try database.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [run])
      try database.execute(
        sql: "DELETE FROM places WHERE id NOT IN (SELECT id FROM anomalies)")
      // Its run, and the calendar that showed it.
      let link = try Int64.fetchOne(
        database, sql: "SELECT max(seq) FROM chain WHERE kind = 'run'")
      try database.execute(sql: "DELETE FROM chain WHERE seq >= ?", arguments: [link])
    }
    try FileManager.default.removeItem(atPath: school.output + "/2026-11-18")
    try before.write(to: URL(fileURLWithPath: school.output + "/index.html"))
    try expectFound(school, by: head)
  }

  @Test("All nights, run again on doctored bills")
  func rebuilt() async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    let head = try #require(try school.school.nights().store.head())
    // A payment less in the bills: a loss less.
    let other = try await TamperedSchool(payments: 3)
    defer { other.remove() }
    try expectFound(other, by: head)
  }

  @Test("A head is 16 hexadecimal digits of it at least; later links leave it in the chain")
  func heads() async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    let store = try school.school.nights().store
    let head = try #require(try store.head())
    #expect(try store.verifyHead(head.hash) == [])
    #expect(try store.verifyHead(String(head.hash.uppercased().prefix(16))) == [])
    #expect(throws: HistoryError.self) { try store.verifyHead("12") }
    #expect(throws: HistoryError.self) { try store.verifyHead("x" + head.hash.dropFirst()) }
    try school.note("已回访")
    #expect(try store.head()?.number == head.number + 1)
    #expect(try store.verifyHead(head.hash) == [])
  }

  @Test("A history of before has no anchors and no recorded pages: it passes, and that is said")
  func before() async throws {
    let school = try await TamperedSchool()
    defer { school.remove() }
    try await forge(school) { database in
      try database.execute(
        sql: """
          DELETE FROM chain WHERE kind = 'page';
          UPDATE chain SET body = CAST(
            replace(CAST(body AS TEXT), '"anchoredBy":"",', '') AS BLOB) WHERE kind = 'run'
          """)
    }
    let run = try school.school.nights()
    for day in try run.store.days() {
      try FileManager.default.removeItem(atPath: run.folder(of: day).path + "/" + Anchor.name)
    }
    #expect(try school.problems() == [])
    let verification = DayVerification(run)
    #expect(try verification.origins(run.store.days()).withoutAnchor.count == 2)
    #expect(try verification.unrecorded() == ["2026-11", "index.html"])
    // Its month can still be held against its own manifest.
    try Data("x".utf8).write(to: URL(fileURLWithPath: school.output + "/2026-11/month.html"))
    #expect(try school.problems().map(\.subject).contains { $0.hasSuffix("month.html") })
  }
}

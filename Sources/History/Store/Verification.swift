internal import Columns
internal import Files
internal import Foundation
internal import GRDB
public import Payments

extension HistoryStore {
  /// Recomputes the hash chain, and the fingerprint of every night's rows; whatever differs is told by its column.
  public func verifyChain() throws(HistoryError) -> [Discrepancy] {
    try read { database in
      var found: [Discrepancy] = []
      let check = try String.fetchOne(database, sql: "PRAGMA integrity_check") ?? ""
      if check != "ok" {
        found.append(Discrepancy("history.sqlite", zh: "数据库不完整：\(check)", en: check))
      }
      var last = ""
      var runs = Set<Int64>()
      var bodies: [String: [Data]] = [:]
      let links = try Row.fetchCursor(
        database, sql: "SELECT seq, kind, body, hash FROM chain ORDER BY seq")
      while let row = try links.next() {
        let link = StoredLink(row)
        if HistoryStore.link(after: last, link.kind, link.body) != link.hash {
          found.append(
            Discrepancy(
              "chain \(link.number)",
              zh: "第 \(link.number) 环与其哈希不符（chain.kind、chain.body 或 chain.hash）：此处或之前的记录被改动。",
              en:
                "link \(link.number) does not fit its hash (chain.kind, chain.body or chain.hash): it, or "
                + "one before it, was changed."))
        }
        last = link.hash
        guard link.kind == "run" else {
          bodies[link.kind, default: []].append(link.body)
          continue
        }
        guard let run = try? JSONDecoder().decode(ChainedRun.self, from: link.body) else {
          found.append(
            Discrepancy("chain \(link.number)", zh: "此环不可读。", en: "this link cannot be read."))
          continue
        }
        runs.insert(run.run)
        found += try HistoryStore.verify(run, linked: last, database)
      }
      for id in try Int64.fetchAll(database, sql: "SELECT id FROM runs") where !runs.contains(id) {
        found.append(
          Discrepancy(
            "run \(id)", zh: "这次运行（runs.id）不在哈希链中。", en: "this run (runs.id) is not in the chain."))
      }
      for (table, kind) in [("decisions", "decision"), ("night_decisions", "night")] {
        found += try HistoryStore.verify(table, holds: bodies[kind] ?? [], database)
      }
      return found
    }
  }

  /// A row of the chain, whatever somebody has put there.
  private struct StoredLink {
    let number: Int64
    let kind: String
    let body: Data
    let hash: String

    init(_ row: Row) {
      number = Int64.fromDatabaseValue(row[0]) ?? 0
      kind = String.fromDatabaseValue(row[1]) ?? ""
      body = Data.fromDatabaseValue(row[2]) ?? Data()
      hash = String.fromDatabaseValue(row[3]) ?? ""
    }
  }

  /// Whether a table of decisions holds what the chain says people decided, in that order.
  private static func verify(
    _ table: String, holds chained: [Data], _ database: Database
  ) throws -> [Discrepancy] {
    let rows = try Row.fetchAll(database, sql: "SELECT seq, body FROM \(table) ORDER BY seq")
    let bodies = rows.map { Data.fromDatabaseValue($0[1]) ?? Data() }
    guard bodies != chained else { return [] }
    let place = zip(bodies, chained).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let number = (place ?? min(bodies.count, chained.count)) + 1
    return [
      Discrepancy(
        "\(table) \(number)",
        zh: "处理记录（\(table).body）与哈希链不一致：登记 \(bodies.count) 条，链中 \(chained.count) 条。",
        en: "what was decided (\(table).body) is not what the chain says: \(bodies.count) here, "
          + "\(chained.count) in the chain.")
    ]
  }

  /// Whether the rows of a night are those the chain speaks of.
  ///
  /// - Parameter link: its hash in the chain.
  private static func verify(
    _ run: ChainedRun, linked link: String, _ database: Database
  ) throws -> [Discrepancy] {
    let subject = "run \(run.run) (\(run.day))"
    func changed(_ columns: String) -> Discrepancy {
      Discrepancy(
        subject, zh: "数据库的 \(columns) 与哈希链不符：被改动过。",
        en: "\(columns) is not what the chain says: it was changed.")
    }
    let row = try Row.fetchOne(
      database, sql: "SELECT day, verdict, reports, configuration, rules FROM runs WHERE id = ?",
      arguments: [run.run])
    guard let row else {
      return [
        Discrepancy(subject, zh: "记录（runs.id）已被删除。", en: "its record (runs.id) was deleted.")
      ]
    }
    let reports = Data.fromDatabaseValue(row[2]).flatMap {
      try? JSONDecoder().decode([String: String].self, from: $0)
    }
    let day = Int32.fromDatabaseValue(row[0]).map { BusinessDay(number: $0).description }
    var found: [Discrepancy] = []
    if day != run.day { found.append(changed("runs.day")) }
    if String.fromDatabaseValue(row[1]) != run.verdict { found.append(changed("runs.verdict")) }
    if reports != run.reports { found.append(changed("runs.reports")) }
    if String.fromDatabaseValue(row[3]) != run.configuration {
      found.append(changed("runs.configuration"))
    }
    if Int.fromDatabaseValue(row[4]) != run.ruleBook ?? 1 { found.append(changed("runs.rules")) }
    var checksum = Checksum()
    for (table, order) in [("statements", "ordinal"), ("anomalies", "id"), ("pending", "place")] {
      let bodies = try Row.fetchAll(
        database, sql: "SELECT body FROM \(table) WHERE run = ? ORDER BY \(order)",
        arguments: [run.run])
      for body in bodies { checksum.update(Array(Data.fromDatabaseValue(body[0]) ?? Data())) }
    }
    if checksum.hexadecimal != run.results {
      // One fingerprint is over all three.
      found.append(
        changed(
          "statements.run, statements.body, anomalies.run, anomalies.body, pending.run, pending.body"
        ))
    }
    return found + (try verifyDelivered(run, linked: link, database)).map(changed)
  }

  /// The columns of what a run was delivered, in one piece, that do not follow from its statements.
  private static func verifyDelivered(
    _ run: ChainedRun, linked link: String, _ database: Database
  ) throws -> [String] {
    let row = try Row.fetchOne(
      database, sql: "SELECT statements, mark FROM delivered WHERE run = ?", arguments: [run.run])
    guard let row else { return [] }
    // What cannot be read any more is not what was recorded.
    let statements = try? Delivery.packed(Delivery.all(of: run.run, database))
    var columns: [String] = []
    if Data.fromDatabaseValue(row[0]) != statements { columns.append("delivered.statements") }
    let mark = Int64.fromDatabaseValue(row[1])
    if mark != RunMark(chain: link).bits { columns.append("delivered.mark") }
    return columns
  }

  /// Every archived file against its name.
  ///
  /// - Parameter progress: called with files taken up and files in all, from any thread.
  public func verifyArchive(
    _ progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws(HistoryError) -> [Discrepancy] {
    let names = try read { database in
      try String.fetchAll(
        database, sql: "SELECT DISTINCT sha256 FROM statements WHERE sha256 <> '' ORDER BY sha256")
    }
    let archive = Archive(folder)
    let checksums = concurrently(names.count) { index in
      // They are taken up in order.
      progress(index, names.count)
      return archive.checksum(names[index])
    }
    return zip(names, checksums).compactMap { name, checksum in
      switch checksum {
      case nil:
        Discrepancy(folder.archived(name), zh: "归档文件不见了。", en: "the archived file is gone.")
      case name: nil
      default:
        Discrepancy(folder.archived(name), zh: "归档文件内容被改动。", en: "the archived file was changed.")
      }
    }
  }

  /// By which rules, configuration (SHA-256) and own layouts (SHA-256) the night in force of a day was
  /// judged; nil when the day has not been run.
  public func basis(of day: BusinessDay) throws(HistoryError) -> NightBasis? {
    guard let run = try run(of: day) else { return nil }
    return try basis(run)
  }

  /// The same of the run of a day before the one in force; nil when there is none.
  public func earlierBasis(of day: BusinessDay) throws(HistoryError) -> NightBasis? {
    guard let run = try run(of: day, isEarlier: true) else { return nil }
    return try basis(run)
  }

  private func basis(_ run: ChainedRun) throws(HistoryError) -> NightBasis {
    let findings = try read { database in
      try String.fetchSet(
        database, sql: "SELECT id FROM anomalies WHERE run = ? AND status = 'open'",
        arguments: [run.run])
    }
    return NightBasis(
      verdict: Verdict(rawValue: run.verdict), findings: findings, ruleBook: run.ruleBook ?? 1,
      configuration: run.configuration, profiles: run.profiles ?? [],
      program: run.program, inputs: run.inputs, leftOut: run.leftOut ?? [:],
      unreadable: run.unreadable ?? [:], configurationChanges: run.configurationChanges ?? [],
      books: run.books,
      language: run.language,
      isUnmasked: run.isUnmasked ?? false, isWithdrawn: run.isWithdrawn ?? false,
      decidedUpTo: run.decidedUpTo ?? 0, signer: run.anchoredBy,
      programFile: run.programFile)
  }

  /// What the chain says of the run in force of a day.
  ///
  /// - Parameter isEarlier: whether the run before it is meant.
  func run(
    of day: BusinessDay, isEarlier: Bool = false
  ) throws(HistoryError) -> ChainedRun? {
    try read { database in
      let id = try Int64.fetchOne(
        database, sql: "SELECT id FROM runs WHERE day = ? ORDER BY id DESC LIMIT 1 OFFSET ?",
        arguments: [day.number, isEarlier ? 1 : 0])
      guard let id else { return nil }
      let body = try Data.fetchOne(
        database,
        sql: """
          SELECT body FROM chain WHERE kind = 'run'
            AND json_extract(CAST(body AS TEXT), '$.run') = ?
          """, arguments: [id])
      return try body.map { try JSONDecoder().decode(ChainedRun.self, from: $0) }
    }
  }

  /// The SHA-256 of each published file of the night in force.
  public func reports(of day: BusinessDay) throws(HistoryError) -> [String: String] {
    try read { database in
      let body = try Data.fetchOne(
        database,
        sql: "SELECT r.reports FROM effective e JOIN runs r ON r.id = e.id WHERE e.day = ?",
        arguments: [day.number])
      return try body.map { try JSONDecoder().decode([String: String].self, from: $0) } ?? [:]
    }
  }
}

/// What a night was judged by, and what it came to.
public struct NightBasis: Hashable, Sendable {
  /// Its result.
  public var verdict: Verdict?
  /// Ids of the cases it found or found changed, and that it leaves open.
  public var findings: Set<String>
  /// Number of its rules.
  public var ruleBook: Int
  /// SHA-256 of its configuration.
  public var configuration: String
  /// SHA-256 of the school's own layouts.
  public var profiles: [String]
  /// Version of the program.
  public var program: String
  /// Its files: SHA-256 and name of each statement.
  public var inputs: [String]
  /// Refused files that were left out: SHA-256 by name.
  public var leftOut: [String: String]
  /// Files that could not be read, and why.
  public var unreadable: [String: String]
  /// What the configuration said otherwise than the night before.
  public var configurationChanges: [ConfigurationChange]
  /// How each book stood; nil where it was judged by a program that did not say.
  public var books: [BookNight]?
  /// Language of its reports; nil where it was judged by a program that did not say.
  public var language: String?
  /// Whether they show names and account numbers in full.
  public var isUnmasked: Bool
  /// Whether the day was withdrawn.
  public var isWithdrawn: Bool
  /// Number of the last decision about a case that its reports know of.
  public var decidedUpTo: Int64
  /// Public key of whoever signs its anchor, in base64; empty for nobody, nil where it was judged by a program that
  /// neither wrote anchors nor archived what it judged by.
  public var signer: String?
  /// SHA-256 of the program's file; nil where it was judged by a program that did not say.
  public var programFile: String?
}

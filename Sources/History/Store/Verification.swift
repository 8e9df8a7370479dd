internal import Columns
internal import Files
internal import Foundation
internal import GRDB
public import Payments

extension HistoryStore {
  /// Recomputes the hash chain, and the fingerprint of every night's rows.
  public func verifyChain() throws(HistoryError) -> [Discrepancy] {
    try read { database in
      var found: [Discrepancy] = []
      let check = try String.fetchOne(database, sql: "PRAGMA integrity_check") ?? ""
      if check != "ok" {
        found.append(Discrepancy("history.sqlite", zh: "数据库不完整：\(check)", en: check))
      }
      var last = ""
      var runs = Set<Int64>()
      var decisions: [Data] = []
      var nightDecisions: [Data] = []
      for row in try Row.fetchAll(
        database, sql: "SELECT seq, kind, body, hash FROM chain ORDER BY seq")
      {
        let (seq, kind, body): (Int64, String, Data) = (row["seq"], row["kind"], row["body"])
        if HistoryStore.link(after: last, kind, body) != row["hash"] as String {
          found.append(
            Discrepancy(
              "chain \(seq)", zh: "第 \(seq) 环与其哈希不符：此处或之前的记录被改动。",
              en: "link \(seq) does not fit its hash: it, or one before it, was changed."))
        }
        last = row["hash"]
        if kind == "decision" { decisions.append(body) }
        if kind == "night" { nightDecisions.append(body) }
        guard kind == "run" else { continue }
        guard let run = try? JSONDecoder().decode(ChainedRun.self, from: body) else {
          found.append(
            Discrepancy("chain \(seq)", zh: "此环不可读。", en: "this link cannot be read."))
          continue
        }
        runs.insert(run.run)
        found += try HistoryStore.verify(run, linked: last, database)
      }
      for id in try Int64.fetchAll(database, sql: "SELECT id FROM runs") where !runs.contains(id) {
        found.append(
          Discrepancy("run \(id)", zh: "这次运行不在哈希链中。", en: "this run is not in the chain."))
      }
      let recorded = try Data.fetchAll(database, sql: "SELECT body FROM decisions ORDER BY seq")
      let recordedOfNights = try Data.fetchAll(
        database, sql: "SELECT body FROM night_decisions ORDER BY seq")
      if recorded != decisions || recordedOfNights != nightDecisions {
        found.append(
          Discrepancy(
            "decisions", zh: "处理记录与哈希链不一致。", en: "decisions and chain do not agree."))
      }
      return found
    }
  }

  /// Whether the rows of a night are those the chain speaks of.
  ///
  /// - Parameter link: its hash in the chain.
  private static func verify(
    _ run: ChainedRun, linked link: String, _ database: Database
  ) throws -> [Discrepancy] {
    let row = try Row.fetchOne(
      database, sql: "SELECT day, verdict, reports, configuration, rules FROM runs WHERE id = ?",
      arguments: [run.run])
    guard let row else {
      return [Discrepancy("run \(run.run)", zh: "记录已被删除。", en: "its record was deleted.")]
    }
    var checksum = Checksum()
    for (table, order) in [("statements", "ordinal"), ("anomalies", "id"), ("pending", "place")] {
      let bodies = try Data.fetchAll(
        database, sql: "SELECT body FROM \(table) WHERE run = ? ORDER BY \(order)",
        arguments: [run.run])
      for body in bodies { checksum.update(Array(body)) }
    }
    let delivered = try Row.fetchOne(
      database, sql: "SELECT statements, mark FROM delivered WHERE run = ?", arguments: [run.run])
    // What cannot be read any more is not what was recorded.
    let statements = try? Delivery.packed(Delivery.all(of: run.run, database))
    let isDelivered = delivered.map { delivered in
      delivered[0] as Data == statements && RunMark(bits: delivered[1]) == RunMark(chain: link)
    }
    let reports = try? JSONDecoder().decode([String: String].self, from: row["reports"])
    let day = BusinessDay(number: row["day"]).description
    guard checksum.hexadecimal == run.results, isDelivered ?? true, reports == run.reports,
      day == run.day,
      row["verdict"] as String == run.verdict,
      row["configuration"] as String == run.configuration,
      row["rules"] as Int == run.ruleBook ?? 1
    else {
      return [
        Discrepancy(
          "run \(run.run) (\(run.day))", zh: "数据库中的结果与哈希链不符：被改动过。",
          en: "what the database holds is not what the chain says: it was changed.")
      ]
    }
    return []
  }

  /// The last link of the chain: its number and hash; nil before the first.
  ///
  /// Kept elsewhere it proves later that nothing up to it was rewritten or cut off (``verifyHead(_:)``).
  public func head() throws(HistoryError) -> (number: Int64, hash: String)? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT seq, hash FROM chain ORDER BY seq DESC LIMIT 1")
    }.map { ($0[0], $0[1]) }
  }

  /// Whether a head of earlier, or at least the first 16 digits of it, is still in the chain.
  ///
  /// - Throws: ``HistoryError/refused(_:)`` when it is no hash.
  public func verifyHead(_ hash: String) throws(HistoryError) -> [Discrepancy] {
    let hash = hash.lowercased()
    guard (16...64).contains(hash.count), hash.allSatisfy(\.isHexDigit) else {
      throw .refused(
        Wording(
          zh: "--head：应为链头哈希的前 16 至 64 位十六进制数字。",
          en: "--head: expected 16 to 64 hexadecimal digits of a head."))
    }
    let isThere = try read { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM chain WHERE hash LIKE ?)",
        arguments: [hash + "%"]) ?? false
    }
    if isThere { return [] }
    return [
      Discrepancy(
        "chain \(hash)", zh: "这个链头不在哈希链中：它之前的记录被改写、删去，或这是另一份历史。",
        en:
          "no link has this hash: what was before it was rewritten or cut off, or it is another history's."
      )
    ]
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
      decidedUpTo: run.decidedUpTo ?? 0)
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
}

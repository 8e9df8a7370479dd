internal import Columns
internal import Files
internal import Foundation
internal import GRDB
public import Payments

extension HistoryStore {
  /// Records a night in one transaction: all of it or nothing.
  ///
  /// The serial index is written before the transaction ends, under a name no run has yet; a run that dies
  /// before that leaves a file nobody knows of.
  ///
  /// - Parameters:
  ///   - night: what the night found.
  ///   - entries: the rows of the run, context included.
  ///   - isOwn: whether a row is the night's own, and no context; asked on several threads at once.
  public func record(
    _ night: NightRecord, entries: EntryTable, isOwn: (Int) -> Bool
  ) throws(HistoryError) {
    let next = try read { database in
      (try Int64.fetchOne(database, sql: "SELECT max(id) FROM runs") ?? 0) + 1
    }
    let name = KeyIndexFile.newName(ofRun: next, in: folder)
    let index = KeyIndexFile(path: folder.index(name))
    // The rows go in while the index is written; they stay only when it is.
    let isWritten = Turnstile()
    let recorded = beside {
      isWritten.open(
        Result { () throws(HistoryError) in try index.write(entries, isOwn: isOwn) }
          .mapError { $0 })
    } waiting: {
      Result { try insert(night, as: next, indexed: name, once: isWritten) }
    }
    do {
      try recorded.get()
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  /// Inserts a night's rows in one transaction, which ends only once the index is written.
  ///
  /// - Parameter name: the index's.
  private func insert(
    _ night: NightRecord, as next: Int64, indexed name: String, once isWritten: Turnstile
  ) throws {
    let anomalies = try encodedAll(night.anomalies)
    let results = try HistoryStore.results(night, anomalies)
    try database.write { database in
      try database.execute(
        sql: """
          INSERT INTO runs (id, day, verdict, configuration, program, keys, folder, reports,
            results, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          next, night.day.number, night.verdict.rawValue, night.configuration, night.program,
          name, night.folder, try encoded(night.reports), results, night.ruleBook,
        ])
      for statement in night.statements {
        try database.execute(
          sql: "INSERT INTO statements VALUES (?, ?, ?, ?, ?)",
          arguments: [
            next, statement.ordinal, statement.sha256, statement.covers, try encoded(statement),
          ])
      }
      let version = try database.makeStatement(
        sql: "INSERT INTO anomalies VALUES (?, ?, ?, ?, ?)")
      let figures = try database.makeStatement(sql: "INSERT INTO figures VALUES (?, ?, ?, ?, ?)")
      let row = try database.makeStatement(sql: "INSERT OR IGNORE INTO places VALUES (?, ?)")
      // In the order of the tables: pages are filled one after the other and not come back to.
      let ids = night.anomalies.map(\.id)
      for index in ids.indices.sorted(by: { ids[$0] < ids[$1] }) {
        let anomaly = night.anomalies[index]
        try figures.execute(arguments: [
          anomaly.id, next, anomaly.severity.rawValue, anomaly.amountFen, anomaly.evidenceMark,
        ])
        try version.execute(arguments: [
          next, anomaly.id, anomaly.kind.rawValue, anomaly.status.rawValue, anomalies[index],
        ])
      }
      let rows = night.anomalies.flatMap { anomaly in
        anomaly.places.map { (place: $0, id: anomaly.id) }
      }
      for (place, id) in rows.sorted(by: { ($0.place, $0.id) < ($1.place, $1.id) }) {
        try row.execute(arguments: [place, id])
      }
      let waiting = try database.makeStatement(sql: "INSERT INTO pending VALUES (?, ?, ?)")
      for (place, pending) in night.pending.enumerated() {
        try waiting.execute(arguments: [next, place, try encoded(pending)])
      }
      let link = try HistoryStore.append(
        "run", try encoded(ChainedRun(night, run: next, results: results)), database)
      try database.execute(
        sql: "INSERT INTO delivered VALUES (?, ?, ?, ?)",
        arguments: [
          next, Delivery.packed(night.statements.map { Delivery($0) }), RunMark(chain: link).bits,
          name == KeyIndexFile.usualName(ofRun: next) ? nil : name,
        ])
      try isWritten.pass()
    }
  }

  /// Records what people did, in this order: all of it or nothing.
  ///
  /// - Throws: ``HistoryError/refused(_:)`` when one of them breaks the rules.
  public func record(
    _ decisions: [Decision], under rules: DecisionRules = DecisionRules()
  ) throws(HistoryError) {
    do {
      try database.write { database in
        let id = decisions.count == 1 ? decisions[0].anomaly : nil
        var known = Dictionary(
          try HistoryStore.anomalies(database, id: id).map { ($0.id, $0) },
          uniquingKeysWith: { first, _ in first })
        for decision in decisions {
          try HistoryStore.record(decision.tidied, under: rules, &known, database)
        }
      }
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  private static func record(
    _ decision: Decision, under rules: DecisionRules, _ known: inout [String: ReportedAnomaly],
    _ database: Database
  ) throws {
    if let problem = rules.problems(of: decision, about: known[decision.anomaly]).first {
      throw HistoryError.refused(problem.wording)
    }
    var decision = decision
    if decision.outcome.settles, let anomaly = known[decision.anomaly] {
      (decision.caseFen, decision.caseEvidence) = (anomaly.amountFen, anomaly.evidenceMark)
      if decision.outcome.movesMoney { decision.movedFen = decision.amountFen ?? anomaly.leftFen }
    }
    let body = try encoded(decision)
    try database.execute(
      sql: "INSERT INTO decisions (anomaly, body) VALUES (?, ?)",
      arguments: [decision.anomaly, body])
    try append("decision", body, database)
    // Who decides about it next finds it so.
    let all = try decisions(database, of: [decision.anomaly])[decision.anomaly] ?? []
    if known[decision.anomaly]?.status != .closed { known[decision.anomaly]?.status = .open }
    known[decision.anomaly]?.take(all)
  }

  /// Records that personal data was shown in full: who asked for it and why.
  public func record(_ unmasking: Unmasking) throws(HistoryError) {
    do {
      _ = try database.write { database in
        try HistoryStore.append("unmask", try encoded(unmasking), database)
      }
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  /// Every time personal data was shown in full, in order.
  public func unmaskings() throws(HistoryError) -> [Unmasking] {
    try read { database in
      try decoded(database, "SELECT body FROM chain WHERE kind = 'unmask' ORDER BY seq", [])
    }
  }

  /// Records what a person decided about a night or a file.
  ///
  /// - Throws: ``HistoryError/refused(_:)`` when it breaks the rules.
  public func record(
    _ decision: NightDecision, under rules: DecisionRules = DecisionRules()
  ) throws(HistoryError) {
    let decision = decision.tidied
    let problems = rules.problems(of: decision)
    guard problems.isEmpty else {
      throw .refusals(problems.map(\.wording))
    }
    do {
      try database.write { database in
        let body = try encoded(decision)
        try database.execute(
          sql: """
            INSERT INTO night_decisions (run, body)
            VALUES ((SELECT ifnull(max(id), 0) FROM runs), ?)
            """, arguments: [body])
        try HistoryStore.append("night", body, database)
      }
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  /// Whether the run in force of a night's day left behind exactly this.
  public func holds(_ night: NightRecord) throws(HistoryError) -> Bool {
    guard let known = try run(of: night.day) else { return false }
    do {
      let results = try HistoryStore.results(night, try encodedAll(night.anomalies))
      var mine = ChainedRun(night, run: known.run, results: results)
      // Another key or another build of the program is no other result.
      (mine.anchoredBy, mine.programFile) = (known.anchoredBy, known.programFile)
      return known == mine
    } catch {
      throw HistoryStore.failure(folder.database, error)
    }
  }

  /// One fingerprint of everything a night found, so that a changed row is noticed.
  ///
  /// - Parameter anomalies: the night's anomalies as they are recorded, in its order.
  static func results(_ night: NightRecord, _ anomalies: [Data]) throws -> String {
    var checksum = Checksum()
    for statement in night.statements { checksum.update(Array(try encoded(statement))) }
    for (_, body) in zip(night.anomalies.map(\.id), anomalies).sorted(by: { $0.0 < $1.0 }) {
      checksum.update(Array(body))
    }
    for pending in night.pending { checksum.update(Array(try encoded(pending))) }
    return checksum.hexadecimal
  }

  // MARK: - The chain

  /// Adds a link: its hash covers the one before, so that no earlier link can change unseen.
  ///
  /// - Returns: its hash.
  @discardableResult
  static func append(_ kind: String, _ body: Data, _ database: Database) throws -> String {
    let last =
      try String.fetchOne(database, sql: "SELECT hash FROM chain ORDER BY seq DESC LIMIT 1") ?? ""
    let hash = link(after: last, kind, body)
    try database.execute(
      sql: "INSERT INTO chain (kind, body, hash) VALUES (?, ?, ?)", arguments: [kind, body, hash])
    return hash
  }

  static func link(after last: String, _ kind: String, _ body: Data) -> String {
    var checksum = Checksum()
    checksum.update(last + "\n" + kind + "\n")
    checksum.update(Array(body))
    return checksum.hexadecimal
  }
}

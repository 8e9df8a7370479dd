internal import Foundation
internal import GRDB
public import Payments

/// The cases of the nights in force, and what people did about them.
///
/// Each question reads an index and decodes what it answers with, so that the last night of a year costs what
/// the first one does.
extension HistoryStore {
  /// The last decision about a case, or the last up to one.
  ///
  /// - Parameter number: the most there may be; nil for all.
  public func decisionMark(upTo number: Int64? = nil) throws(HistoryError) -> DecisionMark {
    try read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT seq, body FROM decisions WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
        arguments: [number ?? .max])
      guard let row else { return DecisionMark() }
      let decision = try JSONDecoder().decode(Decision.self, from: row.at(1))
      return DecisionMark(number: try row.at(0), time: decision.time)
    }
  }

  /// The cases that are not settled when the night of `day` begins, by id, and those that are, with money given
  /// back that no statement has shown yet.
  ///
  /// - Parameter last: number of the last decision that counts; nil for all.
  static func standing(
    _ database: Database, before day: BusinessDay, decidedUpTo last: Int64?
  ) throws -> (open: [ReportedAnomaly], refunded: [ReportedAnomaly]) {
    let body = try database.cachedStatement(
      sql: "SELECT body FROM anomalies WHERE id = ? AND run = ?")
    var (bodies, refunded): ([Data], Set<String>) = ([], [])
    for version in try versions(database, before: day, decidedUpTo: last)
    where version.standing.status != .resolved || version.standing.refundedFen > 0 {
      guard let data = try Data.fetchOne(body, arguments: [version.id, version.run]) else {
        continue
      }
      bodies.append(data)
      if version.standing.status == .resolved { refunded.insert(version.id) }
    }
    var all = try decodedAnomalies(bodies)
    all.take(try decisions(database, of: all.map(\.id), upTo: last))
    return (
      all.filter { !refunded.contains($0.id) }, all.filter { refunded.contains($0.id) }
    )
  }

  /// A version of a case that no later night closed.
  private struct Version {
    var id: String
    var run: Int64
    var severity: String
    var fen: Int64
    var standing: CaseStanding
  }

  /// The version in force of each case that the nights before `day` leave open, by id, and how it stands.
  private static func versions(
    _ database: Database, before day: BusinessDay, decidedUpTo last: Int64?
  ) throws -> [Version] {
    let steps = try steps(database, upTo: last)
    return try Row.fetchAll(
      database,
      sql: """
        SELECT v.id, v.run, f.severity, f.fen, f.evidence FROM (
          SELECT a.id, a.run, a.status, max(e.day)
          FROM effective e JOIN anomalies a INDEXED BY anomalies_standing ON a.run = e.id
          WHERE e.day < ? GROUP BY a.id) v
        JOIN figures f ON f.id = v.id AND f.run = v.run
        WHERE v.status = 'open' ORDER BY v.id
        """, arguments: [day.number]
    ).map { row in
      let (id, fen): (String, Int64) = (try row.at(0), try row.at(3))
      return Version(
        id: id, run: try row.at(1), severity: try row.at(2), fen: fen,
        standing: CaseStanding(fen: fen, evidence: try row.at(4), steps[id] ?? []))
    }
  }

  /// What counts of every decision, by case.
  private static func steps(
    _ database: Database, upTo last: Int64?
  ) throws -> [String: [CaseStanding.Step]] {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT anomaly, outcome, json_extract(CAST(body AS TEXT), '$.amountFen'),
          json_extract(CAST(body AS TEXT), '$.movedFen'),
          json_extract(CAST(body AS TEXT), '$.caseFen'),
          json_extract(CAST(body AS TEXT), '$.caseEvidence')
        FROM decisions WHERE seq <= ? ORDER BY seq
        """, arguments: [last ?? .max])
    var found: [String: [CaseStanding.Step]] = [:]
    while let row = try rows.next() {
      guard let outcome = Decision.Outcome(rawValue: try row.at(1)) else { continue }
      found[try row.at(0), default: []].append(
        CaseStanding.Step(
          outcome: outcome, fen: try row.at(2), movedFen: try row.at(3), caseFen: try row.at(4),
          caseEvidence: try row.at(5)))
    }
    return found
  }

  /// How many cases of each severity are not settled now, and what is left of them in fen; nothing of them is
  /// decoded.
  public func openTallies() throws(HistoryError) -> [Severity: Tally] {
    try read { database in
      var tallies: [Severity: Tally] = [:]
      for version in try HistoryStore.versions(database, before: .latest, decidedUpTo: nil)
      where version.standing.status != .resolved {
        guard let severity = Severity(rawValue: version.severity) else { continue }
        tallies[severity, default: Tally()].add(fen: version.fen - version.standing.doneFen)
      }
      return tallies
    }
  }

  /// The cases that are not settled now, by id.
  public func openAnomalies() throws(HistoryError) -> [ReportedAnomaly] {
    try read { try HistoryStore.standing($0, before: .latest, decidedUpTo: nil).open }
  }

  /// The version in force of every case known before `day`, with decisions applied; by id.
  static func anomalies(
    _ database: Database, before day: BusinessDay? = nil, id: String? = nil,
    decidedUpTo last: Int64? = nil
  ) throws -> [ReportedAnomaly] {
    var versions: [ReportedAnomaly] = try decoded(
      database,
      """
      SELECT body FROM (
        SELECT a.id, a.body,
          ROW_NUMBER() OVER (PARTITION BY a.id ORDER BY e.day DESC) AS age
        FROM anomalies a JOIN effective e ON a.run = e.id
        WHERE e.day < ?\(id == nil ? "" : " AND a.id = ?"))
      WHERE age = 1 ORDER BY id
      """, StatementArguments([day?.number ?? .max]) + (id.map { [$0] } ?? []))
    versions.take(try decisions(database, of: id.map { [$0] }, upTo: last))
    return versions
  }

  /// What people did about these cases, about all when nil, by case, in the order it was recorded, with its number.
  static func decisions(
    _ database: Database, of ids: [String]?, upTo last: Int64? = nil
  ) throws -> [String: [(number: Int64, decision: Decision)]] {
    // One argument, however many they are.
    let filter = ids == nil ? "" : "AND anomaly IN (SELECT value FROM json_each(?))"
    let list = try ids.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    let rows = try Row.fetchAll(
      database, sql: "SELECT seq, body FROM decisions WHERE seq <= ? \(filter) ORDER BY seq",
      arguments: StatementArguments([last ?? .max]) + (list.map { [$0] } ?? []))
    var found: [String: [(number: Int64, decision: Decision)]] = [:]
    for row in rows {
      let decision = try JSONDecoder().decode(Decision.self, from: row.at(1))
      found[decision.anomaly, default: []].append((try row.at(0), decision))
    }
    return found
  }

  /// What people did about a case, in the order it was recorded, with its number; about all when nil.
  public func decisions(
    of id: String? = nil
  ) throws(HistoryError) -> [(number: Int64, decision: Decision)] {
    try read { database in
      try HistoryStore.decisions(database, of: id.map { [$0] }).values.flatMap { $0 }
        .sorted { $0.number < $1.number }
    }
  }

  /// Lets what was decided up to a number say how cases stand, whatever night told of them.
  public func takeDecisions(
    _ anomalies: inout [ReportedAnomaly], upTo last: Int64
  ) throws(HistoryError) {
    let ids = anomalies.map(\.id)
    anomalies.take(try read { try HistoryStore.decisions($0, of: ids, upTo: last) })
  }
}

extension [ReportedAnomaly] {
  /// Lets decisions, by case, say how they stand.
  fileprivate mutating func take(_ decisions: [String: [(number: Int64, decision: Decision)]]) {
    if decisions.isEmpty { return }
    for index in indices { self[index].take(decisions[self[index].id] ?? []) }
  }
}

extension BusinessDay {
  /// A day after every night: what is known before it is known now.
  static let latest = BusinessDay(number: .max - 1)
}

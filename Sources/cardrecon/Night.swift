import Columns
import Foundation
import History
import Payments
import Reconciliation
import Reports
import Statements

/// One business day against everything known before it.
///
/// The night's own statements are read together with the days they may belong with — the day before,
/// the days of rows that still wait, the days in which a serial of tonight occurred already — and all
/// of it is judged at once. What concerns tonight is then told from what is only context.
struct Night {
  let day: BusinessDay
  let configuration: Configuration
  let store: HistoryStore
  var options = Intake.Options()

  /// How far from midnight a row may still belong with the neighbouring day: the longest of the
  /// windows, and some.
  static let reach: Int64 = 10_800
  /// Days of context at most; a serial that occurs in more days than this is no serial.
  static let contextLimit = 120

  /// A night's result, ready to be published and recorded.
  struct Outcome {
    var report: DayReport
    var record: NightRecord
    var intake: Intake
    var judgement: Judgement
    /// The rows of the night's own statements.
    private let own: [Range<Int>]

    fileprivate init(
      report: DayReport, record: NightRecord, intake: Intake, judgement: Judgement,
      ordinals: [Int?]
    ) {
      self.report = report
      self.record = record
      self.intake = intake
      self.judgement = judgement
      own = intake.entries.statement.stretches.compactMap { rows, statement in
        ordinals[Int(statement)].map { _ in rows }
      }
    }

    /// Whether a row is of this night's own statements, and no context.
    func isOwn(_ row: Int) -> Bool {
      for rows in own where rows.contains(row) { return true }
      return false
    }
  }

  /// Reads, judges and compares with what was known; writes nothing.
  func judge(_ inputs: [Intake.Source]) async throws -> Outcome {
    let prior = try store.state(before: day)
    var options = options
    if configuration.holdsReissues { options.heldFiles = try reissued(inputs) }
    var context = contextDays(prior)
    var files = try await ReadFiles(
      archived: inputs + sources(of: context), options: options)
    let hits =
      prior.previousDay == nil
      ? []
      : try store.serialIndexes(before: day).days(
        withAny: keys(of: files.ownRows(except: options.heldFiles)))
    let more = Set(Set(hits).subtracting(context).sorted().suffix(Night.contextLimit))
    if !more.isEmpty {
      try await files.read(archived: sources(of: more, besides: context), options: options)
      context.formUnion(more)
    }
    let intake = Intake(consume files, options: options)
    let coverage = intake.coverage.joined(with: prior.coverage)
    let judgement = reconcile(intake.entries, coverage: coverage, rules: configuration.rules)
    let focus = NightFocus(day: day, intake: intake, judgement: judgement, prior: prior)
    let assembly = ReportAssembly(
      intake: EvidenceIntake(intake), judgement: judgement, rules: configuration.rules, focus: focus
    )
    var report = try assembly.report()
    try await compareIssues(&report, intake, inputs.compactMap(\.name), options)
    if let previous = prior.previousDay, previous.adding(1) < day {
      report.missedNights = previous.adding(1)...day.adding(-1)
    }
    let changed = try settle(&report, prior, focus, assembly)
    var record = NightRecord(
      day: day, configuration: configuration.fingerprint, program: CardRecon.version,
      verdict: report.verdict)
    record.anomalies = changed
    record.pending = try focus.pendingRecords(assembly)
    let ordinals = statementOrdinals(intake)
    let names = inputs.compactMap(\.name)
    record.statements = intake.statements.indices.compactMap { index in
      guard let ordinal = ordinals[index] else { return nil }
      let statement = intake.statements[index].statement
      return StatementRecord(
        statement, ordinal: ordinal, member: intake.statements[index].member,
        delivered: Night.delivered(statement, names))
    }
    return Outcome(
      report: report, record: record, intake: intake, judgement: judgement, ordinals: ordinals)
  }

  // MARK: - Statements issued again

  /// Name of the delivered file a statement stands in.
  private static func delivered(_ statement: Statement, _ names: [String]) -> String {
    names.first { statement.file == $0 || statement.file.hasPrefix($0 + "/") } ?? statement.file
  }

  /// Tonight's files that replace another issue.
  private func reissued(_ inputs: [Intake.Source]) throws -> Set<String> {
    var found = Set<String>()
    for input in inputs {
      guard let mark = input.path.lastIndex(of: "/"), let name = input.name else { continue }
      let sha256 = String(input.path[input.path.index(after: mark)...])
      let earlier = try store.earlierIssue(of: name, member: nil, on: day, than: sha256)
      // What a person has once let pass stays in use when the day is run again.
      if earlier != nil, try !store.wasUsed(sha256, on: day) { found.insert(sha256) }
    }
    return found
  }

  /// Says of each statement that was issued again what changed.
  private func compareIssues(
    _ report: inout DayReport, _ intake: Intake, _ names: [String], _ options: Intake.Options
  ) async throws {
    let reissues = Reissues(store: store, day: day, options: options)
    let own = intake.statements.filter { !$0.isContext }
    for (place, given) in own.enumerated() where !given.statement.sha256.isEmpty {
      let statement = given.statement
      let reissue = try await reissues.compare(
        sha256: statement.sha256, delivered: Night.delivered(statement, names),
        member: given.member)
      guard let reissue else { continue }
      report.statements[place].reissue = reissue
      report.statements[place].statement.faults.append(
        StatementFault(
          .statementReissued,
          detail: Wording(
            zh: "当日重新下发：与先前版本（SHA-256 \(reissue.earlier.prefix(16))…，已存档）相比，"
              + "新增 \(reissue.added) 行，删去 \(reissue.removed) 行，"
              + "改动 \(reissue.changed) 行。",
            en:
              "issued again: against the issue before (SHA-256 \(reissue.earlier.prefix(16))…, kept "
              + "in the archive) \(reissue.added) rows added, \(reissue.removed) removed, "
              + "\(reissue.changed) changed."),
          holds: false, voidsCoverage: false))
    }
  }

  // MARK: - Context

  private func contextDays(_ prior: PriorState) -> Set<BusinessDay> {
    var days = Set<BusinessDay>()
    if let previous = prior.previousDay { days.insert(previous) }
    for pending in prior.pending {
      days.insert(pending.day)
      let second = pending.item.time.secondOfDay
      if second < Night.reach { days.insert(pending.day.adding(-1)) }
      if second >= 86_400 - Night.reach { days.insert(pending.day.adding(1)) }
    }
    return days.filter { $0 < day }
  }

  /// The statements of other days, from the archive; those of the days `read` are here already.
  private func sources(
    of days: Set<BusinessDay>, besides read: Set<BusinessDay> = []
  ) throws -> [Intake.Source] {
    var seen = Set<String>()
    for day in read { seen.formUnion(try store.statements(of: day).map(\.sha256)) }
    var found: [Intake.Source] = []
    for day in days.sorted() {
      for record in try store.statements(of: day) where !record.isHeld && !record.sha256.isEmpty {
        guard seen.insert(record.sha256).inserted else { continue }
        found.append(
          Intake.Source(
            path: store.folder.archived(record.sha256), name: record.delivered, isContext: true))
      }
    }
    return found
  }

  /// The keys by which tonight's rows may belong with earlier ones.
  private func keys(of tables: [EntryTable]) -> [KeyHash] {
    var keys: [KeyHash] = []
    keys.reserveCapacity(tables.reduce(0) { $0 + $1.count * 3 })
    for entries in tables {
      for row in 0..<entries.count {
        switch entries.kind[row] {
        case .excluded, .transferIn, .transferOut: continue
        case .credit, .manualCredit, .reversal, .unpostedCredit: keys.append(entries.own[row])
        default: break
        }
        keys.append(entries.order[row])
        keys.append(entries.serial[row])
      }
      for (row, key) in entries.original {
        switch entries.kind[Int(row)] {
        case .excluded, .transferIn, .transferOut: continue
        default: keys.append(key)
        }
      }
    }
    return keys
  }

  private func statementOrdinals(_ intake: Intake) -> [Int?] {
    var next = 0
    return intake.statements.map { given in
      guard !given.isContext, !given.statement.sha256.isEmpty else { return nil }
      defer { next += 1 }
      return next
    }
  }

  // MARK: - What was known before

  /// Puts tonight's anomalies beside those known: what is new, what stays, what closed.
  ///
  /// - Returns: the anomalies that are new or have changed.
  private func settle(
    _ report: inout DayReport, _ prior: PriorState, _ focus: NightFocus,
    _ assembly: ReportAssembly
  ) throws -> [ReportedAnomaly] {
    var changed: [ReportedAnomaly] = []
    var listed: [ReportedAnomaly] = []
    var judged = Set<String>()
    let told = try store.anomalyIDs(before: day)
    for var anomaly in report.anomalies {
      judged.insert(anomaly.id)
      let known = told.contains(anomaly.id) ? try store.state(of: anomaly.id, before: day) : nil
      anomaly.firstSeen = known?.firstSeen ?? day
      if let known, known.status == .resolved { anomaly.status = .resolved }
      if let known, known.status == .reopened { anomaly.status = .reopened }
      if known == nil || known?.status == .closed || known?.evidence != anomaly.evidence
        || known?.amountFen != anomaly.amountFen
      {
        var version = anomaly
        version.status = .open
        changed.append(version)
      }
      listed.append(anomaly)
    }
    for var known in prior.open where !judged.contains(known.id) {
      if focus.touches(known) {
        known.status = .closed
        known.closedDay = day
        known.closing = try focus.closingRows(of: known, assembly)
        changed.append(known)
        listed.append(known)
      } else if known.severity != .notice {
        listed.append(known)
      }
    }
    report.anomalies = ReportAssembly.sorted(listed)
    report.verdict = assembly.verdict(report)
    return changed
  }
}

extension Coverage {
  /// What either covers.
  func joined(with other: Coverage) -> Coverage {
    Coverage(
      ledger: ledger + other.ledger,
      channels: channels.merging(other.channels, uniquingKeysWith: +))
  }
}

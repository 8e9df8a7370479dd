internal import Columns
internal import Foundation
package import History
package import Payments
internal import Statements

/// One business day against everything known before it.
///
/// The night's own statements are read together with the days they may belong with — the day before,
/// the days of rows that still wait, the days in which a serial of tonight occurred already — and all
/// of it is judged at once. What concerns tonight is then told from what is only context.
struct Night {
  let day: BusinessDay
  let configuration: Configuration
  let store: HistoryStore
  /// What people decided about nights and files.
  var decisions = NightDecisions()
  var options = Intake.Options()
  /// The last decision about a case that counts.
  var decidedUpTo = DecisionMark()
  /// What was told of the configuration when the night was judged before; nil to find it out.
  var configurationChanges: [ConfigurationChange]?
  /// Whether its files lie where they were delivered, and nothing of it will be kept.
  var isDry = false

  /// Its files put beside each other, without any other day's.
  func intake(_ sources: [Intake.Source]) async throws -> Intake {
    try await Intake(archived: sources, options: options)
  }

  /// Reads, judges and compares with what was known; writes nothing.
  ///
  /// - Parameter leftOut: files that a person refused: SHA-256 by name.
  func judge(
    _ inputs: [Intake.Source], leftOut: [String: String] = [:]
  ) async throws -> JudgedNight {
    let prior = try store.state(before: day, decidedUpTo: decidedUpTo.number)
    let issues = NightIssues(day: day, store: store)
    var options = options
    options.hasLists = configuration.hasLists(inputs.compactMap(\.name), on: day)
    let (files, days) = try await read(inputs, prior, options)
    let judged = JudgedDay(
      consume files, options: options, known: try store.coverage(before: day, except: days),
      rules: configuration.rules, night: { settlementNight($0, prior) })
    let focus = NightFocus(day: day, judged, prior: prior)
    let assembly = ReportAssembly(
      intake: EvidenceIntake(judged.intake), judgement: judged.judgement, legs: judged.legs,
      concerns: focus.concerns, places: focus.places)
    var report = try assembly.report()
    let names = inputs.compactMap(\.name)
    if !isDry { try await issues.compare(&report, judged.intake, names, options) }
    if let previous = prior.previousDay, previous.adding(1) < day {
      report.missedNights = previous.adding(1)...day.adding(-1)
    }
    report.configurationChanges =
      try configurationChanges ?? changes(since: prior.previousDay)
    report.openNights = try store.openNights(before: day)
    report.decidedUpTo = decidedUpTo
    report.decisions = decisions.leanedOn(
      empty: judged.intake.emptyDays.filter { $0.day == day || days.contains($0.day) },
      withdrawn: try days.filter { try store.withdrawal(of: $0) != nil },
      files: judged.intake.files, leftOut: leftOut)
    let coverage = judged.intake.coverage.adding(
      known: try store.coverage(before: day, except: days))
    let changed = try NightCases(
      day: day, store: store, decidedUpTo: decidedUpTo.number, focus: focus,
      confirmWithin: Int32(configuration.rules.confirmWithinDays), coverage: coverage
    ).settle(&report, prior)
    report.verdict = assembly.verdict(report)
    var record = NightRecord(
      day: day, configuration: configuration.fingerprint, program: ProgramVersion.number,
      verdict: report.verdict)
    record.ruleBook = RuleBook.number
    record.decidedUpTo = decidedUpTo.number
    record.configurationChanges = report.configurationChanges
    record.leftOut = leftOut
    record.unreadable = Dictionary(
      options.unreadable.map { ($0.name, $0.problem) }, uniquingKeysWith: { first, _ in first })
    record.books = judged.intake.statements.books(
      before: try store.basis(of: day)?.books ?? [])
    record.anomalies = changed
    record.pending = try focus.pendingRecords(assembly)
    let ordinals = statementOrdinals(judged.intake)
    record.statements = records(of: judged.intake, ordinals, names)
    return JudgedNight(report: report, record: record, judged: judged, ordinals: ordinals)
  }

  /// Which rows of accounts and banks the night asks about: its own, those that waited, those that are accused.
  private func settlementNight(_ intake: Intake, _ prior: PriorState) -> SettlementNight {
    var night = SettlementNight(day...day)
    let places = RowPlaces(intake)
    night.own = intake.entries.statement.stretches.compactMap { rows, statement in
      intake.statements[Int(statement)].isContext
        ? nil
        : Int32(truncatingIfNeeded: rows.lowerBound)..<Int32(truncatingIfNeeded: rows.upperBound)
    }
    night.waiting = Set(
      prior.pending.compactMap { places.row($0.row, of: $0.sha256, $0.member) }
        .map { Int32(truncatingIfNeeded: $0) })
    night.accused = Set(
      prior.open.filter { $0.leg == Leg.bank.rawValue }.flatMap(\.places)
        .compactMap { places.row(at: $0) }.map { Int32(truncatingIfNeeded: $0) })
    return night
  }

  /// What the configuration says otherwise than that of another night; nothing where that was not archived.
  private func changes(since other: BusinessDay?) throws -> [ConfigurationChange] {
    guard let other, let basis = try store.basis(of: other),
      basis.configuration != configuration.fingerprint,
      let before = FileManager.default.contents(
        atPath: store.folder.archived(basis.configuration))
    else { return [] }
    return .between(Array(before), configuration.source)
  }

  /// The night of a day that a person withdrew: nothing of it is known any more but that; what waited before
  /// it still waits.
  func withdrawn(by decision: NightDecision) throws -> JudgedNight {
    var report = DayReport(days: day...day, verdict: .incomplete)
    report.decisions = [decision]
    var record = NightRecord(
      day: day, configuration: configuration.fingerprint, program: ProgramVersion.number,
      verdict: .incomplete)
    record.ruleBook = RuleBook.number
    record.isWithdrawn = true
    record.decidedUpTo = decidedUpTo.number
    report.decidedUpTo = decidedUpTo
    record.pending = try store.state(before: day, decidedUpTo: decidedUpTo.number).pending
    var options = Intake.Options()
    (options.days, options.books) = (day...day, [])
    let judged = JudgedDay(ReadFiles(), options: options, rules: configuration.rules)
    return JudgedNight(report: report, record: record, judged: judged, ordinals: [])
  }

  /// Tonight's files and those of the days they may belong with, and which days these are.
  private func read(
    _ inputs: [Intake.Source], _ prior: PriorState, _ options: Intake.Options
  ) async throws -> (files: ReadFiles, days: Set<BusinessDay>) {
    let context = NightContext(day: day, configuration: configuration, store: store)
    let days = context.days(prior)
    var files = try await ReadFiles(
      archived: inputs + context.sources(of: days), options: options)
    guard prior.previousDay != nil else { return (files, days) }
    let more = try context.days(
      sharing: files.ownRows(except: options.heldFiles), besides: days)
    if !more.isEmpty {
      try await files.read(archived: context.sources(of: more, besides: days), options: options)
    }
    return (files, days.union(more))
  }

  private func records(
    of intake: Intake, _ ordinals: [Int?], _ names: [String]
  ) -> [StatementRecord] {
    intake.statements.indices.compactMap { index in
      guard let ordinal = ordinals[index] else { return nil }
      let given = intake.statements[index]
      return StatementRecord(
        given.statement, ordinal: ordinal, member: given.member,
        delivered: NightIssues.delivered(given.statement, names), book: given.book,
        covered: given.covered)
    }
  }

  private func statementOrdinals(_ intake: Intake) -> [Int?] {
    var next = 0
    return intake.statements.map { given in
      guard !given.isContext, !given.statement.sha256.isEmpty else { return nil }
      defer { next += 1 }
      return next
    }
  }
}

/// A night's result, ready to be published and recorded.
package struct JudgedNight {
  /// What is published.
  package var report: DayReport
  /// What is recorded.
  package var record: NightRecord
  /// The statements and what their rows come to.
  package let judged: JudgedDay
  /// The rows of the night's own statements.
  private let own: [Range<Int>]

  fileprivate init(
    report: DayReport, record: NightRecord, judged: JudgedDay, ordinals: [Int?]
  ) {
    self.report = report
    self.record = record
    self.judged = judged
    own = judged.intake.entries.statement.stretches.compactMap { rows, statement in
      ordinals[Int(statement)].map { _ in rows }
    }
  }

  /// Whether a row is of this night's own statements, and no context.
  func isOwn(_ row: Int) -> Bool {
    for rows in own where rows.contains(row) { return true }
    return false
  }
}

internal import Columns
internal import Files
internal import Foundation
package import History
package import Payments
package import Reports
internal import Statements

/// The nightly run as a transaction: archive the input, judge, lay the reports down, record the night,
/// show the reports. Killed anywhere, the next run finishes or forgets it.
package struct NightRun: Sendable {
  /// What the school told.
  package let configuration: Configuration
  /// What is known of earlier nights.
  package let store: HistoryStore
  /// How reports are written.
  package var reportOptions: ReportOptions
  private let threads: Int
  /// Number of the last decision about a case that reports are to know of; nil for all there are.
  package var decidedUpTo: Int64?
  /// Called with bytes read and bytes in all, from any thread.
  package var progress: (@Sendable (Int, Int) -> Void)?

  /// Prepares runs on a history.
  ///
  /// - Parameter unmask: whether reports show names and account numbers in full.
  package init(
    configuration: Configuration, store: HistoryStore, language: Language, unmask: Bool,
    threads: Int
  ) {
    (self.configuration, self.store, self.threads) = (configuration, store, threads)
    reportOptions = ReportOptions(
      language: language, unmask: unmask, actions: configuration.actions)
  }

  /// The same under another configuration.
  func with(_ other: Configuration) -> NightRun {
    var run = NightRun(
      configuration: other, store: store, language: reportOptions.language,
      unmask: reportOptions.unmask, threads: threads)
    (run.progress, run.decidedUpTo) = (progress, decidedUpTo)
    return run
  }

  /// Where a day's reports are published.
  package func folder(of day: BusinessDay) -> ReportFolder {
    ReportFolder(configuration.output + "/\(day)")
  }

  /// Days shown in the output folder.
  package func publishedDays() -> [BusinessDay] {
    ReportFolder.names(in: configuration.output).compactMap { name in
      BusinessDay(name).flatMap { folder(of: $0).shown == nil ? nil : $0 }
    }
  }

  // MARK: - Running

  /// Runs a day on the files delivered for it, and on archived ones that nothing delivered stands for.
  ///
  /// Where the run in force left behind exactly this and is no older than those before it, nothing is stored.
  package func run(_ day: BusinessDay, files: [String]) async throws -> NightResult {
    let inputs = try await inputs(of: day, delivered: files)
    NightStep.reached(.archived)
    return try await run(day, inputs, isForced: try store.outdatedDays().contains(day))
  }

  /// Judges a day as ``run(_:files:)`` would, and records and publishes nothing.
  package func tryOut(_ day: BusinessDay, files: [String]) async throws -> DayReport {
    let inputs = try await inputs(of: day, delivered: files, isDry: true)
    var night = try night(of: day, inputs)
    night.isDry = true
    return try await night.judge(inputs.sources, leftOut: inputs.leftOut).report
  }

  /// Runs a day again on its archived files, because an earlier day has changed or a person has decided
  /// something about it: under the configuration it was judged by, in the language it was published in.
  package func runAgain(_ day: BusinessDay) async throws -> NightResult {
    var run = try asJudged(day) ?? self
    if let basis = try store.basis(of: day), let language = basis.language.flatMap(Language.init) {
      (run.reportOptions.language, run.reportOptions.unmask) = (language, basis.isUnmasked)
    }
    return try await run.run(day, try recordedInputs(of: day), isForced: true, isAgain: true)
  }

  /// Publishes a day again, in this language and masked or not; its files and configuration are those it was
  /// judged by.
  ///
  /// - Returns: the report.
  @discardableResult
  package func republish(_ day: BusinessDay) async throws -> DayReport {
    let run = try asJudged(day) ?? self
    return try await run.run(
      day, try recordedInputs(of: day), isForced: try store.outdatedDays().contains(day),
      isAgain: true
    ).report
  }

  /// The run under a day's own configuration, from the archive, when the rules are still those it was judged by;
  /// nil when they are not, or its configuration was not archived yet.
  func asJudged(_ day: BusinessDay) throws -> NightRun? {
    guard let basis = try store.basis(of: day), basis.ruleBook == RuleBook.number else {
      return nil
    }
    // Layouts that have changed read other rows.
    guard try profiles() == basis.profiles else { return nil }
    guard basis.configuration != configuration.fingerprint else { return self }
    let archived = store.folder.archived(basis.configuration)
    guard let bytes = FileManager.default.contents(atPath: archived) else { return nil }
    var other = try ConfigurationReader(path: configuration.path, bytes: Array(bytes)).read()
    // Where things lie is where they lie now.
    (other.incoming, other.output, other.state) =
      (configuration.incoming, configuration.output, configuration.state)
    (other.profiles, other.anchorKey) = (configuration.profiles, configuration.anchorKey)
    other.passwords = configuration.passwords
    return with(other)
  }

  /// The school's own layouts as they are now, by SHA-256.
  private func profiles() throws -> [String] {
    try Intake.profileFiles(in: configuration.profiles).map { path in
      sha256(FileManager.default.contents(atPath: path).map { Array($0) } ?? [])
    }
  }

  private func run(
    _ day: BusinessDay, _ inputs: NightInputs, isForced: Bool, isAgain: Bool = false
  ) async throws -> NightResult {
    for damaged in try store.gatherIndexes(before: day) { try await rebuildIndex(of: damaged) }
    var night = try await judged(day, inputs, orWithdrawn: isAgain)
    NightStep.reached(.judged)
    night.record.profiles = try archiveBasis()
    if !isForced, try holdsWithoutNewDecisions(night) {
      var result = NightResult(report: night.report, inputs: inputs)
      result.isStored = false
      return result
    }
    (night.record.language, night.record.isUnmasked) =
      (reportOptions.language.rawValue, reportOptions.unmask)
    night.record.anchoredBy = try anchorKey()?.publicText
    night.record.programFile = ProgramVersion.fingerprint
    var files: [PublishedFile] = []
    let folder = folder(of: day)
    night.record.folder = try folder.prepare { path in
      files = try papers(night.report, day).written(in: path)
    }
    night.record.reports = Dictionary(
      files.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    var result = NightResult(report: night.report, inputs: inputs)
    if !isForced, try store.holds(night.record), isPublished(night.record) {
      folder.forget(night.record.folder)
      result.isStored = false
      return result
    }
    NightStep.reached(.prepared)
    try store.record(night.record, entries: night.judged.intake.entries, isOwn: night.isOwn)
    NightStep.reached(.recorded)
    try show(night.record.folder, of: day)
    NightStep.reached(.shown)
    return result
  }

  /// Whether the run in force left behind exactly this but for the last decision it knows of: decisions about
  /// other nights' cases make no new run.
  private func holdsWithoutNewDecisions(_ night: JudgedNight) throws -> Bool {
    guard decidedUpTo == nil, let basis = try store.basis(of: night.record.day),
      basis.decidedUpTo != night.record.decidedUpTo
    else { return false }
    var before = night
    before.record.decidedUpTo = basis.decidedUpTo
    before.report.decidedUpTo = try store.decisionMark(upTo: basis.decidedUpTo)
    (before.record.language, before.record.isUnmasked) =
      (reportOptions.language.rawValue, reportOptions.unmask)
    let files = try papers(before.report, before.record.day).written()
    before.record.reports = Dictionary(
      files.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    return try store.holds(before.record) && isPublished(before.record)
  }

  /// Whether what is shown of a day is what its record says.
  private func isPublished(_ night: NightRecord) -> Bool {
    night.reports.allSatisfy { name, recorded in
      let bytes = FileManager.default.contents(atPath: folder(of: night.day).path + "/" + name)
      return bytes.map { sha256(Array($0)) } == recorded
    }
  }

  /// Shows what was laid down of a day, once it is recorded: with its anchor, which names the record's link.
  private func show(_ stamp: String, of day: BusinessDay) throws {
    let folder = folder(of: day)
    if let recorded = try store.anchor(of: day), let signer = recorded.signer {
      let key = try signer.isEmpty ? nil : anchorKey()
      // One recorded under another key stays without a signature: `verify` says so.
      try Anchor(day: day, recorded: recorded).write(
        in: folder.path(of: stamp), signedBy: key?.publicText == signer ? key : nil)
    }
    try folder.show(stamp)
  }

  /// The key that signs anchors; nil where there is none.
  private func anchorKey() throws -> AnchorKey? {
    try configuration.anchorKey.map { path throws(AnchorKeyError) in try AnchorKey(path: path) }
  }

  /// Puts what a night is judged by, besides its files, into the archive.
  ///
  /// - Returns: the school's own layouts by SHA-256.
  private func archiveBasis() throws -> [String] {
    let archive = Archive(store.folder)
    try archive.put(bytes: configuration.source)
    return try Intake.profileFiles(in: configuration.profiles).map { try archive.store($0) }
  }

  /// Finishes what a killed run had recorded and not yet shown, clears what it had not recorded, and
  /// writes serial indexes that were lost anew from the archive.
  ///
  /// - Throws: `HistoryError` when reports are published that the history knows nothing of: begun
  ///   anew, it would forget everything that is open.
  package func repair() async throws {
    // One that cannot be read is told before anything is done.
    _ = try anchorKey()
    if try store.days().isEmpty, let known = publishedDays().last {
      throw HistoryError.damaged(
        path: store.folder.path,
        problem: Wording(
          zh: "已发布 \(known) 的报告，历史中却没有任何一天。",
          en: "the report of \(known) is published, but the history knows no day."),
        advice: Wording(
          zh: "请从备份恢复；若确要从头开始，先把 \(configuration.output) 移走。",
          en: "Restore it from a backup; to begin anew on purpose, move "
            + "\(configuration.output) away first."))
    }
    Archive(store.folder).discardUnfinished()
    for day in try store.daysWithoutIndex() { try await rebuildIndex(of: day) }
    var kept = Set<String>()
    for night in try store.publications() {
      kept.insert(night.folder)
      let folder = folder(of: night.day)
      guard folder.shown != night.folder else { continue }
      if folder.isPrepared(night.folder) { try show(night.folder, of: night.day) }
    }
    ReportFolder.discard(except: kept, in: configuration.output)
  }

  /// Writes the serial index of a night anew from its archived files.
  private func rebuildIndex(of day: BusinessDay) async throws {
    let night = try await judged(day)
    try store.rebuildIndex(
      of: day, entries: night.judged.intake.entries, isOwn: night.isOwn)
  }

  // MARK: - Judging

  /// A night judged anew from its archived files; writes nothing.
  ///
  /// - Parameter asRecorded: whether it knows the decisions its run in force knew of, or those there are now.
  package func judged(_ day: BusinessDay, asRecorded: Bool = true) async throws -> JudgedNight {
    var run = self
    if asRecorded { run.decidedUpTo = try store.basis(of: day)?.decidedUpTo ?? 0 }
    return try await run.judged(
      day, try recordedInputs(of: day), orWithdrawn: true,
      changes: try store.basis(of: day)?.configurationChanges)
  }

  /// - Parameters:
  ///   - orWithdrawn: whether a day that a person withdrew is told so, instead of being judged.
  ///   - changes: what was told of the configuration; nil to find it out.
  private func judged(
    _ day: BusinessDay, _ inputs: NightInputs, orWithdrawn: Bool = false,
    changes: [ConfigurationChange]? = nil
  ) async throws -> JudgedNight {
    var night = try night(of: day, inputs)
    night.configurationChanges = changes
    if orWithdrawn, let withdrawal = try store.withdrawal(of: day) {
      return try night.withdrawn(by: withdrawal)
    }
    return try await night.judge(inputs.sources, leftOut: inputs.leftOut)
  }

  /// A night, ready to be judged on some files.
  func night(of day: BusinessDay, _ inputs: NightInputs) throws -> Night {
    var options = try options(day...day)
    try take(inputs, of: day, into: &options)
    return Night(
      day: day, configuration: configuration, store: store,
      decisions: try store.nightDecisions(), options: options,
      decidedUpTo: try store.decisionMark(upTo: decidedUpTo))
  }

  /// Lets a reading of some days know what people decided, and which files of one of them are held or cannot be
  /// read.
  private func take(
    _ inputs: NightInputs, of day: BusinessDay, into options: inout Intake.Options
  ) throws {
    let decisions = try store.nightDecisions()
    options.accepted = decisions.accepted
    options.emptyDays = decisions.emptyDays(to: day)
    options.unreadable += inputs.unreadable
    guard configuration.holdsReissues else { return }
    options.heldFiles.formUnion(
      try NightIssues(day: day, store: store).reissued(inputs.sources).filter { sha256 in
        decisions.accepted[sha256]?.contains(day) != true
      })
  }

  /// Several days told as one, for showing: their archived files judged together.
  package func whole(_ days: ClosedRange<BusinessDay>) async throws -> DayReport {
    var sources: [Intake.Source] = []
    var options = try options(days)
    for number in days.lowerBound.number...days.upperBound.number {
      let day = BusinessDay(number: number)
      let inputs = try recordedInputs(of: day)
      try take(inputs, of: day, into: &options)
      for source in inputs.sources where !sources.contains(source) { sources.append(source) }
    }
    let files = try await ReadFiles(archived: sources, options: options)
    var report = try JudgedDay(files, options: options, rules: configuration.rules).report()
    let mark = try store.decisionMark(upTo: decidedUpTo)
    report.decidedUpTo = mark
    try store.takeDecisions(&report.anomalies, upTo: mark.number)
    if report.verdict != .incomplete {
      report.verdict = report.hasOpenCases ? .unbalanced : .balanced
    }
    return report
  }

  /// How the statements of some days are read.
  func options(_ days: ClosedRange<BusinessDay>) throws -> Intake.Options {
    var options = Intake.Options()
    options.threads = threads
    options.profileFolder = configuration.profiles
    if let path = configuration.passwords { options.passwords = try PasswordFile.read(path) }
    options.days = days
    let learned = try store.learnedBooks(before: days.lowerBound)
    options.books = configuration.fillIn(
      days.lowerBound, configuration.expectedBooks(learned: learned))
    options.reconciled = Set(configuration.sources.map(\.channel))
    options.merchants = Dictionary(
      configuration.sources.map { ($0.channel, $0.merchants) }, uniquingKeysWith: +)
    options.words = configuration.words
    options.cutoffs = Dictionary(
      configuration.sources.compactMap { source in source.cutoff.map { (source.channel, $0) } },
      uniquingKeysWith: { first, _ in first })
    options.progress = progress
    return options
  }

  // MARK: - Publishing

  /// The calendar over every published day.
  package var calendar: CalendarPage {
    CalendarPage(configuration: configuration, store: store, options: reportOptions)
  }

  /// The files of a day's reports, and the line that ties them to the day before.
  package func papers(_ report: DayReport, _ day: BusinessDay) throws -> DayPapers {
    var papers = DayPapers(
      report: report, day: day, school: configuration.school, options: reportOptions)
    // The hash as recorded: what lies in the folder may be gone or changed, and is not to pass for it.
    if let previous = try store.previousDay(before: day),
      let recorded = try store.reports(of: previous)[PublishedFile.manifestName]
    {
      papers.dayBefore = "\(recorded)  ../../\(previous)/\(PublishedFile.manifestName)\n"
    }
    return papers
  }
}

import Columns
import Foundation
import History
import Payments
import Reconciliation
import Reports
import Statements

/// The nightly run as a transaction: archive the input, judge, lay the reports down, record the night,
/// show the reports. Killed anywhere, the next run finishes or forgets it.
struct Nightly {
  let configuration: Configuration
  let store: HistoryStore
  var output: OutputOptions
  var progress: (@Sendable (Int, Int) -> Void)?

  /// Where a day's reports are published.
  func folder(of day: BusinessDay) -> String { configuration.output + "/\(day)" }

  /// Days shown in the output folder.
  func publishedDays() -> [BusinessDay] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: configuration.output)) ?? []
    return names.sorted().compactMap { name in
      BusinessDay(name).flatMap { Publishing.shown(folder(of: $0)) == nil ? nil : $0 }
    }
  }

  /// Finishes what a killed run had recorded and not yet shown, clears what it had not recorded, and
  /// writes serial indexes that were lost anew from the archive.
  ///
  /// - Throws: ``HistoryError`` when reports are published that the history knows nothing of: begun
  ///   anew, it would forget everything that is open.
  func repair() async throws {
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
      guard Publishing.shown(folder) != night.folder else { continue }
      if Publishing.isPrepared(night.folder, for: folder) {
        try Publishing.show(night.folder, as: folder)
      }
    }
    Publishing.discard(except: kept, in: configuration.output)
  }

  /// Writes the serial index of a night anew from its archived files.
  private func rebuildIndex(of day: BusinessDay) async throws {
    let outcome = try await judged(day)
    try store.rebuildIndex(of: day, entries: outcome.intake.entries, isOwn: outcome.isOwn)
  }

  /// Runs a day on the files delivered for it.
  func run(_ day: BusinessDay, files: [String]) async throws -> DayReport {
    let archive = Archive(store.folder)
    let names = Intake.displayNames(files)
    var inputs: [Intake.Source] = []
    let stored = concurrently(files.count) { index in
      Result { () throws(HistoryError) in try archive.put(files[index]) }
    }
    for (stored, name) in zip(stored, names) {
      let file = try stored.get()
      // What was there already is looked at again: it may have been changed since.
      inputs.append(
        Intake.Source(
          path: store.folder.archived(file.sha256), name: name,
          sha256: file.isNew ? file.sha256 : nil))
    }
    NightStep.reached(.archived)
    return try await run(day, inputs)
  }

  /// Runs a day again on its archived files, because an earlier day has changed.
  func runAgain(_ day: BusinessDay) async throws {
    _ = try await run(day, try archivedInputs(of: day))
  }

  /// Several days told as one, for showing: their archived files judged together.
  func whole(_ days: ClosedRange<BusinessDay>) async throws -> DayReport {
    var inputs: [Intake.Source] = []
    for number in days.lowerBound.number...days.upperBound.number {
      for input in try archivedInputs(of: BusinessDay(number: number))
      where !inputs.contains(input) {
        inputs.append(input)
      }
    }
    var options = options(days.lowerBound)
    options.days = days
    let intake = try await Intake(archived: inputs, options: options)
    let judgement = reconcile(
      intake.entries, coverage: intake.coverage, rules: configuration.rules)
    var report = try ReportAssembly(
      intake: EvidenceIntake(intake), judgement: judgement, rules: configuration.rules
    ).report()
    configuration.nameMissing(in: &report)
    return report
  }

  /// The files a night was run on, from the archive.
  func archivedInputs(of day: BusinessDay) throws -> [Intake.Source] {
    var seen = Set<String>()
    return try store.statements(of: day).compactMap { record in
      guard seen.insert(record.sha256 + record.delivered).inserted else { return nil }
      return Intake.Source(
        path: store.folder.archived(record.sha256), name: record.delivered)
    }
  }

  private func run(_ day: BusinessDay, _ inputs: [Intake.Source]) async throws -> DayReport {
    for damaged in try store.gatherIndexes(before: day) { try await rebuildIndex(of: damaged) }
    let night = Night(day: day, configuration: configuration, store: store, options: options(day))
    var outcome = try await night.judge(inputs)
    configuration.nameMissing(in: &outcome.report)
    NightStep.reached(.judged)
    var files: [PublishedFile] = []
    outcome.record.folder = try Publishing.prepare(for: folder(of: day)) { folder in
      files = try reports(outcome.report, day, in: folder)
    }
    outcome.record.reports = Dictionary(
      files.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    NightStep.reached(.prepared)
    try store.record(outcome.record, entries: outcome.intake.entries, isOwn: outcome.isOwn)
    NightStep.reached(.recorded)
    try Publishing.show(outcome.record.folder, as: folder(of: day))
    NightStep.reached(.shown)
    try publishIndex()
    return outcome.report
  }

  /// Writes `index.html` over every published day; it holds nothing that is not in the history.
  func publishIndex() throws {
    let nights = try store.calendar()
    let days = nights.map {
      IndexDay(
        day: $0.day, verdict: $0.verdict, losses: $0.losses, lossFen: Int128($0.lossFen))
    }
    let open = try store.openTallies().map { (severity: $0.key, tally: $0.value) }
    let months = Set(nights.map { String($0.day.description.prefix(7)) }).filter {
      Publishing.shown(configuration.output + "/" + $0) != nil
    }
    let page = IndexPage.render(
      days, open: open, months: months, options: reportOptions, school: configuration.school)
    try Publishing.write(page, to: configuration.output + "/index.html")
  }

  /// A night judged anew from its archived files; writes nothing.
  func judged(_ day: BusinessDay) async throws -> Night.Outcome {
    try await Night(
      day: day, configuration: configuration, store: store, options: options(day)
    ).judge(try archivedInputs(of: day))
  }

  /// How reports are written.
  var reportOptions: ReportOptions {
    ReportOptions(language: output.lang, unmask: output.unmask, actions: configuration.actions)
  }

  /// A day judged anew from its archived files and ready to be written down; writes nothing.
  func derived(_ day: BusinessDay) async throws -> Night.Outcome {
    var outcome = try await judged(day)
    configuration.nameMissing(in: &outcome.report)
    return outcome
  }

  /// Compares the serial index of a day with the rows it was judged by.
  func verifyIndex(
    of day: BusinessDay, against outcome: Night.Outcome
  ) throws -> [Discrepancy] {
    try store.verifyIndex(of: day, entries: outcome.intake.entries, isOwn: outcome.isOwn)
  }

  /// How a day's statements are read.
  func options(_ day: BusinessDay) -> Intake.Options {
    var options = Intake.Options()
    options.threads = output.threads
    options.profileFolder = configuration.profiles
    options.days = day...day
    options.expected = Set(configuration.sources.map(\.channel))
    options.reconciled = Set(configuration.sources.map(\.channel))
    options.merchants = Dictionary(
      configuration.sources.map { ($0.channel, $0.merchants) }, uniquingKeysWith: +)
    options.subMerchants = Dictionary(
      configuration.sources.map { ($0.channel, $0.subMerchants) }, uniquingKeysWith: +)
    options.progress = progress
    return options
  }

  /// Writes a day's reports, the manifest last: `sha256sum -c` checks them, and the day before with them.
  ///
  /// - Parameter folder: where; nil to learn their checksums only.
  func reports(
    _ report: DayReport, _ day: BusinessDay, in folder: String? = nil
  ) throws -> [PublishedFile] {
    let options = reportOptions
    let layout = TerminalLayout(width: 100, limit: 200, fullListing: "report.json")
    let school = configuration.school
    let writers: [PaperWriter] =
      [
        PaperWriter("report.json") { sink in
          JSONReport.render(report, options: options) { sink.append($0) }
        },
        PaperWriter("report.html") { sink in
          DayPage.render(report, options: options, school: school) { sink.append($0) }
        },
        PaperWriter("anomalies.csv") { sink in
          AnomaliesCSV.render(report, options: options) { sink.append($0) }
        },
        PaperWriter("report.txt") { sink in
          let text = TerminalReport.render(report, options: options, layout: layout)
          sink.append(Array(text.utf8))
        },
      ] + papers(report, day, options: options)
    // None needs another: they are written side by side, first what takes longest and cannot be cut.
    let turns =
      writers.indices.filter { writers[$0].isLong } + writers.indices.filter { !writers[$0].isLong }
    let written = concurrently(turns.count) { turn in
      Result { try writers[turns[turn]].written(in: folder) }
    }
    var inOrder = [PublishedFile?](repeating: nil, count: writers.count)
    for (index, file) in zip(turns, written) { inOrder[index] = try file.get() }
    let files = inOrder.compactMap { $0 }
    var before = ""
    // The hash as recorded: what lies in the folder may be gone or changed, and is not to pass for it.
    if let previous = try store.previousDay(before: day),
      let recorded = try store.reports(of: previous)[PublishedFile.manifestName]
    {
      before = "\(recorded)  ../../\(previous)/\(PublishedFile.manifestName)\n"
    }
    return files + [try PublishedFile.manifest(of: files, others: before).written(in: folder)]
  }
}

internal import Files
package import History
package import Payments

/// The nights a run was asked for, those it takes with them, and those it has to run again after them.
package struct Nights: Sendable {
  /// How each night is run.
  package let run: NightRun
  private var store: HistoryStore { run.store }

  /// Prepares runs of several nights.
  package init(_ run: NightRun) { self.run = run }

  /// Runs days on the files delivered for them; before them, oldest first, the nights of the last days that
  /// are missed or not whole and whose files have come or changed; after each, the nights that are outdated
  /// by it.
  package func run(_ days: ClosedRange<BusinessDay>) async throws -> NightsResult {
    let asked = Set(
      (days.lowerBound.number...days.upperBound.number).map(BusinessDay.init(number:)))
    let due = asked.union(try late(before: days.lowerBound))
    var result = NightsResult(DayReport(days: days, verdict: .incomplete))
    var last: BusinessDay?
    while let day = try next(after: last, of: due) {
      let before = try store.basis(of: day)
      let night =
        due.contains(day)
        ? try await run.run(day, files: run.configuration.files(on: day))
        : try await run.runAgain(day)
      let after = try store.basis(of: day)
      if !due.contains(day) { NightStep.reached(.forward) }
      result.note(night, NightChange(day, from: before, to: after), isAsked: asked.contains(day))
      last = day
    }
    try run.calendar.publish()
    if days.lowerBound != days.upperBound { result.report = try await run.whole(days) }
    result.weigh(result.report)
    result.head = try store.head()
    return result
  }

  /// Runs the nights that a decision, or a run that died, has left outdated.
  package func bringUpToDate() async throws -> NightsResult {
    var result = NightsResult(DayReport(days: nil, verdict: .balanced))
    var last: BusinessDay?
    while let day = try next(after: last, of: []) {
      let before = try store.basis(of: day)
      let night = try await run.runAgain(day)
      result.note(
        night, NightChange(day, from: before, to: try store.basis(of: day)), isAsked: false)
      last = day
    }
    try run.calendar.publish()
    return result
  }

  /// The next day to run: one that is due, or one that is outdated by then.
  private func next(after last: BusinessDay?, of due: Set<BusinessDay>) throws -> BusinessDay? {
    due.union(try store.outdatedDays()).filter { day in last.map { $0 < day } ?? true }.min()
  }

  // MARK: - What has come late

  /// Nights before a day, as far back as the configuration says, that are missed or not settled and whose files
  /// have come or changed; in order.
  package func late(before day: BusinessDay) throws -> [BusinessDay] {
    guard let first = try store.days().first else { return [] }
    let waiting = Set(try store.state(before: day).pending.map(\.day))
    let reach = Int32(run.configuration.catchUpDays)
    return try (max(first.number, day.number - reach)..<max(first.number, day.number))
      .map(BusinessDay.init(number:)).filter { try isLate($0, waits: waiting.contains($0)) }
  }

  /// Whether a night is missed or not settled, and its files have come or changed.
  ///
  /// - Parameter waits: whether rows of it still wait.
  private func isLate(_ day: BusinessDay, waits: Bool) throws -> Bool {
    let files = run.configuration.datedFiles(on: day)
    guard !files.isEmpty else { return false }
    guard let basis = try store.basis(of: day) else { return true }
    guard try store.withdrawal(of: day) == nil else { return false }
    let decisions = try store.nightDecisions()
    let isEmptied = decisions.all.contains { $0.act == .acceptMissing && $0.days.contains(day) }
    // What a night accuses may be the file's doing, as when it was cut where nothing tells; where issues wait
    // for a person a new one is not taken by itself.
    let mayAccuse = basis.verdict == .unbalanced && !run.configuration.holdsReissues
    guard basis.verdict == .incomplete || mayAccuse || waits || isEmptied else { return false }
    let known = Set(basis.inputs.map { String($0.prefix(64)) }).union(basis.leftOut.values)
    // One that could not be read and is gone changes the night too.
    if basis.unreadable.keys.contains(where: { name in !files.contains { $0.hasSuffix(name) } }) {
      return true
    }
    return files.contains { file in
      let wasUnreadable = basis.unreadable.keys.contains { file.hasSuffix($0) }
      // What could not be read then and cannot be read now has not changed.
      guard let sha256 = try? Archive.checksum(of: file) else { return !wasUnreadable }
      let name = file.split(separator: "/").last.map(String.init) ?? file
      return wasUnreadable || !known.contains(sha256) && !decisions.refuses(sha256, named: name)
    }
  }
}

/// What several nights came to.
package struct NightsResult: Sendable {
  /// The report of the day asked for; of several days, one told of all.
  package var report: DayReport
  /// The worst of all nights that were judged.
  package var verdict = Verdict.balanced
  /// Nights that were judged besides those asked for, or again, in order.
  package var changes: [NightChange] = []
  /// The last link of the chain after them.
  package var head: ChainLink?
  /// Files that are no longer delivered and were taken from the archive: day and names.
  package var fromArchive: [(day: BusinessDay, files: [String])] = []
  /// Files that a person refused and that were delivered all the same: day and names.
  package var leftOut: [(day: BusinessDay, files: [String])] = []

  init(_ report: DayReport) { self.report = report }

  /// Lets a report count for the verdict.
  mutating func weigh(_ report: DayReport) {
    verdict = max(verdict, report.verdict)
    // A doubt is told every morning until the whole file comes or a person accepts this one.
    if report.openNights.contains(where: \.isDoubted) { verdict = .incomplete }
  }

  mutating func note(_ night: NightResult, _ change: NightChange, isAsked: Bool) {
    let day = change.day
    // Of days asked for together what they come to together counts, and what is doubted before them.
    if isAsked {
      report = night.report
      if report.openNights.contains(where: \.isDoubted) { verdict = .incomplete }
      // What a night of several says stands on its page, whatever the days come to together.
      if report.verdict == .unbalanced { verdict = max(verdict, .unbalanced) }
    } else {
      weigh(night.report)
    }
    if night.isStored, !isAsked || change.isRerun { changes.append(change) }
    if !night.fromArchive.isEmpty { fromArchive.append((day, night.fromArchive)) }
    if !night.leftOut.isEmpty { leftOut.append((day, night.leftOut)) }
  }
}

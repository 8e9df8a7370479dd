internal import History
package import Payments

/// The nights a run was asked for, and those it has to run again before and after them.
package struct Nights: Sendable {
  /// How each night is run.
  package let run: NightRun

  /// Prepares runs of several nights.
  package init(_ run: NightRun) { self.run = run }

  /// Nights between the last one that was run before `days` and the first of them: missed, and to be made
  /// up for.
  package func missed(before days: ClosedRange<BusinessDay>) throws -> ClosedRange<BusinessDay>? {
    guard let last = try run.store.days().last(where: { $0 < days.lowerBound }),
      last.adding(1) < days.lowerBound
    else { return nil }
    return last.adding(1)...days.lowerBound.adding(-1)
  }

  /// Runs days on the files delivered for them, and the days around them that are outdated.
  ///
  /// - Returns: the report of the day; of several days, one told of all.
  package func run(_ days: ClosedRange<BusinessDay>) async throws -> DayReport {
    // A run that died may have left later days unaware of what it found.
    for day in try run.store.outdatedDays() where day < days.lowerBound {
      try await run.runAgain(day)
    }
    var report = DayReport(days: days, verdict: .incomplete)
    for number in days.lowerBound.number...days.upperBound.number {
      let day = BusinessDay(number: number)
      report = try await run.run(day, files: run.configuration.files(on: day))
    }
    for day in try run.store.outdatedDays() {
      try await run.runAgain(day)
      NightStep.reached(.forward)
    }
    return days.lowerBound == days.upperBound ? report : try await run.whole(days)
  }
}

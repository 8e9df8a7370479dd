package import Payments
internal import Reconciliation
package import Statements

/// Statements of one day or several, judged together: the one road from files to a report, which check,
/// run, rerun, trace and verify all take.
package struct JudgedDay {
  /// The statements and their rows.
  package let intake: Intake
  /// What the rows come to.
  package let judgement: Judgement

  /// Puts files that were read beside each other and judges their rows; again where a statement turns out to
  /// cover less than it claims.
  ///
  /// - Parameter known: stretches that statements read on other days cover.
  init(
    _ files: consuming ReadFiles, options: Intake.Options, known: Coverage = Coverage(books: []),
    rules: Rules
  ) {
    var intake = Intake(files, options: options)
    let coverage = intake.coverage.adding(known: known)
    let first = reconcile(intake.entries, coverage: coverage, rules: rules)
    let found = doubts(
      intake.entries, first, coverage: coverage, edges: intake.edges, rules: rules)
    if found.isEmpty {
      judgement = first
    } else {
      intake.note(found)
      judgement = reconcile(
        intake.entries, coverage: intake.coverage.adding(known: known), rules: rules)
    }
    intake.keep(knownNumbers: judgement.knownNumbers)
    intake.note(unclearLinks: judgement.unclearLinks)
    self.intake = intake
  }

  /// Reads and judges the files at `paths`.
  ///
  /// - Throws: `StatementError` when a file cannot be read at all.
  package init(
    paths: [String], options: Intake.Options = Intake.Options(), rules: Rules = Rules()
  ) async throws {
    let sources = paths.map { Intake.Source(path: $0) }
    self.init(try await ReadFiles(sources, options: options), options: options, rules: rules)
  }

  /// The report on all rows.
  ///
  /// - Throws: ``BrokenPromise`` when rows were lost.
  package consuming func report() throws -> DayReport {
    // Cases are told from the rows' places; what joined them is half of the memory.
    let (intake, judgement) = (self.intake, self.judgement)
    _ = consume self
    let evidence = EvidenceIntake(consume intake)
    return try ReportAssembly(intake: evidence, judgement: judgement).report()
  }
}

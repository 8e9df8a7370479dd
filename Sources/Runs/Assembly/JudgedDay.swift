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
  /// The legs behind the bill.
  let legs: SettledLegs

  /// Puts files that were read beside each other and judges their rows; again where a statement turns out to
  /// cover less than it claims.
  ///
  /// - Parameters:
  ///   - known: stretches that statements read on other days cover.
  ///   - night: which rows the legs behind the bill are asked about; nil for all.
  init(
    _ files: consuming ReadFiles, options: Intake.Options, known: Coverage = Coverage(books: []),
    rules: Rules, night: ((Intake) -> SettlementNight?)? = nil
  ) {
    var intake = Intake(files, options: options)
    let coverage = intake.coverage.adding(known: known)
    let first = reconcile(intake.entries, coverage: coverage, rules: rules)
    let found = doubts(
      intake.entries, first, coverage: coverage, edges: intake.edges, rules: rules)
    var judgement = first
    if !found.isEmpty {
      intake.note(found)
      judgement = reconcile(
        intake.entries, coverage: intake.coverage.adding(known: known), rules: rules)
    }
    legs = SettledLegs(
      intake, &judgement, intake.coverage.adding(known: known), rules.settlement,
      night?(intake))
    self.judgement = judgement
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
    let (intake, judgement, legs) = (self.intake, self.judgement, self.legs)
    _ = consume self
    let evidence = EvidenceIntake(consume intake)
    return try ReportAssembly(intake: evidence, judgement: judgement, legs: legs).report()
  }
}

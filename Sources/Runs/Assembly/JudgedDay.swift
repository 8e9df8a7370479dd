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

  /// Puts files that were read beside each other and judges their rows.
  ///
  /// - Parameter known: stretches that statements read on other days cover.
  init(
    _ files: consuming ReadFiles, options: Intake.Options, known: Coverage = Coverage(),
    rules: Rules
  ) {
    intake = Intake(files, options: options)
    judgement = reconcile(
      intake.entries, coverage: intake.coverage.joined(with: known), rules: rules)
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

extension Coverage {
  /// What either covers.
  func joined(with other: Coverage) -> Coverage {
    Coverage(
      ledger: ledger + other.ledger,
      channels: channels.merging(other.channels, uniquingKeysWith: +))
  }
}

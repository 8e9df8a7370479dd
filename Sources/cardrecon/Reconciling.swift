import Payments
import Reconciliation
import Statements

/// The road every run takes: files → entries → judgement → report.
struct Reconciling {
  var paths: [String]
  var options = Intake.Options()
  var rules = Rules()

  /// Reads, judges and assembles; throws when a file cannot be read or a promise is broken.
  func report() async throws -> DayReport {
    let intake = try await Intake(paths: paths, options: options)
    let judgement = reconcile(intake.entries, coverage: intake.coverage, rules: rules)
    // Cases are told from the rows' places; what joined them is half of the memory.
    let evidence = EvidenceIntake(consume intake)
    return try ReportAssembly(intake: evidence, judgement: judgement, rules: rules).report()
  }
}

/// A promise of the program was broken: its own fault, never the user's.
struct BrokenPromise: Error, CustomStringConvertible {
  var description: String
}

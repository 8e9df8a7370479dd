internal import Payments

/// What the chain says of a run.
struct ChainedRun: Codable, Hashable {
  var run: Int64
  var day: String
  var verdict: String
  var configuration: String
  var program: String
  var inputs: [String]
  var reports: [String: String]
  var results: String

  init(_ night: NightRecord, run: Int64, results: String) {
    self.run = run
    day = night.day.description
    verdict = night.verdict.rawValue
    configuration = night.configuration
    program = night.program
    inputs = night.statements.map { "\($0.sha256) \($0.file)" }
    reports = night.reports
    self.results = results
  }
}

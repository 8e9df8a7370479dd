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
  /// Number of the rules it was judged by; nil in runs of before they had one.
  var ruleBook: Int?
  /// The school's own layouts by SHA-256; nil where it has none.
  var profiles: [String]?
  /// Refused files that were left out, SHA-256 by name; nil where there are none.
  var leftOut: [String: String]?
  /// Files that could not be read, and why; nil where there are none.
  var unreadable: [String: String]?
  /// What the configuration said otherwise than the night before; nil for nothing.
  var configurationChanges: [ConfigurationChange]?
  /// How each book stood; nil in runs of before.
  var books: [BookNight]?
  /// Language of its reports; nil in runs of before.
  var language: String?
  /// Whether they show names and account numbers in full; nil for no.
  var isUnmasked: Bool?
  /// Whether the day was withdrawn; nil for no.
  var isWithdrawn: Bool?
  /// Number of the last decision about a case that its reports know of; nil in runs of before.
  var decidedUpTo: Int64?
  /// Who signs its anchor, by public key; empty for nobody, nil in runs of before anchors were.
  var anchoredBy: String?
  /// SHA-256 of the program's file; nil in runs of before, and where the system does not show it.
  var programFile: String?

  init(_ night: NightRecord, run: Int64, results: String) {
    self.run = run
    day = night.day.description
    verdict = night.verdict.rawValue
    configuration = night.configuration
    program = night.program
    inputs = night.statements.map { "\($0.sha256) \($0.file)" }
    reports = night.reports
    self.results = results
    ruleBook = night.ruleBook
    profiles = night.profiles.isEmpty ? nil : night.profiles
    leftOut = night.leftOut.isEmpty ? nil : night.leftOut
    configurationChanges =
      night.configurationChanges.isEmpty ? nil : night.configurationChanges
    books = night.books
    unreadable = night.unreadable.isEmpty ? nil : night.unreadable
    language = night.language
    isUnmasked = night.isUnmasked ? true : nil
    isWithdrawn = night.isWithdrawn ? true : nil
    decidedUpTo = night.decidedUpTo
    anchoredBy = night.anchoredBy ?? ""
    programFile = night.programFile
  }
}

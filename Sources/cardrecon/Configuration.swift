import Payments
import Reports

/// What a school tells the nightly run: where its statements lie, what its rules are.
struct Configuration: Sendable {
  /// The file it was read from.
  var path: String
  /// The school's name.
  var school = ""
  /// Folder the statements lie in; patterns are relative to it.
  var incoming = "."
  /// Folder the reports are published in.
  var output = "reports"
  /// Folder of the school's own layouts, if it has any.
  var profiles: String?
  /// Folder the history lies in.
  var state = "state"
  /// SHA-256 of the file's bytes.
  var fingerprint = ""
  /// Reconciled sources, in the order of channels.
  var sources: [ConfiguredSource] = []
  /// File patterns of the ledger.
  var ledger: [String] = []
  var rules = Rules()
  var actions = ActionSettings()
}

/// One reconciled channel.
struct ConfiguredSource: Sendable {
  var channel: Channel
  /// File patterns; `{yyyyMMdd}` and `{yyyy-MM-dd}` stand for the day, `*` and `?` for anything.
  var files: [String]
  /// Merchant or account numbers its statements must carry; empty for any.
  var merchants: [String]
}

/// The configuration says something that cannot be.
struct ConfigurationError: Error, Equatable {
  var path: String
  var line: Int?
  var column: Int?
  var detail: Wording

  /// `file:line:column: what was expected`.
  var wording: Wording {
    let place = ([path] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
    return Wording(zh: "\(place)：\(detail.zh)", en: "\(place): \(detail.en)")
  }
}

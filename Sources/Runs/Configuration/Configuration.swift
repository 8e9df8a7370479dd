package import History
package import Payments
package import Reports
package import Statements

/// What a school tells the nightly run: where its statements lie, what its rules are.
package struct Configuration: Sendable {
  /// The file it was read from.
  package var path: String
  /// The school's name.
  package var school = ""
  /// Folder the statements lie in; patterns are relative to it.
  package var incoming = "."
  /// Folder the reports are published in.
  package var output = "reports"
  /// Folder of the school's own layouts, if it has any.
  package var profiles: String?
  /// Folder the history lies in.
  package var state = "state"
  /// File of the key that signs the anchors of days; nil where they are not signed.
  package var anchorKey: String?
  /// File of the passwords of zip files; nil where there are none.
  package var passwords: String?
  /// Whether a decision needs a second person.
  package var needsReview = false
  /// Whether a statement issued again waits for a person; otherwise the newest issue counts.
  package var holdsReissues = false
  /// How many days back a run looks for files that came late.
  package var catchUpDays = 14
  /// The file's bytes.
  package var source: [UInt8] = []
  /// SHA-256 of the file's bytes.
  package var fingerprint = ""
  /// Reconciled sources, in the order of channels.
  package var sources: [ConfiguredSource] = []
  /// What the ledger writes for top-ups that no statement tells.
  package var unreconciled: [String] = []
  /// Files of the ledger.
  package var ledger: [FileEntry] = []
  /// When the ledger of a day is due, in seconds of the next morning; nil for the usual time.
  package var ledgerDue: Int64?
  /// Whether the ledger numbers its rows without gaps.
  package var serialsAreContinuous = false
  /// Files of account and replacement lists.
  package var lists: [FileEntry] = []
  /// Who settles for the channels, as the banks write it.
  package var payoutParties: [Channel: [String]] = [:]
  /// Windows, tolerances and limits.
  package var rules = Rules()
  /// What reports tell people to do, where and when.
  package var actions = ActionSettings()
}

/// One reconciled channel.
package struct ConfiguredSource: Sendable {
  /// The channel.
  package var channel: Channel
  /// Its files.
  package var files: [FileEntry]
  /// Merchant or account numbers its statements must carry; empty for any.
  package var merchants: [String]
  /// Whose rows are ours in a service provider's statements; empty for all.
  package var subMerchants: [String] = []
  /// What the ledger calls it besides the words of its layout.
  package var words: [String] = []
  /// What it may take, by contract.
  package var fees: [SettlementTerms.Agreement] = []
  /// One of these stands in every row of it that is a top-up; empty for what its layout says.
  package var topUps: [String] = []
  /// When its files of a day are due, in seconds of the next morning; nil for the usual time.
  package var due: Int64?
  /// Where its day ends; nil for where its layout says.
  package var cutoff: DayCut?
  /// The first day the school does not use it any more; nil for one in use.
  package var retired: BusinessDay?
  /// The same of some of ``merchants``.
  package var retiredMerchants: [String: BusinessDay] = [:]
}

/// The configuration says something that cannot be.
package struct ConfigurationError: Error, Equatable {
  /// The file.
  package var path: String
  /// Where in it, counted from 1, when it is at one place.
  package var line: Int?
  /// The column, counted from 1.
  package var column: Int?
  /// What was expected.
  package var detail: Wording

  /// `file:line:column: what was expected`.
  package var wording: Wording {
    let place = ([path] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
    return Wording(zh: "\(place)：\(detail.zh)", en: "\(place): \(detail.en)")
  }
}

extension Configuration {
  /// What the school says about the words in its statements.
  package var words: SchoolWords {
    func byChannel(_ words: (ConfiguredSource) -> [String]) -> [Channel: [String]] {
      Dictionary(sources.map { ($0.channel, words($0)) }, uniquingKeysWith: +)
    }
    var result = SchoolWords()
    result.subMerchants = byChannel(\.subMerchants)
    result.channels = byChannel(\.words)
    result.topUps = byChannel(\.topUps)
    result.payoutParties = payoutParties
    result.serialsAreContinuous = serialsAreContinuous
    result.unreconciled = unreconciled
    return result
  }

  /// What must hold of decisions at this school.
  package var decisionRules: DecisionRules { DecisionRules(needsReview: needsReview) }
}

public import Payments

/// One statement a night used, or refused: what must be remembered to read it again.
public struct StatementRecord: Codable, Hashable, Sendable {
  /// Place among the night's statements.
  public var ordinal: Int
  /// SHA-256 of the delivered file: its name in the archive.
  public var sha256: String
  /// Which part of its file it is; empty for a file that is one statement.
  public var member: String
  /// What reports call it: the file's name, and its member's where it is an archive.
  public var file: String
  /// Name of the file as delivered.
  public var delivered: String
  /// Name of the layout.
  public var format: String
  /// The book.
  public var side: Side
  /// The channel it speaks for.
  public var channel: Channel
  /// First day it speaks for.
  public var from: BusinessDay?
  /// Last day it speaks for.
  public var to: BusinessDay?
  /// Rows read.
  public var rows: Int
  /// Whether it speaks for its whole period.
  public var covers: Bool
  /// Whether none of its rows was used.
  public var isHeld: Bool
  /// Whose book it is of; nil in runs of before.
  public var owner: String?
  /// What the book tells, as ``BookContent``'s bits; nil in runs of before.
  public var content: UInt8?
  /// First second it covers, after doubts; nil where it covers none, and in runs of before.
  public var coversFrom: Int64?
  /// First second it does not cover any more.
  public var coversTo: Int64?

  /// Describes a statement.
  ///
  /// - Parameters:
  ///   - book: the book it is of; nil for lists and for what is held.
  ///   - covered: the stretch it was found to cover.
  public init(
    _ statement: Statement, ordinal: Int, member: String, delivered: String, book: Book? = nil,
    covered: TimeSpan? = nil
  ) {
    (owner, content) = (book?.owner, book?.content.rawValue)
    (coversFrom, coversTo) = (covered?.start.seconds, covered?.end.seconds)
    self.ordinal = ordinal
    self.member = member
    self.delivered = delivered
    sha256 = statement.sha256
    file = statement.file
    format = statement.format
    side = statement.side
    channel = statement.channel
    from = statement.from
    to = statement.to
    rows = statement.read.rows
    covers = statement.covers
    isHeld = statement.isHeld
  }

  /// The book it is of.
  public var book: Book {
    Book(
      side: side, channel: channel, owner: owner ?? "",
      content: content.map { BookContent(rawValue: $0) } ?? .both)
  }

  /// The stretch it covers, or nil when it covers none.
  public var span: TimeSpan? {
    if let coversFrom, let coversTo {
      return TimeSpan(start: Timestamp(seconds: coversFrom), end: Timestamp(seconds: coversTo))
    }
    // In runs of before a statement covered its days.
    guard owner == nil, covers, let from, let to, from <= to else { return nil }
    return TimeSpan(first: from, last: to)
  }
}

/// A row that waits for a later night.
public struct PendingRecord: Codable, Hashable, Sendable {
  /// SHA-256 of the file it stands in.
  public var sha256: String
  /// Which part of the file.
  public var member: String
  /// Row of the statement, counted from 0.
  public var row: Int
  /// The night its statement was read in.
  public var day: BusinessDay
  /// What the report says of it.
  public var item: ReportedPending

  /// Describes a waiting row.
  public init(
    sha256: String, member: String, row: Int, day: BusinessDay, item: ReportedPending
  ) {
    self.sha256 = sha256
    self.member = member
    self.row = row
    self.day = day
    self.item = item
  }
}

/// Everything one night leaves behind.
public struct NightRecord: Sendable {
  /// The business day.
  public var day: BusinessDay
  /// SHA-256 of the configuration it ran with.
  public var configuration: String
  /// Version of the program.
  public var program: String
  /// The result.
  public var verdict: Verdict
  /// Its statements, the refused ones too.
  public var statements: [StatementRecord] = []
  /// Anomalies that are new or have changed: a version each.
  public var anomalies: [ReportedAnomaly] = []
  /// Every row that waits after this night.
  public var pending: [PendingRecord] = []
  /// Published files and their SHA-256.
  public var reports: [String: String] = [:]
  /// The folder the reports lie in before they are published.
  public var folder = ""
  /// Number of the rules it was judged by.
  public var ruleBook = 1
  /// SHA-256 of the school's own layouts, as archived; in order.
  public var profiles: [String] = []
  /// Delivered files that were left out because a person refused them: SHA-256 by name.
  public var leftOut: [String: String] = [:]
  /// Delivered files that could not be read, and why, in the system's words.
  public var unreadable: [String: String] = [:]
  /// What the configuration says otherwise than the night before.
  public var configurationChanges: [ConfigurationChange] = []
  /// How each book stood.
  public var books: [BookNight] = []
  /// Language of its reports: `zh`, `en`.
  public var language: String?
  /// Whether they show names and account numbers in full.
  public var isUnmasked = false
  /// Whether what was published of the day is withdrawn.
  public var isWithdrawn = false
  /// Number of the last decision about a case that its reports know of.
  public var decidedUpTo: Int64 = 0
  /// Public key of whoever signs its anchor, in base64; nil for nobody.
  public var anchoredBy: String?
  /// SHA-256 of the program's file; nil where the system does not show it.
  public var programFile: String?

  /// Begins a record.
  public init(day: BusinessDay, configuration: String, program: String, verdict: Verdict) {
    self.day = day
    self.configuration = configuration
    self.program = program
    self.verdict = verdict
  }
}

/// What was known when a night begins.
public struct PriorState: Sendable {
  /// The last day before it that was run.
  public var previousDay: BusinessDay?
  /// Anomalies that are not settled.
  public var open: [ReportedAnomaly] = []
  /// Those a person has refunded, and no statement has shown yet.
  public var refunded: [ReportedAnomaly] = []
  /// Rows that wait.
  public var pending: [PendingRecord] = []
  /// Knows nothing.
  public init() {}
}

/// That names and account numbers were shown in full.
public struct Unmasking: Codable, Hashable, Sendable {
  /// What was run: `run 2026-11-02`, `trace 4200…`.
  public var command: String
  /// Who asked for it.
  public var who: String
  /// Why.
  public var reason: String
  /// When.
  public var time: Timestamp

  /// Describes an unmasking.
  public init(command: String, who: String, reason: String, time: Timestamp) {
    self.command = command
    self.who = who
    self.reason = reason
    self.time = time
  }
}

/// The result in one word.
public enum Verdict: String, Codable, Hashable, Sendable, Comparable {
  /// Both sides agree to the fen; nothing needs a person.
  case balanced
  /// Anomalies need a person.
  case unbalanced
  /// A statement is missing, held or damaged: the day cannot be closed.
  case incomplete

  /// From good to bad.
  public static func < (left: Verdict, right: Verdict) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .balanced: 0
    case .unbalanced: 1
    case .incomplete: 2
    }
  }
}

/// Everything one run says, as text and numbers: what `Reports` renders and nothing else.
///
/// Every list is sorted by content, never by the order of input.
public struct DayReport: Hashable, Sendable {
  /// First and last business day concerned; nil when no file says which.
  public var days: ClosedRange<BusinessDay>?
  /// The result.
  public var verdict: Verdict
  /// Statements read and statements missed, channels first.
  public var statements: [ReportedStatement]
  /// The proof that no row was lost, per side and source.
  public var conservation: [ConservationLine]
  /// Both books side by side, per channel.
  public var sources: [SourceLine]
  /// What is wrong: losses first, then by time.
  public var anomalies: [ReportedAnomaly]
  /// Both ends of every leg behind the bill, by channel, account and leg.
  public var legs: [LegReport] = []
  /// The channels' own accounts, by book.
  public var accounts: [ReportedAccount] = []
  /// How each channel's net movement leads to the ledger's, by channel.
  public var adjustments: [Adjustment] = []
  /// What channels sent to the bank, and what arrived there, by channel, account and time.
  public var payouts: [ReportedPayout] = []
  /// What channels took, by channel, account and day.
  public var fees: [ReportedFees] = []
  /// What waits for another day's statements.
  public var pending: [ReportedPending]
  /// Pairs joined by account, amount and time alone, by time of payment.
  public var weakMatches: [ReportedWeakMatch]
  /// What each book covers, in order.
  public var books: [BookCoverage] = []
  /// What was left out, by rule.
  public var excluded: [ExcludedLine]
  /// Rows that could not be read.
  public var rejections: [Rejection]
  /// Days before this one that are not whole yet, in order.
  public var openNights: [OpenNight] = []
  /// What people decided about nights and files that this report leans on, in order.
  public var decisions: [NightDecision] = []
  /// The last decision about a case that the report knows of; nil where there is no history.
  public var decidedUpTo: DecisionMark?
  /// What the school's configuration says otherwise than the night before.
  public var configurationChanges: [ConfigurationChange] = []
  /// Nights between this one and the last one before it that was run: missed, and to be made up for.
  public var missedNights: ClosedRange<BusinessDay>?

  /// Creates an empty report.
  public init(days: ClosedRange<BusinessDay>?, verdict: Verdict) {
    self.days = days
    self.verdict = verdict
    statements = []
    conservation = []
    sources = []
    anomalies = []
    pending = []
    weakMatches = []
    excluded = []
    rejections = []
  }
}

extension DayReport {
  /// Whether a case needs a person.
  public var hasOpenCases: Bool {
    // By place: an anomaly has thirty fields to copy.
    anomalies.indices.contains { place in
      let status = anomalies[place].status
      return anomalies[place].severity != .notice && (status == .open || status == .reopened)
    }
  }
}

/// A statement and where its rows ended. `statement.sha256` is empty for one that is missing.
public struct ReportedStatement: Hashable, Sendable {
  /// The statement.
  public var statement: Statement
  /// Rows and fen in each bucket; buckets without rows may be absent.
  public var buckets: [Bucket: Tally]
  /// What changed since the issue before, when it was issued again.
  public var reissue: Reissue?

  /// Pairs a statement with its buckets.
  public init(statement: Statement, buckets: [Bucket: Tally]) {
    self.statement = statement
    self.buckets = buckets
  }
}

/// The conservation proof of one source.
public struct ConservationLine: Hashable, Sendable {
  /// The book.
  public var side: Side
  /// The channel, or `ledger`.
  public var source: String
  /// Rows and fen read.
  public var read: Tally
  /// Rows and fen in each bucket.
  public var buckets: [Bucket: Tally]

  /// Creates a line.
  public init(side: Side, source: String, read: Tally, buckets: [Bucket: Tally]) {
    self.side = side
    self.source = source
    self.read = read
    self.buckets = buckets
  }

  /// Whether the buckets add up to what was read, in rows and in fen.
  public var isBalanced: Bool { buckets.values.reduce(Tally(), +) == read }
}

/// One channel, both books.
public struct SourceLine: Hashable, Sendable {
  /// The channel's machine name.
  public var source: String
  /// Successful payments at the channel.
  public var payments = Tally()
  /// Refunds at the channel (positive fen).
  public var refunds = Tally()
  /// Fees the channel charged, in fen, rounded half away from zero after summing.
  public var feeFen: Int64 = 0
  /// Credits in the ledger.
  public var credits = Tally()
  /// Reversals in the ledger (positive fen).
  public var reversals = Tally()

  /// Creates a line of zeros.
  public init(source: String) {
    self.source = source
  }

  /// (payments − refunds) − (credits − reversals).
  public var differenceFen: Int128 {
    (payments.fen - refunds.fen) - (credits.fen - reversals.fen)
  }
}

/// A row quoted as evidence.
public struct EvidenceLine: Hashable, Codable, Sendable {
  /// The book.
  public var side: Side
  /// File name.
  public var file: String
  /// Line counted from 1.
  public var line: Int
  /// The raw row as text.
  public var text: String
  /// Spans of ``text`` that name a person.
  public var personal: [PersonalSpan]

  /// Quotes a row.
  public init(side: Side, file: String, line: Int, text: String, personal: [PersonalSpan]) {
    self.side = side
    self.file = file
    self.line = line
    self.text = text
    self.personal = personal
  }
}

/// A person a finding touches besides another one.
public struct ReportedParty: Hashable, Codable, Sendable {
  /// Card or student number (unmasked here; `Reports` masks it).
  public var account: String?
  /// What the person is owed, in fen; negative what the person has and should not.
  public var fen: Int64

  /// Names a person.
  public init(account: String?, fen: Int64) {
    (self.account, self.fen) = (account, fen)
  }
}

/// Where an anomaly stands.
public enum AnomalyStatus: String, Codable, Hashable, Sendable {
  case open, resolved, closed, reopened
}

/// An anomaly with its serials and evidence read back from the statements.
public struct ReportedAnomaly: Hashable, Codable, Sendable {
  /// Content-derived: the same anomaly has the same id in every rerun.
  public var id: String
  /// What is wrong.
  public var kind: AnomalyKind
  /// How bad it is.
  public var severity: Severity
  /// The amount concerned.
  public var amountFen: Int64
  /// Whose money it is.
  public var owedTo: OwedTo
  /// The channel, when one is known.
  public var channel: Channel?
  /// The channel's serial of the payment concerned.
  public var channelSerial: String?
  /// The school's order number.
  public var merchantOrder: String?
  /// The ledger's own serial.
  public var ledgerSerial: String?
  /// The refund's serial.
  public var refundSerial: String?
  /// Card or student number (unmasked here; `Reports` masks it).
  public var account: String?
  /// What each of the people concerned is owed, where they are several; nil where it is one, or was judged
  /// by a program that did not say.
  public var parties: [ReportedParty]?
  /// `reversal` where it is about one while others of its kind are about a credit; else nil.
  public var subject: String?
  /// When it happened.
  public var time: Timestamp?
  /// The leg behind the bill it is on, 2 or 3; nil for one between bill and ledger.
  public var leg: Int?
  /// How many numbers of the ledger are missing, from ``ledgerSerial`` on; nil for what is no gap.
  public var gap: Int64?
  /// Why amounts differ.
  public var explanation: Explanation?
  /// What brought the rows together.
  public var basis: Basis
  /// Paid at the channel, by the subject payment, when there is one.
  public var paidFen: Int64?
  /// Credited in the ledger, by the subject credit, when there is one.
  public var creditedFen: Int64?
  /// Seconds from payment to credit, when both are known.
  public var delaySeconds: Int64?
  /// The group's rows.
  public var evidence: [EvidenceLine]
  /// The first business day it could be seen.
  public var firstSeen: BusinessDay
  /// When the next refund-desk or action date is due, if one is.
  public var dueDay: BusinessDay?
  /// Where it stands.
  public var status: AnomalyStatus
  /// What people did about it, as far as the report knows; it is not recorded with the case.
  public var progress = CaseProgress()
  /// The night whose statements closed it.
  public var closedDay: BusinessDay?
  /// The rows that closed it.
  public var closing: [EvidenceLine] = []
  /// Its rows by file and row, for finding them again; not printed.
  public var places: [String] = []

  // What people did is told beside it, not with it.
  private enum CodingKeys: String, CodingKey {
    case id, kind, severity, amountFen, owedTo, channel, channelSerial, merchantOrder, ledgerSerial
    case refundSerial, account, parties, subject, time, leg, gap, explanation, basis, paidFen,
      creditedFen
    case delaySeconds, evidence, firstSeen, dueDay, status, closedDay, closing, places
  }

  /// Creates an anomaly with nothing but its nature.
  public init(
    id: String, kind: AnomalyKind, severity: Severity, amountFen: Int64, owedTo: OwedTo,
    basis: Basis, firstSeen: BusinessDay
  ) {
    self.id = id
    self.kind = kind
    self.severity = severity
    self.amountFen = amountFen
    self.owedTo = owedTo
    self.basis = basis
    self.firstSeen = firstSeen
    evidence = []
    status = .open
  }
}

/// A row that waits.
public struct ReportedPending: Hashable, Codable, Sendable {
  /// The channel, when one is known.
  public var channel: Channel?
  /// The channel's serial.
  public var channelSerial: String?
  /// The school's order number.
  public var merchantOrder: String?
  /// The ledger's own serial.
  public var ledgerSerial: String?
  /// The amount.
  public var amountFen: Int64
  /// When it happened.
  public var time: Timestamp
  /// The day whose statements decide it.
  public var decidedBy: BusinessDay
  /// Whether the ledger's or the channel's statement is waited for.
  public var waitsForLedger: Bool
  /// The book and the stretch of it that are waited for, where that is known.
  public var waitsFor: Want?

  /// Creates an item.
  public init(
    channel: Channel?, channelSerial: String?, merchantOrder: String?, ledgerSerial: String?,
    amountFen: Int64, time: Timestamp, decidedBy: BusinessDay, waitsForLedger: Bool
  ) {
    self.channel = channel
    self.channelSerial = channelSerial
    self.merchantOrder = merchantOrder
    self.ledgerSerial = ledgerSerial
    self.amountFen = amountFen
    self.time = time
    self.decidedBy = decidedBy
    self.waitsForLedger = waitsForLedger
  }
}

/// Two rows that no key joins: a payment and its credit, or one of them and what gave or took it back.
public struct ReportedWeakMatch: Hashable, Sendable {
  /// One of the rows.
  public struct Row: Hashable, Sendable {
    /// What it says happened.
    public var kind: EntryKind
    /// Its serial: a channel row's, or the ledger's own.
    public var serial: String?
    /// When it happened.
    public var time: Timestamp

    /// Describes a row.
    public init(kind: EntryKind, serial: String?, time: Timestamp) {
      (self.kind, self.serial, self.time) = (kind, serial, time)
    }
  }

  /// The channel, when one is known.
  public var channel: Channel?
  /// The amount, the same on both sides.
  public var amountFen: Int64
  /// The payment; of a reversal the credit it takes back; of a refund and a reversal the refund.
  public var first: Row
  /// The credit, the refund or the reversal.
  public var second: Row

  /// Creates a match.
  public init(channel: Channel?, amountFen: Int64, first: Row, second: Row) {
    (self.channel, self.amountFen) = (channel, amountFen)
    (self.first, self.second) = (first, second)
  }

  private var rows: [Row] { [first, second] }
  /// The channel row's serial: the payment's, else the refund's.
  public var channelSerial: String? { rows.first { $0.kind.isChannelMoney }?.serial }
  /// The ledger row's serial: the credit's, else the reversal's.
  public var ledgerSerial: String? { rows.first { !$0.kind.isChannelMoney }?.serial }
  /// When it was paid, where one of the rows is the payment.
  public var paidAt: Timestamp? { rows.first { $0.kind == .payment }?.time }
  /// When it was credited, where one of the rows is the credit.
  public var creditedAt: Timestamp? { rows.first { $0.kind.isCredit }?.time }
}

/// Rows left out by one rule.
public struct ExcludedLine: Hashable, Sendable {
  /// The rule.
  public var rule: ExclusionRule
  /// The book.
  public var side: Side
  /// The channel's machine name, or `ledger`.
  public var source: String
  /// How many, how much.
  public var tally: Tally

  /// Creates a line.
  public init(rule: ExclusionRule, side: Side, source: String, tally: Tally) {
    self.rule = rule
    self.side = side
    self.source = source
    self.tally = tally
  }
}

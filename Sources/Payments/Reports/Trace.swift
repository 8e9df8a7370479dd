/// One row of a traced payment's life.
public struct TraceRow: Hashable, Sendable {
  /// When it happened.
  public var time: Timestamp
  /// What it says happened.
  public var kind: EntryKind
  /// What it moved on a channel's or a bank's account; ``Flow/none`` for a row of a bill or of the ledger.
  public var flow = Flow.none
  /// The channel, when one is known.
  public var channel: Channel?
  /// The amount in fen.
  public var amountFen: Int64
  /// Where its story ended.
  public var bucket: Bucket
  /// Its serials.
  public var channelSerial: String?
  /// The school's order number.
  public var merchantOrder: String?
  /// The ledger's own serial.
  public var ledgerSerial: String?
  /// The refund's serial.
  public var refundSerial: String?
  /// Card or student number.
  public var account: String?
  /// The row itself.
  public var evidence: EvidenceLine
  /// SHA-256 of the file it stands in.
  public var sha256: String

  /// Describes a row.
  public init(
    time: Timestamp, kind: EntryKind, channel: Channel?, amountFen: Int64, bucket: Bucket,
    evidence: EvidenceLine, sha256: String
  ) {
    self.time = time
    self.kind = kind
    self.channel = channel
    self.amountFen = amountFen
    self.bucket = bucket
    self.evidence = evidence
    self.sha256 = sha256
  }
}

/// One top-up from beginning to end: every row of both books, in time order.
public struct TraceGroup: Hashable, Sendable {
  /// What brought the rows together.
  public var basis: Basis
  /// The rows.
  public var rows: [TraceRow]
  /// What was found wrong with them, as it stands now.
  public var anomalies: [ReportedAnomaly]
  /// What still waits.
  public var pending: [ReportedPending]
  /// What people did about it.
  public var decisions: [CaseDecision]
  /// How its rows read in an earlier issue of their statement, when that was issued again.
  public var reissued: [RowChange] = []

  /// Describes a group.
  public init(
    basis: Basis, rows: [TraceRow], anomalies: [ReportedAnomaly], pending: [ReportedPending],
    decisions: [CaseDecision]
  ) {
    self.basis = basis
    self.rows = rows
    self.anomalies = anomalies
    self.pending = pending
    self.decisions = decisions
  }
}

/// Where what is sought may stand, unseen: nights that were not run, or a statement of a night that is
/// missing or of which no row was used.
public struct TraceGap: Hashable, Sendable {
  /// The nights.
  public var days: ClosedRange<BusinessDay>
  /// The channel's machine name, or `ledger`; nil when nothing of these nights was read.
  public var source: String?
  /// The file none of whose rows was used; nil when there is none.
  public var file: String?

  /// Describes a gap.
  public init(days: ClosedRange<BusinessDay>, source: String? = nil, file: String? = nil) {
    self.days = days
    self.source = source
    self.file = file
  }
}

/// What was found of a serial or an account.
public struct Trace: Hashable, Sendable {
  /// What was asked for.
  public var query: String
  /// The top-ups it belongs to, by time.
  public var groups: [TraceGroup]
  /// Serials that end as the query does, when it is only the end of one.
  public var candidates: [String]
  /// Characters a serial's end must have to be searched for.
  public static let shortestEnd = 8
  /// Days that were searched.
  public var searched: ClosedRange<BusinessDay>?
  /// Sources that were searched.
  public var sources: [String]
  /// Statements that are missing or not used in those days: what is sought may stand there.
  public var missing: [TraceGap]

  /// Found nothing yet.
  public init(query: String) {
    self.query = query
    groups = []
    candidates = []
    sources = []
    missing = []
  }
}

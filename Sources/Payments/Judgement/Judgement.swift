public import Columns

/// One anomaly as the judge sees it: rows of the entry table, no text.
public struct Anomaly: Hashable, Sendable {
  /// What is wrong.
  public var kind: AnomalyKind
  /// The amount concerned in fen, never negative (ANOMALIES, settled question 4).
  public var amountFen: Int64
  /// Whose money it is.
  public var owedTo: OwedTo
  /// Why amounts differ; nil for kinds where amounts are not compared.
  public var explanation: Explanation?
  /// What brought the group together.
  public var basis: Basis
  /// The row the anomaly is about: the surplus payment, the unpaid credit, the refund.
  public var subject: Int32
  /// Every row of the group, both sides, in time order; contains ``subject``.
  public var rows: [Int32]

  /// Creates an anomaly.
  public init(
    kind: AnomalyKind, amountFen: Int64, owedTo: OwedTo, explanation: Explanation? = nil,
    basis: Basis, subject: Int32, rows: [Int32]
  ) {
    self.kind = kind
    self.amountFen = amountFen
    self.owedTo = owedTo
    self.explanation = explanation
    self.basis = basis
    self.subject = subject
    self.rows = rows
  }

  /// The kind's severity, except that an explained mismatch is only a notice.
  public var severity: Severity {
    if kind == .amountMismatch, explanation?.isBenign == true { return .notice }
    return kind.severity
  }
}

/// A row whose verdict must wait.
public struct Pending: Hashable, Sendable {
  /// The row that waits.
  public var row: Int32
  /// The last business day whose statements decide it.
  public var decidedBy: BusinessDay
  /// The source that must cover it: the ledger for payments, a channel for credits.
  public var waitsForLedger: Bool

  /// Creates a pending item.
  public init(row: Int32, decidedBy: BusinessDay, waitsForLedger: Bool) {
    self.row = row
    self.decidedBy = decidedBy
    self.waitsForLedger = waitsForLedger
  }
}

/// A payment and a credit that no serial joins, only account, amount and time (rule 7).
public struct WeakMatch: Hashable, Sendable {
  /// Row of the payment.
  public var payment: Int32
  /// Row of the credit.
  public var credit: Int32

  /// Joins two rows.
  public init(payment: Int32, credit: Int32) {
    self.payment = payment
    self.credit = credit
  }
}

/// What judging a table of entries gives: every row's bucket, and what needs to be said.
public struct Judgement: Sendable {
  /// The bucket of each row of the table.
  public var buckets: Column<Bucket>
  /// The rule of each row whose bucket is ``Bucket/excluded``.
  public var rules: Column<ExclusionRule>
  /// Everything found, in no particular order: sort by content before reporting.
  public var anomalies: [Anomaly]
  /// Rows that wait.
  public var pending: [Pending]
  /// For every row of an ordinary pair — one payment, one credit, nothing odd about either — its partner,
  /// else −1.
  public var partner = Column<Int32>()
  /// The rows of every other group.
  public var groups: [[Int32]] = []
  /// Pairs joined by account, amount and time alone: the report says so of each.
  public var weakMatches: [WeakMatch]

  /// Creates a judgement.
  public init(
    buckets: Column<Bucket>, rules: Column<ExclusionRule>, anomalies: [Anomaly] = [],
    pending: [Pending] = [], weakMatches: [WeakMatch] = []
  ) {
    self.buckets = buckets
    self.rules = rules
    self.anomalies = anomalies
    self.pending = pending
    self.weakMatches = weakMatches
  }

  /// The group of each row; rows of one top-up share it, −1 where a row stands in none.
  ///
  /// Made when it is asked for: few runs look at it, and it is as long as the table.
  public func groupOfRows() -> Column<Int32> {
    var labels = Column<Int32>(repeating: -1, count: buckets.count)
    for (index, rows) in groups.enumerated() {
      for row in rows { labels[Int(row)] = Int32(truncatingIfNeeded: index) }
    }
    // An ordinary pair is called by its first row.
    let base = Int32(truncatingIfNeeded: groups.count)
    for row in partner.indices where partner[row] >= 0 {
      labels[row] = base &+ min(Int32(truncatingIfNeeded: row), partner[row])
    }
    return labels
  }
}

/// Which stretches of time have an accepted statement, per source (ANOMALIES, "Coverage").
public struct Coverage: Hashable, Sendable {
  /// Stretches the ledger covers.
  public var ledger: [TimeSpan]
  /// Stretches each channel covers.
  public var channels: [Channel: [TimeSpan]]

  /// Creates a coverage; overlapping and touching spans are joined.
  public init(ledger: [TimeSpan] = [], channels: [Channel: [TimeSpan]] = [:]) {
    self.ledger = Coverage.joined(ledger)
    self.channels = channels.mapValues(Coverage.joined)
  }

  /// Whether the ledger covers every second from `from` to `to`, both included.
  public func ledgerCovers(from: Int64, to: Int64) -> Bool {
    Coverage.covers(ledger, from, to)
  }

  /// Whether `channel` covers every second from `from` to `to`, both included.
  ///
  /// A row that names no channel could be in any of them, so all that are known must cover it.
  public func channelCovers(_ channel: Channel, from: Int64, to: Int64) -> Bool {
    let fitting = channels.filter { $0.key.fits(channel) }
    if channel == .unknown {
      return !fitting.isEmpty && fitting.values.allSatisfy { Coverage.covers($0, from, to) }
    }
    return fitting.values.contains { Coverage.covers($0, from, to) }
  }

  private static func covers(_ spans: [TimeSpan], _ from: Int64, _ to: Int64) -> Bool {
    spans.contains { $0.start.seconds <= from && to < $0.end.seconds }
  }

  private static func joined(_ spans: [TimeSpan]) -> [TimeSpan] {
    var result: [TimeSpan] = []
    for span in spans.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      if let last = result.last, span.start <= last.end {
        result[result.count - 1].end = max(last.end, span.end)
      } else {
        result.append(span)
      }
    }
    return result
  }
}

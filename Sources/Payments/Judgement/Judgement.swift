public import Columns

/// What one of the people a finding touches is owed.
public struct Party: Hashable, Sendable {
  /// The row that names the person.
  public var row: Int32
  /// What the person is owed, in fen; negative what the person has and should not.
  public var fen: Int64

  /// Names a person by a row.
  public init(row: Int32, fen: Int64) {
    (self.row, self.fen) = (row, fen)
  }
}

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
  /// The people concerned, where they are several (ANOMALIES, settled 26).
  public var parties: [Party]
  /// The leg behind the bill it is on; nil for one between bill and ledger.
  public var leg: Leg?

  /// Creates an anomaly.
  public init(
    kind: AnomalyKind, amountFen: Int64, owedTo: OwedTo, explanation: Explanation? = nil,
    basis: Basis, subject: Int32, rows: [Int32], parties: [Party] = []
  ) {
    self.kind = kind
    self.amountFen = amountFen
    self.owedTo = owedTo
    self.explanation = explanation
    self.basis = basis
    self.subject = subject
    self.rows = rows
    self.parties = parties
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
  /// The book and the stretch it waits for; nil where a row that cannot be used holds its group back.
  public var want: Want?

  /// Creates a pending item.
  public init(row: Int32, decidedBy: BusinessDay, waitsForLedger: Bool, want: Want? = nil) {
    self.row = row
    self.decidedBy = decidedBy
    self.waitsForLedger = waitsForLedger
    self.want = want
  }
}

/// Two rows that no key joins, only person, amount and time: a payment and a credit (rule 7), a refund or
/// reversal without a key and what it takes back, or these two.
public struct WeakMatch: Hashable, Sendable {
  /// The payment; of a reversal the credit it takes back; of a refund and a reversal the refund.
  public var first: Int32
  /// The credit, the refund or the reversal.
  public var second: Int32

  /// Joins two rows.
  public init(_ first: Int32, _ second: Int32) { (self.first, self.second) = (first, second) }
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
  /// What person, amount and time alone joined: the report says so of each.
  public var weakMatches: [WeakMatch]
  /// Numbers of people that channel rows name without a label, as far as the ledger or a list knows them.
  public var knownNumbers = NumberColumn()
  /// Rows of the ledger or of lists that link numbers which others link otherwise: they link nobody.
  public var unclearLinks: [Int32] = []
  /// Payments and credits that met none of the other book, whether they wait or are accused; by row.
  public var unmet: [Int32] = []
  /// The payments and credits of pairs that are no ordinary ones, by row.
  public var paired: [Int32] = []

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

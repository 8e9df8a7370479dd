/// What is wrong on a leg.
public struct LegFinding: Hashable, Sendable {
  /// What it is.
  public var kind: AnomalyKind
  /// On which leg.
  public var leg: Leg
  /// The amount concerned in fen, never negative.
  public var fen: Int64
  /// Whose money it is.
  public var owedTo: OwedTo
  /// The row it is about.
  public var subject: Int32
  /// All rows that belong to it.
  public var rows: [Int32]

  /// Names what is wrong.
  public init(
    kind: AnomalyKind, leg: Leg, fen: Int64, owedTo: OwedTo, subject: Int32, rows: [Int32]
  ) {
    (self.kind, self.leg, self.fen, self.owedTo) = (kind, leg, fen, owedTo)
    (self.subject, self.rows) = (subject, rows)
  }
}

/// What judging one account of a channel gives.
public struct SettlementJudgement: Sendable {
  /// Both ends of each leg.
  public var sums: [Leg: LegSums] = [:]
  /// What is wrong.
  public var findings: [LegFinding] = []
  /// What waits.
  public var waits: [LegWait] = []
  /// Fees by day and rate.
  public var fees: [FeeLine] = []
  /// Rows of the account and of the bank whose other end is there.
  public var arrivedRows: [Int32] = []
  /// Lines of a channel without a fund book, and the days whose bills come to them.
  public var nets: [NetPayout] = []
  /// Rows of a payment or refund of an earlier night, where the account tells it tonight.
  public var lateGroups: [[Int32]] = []
  /// What the bank's lines pay.
  public var payouts: [(sent: [Int32], arrived: [Int32])] = []

  /// Says nothing yet.
  public init() {}
}

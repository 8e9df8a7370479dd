/// Why two books of a channel differ over the days of a report.
public enum AdjustmentReason: Hashable, Sendable {
  /// Something is wrong with it, or worth a notice.
  case anomaly(AnomalyKind)
  /// It waits for a statement.
  case pending
  /// The other book has it in another period.
  case otherPeriod
  /// The other book has it under another channel.
  case otherChannel
  /// Nothing says why.
  case unexplained

  /// The machine name used in `report.json`.
  public var name: String {
    switch self {
    case .anomaly(let kind): kind.rawValue
    case .pending: "pending"
    case .otherPeriod: "other-period"
    case .otherChannel: "other-channel"
    case .unexplained: "unexplained"
    }
  }

  /// Anomalies in the order of their kinds, then the others.
  public var rank: Int {
    switch self {
    case .anomaly(let kind): AnomalyKind.allCases.firstIndex(of: kind) ?? 0
    case .pending: 1_000
    case .otherPeriod: 1_001
    case .otherChannel: 1_002
    case .unexplained: 1_003
    }
  }
}

/// How a channel's net movement leads to the ledger's (渠道资金余额调节表): every row that one of them has alone, by the
/// reason why. Nothing is divided among the items: what has no reason is told as such.
public struct Adjustment: Hashable, Sendable {
  /// Rows for one reason.
  public struct Item: Hashable, Sendable {
    /// Why they stand in one book alone.
    public var reason: AdjustmentReason
    /// How many groups of rows, and what the channel has more than the ledger; negative what the ledger has more.
    public var tally: Tally
    /// The day of the oldest of them.
    public var oldest: BusinessDay

    /// Describes rows.
    public init(reason: AdjustmentReason, tally: Tally, oldest: BusinessDay) {
      (self.reason, self.tally, self.oldest) = (reason, tally, oldest)
    }
  }

  /// The channel.
  public var channel: Channel
  /// Payments less refunds.
  public var channelFen: Int128 = 0
  /// Credits less reversals.
  public var ledgerFen: Int128 = 0
  /// By reason.
  public var items: [Item] = []

  /// Both books of a channel without any movement.
  public init(channel: Channel) { self.channel = channel }

  /// What is left between the books when every item is counted; 0 in every report.
  public var restFen: Int128 {
    channelFen - ledgerFen - items.reduce(Int128(0)) { $0 + $1.tally.fen }
  }
}

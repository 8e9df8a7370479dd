/// Both ends of a leg of one account of a channel (page *Settlement*).
public struct LegReport: Hashable, Sendable {
  /// The channel.
  public var channel: Channel
  /// Its merchant number; empty where none is told.
  public var owner: String
  /// The leg.
  public var leg: Leg
  /// Both ends and what is between them.
  public var sums = LegSums()
  /// The book that is not there at all; nil where the leg was judged.
  public var lacks: LegWait.Book?

  /// Creates a leg of nothing.
  public init(channel: Channel, owner: String, leg: Leg) {
    (self.channel, self.owner, self.leg) = (channel, owner, leg)
  }
}

extension LegReport {
  /// Adds the next night: what is on its way at the end of a month is what is at the end of its last night.
  public mutating func add(_ night: LegReport) {
    var sum = sums + night.sums
    sum.opening = sums.opening
    sum.inTransit = night.sums.inTransit
    // What no bank's statement has told yet is on its way still; the account's next night asks no more.
    if leg == .bank { sum.notProven = night.sums.notProven }
    sums = sum
    if night.lacks == nil { lacks = nil }
  }
}

/// A withdrawal of a channel's account and the bank's lines that paid it, or one of them alone.
public struct ReportedPayout: Hashable, Sendable {
  /// One row of either side.
  public struct End: Hashable, Sendable {
    /// Its serial.
    public var serial: String?
    /// When.
    public var time: Timestamp
    /// How much.
    public var fen: Int64

    /// Describes a row.
    public init(serial: String?, time: Timestamp, fen: Int64) {
      (self.serial, self.time, self.fen) = (serial, time, fen)
    }
  }

  /// Where it stands.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// It arrived.
    case arrived
    /// It is not due.
    case inTransit = "in-transit"
    /// The bank's statement that would tell is not there.
    case notProven = "not-proven"
    /// It is due and not there.
    case missing
    /// Another amount arrived.
    case mismatch
    /// It arrived and nobody sent it.
    case unidentified
  }

  /// The channel.
  public var channel: Channel
  /// Its merchant number.
  public var owner: String
  /// What was sent.
  public var sent: [End]
  /// What arrived.
  public var arrived: [End]
  /// The day by which it has arrived; nil where nobody sent it.
  public var due: BusinessDay?
  /// Where it stands.
  public var state: State

  /// Describes a payout.
  public init(
    channel: Channel, owner: String, sent: [End], arrived: [End], due: BusinessDay?, state: State
  ) {
    (self.channel, self.owner, self.sent, self.arrived) = (channel, owner, sent, arrived)
    (self.due, self.state) = (due, state)
  }

  /// What was sent, or what arrived where nobody sent it.
  public var fen: Int64 { (sent.isEmpty ? arrived : sent).reduce(0) { $0 + $1.fen } }
}

/// The fees of an account on a day.
public struct ReportedFees: Hashable, Sendable {
  /// The channel.
  public var channel: Channel
  /// Its merchant number.
  public var owner: String
  /// The day's fees under one rate.
  public var line: FeeLine

  /// Names whose fees they are.
  public init(channel: Channel, owner: String, line: FeeLine) {
    (self.channel, self.owner, self.line) = (channel, owner, line)
  }
}

/// A channel's account over the days of a report, by its own statements.
public struct ReportedAccount: Hashable, Sendable {
  /// The book its statements are of.
  public var book: Book
  /// Before the first row and after the last one, in fen; nil where its statements tell no balance.
  public var balances: StatementBalances?
  /// What its rows moved, by what they are.
  public var flows: [Flow: Tally] = [:]

  /// An account without any movement.
  public init(book: Book) { self.book = book }

  /// What came in less what went out.
  public var netFen: Int128 {
    flows.reduce(Int128(0)) { $0 + ($1.key.isIn ? $1.value.fen : -$1.value.fen) }
  }

  /// Whether the opening balance and the movements give the closing one; nil where no balance is told.
  public var isBalanced: Bool? {
    balances.map { Int128($0.opening) + netFen == Int128($0.closing) }
  }
}

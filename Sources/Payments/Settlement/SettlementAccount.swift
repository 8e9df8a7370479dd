/// A way the money goes (page *Settlement*).
public enum Leg: Int, Hashable, Sendable, CaseIterable, Comparable {
  /// From the bill to the channel's account.
  case account = 2
  /// From the channel's account to the bank.
  case bank = 3

  /// In the order the money goes.
  public static func < (left: Leg, right: Leg) -> Bool { left.rawValue < right.rawValue }
}

/// One account of a channel, with everything that is known of its money.
public struct SettlementAccount: Sendable {
  /// The channel.
  public var channel: Channel
  /// Its merchant number.
  public var owner: String
  /// Rows of its bills that moved money: payments and refunds.
  public var trade: [Int32] = []
  /// Rows of its own account.
  public var funds: [Int32] = []
  /// Bank lines that name its settlement party.
  public var lines: [Int32] = []
  /// What its bills cover.
  public var tradeSpans: [TimeSpan] = []
  /// What its account's statements cover.
  public var fundSpans: [TimeSpan] = []
  /// What the statements of every account its lines may be of cover, where they are several.
  public var lineSpans: [TimeSpan]?
  /// What each bank book covers.
  public var bankSpans: [[TimeSpan]] = []
  /// Where its days end.
  public var cut = DayCut.midnight
  /// Whether it has an account's statement at all, delivered or expected.
  public var hasFunds = false
  /// Its contracts, by the day they begin.
  public var contracts: [FeeContract] = []

  /// Names an account.
  public init(channel: Channel, owner: String) { (self.channel, self.owner) = (channel, owner) }
}

/// A row that waits for the other end of its leg.
public struct LegWait: Hashable, Sendable {
  /// What it waits for.
  public enum Book: Hashable, Sendable { case trade, funds, bank }

  /// The row.
  public var row: Int32
  /// The leg whose other end is not there.
  public var leg: Leg
  /// What it waits for.
  public var book: Book
  /// The first second that is needed.
  public var from: Int64
  /// The last one.
  public var to: Int64

  /// Says what a row waits for.
  public init(row: Int32, leg: Leg, book: Book, from: Int64, to: Int64) {
    (self.row, self.leg, self.book, self.from, self.to) = (row, leg, book, from, to)
  }
}

/// A bank line and the settlement days whose bills come to it; no days where nothing says which.
public struct NetPayout: Hashable, Sendable {
  /// What a day's bills come to.
  public struct Day: Hashable, Sendable {
    /// The settlement day.
    public var day: BusinessDay
    /// Payments less refunds less fees, in fen.
    public var fen: Int64

    /// Names a day.
    public init(day: BusinessDay, fen: Int64) { (self.day, self.fen) = (day, fen) }
  }

  /// The bank's line.
  public var line: Int32
  /// The days.
  public var days: [Day]

  /// Joins them.
  public init(line: Int32, days: [Day]) { (self.line, self.days) = (line, days) }
}

/// What a month of nights comes to: for the head of finance and for auditors.
public struct MonthReport: Hashable, Sendable {
  /// First and last day of the month.
  public var days: ClosedRange<BusinessDay>
  /// Every day of the month that was run, in order.
  public var nights: [MonthNight] = []
  /// Days of the month that were not run.
  public var missed: [BusinessDay] = []
  /// Both books, channel by channel, over the month.
  public var sources: [SourceLine] = []
  /// Both ends of every leg behind the bill over the month.
  public var legs: [LegReport] = []
  /// Losses and control findings still open at the month's end, oldest first.
  public var open: [ReportedAnomaly] = []
  /// What waits at the month's end.
  public var pending: [ReportedPending] = []
  /// Anomalies people decided about, with what they did.
  public var resolved: [MonthDecision] = []
  /// The last decision about a case that the report knows of.
  public var decidedUpTo = DecisionMark()
  /// How quickly credits followed payments, channel by channel.
  public var service: [ServiceLine] = []
  /// Matched pairs drawn for an auditor.
  public var sample: AuditSample

  /// The month: `2026-11`.
  public var name: String { String(days.lowerBound.description.prefix(7)) }

  /// Begins a month.
  public init(days: ClosedRange<BusinessDay>, sample: AuditSample) {
    self.days = days
    self.sample = sample
  }
}

/// One night of a month.
public struct MonthNight: Hashable, Sendable {
  /// The day.
  public var day: BusinessDay
  /// Its verdict.
  public var verdict: Verdict
  /// Rows read, in both books.
  public var rows: Int
  /// Losses first seen that day.
  public var losses: Int
  /// Their amounts in fen.
  public var lossFen: Int128

  /// Describes a night.
  public init(day: BusinessDay, verdict: Verdict, rows: Int, losses: Int, lossFen: Int128) {
    (self.day, self.verdict, self.rows) = (day, verdict, rows)
    (self.losses, self.lossFen) = (losses, lossFen)
  }
}

/// An anomaly and what was decided about it.
public struct MonthDecision: Hashable, Sendable {
  /// The anomaly.
  public var anomaly: ReportedAnomaly
  /// The last decision.
  public var decision: CaseDecision

  /// Joins the two.
  public init(anomaly: ReportedAnomaly, decision: CaseDecision) {
    self.anomaly = anomaly
    self.decision = decision
  }
}

/// Seconds from payment to credit of a channel's matched pairs.
public struct ServiceLine: Hashable, Sendable {
  /// The channel's machine name.
  public var source: String
  /// Matched pairs.
  public var pairs: Int
  /// The middle one, in seconds.
  public var median: Int64
  /// The one that 95 of 100 do not exceed, in seconds.
  public var p95: Int64
  /// The slowest, in seconds.
  public var worst: Int64
  /// How many took longer than 2 minutes.
  public var overTwoMinutes: Int
  /// How many took longer than 30 minutes.
  public var overThirtyMinutes: Int

  /// Sums up delays in seconds; nil when there are none. Percentiles are the nearest rank.
  public init?(source: String, delays: [Int64]) {
    guard !delays.isEmpty else { return nil }
    let sorted = delays.sorted()
    func rank(_ percent: Int) -> Int64 { sorted[max(0, (sorted.count * percent + 99) / 100 - 1)] }
    self.source = source
    pairs = sorted.count
    median = rank(50)
    p95 = rank(95)
    worst = sorted[sorted.count - 1]
    overTwoMinutes = sorted.count { $0 > 120 }
    overThirtyMinutes = sorted.count { $0 > 1_800 }
  }
}

/// Matched pairs drawn by a seed, so that anybody can draw the same ones again.
public struct AuditSample: Hashable, Sendable {
  /// What the draw follows from.
  public var seed: UInt64
  /// How many pairs were asked for.
  public var size: Int
  /// Among how many they were drawn.
  public var population = 0
  /// The pairs, in the order drawn.
  public var pairs: [AuditPair] = []

  /// Begins a sample.
  public init(seed: UInt64, size: Int) {
    (self.seed, self.size) = (seed, size)
  }
}

/// A matched pair with its rows.
public struct AuditPair: Hashable, Sendable {
  /// The day whose statements hold the payment.
  public var day: BusinessDay
  /// The channel.
  public var channel: Channel
  /// The channel's serial.
  public var channelSerial: String?
  /// The ledger's serial.
  public var ledgerSerial: String?
  /// The amount in fen.
  public var amountFen: Int64
  /// Seconds from payment to credit.
  public var delay: Int64
  /// The two rows.
  public var evidence: [EvidenceLine]

  /// Describes a pair.
  public init(
    day: BusinessDay, channel: Channel, channelSerial: String?, ledgerSerial: String?,
    amountFen: Int64, delay: Int64, evidence: [EvidenceLine]
  ) {
    (self.day, self.channel) = (day, channel)
    (self.channelSerial, self.ledgerSerial) = (channelSerial, ledgerSerial)
    (self.amountFen, self.delay, self.evidence) = (amountFen, delay, evidence)
  }
}

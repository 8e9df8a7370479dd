/// The numbers and names a school sets; every default is the one ANOMALIES and DESIGN state.
public struct Rules: Hashable, Sendable {
  /// How long a credit may take: later is `late-credit`. Mobile channels (UnionPay among them).
  public var mobilePromiseSeconds: Int64 = 120
  /// The same for banks.
  public var bankPromiseSeconds: Int64 = 1_800
  /// How long we wait for a credit before accusing. Mobile channels.
  public var mobileWindowSeconds: Int64 = 1_800
  /// The same for banks.
  public var bankWindowSeconds: Int64 = 7_200
  /// What the credit window is for refunds and reversals, in both directions.
  public var refundWindowSeconds: Int64 = 7_200
  /// How far back a refund or reversal without a key looks for what it takes back.
  public var refundReachSeconds: Int64 = 90 * 86_400
  /// How much earlier than its payment a credit may be dated.
  public var clockToleranceSeconds: Int64 = 60
  /// Two payments of one account and amount at most this far apart are the same intent.
  public var duplicateWindowSeconds: Int64 = 600
  /// Bank maintenance, as seconds of the business day `[start, end)`; nil when there is none.
  public var maintenance: Range<Int64>? = 3_600..<18_000
  /// A payment at most this long before maintenance counts as "just before" it.
  public var maintenanceLeadSeconds: Int64 = 1_800
  /// Above this a single top-up is `limit-exceeded`; nil for no limit.
  public var singleLimitFen: Int64? = 50_000
  /// Above this the payments of one account in one day are `limit-exceeded`; nil for no limit.
  public var dailyLimitFen: Int64?
  /// The same of payments with foreign cards, by what was credited.
  public var foreignDailyLimitFen: Int64? = 30_000
  /// Until when money moved off a lost card must have arrived; nil where nobody asks.
  public var moveWindowSeconds: Int64? = 48 * 3_600
  /// Days within which a bill must show what a person refunded.
  public var confirmWithinDays = 5
  /// Fees a bank may add to what it takes, in fen.
  public var bankFeesFen: [Int64] = [200, 300]
  /// The conversion surcharge of foreign cards in 1/100000 of the credited amount (3 % = 3000).
  public var surchargePerHundredThousand: Int64 = 3_000
  /// What was agreed about fees and payouts.
  public var settlement = SettlementTerms()
  /// Accounts known to belong to one person besides what the ledger's own rows tell.
  public var replacements: [AccountLink] = []

  /// Creates the default rules.
  public init() {}

  /// The promise for payments of `channel`.
  @inlinable
  public func promiseSeconds(_ channel: Channel) -> Int64 {
    channel.isBank ? bankPromiseSeconds : mobilePromiseSeconds
  }

  /// The credit window for payments of `channel`; the longest when it is not known.
  @inlinable
  public func windowSeconds(_ channel: Channel) -> Int64 {
    channel.mayBeBank ? max(bankWindowSeconds, mobileWindowSeconds) : mobileWindowSeconds
  }

  /// The end of a bank's maintenance when `time` is inside or just before it, else nil: it says nothing of
  /// WeChat, Alipay or UnionPay. A channel that is not known may be a bank.
  @inlinable
  public func maintenanceEnd(after time: Int64, channel: Channel) -> Int64? {
    guard let maintenance, channel.mayBeBank else { return nil }
    let second = Timestamp(seconds: time).secondOfDay
    let lead = second + maintenanceLeadSeconds
    if second >= maintenance.lowerBound, second < maintenance.upperBound {
      return time - second + maintenance.upperBound
    }
    if second < maintenance.lowerBound, lead >= maintenance.lowerBound {
      return time - second + maintenance.upperBound
    }
    // Maintenance may start within the lead time after midnight.
    if lead - 86_400 >= maintenance.lowerBound {
      return time - second + 86_400 + maintenance.upperBound
    }
    return nil
  }

  /// The last second at which a credit for a payment is still waited for.
  @inlinable
  public func creditDeadline(paidAt time: Int64, channel: Channel) -> Int64 {
    let plain = time + windowSeconds(channel)
    guard let end = maintenanceEnd(after: time, channel: channel) else { return plain }
    return max(plain, end + promiseSeconds(channel))
  }

  /// The earliest second at which a payment could be made for which a credit is still waited for.
  @inlinable
  public func earliestPayment(creditedAt time: Int64, channel: Channel) -> Int64 {
    let plain = time - windowSeconds(channel)
    guard let maintenance, channel.mayBeBank else { return plain }
    let day = time - Timestamp(seconds: time).secondOfDay
    let start = day + maintenance.lowerBound
    guard time >= start, time <= day + maintenance.upperBound + promiseSeconds(channel) else {
      return plain
    }
    return min(plain, start - maintenanceLeadSeconds)
  }

  /// Whether a credit at `credited` for a payment at `paid` broke the promise.
  @inlinable
  public func isLate(paidAt paid: Int64, creditedAt credited: Int64, channel: Channel) -> Bool {
    guard credited - paid > promiseSeconds(channel) else { return false }
    guard let end = maintenanceEnd(after: paid, channel: channel), let maintenance else {
      return true
    }
    // Only a credit that had to wait for maintenance is excused by it.
    let start = end - (maintenance.upperBound - maintenance.lowerBound)
    return credited < start || credited > end + promiseSeconds(channel)
  }
}

/// Two account numbers of one person: an old card and its replacement.
public struct AccountLink: Hashable, Sendable {
  /// One number.
  public var first: KeyHash
  /// The other.
  public var second: KeyHash

  /// Links two accounts.
  public init(_ first: KeyHash, _ second: KeyHash) {
    self.first = first
    self.second = second
  }
}

/// What a school agreed with its channels and banks about fees and payouts.
public struct SettlementTerms: Hashable, Sendable {
  /// A contract and whose it is.
  public struct Agreement: Hashable, Sendable {
    /// The channel.
    public var channel: Channel
    /// The merchant number; nil for every one of the channel that has none of its own.
    public var merchant: String?
    /// What was agreed.
    public var contract: FeeContract

    /// Names a contract.
    public init(channel: Channel, merchant: String?, contract: FeeContract) {
      (self.channel, self.merchant, self.contract) = (channel, merchant, contract)
    }
  }

  /// When banks settle.
  public var calendar = SettlementCalendar()
  /// What channels may take.
  public var agreements: [Agreement] = []
  /// Days after which an item in transit is unexplained.
  public var transitDays = 30

  /// Creates terms without any contract.
  public init() {}

  /// The contracts of a merchant, by the day they begin.
  public func contracts(of channel: Channel, _ merchant: String) -> [FeeContract] {
    let mine = agreements.filter { $0.channel == channel }
    let own = mine.filter { $0.merchant == merchant }
    return (own.isEmpty ? mine.filter { $0.merchant == nil } : own).map(\.contract).sorted {
      ($0.from?.number ?? .min) < ($1.from?.number ?? .min)
    }
  }
}

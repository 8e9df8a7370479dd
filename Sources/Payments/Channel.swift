/// Which of the two books a row stands in.
public enum Side: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
  /// Where the money is taken: WeChat Pay, Alipay, UnionPay, a bank.
  case channel
  /// Where it must arrive: the card system's own ledger.
  case ledger

  /// Channel before ledger, as every report lists them.
  public static func < (left: Side, right: Side) -> Bool {
    left == .channel && right == .ledger
  }
}

/// A payment channel, stored as one byte per row.
///
/// The list is closed so that a row needs one byte and reports can name every channel in both
/// languages; `bank` is a bank whose name its statement does not tell, `other` a channel of a
/// school's own profile.
public enum Channel: UInt8, Codable, Hashable, Sendable, BitwiseCopyable, CaseIterable, Comparable {
  /// The row does not say, or the ledger's word for it is not a channel.
  case unknown
  case wechat, alipay, unionpay
  case icbc, abc, boc, ccb, bocom, psbc, cmb, citic, ceb, cmbc, spdb, cib, pab, hxb, cgb
  case bank, other

  /// The machine name used in `report.json` and configuration: `wechat`, `ccb`, …
  public var name: String { String(describing: self) }

  /// Finds a channel by its machine name.
  public init?(name: some StringProtocol) {
    guard let found = Channel.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// Orders channels as reports list them.
  public static func < (left: Channel, right: Channel) -> Bool {
    left.rawValue < right.rawValue
  }

  /// Whether this is a bank: its promise is 30 minutes and its credit window two hours.
  @inlinable
  public var isBank: Bool {
    rawValue >= Channel.icbc.rawValue && rawValue <= Channel.bank.rawValue
  }

  /// Whether a row that says `self` may belong to a statement of `other`.
  ///
  /// Unknown fits everything; a bank that its statement does not name fits every bank.
  @inlinable
  public func fits(_ other: Channel) -> Bool {
    if self == other || self == .unknown || other == .unknown { return true }
    return (self == .bank && other.isBank) || (other == .bank && isBank)
  }
}

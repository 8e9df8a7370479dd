/// A payment channel, stored as one byte per row.
///
/// Those the program knows have numbers that histories hold, so that a number is never given again. A
/// school's own (``OwnChannel``) get theirs while the program runs and are stored by name.
public struct Channel: Hashable, Sendable, BitwiseCopyable {
  /// Its number: one of the program's, or from ``firstOwn`` on one that only this process gives a meaning.
  public let number: UInt8

  @inlinable
  init(number: UInt8) { self.number = number }

  /// The row does not say, or the ledger's word for it is not a channel.
  @inlinable public static var unknown: Channel { Channel(number: 0) }
  /// WeChat Pay.
  @inlinable public static var wechat: Channel { Channel(number: 1) }
  /// Alipay.
  @inlinable public static var alipay: Channel { Channel(number: 2) }
  /// UnionPay QuickPass.
  @inlinable public static var unionpay: Channel { Channel(number: 3) }
  /// Industrial and Commercial Bank of China.
  @inlinable public static var icbc: Channel { Channel(number: 4) }
  /// Agricultural Bank of China.
  @inlinable public static var abc: Channel { Channel(number: 5) }
  /// Bank of China.
  @inlinable public static var boc: Channel { Channel(number: 6) }
  /// China Construction Bank.
  @inlinable public static var ccb: Channel { Channel(number: 7) }
  /// Bank of Communications.
  @inlinable public static var bocom: Channel { Channel(number: 8) }
  /// Postal Savings Bank of China.
  @inlinable public static var psbc: Channel { Channel(number: 9) }
  /// China Merchants Bank.
  @inlinable public static var cmb: Channel { Channel(number: 10) }
  /// CITIC Bank.
  @inlinable public static var citic: Channel { Channel(number: 11) }
  /// Everbright Bank.
  @inlinable public static var ceb: Channel { Channel(number: 12) }
  /// Minsheng Bank.
  @inlinable public static var cmbc: Channel { Channel(number: 13) }
  /// Shanghai Pudong Development Bank.
  @inlinable public static var spdb: Channel { Channel(number: 14) }
  /// Industrial Bank.
  @inlinable public static var cib: Channel { Channel(number: 15) }
  /// Ping An Bank.
  @inlinable public static var pab: Channel { Channel(number: 16) }
  /// Hua Xia Bank.
  @inlinable public static var hxb: Channel { Channel(number: 17) }
  /// China Guangfa Bank.
  @inlinable public static var cgb: Channel { Channel(number: 18) }
  /// A bank whose name its statement does not tell.
  @inlinable public static var bank: Channel { Channel(number: 19) }
  /// A channel of a school's own profile that has no name of its own.
  @inlinable public static var other: Channel { Channel(number: 20) }

  /// Machine names by number. Histories hold the numbers: one is never changed or given again. The next
  /// free one is 21.
  private static let names = [
    "unknown", "wechat", "alipay", "unionpay", "icbc", "abc", "boc", "ccb",
    "bocom", "psbc", "cmb", "citic", "ceb", "cmbc", "spdb", "cib",
    "pab", "hxb", "cgb", "bank", "other",
  ]

  /// The first number of a school's own channels: banks from here on, others from ``firstOwnOther``.
  @usableFromInline static var firstOwn: UInt8 { 128 }
  @usableFromInline static var firstOwnOther: UInt8 { 192 }

  /// Whether a school named this channel itself.
  @inlinable public var isOwn: Bool { number >= Channel.firstOwn }

  /// The channels the program knows by itself, as reports list them.
  public static var known: [Channel] { names.indices.map { Channel(number: UInt8($0)) } }

  /// Every channel there is in this process, as reports list them.
  public static var all: [Channel] { known + OwnChannel.all.map(\.channel) }

  /// The machine name used in `report.json` and configuration: `wechat`, `ccb`, …
  public var name: String { isOwn ? own?.name ?? "other" : Channel.names[Int(number)] }

  /// What a school told about its own channel; nil for one the program knows by itself.
  public var own: OwnChannel? { OwnChannel.all.first { $0.channel == self } }

  /// Finds a channel by its machine name.
  public init?(name: some StringProtocol) {
    if let number = Channel.names.firstIndex(where: { $0 == name }) {
      self.init(number: UInt8(number))
    } else if let own = OwnChannel.all.first(where: { $0.name == name }) {
      self = own.channel
    } else {
      return nil
    }
  }

  /// Finds a channel the program knows by itself by its number.
  public init?(known number: UInt8) {
    guard Int(number) < Channel.names.count else { return nil }
    self.init(number: number)
  }

  /// Whether this is a bank: its promise is 30 minutes and its credit window two hours.
  @inlinable
  public var isBank: Bool {
    switch number {
    case 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19: true
    default: number >= Channel.firstOwn && number < Channel.firstOwnOther
    }
  }

  /// Whether this is a bank or not known, so that it may be one.
  @inlinable
  public var mayBeBank: Bool { isBank || self == .unknown }

  /// Whether a row that says `self` may belong to a statement of `other`.
  ///
  /// Unknown fits everything; a bank that its statement does not name fits every bank.
  @inlinable
  public func fits(_ other: Channel) -> Bool {
    if self == other || self == .unknown || other == .unknown { return true }
    return (self == .bank && other.isBank) || (other == .bank && isBank)
  }
}

extension Channel: Comparable {
  /// Orders channels as reports list them: the program's by number, then a school's own by name.
  public static func < (left: Channel, right: Channel) -> Bool {
    left.isOwn && right.isOwn ? left.name < right.name : left.number < right.number
  }
}

extension Channel: CustomStringConvertible {
  /// The machine name.
  public var description: String { name }
}

extension Channel: Codable {
  /// Reads a number, or the name of a school's own channel.
  ///
  /// A name nobody has told about is taken for a bank's: a history outlives the configuration it was
  /// written under.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      self = Channel(name: name) ?? OwnChannel.told(name: name).channel
      return
    }
    let number = try container.decode(UInt8.self)
    guard let known = Channel(known: number) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "no channel has the number \(number)")
    }
    self = known
  }

  /// Writes the number of a channel the program knows by itself, the name of any other.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if isOwn { try container.encode(name) } else { try container.encode(number) }
  }
}

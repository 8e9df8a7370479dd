public import Payments

/// A school to simulate: how big it is, how it pays, and what goes wrong.
public struct SchoolConfiguration: Hashable, Sendable {
  /// Every choice follows from it: one seed, one set of bytes.
  public var seed: UInt64 = 1
  /// Number of students; half an hour of one person's life takes one top-up at most, and each
  /// planted case takes people nobody else uses that day.
  public var students = 3_000
  /// Number of staff with a card.
  public var staff = 200
  /// Ordinary payments a day, planted ones not counted; fewer when nobody is left who paid
  /// nothing within three hours.
  public var paymentsPerDay = 5_000
  /// How many of a hundred payments each channel takes.
  public var mix = ChannelMix()
  /// How often each plant is planted a day; a plant that is not listed is not planted, and none is
  /// planted when nobody is left for it or the school has no channel it could happen on.
  public var plants: [Plant: ClosedRange<Int>] = SchoolConfiguration.planting(.allKinds)
  /// How many special but normal cases a day has, of each of thirteen sorts: lost cards, refunds that
  /// agree, retried postings, siblings of one payer, …; of ten sorts more where ``people`` is mixed.
  public var ordinaryCases = 1...3
  /// Rows of other business each bank account has a day.
  public var otherBankRows = 4...9
  /// Ledger rows that are no top-up (消费, 领款, 现金充值), per hundred payments.
  public var otherLedgerRowsPercent = 12
  /// What is wrong with a whole file, on the last simulated day.
  public var fault: FaultKind?
  /// The source whose file it happens to (`wechat`, …, `ledger`); nil for the usual one.
  public var faultSource: String?
  /// Whether Alipay's bill is delivered inside its zip or as the plain CSV.
  public var alipayZipped = true
  /// The version of camt.053.001 the bank writes.
  public var camtVersion = CamtVersion.eight
  /// Whether the ledger's 余额 column is filled.
  public var ledgerBalances = true
  /// How people are named, and whether cases of who is who are lived and planted.
  public var people = PeopleNaming.plain
  /// How the channels settle; nil where their accounts are not simulated.
  public var funds: FundSettings?
  /// Merchant and account numbers, as the statements show them.
  public var accounts = SchoolAccounts()

  /// Creates the default school.
  public init() {}

  /// One small day that people can read, with every plant once.
  public static func sample(seed: UInt64) -> SchoolConfiguration {
    var configuration = SchoolConfiguration()
    configuration.seed = seed
    configuration.students = 240
    configuration.staff = 20
    configuration.paymentsPerDay = 24
    configuration.plants = configuration.plants.mapValues { _ in 1...1 }
    configuration.ordinaryCases = 1...1
    configuration.otherBankRows = 3...3
    // All of it is due on the one day there is.
    var funds = FundSettings()
    (funds.days, funds.withdrawals, funds.statedBefore, funds.odds) = (0, 4, 8, 1_000)
    configuration.funds = funds
    return configuration
  }

  /// What to plant.
  public enum Planting: Hashable, Sendable {
    /// Every plant, the ones at the edges of the day among them.
    case allKinds
    /// Nothing: the day balances, but for what ordinary payments leave open at midnight.
    case nothing
    /// The plants of these kinds, and the ones at the edges when asked.
    case only([AnomalyKind], edges: Bool)
  }

  /// A few a day of everything `planting` names.
  public static func planting(_ planting: Planting) -> [Plant: ClosedRange<Int>] {
    var plants: [Plant: ClosedRange<Int>] = [:]
    for plant in Plant.allCases {
      let wanted =
        switch planting {
        case .allKinds: true
        case .nothing: false
        case .only(let kinds, let edges):
          plant.isAtTheEdge ? edges : plant.kinds.contains { kinds.contains($0) }
        }
      if wanted { plants[plant] = 1...3 }
    }
    return plants
  }
}

/// How a school names people.
public enum PeopleNaming: String, Hashable, Sendable, CaseIterable {
  /// The ledger names card and student number, bills one of them.
  case plain
  /// Drawn from the seed: what the ledger names, what links cards and students, how bills say it.
  /// Cases of who is who are lived and planted.
  case mixed
}

/// How many of a hundred payments each channel takes.
public struct ChannelMix: Hashable, Sendable {
  /// WeChat Pay.
  public var wechat = 48
  /// Alipay.
  public var alipay = 30
  /// China Construction Bank, a CSV export.
  public var ccb = 14
  /// Bank of China, a camt.053 statement.
  public var boc = 8

  /// Creates the usual mix.
  public init() {}
}

/// The versions of camt.053.001 the simulator writes.
public enum CamtVersion: String, Hashable, Sendable, CaseIterable {
  /// camt.053.001.02: `Sts` is a text, agents have a `BIC`.
  case two = "02"
  /// camt.053.001.08: `Sts/Cd`, `BICFI`, parties inside `Pty`.
  case eight = "08"
}

/// The school's numbers at its channels.
public struct SchoolAccounts: Hashable, Sendable {
  /// 公众账号ID.
  public var wechatApp = "wx8f2c61d07be94a35"
  /// 商户号.
  public var wechatMerchant = "1601959334"
  /// The second 商户号, of a school whose files are delivered morning by morning.
  public var secondWeChatMerchant = "1605550218"
  /// 支付宝账号: the 16-digit PID and `0156`.
  public var alipayAccount = "20886110962563300156"
  /// Account at CCB.
  public var ccbAccount = "44050162100800000368"
  /// Account at BOC.
  public var bocAccount = "745368001920"
  /// 账户名称.
  public var owner = "云山大学"

  /// Creates the usual numbers.
  public init() {}
}

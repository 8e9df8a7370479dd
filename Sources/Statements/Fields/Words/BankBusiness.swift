internal import Payments

/// What a bank's row is about besides top-ups: the channels' payouts, and money that goes out.
struct BankBusiness: Sendable {
  private let names: [[UInt8]]
  private let wholeNames: [[UInt8]]
  private let companies: [[UInt8]]
  private let payouts: [[UInt8]]
  private let payers: [[UInt8]]
  private let returns: [[UInt8]]
  private let organisations: [[UInt8]]
  private let channels: [(channel: Channel, words: [[UInt8]])]
  private let encoding: TextEncoding

  /// Settlement parties as a bank names them in the counterparty's column: WeChat Pay settles as 财付通, cards
  /// as 银联, and the banks' clearing of both as 网联.
  private static let names = [
    "财付通", "支付宝", "中国银联", "银联商务", "银联清算", "网联清算", "TENPAY", "Tenpay", "ALIPAY", "Alipay",
  ]
  /// Names that people and other companies have within theirs: these alone, or with what clears or settles.
  private static let wholeNames = ["银联", "网联", "银联代收", "银联结算", "网联结算", "银联资金", "网联资金"]
  /// The same as texts write them: in full, as a person's transfer may say 网联 or 支付宝 too.
  private static let companies = [
    "财付通支付科技", "支付宝(中国)", "支付宝（中国）", "中国银联股份", "银联商务股份", "网联清算有限",
  ]
  /// Words by which a text says that somebody settles, and with them who it is.
  private static let payouts = ["结算", "清算"]
  private static let payers = ["微信", "财付通", "支付宝", "银联", "网联", "商户", "收单", "POS"]
  /// Words by which a bank says that money goes back.
  private static let returns = [
    "退款", "退费", "退回", "退还", "退票", "退汇", "退充", "退余额", "退卡", "原路退", "返还", "冲正", "冲销", "撤销",
    "REFUND", "Refund", "refund",
  ]

  /// The channels by the names their parties bear; of 网联, which clears for several, none.
  private static let channels: [(channel: Channel, words: [String])] = [
    (.wechat, ["财付通", "微信", "TENPAY", "Tenpay"]), (.alipay, ["支付宝", "ALIPAY", "Alipay"]),
    (.unionpay, ["银联"]),
  ]

  /// - Parameter parties: the school's own names of who settles, by channel.
  init(_ encoding: TextEncoding, parties: [Channel: [String]] = [:]) {
    self.encoding = encoding
    let own = parties.sorted { $0.key < $1.key }
    names = (BankBusiness.names + own.flatMap(\.value)).map(encoding.encode)
    channels = (own.map { ($0.key, $0.value) } + BankBusiness.channels).map {
      ($0.0, $0.1.map(encoding.encode))
    }
    wholeNames = BankBusiness.wholeNames.map(encoding.encode)
    companies = BankBusiness.companies.map(encoding.encode)
    payouts = BankBusiness.payouts.map(encoding.encode)
    payers = BankBusiness.payers.map(encoding.encode)
    organisations = Organisation.words.map(encoding.encode)
    returns = BankBusiness.returns.map(encoding.encode)
  }

  /// Whether a counterparty's name is a settlement party's.
  func isSettlementParty(_ name: UnsafeRawBufferPointer) -> Bool {
    holds(name, names) || wholeNames.contains(where: name.elementsEqual)
  }

  /// Whether a text names a settlement party in full.
  func namesSettlementParty(_ text: UnsafeRawBufferPointer) -> Bool { holds(text, companies) }

  /// Whether a text says that a channel settles with the school, whoever the counterparty is: 微信支付结算款.
  func saysSettlement(_ text: UnsafeRawBufferPointer) -> Bool {
    holds(text, payouts) && holds(text, payers)
  }

  /// The channel a text names; unknown where it names none or several.
  func party(in text: UnsafeRawBufferPointer) -> Channel {
    let named = Set(channels.filter { holds(text, $0.words) }.map(\.channel))
    return named.count == 1 ? named.first ?? .unknown : .unknown
  }

  /// Whether a counterparty's name is a company's or an office's.
  func isOrganisation(_ name: UnsafeRawBufferPointer) -> Bool { holds(name, organisations) }

  /// Whether a text says that money goes back.
  func saysReturn(_ text: UnsafeRawBufferPointer) -> Bool { holds(text, returns) }

  private func holds(_ text: UnsafeRawBufferPointer, _ words: [[UInt8]]) -> Bool {
    text.count >= 4 && words.contains { contains(text, $0, encoding) }
  }
}

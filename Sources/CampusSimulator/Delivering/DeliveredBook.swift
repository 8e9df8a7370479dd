internal import Payments

/// A book of a school with two merchant numbers at WeChat and a ledger for each of two campuses:
/// one file a day.
enum DeliveredBook: Hashable, Sendable {
  case weChat(merchant: String)
  case channel(Channel)
  case funds(FundAccount)
  case ledger(Campus)

  /// All books of a school, channels first.
  static func all(_ configuration: SchoolConfiguration) -> [DeliveredBook] {
    let mix = configuration.mix
    let accounts = configuration.accounts
    var books: [DeliveredBook] = []
    if mix.wechat > 0 {
      let merchants = [accounts.wechatMerchant, accounts.secondWeChatMerchant]
      books += merchants.map { .weChat(merchant: $0) }
    }
    for (channel, share) in [(Channel.alipay, mix.alipay), (.ccb, mix.ccb), (.boc, mix.boc)]
    where share > 0 {
      books.append(.channel(channel))
    }
    if configuration.funds != nil {
      if mix.wechat > 0 {
        books += [false, true].map { .funds(FundAccount(channel: .wechat, isSecond: $0)) }
      }
      if mix.alipay > 0 { books.append(.funds(FundAccount(channel: .alipay))) }
    }
    return books + Campus.allCases.map { .ledger($0) }
  }

  var source: String {
    switch self {
    case .weChat: Channel.wechat.name
    case .channel(let channel): channel.name
    case .funds(let account): account.channel == .wechat ? "wechat-funds" : "alipay-account"
    case .ledger: "ledger"
    }
  }

  /// Whose book it is, as the answer sheet says it.
  func owner(_ accounts: SchoolAccounts) -> String {
    switch self {
    case .weChat(let merchant): merchant
    case .channel(.alipay): accounts.alipayAccount
    case .channel(.ccb): accounts.ccbAccount
    case .channel: accounts.bocAccount
    case .funds(let account) where account.channel == .alipay: accounts.alipayAccount
    case .funds(let account):
      account.isSecond ? accounts.secondWeChatMerchant : accounts.wechatMerchant
    case .ledger(let campus): campus.rawValue
    }
  }

  /// What can happen to its files. A bank's own message and an archive are not opened by people,
  /// so nothing inside them is rewritten.
  func suffers(_ kind: DeliveryKind) -> Bool {
    let isTable =
      switch self {
      case .weChat, .channel(.ccb), .ledger: true
      case .channel, .funds: false
      }
    let (isWeChat, isAlipay) = (source == "wechat", source == "alipay")
    return switch kind {
    case .late, .lost, .cut, .yesterday: true
    case .noSummary, .splitTypes: isWeChat
    case .halfDay: !isWeChat && !isAlipay && source != "wechat-funds"
    case .headerOnly, .garbledRows, .renamedColumn, .resaved: isTable
    case .lateTerminal: source == "ledger"
    }
  }
}

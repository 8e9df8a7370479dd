internal import Payments

/// The channels' accounts of a school: what the bills moved on them, what they sent to the bank and when it arrives.
struct FundsOffice: Sendable {
  let settings: FundSettings
  /// The bank the channels pay to; nil where the school shows none of its accounts.
  let bank: Channel?
  /// Whether there are two merchant numbers at WeChat.
  let hasTwoMerchants: Bool
  var random: SplitMix64
  var accounts: [FundAccount: State] = [:]
  /// Lines the bank will have, by day.
  var arrivals: [BusinessDay: [Arrival]] = [:]
  private var lastNumber: UInt64 = 0

  struct State: Sendable {
    var opening: Int64 = 10_000_000
    var balance: Int64 = 10_000_000
    var today: [FundRow] = []
    var tomorrow: [FundRow] = []
    /// Until when nothing more goes wrong with its payouts: what is wrong would be told together.
    var quietUntil = BusinessDay(number: 0)
    /// Withdrawals whose money has no line yet, by the day it is due.
    var due: [BusinessDay: [FundRow]] = [:]
  }

  struct Arrival: Sendable {
    var channel: Channel
    var fen: Int64
    /// Second of the day.
    var second: Int64
    var serial: Serial
    /// The first day that must be known for it to be judged.
    var sentOn: BusinessDay
  }

  init(
    _ configuration: SchoolConfiguration, _ settings: FundSettings, bank: Channel?,
    hasTwoMerchants: Bool
  ) {
    (self.settings, self.bank, self.hasTwoMerchants) = (settings, bank, hasTwoMerchants)
    random = SplitMix64(seed: configuration.seed ^ 0xF00D_5EED)
    if configuration.mix.wechat > 0 {
      accounts[FundAccount(channel: .wechat)] = State()
      if hasTwoMerchants { accounts[FundAccount(channel: .wechat, isSecond: true)] = State() }
    }
    if configuration.mix.alipay > 0 { accounts[FundAccount(channel: .alipay)] = State() }
  }

  /// The accounts in an order that is the same in every run.
  var ordered: [FundAccount] {
    accounts.keys.sorted {
      ($0.channel, $0.isSecond ? 1 : 0) < ($1.channel, $1.isSecond ? 1 : 0)
    }
  }

  mutating func next(_ prefix: String, on day: BusinessDay) -> String {
    lastNumber += 1
    var sheet = ByteSheet()
    sheet.text(prefix)
    sheet.day(day)
    sheet.digits(lastNumber, width: 10)
    return String(decoding: sheet.bytes, as: UTF8.self)
  }

  mutating func bankSerial(on day: BusinessDay) -> Serial {
    lastNumber += 1
    return Serial(form: Serial.form(of: bank ?? .ccb), day: day, number: 9_000_000_000 + lastNumber)
  }

  /// Books a row today, or tomorrow where its time is.
  mutating func book(_ row: FundRow, _ account: FundAccount, today: BusinessDay) {
    if Timestamp(seconds: row.time).day == today {
      accounts[account]?.today.append(row)
    } else {
      accounts[account]?.tomorrow.append(row)
    }
  }

  /// Opens a day: what was booked for it yesterday is there already.
  mutating func open() {
    for account in ordered {
      guard var state = accounts[account] else { continue }
      state.opening = state.balance
      (state.today, state.tomorrow) = (state.tomorrow, [])
      accounts[account] = state
    }
  }

  /// Closes a day: its rows stand in order of time.
  mutating func close() {
    for account in ordered {
      guard var state = accounts[account] else { continue }
      state.today.sort {
        ($0.time, $0.serial, $0.kind.rawValue) < ($1.time, $1.serial, $1.kind.rawValue)
      }
      state.balance = state.today.reduce(state.opening) { $0 + $1.movement }
      accounts[account] = state
    }
  }

  /// The day of every account, closed.
  var days: [FundAccount: FundDay] {
    accounts.mapValues { FundDay(opening: $0.opening, rows: $0.today) }
  }
}

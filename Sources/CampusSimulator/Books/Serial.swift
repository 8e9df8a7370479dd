internal import Payments

/// A serial or order number, kept as the two numbers it is made from until it is written.
///
/// Every number is issued once (see ``SerialIssuer``), so no two serials of a school collide unless
/// a collision is planted.
struct Serial: Hashable, Sendable {
  /// How the number is spelled.
  enum Form: UInt8, Sendable {
    case none
    /// The school's own order number, `CK` and 20 digits.
    case order
    /// 微信订单号, 28 digits.
    case wechat
    /// 微信退款单号, 29 digits.
    case wechatRefund
    /// 商户退款单号 and Alipay's 退款批次号, `TK` and 20 digits.
    case refundOrder
    /// 支付宝交易号, 28 digits.
    case alipay
    /// CCB's 账户明细编号-交易流水号.
    case ccb
    /// The reference BOC gives an entry.
    case boc
    /// The card system's own 流水号, 16 digits, continuous per day.
    case ledger
  }

  var form: Form
  var day: BusinessDay
  var number: UInt64

  /// No serial at all.
  static let none = Serial(form: .none, day: BusinessDay(number: 0), number: 0)

  var isNone: Bool { form == .none }

  /// The serial as statements show it; nil when there is none.
  var text: String? {
    guard !isNone else { return nil }
    var sheet = ByteSheet()
    write(to: &sheet)
    return String(decoding: sheet.bytes, as: UTF8.self)
  }

  /// Appends the serial as statements show it; nothing when there is none.
  func write(to sheet: inout ByteSheet) {
    let salt = SplitMix64.mixed(number)
    switch form {
    case .none: break
    case .order:
      sheet.text("CK")
      sheet.day(day)
      sheet.digits(salt % 10_000, width: 4)
      sheet.digits(number, width: 8)
    case .wechat:
      sheet.text("4200")
      sheet.digits(2_000 + salt % 1_000, width: 6)
      sheet.day(day)
      sheet.digits(number, width: 10)
    case .wechatRefund:
      sheet.text("503")
      sheet.digits(salt % 100_000_000, width: 8)
      sheet.day(day)
      sheet.digits(number, width: 10)
    case .refundOrder:
      sheet.text("TK")
      sheet.day(day)
      sheet.digits(salt % 10_000, width: 4)
      sheet.digits(number, width: 8)
    case .alipay:
      sheet.day(day)
      sheet.text("22001")
      sheet.digits(salt % 100_000, width: 5)
      sheet.digits(number, width: 10)
    case .ccb:
      sheet.text("101-")
      sheet.day(day)
      sheet.digits(number, width: 10)
    case .boc:
      sheet.text("BOC")
      sheet.day(day)
      sheet.digits(number, width: 10)
    case .ledger:
      sheet.day(day)
      sheet.digits(number, width: 8)
    }
  }

  /// The form of serial a channel gives its payments.
  static func form(of channel: Channel) -> Form {
    switch channel {
    case .wechat: .wechat
    case .alipay: .alipay
    case .ccb: .ccb
    default: .boc
    }
  }
}

/// Hands out serials, each once.
struct SerialIssuer: Sendable {
  private var last: UInt64

  /// - Parameter start: where counting starts, so that two schools' serials differ.
  init(start: UInt64) {
    last = start % 10_000_000
  }

  mutating func next(_ form: Serial.Form, on day: BusinessDay) -> Serial {
    last += 1
    return Serial(form: form, day: day, number: last)
  }
}

internal import Payments

/// Writes WeChat Pay's merchant trade bill: of the type ALL 27 columns, a backtick before every
/// value, CRLF, a byte order mark, and a trailer of two lines.
struct WeChatBill {
  /// The types a merchant may ask for: SUCCESS drops the refund columns, REFUND adds two times.
  enum Content: String {
    case all = "ALL"
    case payments = "SUCCESS"
    case refunds = "REFUND"

    func lists(_ row: ChannelRow) -> Bool {
      self == .all || (row.kind == .refund) == (self == .refunds)
    }
  }

  let people: People
  let accounts: SchoolAccounts
  /// What the trailer claims too much, in fen and one row; 0 for an honest trailer.
  var overstated: Int64 = 0
  /// Whether a spreadsheet turned the long serials into numbers.
  var isRoundedBySpreadsheet = false
  /// The type of the bill; rows of the other kind are left out.
  var content = Content.all

  private var header: String {
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
      + (content == .refunds ? "退款申请时间,退款成功时间," : "")
      + (content == .payments ? "" : "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,")
      + "商品名称,商户数据包,手续费,费率,订单金额,"
      + (content == .payments ? "" : "申请退款金额,") + "费率备注\r\n"
  }
  private static let trailerHeader =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
  private static let kinds = ["JSAPI", "JSAPI", "JSAPI", "NATIVE", "APP", "MWEB"]
  private static let banks = [
    "OTHERS", "CFT", "CFT", "ICBC_DEBIT", "CCB_DEBIT", "ABC_DEBIT", "BOC_DEBIT", "PSBC_DEBIT",
  ]

  /// The bill of one day; `all` in the order they are listed.
  func bytes(_ all: [ChannelRow]) -> [UInt8] {
    let rows = content == .all ? all : all.filter(content.lists)
    var sheet = ByteSheet()
    sheet.reserve(1_024 + rows.count * 380)
    sheet.raw([0xEF, 0xBB, 0xBF])
    sheet.text(header)
    var totals = (settled: Int64(0), refunded: Int64(0), fee: Int64(0), ordered: Int64(0))
    for row in rows {
      let isRefund = row.kind == .refund
      let settled = row.fen - row.couponFen
      let fee = (settled * 60 + 5_000) / 10_000
      write(row, fee: isRefund ? -fee : fee, to: &sheet)
      if isRefund {
        totals.refunded += row.fen
        totals.fee -= fee
      } else {
        totals.settled += settled
        totals.ordered += row.fen
        totals.fee += fee
      }
    }
    sheet.text(WeChatBill.trailerHeader)
    sheet.text("`")
    sheet.digits(UInt64(rows.count + (overstated > 0 ? 1 : 0)))
    sheet.text(".0")
    totals.settled += overstated
    totals.ordered += overstated
    for total in [totals.settled, totals.refunded, 0, totals.fee, totals.ordered, totals.refunded] {
      sheet.text(",`")
      sheet.yuan(total)
    }
    sheet.text("\r\n")
    return sheet.bytes
  }

  private func write(_ row: ChannelRow, fee: Int64, to sheet: inout ByteSheet) {
    let style = row.style
    let isRefund = row.kind == .refund
    sheet.text("`")
    if row.damage == .unreadableTime {
      sheet.text("2026-13-32 25:61:00")
    } else {
      sheet.moment(Timestamp(seconds: row.time))
    }
    sheet.text(",`")
    sheet.text(accounts.wechatApp)
    sheet.text(",`")
    sheet.text(accounts.wechatMerchant)
    sheet.text(",`0,`,`")
    if isRoundedBySpreadsheet {
      sheet.text("4.20E+27")
    } else {
      row.serial.write(to: &sheet)
    }
    sheet.text(",`")
    row.order.write(to: &sheet)
    sheet.text(",`")
    people.writeOpenID(row.payer, to: &sheet)
    sheet.text(",`")
    sheet.text(WeChatBill.kinds[Int(style % 6)])
    if row.damage == .unknownStatus {
      sheet.text(",`SETTLING,`")
    } else {
      sheet.text(isRefund ? ",`REFUND,`" : ",`SUCCESS,`")
    }
    sheet.text(WeChatBill.banks[Int((style >> 8) % 8)])
    sheet.text(",`CNY,`")
    sheet.yuan(isRefund ? 0 : row.fen - row.couponFen)
    sheet.text(",`")
    sheet.yuan(row.couponFen)
    if content != .payments { writeRefund(row, style: style, to: &sheet) }
    writeGoods(row, style: style, to: &sheet)
    sheet.text(",`")
    sheet.yuan(fee)
    sheet.text("000,`0.60%,`")
    sheet.yuan(isRefund ? 0 : row.fen)
    if content != .payments {
      sheet.text(",`")
      sheet.yuan(isRefund ? row.fen : 0)
    }
    sheet.text(",`\r\n")
  }

  /// The refund's columns; empty or zero in a payment's row.
  private func writeRefund(_ row: ChannelRow, style: UInt64, to sheet: inout ByteSheet) {
    if content == .refunds {
      for _ in 0..<2 {
        sheet.text(",`")
        sheet.moment(Timestamp(seconds: row.time))
      }
    }
    guard row.kind == .refund else {
      sheet.text(",`0,`0,`0.00,`0.00,`,`")
      return
    }
    sheet.text(",`")
    row.refund.write(to: &sheet)
    sheet.text(",`")
    row.refundOrder.write(to: &sheet)
    sheet.text(",`")
    sheet.yuan(row.fen)
    // 退款状态 is a snapshot; a refund in progress has left the merchant's account all the same.
    sheet.text(style % 9 == 0 ? ",`0.00,`ORIGINAL,`PROCESSING" : ",`0.00,`ORIGINAL,`SUCCESS")
  }

  /// 商品名称 and 商户数据包: the person stands in one of them, or in neither.
  private func writeGoods(_ row: ChannelRow, style: UInt64, to sheet: inout ByteSheet) {
    guard row.wording == .plain else {
      let texts = RowTexts(row, people: people)
      sheet.text(",`")
      sheet.raw(texts.goods.bytes)
      sheet.text(",`")
      return sheet.raw(texts.attached.bytes)
    }
    let isNamed = row.naming != .nobody
    let inPacket = isNamed && (style >> 16) % 2 == 0
    // Now and then the name of the goods holds a comma, which only the backtick tells apart.
    let comma = (style >> 24) % 50 == 0
    sheet.text(",`")
    sheet.text(comma ? "一卡通,校园卡充值" : "校园卡充值")
    if isNamed, !inPacket {
      sheet.text(" ")
      row.writeAccount(people, marked: true, to: &sheet)
    }
    sheet.text(",`")
    guard inPacket else { return }
    row.writeAccount(people, marked: row.isLabelled || (style >> 20) % 2 == 0, to: &sheet)
  }
}

internal import Payments

/// Writes CCB's corporate account export: CSV, one movement a row with the running balance, `0` on
/// the side that did not move. UTF-8 here; delivered as GB18030.
struct CCBStatement {
  let people: People
  let accounts: SchoolAccounts
  /// Balance before the first row, in fen.
  let opening: Int64
  /// A row that is left out although the balance moved.
  var omitted: Int?

  private static let header =
    "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,账户明细编号-交易流水号,企业流水号,凭证种类,凭证号\r\n"

  /// The export of one day; `rows` in the order they are listed.
  func bytes(_ rows: [ChannelRow]) -> [UInt8] {
    var sheet = ByteSheet()
    sheet.reserve(512 + rows.count * 300)
    sheet.text(CCBStatement.header)
    var balance = opening
    for (place, row) in rows.enumerated() {
      balance += row.bankMovement
      if place == omitted { continue }
      write(row, balance: balance, to: &sheet)
    }
    return sheet.bytes
  }

  private func write(_ row: ChannelRow, balance: Int64, to sheet: inout ByteSheet) {
    let time = Timestamp(seconds: row.time)
    let isIn = row.bankMovement > 0
    sheet.text(accounts.ccbAccount)
    sheet.text(",")
    sheet.text(accounts.owner)
    sheet.text(",")
    sheet.day(time.day)
    sheet.text(" ")
    sheet.clock(time)
    sheet.text(",")
    if isIn { sheet.text("0,") }
    sheet.yuan(row.fen)
    sheet.text(isIn ? "," : ",0,")
    sheet.yuan(balance)
    sheet.text(",人民币元,")
    if row.kind == .otherIn || row.kind == .otherOut {
      let other = OtherParty.of(row)
      sheet.text("\(other.name),\(other.account),中国建设银行股份有限公司云山支行,")
      sheet.day(time.day)
      sheet.text(",\(other.summary),\(other.note),")
    } else {
      people.writeName(row.payer, to: &sheet)
      sheet.text(",")
      people.writeBankCard(row.payer, to: &sheet)
      sheet.text(",中国建设银行股份有限公司云山支行,")
      sheet.day(time.day)
      sheet.text(row.kind == .refund ? ",校园卡退款," : ",校园卡充值,")
      // A number alone would be the whole field, and the field a person.
      if row.wording == .prose { sheet.text("充值 ") }
      row.writeAccount(people, marked: true, to: &sheet)
      if !row.order.isNone {
        sheet.text(row.style % 2 == 0 ? " 订单号" : " ")
        row.order.write(to: &sheet)
      }
      sheet.text(",")
    }
    row.serial.write(to: &sheet)
    sheet.text(",,电子转账凭证,\r\n")
  }
}

extension ChannelRow {
  /// What the row adds to the school's bank account, in fen.
  var bankMovement: Int64 {
    switch kind {
    case .payment, .otherIn: fen
    case .refund, .otherOut: -fen
    case .unbooked: 0
    }
  }
}

/// Somebody a school's bank account has other business with.
struct OtherParty: Sendable {
  let name: String
  let account: String
  let summary: String
  let note: String

  /// Whether it speaks of the campus card, as top-ups do.
  var saysTopUp: Bool { note.contains("校园卡") || note.contains("一卡通") }

  /// Whether a channel settles.
  var isSettlement: Bool { summary == "结算款" }

  /// The party of a row of other business, the same whenever the row is written.
  static func of(_ row: ChannelRow) -> OtherParty {
    var list = row.kind == .otherIn ? payers : payees
    switch row.party {
    case .wechatPayout: return payers[0]
    case .alipayPayout: return payers[1]
    case .noChannel: list.removeAll(where: \.isSettlement)
    case .any: break
    }
    return list[Int(row.style % UInt64(list.count))]
  }

  private static let payers = [
    OtherParty(
      name: "财付通支付科技有限公司", account: "243300133", summary: "结算款", note: "微信支付商户结算"),
    OtherParty(
      name: "支付宝（中国）网络技术有限公司", account: "8888000012", summary: "结算款", note: "支付宝商户结算"),
    OtherParty(
      name: "财付通支付科技有限公司", account: "243300133", summary: "结算款",
      note: "微信支付结算 校园卡充值"),
    OtherParty(name: "云山市财政局", account: "4405016210", summary: "拨款", note: "财政专项经费"),
    OtherParty(name: "云山培训中心", account: "4405017733", summary: "转账", note: "场地租金"),
  ]
  private static let payees = [
    OtherParty(name: "云山市自来水公司", account: "4405010088", summary: "水费", note: "代扣水费"),
    OtherParty(name: "南方电网云山供电局", account: "4405010099", summary: "电费", note: "代扣电费"),
    OtherParty(
      name: "云山粮油批发有限公司", account: "4405018801", summary: "转账", note: "供应商货款"),
    OtherParty(
      name: "云山餐饮管理有限公司", account: "4405019911", summary: "转账支取",
      note: "一卡通食堂结算 上旬"),
    OtherParty(name: "云山大学工会", account: "4405012200", summary: "转账", note: "工会经费"),
  ]
}

internal import Payments

/// Writes WeChat Pay's 资金账单 of one account and day.
struct WeChatFundBill {
  let merchant: String
  let day: BusinessDay

  var name: String { "wxfund_\(merchant)_\(day).csv" }

  func bytes(_ funds: FundDay) -> [UInt8] {
    var sheet = ByteSheet()
    sheet.raw([0xEF, 0xBB, 0xBF])
    sheet.text(
      "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n")
    var balance = funds.opening
    let (taken, given) = (funds.total(isIn: true), funds.total(isIn: false))
    for (place, row) in funds.rows.enumerated() {
      balance += row.movement
      let isIn = row.movement > 0
      let (name, kind) = WeChatFundBill.words(row.kind)
      sheet.text("`")
      sheet.moment(Timestamp(seconds: row.time))
      sheet.text(",`\(row.serial),`18000")
      sheet.day(day)
      sheet.digits(UInt64(place) + 1, width: 15)
      sheet.text(",`\(name),`\(kind),`\(isIn ? "收入" : "支出"),`")
      sheet.yuan(row.fen)
      sheet.text(",`")
      sheet.yuan(balance)
      sheet.text(",`system,`,`\(row.order)\r\n")
    }
    sheet.text("资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n`\(funds.rows.count).0,`\(taken.rows).0,`")
    sheet.yuan(taken.fen)
    sheet.text(",`\(given.rows).0,`")
    sheet.yuan(given.fen)
    sheet.text("\r\n")
    return sheet.bytes
  }

  private static func words(_ kind: FundRow.Kind) -> (String, String) {
    switch kind {
    case .payment: ("交易", "交易")
    case .refund: ("退款", "退款")
    case .fee: ("扣除交易手续费", "扣除交易手续费")
    case .feeReturned: ("退还交易手续费", "退还交易手续费")
    case .withdrawal: ("充值/提现", "提现")
    }
  }
}

/// Writes Alipay's 账务明细 of one day, newest first, in UTF-8; delivered as GB18030.
struct AlipayAccountBill {
  let account: String
  let day: BusinessDay
  /// The first day it says it is about.
  var from: BusinessDay
  /// When it was exported; nil for the morning after.
  var exported: Timestamp?

  var name: String { "alipay-account_\(account)_\(day).csv" }

  func bytes(_ funds: FundDay) -> [UInt8] {
    var sheet = ByteSheet()
    sheet.text("#支付宝账务明细查询\r\n#账号：[\(account)]\r\n#起始日期：[")
    chinese(from, to: &sheet)
    sheet.text("]   终止日期：[")
    chinese(day.adding(1), to: &sheet)
    sheet.text(
      "]\r\n#-----------------------------------------账务明细列表----------------------------------------\r\n"
    )
    sheet.text(
      "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注\r\n")
    var balance = funds.opening
    var lines: [[UInt8]] = []
    let (taken, given) = (funds.total(isIn: true), funds.total(isIn: false))
    for (place, row) in funds.rows.enumerated() {
      balance += row.movement
      let isIn = row.movement > 0
      var line = ByteSheet()
      line.text("5")
      line.day(day)
      line.digits(UInt64(place) + 1, width: 8)
      line.text("\t,\(row.serial)\t,\(row.order)\t,校园卡充值\t,")
      line.moment(Timestamp(seconds: row.time))
      line.text(",\t,")
      if isIn { line.yuan(row.fen) } else { line.text("0.00") }
      line.text(",")
      if isIn { line.text("0.00") } else { line.yuan(-row.fen) }
      line.text(",")
      line.yuan(balance)
      line.text(",支付宝,\(AlipayAccountBill.word(row.kind)),\r\n")
      lines.append(line.bytes)
    }
    for line in lines.reversed() { sheet.raw(line) }
    sheet.text(
      "#----------------------------------------账务明细列表结束-------------------------------------\r\n")
    sheet.text("#支出合计：\(given.rows)笔，共")
    sheet.yuan(given.fen)
    sheet.text("元\r\n#收入合计：\(taken.rows)笔，共")
    sheet.yuan(taken.fen)
    sheet.text("元\r\n#导出时间：[")
    sheet.chineseMoment(
      exported ?? Timestamp(seconds: day.adding(1).start.seconds + 30_180))
    sheet.text("]\r\n")
    return sheet.bytes
  }

  private func chinese(_ day: BusinessDay, to sheet: inout ByteSheet) {
    sheet.chineseMoment(day.start)
  }

  private static func word(_ kind: FundRow.Kind) -> String {
    switch kind {
    case .payment: "在线支付"
    case .refund: "交易退款"
    case .fee: "收费"
    case .feeReturned: "退费"
    case .withdrawal: "提现"
    }
  }
}

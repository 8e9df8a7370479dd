internal import Payments

/// Writes Alipay's merchant 业务明细: five lines of preamble, 25 columns with TABs after the text
/// columns, a trailer of two totals. UTF-8 here; delivered as GB18030.
struct AlipayBill {
  let people: People
  let accounts: SchoolAccounts
  let day: BusinessDay

  private static let header =
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,"
    + "集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\n"
  private static let summaryHeader =
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）\n"

  /// `<account>_yyyyMMdd`, which both members of the zip and the zip itself begin with.
  var baseName: String {
    var sheet = ByteSheet()
    sheet.text(accounts.alipayAccount)
    sheet.text("_")
    sheet.day(day)
    return String(decoding: sheet.bytes, as: UTF8.self)
  }

  private struct Totals {
    var count = 0
    var ordered: Int64 = 0
    var received: Int64 = 0
    var discount: Int64 = 0
    var fee: Int64 = 0
  }

  /// The detail file; `rows` in the order they are listed.
  func detail(_ rows: [ChannelRow]) -> [UInt8] {
    var sheet = ByteSheet()
    sheet.reserve(1_024 + rows.count * 300)
    writePreamble("业务明细", to: &sheet)
    sheet.text(AlipayBill.header)
    for row in rows { write(row, to: &sheet) }
    writeEndMark("业务明细", to: &sheet)
    for (name, received, kind) in [
      ("交易合计", "商家实收共", ChannelRow.Kind.payment), ("退款合计", "商家实收退款共", .refund),
    ] {
      let totals = totals(rows.filter { $0.kind == kind })
      sheet.text("#\(name)：\(totals.count)笔，\(received)")
      sheet.yuan(totals.received)
      sheet.text(kind == .payment ? "元，商家优惠共" : "元，商家优惠退款共")
      sheet.yuan(totals.discount)
      sheet.text("元\n")
    }
    writeExportTime(to: &sheet)
    return sheet.bytes
  }

  /// The 汇总 file that lies beside the detail in the zip.
  func summary(_ rows: [ChannelRow]) -> [UInt8] {
    var sheet = ByteSheet()
    writePreamble("业务汇总", to: &sheet)
    sheet.text(AlipayBill.summaryHeader)
    let payments = totals(rows.filter { $0.kind == .payment })
    let refunds = totals(rows.filter { $0.kind == .refund })
    for name in ["campus_card\t,校园卡充值\t", "合计\t,\t"] {
      sheet.text("\(name),\(payments.count),\(refunds.count)")
      for fen in [
        payments.ordered + refunds.ordered, payments.received + refunds.received, 0,
        payments.discount, 0, payments.fee, 0,
        payments.received + refunds.received + payments.fee,
      ] {
        sheet.text(",")
        sheet.yuan(fen)
      }
      sheet.text("\n")
    }
    writeEndMark("业务汇总", to: &sheet)
    writeExportTime(to: &sheet)
    return sheet.bytes
  }

  private func writePreamble(_ name: String, to sheet: inout ByteSheet) {
    sheet.text("#支付宝\(name)查询\n#账号：[\(accounts.alipayAccount)]\n#起始日期：[")
    sheet.chineseMoment(day.start)
    sheet.text("]   终止日期：[")
    sheet.chineseMoment(day.adding(1).start)
    sheet.text("]\n#-----------------------------------------\(name)列表")
    sheet.text("----------------------------------------\n")
  }

  private func writeEndMark(_ name: String, to sheet: inout ByteSheet) {
    sheet.text("#-----------------------------------------\(name)列表结束")
    sheet.text("------------------------------------\n")
  }

  private func writeExportTime(to sheet: inout ByteSheet) {
    sheet.text("#导出时间：[")
    sheet.chineseMoment(day.adding(1).start.adding(seconds: 20_809))
    sheet.text("]\n")
  }

  private func totals(_ rows: [ChannelRow]) -> Totals {
    var totals = Totals()
    for row in rows {
      let sign: Int64 = row.kind == .refund ? -1 : 1
      totals.count += 1
      totals.ordered += sign * row.fen
      totals.received += sign * (row.fen - row.couponFen)
      totals.discount += row.couponFen
      totals.fee -= AlipayBill.fee(row)
    }
    return totals
  }

  /// 0.60 % of what is received, to the fen; refunds give nothing back.
  private static func fee(_ row: ChannelRow) -> Int64 {
    row.kind == .refund ? 0 : ((row.fen - row.couponFen) * 60 + 5_000) / 10_000
  }

  private func write(_ row: ChannelRow, to sheet: inout ByteSheet) {
    let style = row.style
    let isRefund = row.kind == .refund
    let sign: Int64 = isRefund ? -1 : 1
    row.serial.write(to: &sheet)
    sheet.text("\t,")
    row.order.write(to: &sheet)
    sheet.text(isRefund ? "\t,退款\t," : "\t,交易\t,")
    let texts = row.wording == .plain ? nil : RowTexts(row, people: people)
    let inNote = row.naming != .nobody && style % 2 == 0
    if let texts {
      sheet.raw(texts.goods.bytes)
    } else {
      sheet.text("校园卡充值")
      if !inNote, row.naming != .nobody {
        sheet.text(" ")
        row.writeAccount(people, marked: true, to: &sheet)
      }
    }
    sheet.text(",")
    sheet.moment(Timestamp(seconds: row.created))
    sheet.text(",")
    sheet.moment(Timestamp(seconds: row.time))
    sheet.text(",campus_card\t,校园卡充值\t,alipay\t,\t,")
    people.writeAlipayAccount(row.payer, to: &sheet)
    sheet.text("\t,")
    sheet.yuan(sign * row.fen)
    sheet.text(",")
    sheet.yuan(sign * (row.fen - row.couponFen))
    sheet.text(",0.00,0.00,0.00,")
    sheet.yuan(row.couponFen)
    sheet.text(",0.00,,0.00\t,0.00,")
    row.refundOrder.write(to: &sheet)
    sheet.text("\t,")
    sheet.yuan(-AlipayBill.fee(row))
    sheet.text(",0.00,")
    if let texts {
      sheet.raw(texts.attached.bytes)
    } else if inNote {
      if (style >> 8) % 2 == 0 { sheet.text("校园卡充值 ") }
      row.writeAccount(people, marked: true, to: &sheet)
    }
    sheet.text("\n")
  }
}

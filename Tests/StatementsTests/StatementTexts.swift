import Payments

@testable import Statements

// Small statements of each layout, written out by hand.

func ledgerText(_ rows: [String], lineEnd: String = "\n") -> String {
  let header = "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员"
  return ([header] + rows).map { $0 + lineEnd }.joined()
}

func ledgerRow(
  _ own: String, order: String = "", amount: String = "50.00", kind: String = "充值",
  status: String = "成功", time: String = "2026-11-02 08:00:05", card: String = "601001",
  balance: String = ""
) -> String {
  "\(own),\(time),\(kind),\(amount),\(status),\(card),2023010203,张三,微信,\(order),,,\(balance),"
}

func wechatText(_ rows: [String], count: String, total: String, lineEnd: String = "\r\n") -> String
{
  let header = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易状态,商品名称,手续费,订单金额,退款金额"
  let trailer = ["总交易单数,订单总金额,手续费总金额", "`\(count),`\(total),`0.00"]
  return ([header] + rows + trailer).map { $0 + lineEnd }.joined()
}

func wechatRow(
  _ serial: String, order: String, amount: String = "50.00", status: String = "SUCCESS",
  time: String = "2026-11-02 08:00:00", merchant: String = "1601959334"
) -> String {
  "`\(time),`wx8f2c,`\(merchant),`\(serial),`\(order),`oABC,`\(status),`校园卡充值 学号2023010203,"
    + "`0.00000,`\(amount),`0.00"
}

/// Alipay's detail, in UTF-8; `rows` nil leaves the header out too.
func alipayText(_ rows: [String]?, payments: String, total: String) -> String {
  let head = [
    "#支付宝业务明细查询", "#账号：[20886110962563300156]",
    "#起始日期：[2026年11月02日 00:00:00]   终止日期：[2026年11月03日 00:00:00]",
    "#-----------------------------------------业务明细列表----------------------------------------",
  ]
  let header = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,对方账户,订单金额（元）,商家实收（元）,备注"
  let end = [
    "#-----------------------------------------业务明细列表结束------------------------------------",
    "#交易合计：\(payments)笔，商家实收共\(total)元，商家优惠共0.00元",
    "#退款合计：0笔，商家实收退款共0.00元，商家优惠退款共0.00元",
    "#导出时间：[2026年11月03日 05:46:49]",
  ]
  return (head + (rows.map { [header] + $0 } ?? []) + end).map { $0 + "\r\n" }.joined()
}

func alipayRow(_ serial: String, order: String, amount: String = "50.00", kind: String = "交易")
  -> String
{
  "\(serial)\t,\(order)\t,\(kind)\t,校园卡充值,2026-11-02 08:00:00,2026-11-02 08:00:01,138****1111\t,"
    + "\(amount),\(amount),学号2023010203"
}

func ccbText(_ rows: [String]) -> String {
  let header =
    "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,摘要,备注,账户明细编号-交易流水号,企业流水号,凭证种类,凭证号"
  return ([header] + rows).map { $0 + "\r\n" }.joined()
}

func ccbRow(
  _ serial: String, paidIn: String = "50.00", paidOut: String = "0", balance: String,
  account: String = "4405", time: String = "20261102 08:00:00"
) -> String {
  "\(account),云山大学,\(time),\(paidOut),\(paidIn),\(balance),人民币元,校园卡充值,学号2023010203,\(serial),,电子,"
}

/// A camt.053 statement; `opening` and `closing` are yuan.
func camtStatement(
  _ entries: String, opening: String = "100.00", closing: String, day: String = "2026-11-02"
) -> String {
  func balance(_ code: String, _ amount: String) -> String {
    """
    <Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">\(amount)</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>\(day)</Dt></Dt></Bal>
    """
  }
  return """
    <?xml version="1.0" encoding="UTF-8"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
    <Id>1</Id><FrToDt><FrDtTm>\(day)T00:00:00+08:00</FrDtTm><ToDtTm>\(day)T23:59:59+08:00</ToDtTm>
    </FrToDt><Acct><Id><Othr><Id>7453</Id></Othr></Id></Acct>
    \(balance("OPBD", opening))
    \(balance("CLBD", closing))
    \(entries)
    </Stmt></BkToCstmrStmt></Document>

    """
}

func camtEntry(
  _ serial: String, amount: String = "50.00", status: String = "BOOK", indicator: String = "CRDT",
  time: String = "2026-11-02T08:00:00+08:00"
) -> String {
  """
  <Ntry><Amt Ccy="CNY">\(amount)</Amt><CdtDbtInd>\(indicator)</CdtDbtInd>
  <Sts><Cd>\(status)</Cd></Sts><BookgDt><DtTm>\(time)</DtTm></BookgDt>
  <AcctSvcrRef>\(serial)</AcctSvcrRef>
  <AddtlNtryInf>校园卡充值 学号2023010203</AddtlNtryInf></Ntry>
  """
}

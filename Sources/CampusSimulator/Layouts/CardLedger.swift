internal import Payments

/// Writes the card system's ledger in the layout `card-ledger`: UTF-8 with a byte order mark.
struct CardLedger {
  let people: People

  private static let header =
    "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\r\n"

  /// The ledger of one day.
  ///
  /// - Parameters:
  ///   - rows: In the order they are listed.
  ///   - serials: The 流水号 of every row ever posted, by ``LedgerRow/id``.
  ///   - balances: Balance after each row; nil where the column stays empty.
  func bytes(_ rows: [LedgerRow], serials: [Serial], balances: [Int64?]) -> [UInt8] {
    var sheet = ByteSheet()
    sheet.reserve(256 + rows.count * 190)
    sheet.raw([0xEF, 0xBB, 0xBF])
    sheet.text(CardLedger.header)
    for (place, row) in rows.enumerated() {
      serials[row.id].write(to: &sheet)
      sheet.text(",")
      sheet.moment(Timestamp(seconds: row.time))
      sheet.text(",")
      sheet.text(row.kind.word)
      sheet.text(",")
      sheet.yuan(row.fen)
      sheet.text(",")
      sheet.text(row.status.word)
      sheet.text(",")
      people.writeCard(row.person, generation: row.card, to: &sheet)
      sheet.text(",")
      if row.namesStudent {
        people.writeNumber(row.person, to: &sheet)
        sheet.text(",")
        people.writeName(row.person, to: &sheet)
        sheet.text(",")
      } else {
        sheet.text(",,")
      }
      sheet.text(row.channelWord)
      sheet.text(",")
      row.order.write(to: &sheet)
      sheet.text(",")
      row.quoted.write(to: &sheet)
      sheet.text(",")
      if let original = row.original { serials[original].write(to: &sheet) }
      sheet.text(",")
      if let balance = balances[place] { sheet.yuan(balance) }
      sheet.text(row.kind == .manual ? ",op017\r\n" : ",\r\n")
    }
    return sheet.bytes
  }
}

extension LedgerRow {
  /// What the ledger calls the row's channel.
  var channelWord: String {
    switch channel {
    case .wechat: "微信"
    case .alipay: "支付宝"
    case .ccb: "建设银行"
    case .boc: "中国银行"
    default: kind == .cash ? "现金" : ""
    }
  }
}

internal import Payments

/// Writes the card system's ledger in the layout `card-ledger`: UTF-8 with a byte order mark.
struct CardLedger {
  let people: People

  /// A ledger without cards or without student numbers has no column for them.
  private var header: String {
    let customs = people.customs
    return "流水号,交易时间,交易类型,金额,状态,"
      + (customs.ledgerNamesCard ? "卡号," : "") + (customs.ledgerHasStudents ? "学工号," : "")
      + "姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\r\n"
  }

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
    sheet.text(header)
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
      writePerson(row, to: &sheet)
      sheet.text(row.channelWord)
      sheet.text(",")
      writeOrder(row.order, to: &sheet)
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

  /// 卡号, 学工号 and 姓名, as far as the ledger has them.
  private func writePerson(_ row: LedgerRow, to sheet: inout ByteSheet) {
    let customs = people.customs
    if customs.ledgerNamesCard {
      people.writeCard(row.person, generation: row.card, to: &sheet)
      sheet.text(",")
    }
    let namesStudent =
      customs.ledgerNamesStudent(isSpending: row.kind == .purchase)
      && (row.namesStudent || !customs.ledgerNamesCard)
    if customs.ledgerHasStudents {
      if namesStudent { people.writeNumber(row.person, by: .ledger, to: &sheet) }
      sheet.text(",")
    }
    if row.namesStudent { people.writeName(row.person, to: &sheet) }
    sheet.text(",")
  }

  /// The order number; some of them behind or before what keeps spreadsheets away.
  private func writeOrder(_ order: Serial, to sheet: inout ByteSheet) {
    let isGuarded = !order.isNone && SplitMix64.mixed(order.number &+ 0x6D) % 2 == 0
    let guarding = isGuarded ? people.customs.orderGuard : .none
    if guarding == .apostrophe { sheet.text("'") }
    order.write(to: &sheet)
    switch guarding {
    case .none, .apostrophe: break
    case .tab: sheet.text("\t")
    case .hardSpace: sheet.text("\u{00A0}")
    case .zeroWidth: sheet.text("\u{200B}")
    }
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

import Payments

@testable import CampusSimulator
@testable import Statements

/// A row as the simulator means it: the entry a reader must return, and the keys as texts.
struct WrittenRow: Equatable {
  var entry: Entry
  var order: String?
  var serial: String?
  var account: String?
}

/// What a reader must return for the rows of one simulated day.
struct WrittenDay {
  let people: People
  let serials: [Serial]

  private func key(_ text: String?) -> KeyHash { text.map { fingerprint($0) } ?? 0 }

  private func text(_ write: (inout ByteSheet) -> Void) -> String {
    var sheet = ByteSheet()
    write(&sheet)
    return String(decoding: sheet.bytes, as: UTF8.self)
  }

  private func account(_ row: ChannelRow) -> String? {
    switch row.naming {
    case .nobody: nil
    case .student: people.number(row.person)
    case .card, .both: people.card(row.person, generation: row.card)
    }
  }

  /// What every channel tells of a row.
  private func common(_ row: ChannelRow) -> WrittenRow {
    // What is left out is for nobody.
    let account = row.kind == .payment || row.kind == .refund ? account(row) : nil
    var entry = Entry(
      kind: row.kind == .refund ? .refund : .payment, channel: row.channel, fen: row.fen,
      time: row.time, order: key(row.order.text), serial: key(row.serial.text))
    if row.naming == .card { entry.account = key(account) } else { entry.student = key(account) }
    switch row.kind {
    case .payment, .refund: break
    case .otherIn, .otherOut:
      let party = OtherParty.of(row)
      entry.kind = row.kind == .otherOut ? .refund : .payment
      entry.rule = party.isSettlement ? .settlement : .outgoing
      if party.isSettlement {
        entry.flow = row.kind == .otherOut ? .settlementOut : .settlementIn
        entry.party =
          party.name.contains("财付通") ? .wechat : party.name.contains("支付宝") ? .alipay : .unknown
      }
      if !party.saysTopUp {
        if party.isSettlement { entry.kind = .excluded } else { entry.rule = .notCampusCard }
        (entry.account, entry.student) = (0, 0)
      }
    case .unbooked: (entry.kind, entry.rule) = (.excluded, .notBooked)
    }
    return WrittenRow(
      entry: entry, order: row.order.text, serial: row.serial.text, account: account)
  }

  func wechat(_ row: ChannelRow) -> WrittenRow {
    var written = common(row)
    written.entry.payer = key(text { people.writeOpenID(row.payer, to: &$0) })
    written.entry.couponFen = row.couponFen
    if row.kind == .refund { written.entry.own = key(row.refund.text) }
    // 0.60 %, in whole fen, and given back of what is refunded.
    let fee = ((row.fen - row.couponFen) * 60 + 5_000) / 10_000 * 1_000
    (written.entry.fee, written.entry.rate) = (row.kind == .refund ? -fee : fee, 600)
    // A number that is all of 商户数据包 says of itself neither what it is nor that it is one.
    if let account = written.account, (row.style >> 16) % 2 == 0, (row.style >> 20) % 2 != 0 {
      (written.entry.account, written.entry.student) = (0, 0)
      written.entry.others = [NamedNumber(key(account), .any, .ifKnown)]
    }
    return written
  }

  func alipay(_ row: ChannelRow) -> WrittenRow {
    var written = common(row)
    // A fingerprint is of the bytes as delivered, and this key has a Chinese character in it.
    let fee = ((row.fen - row.couponFen) * 60 + 5_000) / 10_000 * 1_000
    written.entry.fee = row.kind == .refund ? 0 : fee
    let payer = text { people.writeAlipayAccount(row.payer, to: &$0) }
    written.entry.payer = TextEncoding.gb18030.encode(payer).withUnsafeBytes { fingerprint($0) }
    written.entry.couponFen = row.couponFen
    if row.kind == .refund { written.entry.own = key(row.refundOrder.text) }
    return written
  }

  func bank(_ row: ChannelRow) -> WrittenRow {
    var written = common(row)
    let isOther = row.kind == .otherIn || row.kind == .otherOut
    written.entry.payer = key(
      isOther ? OtherParty.of(row).account : text { people.writeBankCard(row.payer, to: &$0) })
    return written
  }

  /// Rows of one batch are booked at one time, and differ by their place in it.
  func camt(_ rows: [ChannelRow]) -> [WrittenRow] {
    var result: [WrittenRow] = []
    var start = 0
    while start < rows.count {
      let batch = rows[start].batch
      let end =
        batch.isNone
        ? start + 1 : rows[start...].firstIndex { $0.batch != batch } ?? rows.count
      for place in start..<end {
        var written = bank(rows[place])
        written.entry.time = rows[start].time
        if end - start > 1 {
          let order = rows[place].order.text ?? "NOTPROVIDED"
          written.entry.own = fingerprint("\(place - start) \(order) ")
        }
        result.append(written)
      }
      start = end
    }
    return result
  }

  func ledger(_ row: LedgerRow) -> WrittenRow {
    let card = people.card(row.person, generation: row.card)
    var entry = Entry(
      kind: .excluded, channel: row.channel, fen: row.fen, time: row.time,
      order: key(row.order.text), serial: key(row.quoted.text), own: key(serials[row.id].text),
      account: key(card), original: key(row.original.flatMap { serials[$0].text }))
    if row.namesStudent { entry.student = key(people.number(row.person)) }
    switch (row.kind, row.status) {
    case (.topUp, .done), (.autoTopUp, .done): entry.kind = .credit
    case (.manual, .done): entry.kind = .manualCredit
    case (.topUp, _), (.autoTopUp, _), (.manual, _): entry.kind = .unpostedCredit
    case (.reversal, .done), (.refund, .done): entry.kind = .reversal
    case (.transferOut, .done): entry.kind = .transferOut
    case (.transferIn, .done): entry.kind = .transferIn
    case (.cash, _): entry.rule = .unreconciledChannel
    case (.purchase, _), (.allowance, _): entry.rule = .notTopUp
    case (.reversal, _), (.refund, _), (.transferOut, _), (.transferIn, _): entry.rule = .notPosted
    }
    return WrittenRow(
      entry: entry, order: row.order.text, serial: row.quoted.text, account: card)
  }
}

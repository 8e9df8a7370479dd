internal import Payments

// The vocabulary cases are told in: pay, credit, fail, refund, reverse.
extension Simulation {
  /// A payment, not yet entered.
  mutating func payment(
    _ person: Int32, _ fen: Int64, on channel: Channel, at time: Int64, order: Serial? = nil,
    keyed: Bool = true
  ) -> ChannelRow {
    let day = Timestamp(seconds: time).day
    let serial = serials.next(Serial.form(of: channel), on: day)
    let made = keyed ? order ?? serials.next(.order, on: day) : .none
    var row = ChannelRow(
      channel: channel, kind: .payment, time: time, fen: fen, serial: serial, order: made,
      person: person, card: cards[Int(person)], payer: person,
      created: max(time - random.within(3...40), day.start.seconds))
    let customs = people.customs
    guard customs.isMixed else { return row }
    row.dress(in: customs.certainStyle(person, day: today.number))
    if !keyed, !tells(row) { row.naming = customs.tellingNaming }
    return row
  }

  /// Whether a row's person can be held against a ledger row's.
  func tells(_ row: ChannelRow) -> Bool {
    row.wording.isCertain && people.customs.tells(row.naming)
  }

  /// A payment, entered.
  mutating func pay(
    _ person: Int32, _ fen: Int64, on channel: Channel, at time: Int64, order: Serial? = nil,
    keyed: Bool = true
  ) -> ChannelRow {
    let row = payment(person, fen, on: channel, at: time, order: order, keyed: keyed)
    diary.enter(row)
    return row
  }

  /// A posting for a payment, not yet entered.
  mutating func posting(
    for payment: ChannelRow, at time: Int64, kind: LedgerRow.Kind = .topUp, quoting: Bool = false
  ) -> LedgerRow {
    LedgerRow(
      id: diary.nextLedgerID(), kind: kind, time: time, fen: payment.fen, person: payment.person,
      card: cards[Int(payment.person)], channel: payment.channel, order: payment.order,
      quoted: quoting ? payment.serial : .none)
  }

  /// Credits a payment: the same amount unless told otherwise.
  @discardableResult
  mutating func credit(
    _ payment: ChannelRow, at time: Int64, fen: Int64? = nil, kind: LedgerRow.Kind = .topUp,
    quoting: Bool = false
  ) -> LedgerRow {
    var row = posting(for: payment, at: time, kind: kind, quoting: quoting)
    row.fen = fen ?? payment.fen
    diary.enter(row)
    return row
  }

  /// A posting that did not happen.
  @discardableResult
  mutating func fail(
    _ payment: ChannelRow, at time: Int64, status: LedgerRow.Status = .failed
  ) -> LedgerRow {
    var row = posting(for: payment, at: time)
    row.status = status
    diary.enter(row)
    return row
  }

  /// The channel gives money back.
  @discardableResult
  mutating func refund(_ payment: ChannelRow, _ fen: Int64, at time: Int64) -> ChannelRow {
    let day = Timestamp(seconds: time).day
    var row = payment
    row.kind = .refund
    row.time = time
    row.fen = fen
    row.couponFen = 0
    if payment.channel.isBank {
      row.serial = serials.next(payment.serial.form, on: day)
      row.refund = row.serial
    } else {
      row.refundOrder = serials.next(.refundOrder, on: day)
      row.refund =
        payment.channel == .wechat ? serials.next(.wechatRefund, on: day) : row.refundOrder
    }
    diary.enter(row)
    return row
  }

  /// The ledger takes a credit back.
  @discardableResult
  mutating func reverse(_ credit: LedgerRow, _ fen: Int64, at time: Int64) -> LedgerRow {
    let row = reversal(of: credit, fen, at: time)
    diary.enter(row)
    return row
  }

  /// A row that takes a credit back, not yet entered.
  mutating func reversal(of credit: LedgerRow, _ fen: Int64, at time: Int64) -> LedgerRow {
    var row = credit
    row.id = diary.nextLedgerID()
    row.kind = random.chance(500) ? .reversal : .refund
    row.time = time
    row.fen = fen
    row.quoted = .none
    row.original = credit.id
    return row
  }

  /// A finding about a payment, decided by today's statements alone.
  func finding(
    _ kind: AnomalyKind, _ plant: Plant, about payment: ChannelRow, fen: Int64? = nil,
    basis: Basis = .order, ledger: [LedgerRow] = [], note: String
  ) -> Finding {
    Finding(
      kind: kind, basis: basis, fen: fen ?? payment.fen, channel: payment.channel,
      serial: payment.serial, order: payment.order, ledger: ledger.map(\.id),
      person: payment.person, card: payment.card, time: payment.time, plant: plant, note: note,
      needs: [today])
  }

  /// A finding about a ledger row alone.
  func finding(
    _ kind: AnomalyKind, _ plant: Plant, about row: LedgerRow, basis: Basis = .single, note: String
  ) -> Finding {
    Finding(
      kind: kind, basis: basis, fen: row.fen, channel: row.channel, serial: row.quoted,
      order: row.order, ledger: [row.id], person: row.person, card: row.card, time: row.time,
      plant: plant, note: note, needs: [today])
  }

  /// A payment today's statements cannot decide; tomorrow's do.
  func wait(_ payment: ChannelRow, note: String) -> Wait {
    Wait(
      row: payment.kind == .refund ? .refund : .payment, fen: payment.fen,
      channel: payment.channel, serial: payment.serial, order: payment.order,
      refund: payment.refund, time: payment.time, note: note, needs: [today],
      absent: tomorrow)
  }

  /// A ledger row of `day` that only the statements of the day before decide.
  func wait(_ row: LedgerRow, on day: BusinessDay, note: String) -> Wait {
    Wait(
      row: row.kind.isReversal ? .reversal : .credit, fen: row.fen, channel: row.channel,
      serial: row.quoted, order: row.order, ledger: [row.id], time: row.time, note: note,
      needs: [day], absent: day.adding(-1))
  }
}

extension ChannelRow {
  /// Names people in a style; a bank's text is too short for more than numbers.
  mutating func dress(in style: BillStyle) {
    naming = style.naming
    wording =
      switch style.wording {
      case .json, .query: channel.isBank ? .labelled : style.wording
      case .whole, .otherJSON: channel.isBank ? .prose : style.wording
      case .plain, .labelled, .prose: style.wording
      }
  }
}

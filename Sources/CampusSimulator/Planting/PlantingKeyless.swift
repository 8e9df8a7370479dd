internal import Payments

// Given back or taken back by rows that name no order and no serial, only a person; and given back
// in full on one side alone.
extension Simulation {
  mutating func plantKeyless(_ plant: Plant) {
    switch plant {
    case .keylessRefund: plantKeylessRefund()
    case .keylessOrphan: plantKeylessOrphan()
    case .keylessReversal: plantKeylessReversal()
    case .strayReversal: plantStrayReversal()
    default: plantFullAndPart(plant)
    }
  }

  /// A bank's refund that names nobody's order, not yet entered.
  mutating func keylessRefund(of paid: ChannelRow, at time: Int64) -> ChannelRow {
    var row = paid
    row.kind = .refund
    row.time = time
    row.order = .none
    row.serial = serials.next(paid.serial.form, on: today)
    row.refund = row.serial
    row.couponFen = 0
    row.batch = .none
    return row
  }

  /// A row that takes a credit back and says no more than whose it was, not yet entered.
  mutating func keylessReversal(of posted: LedgerRow, at time: Int64) -> LedgerRow {
    var row = reversal(of: posted, posted.fen, at: time)
    row.order = .none
    row.original = nil
    return row
  }

  /// A payment and its credit with an amount of their own.
  mutating func payAlone(on channel: Channel, keyed: Bool) -> (ChannelRow, LedgerRow)? {
    guard let person = freshPerson() else { return nil }
    let paid = pay(person, ownFen(), on: channel, at: safeMoment(), keyed: keyed)
    let posted = credit(
      paid, at: paid.time + delay(channel), quoting: keyed && random.chance(500))
    return (paid, posted)
  }

  private mutating func plantKeylessRefund() {
    guard let bank = channel(where: \.isBank),
      let (paid, posted) = payAlone(on: bank, keyed: random.chance(500))
    else { return }
    let given = keylessRefund(of: paid, at: posted.time + random.within(600...5_000))
    diary.enter(given)
    var found = finding(
      .refundNotReversed, .keylessRefund, about: paid, basis: .weak,
      note: "refunded by a line without an order number; still on the card")
    found.refund = given.refund
    found.time = given.time
    diary.note(found)
  }

  private mutating func plantKeylessOrphan() {
    guard let bank = channel(where: \.isBank), let person = freshPerson() else { return }
    let time = safeMoment()
    // Paid weeks ago: no statement of these days lists it.
    let old = payment(
      person, ownFen(), on: bank, at: time - random.within(35...60) * 86_400, keyed: false)
    let given = keylessRefund(of: old, at: time)
    diary.enter(given)
    var found = finding(
      .orphanRefund, .keylessOrphan, about: old, basis: .single,
      note: "a refund without an order number of a payment no statement holds")
    found.refund = given.refund
    found.time = time
    diary.note(found)
  }

  private mutating func plantKeylessReversal() {
    let channel = anyChannel()
    let keyed = !channel.isBank || random.chance(500)
    guard let (paid, posted) = payAlone(on: channel, keyed: keyed) else { return }
    let taken = keylessReversal(of: posted, at: posted.time + random.within(600...5_000))
    diary.enter(taken)
    var found = finding(
      .reversalNotRefunded, .keylessReversal, about: paid, basis: .weak, ledger: [taken],
      note: "taken off the card by a row without any number; never refunded")
    found.time = taken.time
    diary.note(found)
  }

  private mutating func plantStrayReversal() {
    guard let person = freshPerson() else { return }
    let imagined = payment(person, ownFen(), on: anyChannel(), at: safeMoment(), keyed: false)
    allow(person)
    let taken = keylessReversal(of: posting(for: imagined, at: imagined.time), at: imagined.time)
    diary.enter(taken)
    diary.note(
      finding(
        .reversalNotRefunded, .strayReversal, about: taken,
        note: "taken off the card; nobody had put it there, nobody gave it back"))
  }

  private mutating func plantFullAndPart(_ plant: Plant) {
    guard let person = freshPerson() else { return }
    let fen = random.pick([5_000, 10_000, 20_000] as [Int64])
    let paid = pay(person, fen, on: anyChannel(), at: safeMoment())
    let posted = credit(
      paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    let part = fen / 5 * (random.chance(500) ? 4 : 2)
    let (back, off) = plant == .fullRefundDiffers ? (fen, part) : (part, fen)
    let given = refund(paid, back, at: posted.time + random.within(600...3_000))
    let taken = reverse(posted, off, at: given.time + random.within(-300...600))
    noteRefund(
      .refundAmountMismatch, plant, paid, given, ledger: [taken], fen: abs(back - off),
      owed: back > off ? .school : .student,
      note: "paid \(fen) fen, refunded \(back) fen, taken off the card \(off) fen")
  }
}

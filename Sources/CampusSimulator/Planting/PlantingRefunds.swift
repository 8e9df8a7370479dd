internal import Payments

// Money given back on one side only, or by different amounts.
extension Simulation {
  mutating func plantRefund(_ plant: Plant) {
    guard plant != .refundWithoutPayment else { return plantOrphanRefund() }
    guard let person = freshPerson() else { return }
    let fen = random.pick([5_000, 10_000, 20_000] as [Int64])
    let paid = pay(person, fen, on: anyChannel(), at: safeMoment())
    let posted = credit(
      paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    let time = posted.time + random.within(600...3_000)
    switch plant {
    case .refundOnly, .partialRefundOnly:
      let back = plant == .refundOnly ? fen : fen / 5 * 2
      noteRefund(
        .refundNotReversed, plant, paid, refund(paid, back, at: time), fen: back,
        note: "refunded \(back) fen; still on the card")
    case .reversalOnly, .partialReversalOnly:
      let back = plant == .reversalOnly ? fen : fen / 5 * 3
      let taken = reverse(posted, back, at: time)
      var found = finding(
        .reversalNotRefunded, plant, about: paid, fen: back, ledger: [taken],
        note: "taken off the card \(back) fen; never refunded")
      found.time = time
      diary.note(found)
    case .refundDiffers:
      let (back, off) = random.chance(500) ? (fen / 5 * 3, fen / 5 * 2) : (fen / 5, fen / 5 * 2)
      let given = refund(paid, back, at: time)
      let taken = reverse(posted, off, at: time + random.within(30...600))
      noteRefund(
        .refundAmountMismatch, plant, paid, given, ledger: [taken], fen: abs(back - off),
        owed: back > off ? .school : .student,
        note: "refunded \(back) fen, taken off the card \(off) fen")
    default:
      refund(paid, fen, at: time)
      reverse(posted, fen, at: time + random.within(30...600))
      noteRefund(
        .refundExceedsPayment, plant, paid,
        refund(paid, fen, at: time + random.within(900...3_000)), fen: fen,
        note: "refunded in full twice, taken off the card once")
    }
  }

  private mutating func plantOrphanRefund() {
    guard let person = freshPerson() else { return }
    let time = safeMoment()
    // Paid weeks ago: no statement of these days lists it.
    var old = payment(
      person, anyFen(), on: anyChannel(), at: time - random.within(35...60) * 86_400)
    // A bank's refund looks for its payment by person and amount: on no day before was this paid.
    if old.channel.isBank, today > span.lowerBound { old.fen -= 10 }
    noteRefund(
      .orphanRefund, .refundWithoutPayment, old, refund(old, old.fen, at: time), fen: old.fen,
      note: "a refund of a payment no statement holds")
  }

  mutating func noteRefund(
    _ kind: AnomalyKind, _ plant: Plant, _ paid: ChannelRow, _ given: ChannelRow,
    ledger: [LedgerRow] = [], fen: Int64, owed: OwedTo? = nil, note: String
  ) {
    var found = finding(kind, plant, about: paid, fen: fen, ledger: ledger, note: note)
    found.refund = given.refund
    found.time = given.time
    found.owed = owed
    diary.note(found)
  }
}

internal import Payments

// What one day alone cannot decide: payments, refunds and credits at its edges.
extension Simulation {
  mutating func plantEdge(_ plant: Plant) {
    guard let person = freshPerson(tomorrowToo: true) else { return }
    switch plant {
    case .unpaidAtMidnight: plantUnpaid(person)
    case .creditedAfterMidnight: plantCreditedAfterMidnight(person)
    case .carriedIn: plantCarriedIn(person)
    case .refundAtNight, .reversedAfterMidnight: plantNightRefund(plant, person)
    case .creditedNextDay: plantCreditedNextDay(person)
    default: plantRefundedNextDay(person)
    }
  }

  private mutating func plantUnpaid(_ person: Int32) {
    let channel = anyChannel()
    let paid = pay(
      person, anyFen(), on: channel, at: moment(channel.isBank ? 1_350...1_435 : 1_415...1_438))
    diary.note(wait(paid, note: "paid before midnight; never credited"))
    var found = finding(
      .debitedNotCredited, .unpaidAtMidnight, about: paid, basis: .single,
      note: "paid before midnight; the next day's ledger has no row either")
    found.needs = [today, tomorrow]
    diary.note(found)
  }

  private mutating func plantCreditedAfterMidnight(_ person: Int32) {
    let channel = channel(where: { !$0.isBank }) ?? anyChannel()
    let midnight = tomorrow.start.seconds
    let paid = pay(person, anyFen(), on: channel, at: midnight - random.within(4...55))
    let posted = credit(
      paid, at: midnight + random.within(2...50), quoting: random.chance(500))
    noteCrossing(paid, posted)
  }

  /// A payment of today and its credit of tomorrow: either waits when its day is judged alone.
  mutating func noteCrossing(_ paid: ChannelRow, _ posted: LedgerRow) {
    diary.note(wait(paid, note: "credited after midnight"))
    diary.note(wait(posted, on: tomorrow, note: "paid before midnight"))
  }

  private mutating func plantCarriedIn(_ person: Int32) {
    let midnight = today.start.seconds
    // Entered at the channel on a day nobody simulates.
    let paid = payment(
      person, anyFen(), on: channel(where: { !$0.isBank }) ?? anyChannel(),
      at: midnight - random.within(4...55))
    let posted = credit(
      paid, at: midnight + random.within(2...50), quoting: random.chance(500))
    diary.note(wait(posted, on: today, note: "paid the evening before the first day"))
  }

  private mutating func plantNightRefund(_ plant: Plant, _ person: Int32) {
    let paid = pay(person, anyFen(), on: anyChannel(), at: moment(1_080...1_200))
    let posted = credit(
      paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    let given = refund(paid, paid.fen, at: moment(1_345...1_420))
    diary.note(wait(given, note: "refunded at night; the reversal may still come"))
    if plant == .reversedAfterMidnight {
      let taken = reverse(
        posted, paid.fen, at: tomorrow.start.seconds + random.within(60...1_200))
      var waiting = wait(taken, on: tomorrow, note: "refunded before midnight")
      waiting.serial = paid.serial
      diary.note(waiting)
      return
    }
    var found = finding(
      .refundNotReversed, plant, about: paid,
      note: "refunded at night; not taken off the card the next day either")
    found.refund = given.refund
    found.time = given.time
    found.needs = [today, tomorrow]
    diary.note(found)
  }

  private mutating func plantCreditedNextDay(_ person: Int32) {
    let paid = pay(person, anyFen(), on: anyChannel(), at: moment(600...1_080))
    let posted = credit(
      paid, at: tomorrow.start.seconds + random.within(28_800...43_200),
      quoting: random.chance(500))
    var alone = finding(
      .debitedNotCredited, .creditedNextDay, about: paid, basis: .single,
      note: "paid; the ledger of the day has no row")
    alone.absent = tomorrow
    diary.note(alone)
    var credited = finding(
      .creditedNotDebited, .creditedNextDay, about: posted,
      note: "credited; the money was taken the day before")
    credited.needs = [tomorrow]
    credited.absent = today
    diary.note(credited)
    var late = finding(
      .lateCredit, .creditedNextDay, about: paid, ledger: [posted],
      note: "credited the next morning")
    late.time = posted.time
    late.needs = [today, tomorrow]
    diary.note(late)
  }

  private mutating func plantRefundedNextDay(_ person: Int32) {
    let paid = pay(person, anyFen(), on: anyChannel(), at: moment(600...1_080))
    let posted = credit(
      paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    let given = refund(
      paid, paid.fen, at: tomorrow.start.seconds + random.within(32_400...54_000))
    reverse(posted, paid.fen, at: given.time + random.within(30...600))
    var orphan = finding(
      .orphanRefund, .refundedNextDay, about: paid,
      note: "refunded the day after it was paid")
    orphan.refund = given.refund
    orphan.time = given.time
    orphan.needs = [tomorrow]
    orphan.absent = today
    diary.note(orphan)
  }
}

internal import Payments

// Money taken too often, or taken and not put on the card.
extension Simulation {
  mutating func plantDebit(_ plant: Plant) {
    switch plant {
    case .creditAbsent, .creditFailed, .creditProcessing: plantUncredited(plant)
    case .creditAbsentTwice: plantUncreditedTwice()
    case .sameOrderQuoted, .sameOrderNearest: plantSameOrder(plant)
    case .twoOrders, .samePayer: plantTwoOrders(plant)
    case .twoChannels: plantTwoChannels()
    default: plantWeakTwin()
    }
  }

  private mutating func plantUncredited(_ plant: Plant) {
    guard let person = freshPerson() else { return }
    let time = safeMoment()
    let paid = pay(person, anyFen(), on: anyChannel(), at: time)
    var found = finding(
      .debitedNotCredited, plant, about: paid, basis: .single, note: "paid; the ledger has no row")
    if plant != .creditAbsent {
      let status: LedgerRow.Status = plant == .creditFailed ? .failed : .processing
      let posting = fail(paid, at: time + delay(paid.channel), status: status)
      found.basis = .order
      found.ledger = [posting.id]
      found.note = "paid; the ledger's row is \(status == .failed ? "failed" : "still processing")"
    }
    diary.note(found)
  }

  private mutating func plantUncreditedTwice() {
    guard let person = freshPerson() else { return }
    let time = safeMoment()
    let first = pay(person, anyFen(), on: anyChannel(), at: time)
    let second = pay(
      person, first.fen, on: first.channel, at: time + random.within(20...300), order: first.order)
    for row in [first, second] {
      diary.note(
        finding(
          .debitedNotCredited, .creditAbsentTwice, about: row,
          note: "one order paid twice and never credited"))
    }
  }

  private mutating func plantSameOrder(_ plant: Plant) {
    guard let person = freshPerson() else { return }
    let time = safeMoment()
    let first = pay(person, anyFen(), on: anyChannel(), at: time)
    let second = pay(
      person, first.fen, on: first.channel, at: time + random.within(60...300), order: first.order)
    let creditsFirst = random.chance(500)
    let (kept, surplus) = creditsFirst ? (first, second) : (second, first)
    let quotes = plant == .sameOrderQuoted
    credit(kept, at: kept.time + random.within(3...25), quoting: quotes)
    diary.note(
      finding(
        .duplicateDebit, plant, about: surplus,
        note: quotes
          ? "one order, two serials; the credit quotes the other one"
          : "one order, two serials; the credit is nearer to the other one"))
  }

  private mutating func plantTwoOrders(_ plant: Plant) {
    let nameless = plant == .samePayer
    guard let person = freshPerson(),
      let channel = nameless ? channel(where: { !$0.isBank }) : anyChannel()
    else { return }
    let time = safeMoment()
    let fen = anyFen()
    var rows: [ChannelRow] = []
    for second in [time, time + random.within(30...540)] {
      var row = payment(person, fen, on: channel, at: second)
      if nameless { row.naming = .nobody }
      diary.enter(row)
      rows.append(row)
    }
    let kept = random.below(2)
    credit(rows[kept], at: rows[kept].time + delay(channel), quoting: random.chance(500))
    diary.note(
      finding(
        .duplicateDebit, plant, about: rows[1 - kept], basis: nameless ? .payer : .account,
        note: nameless
          ? "two orders of one payer that name nobody, one credit"
          : "two orders of one account within minutes, one credit"))
  }

  private mutating func plantTwoChannels() {
    guard channels.count > 1, let person = freshPerson(),
      let firstChannel = channel(where: { !$0.isBank }) ?? channel(where: { _ in true }),
      let secondChannel = channel(where: { $0 != firstChannel })
    else { return }
    let time = safeMoment()
    let first = pay(person, anyFen(), on: firstChannel, at: time)
    let second = pay(
      person, first.fen, on: secondChannel, at: time + random.within(40...400),
      order: first.order)
    let (kept, surplus) = random.chance(500) ? (first, second) : (second, first)
    credit(kept, at: kept.time + delay(kept.channel), quoting: true)
    diary.note(
      finding(.duplicateDebit, .twoChannels, about: surplus, note: "one order paid on two channels")
    )
  }

  private mutating func plantWeakTwin() {
    guard let channel = channel(where: \.isBank), let person = freshPerson() else { return }
    let time = safeMoment()
    let first = pay(person, anyFen(), on: channel, at: time, keyed: false)
    let second = pay(
      person, first.fen, on: channel, at: time + random.within(60...540), keyed: false)
    credit(second, at: second.time + random.within(120...900))
    diary.note(
      finding(
        .duplicateDebit, .weakTwin, about: first, basis: .weak,
        note: "two lines without an order number within minutes, one credit, nearer to the other"))
  }
}

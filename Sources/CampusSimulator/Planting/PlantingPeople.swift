internal import Payments

// Several people share an order or a reference, or a row is about somebody else.
extension Simulation {
  mutating func plantPeople(_ plant: Plant) {
    switch plant {
    case .orderOfTwo: plantOrderOfTwo()
    case .batchPartAbsent: plantBatchPart()
    case .reversalOfOther: plantReversalOfOther()
    case .wholeNumber: plantWholeNumber()
    case .accountClosed: plantClosedAccount()
    default: plantPostedAgain()
    }
  }

  /// Several people pay one order, each naming what can be held against the ledger's rows: where
  /// it could not be, one of them would look like somebody who paid twice.
  mutating func paySharedOrder(_ persons: [Int32], isEqual: Bool) -> [ChannelRow] {
    let channel = anyChannel()
    var time = safeMoment()
    let fen = isEqual ? anyFen() : random.pick([5_000, 10_000, 20_000])
    var order: Serial?
    var rows: [ChannelRow] = []
    for (place, person) in persons.enumerated() {
      var row = payment(
        person, fen + (isEqual ? 0 : Int64(place) * 1_000), on: channel, at: time, order: order)
      tell(&row)
      diary.enter(row)
      order = row.order
      rows.append(row)
      time += random.within(20...200)
    }
    return rows
  }

  /// Makes a row name somebody who can be held against the ledger's rows.
  mutating func tell(_ row: inout ChannelRow) {
    if !tells(row) { row.naming = people.customs.tellingNaming }
  }

  private mutating func plantOrderOfTwo() {
    guard let first = freshPerson(), let second = freshPerson() else { return }
    let rows = paySharedOrder([first, second], isEqual: random.chance(600))
    let kept = random.below(2)
    credit(
      rows[kept], at: rows[kept].time + delay(rows[kept].channel), quoting: random.chance(500))
    diary.note(
      finding(
        .debitedNotCredited, .orderOfTwo, about: rows[1 - kept],
        note: "two people paid one order; the other one is credited"))
  }

  /// Payments of several people that a bank books as one entry, under one reference.
  ///
  /// - Parameter lacksOrder: Whether one of them comes without an order number.
  mutating func paySharedReference(lacksOrder: Bool) -> [ChannelRow] {
    guard let channel = channel(where: { $0 == .boc }) else { return [] }
    let time = safeMoment()
    let batch = serials.next(.boc, on: today)
    let count = 2 + random.below(2)
    let fen = anyFen()
    let isEqual = random.chance(500)
    var rows: [ChannelRow] = []
    for place in 0..<count {
      guard let person = freshPerson() else { break }
      var row = payment(
        person, isEqual ? fen : anyFen(), on: channel, at: time, keyed: !lacksOrder || place > 0)
      row.serial = batch
      row.batch = batch
      diary.enter(row)
      rows.append(row)
    }
    return rows
  }

  private mutating func plantBatchPart() {
    let rows = paySharedReference(lacksOrder: false)
    guard !rows.isEmpty else { return }
    let absent = random.below(rows.count)
    for (place, row) in rows.enumerated() where place != absent {
      credit(row, at: row.time + delay(row.channel), quoting: random.chance(300))
    }
    diary.note(
      finding(
        .debitedNotCredited, .batchPartAbsent, about: rows[absent], basis: .single,
        note: "one of \(rows.count) payments under one reference; the others are credited"))
  }

  private mutating func plantReversalOfOther() {
    guard let person = freshPerson(), let other = freshPerson() else { return }
    let fen = random.pick([5_000, 10_000, 20_000] as [Int64])
    let paid = pay(person, fen, on: anyChannel(), at: safeMoment())
    let posted = credit(
      paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    let given = refund(paid, fen, at: posted.time + random.within(600...3_000))
    allow(other)
    var taken = reversal(of: posted, fen, at: given.time + random.within(30...600))
    if random.chance(500) { taken.original = nil }
    taken.person = other
    taken.card = cards[Int(other)]
    diary.enter(taken)
    var found = finding(
      .wrongAccount, .reversalOfOther, about: paid, ledger: [taken],
      note: "refunded, and taken off the card of \(people.number(other))")
    found.refund = given.refund
    found.time = taken.time
    found.parties = [
      Finding.Share(person: other, card: taken.card, fen: fen),
      Finding.Share(person: person, card: posted.card, fen: -fen),
    ]
    diary.note(found)
  }

  /// Money on the card before something is taken off it.
  mutating func allow(_ person: Int32) {
    diary.enter(
      LedgerRow(
        id: diary.nextLedgerID(), kind: .allowance, time: moment(310...350), fen: 20_000,
        person: person, card: cards[Int(person)], channel: .unknown))
  }

  /// The ledger knows the number from a row of spending or a list; then the field is a person.
  private mutating func plantWholeNumber() {
    guard let channel = channel(where: { !$0.isBank }), let other = freshPerson(),
      let payer = freshPerson(), !people.isStaff(payer)
    else { return }
    let customs = people.customs
    var paid = payment(payer, anyFen(), on: channel, at: safeMoment())
    let isStudent = customs.isLinked && customs.hasList && random.chance(500)
    paid.dress(
      in: BillStyle(naming: isStudent ? .student : customs.tellingNaming, wording: .whole))
    diary.enter(paid)
    if !customs.hasList { spend(payer, at: moment(1_140...1_160)) }
    var posted = posting(for: paid, at: paid.time + delay(channel), quoting: random.chance(500))
    posted.person = other
    posted.card = cards[Int(other)]
    diary.enter(posted)
    noteWrongPerson(.wholeNumber, paid, posted)
  }

  private mutating func plantClosedAccount() {
    guard people.customs.hasList, people.customs.ledgerNamesCard, let person = freshPerson()
    else { return }
    let paid = pay(person, anyFen(), on: anyChannel(), at: safeMoment())
    let posted = credit(
      paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    let state = random.pick(["挂失", "注销", "离校"])
    close(person, ClosedAccount(word: state, time: today.start.seconds + 18_000))
    var found = finding(
      .closedAccountCredit, .accountClosed, about: paid, ledger: [posted],
      note: "the list of accounts says \(state) since the morning")
    found.time = posted.time
    diary.note(found)
  }

  private mutating func plantPostedAgain() {
    guard let person = freshPerson() else { return }
    let channel = anyChannel()
    let paid = pay(person, anyFen(), on: channel, at: safeMoment())
    let first = credit(paid, at: paid.time + random.within(2...30), quoting: true)
    reverse(first, first.fen, at: first.time + random.within(20...80))
    let late: ClosedRange<Int64> = channel.isBank ? 2_000...6_000 : 200...1_500
    let again = credit(paid, at: paid.time + random.within(late))
    var found = finding(
      .lateCredit, .postedAgainLate, about: paid, ledger: [again],
      note: "taken back, and posted again after the promise")
    found.time = again.time
    diary.note(found)
  }
}

internal import Payments

// Money put on a card too often, without a payment, or on the wrong card.
extension Simulation {
  mutating func plantCredit(_ plant: Plant) {
    switch plant {
    case .creditAlone: plantCreditAlone()
    case .creditOfUnbooked: plantCreditOfUnbooked()
    case .creditTwice: plantCreditTwice()
    case .weakCreditTwice: plantWeakCreditTwice()
    default: plantWrongPerson()
    }
  }

  private mutating func plantCreditAlone() {
    guard let person = freshPerson() else { return }
    // Never entered at the channel: only the ledger believes in this payment.
    let imagined = payment(person, anyFen(), on: anyChannel(), at: safeMoment())
    let posted = credit(imagined, at: imagined.time, quoting: random.chance(500))
    diary.note(
      finding(
        .creditedNotDebited, .creditAlone, about: posted,
        note: "credited; no channel took the money"))
  }

  private mutating func plantCreditOfUnbooked() {
    guard let channel = channel(where: { $0 == .boc }), let person = freshPerson() else { return }
    var announced = payment(person, anyFen(), on: channel, at: safeMoment())
    announced.kind = .unbooked
    diary.enter(announced)
    let posted = credit(announced, at: announced.time + delay(channel))
    diary.note(
      finding(
        .creditedNotDebited, .creditOfUnbooked, about: posted,
        note: "credited; the bank lists the money as not booked"))
  }

  private mutating func plantCreditTwice() {
    guard let person = freshPerson() else { return }
    let paid = pay(person, anyFen(), on: anyChannel(), at: safeMoment())
    let first = credit(paid, at: paid.time + delay(paid.channel), quoting: true)
    let second = credit(paid, at: first.time + random.within(60...1_500))
    var found = finding(
      .duplicateCredit, .creditTwice, about: paid, ledger: [second],
      note: "one payment credited twice; the surplus credit does not quote its serial")
    found.time = second.time
    diary.note(found)
  }

  private mutating func plantWeakCreditTwice() {
    guard let channel = channel(where: \.isBank), let person = freshPerson() else { return }
    let paid = pay(person, anyFen(), on: channel, at: safeMoment(), keyed: false)
    let first = credit(paid, at: paid.time + random.within(120...600))
    let second = credit(paid, at: first.time + random.within(60...500))
    var found = finding(
      .duplicateCredit, .weakCreditTwice, about: paid, basis: .weak, ledger: [second],
      note: "one line without an order number credited twice within minutes")
    found.time = second.time
    diary.note(found)
  }

  private mutating func plantWrongPerson() {
    guard let payer = freshPerson(), let other = freshPerson() else { return }
    var paid = payment(payer, anyFen(), on: anyChannel(), at: safeMoment())
    paid.isLabelled = true
    diary.enter(paid)
    var posted = posting(
      for: paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    posted.person = other
    posted.card = cards[Int(other)]
    diary.enter(posted)
    // What nobody can know is not wrong in any report.
    guard tells(paid) else { return }
    noteWrongPerson(.wrongPerson, paid, posted)
  }

  /// A payment credited to somebody else, in whole or in part.
  mutating func noteWrongPerson(_ plant: Plant, _ paid: ChannelRow, _ posted: LedgerRow) {
    var found = finding(
      .wrongAccount, plant, about: paid, fen: posted.fen, ledger: [posted],
      note: "credited to \(people.number(posted.person)) instead")
    if people.customs.isMixed {
      found.parties = [
        Finding.Share(person: paid.person, card: paid.card, fen: posted.fen),
        Finding.Share(person: posted.person, card: posted.card, fen: -posted.fen),
      ]
    }
    diary.note(found)
  }
}

internal import Payments

// The two books, or two rows of one, contradict each other.
extension Simulation {
  mutating func plantContradiction(_ plant: Plant) {
    switch plant {
    case .serialShared: plantSharedSerial()
    case .serialContradicted: plantContradictedSerial()
    default: plantAmbiguity(plant)
    }
  }

  private mutating func plantSharedSerial() {
    guard let channel = channel(where: { !$0.isBank }) ?? channels.first?.channel,
      let person = freshPerson(), let other = freshPerson()
    else { return }
    let first = pay(person, anyFen(), on: channel, at: safeMoment())
    var second = payment(other, first.fen, on: channel, at: safeMoment())
    second.serial = first.serial
    diary.enter(second)
    for row in [first, second] { credit(row, at: row.time + delay(channel)) }
    diary.note(
      finding(
        .serialCollision, .serialShared, about: first.time <= second.time ? first : second,
        basis: .serial, note: "two different payments under one serial"))
  }

  private mutating func plantContradictedSerial() {
    guard let person = freshPerson() else { return }
    let paid = pay(person, anyFen(), on: anyChannel(), at: safeMoment())
    var posted = posting(for: paid, at: paid.time + delay(paid.channel))
    posted.quoted = serials.next(paid.serial.form, on: today)
    diary.enter(posted)
    let quoted = posted.quoted.text ?? ""
    var found = finding(
      .keyConflict, .serialContradicted, about: paid, ledger: [posted],
      note: "the credit quotes \(quoted), which no channel lists")
    found.time = posted.time
    diary.note(found)
  }

  private mutating func plantAmbiguity(_ plant: Plant) {
    guard let channel = channel(where: \.isBank), let person = freshPerson() else { return }
    let time = safeMoment()
    let first = pay(person, anyFen(), on: channel, at: time, keyed: false)
    let second = pay(
      person, first.fen, on: channel, at: time + random.within(900...1_500), keyed: false)
    var posted = [credit(second, at: second.time + random.within(120...600))]
    if plant == .twoForTwo {
      posted.append(credit(second, at: posted[0].time + random.within(120...600)))
    }
    diary.note(
      finding(
        .ambiguousMatch, plant, about: first, basis: .weak, ledger: posted,
        note: "two lines without an order number, \(posted.count) credit(s), no unique pairing"))
  }
}

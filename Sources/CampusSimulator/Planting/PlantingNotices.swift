internal import Payments

// Everybody has their money, but something is worth saying.
extension Simulation {
  mutating func plantNotice(_ plant: Plant) {
    switch plant {
    case .rowRepeated: plantRepeatedRow()
    case .paidTwiceOnPurpose: plantPaidTwice()
    case .typedInLate: plantTypedInLate()
    default: plantOddCredit(plant)
    }
  }

  /// One payment, one credit, equal amounts, something odd about the credit.
  private mutating func plantOddCredit(_ plant: Plant) {
    guard let person = freshPerson() else { return }
    let fen = plant == .aboveLimit ? random.pick([60_000, 80_000, 100_000]) : anyFen()
    let paid = pay(person, fen, on: anyChannel(), at: safeMoment())
    var after = delay(paid.channel)
    if plant == .creditTooEarly { after = -random.within(180...1_200) }
    if plant == .creditLate {
      let soon: ClosedRange<Int64> = paid.channel.isBank ? 2_100...6_600 : 180...1_500
      after = random.chance(500) ? random.within(soon) : random.within(7_500...14_000)
    }
    let posted = credit(
      paid, at: paid.time + after, kind: plant == .typedIn ? .manual : .topUp,
      quoting: random.chance(500))
    guard let kind = plant.kinds.first else { return }
    var found = finding(
      kind, plant, about: paid, ledger: plant == .aboveLimit ? [] : [posted],
      note: "paid \(fen) fen, credited \(after) seconds later")
    if plant != .aboveLimit { found.time = posted.time }
    diary.note(found)
  }

  private mutating func plantRepeatedRow() {
    guard let channel = channel(where: { !$0.isBank }), let person = freshPerson() else { return }
    let paid = pay(person, anyFen(), on: channel, at: safeMoment())
    diary.enter(paid)
    credit(paid, at: paid.time + delay(channel), quoting: random.chance(500))
    diary.note(
      finding(
        .repeatedRow, .rowRepeated, about: paid, basis: .serial,
        note: "the channel lists one row twice"))
  }

  private mutating func plantPaidTwice() {
    guard let person = freshPerson() else { return }
    let time = safeMoment()
    let first = pay(person, anyFen(), on: anyChannel(), at: time)
    let second = pay(person, first.fen, on: first.channel, at: time + random.within(60...560))
    for row in [first, second] {
      credit(row, at: row.time + delay(row.channel), quoting: random.chance(500))
    }
    diary.note(
      finding(
        .suspectedDuplicateDebit, .paidTwiceOnPurpose, about: second, basis: .account,
        note: "two payments and two credits of one account within minutes"))
  }

  private mutating func plantTypedInLate() {
    guard let person = freshPerson() else { return }
    let paid = pay(person, anyFen(), on: anyChannel(), at: safeMoment())
    fail(paid, at: paid.time + delay(paid.channel))
    let typed = credit(paid, at: paid.time + random.within(7_500...16_000), kind: .manual)
    for kind in Plant.typedInLate.kinds {
      var found = finding(
        kind, .typedInLate, about: paid, ledger: [typed],
        note: "the posting failed; a person typed the credit in hours later")
      found.time = typed.time
      diary.note(found)
    }
  }
}

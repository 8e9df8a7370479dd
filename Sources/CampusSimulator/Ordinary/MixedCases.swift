internal import Payments

// Who is who, and nothing is wrong: what a judge must leave in peace in a school of
// ``PeopleNaming/mixed``.
extension Simulation {
  private enum MixedCase: CaseIterable {
    case sharedOrder, sharedReference, keylessRefund, refundOfPayer, oldRefund, postedAgain
    case postedAgainKeyless, inParts, untold, reversedOnNewCard
  }

  mutating func liveMixedCases() {
    liveEach(of: MixedCase.self) { school, sort in school.live(sort) }
  }

  private mutating func live(_ sort: MixedCase) {
    switch sort {
    case .sharedOrder: liveSharedOrder()
    case .sharedReference: liveSharedReference()
    case .keylessRefund: liveKeylessRefund(namesPayerOnly: false)
    case .refundOfPayer: liveKeylessRefund(namesPayerOnly: true)
    case .oldRefund: liveOldRefund()
    case .postedAgain: livePostedAgain(keyed: true)
    case .postedAgainKeyless: livePostedAgain(keyed: false)
    case .inParts: liveInParts()
    case .untold: liveUntold()
    case .reversedOnNewCard: liveReversedOnNewCard()
    }
  }

  /// Two or three people pay one order, and each is credited.
  private mutating func liveSharedOrder() {
    var persons: [Int32] = []
    for _ in 0..<(2 + random.below(2)) {
      guard let person = freshPerson() else { return }
      persons.append(person)
    }
    for row in paySharedOrder(persons, isEqual: random.chance(600)) {
      credit(row, at: row.time + delay(row.channel), quoting: random.chance(500))
    }
  }

  private mutating func liveSharedReference() {
    for row in paySharedReference(lacksOrder: random.chance(300)) {
      credit(
        row, at: row.time + delay(row.channel), quoting: !row.order.isNone && random.chance(300))
    }
  }

  /// A bank's refund without an order number, and what is taken off the card for it.
  private mutating func liveKeylessRefund(namesPayerOnly: Bool) {
    guard let bank = channel(where: \.isBank),
      let (paid, posted) = payAlone(on: bank, keyed: random.chance(500))
    else { return }
    var given = keylessRefund(of: paid, at: posted.time + random.within(600...5_000))
    if namesPayerOnly { given.naming = .nobody }
    diary.enter(given)
    let time = given.time + random.within(-300...600)
    if random.chance(500) {
      reverse(posted, posted.fen, at: time)
    } else {
      diary.enter(keylessReversal(of: posted, at: time))
    }
  }

  /// The same weeks after the payment: no statement of these days lists what was paid.
  private mutating func liveOldRefund() {
    guard let bank = channel(where: \.isBank), let person = freshPerson() else { return }
    let time = safeMoment()
    var old = payment(
      person, ownFen(), on: bank, at: time - random.within(35...60) * 86_400)
    tell(&old)
    allow(person)
    let given = keylessRefund(of: old, at: time)
    diary.enter(given)
    let after = time + random.within(-300...3_000)
    var taken = keylessReversal(of: posting(for: old, at: after), at: after)
    if random.chance(500) { taken.order = old.order }
    diary.enter(taken)
  }

  /// Credited, taken back, and credited again before anybody could call it late.
  ///
  /// - Parameter keyed: Whether the row that takes it back says what it takes back.
  private mutating func livePostedAgain(keyed: Bool) {
    guard let person = freshPerson() else { return }
    let channel = anyChannel()
    let hasOrder = keyed || !channel.isBank || random.chance(500)
    let paid = pay(person, ownFen(), on: channel, at: safeMoment(), keyed: hasOrder)
    let step: ClosedRange<Int64> = channel.isBank ? 60...500 : 3...35
    let first = credit(paid, at: paid.time + random.within(step))
    let back = first.time + random.within(step)
    if keyed {
      reverse(first, first.fen, at: back)
    } else {
      diary.enter(keylessReversal(of: first, at: back))
    }
    credit(paid, at: back + random.within(step), quoting: hasOrder && random.chance(500))
  }

  private mutating func liveInParts() {
    guard let person = freshPerson() else { return }
    let amounts: [(Int64, [Int64])] = [
      (10_000, [6_000, 4_000]), (20_000, [10_000, 5_000, 5_000]), (5_000, [2_500, 2_500]),
    ]
    let (fen, parts) = random.pick(amounts)
    let paid = pay(person, fen, on: anyChannel(), at: safeMoment())
    _ = creditInParts(paid, parts)
  }

  /// Credited to somebody else, and no report can know: the row names nobody, or a number of
  /// another kind than the ledger's that nothing links, or one that no label calls a student's.
  private mutating func liveUntold() {
    guard let payer = freshPerson(), let other = freshPerson() else { return }
    let customs = people.customs
    var paid = payment(payer, anyFen(), on: anyChannel(), at: safeMoment())
    var styles = [
      BillStyle(naming: .nobody, wording: .labelled), BillStyle(naming: .student, wording: .prose),
      BillStyle(naming: .student, wording: .otherJSON),
    ]
    if !customs.isLinked {
      let naming: Naming = customs.ledger == .card ? .student : .card
      styles += [
        BillStyle(naming: naming, wording: .labelled), BillStyle(naming: naming, wording: .json),
      ]
    }
    paid.dress(in: random.pick(styles))
    diary.enter(paid)
    var posted = posting(
      for: paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    posted.person = other
    posted.card = cards[Int(other)]
    diary.enter(posted)
  }

  /// The card is replaced between a top-up and its refund: the new card gives it back.
  private mutating func liveReversedOnNewCard() {
    guard people.customs.ledgerNamesCard, let person = freshPerson() else { return }
    let old = cards[Int(person)]
    guard old < 200 else { return }
    let paid = pay(person, anyFen(), on: anyChannel(), at: moment(370...480))
    let posted = credit(
      paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    let time = moment(560...720)
    let moved = moveCard(
      person, fen: balance(person, card: old) + posted.fen, at: time, namesStudent: true)
    refund(paid, paid.fen, at: moved + random.within(600...5_400))
    var taken = reversal(of: posted, posted.fen, at: moved + random.within(600...5_400))
    taken.card = cards[Int(person)]
    diary.enter(taken)
  }
}

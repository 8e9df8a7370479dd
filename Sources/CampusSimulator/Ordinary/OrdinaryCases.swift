internal import Payments

// What looks odd and is not: cases a judge must leave in peace.
extension Simulation {
  private enum OrdinaryCase: CaseIterable {
    case lostCard, fullRefund, partialRefund, neverCredited, retried, failedAlone, maintenance
    case siblings, coupon, curedDebit, curedCredit, unbooked, batch
  }

  mutating func liveOrdinaryCases() {
    liveEach(of: OrdinaryCase.self) { school, sort in school.live(sort) }
  }

  /// Lives every sort of case as often as the configuration asks.
  mutating func liveEach<Sort: CaseIterable>(
    of _: Sort.Type, _ live: (inout Simulation, Sort) -> Void
  ) {
    let range = configuration.ordinaryCases
    for sort in Sort.allCases {
      let low = max(0, range.lowerBound)
      for _ in 0..<(low + random.below(max(0, range.upperBound - low) + 1)) { live(&self, sort) }
    }
  }

  private mutating func live(_ sort: OrdinaryCase) {
    switch sort {
    case .lostCard: liveLostCard()
    case .fullRefund: liveRefund(isFull: true)
    case .partialRefund: liveRefund(isFull: false)
    case .neverCredited, .retried: liveFailure(isRetried: sort == .retried)
    case .failedAlone: liveFailureAlone()
    case .maintenance: liveMaintenance()
    case .siblings: liveSiblings()
    case .coupon: liveCoupon()
    case .curedDebit: liveCuredDebit()
    case .curedCredit: liveCuredCredit()
    case .unbooked: liveUnbooked()
    case .batch: liveBatch()
    }
  }

  /// The balance moves to a new card; a payment that still names the old one is credited there.
  private mutating func liveLostCard() {
    // A ledger without cards does not tell that one replaced another.
    guard people.customs.ledgerNamesCard, let person = freshPerson() else { return }
    let old = cards[Int(person)]
    guard old < 200 else { return }
    let time = moment(540...720)
    let namesStudent = random.chance(500)
    moveCard(
      person, fen: max(0, balance(person, card: old)), at: time, namesStudent: namesStudent)
    var paid = payment(person, anyFen(), on: anyChannel(), at: moment(780...1_110))
    paid.card = old
    paid.naming = .card
    diary.enter(paid)
    var posted = posting(
      for: paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    posted.namesStudent = namesStudent
    diary.enter(posted)
  }

  /// Moves what is on a card to a new one, and returns when it arrived there.
  @discardableResult
  mutating func moveCard(
    _ person: Int32, fen: Int64, at time: Int64, namesStudent: Bool
  ) -> Int64 {
    var out = LedgerRow(
      id: diary.nextLedgerID(), kind: .transferOut, time: time, fen: fen, person: person,
      card: cards[Int(person)], namesStudent: namesStudent, channel: .unknown)
    diary.enter(out)
    let outID = out.id
    replaceCard(person, at: time)
    out.id = diary.nextLedgerID()
    out.kind = .transferIn
    out.time = time + random.within(5...1_800)
    out.card = cards[Int(person)]
    out.original = outID
    diary.enter(out)
    return out.time
  }

  private mutating func liveRefund(isFull: Bool) {
    guard let person = freshPerson() else { return }
    let fen = random.pick([5_000, 10_000, 20_000] as [Int64])
    let back = isFull ? fen : fen / 5 * 3
    let paid = pay(person, fen, on: anyChannel(), at: safeMoment())
    let posted = credit(
      paid, at: paid.time + delay(paid.channel), quoting: random.chance(500))
    let time = posted.time + random.within(600...5_400)
    refund(paid, back, at: time)
    reverse(posted, back, at: time + random.within(-300...600))
  }

  /// The posting fails: the channel gives the money back, or it is posted once more.
  private mutating func liveFailure(isRetried: Bool) {
    guard let person = freshPerson() else { return }
    let paid = pay(person, anyFen(), on: anyChannel(), at: safeMoment())
    fail(paid, at: paid.time + 20)
    if isRetried {
      credit(paid, at: paid.time + random.within(40...110), quoting: random.chance(500))
    } else {
      refund(paid, paid.fen, at: paid.time + random.within(120...3_000))
    }
  }

  private mutating func liveFailureAlone() {
    guard let person = freshPerson() else { return }
    let imagined = payment(person, anyFen(), on: anyChannel(), at: safeMoment())
    fail(imagined, at: imagined.time, status: random.chance(500) ? .failed : .processing)
  }

  /// Paid just before or during the bank's maintenance, credited just after it.
  private mutating func liveMaintenance() {
    guard let channel = channel(where: \.isBank), let person = freshPerson() else { return }
    let paid = pay(person, anyFen(), on: channel, at: moment(random.pick([50...59, 61...295])))
    credit(
      paid, at: today.start.seconds + 18_000 + random.within(20...1_200),
      quoting: random.chance(500))
  }

  /// One parent tops up two children by the same amount within minutes.
  private mutating func liveSiblings() {
    guard let channel = channel(where: { !$0.isBank }), let first = freshPerson(),
      let second = freshPerson()
    else { return }
    let time = safeMoment()
    let fen = anyFen()
    for (person, when) in [(first, time), (second, time + random.within(30...300))] {
      var paid = payment(person, fen, on: channel, at: when)
      paid.payer = first
      diary.enter(paid)
      credit(paid, at: when + delay(channel), quoting: random.chance(500))
    }
  }

  /// A coupon paid a part, and the card got the whole.
  private mutating func liveCoupon() {
    guard let channel = channel(where: { !$0.isBank }), let person = freshPerson() else { return }
    var paid = payment(person, 10_000, on: channel, at: safeMoment())
    paid.couponFen = random.pick([200, 500])
    diary.enter(paid)
    credit(paid, at: paid.time + delay(channel), quoting: random.chance(500))
  }

  /// Paid twice, and the second payment was refunded already; a bank's refund would not say which.
  private mutating func liveCuredDebit() {
    guard let channel = channel(where: { !$0.isBank }), let person = freshPerson() else { return }
    let first = pay(person, anyFen(), on: channel, at: safeMoment())
    let second = pay(
      person, first.fen, on: first.channel, at: first.time + random.within(60...300),
      order: first.order)
    credit(first, at: first.time + random.within(3...50), quoting: true)
    refund(second, second.fen, at: second.time + random.within(600...5_000))
  }

  /// Credited twice, and the second credit was taken back already.
  private mutating func liveCuredCredit() {
    guard let person = freshPerson() else { return }
    let paid = pay(person, anyFen(), on: anyChannel(), at: safeMoment())
    let first = credit(paid, at: paid.time + delay(paid.channel), quoting: true)
    let second = credit(paid, at: first.time + random.within(60...900))
    reverse(second, second.fen, at: second.time + random.within(120...3_000))
  }

  private mutating func liveUnbooked() {
    guard let channel = channel(where: { $0 == .boc }), let person = freshPerson() else { return }
    var announced = payment(person, anyFen(), on: channel, at: safeMoment())
    announced.kind = .unbooked
    diary.enter(announced)
  }

  /// The bank books the payments of several people as one entry.
  private mutating func liveBatch() {
    guard let channel = channel(where: { $0 == .boc }) else { return }
    let time = safeMoment()
    let batch = serials.next(.boc, on: today)
    for _ in 0..<(2 + random.below(2)) {
      guard let person = freshPerson() else { return }
      var paid = payment(person, anyFen(), on: channel, at: time)
      paid.batch = batch
      diary.enter(paid)
      credit(paid, at: time + delay(channel), quoting: random.chance(500))
    }
  }
}

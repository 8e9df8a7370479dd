internal import Payments

// Rows that are no top-up at all: a bank account has other business, a card has other uses.
extension Simulation {
  mutating func addOtherBusiness() {
    for channel in channels.map(\.channel) where channel.isBank { addBankRows(channel) }
    let count = configuration.paymentsPerDay * configuration.otherLedgerRowsPercent / 100
    for _ in 0..<count { addLedgerRow() }
  }

  private mutating func addBankRows(_ channel: Channel) {
    let range = configuration.otherBankRows
    let low = max(0, range.lowerBound)
    for _ in 0..<(low + random.below(max(0, range.upperBound - low) + 1)) {
      let isIn = random.chance(500)
      let time = moment(540...1_020)
      let fen = isIn ? random.within(50_000...9_000_000) : random.within(5_000...900_000)
      var row = ChannelRow(
        channel: channel, kind: isIn ? .otherIn : .otherOut, time: time, fen: fen,
        serial: serials.next(Serial.form(of: channel), on: today), order: .none,
        person: 0, naming: .nobody, payer: 0, created: time)
      // What the channels send is simulated itself.
      if funds != nil { row.party = .noChannel }
      diary.enter(row)
    }
  }

  private mutating func addLedgerRow() {
    let person = Int32(random.below(people.count))
    let draw = random.below(100)
    let time = moment(400...1_380)
    // A person in a planted case has the day to itself.
    guard !isReserved(person) else { return }
    let card = cards[Int(person)]
    var row = LedgerRow(
      id: diary.nextLedgerID(), kind: .purchase, time: time, fen: random.within(300...2_500),
      person: person, card: card, channel: .unknown)
    if draw < 15 {
      row.kind = .cash
      row.fen = random.pick([5_000, 10_000, 20_000])
    } else if draw < 25 {
      row.kind = .allowance
      row.fen = random.pick([8_000, 12_000])
    } else if balance(person, card: card) < 10_000 {
      // Nobody eats on credit, however often they eat today.
      return
    }
    diary.enter(row)
  }

  /// Everybody something happens to today eats in the evening, with a row that names both numbers.
  mutating func linkBySpending() {
    for person in 0..<Int32(people.count) where isReserved(person) {
      spend(person, at: moment(1_170...1_230))
    }
  }

  /// The smallest meal.
  mutating func spend(_ person: Int32, at time: Int64) {
    diary.enter(
      LedgerRow(
        id: diary.nextLedgerID(), kind: .purchase, time: time, fen: 100, person: person,
        card: cards[Int(person)], channel: .unknown))
  }
}

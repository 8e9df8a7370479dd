internal import Payments

// The ordinary day: thousands of top-ups that balance.
extension Simulation {
  /// Payments per hour of the day, relative: lunch, and a long evening peak.
  private static let hours = [
    6, 3, 1, 1, 1, 1, 6, 20, 30, 28, 25, 35, 50, 35, 25, 25, 30, 55, 70, 75, 80, 85, 60, 25,
  ]

  mutating func liveTraffic() {
    var remaining = configuration.paymentsPerDay
    while remaining > 0 {
      remaining -= 1
      let second = secondOfDay()
      guard let person = freePerson(at: second) else { return }
      let channel = anyChannel()
      let isAutomatic = !channel.isBank && random.chance(180)
      topUp(person, on: channel, at: second, automatic: isAutomatic)
      // A card that is used a lot falls under the limit again some hours later.
      let again = second + random.within(14_400...21_600)
      if isAutomatic, remaining > 0, again < 85_000, random.chance(250), book(person, at: again) {
        remaining -= 1
        topUp(person, on: channel, at: again, automatic: true)
      }
    }
  }

  private mutating func secondOfDay() -> Int64 {
    var draw = random.below(Simulation.hours.reduce(0, +))
    var hour: Int64 = 0
    for share in Simulation.hours {
      if draw < share { break }
      draw -= share
      hour += 1
    }
    return hour * 3_600 + random.within(0...3_599)
  }

  private mutating func topUp(
    _ person: Int32, on channel: Channel, at second: Int64, automatic: Bool
  ) {
    let isSafe = second >= 22_000 && second <= 68_000
    // Without an order number only account, amount and time speak: in safe hours, at banks.
    let keyed = !(channel.isBank && isSafe && random.chance(250))
    let time = today.start.seconds + second
    var paid = payment(
      person, automatic ? 5_000 : anyFen(), on: channel, at: time, keyed: keyed)
    name(&paid)
    diary.enter(paid)
    var posted = posting(
      for: paid, at: time + creditDelay(channel, at: second, isSafe: isSafe && keyed),
      kind: automatic ? .autoTopUp : .topUp, quoting: random.chance(600))
    // Some ledgers know a payment by the channel's serial alone.
    if !posted.quoted.isNone, random.chance(60) { posted.order = .none }
    diary.enter(posted)
    if Timestamp(seconds: posted.time).day != today { noteCrossing(paid, posted) }
  }

  /// How the row says who is topped up; a bank's line always names somebody.
  mutating func name(_ row: inout ChannelRow) {
    if people.customs.isMixed { return nameFreely(&row) }
    let draw = random.below(100)
    if draw < 12 {
      row.naming = .card
    } else if draw < 20, !row.channel.isBank {
      row.naming = .nobody
    }
  }

  /// As many schools do: some rows name nobody, or only somebody who is known already. A row without
  /// an order number names what the ledger names where not everybody's numbers are linked.
  private mutating func nameFreely(_ row: inout ChannelRow) {
    let customs = people.customs
    if !row.order.isNone {
      if random.chance(500) { row.dress(in: random.pick(BillStyle.vague)) }
    } else if random.chance(300), !(people.isStaff(row.person) && customs.letteredStaff) {
      row.dress(in: BillStyle(naming: customs.tellingNaming, wording: .prose))
    } else if customs.links == .spending {
      row.naming = customs.tellingNaming
    }
  }

  private mutating func creditDelay(_ channel: Channel, at second: Int64, isSafe: Bool) -> Int64 {
    if channel.isBank, second >= 2_700, second < 18_000 {
      // Just before or during the bank's maintenance: credited soon after its end.
      return 18_000 - second + random.within(20...1_200)
    }
    // The two systems' clocks are not the same clock.
    if !channel.isBank, isSafe, random.chance(20) { return -random.within(1...30) }
    return delay(channel)
  }
}

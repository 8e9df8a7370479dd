internal import Payments

/// A school at work: draws what happens each day and enters it in the ``Diary``.
struct Simulation: Sendable {
  let configuration: SchoolConfiguration
  let people: People
  /// First and last simulated day.
  let span: ClosedRange<BusinessDay>
  /// Channels that take payments, with their share of a hundred.
  let channels: [(channel: Channel, share: Int)]
  var random: SplitMix64
  var serials: SerialIssuer
  var diary: Diary
  /// Half hours of today and tomorrow in which a person must not pay again, one bit each.
  private var busy: [UInt64]
  private var busyTomorrow: [UInt64]
  /// How many times a person's card was replaced.
  private(set) var cards: [UInt8]
  /// When it was replaced last, in seconds since 1970.
  private(set) var cardsSince: [Int32: Int64] = [:]
  /// Accounts that should get no more money.
  private(set) var closed: [Int32: ClosedAccount] = [:]
  /// The channels' own accounts, where they are simulated.
  var funds: FundsOffice?
  /// What is still to be planted behind today's bills, and what was planted last.
  var plantsLeft: [Plant: Int] = [:]
  var plantedOnAccount: Plant?
  /// How many amounts were given out that are nobody else's.
  private var ownAmounts: Int64 = 0
  /// Balance of each card that ever moved.
  private var balances: [UInt64: Int64] = [:]

  private static let allDay: UInt64 = (1 << 48) - 1

  init(
    _ configuration: SchoolConfiguration, span: ClosedRange<BusinessDay>,
    hasTwoMerchants: Bool = false
  ) {
    self.configuration = configuration
    self.span = span
    let mix = configuration.mix
    channels = [
      (Channel.wechat, mix.wechat), (.alipay, mix.alipay), (.ccb, mix.ccb), (.boc, mix.boc),
    ].filter { $0.1 > 0 }.map { (channel: $0.0, share: $0.1) }
    precondition(!channels.isEmpty, "a school takes payments on some channel")
    people = People(
      students: max(1, configuration.students), staff: max(0, configuration.staff),
      seed: configuration.seed,
      customs: configuration.people == .mixed ? Customs(seed: configuration.seed) : .plain)
    random = SplitMix64(seed: configuration.seed)
    serials = SerialIssuer(start: random.next())
    diary = Diary(today: span.lowerBound)
    busy = Array(repeating: 0, count: people.count)
    busyTomorrow = busy
    cards = Array(repeating: 0, count: people.count)
    if let settings = configuration.funds {
      funds = FundsOffice(
        configuration, settings, bank: channels.map(\.channel).first { $0.isBank },
        hasTwoMerchants: hasTwoMerchants)
    }
  }

  var today: BusinessDay { diary.today }
  var tomorrow: BusinessDay { diary.today.adding(1) }
  var hasTomorrow: Bool { today < span.upperBound }

  /// Lives one day: afterwards ``diary`` is closed and can be written.
  ///
  /// - Parameter terminals: Terminals that upload late.
  mutating func live(late terminals: [LateTerminal] = []) {
    plantEverything()
    liveOrdinaryCases()
    if people.customs.isMixed { liveMixedCases() }
    liveTraffic()
    addOtherBusiness()
    if people.customs.links == .spending { linkBySpending() }
    liveFunds()
    let isLate = { (row: LedgerRow) in terminals.contains { $0.made(row) } }
    diary.close(late: terminals.isEmpty ? nil : isLate)
  }

  /// Goes to bed: the next day starts with what is already known of it.
  mutating func sleep() {
    diary.turn()
    (busy, busyTomorrow) = (busyTomorrow, Array(repeating: 0, count: people.count))
    for person in closed.keys { busy[Int(person)] = Simulation.allDay }
  }

  // MARK: People

  /// Somebody who does nothing else today (nor tomorrow, when asked); nil when nobody is left.
  mutating func freshPerson(tomorrowToo: Bool = false) -> Int32? {
    let start = random.below(people.count)
    for step in 0..<people.count {
      let person = (start + step) % people.count
      guard busy[person] == 0, busyTomorrow[person] == 0 else { continue }
      busy[person] = Simulation.allDay
      if tomorrowToo { busyTomorrow[person] = Simulation.allDay }
      return Int32(person)
    }
    return nil
  }

  /// Somebody who paid nothing within three hours of `second` of today, booked for it.
  mutating func freePerson(at second: Int64) -> Int32? {
    let start = random.below(people.count)
    for step in 0..<people.count {
      let person = (start + step) % people.count
      if book(Int32(person), at: second) { return Int32(person) }
    }
    return nil
  }

  /// Books a person for a payment, keeping three hours around it free of others.
  mutating func book(_ person: Int32, at second: Int64) -> Bool {
    let slot = Int(second / 1_800)
    guard busy[Int(person)] & (1 << UInt64(slot)) == 0 else { return false }
    for near in (slot - 6)...(slot + 6) where near >= 0 {
      if near < 48 {
        busy[Int(person)] |= 1 << UInt64(near)
      } else {
        busyTomorrow[Int(person)] |= 1 << UInt64(near - 48)
      }
    }
    return true
  }

  /// Whether a planted case has the person to itself today.
  func isReserved(_ person: Int32) -> Bool { busy[Int(person)] == Simulation.allDay }

  /// Gives a person a new card.
  mutating func replaceCard(_ person: Int32, at time: Int64) {
    cards[Int(person)] += 1
    cardsSince[person] = time
  }

  /// Closes a person's account, whom nothing happens to on later days.
  mutating func close(_ person: Int32, _ state: ClosedAccount) {
    closed[person] = state
  }

  // MARK: Balances

  /// What is on a card before its next movement, in fen.
  func balance(_ person: Int32, card: UInt8) -> Int64 {
    if let known = balances[UInt64(person) << 8 | UInt64(card)] { return known }
    return card > 0 ? 0 : 3_000 + Int64(SplitMix64.mixed(UInt64(person) &+ 77) % 15_000)
  }

  /// Moves money on a card and returns what is on it afterwards.
  mutating func move(_ person: Int32, card: UInt8, by fen: Int64) -> Int64 {
    let after = balance(person, card: card) + fen
    balances[UInt64(person) << 8 | UInt64(card)] = after
    return after
  }

  // MARK: Time and channels

  /// A second of today between two clock times given in minutes.
  mutating func moment(_ minutes: ClosedRange<Int64>) -> Int64 {
    today.start.seconds + random.within((minutes.lowerBound * 60)...(minutes.upperBound * 60))
  }

  /// A second of today in the hours in which everything is decidable today: after maintenance,
  /// and early enough for every window to close before midnight.
  mutating func safeMoment() -> Int64 { moment(370...1_110) }

  /// How long a credit normally takes: well under the promise.
  mutating func delay(_ channel: Channel) -> Int64 {
    channel.isBank ? random.within(60...1_200) : random.within(1...90)
  }

  mutating func anyChannel() -> Channel {
    var draw = random.below(channels.reduce(0) { $0 + $1.share })
    for entry in channels {
      if draw < entry.share { return entry.channel }
      draw -= entry.share
    }
    return channels[0].channel
  }

  /// A channel that satisfies `condition`, or nil when the school has none.
  mutating func channel(where condition: (Channel) -> Bool) -> Channel? {
    let fitting = channels.map(\.channel).filter(condition)
    return fitting.isEmpty ? nil : random.pick(fitting)
  }

  mutating func anyFen() -> Int64 {
    random.pick(Simulation.usualFen)
  }

  /// An amount nobody else pays: rows without a key are told apart by it for months.
  mutating func ownFen() -> Int64 {
    ownAmounts += 1
    return 2_003 + ownAmounts % 900 * 10
  }

  private static let usualFen: [Int64] = [
    1_000, 2_000, 2_000, 3_000, 5_000, 5_000, 5_000, 8_800, 10_000, 10_000, 10_000, 10_000,
    12_350, 20_000, 20_000, 30_000, 50_000,
  ]
}

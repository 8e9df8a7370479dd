import Payments

/// A small generator whose numbers depend on its seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D &+ 0x9E37_79B9 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// True `count` times in a hundred.
  mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<100, using: &self) < count }

  mutating func pick<Element>(_ some: [Element]) -> Element {
    some[Int.random(in: 0..<some.count, using: &self)]
  }
}

/// A tiny adversarial day: few rows, fewer keys, times at the edges of every window.
struct RandomDay {
  var entries: [Entry] = []
  var coverage = Coverage()
  var rules = Rules()

  /// The first of the two days everything happens on.
  static let firstDay = BusinessDay(number: 20_522)

  /// The day of a seed.
  init(seed: UInt64) {
    var source = SeededGenerator(seed: seed)
    rules = RandomDay.rules(&source)
    coverage = RandomDay.coverage(&source)
    var writer = DayWriter(rules, &source)
    if source.chance(75) {
      for _ in 0..<Int.random(in: 1...4, using: &source) where writer.rows.count < 12 {
        if source.chance(40) { writer.writeStory(&source) } else { writer.writeTale(&source) }
      }
      if source.chance(30) { writer.writeLooseRow(&source) }
    } else {
      for _ in 0..<Int.random(in: 2...9, using: &source) { writer.writeLooseRow(&source) }
    }
    while source.chance(45) { writer.writeFact(&source) }
    while source.chance(25) { writer.repeatSomeRow(&source) }
    entries = Array(writer.rows.shuffled(using: &source).prefix(14))
    for row in entries.indices {
      entries[row].statement = source.pick([0, 1, 2])
      entries[row].line = UInt32(row + 2)
    }
    // Now and then a bank's rows may be no top-ups at all.
    if source.chance(25) {
      for row in entries.indices where entries[row].kind.isChannelMoney && source.chance(40) {
        entries[row].rule = source.pick(
          [.settlement, .outgoing, .notCampusCard, .otherBusiness])
      }
    }
    for row in entries.indices where entries[row].kind == .payment && source.chance(20) {
      entries[row].isForeign = true
    }
    for row in entries.indices where entries[row].kind == .payment && source.chance(15) {
      entries[row].isCompany = true
    }
    // Every other day has books; a day without keeps the one ledger and the one book a channel.
    if seed % 2 == 1 { (entries, coverage) = RandomBooks.laid(over: entries, rules, &source) }
  }

  private static func rules(_ source: inout SeededGenerator) -> Rules {
    var rules = Rules()
    if source.chance(30) { rules.maintenance = nil }
    if source.chance(15) { rules.duplicateWindowSeconds = source.pick([60, 120, 1_800]) }
    if source.chance(15) { rules.mobileWindowSeconds = source.pick([600, 7_200]) }
    if source.chance(15) { rules.clockToleranceSeconds = source.pick([0, 120]) }
    if source.chance(15) { rules.refundWindowSeconds = source.pick([600, 86_400]) }
    // So small that what a keyless row takes back may lie before it, at its edge and inside.
    if source.chance(50) { rules.refundReachSeconds = source.pick([600, 3_600, 3_600, 86_400]) }
    if source.chance(40) { rules.singleLimitFen = source.pick([nil, 4_999, 5_000, 5_100]) }
    if source.chance(20) { rules.dailyLimitFen = source.pick([5_000, 9_999, 10_000]) }
    rules.moveWindowSeconds = source.pick([0, 60, 600, nil, 48 * 3_600])
    if source.chance(50) { rules.foreignDailyLimitFen = source.pick([5_000, 5_150, 9_999]) }
    if source.chance(10) { rules.surchargePerHundredThousand = source.pick([0, 1_500]) }
    if source.chance(10) { rules.bankFeesFen = source.pick([[], [100]]) }
    if source.chance(15) { rules.replacements = [AccountLink(401, source.pick([402, 404, 501]))] }
    return rules
  }

  private static func coverage(_ source: inout SeededGenerator) -> Coverage {
    let both = TimeSpan(first: firstDay.adding(-1), last: firstDay.adding(2))
    let two = TimeSpan(first: firstDay, last: firstDay.adding(1))
    let one = TimeSpan(first: firstDay, last: firstDay)
    let usual = source.chance(50) ? both : source.pick([two, one])
    var channels: [Channel: [TimeSpan]] = [:]
    for channel in [Channel.wechat, .alipay, .unionpay, .ccb, .bank] where !source.chance(12) {
      channels[channel] = [source.chance(85) ? usual : source.pick([both, two, one])]
    }
    if source.chance(5) { channels = [:] }
    let ledger = source.chance(90) ? [source.chance(85) ? usual : one] : []
    return Coverage(ledger: ledger, channels: channels)
  }
}

/// Writes the rows of one random day.
struct DayWriter {
  var rows: [Entry] = []
  /// The last moment written, from which the next keeps an interesting distance.
  var now: Int64
  private var nextKey: KeyHash = 900
  let rules: Rules
  let amounts: [Int64]
  let channels: [Channel]
  /// How many rows in a hundred of a channel name somebody.
  let peopleNamed: Int
  private let keysShared: Int
  /// How many rows in a hundred name their order; days that name none live on weak evidence.
  let ordersNamed: Int
  private let mismatches: Int
  /// The student numbers of the day's people; now and then their texts are those of cards.
  let students: [KeyHash]
  /// How channel rows of the day name people.
  let ways: [WayOfNaming]

  static let distances: [Int64] = [
    0, 0, 1, 30, 59, 60, 61, 119, 120, 121, 300, 599, 600, 601, 1_799, 1_800, 1_801, 7_199,
    7_200, 7_201, 10_800, 14_400,
  ]
  static let nearDistances = distances.filter { $0 <= 1_801 }
  private static let starts: [Int64] = [
    36_000, 36_000, 36_000, 50_000, 86_399, 86_340, 84_600, 84_601, 0, 30, 1_799, 1_800, 1_801,
    3_599, 3_600, 17_999, 18_000, 18_120, 79_199, 79_201,
  ]

  init(_ rules: Rules, _ source: inout SeededGenerator) {
    self.rules = rules
    now = RandomDay.firstDay.start.seconds + source.pick(DayWriter.starts)
    let all: [Int64] = [
      5_000, 3_000, 5_200, 5_300, 5_150, 5_151, 5_001, 50, 4_500, 500_000, 1, 60_000,
    ]
    amounts =
      source.chance(2) ? [0, 5_000] : [5_000, 5_000] + (source.chance(50) ? [3_000] : all)
    channels = source.pick([[.wechat], [.wechat, .alipay], [.ccb], [.ccb, .bank, .wechat]])
    ordersNamed = source.pick([0, 70, 70, 90])
    mismatches = source.pick([10, 10, 50])
    peopleNamed = ordersNamed == 0 ? 95 : source.pick([0, 30, 70, 95])
    students = source.chance(10) ? [401, 403, 402] : [501, 502, 503]
    ways = source.pick([
      [.card], [.card], [.student], [.card, .student, .other], [.other], [.other, .card],
      WayOfNaming.allCases,
    ])
    keysShared = source.pick([3, 15, 50])
  }

  // MARK: Keys

  mutating func fresh() -> KeyHash {
    nextKey += 1
    return nextKey
  }

  /// A key few rows share, or one of its own.
  mutating func key(_ base: KeyHash, _ source: inout SeededGenerator) -> KeyHash {
    guard source.chance(keysShared) else { return fresh() }
    return base + source.pick([0, 1, 2])
  }

  mutating func step(_ source: inout SeededGenerator) -> Int64 {
    let far = source.pick(ordersNamed > 0 ? DayWriter.distances : DayWriter.nearDistances)
    now += source.chance(80) ? far : -far
    return now
  }

  func channelNamed(_ channel: Channel, _ source: inout SeededGenerator) -> Channel {
    if source.chance(80) { return channel }
    return source.pick([.unknown, .unknown, .bank, .alipay, .unionpay])
  }

  // MARK: Stories

  /// A payment and what became of it, often with something wrong.
  mutating func writeStory(_ source: inout SeededGenerator) {
    let channel = source.pick(channels)
    let isPlain = ordersNamed == 0 && source.chance(85)
    let fen = isPlain ? 5_000 : source.pick(amounts)
    let person = isPlain ? 0 : source.pick([0, 0, 0, 1])
    let payer: KeyHash = source.pick([0, 601, 601, 602])
    let order = source.chance(ordersNamed) ? key(101, &source) : 0
    let coupon: Int64 = source.chance(8) ? source.pick([50, 500, 150, 200]) : 0
    let serial = source.chance(90) ? key(201, &source) : 0
    let paid = step(&source)
    let saved = now
    let payments = source.chance(8) ? 0 : source.chance(20) ? 2 : 1
    for number in 0..<payments {
      var row = Entry(
        kind: source.chance(5) ? .failedPayment : .payment, channel: channel, fen: fen,
        time: number == 0 ? paid : step(&source), order: order,
        serial: number == 0 ? serial : key(201, &source), payer: payer)
      if source.chance(peopleNamed) { name(person, on: &row, &source) }
      row.couponFen = coupon
      rows.append(row)
    }
    if source.chance(85) { now = saved }
    let credits = source.chance(18) ? 0 : source.chance(20) ? 2 : 1
    for _ in 0..<credits {
      let wrongFen = !isPlain && source.chance(mismatches) ? otherFen(fen, coupon, &source) : fen
      var row = Entry(
        kind: creditKind(&source), channel: channelNamed(channel, &source), fen: wrongFen,
        time: step(&source), own: source.chance(95) ? fresh() : key(301, &source))
      let isWrong = !isPlain && source.chance(10)
      name(isWrong ? source.pick([1, 2]) : person, on: &row, &source)
      if source.chance(85) { row.order = order }
      if source.chance(ordersNamed / 2 + 5) {
        row.serial = source.chance(85) ? serial : key(201, &source)
      }
      rows.append(row)
    }
    while source.chance(25) { writeReturn(&source) }
  }

  /// What may be credited for a payment of `fen`, right or wrong in every way that has a name.
  func otherFen(
    _ fen: Int64, _ coupon: Int64, _ source: inout SeededGenerator
  ) -> Int64 {
    let some = [
      fen - coupon, fen - 200, fen - 300, fen - 199, fen * 100 / 103, fen * 1_000 / 1_015, fen + 1,
      fen - 1, fen / 100, fen * 100, source.pick(amounts), source.pick(amounts),
    ]
    return max(1, source.pick(some))
  }

  func creditKind(_ source: inout SeededGenerator) -> EntryKind {
    if source.chance(85) { return .credit }
    return source.pick([.manualCredit, .manualCredit, .unpostedCredit, .held])
  }

  /// A row of any kind with any keys.
  mutating func writeLooseRow(_ source: inout SeededGenerator) {
    let kind = source.pick(
      EntryKind.allCases + [.payment, .payment, .payment, .credit, .credit, .credit, .refund])
    let channel = source.pick(channels)
    var row = Entry(kind: kind, channel: channel, fen: source.pick(amounts), time: step(&source))
    if source.chance(55) { row.order = key(101, &source) }
    if source.chance(50) { row.serial = key(201, &source) }
    if row.side == .ledger {
      row.channel = channelNamed(channel, &source)
      row.own = source.chance(90) ? fresh() : key(301, &source)
    } else if source.chance(20) {
      row.own = key(301, &source)
    }
    row.rule = source.pick([
      .notTopUp, .unreconciledChannel, .notBooked, .accountList, .closedAccount, .personLeft,
      .cardReplacement,
    ])
    if source.chance(max(50, peopleNamed)) { name(source.pick([0, 0, 1, 2]), on: &row, &source) }
    if source.chance(30) { row.payer = source.pick([601, 602]) }
    if [.refund, .reversal, .transferIn].contains(kind), source.chance(60), !rows.isEmpty {
      let other = source.pick(rows)
      row.original = kind == .refund ? other.serial : other.own
    }
    if source.chance(2) { row.time += source.pick([86_400, 172_800, 259_200, 864_000]) }
    rows.append(row)
  }

  /// The same row again, or nearly.
  mutating func repeatSomeRow(_ source: inout SeededGenerator) {
    guard !rows.isEmpty else { return }
    var row = source.pick(rows)
    if source.chance(25) { row.time += source.pick([1, 600]) }
    if source.chance(10) { row.fen += 1 }
    if source.chance(25) { row.own = fresh() }
    if source.chance(10) { row.serial = fresh() }
    rows.append(row)
  }
}

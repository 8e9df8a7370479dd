import Payments

/// How a school names its people.
enum Naming: CaseIterable {
  /// The ledger names card and student number.
  case both
  /// The ledger names the card alone, and a list says whose it is.
  case listed
  /// The ledger names the card alone; what was spent says whose it is.
  case spent
  /// As listed, and everybody has a new card: bills name the old one, the ledger the new one.
  case replaced
  /// The ledger names the student number alone, and so do the bills.
  case students
  /// The ledger names the card, the bills the student number, and nothing says whose card is whose.
  case strangers
}

/// A day or two of a few people, with what each of them paid, got and was given back.
///
/// Nothing is late and nothing is missing, so that everything can be judged; what cannot be told from the
/// rows at all (whom a card belongs to that nothing links) does not go wrong here.
struct PeopleDay {
  var entries: [Entry] = []
  /// Whose money each row moved; nil for rows that move none.
  var persons: [Int?] = []
  var coverage = Coverage()
  var rules = Rules()
  /// What each person is owed: paid for him and not given back, less what he has on his card.
  var owed: [Int: Int64] = [:]

  init(seed: UInt64) {
    var source = SeededGenerator(seed: seed)
    if source.chance(50) { rules.maintenance = nil }
    rules.singleLimitFen = nil
    let span = TimeSpan(first: RandomDay.firstDay.adding(-1), last: RandomDay.firstDay.adding(2))
    let channels: [Channel] = [.wechat, .alipay, .ccb, .bank]
    coverage = Coverage(
      ledger: [span], channels: Dictionary(uniqueKeysWithValues: channels.map { ($0, [span]) }))
    var writer = PeopleWriter(&source)
    for _ in 0..<Int.random(in: 1...5, using: &source) { writer.writeStory(&source) }
    if source.chance(10) { writer.repeatSomeRow(&source) }
    let shuffled = writer.rows.shuffled(using: &source)
    for (line, row) in shuffled.enumerated() {
      var entry = row.entry
      entry.line = UInt32(line + 2)
      entry.statement = entry.side == .ledger ? 1 : 0
      entries.append(entry)
      persons.append(row.person)
    }
    owed = writer.owed
  }
}

/// Writes the rows of a day of people, and keeps what each is owed.
private struct PeopleWriter {
  var rows: [(entry: Entry, person: Int?)] = []
  var owed: [Int: Int64] = [:]
  private let naming: Naming
  private let people: Int
  private let ordersNamed: Int
  private let peopleNamed: Int
  private var nextKey: KeyHash = 10_000

  init(_ source: inout SeededGenerator) {
    naming = source.pick(Naming.allCases)
    people = source.pick([2, 3, 5])
    ordersNamed = source.pick([0, 50, 90, 100])
    peopleNamed = source.pick([50, 90, 100])
    for person in 0..<people {
      var row = Entry(
        kind: .excluded, rule: .accountList, fen: 0, time: RandomDay.firstDay.start.seconds - 86_400
      )
      (row.account, row.student) = (card(person), student(person))
      if naming == .spent { row.rule = .notTopUp }
      if naming == .listed || naming == .spent || naming == .replaced { rows.append((row, nil)) }
      guard naming == .replaced else { continue }
      row.rule = .cardReplacement
      (row.account, row.student) = (oldCard(person), card(person))
      rows.append((row, nil))
    }
  }

  private func oldCard(_ person: Int) -> KeyHash { 450 + KeyHash(person) }

  private func card(_ person: Int) -> KeyHash { 400 + KeyHash(person) }
  private func student(_ person: Int) -> KeyHash { 500 + KeyHash(person) }

  private mutating func fresh() -> KeyHash {
    nextKey += 1
    return nextKey
  }

  private func anyone(_ source: inout SeededGenerator) -> Int {
    Int.random(in: 0..<people, using: &source)
  }

  private func another(than person: Int, _ source: inout SeededGenerator) -> Int {
    (person + Int.random(in: 1..<people, using: &source)) % people
  }

  // MARK: Rows

  private mutating func add(_ entry: Entry, _ person: Int) {
    rows.append((entry, person))
    switch entry.kind {
    case .payment, .reversal: owed[person, default: 0] += entry.fen
    case .refund, .credit, .manualCredit: owed[person, default: 0] -= entry.fen
    default: break
    }
  }

  /// A payment somebody makes; it names him where it has no order, or where it happens to.
  private mutating func payment(
    _ person: Int, _ source: inout SeededGenerator, isNamed: Bool = false
  ) -> Entry {
    var row = Entry(
      kind: .payment, channel: source.pick([.wechat, .wechat, .alipay, .ccb]),
      fen: source.pick([5_000, 5_000, 3_000, 10_000]),
      time: RandomDay.firstDay.start.seconds + Int64.random(in: 25_000..<60_000, using: &source),
      serial: fresh(), payer: 600 + KeyHash(source.pick([person, person, 9])))
    if source.chance(ordersNamed) { row.order = fresh() }
    if row.order == 0 || isNamed || source.chance(peopleNamed) { name(person, in: &row, &source) }
    return row
  }

  private func name(_ person: Int, in row: inout Entry, _ source: inout SeededGenerator) {
    (row.account, row.student, row.others) = (0, 0, [])
    if naming == .students || naming == .strangers {
      row.student = student(person)
      return
    }
    switch Int.random(in: 0..<10, using: &source) {
    case 0..<5: row.student = student(person)
    case 5, 6: row.account = naming == .replaced ? oldCard(person) : card(person)
    case 7: (row.account, row.student) = (card(person), student(person))
    case 8: row.others = [NamedNumber(student(person), .any, .prose), NamedNumber(77_777)]
    default: row.others = [NamedNumber(card(person), .any, .ifKnown)]
    }
  }

  private func ledgerName(_ person: Int, in row: inout Entry) {
    (row.account, row.student) = (card(person), student(person))
    if naming == .students { row.account = 0 }
    if naming != .both && naming != .students { row.student = 0 }
  }

  private mutating func credit(
    of payment: Entry, to person: Int, _ source: inout SeededGenerator
  ) -> Entry {
    var row = Entry(
      kind: .credit, channel: payment.channel, fen: payment.fen,
      time: payment.time + source.pick([1, 5, 20, 60, 100]), order: payment.order, own: fresh())
    ledgerName(person, in: &row)
    if payment.own == 0, source.chance(40) { row.serial = payment.serial }
    return row
  }

  /// - Parameter isKeyless: whether it shares no key with anything.
  private mutating func refund(
    of payment: Entry, _ source: inout SeededGenerator, isKeyless: Bool = false
  ) -> Entry {
    var row = back(.refund, of: payment, within: 300..<8_000, &source)
    if isKeyless {
      (row.order, row.serial) = (0, row.channel.isBank ? fresh() : 0)
    } else if source.chance(30) {
      (row.original, row.serial) = (payment.serial, fresh())
    }
    return row
  }

  private mutating func reversal(
    of credit: Entry, _ source: inout SeededGenerator, isKeyless: Bool = false
  ) -> Entry {
    var row = back(.reversal, of: credit, within: 300..<6_000, &source)
    if isKeyless {
      (row.order, row.serial) = (0, 0)
    } else {
      row.original = row.order == 0 || source.chance(50) ? credit.own : 0
    }
    return row
  }

  private mutating func back(
    _ kind: EntryKind, of row: Entry, within seconds: Range<Int64>, _ source: inout SeededGenerator
  ) -> Entry {
    var row = row
    row.kind = kind
    row.own = fresh()
    row.time += Int64.random(in: seconds, using: &source)
    return row
  }

  mutating func repeatSomeRow(_ source: inout SeededGenerator) {
    let some = rows.filter { $0.person != nil && $0.entry.kind == .credit }
    if !some.isEmpty { rows.append(source.pick(some)) }
  }

  // MARK: Stories

  mutating func writeStory(_ source: inout SeededGenerator) {
    let person = anyone(&source)
    switch Int.random(in: 0..<14, using: &source) {
    case 0, 1: credited(person, &source)
    case 2: oneSided(person, &source)
    case 3: toAnother(person, &source)
    case 4: amounts(person, &source)
    case 5: parts(person, &source)
    case 6: returned(person, &source)
    case 7, 8: returnedWithoutKeys(person, &source)
    case 9: reversedOfAnother(person, &source)
    case 10: postedAgain(person, &source)
    case 11: oneOrder(person, &source)
    case 12: batch(&source)
    default: twice(person, &source)
    }
  }

  private mutating func credited(_ person: Int, _ source: inout SeededGenerator) {
    let paid = payment(person, &source)
    add(paid, person)
    add(credit(of: paid, to: person, &source), person)
  }

  private mutating func oneSided(_ person: Int, _ source: inout SeededGenerator) {
    let paid = payment(person, &source)
    let isPaid = source.chance(60)
    add(isPaid ? paid : credit(of: paid, to: person, &source), person)
  }

  private mutating func toAnother(_ person: Int, _ source: inout SeededGenerator) {
    guard naming != .strangers else { return }
    var paid = payment(person, &source, isNamed: true)
    if paid.order == 0 { paid.order = fresh() }
    if !paid.others.isEmpty { (paid.student, paid.others) = (student(person), []) }
    add(paid, person)
    let other = another(than: person, &source)
    var posted = credit(of: paid, to: other, &source)
    posted.order = paid.order
    add(posted, other)
    guard source.chance(40) else { return }
    // Put right: taken back from the one, posted to the other.
    add(reversal(of: posted, &source), other)
    if source.chance(70) {
      var again = credit(of: paid, to: person, &source)
      again.time = posted.time + 7_000
      add(again, person)
    }
  }

  private mutating func amounts(_ person: Int, _ source: inout SeededGenerator) {
    var paid = payment(person, &source)
    if paid.order == 0 { paid.order = fresh() }
    var posted = credit(of: paid, to: person, &source)
    posted.fen = source.pick([paid.fen / 2, paid.fen - 1_700, paid.fen + 1_300])
    add(paid, person)
    add(posted, person)
  }

  private mutating func parts(_ person: Int, _ source: inout SeededGenerator) {
    var paid = payment(person, &source, isNamed: true)
    if paid.order == 0 { paid.order = fresh() }
    if !paid.others.isEmpty { (paid.student, paid.others) = (student(person), []) }
    paid.fen = 10_000
    add(paid, person)
    let shares: [Int64] = source.pick([
      [6_000, 4_000], [6_000, 3_000], [6_000, 7_000], [2_000, 3_000, 4_000],
    ])
    let other =
      naming == .strangers ? person : source.pick([person, another(than: person, &source)])
    for (index, fen) in shares.enumerated() {
      let to = index == 0 ? person : other
      var posted = credit(of: paid, to: to, &source)
      (posted.fen, posted.order) = (fen, paid.order)
      add(posted, to)
    }
  }

  private mutating func returned(_ person: Int, _ source: inout SeededGenerator) {
    let paid = payment(person, &source)
    let posted = credit(of: paid, to: person, &source)
    add(paid, person)
    if source.chance(85) {
      add(posted, person)
      if source.chance(70) {
        var back = reversal(of: posted, &source)
        if source.chance(40) { back.fen = source.pick([paid.fen / 2, 2_000]) }
        add(back, person)
      }
    }
    guard source.chance(80) else { return }
    var back = refund(of: paid, &source)
    if source.chance(40) { back.fen = source.pick([paid.fen / 2, 2_000]) }
    add(back, person)
  }

  private mutating func returnedWithoutKeys(_ person: Int, _ source: inout SeededGenerator) {
    var paid = payment(person, &source, isNamed: true)
    paid.channel = .ccb
    let posted = credit(of: paid, to: person, &source)
    add(paid, person)
    let isPosted = source.chance(75)
    if isPosted { add(posted, person) }
    let (hasRefund, hasReversal) = source.pick([
      (true, true), (true, true), (true, false), (false, true),
    ])
    if hasRefund { add(refund(of: paid, &source, isKeyless: source.chance(80)), person) }
    if hasReversal, isPosted {
      add(reversal(of: posted, &source, isKeyless: source.chance(60)), person)
    }
  }

  private mutating func reversedOfAnother(_ person: Int, _ source: inout SeededGenerator) {
    guard naming != .strangers else { return }
    var paid = payment(person, &source)
    if paid.order == 0 { paid.order = fresh() }
    var posted = credit(of: paid, to: person, &source)
    posted.order = paid.order
    let other = another(than: person, &source)
    var back = reversal(of: posted, &source)
    ledgerName(other, in: &back)
    add(paid, person)
    add(posted, person)
    add(back, other)
    if source.chance(70) { add(refund(of: paid, &source), person) }
  }

  private mutating func postedAgain(_ person: Int, _ source: inout SeededGenerator) {
    let paid = payment(person, &source, isNamed: true)
    var posted = credit(of: paid, to: person, &source)
    var again = posted
    again.own = fresh()
    var back = reversal(of: posted, &source)
    back.time = posted.time + 200
    again.time = back.time + 300
    if source.chance(50) { (again.order, again.serial) = (0, 0) }
    if source.chance(30) { posted.serial = 0 }
    add(paid, person)
    add(posted, person)
    add(back, person)
    add(again, person)
  }

  /// An order two people pay.
  private mutating func oneOrder(_ person: Int, _ source: inout SeededGenerator) {
    let order = fresh()
    for payer in [person, another(than: person, &source)] {
      var paid = payment(payer, &source, isNamed: true)
      if !paid.others.isEmpty { (paid.student, paid.others) = (student(payer), []) }
      paid.order = order
      var posted = credit(of: paid, to: payer, &source)
      posted.order = order
      add(paid, payer)
      if source.chance(75) { add(posted, payer) }
    }
  }

  /// One entry of a bank with several payments under one reference.
  private mutating func batch(_ source: inout SeededGenerator) {
    let serial = fresh()
    for place in 0..<source.pick([2, 3]) {
      let person = anyone(&source)
      var paid = payment(person, &source, isNamed: true)
      (paid.channel, paid.serial, paid.own) = (.ccb, serial, KeyHash(place + 1))
      add(paid, person)
      if source.chance(75) { add(credit(of: paid, to: person, &source), person) }
    }
  }

  private mutating func twice(_ person: Int, _ source: inout SeededGenerator) {
    let paid = payment(person, &source)
    let posted = credit(of: paid, to: person, &source)
    add(paid, person)
    add(posted, person)
    if source.chance(50) {
      var second = paid
      second.serial = fresh()
      second.time += source.pick([30, 400, 2_000])
      if source.chance(40), second.order != 0 { second.order = fresh() }
      add(second, person)
      if source.chance(40) { add(refund(of: second, &source), person) }
    } else {
      var second = posted
      second.own = fresh()
      second.time += source.pick([30, 400])
      add(second, person)
      if source.chance(40) { add(reversal(of: second, &source), person) }
    }
  }
}

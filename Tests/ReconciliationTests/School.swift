import Payments

/// One statement as it is delivered: of a book, or of none, with what it covers.
struct Delivered {
  /// The book; nil for lists and copies.
  var book: Book?
  /// The day it is of.
  var day: BusinessDay
  var rows: [Entry] = []
  /// What it says everything of; nil when nothing.
  var span: TimeSpan?
  var holes: [Hole] = []
  /// Whether it is a list: of accounts or of replacements.
  var isList = false
}

/// A few whole days of a small school: several books a side, each with a statement a day, and stories as
/// they happen.
struct School {
  var statements: [Delivered] = []
  /// Every book the configuration names.
  var books: [Book] = []
  var rules = Rules()
  var hasLists = true
  var days: [BusinessDay]

  /// The rows, each with its statement and line, and what is covered.
  var judged: ([Entry], Coverage) {
    var entries: [Entry] = []
    var covered = books.map { BookCoverage($0) }
    // Quiet days before and after, so that nothing of a whole set waits.
    let before = TimeSpan(first: days[0].adding(-3), last: days[0].adding(-1))
    let after = TimeSpan(first: days[days.count - 1].adding(1), last: days[0].adding(6))
    covered += books.map { BookCoverage($0, spans: [before, after]) }
    for (index, statement) in statements.enumerated() {
      for (line, row) in statement.rows.enumerated() {
        var row = row
        row.statement = UInt16(index)
        row.line = UInt32(line + 2)
        entries.append(row)
      }
      guard let book = statement.book else { continue }
      covered.append(
        BookCoverage(book, spans: statement.span.map { [$0] } ?? [], holes: statement.holes))
    }
    return (
      entries,
      Coverage(books: covered, statements: statements.map(\.book), hasLists: hasLists)
    )
  }

  /// The school of a seed, whole.
  init(seed: UInt64) {
    var source = SeededGenerator(seed: seed)
    let count = source.pick([2, 2, 3])
    days = (0..<count).map { RandomDay.firstDay.adding(Int32($0)) }
    var writer = SchoolWriter(days: days, &source)
    for _ in 0..<Int.random(in: 4...14, using: &source) { writer.writeStory(&source) }
    books = writer.books
    statements = books.flatMap { book in
      days.map { Delivered(book: book, day: $0, span: TimeSpan(first: $0, last: $0)) }
    }
    let lists = Delivered(book: nil, day: days[0], rows: writer.lists, isList: true)
    statements.append(lists)
    for (row, book) in writer.rows {
      let day = Timestamp(seconds: row.time).day
      let place = statements.firstIndex { $0.book == books[book] && $0.day == day }
      if let place { statements[place].rows.append(row) }
    }
    for index in statements.indices { statements[index].rows.sort { $0.time < $1.time } }
    if source.chance(20) { rules.maintenance = nil }
    if source.chance(20) { rules.singleLimitFen = nil }
    // What is moved to another card must be there the same day, else no school is long enough to miss it.
    rules.moveWindowSeconds = source.pick([600, 3_600, 4 * 3_600])
  }
}

/// A merchant, or a bank account: where its payments stand and where its refunds.
private struct Merchant {
  var channel: Channel
  var payments: Int
  var refunds: Int
}

/// Writes the stories of a school.
private struct SchoolWriter {
  var books: [Book] = []
  var rows: [(Entry, Int)] = []
  var lists: [Entry] = []
  private let days: [BusinessDay]
  private var merchants: [Merchant] = []
  private var parts: [Int] = []
  private var nextKey: KeyHash = 10_000
  private let ordersNamed: Int
  private let bothNamed: Int
  private let persons: Int

  init(days: [BusinessDay], _ source: inout SeededGenerator) {
    self.days = days
    ordersNamed = source.pick([0, 50, 80, 95])
    bothNamed = source.pick([0, 30, 90])
    persons = source.pick([1, 2, 5])
    addMerchants(&source)
    for owner in source.pick([[""], [""], ["north", "south"]]) {
      parts.append(books.count)
      books.append(Book(side: .ledger, owner: owner))
    }
    for person in 0..<persons where source.chance(40) || !Gap.links.isOpen {
      var row = Entry(kind: .excluded, rule: .accountList, fen: 0, time: days[0].start.seconds)
      (row.account, row.student) = (card(person), student(person))
      lists.append(row)
    }
    if source.chance(30) {
      let rule: ExclusionRule = source.chance(70) ? .closedAccount : .accountList
      var row = Entry(kind: .excluded, rule: rule, fen: 0, time: days[0].start.seconds)
      row.account = card(source.pick(Array(0..<persons)))
      lists.append(row)
    }
  }

  private mutating func addMerchants(_ source: inout SeededGenerator) {
    let all: [(Channel, String)] = [
      (.wechat, "1609"), (.wechat, "1710"), (.alipay, "2088"), (.ccb, "4402"), (.boc, "7288"),
    ]
    for (channel, owner) in all.shuffled(using: &source).prefix(source.pick([1, 2, 3])) {
      if channel == .wechat, source.chance(50) {
        merchants.append(
          Merchant(channel: channel, payments: books.count, refunds: books.count + 1))
        for content in [BookContent.payments, .refunds] {
          books.append(Book(side: .channel, channel: channel, owner: owner, content: content))
        }
      } else {
        merchants.append(Merchant(channel: channel, payments: books.count, refunds: books.count))
        books.append(Book(side: .channel, channel: channel, owner: owner))
      }
    }
  }

  private func card(_ person: Int) -> KeyHash { 400 + KeyHash(person) }
  private func student(_ person: Int) -> KeyHash { 500 + KeyHash(person) }

  private mutating func fresh() -> KeyHash {
    nextKey += 1
    return nextKey
  }

  // MARK: Rows

  private static let delays: [Int64] = [0, 1, 5, 5, 5, 59, 100, 121, 900, 1_799, 1_801, 6_000, -30]

  private func moment(_ source: inout SeededGenerator) -> Int64 {
    let second: Int64 = source.pick([
      36_000, 36_010, 43_200, 86_390, 86_300, 85_000, 5, 3_000, 10_000,
      Int64.random(in: 25_000..<86_400, using: &source),
    ])
    return source.pick(days).start.seconds + second
  }

  /// A moment after another on its day, or on a later one where that is a gap.
  private func back(_ time: Int64, _ source: inout SeededGenerator) -> Int64 {
    let later = after(time, by: [0, 60, 600, 3_000, 7_000, 30_000, 86_400], &source)
    guard !Gap.lateReturns.isOpen else { return later }
    return min(later, Timestamp(seconds: time).day.adding(1).start.seconds - 1)
  }

  /// A moment after another, still within the days there are.
  private func after(
    _ time: Int64, by delays: [Int64] = SchoolWriter.delays, _ source: inout SeededGenerator
  ) -> Int64 {
    let last = days[days.count - 1].adding(1).start.seconds - 1
    return max(days[0].start.seconds, min(last, time + source.pick(delays)))
  }

  private mutating func payment(_ merchant: Merchant, _ source: inout SeededGenerator) -> Entry {
    let person = source.pick(Array(0..<persons))
    var row = Entry(
      kind: .payment, channel: merchant.channel,
      fen: source.pick([5_000, 5_000, 5_000, 3_000, 10_000, 2_000, 60_000]),
      time: moment(&source), serial: fresh(), payer: 600 + KeyHash(person))
    if source.chance(ordersNamed) { row.order = fresh() }
    if row.order == 0 || source.chance(60) {
      if source.chance(60) { row.account = card(person) } else { row.student = student(person) }
    }
    return row
  }

  /// The credit of a payment, right.
  private mutating func credit(
    of payment: Entry, _ source: inout SeededGenerator
  ) -> Entry {
    let known = payment.payer >= 600 ? Int(payment.payer - 600) : 0
    var row = Entry(
      kind: source.chance(95) ? .credit : .manualCredit, channel: payment.channel,
      fen: payment.fen, time: after(payment.time, &source), order: payment.order, own: fresh(),
      account: card(known))
    if !Gap.lateCredits.isOpen {
      row.time = min(row.time, payment.time + (payment.channel.isBank ? 7_200 : 1_800))
    }
    if source.chance(20) { row.channel = payment.channel.isBank ? .bank : .unknown }
    if source.chance(40) { row.serial = payment.serial }
    if source.chance(bothNamed) { row.student = student(known) }
    return row
  }

  private mutating func refund(
    of payment: Entry, _ source: inout SeededGenerator
  ) -> Entry {
    var row = payment
    row.kind = .refund
    row.time = back(payment.time, &source)
    row.own = fresh()
    if source.chance(25) { row.fen = payment.fen / 2 }
    if source.chance(40) { (row.original, row.serial) = (payment.serial, fresh()) }
    if source.chance(20) { row.order = 0 }
    if Gap.keyless.isOpen, source.chance(20) {
      // Without a key: of a bank it has a serial of its own.
      (row.order, row.original) = (0, 0)
      row.serial = payment.channel.isBank ? fresh() : 0
    }
    return row
  }

  private mutating func reversal(of credit: Entry, _ source: inout SeededGenerator) -> Entry {
    var row = credit
    row.kind = .reversal
    row.time = back(credit.time, &source)
    row.original = source.chance(70) ? credit.own : 0
    row.own = fresh()
    if source.chance(20) { row.fen = credit.fen / 2 }
    if source.chance(20), row.original != 0 { row.order = 0 }
    if !Gap.keyless.isOpen, row.order == 0, row.serial == 0 { row.original = credit.own }
    if Gap.keyless.isOpen, source.chance(20) {
      (row.order, row.serial, row.original) = (0, 0, 0)
    }
    return row
  }

  private mutating func write(_ row: Entry, _ merchant: Merchant, _ source: inout SeededGenerator) {
    switch row.side {
    case .channel: rows.append((row, row.kind == .refund ? merchant.refunds : merchant.payments))
    case .ledger:
      let own = parts[Int(row.account % KeyHash(parts.count))]
      rows.append((row, source.chance(85) ? own : source.pick(parts)))
    }
  }

  // MARK: Stories

  /// A payment and what became of it.
  mutating func writeStory(_ source: inout SeededGenerator) {
    let merchant = source.pick(merchants)
    var paid = payment(merchant, &source)
    var posted = credit(of: paid, &source)
    var some: [Entry] = []
    switch Int.random(in: 0..<22, using: &source) {
    case 0..<5: some = [paid, posted]
    case 5, 6: some = [paid]
    case 7: some = [posted]
    case 8: some = twoPayments(paid, posted, &source)
    case 9: some = twoCredits(paid, posted, &source)
    case 10...14: some = returned(paid, posted, &source)
    case 15:
      posted.account = card(source.pick(Array(0..<persons + 1)))
      posted.student = 0
      some = [paid, posted]
    case 16, 17:
      posted.fen = source.pick([
        paid.fen - 200, paid.fen - 300, paid.fen + 1, paid.fen / 2, paid.fen * 100 / 103,
        paid.fen * 100, 2_000,
      ])
      some = [paid, posted]
    case 18:
      paid.couponFen = 500
      posted.fen = paid.fen - source.pick([0, 500, 400])
      some = [paid, posted]
    case 19:
      posted.serial = fresh()
      some = [paid, posted]
    case 20:
      if source.chance(50) { paid.kind = .failedPayment } else { posted.kind = .unpostedCredit }
      some = [paid, posted]
    default:
      var back = refund(of: paid, &source)
      // Its payment is not there: what names none would take another's.
      if !Gap.keyless.isOpen { back.original = paid.serial }
      some = [back]
    }
    for row in some { write(row, merchant, &source) }
    if source.chance(8), Gap.links.isOpen { moveCard(posted, merchant, &source) }
  }

  private mutating func twoPayments(
    _ paid: Entry, _ posted: Entry, _ source: inout SeededGenerator
  ) -> [Entry] {
    var second = paid
    second.serial = fresh()
    second.time = after(paid.time, by: [1, 30, 599, 601, 4_000], &source)
    if source.chance(40), second.order != 0 { second.order = fresh() }
    let refunded = refund(of: second, &source)
    return [paid, second] + (source.chance(80) ? [posted] : [])
      + (source.chance(30) ? [refunded] : [])
  }

  private mutating func twoCredits(
    _ paid: Entry, _ posted: Entry, _ source: inout SeededGenerator
  ) -> [Entry] {
    var second = posted
    second.own = fresh()
    second.time = after(posted.time, by: [1, 30, 599, 601, 4_000], &source)
    if !Gap.lateCredits.isOpen {
      second.time = min(second.time, paid.time + (paid.channel.isBank ? 7_200 : 1_800))
    }
    let taken = reversal(of: second, &source)
    return [paid, posted, second] + (source.chance(40) ? [taken] : [])
  }

  /// Refunds and reversals, all there or some missing.
  private mutating func returned(
    _ paid: Entry, _ posted: Entry, _ source: inout SeededGenerator
  ) -> [Entry] {
    var some = [paid]
    let isPosted = source.chance(75)
    if isPosted { some.append(posted) }
    let back = refund(of: paid, &source)
    var taken = reversal(of: posted, &source)
    if source.chance(60) { taken.fen = back.fen }
    if source.chance(80) { some.append(back) }
    if isPosted, source.chance(60) { some.append(taken) }
    if source.chance(10) {
      var again = refund(of: paid, &source)
      again.fen = paid.fen
      some.append(again)
    }
    return some
  }

  private mutating func moveCard(
    _ posted: Entry, _ merchant: Merchant, _ source: inout SeededGenerator
  ) {
    let out = Entry(
      kind: .transferOut, fen: 1_000, time: moment(&source), own: fresh(), account: posted.account)
    var moved = out
    moved.kind = .transferIn
    moved.time = after(out.time, by: [5, 600], &source)
    (moved.own, moved.original) = (fresh(), out.own)
    moved.account = card(persons)
    write(out, merchant, &source)
    if source.chance(10) { return }
    if source.chance(20) {
      // In two parts, the second of which may not say what it is of.
      var rest = moved
      (moved.fen, rest.fen, rest.own) = (400, 600, fresh())
      rest.time = after(moved.time, by: [5, 300], &source)
      if source.chance(50) { (rest.original, rest.student) = (0, posted.student) }
      write(rest, merchant, &source)
    }
    write(moved, merchant, &source)
  }
}

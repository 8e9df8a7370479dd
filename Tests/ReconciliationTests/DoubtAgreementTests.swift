import Columns
import Payments
import Reconciliation
import Testing

/// A delivery of one ledger and one or two channels, in which rows may be missing from some moment on: with
/// or without anything that proves where the statements end.
struct RandomDelivery {
  var entries: [Entry] = []
  var coverage = Coverage()
  var edges: [StatementEdges] = []
  var rules = Rules()

  init(seed: UInt64) {
    var source = SeededGenerator(seed: seed)
    let day = RandomDay.firstDay
    let wide = TimeSpan(first: day, last: day)
    var books: [Book] = [Book(side: .ledger, owner: source.pick(["", "north"]))]
    for channel in source.pick([[Channel.wechat], [.wechat, .ccb], [.ccb, .bank]]) {
      books.append(
        Book(side: .channel, channel: channel, content: source.pick([.both, .both, .payments])))
    }
    if source.chance(20) { books.append(Book(side: .ledger, owner: "south")) }
    if source.chance(20) {
      books.append(Book(side: .channel, channel: books[1].channel, content: .refunds))
    }
    let span = source.chance(80) ? wide : TimeSpan(first: day, last: day.adding(1))
    edges = books.map { _ in
      StatementEdges(
        span: source.chance(95) ? span : nil, provesStart: source.chance(25),
        provesEnd: source.chance(25))
    }
    write(books, &source)
    let missing = source.chance(5)
    coverage = Coverage(
      books: zip(books, edges).map { BookCoverage($0, spans: $1.span.map { [$0] } ?? []) },
      statements: books.map { missing && source.chance(30) ? nil : $0 })
  }

  private mutating func write(_ books: [Book], _ source: inout SeededGenerator) {
    let start = RandomDay.firstDay.start.seconds
    let pairs = source.pick([3, 8, 20, 30])
    let cut = start + Int64.random(in: 20_000..<80_000, using: &source)
    let lost = source.pick(Array(books.indices))
    let cutsTail = source.chance(60)
    let losesAll = source.chance(10)
    let holesIn = source.pick([0, 0, 3, 8])
    let ledgers = books.indices.filter { books[$0].side == .ledger }
    let channels = books.indices.filter {
      books[$0].side == .channel && books[$0].content != .refunds
    }
    for number in 0..<pairs {
      let time = start + Int64.random(in: 20_000..<80_000, using: &source) / 60 * 60
      let channel = source.pick(channels)
      let keys = KeyHash(1_000 + number)
      var paid = Entry(
        statement: UInt16(channel), kind: .payment, channel: books[channel].channel, fen: 5_000,
        time: time, order: keys, serial: keys)
      var posted = Entry(
        statement: UInt16(source.pick(ledgers)), kind: .credit, channel: paid.channel,
        fen: 5_000, time: time + source.pick([0, 5, 60]), order: keys, own: keys, account: 401)
      if source.chance(10) { posted.channel = .unknown }
      if source.chance(8) { spoil(&paid, &posted, &source) }
      for row in [paid, posted] {
        let isGone = cutsTail ? row.time > cut : row.time < cut
        let isLost = Int(row.statement) == lost && (isGone || losesAll)
        if !isLost, !source.chance(holesIn) { entries.append(row) }
      }
    }
    addOthers(books, &source)
    entries.shuffle(using: &source)
  }

  /// Something odd about a pair: of another amount, of another person, refunded, without an order.
  private mutating func spoil(
    _ paid: inout Entry, _ posted: inout Entry, _ source: inout SeededGenerator
  ) {
    switch Int.random(in: 0..<5, using: &source) {
    case 0: posted.fen = 4_000
    case 1: (paid.account, posted.account) = (402, 403)
    case 2:
      var back = paid
      back.kind = .refund
      back.time += 60
      back.own = 77
      entries.append(back)
    case 3: (paid.order, posted.order, paid.account) = (0, 0, 401)
    default: posted.kind = .held
    }
  }

  /// Rows of no pair: spending, and a row of which only the day is known.
  private mutating func addOthers(_ books: [Book], _ source: inout SeededGenerator) {
    let start = RandomDay.firstDay.start.seconds
    for _ in 0..<source.pick([0, 0, 1, 2]) {
      var row = Entry(
        statement: UInt16(source.pick(Array(books.indices))), kind: .excluded, fen: 100,
        time: start + Int64.random(in: 20_000..<86_400, using: &source))
      if source.chance(30) { (row.time, row.isDayOnly) = (start, true) }
      entries.append(row)
    }
  }

  private func table() -> EntryTable {
    var table = EntryTable()
    for entry in entries { table.append(entry) }
    return table
  }

  /// The statements, what proves their ends, and how many rows they have.
  var dump: String {
    edges.indices.map { statement in
      let place = coverage.bookOfStatement[statement]
      let book = place < 0 ? "-" : coverage.books[place].book.name
      let count = entries.filter { Int($0.statement) == statement }.count
      let edge = edges[statement]
      return "  \(statement): \(book) rows \(count) claims \(edge.span != nil) "
        + "proves start \(edge.provesStart) end \(edge.provesEnd)"
    }.joined(separator: "\n")
  }

  /// What the engine doubts.
  var engineDoubts: [Doubt] {
    let rows = table()
    let judgement = reconcile(rows, coverage: coverage, rules: rules)
    return doubts(rows, judgement, coverage: coverage, edges: edges, rules: rules)
  }
}

@Suite("Engine and oracle doubt the same statements")
struct DoubtAgreementTests {
  private func sorted(_ some: [Doubt]) -> [Doubt] {
    some.sorted { ($0.statement, $0.kind.rawValue) < ($1.statement, $1.kind.rawValue) }
  }

  @Test("On random deliveries both doubt the same")
  func agreement() {
    var kinds: [FaultKind: Int] = [:]
    var failures = 0
    for seed in 0..<UInt64(1_000) {
      let day = RandomDelivery(seed: seed)
      let expected = sorted(
        oracleDoubts(day.entries, coverage: day.coverage, edges: day.edges, rules: day.rules))
      let found = sorted(day.engineDoubts)
      for doubt in expected { kinds[doubt.kind, default: 0] += 1 }
      guard found != expected else { continue }
      failures += 1
      guard failures <= 3 else { continue }
      Issue.record(
        """
        Delivery \(seed)
        oracle: \(expected)
        engine: \(found)
        \(day.dump)
        """)
    }
    #expect(failures == 0, "\(failures) deliveries are doubted differently")
    for kind in [FaultKind.statementEndsEarly, .statementStartsLate, .statementEmpty] {
      #expect(kinds[kind, default: 0] >= 10, "\(kinds)")
    }
  }
}

import Payments

/// Lays several books over the rows of a random day: whose they are, what they cover, and what cannot be
/// read of them.
struct RandomBooks {
  private var books: [BookCoverage] = []
  private var statements: [Book?] = []

  /// The rows with their statements, and the coverage of these.
  static func laid(
    over entries: [Entry], _ rules: Rules, _ source: inout SeededGenerator
  ) -> ([Entry], Coverage) {
    var rows = entries
    var laid = RandomBooks()
    laid.addBooks(of: entries, &source)
    for index in laid.books.indices where source.chance(laid.books.count > 3 ? 75 : 60) {
      for _ in 0..<source.pick([1, 1, 2]) { laid.statements.append(laid.books[index].book) }
    }
    laid.statements.append(nil)
    laid.statements.shuffle(using: &source)
    for row in rows.indices { laid.place(&rows[row], &source) }
    for index in laid.books.indices { laid.cover(index, rows, rules, &source) }
    if source.chance(60) {
      for _ in 0..<source.pick([1, 1, 2, 3]) { laid.addHole(rows, rules, &source) }
    }
    let coverage = Coverage(
      books: laid.books, statements: laid.statements, hasLists: source.chance(85))
    return (rows, coverage)
  }

  // MARK: Which books

  private mutating func addBooks(of entries: [Entry], _ source: inout SeededGenerator) {
    var channels = Array(Set(entries.map(\.channel)).subtracting([.unknown])).sorted()
    if source.chance(20) { channels.append(source.pick([.alipay, .bank, .unionpay])) }
    for channel in channels where source.chance(90) {
      let owners = source.pick([["1609"], ["1609"], [""], ["1609", "1710"]])
      for owner in owners {
        for content in contents(&source) {
          books.append(
            BookCoverage(
              Book(side: .channel, channel: channel, owner: owner, content: content)))
        }
      }
    }
    for part in source.pick([[""], [""], ["north", "south"], ["north", "south", ""], []]) {
      books.append(BookCoverage(Book(side: .ledger, owner: part)))
    }
  }

  private func contents(_ source: inout SeededGenerator) -> [BookContent] {
    source.pick([
      [.both], [.both], [.payments, .refunds], [.payments], [.refunds], [.both, .refunds],
    ])
  }

  /// A statement of a book the row may stand in; now and then one without a book.
  private mutating func place(_ row: inout Entry, _ source: inout SeededGenerator) {
    let isHeldInLedger = row.kind == .held && source.chance(50)
    // A channel's excluded rows carry no numbers of people: the reader clears them.
    let namesPeople = row.kind == .excluded && (row.account != 0 || row.student != 0)
    let isList =
      row.kind == .excluded
      && [.accountList, .closedAccount, .personLeft, .cardReplacement].contains(row.rule)
    let side = isHeldInLedger || namesPeople ? .ledger : row.side
    let content: BookContent = row.kind == .refund ? .refunds : .payments
    let fitting = statements.indices.filter { index in
      guard let book = statements[index], book.side == side else { return false }
      return side == .ledger || (book.channel == row.channel && book.content.contains(content))
    }
    let without = statements.indices.filter { statements[$0] == nil }
    let some = fitting.isEmpty || isList || source.chance(10) ? without : fitting
    row.statement = UInt16(source.pick(some))
  }

  // MARK: What they cover

  private mutating func cover(
    _ index: Int, _ rows: [Entry], _ rules: Rules, _ source: inout SeededGenerator
  ) {
    let first = RandomDay.firstDay
    let wide = TimeSpan(first: first.adding(-1), last: first.adding(2))
    let two = TimeSpan(first: first, last: first.adding(1))
    let one = TimeSpan(first: first, last: first)
    var spans = [source.chance(70) ? wide : source.pick([two, one])]
    if source.chance(8) { spans = [] }
    if source.chance(25), let edge = edge(rows, rules, &source) {
      let before = TimeSpan(start: wide.start, end: edge)
      let after = TimeSpan(start: edge, end: wide.end)
      let later = TimeSpan(start: edge.adding(seconds: source.pick([1, 60, 3_600])), end: wide.end)
      spans = source.pick([[before], [after], [before, later]])
    }
    let isCut = books[index].book.side == .channel && source.chance(25)
    let cut = isCut ? DayCut(source.pick(["23:00", "22:00", "01:00"])) : nil
    books[index] = BookCoverage(books[index].book, spans: spans, cut: cut ?? .midnight)
  }

  /// A second at or beside one that a need begins or ends with.
  private func edge(
    _ rows: [Entry], _ rules: Rules, _ source: inout SeededGenerator
  ) -> Timestamp? {
    guard !rows.isEmpty else { return nil }
    let row = source.pick(rows)
    let midnight = Timestamp(seconds: row.time).day.adding(1).start.seconds
    let edges = [
      row.time, row.time - rules.clockToleranceSeconds, row.time + rules.clockToleranceSeconds,
      rules.creditDeadline(paidAt: row.time, channel: row.channel),
      row.time - rules.windowSeconds(row.channel), row.time - rules.refundWindowSeconds,
      row.time - rules.refundReachSeconds,
      row.time + rules.refundWindowSeconds, midnight, midnight - 1, midnight - 3_600,
    ]
    return Timestamp(seconds: source.pick(edges) + source.pick([-1, 0, 0, 1, 2]))
  }

  // MARK: What cannot be read

  /// A hole made from a row of either side: each field read or not, one perhaps another's.
  private mutating func addHole(
    _ rows: [Entry], _ rules: Rules, _ source: inout SeededGenerator
  ) {
    guard !rows.isEmpty, !books.isEmpty else { return }
    let row = source.pick(rows)
    let index = source.pick(Array(books.indices))
    var hole = Hole(span: span(of: row, rows, rules, &source))
    if source.chance(60) {
      hole.fen = row.fen
    } else if source.chance(30) {
      hole.upTo = row.fen + source.pick([0, -1, 1_000])
    }
    if source.chance(15) { hole.isKeyless = true }
    if source.chance(30) { hole.order = row.order }
    if source.chance(30) { hole.serial = row.serial }
    if source.chance(50) { hole.account = row.account }
    if source.chance(30) { hole.student = row.student }
    if source.chance(25) {
      switch Int.random(in: 0..<5, using: &source) {
      case 0: hole.fen = row.fen + source.pick([1, -1, 2_000])
      case 1: hole.order = source.pick([101, 102, 777])
      case 2: hole.serial = source.pick([201, 202, 777])
      case 3: hole.account = source.pick([401, 402, 403, 777])
      default: hole.student = source.pick([501, 502, 777])
      }
    }
    hole.line = source.pick([0, 3, 5, 7, 9])
    let book = books[index]
    books[index] = BookCoverage(
      book.book, spans: book.spans, holes: book.holes + [hole], cut: book.cut)
  }

  private func span(
    of row: Entry, _ rows: [Entry], _ rules: Rules, _ source: inout SeededGenerator
  ) -> TimeSpan {
    let near = edge([row], rules, &source) ?? Timestamp(seconds: row.time)
    let day = Timestamp(seconds: row.time).day
    let length = source.pick([1, 1, 2, 600, 86_400])
    return switch Int.random(in: 0..<4, using: &source) {
    case 0: TimeSpan(first: day, last: day)
    case 1:
      TimeSpan(
        start: Timestamp(seconds: row.time), end: Timestamp(seconds: row.time).adding(seconds: 1))
    case 2: TimeSpan(start: near, end: near.adding(seconds: Int64(length)))
    default: TimeSpan(start: near.adding(seconds: -Int64(length)), end: near)
    }
  }
}

internal import Columns
import Payments

/// What the books cover, laid out for asking row by row.
struct CoverageIndex {
  let coverage: Coverage
  /// The holes of each book by their beginning, without those that are one group's alone.
  private let holes: [[Hole]]
  /// For each of them the latest end of it and those before.
  private let ends: [[Int64]]

  init(_ coverage: Coverage, _ table: EntryTable) {
    self.coverage = coverage
    let placed = CoverageIndex.placedKeys(coverage, table)
    holes = coverage.books.indices.map { book in
      let isLedger = coverage.books[book].book.side == .ledger
      return coverage.books[book].holes.filter { hole in
        !placed.contains(Placed(isLedger: isLedger, isOrder: true, key: hole.order))
          && !placed.contains(Placed(isLedger: isLedger, isOrder: false, key: hole.serial))
      }.sorted { ($0.span.start, $0.line) < ($1.span.start, $1.line) }
    }
    ends = holes.map { holes in
      var latest = Int64.min
      return holes.map { hole in
        latest = max(latest, hole.span.end.seconds)
        return latest
      }
    }
  }

  /// A key of a hole, and in which book the hole is.
  private struct Placed: Hashable {
    var isLedger: Bool
    var isOrder: Bool
    var key: KeyHash
  }

  /// Keys of holes that a usable row of the other side bears.
  private static func placedKeys(_ coverage: Coverage, _ table: EntryTable) -> Set<Placed> {
    var wanted = Set<Placed>()
    for book in coverage.books {
      let isLedger = book.book.side == .ledger
      for hole in book.holes {
        wanted.insert(Placed(isLedger: isLedger, isOrder: true, key: hole.order))
        wanted.insert(Placed(isLedger: isLedger, isOrder: false, key: hole.serial))
      }
    }
    wanted = wanted.filter { $0.key != 0 }
    guard !wanted.isEmpty else { return [] }
    let index = KeyIndex(wanted.map { (key: $0.key, row: 0) })
    let bearing = rows(table.count) { row in
      index.contains(table.order[row]) || index.contains(table.serial[row])
    }
    var found = Set<Placed>()
    for row in bearing.map(Int.init) {
      let isOfLedger: Bool
      switch table.kind[row] {
      case .payment, .refund, .failedPayment: isOfLedger = false
      case .credit, .manualCredit, .reversal, .unpostedCredit: isOfLedger = true
      default: continue
      }
      for placed in [
        Placed(isLedger: !isOfLedger, isOrder: true, key: table.order[row]),
        Placed(isLedger: !isOfLedger, isOrder: false, key: table.serial[row]),
      ] where wanted.contains(placed) {
        found.insert(placed)
      }
    }
    return found
  }

  /// The book of a row's statement, as an index; nil where it has none.
  func book(of statement: Int) -> Int? {
    guard statement < coverage.bookOfStatement.count else { return nil }
    let book = coverage.bookOfStatement[statement]
    return book < 0 ? nil : book
  }

  /// What is not covered of a stretch; nil when all that is meant covers it and no hole fits.
  ///
  /// - Parameters:
  ///   - missing: what is wanted where no book is meant; nil where nothing is needed then.
  ///   - isMeant: whether a book could hold what is needed.
  ///   - fits: whether a hole could be it.
  func want(
    from: Int64, to: Int64, orElse missing: Book?, _ isMeant: (Book) -> Bool,
    fits: (Hole) -> Bool
  ) -> Want? {
    let meant = coverage.books.indices.filter { isMeant(coverage.books[$0].book) }
    guard !meant.isEmpty else { return missing.map { Want($0, from: from, to: to) } }
    for index in meant where !coverage.books[index].covers(from: from, to: to) {
      return Want(coverage.books[index].book, from: from, to: to)
    }
    for index in meant {
      if let hole = hole(in: index, from: from, to: to, fits) {
        return Want(coverage.books[index].book, from: from, to: to, line: hole.line)
      }
    }
    return nil
  }

  /// The hole of the lowest line that touches a stretch and fits.
  private func hole(
    in book: Int, from: Int64, to: Int64, _ fits: (Hole) -> Bool
  ) -> Hole? {
    let (holes, ends) = (holes[book], ends[book])
    guard !holes.isEmpty else { return nil }
    var (low, high) = (0, holes.count)
    while low < high {
      let middle = (low + high) / 2
      if holes[middle].span.start.seconds <= to { low = middle + 1 } else { high = middle }
    }
    var found: Hole?
    var place = low - 1
    while place >= 0, ends[place] > from {
      let hole = holes[place]
      place -= 1
      guard hole.span.end.seconds > from, fits(hole) else { continue }
      if found.map({ hole.line < $0.line }) ?? true { found = hole }
    }
    return found
  }
}

extension Judge {
  /// What a leftover waits for; nil when it may be accused.
  func want(_ row: Int32, group: Int) -> Want? {
    want(of: row, in: groups[group], isLeftover: true)
  }

  /// What a finding about a whole group waits for; nil when it may be said.
  func want(group: Int) -> Want? {
    let group = groups[group]
    return group.rows.lazy.compactMap { self.want(of: $0, in: group, isLeftover: false) }.first
  }

  /// What a refund without its payment waits for.
  func wantOfOrphan(_ refund: Int32) -> Want? {
    ownWant(refund, .payments, from: startOfDay(refund), to: time(refund), isLeftover: false)
  }

  /// What a credit to a closed account waits for: it may have been taken back.
  func wantOfReversal(of credit: Int32) -> Want? {
    ledgerWant(credit, from: time(credit), to: endOfDay(credit), isLeftover: false)
  }

  private func want(of row: Int32, in group: GroupCase, isLeftover: Bool) -> Want? {
    let reach = rules.refundWindowSeconds
    switch kind(row) {
    case .payment:
      return ledgerWant(
        row, from: time(row) - rules.clockToleranceSeconds, to: deadline(row),
        isLeftover: isLeftover)
        ?? ownWant(
          row, .refunds, from: time(row), to: endOfDay(row), isLeftover: isLeftover)
    case .credit, .manualCredit:
      return channelWant(row, .payments, in: group, isLeftover: isLeftover) { channel in
        (time(row) - rules.windowSeconds(channel), time(row) + rules.clockToleranceSeconds)
      } ?? ledgerWant(row, from: time(row), to: endOfDay(row), isLeftover: isLeftover)
    case .refund:
      return ledgerWant(
        row, from: time(row) - reach, to: time(row) + reach, isLeftover: isLeftover)
    case .reversal:
      return channelWant(row, .refunds, in: group, isLeftover: isLeftover) { _ in
        (time(row) - reach, time(row) + reach)
      } ?? ledgerWant(row, from: time(row), to: endOfDay(row), isLeftover: isLeftover)
    default: return nil
    }
  }

  private func ledgerWant(
    _ row: Int32, from: Int64, to: Int64, isLeftover: Bool
  ) -> Want? {
    books.want(
      from: from, to: to, orElse: Book(side: .ledger), { $0.side == .ledger },
      fits: { fits($0, row, isLeftover: isLeftover) })
  }

  /// The channels' books a ledger row needs: of the channel it names, else of those its group's payments
  /// are of, else of all.
  private func channelWant(
    _ row: Int32, _ content: BookContent, in group: GroupCase, isLeftover: Bool,
    _ stretch: (Channel) -> (from: Int64, to: Int64)
  ) -> Want? {
    let named = channel(row)
    var channels = named == .unknown ? group.payments.map { channel($0) } : [named]
    if channels.isEmpty { channels = [.unknown] }
    for channel in channels {
      let (from, to) = stretch(channel)
      let want = books.want(
        from: from, to: to,
        orElse: Book(side: .channel, channel: channel, content: content),
        { $0.mayHold(channel, content) }, fits: { fits($0, row, isLeftover: isLeftover) })
      if let want { return want }
    }
    return nil
  }

  /// The books of the owner of a channel row's statement, as far as they tell what is needed.
  ///
  /// An owner whose bills never tell refunds gives none back, and nothing is needed; but what was refunded
  /// was paid somewhere: then any book of the channel may hold it.
  private func ownWant(
    _ row: Int32, _ content: BookContent, from: Int64, to: Int64, isLeftover: Bool
  ) -> Want? {
    let channel = channel(row)
    let own = books.book(of: Int(table.statement[Int(row)])).map { books.coverage.books[$0].book }
    func isOwn(_ book: Book) -> Bool {
      own?.side == book.side && own?.channel == book.channel && own?.owner == book.owner
        && !book.content.isDisjoint(with: content)
    }
    let hasOwn = books.coverage.books.contains { isOwn($0.book) }
    if own != nil, !hasOwn, content == .refunds { return nil }
    return books.want(
      from: from, to: to,
      orElse: Book(side: .channel, channel: channel, content: content),
      { hasOwn ? isOwn($0) : $0.mayHold(channel, content) },
      fits: { fits($0, row, isLeftover: isLeftover) })
  }

  /// Whether a row that cannot be used could be what a row lacks.
  private func fits(_ hole: Hole, _ row: Int32, isLeftover: Bool) -> Bool {
    let (order, serial) = (table.order[Int(row)], table.serial[Int(row)])
    guard hole.order == 0 || order == 0 || hole.order == order,
      hole.serial == 0 || serial == 0 || hole.serial == serial
    else { return false }
    if isLeftover, let fen = hole.fen, fen != self.fen(row), fen != open(row) { return false }
    let (mine, theirs) = (names(row), AccountNames(hole.account, hole.student))
    if mine.isEmpty || theirs.isEmpty { return true }
    return mine.contains { one in theirs.contains { persons.same(one, $0) } }
  }

  private func startOfDay(_ row: Int32) -> Int64 {
    Timestamp(seconds: time(row)).day.start.seconds
  }

  /// The last second of a row's business day.
  private func endOfDay(_ row: Int32) -> Int64 {
    Timestamp(seconds: time(row)).day.adding(1).start.seconds - 1
  }
}

internal import Columns
import Payments

/// A row that cannot be used, and whether a usable row of the other side bears its order or serial, and none of its
/// own: then it belongs to that row's group and to no other.
struct PlacedHole {
  let hole: Hole
  let isPlaced: Bool
}

/// What the books cover, laid out for asking row by row.
struct CoverageIndex {
  let coverage: Coverage
  /// The holes of each book by their beginning.
  private let holes: [[PlacedHole]]
  /// For each of them the latest end of it and those before.
  private let ends: [[Int64]]

  init(_ coverage: Coverage, _ table: EntryTable) {
    self.coverage = coverage
    let placed = CoverageIndex.placedKeys(coverage, table)
    holes = coverage.books.indices.map { book in
      let isLedger = coverage.books[book].book.side == .ledger
      return coverage.books[book].holes.map { hole in
        PlacedHole(
          hole: hole,
          isPlaced: placed.contains(Placed(isLedger: isLedger, isOrder: true, key: hole.order))
            || placed.contains(Placed(isLedger: isLedger, isOrder: false, key: hole.serial)))
      }.sorted { ($0.hole.span.start, $0.hole.line) < ($1.hole.span.start, $1.hole.line) }
    }
    ends = holes.map { holes in
      var latest = Int64.min
      return holes.map { hole in
        latest = max(latest, hole.hole.span.end.seconds)
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

  /// Keys of holes that a usable row of the other side bears, and none of their own: beside one of those they are
  /// one too many, which weak evidence may give to anybody.
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
    var (found, taken) = (Set<Placed>(), Set<Placed>())
    for row in bearing.map(Int.init) {
      let isOfLedger: Bool
      switch table.kind[row] {
      case .payment, .refund, .failedPayment: isOfLedger = false
      case .credit, .manualCredit, .reversal, .unpostedCredit: isOfLedger = true
      default: continue
      }
      for (isOrder, key) in [(true, table.order[row]), (false, table.serial[row])] {
        found.insert(Placed(isLedger: !isOfLedger, isOrder: isOrder, key: key))
        guard table.kind[row] == .payment || table.kind[row].isCredit else { continue }
        taken.insert(Placed(isLedger: isOfLedger, isOrder: isOrder, key: key))
      }
    }
    return wanted.intersection(found).subtracting(taken)
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
  ///   - paid: the first payment of a credit's group: a book that begins not after it is asked from its
  ///     beginning on.
  ///   - since: from when on a book is asked as far as it had begun.
  ///   - missing: what is wanted where no book is meant; nil where nothing is needed then.
  ///   - isMeant: whether a book could hold what is needed.
  ///   - fits: whether a hole could be it.
  func want(
    from: Int64, to: Int64, paid: Int64? = nil, since: Int64? = nil, orElse missing: Book?,
    _ isMeant: (Book) -> Bool, fits: (PlacedHole) -> Bool
  ) -> Want? {
    let meant = coverage.books.indices.filter { isMeant(coverage.books[$0].book) }
    guard !meant.isEmpty else { return missing.map { Want($0, from: from, to: to) } }
    for index in meant {
      let begin = coverage.books[index].spans.first?.start.seconds ?? from
      var asked = paid.map { begin > from && begin <= $0 } ?? false ? begin : from
      if let since { asked = min(asked, max(begin, since)) }
      guard !coverage.books[index].covers(from: asked, to: to) else { continue }
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
    in book: Int, from: Int64, to: Int64, _ fits: (PlacedHole) -> Bool
  ) -> Hole? {
    let (holes, ends) = (holes[book], ends[book])
    guard !holes.isEmpty else { return nil }
    var (low, high) = (0, holes.count)
    while low < high {
      let middle = (low + high) / 2
      if holes[middle].hole.span.start.seconds <= to { low = middle + 1 } else { high = middle }
    }
    var found: Hole?
    var place = low - 1
    while place >= 0, ends[place] > from {
      let hole = holes[place].hole
      defer { place -= 1 }
      guard hole.span.end.seconds > from, fits(holes[place]) else { continue }
      if found.map({ hole.line < $0.line }) ?? true { found = hole }
    }
    return found
  }
}

extension Judge {
  /// What a leftover waits for; nil when it may be accused.
  func want(_ row: Int32, group: Int) -> Want? {
    want(group: group, leftover: row) ?? wantOfLists(row)
  }

  /// What a finding about a whole group waits for; nil when it may be said.
  ///
  /// - Parameter leftover: the row the finding is about, where it is one that nothing answered.
  func want(group: Int, leftover: Int32? = nil) -> Want? {
    want(in: groups[group], leftover: leftover)
  }

  private func want(in group: GroupCase, leftover: Int32? = nil) -> Want? {
    group.rows.lazy.compactMap { self.want(of: $0, in: group, leftover: leftover) }.first
  }

  /// A transfer earlier in the day may tell that two cards are one person's.
  func wantOfTransfers(_ group: Int) -> Want? {
    let group = groups[group]
    return group.rows.lazy.filter { self.kind($0) == .payment || self.kind($0).isCredit }
      .compactMap {
        self.ledgerWant(
          $0, in: group, from: self.startOfDay($0), to: self.time($0), isLeftover: false)
      }.first
  }

  /// Lists tell who is who: without one that is expected nobody is a stranger yet.
  func wantOfLists(_ row: Int32) -> Want? {
    books.coverage.hasLists ? nil : Want(nil, from: time(row), to: time(row))
  }

  /// What a refund without its payment waits for.
  func wantOfOrphan(_ refund: Int32, in group: Int) -> Want? {
    ownWant(
      refund, .payments, in: groups[group], from: startOfOwnDay(refund), to: time(refund),
      isLeftover: false)
  }

  /// What a credit to a closed account waits for: what its group needs, and that of the payment weak evidence
  /// gave it. It may have been taken back, and its payment too.
  func wantOfClosedAccount(_ credit: Int32, in group: Int) -> Want? {
    if let want = want(group: group) { return want }
    guard let pair = pairs.first(where: { $0.credit == credit }), pair.group != group else {
      return nil
    }
    return want(group: pair.group)
  }

  /// The same of an ordinary pair, which has no group.
  func wantOfClosedAccount(ordinary payment: Int32, _ credit: Int32) -> Want? {
    let rows = [payment, credit].sorted(by: table.precedes)
    let pair = GroupCase(rows: rows, payments: [payment], credits: [credit])
    return want(in: pair)
  }

  private func want(of row: Int32, in group: GroupCase, leftover: Int32?) -> Want? {
    let reach = rules.refundWindowSeconds
    let isLeftover = row == leftover
    switch kind(row) {
    case .payment:
      return ledgerWant(
        row, in: group, from: time(row) - rules.clockToleranceSeconds, to: deadline(row),
        isLeftover: isLeftover)
        ?? ownWant(
          row, .refunds, in: group, from: time(row), to: endOfOwnDay(row),
          isLeftover: isLeftover, isReturn: true)
    case .credit, .manualCredit:
      return channelWant(row, .payments, in: group, isLeftover: isLeftover) { channel in
        (
          rules.earliestPayment(creditedAt: time(row), channel: channel),
          time(row) + rules.clockToleranceSeconds
        )
      }
        ?? ledgerWant(
          row, in: group, from: time(row), to: endOfDay(row), isLeftover: isLeftover,
          isReturn: true)
    case .refund:
      return ledgerWant(
        row, in: group, from: time(row) - reach, to: time(row) + reach, isLeftover: isLeftover)
        ?? ownWant(
          row, .payments, in: group, from: startOfOwnDay(row), to: time(row),
          isLeftover: isLeftover)
    case .reversal:
      return channelWant(row, .refunds, in: group, isLeftover: isLeftover) { _ in
        (time(row) - reach, time(row) + reach)
      }
        ?? channelWant(row, .payments, in: group, isLeftover: isLeftover) { _ in
          (startOfDay(row), time(row))
        }
        ?? ledgerWant(
          row, in: group, from: startOfDay(row), to: endOfDay(row), isLeftover: isLeftover)
    default: return nil
    }
  }

  /// - Parameter isReturn: whether what took the row back is looked for, all or part of it.
  private func ledgerWant(
    _ row: Int32, in group: GroupCase, from: Int64, to: Int64, isLeftover: Bool,
    isReturn: Bool = false
  ) -> Want? {
    books.want(
      from: from, to: to, orElse: Book(side: .ledger), { $0.side == .ledger },
      fits: {
        fits($0, row, in: group, isLeftover: isLeftover, isReturn: isReturn)
          || mayBeReversed($0.hole, by: row, in: group)
      })
  }

  /// Whether a row of the ledger that cannot be used could be the credit a reversal names, where that is not
  /// there: the reversal is then in another group than what it belongs to.
  private func mayBeReversed(_ hole: Hole, by row: Int32, in group: GroupCase) -> Bool {
    guard kind(row) == .reversal, group.credits.isEmpty, table.original[row] ?? 0 != 0 else {
      return false
    }
    return isPerson(hole, row)
  }

  /// The channels' books a ledger row needs: of the channel it names; where it names none, of those its
  /// group's payments are of, or of all where it is about the row itself.
  private func channelWant(
    _ row: Int32, _ content: BookContent, in group: GroupCase, isLeftover: Bool,
    _ stretch: (Channel) -> (from: Int64, to: Int64)
  ) -> Want? {
    let named = channel(row)
    var channels = [named]
    if named == .unknown, !isLeftover {
      channels = group.payments.reduce(into: []) { known, payment in
        if !known.contains(self.channel(payment)) { known.append(self.channel(payment)) }
      }
    }
    if channels.isEmpty { channels = [.unknown] }
    let isMatched = kind(row).isCredit && !isLeftover
    let paid = isMatched ? group.payments.map { time($0) }.min() : nil
    // What is credited late, or taken back without a payment that is there, was paid the day before.
    let isLate = kind(row).isCredit ? isLeftover : group.payments.isEmpty
    let since = isLate ? startOfDay(row) - 86_400 : nil
    for channel in channels {
      let (from, to) = stretch(channel)
      let want = books.want(
        from: from, to: to, paid: paid, since: since,
        orElse: Book(side: .channel, channel: channel, content: content),
        { $0.mayHold(channel, content) },
        fits: { fits($0, row, in: group, isLeftover: isLeftover) })
      if let want { return want }
    }
    return nil
  }

  /// The books of the owner of a channel row's statement, as far as they tell what is needed.
  ///
  /// An owner whose bills never tell refunds gives none back, and nothing is needed; but what was refunded
  /// was paid somewhere: then any book of the channel may hold it.
  private func ownWant(
    _ row: Int32, _ content: BookContent, in group: GroupCase, from: Int64, to: Int64,
    isLeftover: Bool, isReturn: Bool = false
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
      fits: { fits($0, row, in: group, isLeftover: isLeftover, isReturn: isReturn) })
  }

  /// Whether a row that cannot be used could be what a row lacks.
  ///
  /// One that could bear the row's order or serial may differ from it in amount or in person, as what is
  /// found wrong does, but hardly in both; any other could only be joined by person and amount.
  private func fits(
    _ placed: PlacedHole, _ row: Int32, in group: GroupCase, isLeftover: Bool,
    isReturn: Bool = false
  ) -> Bool {
    let hole = placed.hole
    if placed.isPlaced {
      return group.rows.contains { other in
        hole.order != 0 && hole.order == table.order[Int(other)]
          || hole.serial != 0 && hole.serial == table.serial[Int(other)]
      }
    }
    let (order, serial) = (table.order[Int(row)], table.serial[Int(row)])
    let mayJoin =
      order != 0 && (hole.order == 0 || hole.order == order)
      || serial != 0 && (hole.serial == 0 || hole.serial == serial)
    let isAmount =
      !isLeftover
      || hole.fen.map { isReturn ? $0 <= fen(row) : $0 == fen(row) || $0 == open(row) } ?? true
    let isPerson = isPerson(hole, row)
    return mayJoin ? isAmount || isPerson : isAmount && isPerson
  }

  /// Whether a row that cannot be used may be of the person a row names.
  private func isPerson(_ hole: Hole, _ row: Int32) -> Bool {
    let (mine, theirs) = (names(row), AccountNames(hole.account, hole.student))
    return mine.isEmpty || theirs.isEmpty
      || mine.contains { one in theirs.contains { persons.same(one, $0) } }
  }

  /// The day of a channel's row as its statement's book cuts it.
  private func ownDay(_ row: Int32) -> TimeSpan {
    let book = books.book(of: Int(table.statement[Int(row)]))
    let cut = book.map { books.coverage.books[$0].cut } ?? .midnight
    let day = cut.day(of: Timestamp(seconds: time(row)))
    return cut.span(first: day, last: day)
  }

  private func startOfOwnDay(_ row: Int32) -> Int64 { ownDay(row).start.seconds }

  private func endOfOwnDay(_ row: Int32) -> Int64 { ownDay(row).end.seconds - 1 }

  private func startOfDay(_ row: Int32) -> Int64 {
    Timestamp(seconds: time(row)).day.start.seconds
  }

  /// The last second of a row's business day.
  private func endOfDay(_ row: Int32) -> Int64 {
    Timestamp(seconds: time(row)).day.adding(1).start.seconds - 1
  }
}

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
  private let shelves: BookShelves
  /// The holes of each book by their beginning.
  private let holes: [[PlacedHole]]
  /// For each of them the latest end of it and those before.
  private let ends: [[Int64]]

  init(_ coverage: Coverage, _ table: EntryTable) {
    self.coverage = coverage
    shelves = BookShelves(coverage)
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
    var (wanted, doubled) = ([Placed: (hole: Hole, book: Book)](), Set<Placed>())
    for book in coverage.books {
      let isLedger = book.book.side == .ledger
      for hole in book.holes {
        for (isOrder, key) in [(true, hole.order), (false, hole.serial)] where key != 0 {
          let place = Placed(isLedger: isLedger, isOrder: isOrder, key: key)
          guard let other = wanted[place] else {
            wanted[place] = (hole, book.book)
            continue
          }
          // A bill of both contents may stand for two books: then it is one and the same.
          let isSame =
            other.hole == hole && other.book != book.book && other.book.channel == book.book.channel
            && other.book.owner == book.book.owner
          if !isSame { doubled.insert(place) }
        }
      }
    }
    // Of two that bear one key one may be too many, as beside a usable row.
    let single = Set(wanted.keys).subtracting(doubled)
    guard !single.isEmpty else { return [] }
    let index = KeyIndex(single.map { (key: $0.key, row: 0) })
    let bearing = rows(table.count) { row in
      index.contains(table.order[row]) || index.contains(table.serial[row])
    }
    var (found, taken) = (Set<Placed>(), Set<Placed>())
    for row in bearing.map(Int.init) {
      func places(isLedger: Bool) -> [Placed] {
        [
          Placed(isLedger: isLedger, isOrder: true, key: table.order[row]),
          Placed(isLedger: isLedger, isOrder: false, key: table.serial[row]),
        ]
      }
      switch table.kind[row] {
      case .payment, .credit, .manualCredit:
        let isOfLedger = table.kind[row].isCredit
        found.formUnion(places(isLedger: !isOfLedger))
        taken.formUnion(places(isLedger: isOfLedger))
      // What was given or taken back may have no use for it any more.
      case .refund, .reversal:
        taken.formUnion(places(isLedger: table.kind[row] == .refund))
      // What moved no money is no word that the other side's is its counterpart.
      default: break
      }
    }
    return single.intersection(found).subtracting(taken)
  }

  /// Whether there is a book that is meant.
  func has(_ meant: MeantBooks) -> Bool { !shelves.shelves(meant).isEmpty }

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
  ///   - isOneDay: whether a book is asked to the end of the day the stretch begins in, as it cuts its days,
  ///     where that is later.
  ///   - meant: the books that could hold what is needed.
  ///   - missing: what is wanted where there is none; nil where nothing is needed then.
  ///   - fits: whether a hole could be it.
  func want(
    from: Int64, to: Int64, paid: Int64? = nil, since: Int64? = nil, isOneDay: Bool = false,
    of meant: MeantBooks, orElse missing: Book?, fits: (PlacedHole) -> Bool
  ) -> Want? {
    let shelves = shelves.shelves(meant)
    guard !shelves.isEmpty else { return missing.map { Want($0, from: from, to: to) } }
    for index in shelves.lazy.flatMap(\.distinct) {
      let begin = coverage.books[index].spans.first?.start.seconds ?? from
      var asked = paid.map { begin > from && begin <= $0 } ?? false ? begin : from
      if let since { asked = min(asked, max(begin, since)) }
      let last = isOneDay ? max(to, endOfDay(of: from, index)) : to
      guard !coverage.books[index].covers(from: asked, to: last) else { continue }
      return Want(coverage.books[index].book, from: from, to: last)
    }
    for index in shelves.lazy.flatMap(\.holed) {
      let last = isOneDay ? max(to, endOfDay(of: from, index)) : to
      if let hole = hole(in: index, from: from, to: last, fits) {
        return Want(coverage.books[index].book, from: from, to: last, line: hole.line)
      }
    }
    return nil
  }

  /// The last second of a second's day, as a book cuts its days.
  private func endOfDay(of second: Int64, _ book: Int) -> Int64 {
    let cut = coverage.books[book].cut
    let day = cut.day(of: Timestamp(seconds: second))
    return cut.span(first: day, last: day).end.seconds - 1
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

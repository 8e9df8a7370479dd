/// What the books of a run cover: who may be accused depends on it.
public struct Coverage: Hashable, Sendable {
  /// Every book that is there or expected, each once, in order.
  public private(set) var books: [BookCoverage]
  /// The book of each statement of the run, as an index into ``books``; −1 for lists and for what is held.
  public private(set) var bookOfStatement: [Int]
  /// Whether every list that is expected is there: who is who may be told by one that is not.
  public var hasLists: Bool

  /// Puts books together; several coverages of one book are joined.
  ///
  /// - Parameter statements: the book of each statement of the run; nil for lists and for what is held.
  public init(
    books: [BookCoverage] = [], statements: [Book?] = [], hasLists: Bool = true
  ) {
    var joined: [Book: BookCoverage] = [:]
    for book in books {
      if joined[book.book]?.add(book) == nil { joined[book.book] = book }
    }
    for case let book? in statements where joined[book] == nil {
      joined[book] = BookCoverage(book)
    }
    let sorted = joined.values.sorted { $0.book < $1.book }
    self.books = sorted
    let places = Dictionary(
      uniqueKeysWithValues: sorted.indices.map { (sorted[$0].book, $0) })
    bookOfStatement = statements.map { $0.flatMap { places[$0] } ?? -1 }
    self.hasLists = hasLists
  }

  /// What either covers, for the statements of this one.
  public func joined(with other: Coverage) -> Coverage {
    Coverage(
      books: books + other.books,
      statements: bookOfStatement.map { $0 < 0 ? nil : books[$0].book },
      hasLists: hasLists && other.hasLists)
  }
}

extension Coverage {
  /// One ledger and one book a channel, for both contents.
  public init(ledger: [TimeSpan] = [], channels: [Channel: [TimeSpan]] = [:]) {
    self.init(
      books: [BookCoverage(Book(side: .ledger), spans: ledger)]
        + channels.map { BookCoverage(Book(side: .channel, channel: $0.key), spans: $0.value) })
  }

  /// The first book of the ledger that does not cover every second from `from` to `to`, both included; nil
  /// when all do. Where there is no ledger at all, it is the one that is wanted.
  public func ledgerWants(from: Int64, to: Int64) -> Want? {
    wants(from: from, to: to, orElse: Book(side: .ledger)) { $0.side == .ledger }
  }

  /// The first book that could hold a row of `channel` and does not cover every second from `from` to `to`,
  /// both included; nil when all do.
  ///
  /// A row that names no channel could stand in any.
  public func channelWants(
    _ channel: Channel, _ content: BookContent, from: Int64, to: Int64
  ) -> Want? {
    wants(
      from: from, to: to, orElse: Book(side: .channel, channel: channel, content: content)
    ) { $0.mayHold(channel, content) }
  }

  private func wants(
    from: Int64, to: Int64, orElse missing: Book, _ isMeant: (Book) -> Bool
  ) -> Want? {
    var isThere = false
    for coverage in books where isMeant(coverage.book) {
      isThere = true
      if !coverage.covers(from: from, to: to) { return Want(coverage.book, from: from, to: to) }
    }
    return isThere ? nil : Want(missing, from: from, to: to)
  }

  /// Whether the ledger covers every second from `from` to `to`, both included.
  public func ledgerCovers(from: Int64, to: Int64) -> Bool {
    ledgerWants(from: from, to: to) == nil
  }

  /// Whether the books of `channel` cover every second from `from` to `to`, both included.
  public func channelCovers(_ channel: Channel, from: Int64, to: Int64) -> Bool {
    channelWants(channel, .payments, from: from, to: to) == nil
      && channelWants(channel, .refunds, from: from, to: to) == nil
  }
}

extension Book {
  /// Whether a row of a channel, of one of these kinds, may stand in the book.
  public func mayHold(_ channel: Channel, _ content: BookContent) -> Bool {
    side == .channel && self.channel.fits(channel) && !self.content.isDisjoint(with: content)
  }
}

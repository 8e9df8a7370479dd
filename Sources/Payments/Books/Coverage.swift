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
    var joined = BookCoverage.joined(books.flatMap(\.parts))
    // A row is one of its statement's bill, where that is one.
    let statements = statements.map { $0.map { $0.telling($0.content.parts.first ?? $0.content) } }
    for case let book? in statements where joined[book] == nil {
      joined[book] = BookCoverage(book)
    }
    let split = Coverage.splitContents(&joined)
    let sorted = joined.values.sorted { $0.book < $1.book }
    self.books = sorted
    let places = Dictionary(
      uniqueKeysWithValues: sorted.indices.map { (sorted[$0].book, $0) })
    bookOfStatement = statements.map { $0.flatMap { places[split[$0] ?? $0] } ?? -1 }
    self.hasLists = hasLists
  }

  /// Where an owner's statements tell now both contents and now one, each content is a book of its own: a bill
  /// of both answers for the two of them, two bills of one each answer for what a bill of both would.
  ///
  /// - Returns: which book stands for one of both that is no more.
  private static func splitContents(_ joined: inout [Book: BookCoverage]) -> [Book: Book] {
    var split: [Book: Book] = [:]
    for book in joined.keys where book.content == .both {
      let parts = [BookContent.payments, .refunds].map(book.telling)
      guard parts.contains(where: { joined[$0] != nil }), let whole = joined[book] else { continue }
      for part in parts {
        let coverage = BookCoverage(
          part, spans: whole.spans, holes: whole.holes, cut: whole.cut)
        if joined[part]?.add(coverage) == nil { joined[part] = coverage }
      }
      split[book] = parts[0]
    }
    for book in split.keys { joined[book] = nil }
    return split
  }

  /// The same with the books of these owners that others know, as far as they tell another content.
  private func naming(_ others: Coverage) -> Coverage {
    let mine = Dictionary(grouping: books.map(\.book)) { $0.telling(.both) }
    let named = others.books.map(\.book).filter { other in
      mine[other.telling(.both)]?.contains { $0.content != other.content } ?? false
    }
    return Coverage(
      books: books + named.map { BookCoverage($0) },
      statements: bookOfStatement.map { $0 < 0 ? nil : books[$0].book }, hasLists: hasLists)
  }

  /// Adds what statements of other nights cover to the books of this run.
  ///
  /// A book that this run does not know any more, as its pattern or its merchant has another name now, spoke
  /// for its own days: it lends them to those of its side and channel that were not there yet. A book of
  /// which only the channel is known has what any of that channel had.
  public func adding(known: Coverage) -> Coverage {
    let here = naming(known)
    return here.addingAlike(known.naming(here))
  }

  private func addingAlike(_ known: Coverage) -> Coverage {
    var mine = books
    let (own, same) = (Set(books.map(\.book)), BookCoverage.joined(known.books))
    let siblings = Dictionary(grouping: known.books) { Stream($0.book) }
    let strangers = Dictionary(grouping: known.books.filter { !own.contains($0.book) }) {
      Stream($0.book)
    }
    for index in mine.indices {
      let book = mine[index].book
      var spans = same[book]?.spans ?? []
      let begins = (spans + mine[index].spans).map(\.start).min()
      // A book of which only the channel is known has what any of that channel had.
      let others = (book.owner.isEmpty ? siblings : strangers)[Stream(book)] ?? []
      for other in others
      where !other.book.content.isDisjoint(with: book.content) && other.book != book {
        spans += other.spans.map { span in
          TimeSpan(start: span.start, end: begins.map { min($0, span.end) } ?? span.end)
        }
      }
      mine[index].add(BookCoverage(book, spans: spans))
    }
    return Coverage(
      books: mine.isEmpty ? known.books : mine,
      statements: bookOfStatement.map { $0 < 0 ? nil : books[$0].book }, hasLists: hasLists)
  }

  /// What any of some books covers.
  public func united(_ isMeant: (Book) -> Bool) -> BookCoverage {
    let meant = books.filter { isMeant($0.book) }
    return BookCoverage(
      meant.first?.book ?? Book(side: .ledger), spans: meant.flatMap(\.spans))
  }
}

extension BookCoverage {
  /// The same for every book of its own that is in this one.
  public var parts: [BookCoverage] {
    let parts = book.content.parts
    guard parts.count > 1 else { return [self] }
    return parts.map { BookCoverage(book.telling($0), spans: spans, holes: holes, cut: cut) }
  }
}

/// All books of one side and channel, whoever's they are.
private struct Stream: Hashable {
  let side: Side
  let channel: Channel

  init(_ book: Book) { (side, channel) = (book.side, book.channel) }
}

extension Coverage {
  /// One ledger and one book a channel, for both contents.
  public init(ledger: [TimeSpan] = [], channels: [Channel: [TimeSpan]] = [:]) {
    self.init(
      books: [BookCoverage(Book(side: .ledger), spans: ledger)]
        + channels.map { BookCoverage(Book(side: .channel, channel: $0.key), spans: $0.value) })
  }
}

extension Book {
  /// The books of their own that are in it.
  public var parts: [Book] { content.parts.map(telling) }

  /// The book of the same owner that tells something else.
  public func telling(_ content: BookContent) -> Book {
    Book(side: side, channel: channel, owner: owner, content: content)
  }

  /// Whether a row of a channel, of one of these kinds, may stand in the book.
  public func mayHold(_ channel: Channel, _ content: BookContent) -> Bool {
    side == .channel && self.channel.fits(channel) && !self.content.isDisjoint(with: content)
  }
}

import Payments

/// Which books could hold what a row lacks.
enum MeantBooks: Hashable {
  /// The ledger's, all of them.
  case ledger
  /// Those of a channel that tell payments, or refunds, whoever's they are.
  case channel(Channel, BookContent)
  /// Those of one owner that tell payments, or refunds; he is named by his book of both.
  case owner(Book, BookContent)
}

/// Books that are asked together.
struct BookShelf {
  /// Of books that cover the same and cut their days alike the first one, which answers for all of them: of
  /// thousands of one day there is one to ask.
  private(set) var distinct: [Int] = []
  /// The books with rows that cannot be used.
  private(set) var holed: [Int] = []
  private var seen: Set<Answer> = []

  /// What a book's answer follows from.
  private struct Answer: Hashable {
    let spans: [TimeSpan]
    let cut: DayCut
  }

  fileprivate mutating func add(_ book: BookCoverage, at place: Int) {
    if seen.insert(Answer(spans: book.spans, cut: book.cut)).inserted { distinct.append(place) }
    if !book.holes.isEmpty { holed.append(place) }
  }
}

/// The books of a coverage, put where they are looked for.
struct BookShelves {
  private var shelves: [MeantBooks: BookShelf] = [:]
  /// The channels that have books, in the order of these.
  private var channels: [Channel] = []

  init(_ coverage: Coverage) {
    for (place, known) in coverage.books.enumerated() {
      let book = known.book
      if book.side == .ledger {
        shelves[.ledger, default: BookShelf()].add(known, at: place)
      } else if channels.last != book.channel {
        channels.append(book.channel)
      }
      for content in [BookContent.payments, .refunds] where book.content.contains(content) {
        shelves[.owner(book.telling(.both), content), default: BookShelf()].add(known, at: place)
        guard book.side == .channel else { continue }
        shelves[.channel(book.channel, content), default: BookShelf()].add(known, at: place)
      }
    }
  }

  /// The shelves with books that are meant, in order; none where there is no such book.
  func shelves(_ meant: MeantBooks) -> [BookShelf] {
    guard case .channel(let channel, let content) = meant else {
      return [shelves[meant]].compactMap(\.self)
    }
    return channels.filter { $0.fits(channel) }.compactMap { shelves[.channel($0, content)] }
  }
}

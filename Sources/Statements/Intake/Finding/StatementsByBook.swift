internal import Columns
internal import Payments

/// Statements by whose book they are, for finding those that answer for one without asking each.
struct StatementsByBook {
  private let ofOwner: [Book: Group]
  /// The same whoever's they are, by books without an owner.
  private let ofAnybody: [Book: Group]

  /// Statements that are asked together.
  struct Group {
    /// The places of the statements, in order.
    let places: [Int]
    /// How many say something of a day.
    let touching: DayCounts
    /// How many of those are held.
    let held: DayCounts

    fileprivate init(_ places: [Int], _ statements: [Statement]) {
      self.places = places
      let all = places.map { statements[$0] }
      (touching, held) = (DayCounts(all), DayCounts(all.filter(\.isHeld)))
    }
  }

  /// - Parameter books: the book of each statement; those without any answer for none.
  init(_ statements: [Statement], books: [Book?]) {
    var places: [Book: [Int]] = [:]
    for case (let place, let book?) in books.enumerated() {
      places[book, default: []].append(place)
    }
    ofOwner = places.mapValues { Group($0, statements) }
    ofAnybody = Dictionary(grouping: places.keys) { $0.of("") }.mapValues { books in
      Group(books.flatMap { places[$0] ?? [] }.sorted(), statements)
    }
  }

  /// The statements that answer for a book.
  func groups(answering book: Book) -> [Group] {
    let kinds = ofAnybody.keys.filter { $0.isAnswered(by: book) }
    if book.owner.isEmpty { return kinds.compactMap { ofAnybody[$0] } }
    return kinds.flatMap { kind in
      ["", book.owner].compactMap { ofOwner[kind.of($0)] }
    }
  }
}

extension [StatementsByBook.Group] {
  /// How many of the statements say something of a day.
  func count(on day: BusinessDay) -> Int { reduce(0) { $0 + $1.touching.count(on: day) } }

  /// How many of those are held.
  func heldCount(on day: BusinessDay) -> Int { reduce(0) { $0 + $1.held.count(on: day) } }

  /// The places of all of them, in order.
  var places: [Int] { flatMap(\.places).sorted() }
}

/// How many statements say something of a day.
struct DayCounts {
  /// The first days of the statements, in order, and the last ones.
  private let (firsts, lasts): ([BusinessDay], [BusinessDay])
  /// How many name no days and may be of any.
  private let ofAnyDay: Int

  init(_ statements: [Statement]) {
    let days = statements.compactMap { statement -> (first: BusinessDay, last: BusinessDay)? in
      guard let from = statement.from, let to = statement.to else { return nil }
      return (from, to)
    }
    ofAnyDay = statements.count - days.count
    let ordered = days.filter { $0.first <= $0.last }
    (firsts, lasts) = (ordered.map(\.first).sorted(), ordered.map(\.last).sorted())
  }

  func count(on day: BusinessDay) -> Int {
    ofAnyDay + firsts.firstPlace { $0 > day } - lasts.firstPlace { $0 >= day }
  }
}

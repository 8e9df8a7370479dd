package import History
package import Payments
internal import Statements

/// Books and days as the history tells them.
package struct GridAssembly {
  private let store: HistoryStore
  private let configuration: Configuration
  private let decisions: NightDecisions
  private let first: BusinessDay?

  /// Prepares a grid.
  package init(_ store: HistoryStore, _ configuration: Configuration) throws {
    (self.store, self.configuration) = (store, configuration)
    decisions = try store.nightDecisions()
    first = try store.days().first
  }

  /// The grid of some days.
  ///
  /// - Parameter now: for telling what is not due yet and what was not run; nil for a page, which knows no
  ///   clock: then only days that were run are told.
  package func grid(_ days: [BusinessDay], now: Timestamp?) throws -> BookGrid {
    var nights: [BusinessDay: NightBasis] = [:]
    for day in days { nights[day] = try store.basis(of: day) }
    var books = Set<Book>()
    for night in nights.values {
      // What is told by its channel alone stands in the line of the book that channel has.
      books.formUnion((night.books ?? []).map(\.book))
    }
    if now != nil, let last = days.last {
      books.formUnion(
        configuration.expectedBooks(learned: try store.learnedBooks(before: last)).map(\.book))
    }
    let named = books.filter { book in
      !book.owner.isEmpty || !books.contains { $0.isNamedSibling(of: book) }
    }
    let rows = named.sorted().map { book in
      BookGrid.Row(
        book, cells: days.map { cell(of: book, on: $0, nights[$0], now) },
        due: days.map { configuration.due(book, of: $0) })
    }
    return BookGrid(days: days, rows: rows, lastRun: try lastRun())
  }

  private func cell(
    of book: Book, on day: BusinessDay, _ night: NightBasis?, _ now: Timestamp?
  ) -> BookGrid.Cell {
    guard let night else {
      // Before the first night nobody was asked to run any.
      guard let now, let first, first < day else { return BookGrid.Cell(.none) }
      return BookGrid.Cell(configuration.due(book, of: day) > now ? .awaited : .notRun)
    }
    if night.isWithdrawn { return BookGrid.Cell(.withdrawn) }
    let empty = decisions.all.first {
      $0.act == .acceptMissing && $0.days.contains(day)
        && $0.book.map { book.isSame(as: $0) } == true
    }
    guard let state = (night.books ?? []).first(where: { book.isSame(as: $0.book) }) else {
      return empty.map { BookGrid.Cell(.accepted, who: $0.who) } ?? BookGrid.Cell(.none)
    }
    let accepted = decisions.all.first {
      guard $0.act == .accept, let (sha256, file) = $0.acceptedFile else { return false }
      return night.inputs.contains { $0.hasPrefix(sha256) }
        && state.files.contains { $0 == file || $0.hasPrefix(file + "/") }
    }
    let mark: BookGrid.Mark =
      switch state.state {
      case .whole: accepted != nil ? .accepted : state.isLate == true ? .late : .inTime
      case .doubted: .doubted
      case .held: .held
      case .missing:
        now.map { configuration.due(book, of: day) > $0 } == true ? .awaited : .missing
      }
    return BookGrid.Cell(mark, files: state.files, fault: state.fault, who: accepted?.who)
  }

  /// When reports were laid down last, by the names of their folders.
  private func lastRun() throws -> Timestamp? {
    let times = try store.publications().compactMap { night -> Int64? in
      let parts = night.folder.split(separator: "-")
      return parts.count == 5 ? Int64(parts[3]) : nil
    }
    return times.max().map { Timestamp(seconds: $0 / 1_000_000_000) }
  }
}

extension NightDecision {
  /// SHA-256 and name of the file it is about.
  fileprivate var acceptedFile: (sha256: String, name: String)? {
    sha256.flatMap { sha256 in file.map { (sha256, $0) } }
  }
}

extension Book {
  /// Whether another, of which the owner may not be told, is the same.
  fileprivate func isSame(as other: Book) -> Bool {
    side == other.side && channel == other.channel && content == other.content
      && (owner == other.owner || other.owner.isEmpty)
  }

  /// Whether it tells the owner of a book that does not.
  fileprivate func isNamedSibling(of other: Book) -> Bool {
    !owner.isEmpty && side == other.side && channel == other.channel && content == other.content
  }
}

extension Configuration {
  /// When a book's file of a day is due: where the school says nothing, those of payment platforms at ten in
  /// the morning after, those of banks and of the card system at six.
  func due(_ book: Book, of day: BusinessDay) -> Timestamp {
    let usual: Int64 = book.side == .channel && !book.channel.isBank ? 36_000 : 21_600
    let told =
      book.side == .ledger
      ? ledgerDue : sources.first { $0.channel == book.channel }.flatMap(\.due)
    return Timestamp(seconds: day.adding(1).start.seconds + (told ?? usual))
  }
}

internal import Columns
internal import Payments

// Which statements nobody gave.

extension Intake {
  /// The run's own statements that are no lists.
  ///
  /// A copy of one book's statement under the name of another answers for neither.
  private var given: [IntakeStatement] {
    let mine = statements.filter { !$0.isContext && $0.book != nil }
    guard mine.contains(where: \.statement.isRepeated) else { return mine }
    var issues: [Issues.Days: Issues] = [:]
    for statement in mine { issues[Issues.Days(statement), default: Issues()].add(statement) }
    return mine.filter { statement in
      guard statement.statement.isRepeated, let alike = issues[Issues.Days(statement)] else {
        return true
      }
      // Issues of one book that contradict each other are of that book.
      let isOfAnother = statement.book.map { alike.counts[$0] == 1 } ?? false
      return !isOfAnother || alike.areHeld
    }
  }

  /// Adds a statement for each book and stretch of the run's days that nobody gave.
  mutating func noteMissing(_ options: Options) {
    guard let days else { return }
    let given = self.given
    let expected = expectedBooks(options, given)
    retirements = retirements(of: expected, until: days.upperBound)
    let found = StatementsByBook(given.map(\.statement), books: given.map(\.book))
    // Configurations of before name lists among the ledger's files.
    let lists = Set(statements.filter { !$0.isContext }.compactMap(\.listEntry))
    let asked = expected.filter { !lists.contains($0.book) }.map { book in
      AskedBook(
        book: book, groups: found.groups(answering: book.book),
        unreadable: options.unreadable.filter { $0.entry.map(book.isAnswered) ?? false })
    }
    let used = StatementsByBook(
      statements.map(\.statement), books: statements.map { $0.statement.isHeld ? nil : $0.book })
    let halves = missingContents(given, days)
    let empty = Dictionary(grouping: emptyDays, by: \.day).mapValues { $0.map(\.book) }
    let retired = expected.filter { $0.retired != nil }
    var missing: [IntakeStatement] = []
    for number in days.lowerBound.number...days.upperBound.number {
      let day = BusinessDay(number: number)
      /// Whether a person said that a book has no rows that day, and no statement says otherwise.
      func isEmpty(_ book: Book) -> Bool {
        (empty[day] ?? []).contains { empty in
          book.isAnswered(by: empty) && empty.content.isSuperset(of: book.content)
        }
      }
      let first = missing.count
      for one in asked {
        noteHeld(one, on: day)
        if one.book.isRetired(on: day) || isEmpty(one.book.book) { continue }
        missing += lacks(of: one, on: day, given, options.books == nil ? nil : used)
      }
      let named = Set(missing[first...].compactMap(\.missingBook))
      missing += (halves[day] ?? []).filter { content in
        !named.contains(content) && !isEmpty(content)
          && !retired.contains { $0.isRetired(on: day) && $0.isAnswered(by: content) }
      }.map { IntakeStatement(missing: ExpectedBook($0), day, nil) }
    }
    // What no expected book lacks is still a file that somebody delivered.
    var names = Set(missing.map(\.statement.file))
    for file in options.unreadable where names.insert(file.name).inserted {
      let book = ExpectedBook(file.entry ?? Book(side: .ledger))
      missing.append(IntakeStatement(unreadable: file, of: book, days.lowerBound))
    }
    add(missing + namedAlthoughRetired(expected, found))
  }

  /// Notes that a book has held statements only on a day.
  private mutating func noteHeld(_ asked: AskedBook, on day: BusinessDay) {
    let (all, held) = (asked.groups.count(on: day), asked.groups.heldCount(on: day))
    guard all > 0, all == held else { return }
    unanswered[asked.book.book, default: []].append(TimeSpan(first: day, last: day))
  }

  /// What a day lacks of a book.
  ///
  /// - Parameters:
  ///   - given: the run's own statements.
  ///   - used: the statements that are not held, those for context too; nil where stretches of days are not asked
  ///     for.
  private func lacks(
    of asked: AskedBook, on day: BusinessDay, _ given: [IntakeStatement], _ used: StatementsByBook?
  ) -> [IntakeStatement] {
    if !asked.unreadable.isEmpty {
      return asked.unreadable.map { IntakeStatement(unreadable: $0, of: asked.book, day) }
    }
    if asked.groups.count(on: day) == 0 { return [IntakeStatement(missing: asked.book, day, nil)] }
    guard let used, asked.groups.heldCount(on: day) == 0 else { return [] }
    let mine = asked.groups.places.map { given[$0] }.filter { $0.statement.touches(day) }
    return gaps(of: asked.book, day, mine, used).map {
      IntakeStatement(missing: asked.book, day, $0)
    }
  }

  /// Adds statements that are missing.
  private mutating func add(_ missing: [IntakeStatement]) {
    for statement in missing {
      guard let book = statement.missingBook, let stretch = statement.missingStretch else {
        continue
      }
      unanswered[book, default: []].append(stretch)
    }
    statements += missing.sorted { left, right in
      guard let a = left.missingBook, let b = right.missingBook else { return false }
      return a != b
        ? a < b : (left.statement.from?.number ?? 0) < (right.statement.from?.number ?? 0)
    }
  }

  /// On each day the other halves of bills that tell payments or refunds only.
  private func missingContents(
    _ given: [IntakeStatement], _ days: ClosedRange<BusinessDay>
  ) -> [BusinessDay: [Book]] {
    let halves = Dictionary(grouping: given) { $0.book?.telling(.both) }
      .filter { $0.value.contains { !($0.book?.content.isSuperset(of: .both) ?? false) } }
    var missing: [BusinessDay: [Book]] = [:]
    for case (let book?, let statements) in halves {
      var told: [BusinessDay: BookContent] = [:]
      for statement in statements {
        guard let content = statement.book?.content.intersection(.both), !content.isEmpty,
          let touched = statement.statement.touched(of: days)
        else { continue }
        for number in touched.lowerBound.number...touched.upperBound.number {
          told[BusinessDay(number: number), default: []].formUnion(content)
        }
      }
      for (day, content) in told where content != .both && !content.isEmpty {
        missing[day, default: []].append(book.telling(BookContent.both.subtracting(content)))
      }
    }
    return missing
  }

  /// The stretches of a day that no statement of a book speaks for.
  ///
  /// Where the day is cut elsewhere than at midnight it is the source's day, and what its neighbours say counts
  /// too; of a first day, before which nothing is known, only what is also the calendar's.
  ///
  /// - Parameters:
  ///   - given: the run's own statements of the book and the day.
  ///   - used: the statements that are not held, those for context too.
  private func gaps(
    of book: ExpectedBook, _ day: BusinessDay, _ given: [IntakeStatement], _ used: StatementsByBook
  ) -> [TimeSpan] {
    var asked = TimeSpan(first: day, last: day)
    let cut = given[0].cut
    guard cut != .midnight else { return [asked].without(given.compactMap(\.statement.claim)) }
    let whole = cut.span(first: day, last: day)
    if day == days?.lowerBound, !statements.contains(where: \.isContext) {
      asked = TimeSpan(start: max(asked.start, whole.start), end: min(asked.end, whole.end))
    } else {
      asked = whole
    }
    let others = used.groups(answering: book.book).places.map { statements[$0] }
    return [asked].without((given + others).compactMap(\.statement.claim))
  }

  /// A channel of which every book is retired and which credits name all the same: either it is in use or they
  /// name the wrong one, and nobody but a person can tell.
  ///
  /// On the first day without it credits may still be for payments of the day before.
  private func namedAlthoughRetired(
    _ expected: [ExpectedBook], _ given: StatementsByBook
  ) -> [IntakeStatement] {
    let books = expected.filter { $0.book.side == .channel }
    guard let days, books.contains(where: { $0.retired != nil }) else { return [] }
    var named: [Channel: [BusinessDay: Int]] = [:]
    for (rows, statement) in entries.statement.stretches
    where statements[Int(statement)].statement.side == .ledger
      && !statements[Int(statement)].isContext
    {
      for row in rows where entries.kind[row].isCredit && entries.channel[row] != .unknown {
        let day = Timestamp(seconds: Int64(entries.time[row])).day
        named[entries.channel[row], default: [:]][day, default: 0] += 1
      }
    }
    var found: [IntakeStatement] = []
    for (channel, credits) in named.sorted(by: { $0.key < $1.key }) {
      let mine = books.filter { $0.book.channel.fits(channel) }
      guard var book = mine.max(by: { ($0.retired ?? .last) < ($1.retired ?? .last) }),
        let retired = book.retired
      else { continue }
      book.book = Book(side: .channel, channel: channel)
      for (day, count) in credits.sorted(by: { $0.key < $1.key })
      where days.contains(day) && day > retired {
        guard given.groups(answering: book.book).count(on: day) == 0 else { continue }
        found.append(IntakeStatement(missing: book, day, nil, credits: count))
      }
    }
    return found
  }

  /// From when to when retired books have nothing to tell: while their channel, or the ledger, has another one.
  private func retirements(
    of expected: [ExpectedBook], until last: BusinessDay
  ) -> [(book: ExpectedBook, days: ClosedRange<BusinessDay>)] {
    expected.compactMap { book in
      guard let retired = book.retired else { return nil }
      let others = expected.filter { other in
        other.book.side == book.book.side && other.book.channel == book.book.channel
          && other.book.owner != book.book.owner
      }
      let ends = others.map { min($0.retired ?? .last, last.adding(1)) }
      guard let end = ends.max(), retired < end else { return nil }
      return (book, retired...end.adding(-1))
    }
  }

  /// The books that are expected, besides those of the statements that were given.
  func expectedBooks(_ options: Options, _ given: [IntakeStatement]) -> [ExpectedBook] {
    var expected = options.books ?? []
    var named = Set(options.expected)
    var lastNamed = Channel.unknown
    for row in 0..<entries.count
    where entries.channel[row] != lastNamed && entries.kind[row].isCredit {
      lastNamed = entries.channel[row]
      named.insert(lastNamed)
    }
    named.remove(.unknown)
    for channel in named.sorted()
    where !expected.contains(where: { $0.book.side == .channel && $0.book.channel.fits(channel) }) {
      expected.append(ExpectedBook(Book(side: .channel, channel: channel)))
    }
    if !expected.contains(where: { $0.book.side == .ledger }) {
      expected.append(ExpectedBook(Book(side: .ledger)))
    }
    // A book that was given for some of the days is expected for all of them.
    var known = BookSet(expected.map(\.book))
    for book in Set(given.compactMap(\.book)).sorted() where !known.hasAnswer(for: book) {
      expected.append(ExpectedBook(book))
      known.insert(book)
    }
    return expected.sorted { $0.book < $1.book }
  }
}

/// An expected book and what there is of it.
private struct AskedBook {
  let book: ExpectedBook
  let groups: [StatementsByBook.Group]
  let unreadable: [Intake.UnreadableFile]
}

/// Statements of one channel and the same days.
private struct Issues {
  /// Which those are.
  struct Days: Hashable {
    let book: Book?
    let from: BusinessDay?
    let to: BusinessDay?

    init(_ statement: IntakeStatement) {
      book = statement.book?.ofAnybody
      (from, to) = (statement.statement.from, statement.statement.to)
    }
  }

  /// How many are of each book.
  private(set) var counts: [Book: Int] = [:]
  /// Whether all of them are held.
  private(set) var areHeld = true

  mutating func add(_ statement: IntakeStatement) {
    if let book = statement.book { counts[book, default: 0] += 1 }
    areHeld = areHeld && statement.statement.isHeld
  }
}

extension Statement {
  /// Those of some days that it says anything of; nil for none.
  fileprivate func touched(of days: ClosedRange<BusinessDay>) -> ClosedRange<BusinessDay>? {
    guard let from, let to else { return days }
    let (first, last) = (max(from, days.lowerBound), min(to, days.upperBound))
    return first <= last ? first...last : nil
  }
}

extension BusinessDay {
  /// Later than any day a statement is of.
  fileprivate static var last: BusinessDay { BusinessDay(number: .max / 2) }
}

internal import Columns
public import Payments

// Which books there are, whose each statement is, and what all of them cover.

/// A book a run expects a statement of.
public struct ExpectedBook: Hashable, Sendable {
  /// The book; an empty owner stands for whoever the files name.
  public var book: Book
  /// The file names it is looked for under, for people.
  public var lookedFor: [String]
  /// The first day from which on it is not expected any more; nil for a book in use.
  public var retired: BusinessDay?

  /// Expects a book.
  public init(_ book: Book, lookedFor: [String] = [], retired: BusinessDay? = nil) {
    (self.book, self.lookedFor, self.retired) = (book, lookedFor, retired)
  }

  func isRetired(on day: BusinessDay) -> Bool { retired.map { $0 <= day } ?? false }

  func isAnswered(by other: Book) -> Bool { book.isAnswered(by: other) }
}

extension Book {
  /// Whether it is known what it is of; of an unreadable file it is not.
  fileprivate var isNamed: Bool { side == .ledger || (channel != .unknown && channel != .other) }

  /// Whether a statement of another book answers for it, all or in part; an empty owner stands for anybody.
  func isAnswered(by other: Book) -> Bool {
    guard other.side == side, !other.content.isDisjoint(with: content) else { return false }
    if side == .channel, !other.channel.fits(channel) { return false }
    return owner.isEmpty || other.owner.isEmpty || other.owner == owner
  }
}

extension Intake {
  /// A bank's statement that does not name its bank is of the bank whose file it was named as; one of a
  /// channel that its entry does not mean, and that nobody configured, is held.
  static func takeEntries(_ readings: inout [Reading], _ reconciled: Set<Channel>?) {
    for index in readings.indices {
      // Of what nobody could tell anything its name is believed.
      if let entry = readings[index].entry, readings[index].statement.isHeld,
        readings[index].statement.format.isEmpty, readings[index].statement.channel == .unknown
      {
        (readings[index].statement.side, readings[index].statement.channel) =
          (entry.side, entry.channel)
      }
      guard let entry = readings[index].entry, entry.side == .channel,
        readings[index].statement.side == .channel, !readings[index].statement.isPartial,
        !readings[index].statement.format.isEmpty
      else { continue }
      let found = readings[index].statement.channel
      if found == .bank, entry.channel.isBank {
        rename(&readings[index], entry.channel)
      } else if let reconciled, found != .unknown, found != .other,
        !reconciled.contains(where: { $0.fits(found) })
      {
        readings[index].isStrangers = true
        readings[index].fault(
          .wrongAccountStatement,
          zh: "文件名属于配置中的 \(entry.channel.name)，内容却是 \(found.name) 的账单，配置中没有这个渠道。请确认是否导错。",
          en: "the file is named as a statement of \(entry.channel.name) but is one of "
            + "\(found.name), which the configuration does not have. Was the wrong one exported?")
      }
    }
  }

  /// Gives a statement and its rows another channel.
  static func rename(_ reading: inout Reading, _ channel: Channel) {
    reading.statement.channel = channel
    for row in reading.table.channel.indices { reading.table.channel[row] = channel }
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
    for book in Set(given.compactMap(\.book)).sorted()
    where !expected.contains(where: { $0.isAnswered(by: book) }) {
      expected.append(ExpectedBook(book))
    }
    return expected.sorted { $0.book < $1.book }
  }

  /// Whether a person said that a book has no rows on a day, and no statement says otherwise.
  private func isEmpty(_ book: Book, on day: BusinessDay) -> Bool {
    emptyDays.contains { empty in
      empty.day == day && book.isAnswered(by: empty.book)
        && empty.book.content.isSuperset(of: book.content)
    }
  }

  /// Where the days of a book end.
  func cut(of book: Book) -> DayCut {
    book.side == .ledger ? .midnight : cuts[book.channel] ?? .midnight
  }

  /// Where the days of each channel end: as configured, as its statements say, else as its layout does.
  static func cuts(_ readings: [Reading], _ options: Options) -> [Channel: DayCut] {
    var cuts = options.layoutCuts
    for reading in readings where reading.statement.side == .channel && reading.cut != .midnight {
      cuts[reading.statement.channel] = reading.cut
    }
    return cuts.merging(options.cutoffs) { $1 }
  }

  /// The run's own statements that are no lists.
  ///
  /// A copy of one book's statement under the name of another answers for neither.
  private var given: [IntakeStatement] {
    let mine = statements.filter { !$0.isContext && $0.book != nil }
    return mine.filter { statement in
      guard statement.statement.isRepeated else { return true }
      let alike = mine.filter { other in
        other.book?.side == statement.book?.side && other.book?.channel == statement.book?.channel
          && other.statement.from == statement.statement.from
          && other.statement.to == statement.statement.to
      }
      // Issues of one book that contradict each other are of that book.
      let isOfAnother = alike.count { $0.book == statement.book } == 1
      return !isOfAnother || alike.allSatisfy(\.statement.isHeld)
    }
  }

  /// Adds a statement for each book and stretch of the run's days that nobody gave.
  mutating func noteMissing(_ options: Options) {
    guard let days else { return }
    let given = self.given
    let expected = expectedBooks(options, given)
    retirements = retirements(of: expected, until: days.upperBound)
    var missing: [IntakeStatement] = []
    // A statement is much to copy for a question about its book.
    let books = given.map(\.book)
    let lists = Set(statements.filter { !$0.isContext }.compactMap(\.listEntry))
    for number in days.lowerBound.number...days.upperBound.number {
      let day = BusinessDay(number: number)
      for book in expected {
        let mine = given.indices.filter { index in
          books[index].map(book.isAnswered) ?? false && given[index].statement.touches(day)
        }.map { given[$0] }
        // Configurations of before name lists among the ledger's files.
        if lists.contains(book.book) { continue }
        if !mine.isEmpty, mine.allSatisfy(\.statement.isHeld) {
          unanswered[book.book, default: []].append(TimeSpan(first: day, last: day))
        }
        if book.isRetired(on: day) { continue }
        if isEmpty(book.book, on: day) { continue }
        let unreadable = options.unreadable.filter { $0.entry.map(book.isAnswered) ?? false }
        if !unreadable.isEmpty {
          missing += unreadable.map { IntakeStatement(unreadable: $0, of: book, day) }
        } else if mine.isEmpty {
          missing.append(IntakeStatement(missing: book, day, nil))
        } else if options.books != nil, !mine.contains(where: \.statement.isHeld) {
          let gaps = gaps(of: book, day, cut: mine[0].cut, mine, isFirst: day == days.lowerBound)
          missing += gaps.map { IntakeStatement(missing: book, day, $0) }
        }
      }
      let named = missing.filter { $0.statement.from == day }.compactMap(\.missingBook)
      missing += missingContents(day, given).filter { content in
        !named.contains(content.book) && !isEmpty(content.book, on: day)
          && !expected.contains { $0.isRetired(on: day) && $0.isAnswered(by: content.book) }
      }.map { IntakeStatement(missing: $0, day, nil) }
    }
    // What no expected book lacks is still a file that somebody delivered.
    for file in options.unreadable
    where !missing.contains(where: { $0.statement.file == file.name }) {
      missing.append(
        IntakeStatement(
          unreadable: file, of: ExpectedBook(file.entry ?? Book(side: .ledger)), days.lowerBound))
    }
    missing += namedAlthoughRetired(expected, given)
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

  /// The other half of a bill that tells payments or refunds only.
  private func missingContents(
    _ day: BusinessDay, _ given: [IntakeStatement]
  ) -> [ExpectedBook] {
    var contents: [Book: BookContent] = [:]
    for statement in given where statement.statement.touches(day) {
      guard var book = statement.book else { continue }
      let content = book.content
      book.content = .both
      contents[book, default: []].formUnion(content)
    }
    return contents.filter { $0.value != .both && !$0.value.isEmpty }.map { book, content in
      ExpectedBook(
        Book(
          side: book.side, channel: book.channel, owner: book.owner,
          content: BookContent.both.subtracting(content)))
    }
  }

  /// The stretches of a day that no statement of a book speaks for.
  ///
  /// Where the day is cut elsewhere than at midnight it is the source's day, and what its neighbours say counts
  /// too; of a first day, before which nothing is known, only what is also the calendar's.
  ///
  /// - Parameter given: the run's own statements of the book and the day.
  private func gaps(
    of book: ExpectedBook, _ day: BusinessDay, cut: DayCut, _ given: [IntakeStatement],
    isFirst: Bool
  ) -> [TimeSpan] {
    var asked = TimeSpan(first: day, last: day)
    guard cut != .midnight else { return [asked].without(given.compactMap(\.statement.claim)) }
    let whole = cut.span(first: day, last: day)
    if isFirst, !statements.contains(where: \.isContext) {
      asked = TimeSpan(start: max(asked.start, whole.start), end: min(asked.end, whole.end))
    } else {
      asked = whole
    }
    let others = statements.filter { other in
      !other.statement.isHeld && other.book.map(book.isAnswered) ?? false
    }
    return [asked].without((given + others).compactMap(\.statement.claim))
  }

  /// A channel of which every book is retired and which credits name all the same: either it is in use or they
  /// name the wrong one, and nobody but a person can tell.
  ///
  /// On the first day without it credits may still be for payments of the day before.
  private func namedAlthoughRetired(
    _ expected: [ExpectedBook], _ given: [IntakeStatement]
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
        let isGiven = given.contains { statement in
          statement.book.map(book.isAnswered) ?? false && statement.statement.touches(day)
        }
        if !isGiven { found.append(IntakeStatement(missing: book, day, nil, credits: count)) }
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

  /// What the statements cover, this run's and those that give it context.
  public var coverage: Coverage {
    var books = emptyDays.map { empty in
      let cut = cut(of: empty.book)
      return BookCoverage(
        empty.book, spans: [cut.span(first: empty.day, last: empty.day)], cut: cut)
    }
    for statement in statements {
      guard let book = statement.book else { continue }
      guard !statement.statement.isHeld else {
        // What is held covers nothing; a stranger's statement is no book of the school's.
        if !statement.isStrangers, book.isNamed { books.append(BookCoverage(book)) }
        continue
      }
      let spans = statement.covered.map { [$0] } ?? []
      books.append(
        BookCoverage(book, spans: spans, holes: statement.statement.holes, cut: statement.cut))
      // Of a channel whose owners are named it may be any one's that has none of its own.
      guard book.owner.isEmpty else { continue }
      for other in unanswered.keys
      where other.side == book.side && other.channel == book.channel && !other.owner.isEmpty {
        books.append(BookCoverage(other, spans: spans, holes: statement.statement.holes))
      }
    }
    books += unanswered.keys.map { missing in
      // Whoever's it is, it is missing on its days only.
      let siblings = books.filter { missing.owner.isEmpty && missing.isAnswered(by: $0.book) }
      return BookCoverage(missing, spans: siblings.flatMap(\.spans))
    }
    // Of what is retired there is nothing to tell.
    for (retired, days) in retirements {
      for known in books where known.book.owner == retired.book.owner {
        guard retired.isAnswered(by: known.book) else { continue }
        let span = known.cut.span(first: days.lowerBound, last: days.upperBound)
        books.append(BookCoverage(known.book, spans: [span]))
      }
    }
    // What a book is known to lack, whatever its other statements claim.
    let lost = statements.reduce(into: unanswered) { lost, statement in
      if let book = statement.book { lost[book, default: []] += statement.lost }
    }
    for index in books.indices { books[index].remove(lost[books[index].book] ?? []) }
    return Coverage(
      books: books,
      statements: statements.map { $0.statement.isHeld ? nil : $0.book }, hasLists: hasLists)
  }

  /// Notes statements that are doubted; they cover less from then on.
  public mutating func note(_ doubts: [Doubt]) {
    for doubt in doubts { statements[doubt.statement].note(doubt) }
  }
}

extension BusinessDay {
  /// Later than any day a statement is of.
  fileprivate static var last: BusinessDay { BusinessDay(number: .max / 2) }
}

extension IntakeStatement {
  /// Whether it speaks, used or held, of a stretch of a book.
  public func speaks(of book: Book, in span: TimeSpan) -> Bool {
    guard let mine = self.book, book.isAnswered(by: mine) else { return false }
    guard let claim = statement.claim else { return false }
    return claim.start < span.end && span.start < claim.end
  }
}

extension Statement {
  /// Whether it is left out as another gives the same.
  var isRepeated: Bool {
    faults.contains {
      $0.holds && ($0.kind == .statementDuplicate || $0.kind == .statementReissued)
    }
  }

  /// Whether it says anything of a day; one that names none may be of any.
  func touches(_ day: BusinessDay) -> Bool {
    guard let from, let to else { return true }
    return from <= day && day <= to
  }

  /// The stretch it says everything of: its period, else its days.
  var claim: TimeSpan? {
    if let period { return period }
    guard let from, let to, from <= to else { return nil }
    return TimeSpan(first: from, last: to)
  }
}

internal import Columns
public import Payments

// Which books there are, whose each statement is, and what all of them cover.

extension Book {
  /// Whether it is known what it is of; of an unreadable file it is not.
  fileprivate var isNamed: Bool { side == .ledger || (channel != .unknown && channel != .other) }
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

  /// What the statements cover, this run's and those that give it context.
  public var coverage: Coverage {
    var books = emptyDays.map { empty in
      let cut = cut(of: empty.book)
      return BookCoverage(
        empty.book, spans: [cut.span(first: empty.day, last: empty.day)], cut: cut)
    }
    // Of a channel whose owners are named a statement of nobody's may be any one's that has none of its own.
    let owned = Dictionary(grouping: unanswered.keys.filter { !$0.owner.isEmpty }) { $0.ofAnybody }
    var lent: [Book: (spans: [TimeSpan], holes: [Hole])] = [:]
    for statement in statements {
      guard let book = statement.book else { continue }
      guard !statement.statement.isHeld else {
        // What is held covers nothing; a stranger's statement is no book of the school's.
        if !statement.isStrangers, book.isNamed { books.append(BookCoverage(book)) }
        continue
      }
      let (spans, holes) = (statement.covered.map { [$0] } ?? [], statement.statement.holes)
      books.append(BookCoverage(book, spans: spans, holes: holes, cut: statement.cut))
      guard book.owner.isEmpty, owned[book.ofAnybody] != nil else { continue }
      lent[book.ofAnybody, default: ([], [])].spans += spans
      lent[book.ofAnybody, default: ([], [])].holes += holes
    }
    for (book, lent) in lent {
      books += (owned[book] ?? []).map {
        BookCoverage($0, spans: lent.spans, holes: lent.holes)
      }
    }
    books += unanswered.keys.map { missing in
      guard missing.owner.isEmpty else { return BookCoverage(missing) }
      // Whoever's it is, it is missing on its days only.
      let siblings = books.filter { missing.isAnswered(by: $0.book) }
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
      for part in statement.book?.parts ?? [] { lost[part, default: []] += statement.lost }
    }
    let known = BookCoverage.joined(books.flatMap(\.parts)).values.map { known in
      var known = known
      known.remove(lost[known.book] ?? [])
      return known
    }
    return Coverage(
      books: known,
      statements: statements.map { $0.statement.isHeld ? nil : $0.book }, hasLists: hasLists)
  }

  /// Notes statements that are doubted; they cover less from then on.
  public mutating func note(_ doubts: [Doubt]) {
    for doubt in doubts { statements[doubt.statement].note(doubt) }
  }
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

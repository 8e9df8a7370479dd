import Payments

/// A stretch of a book of which something is gone.
struct Loss: Hashable {
  var book: Book
  var span: TimeSpan
}

/// Whose a book is, whatever it holds.
private struct Owner: Hashable {
  var side: Side
  var channel: Channel
  var owner: String

  init(_ book: Book) { (side, channel, owner) = (book.side, book.channel, book.owner) }
}

/// A school's statements after something happened to them on the way.
struct Damaged {
  var school: School
  /// What is gone, where the trace says so.
  var losses: [Loss] = []
  /// What was done, in words.
  var story: [String] = []
  /// Whether lists are gone: then who is who may be different for everybody.
  var hasLostLists = false
  /// Rows that cannot be used, each with what stands for it.
  var garbled: [Entry: (hole: Hole, held: Entry?)] = [:]
  /// Rows that were damaged without a trace.
  var traceless = 0
  /// The line of the last hole.
  private var lines: UInt32 = 1_000
  /// Whose files were lost, and whose were taken for another's.
  private var lost: Set<Owner> = []
  private var mistaken: Set<Owner> = []

  init(_ school: School) { self.school = school }

  /// One to three things happen, each of which leaves a trace.
  mutating func damage(_ source: inout SeededGenerator) {
    for _ in 0..<source.pick([1, 1, 1, 2, 3]) {
      let places = school.statements.indices.filter { school.statements[$0].book != nil }
      let busy = places.filter { !school.statements[$0].rows.isEmpty }
      let place = source.pick(busy.isEmpty || source.chance(15) ? places : busy)
      switch Int.random(in: 0..<18, using: &source) {
      case 0..<3: lose(place)
      case 3..<6: cutTail(place, &source)
      case 6..<9: cutHead(place, &source)
      case 9..<14: garble(place, &source)
      case 14: split(place, &source)
      case 15: duplicate(place)
      case 16: relabel(place, &source)
      default: loseLists()
      }
    }
  }

  private mutating func note(_ what: String, _ place: Int, _ span: TimeSpan?) {
    guard let book = school.statements[place].book else { return }
    story.append(
      "\(what) \(book.name) of \(school.statements[place].day)"
        + (span.map { ": \($0.start)..<\($0.end)" } ?? ""))
    if let span { losses.append(Loss(book: book, span: span)) }
  }

  // MARK: With a trace

  private mutating func lose(_ place: Int) {
    if let owner = school.statements[place].book.map(Owner.init) {
      if !Gap.mistaken.isOpen, mistaken.contains(owner) { return }
      lost.insert(owner)
    }
    note("lost", place, school.statements[place].span)
    school.statements.remove(at: place)
  }

  /// A tail is gone from a row on; what is covered ends before it.
  private mutating func cutTail(_ place: Int, _ source: inout SeededGenerator) {
    guard let span = school.statements[place].span, !school.statements[place].rows.isEmpty else {
      return
    }
    let rows = school.statements[place].rows
    let first = source.pick(Array(rows.indices))
    let cut = Timestamp(seconds: rows[first].time)
    guard span.start <= cut, cut < span.end else { return }
    note("cut the tail of", place, TimeSpan(start: cut, end: span.end))
    school.statements[place].rows = rows[..<first] + rows[first...].filter { $0.kind == .held }
    school.statements[place].span = TimeSpan(start: span.start, end: cut)
  }

  /// A head is gone up to a row; what is covered begins after it.
  private mutating func cutHead(_ place: Int, _ source: inout SeededGenerator) {
    guard let span = school.statements[place].span, !school.statements[place].rows.isEmpty else {
      return
    }
    let rows = school.statements[place].rows
    let last = source.pick(Array(rows.indices))
    let cut = Timestamp(seconds: rows[last].time + 1)
    guard span.start < cut, cut <= span.end else { return }
    note("cut the head of", place, TimeSpan(start: span.start, end: cut))
    school.statements[place].rows = rows[...last].filter { $0.kind == .held } + rows[(last + 1)...]
    school.statements[place].span = TimeSpan(start: cut, end: span.end)
  }

  /// Rows cannot be used: each leaves a hole with what can still be read, and a held row where that is a key.
  private mutating func garble(_ place: Int, _ source: inout SeededGenerator) {
    for _ in 0..<source.pick([1, 1, 2, 4]) where !school.statements[place].rows.isEmpty {
      let index = source.pick(Array(school.statements[place].rows.indices))
      let row = school.statements[place].rows[index]
      guard row.kind != .held else { continue }
      let span = stretch(around: index, place, &source)
      // No two holes are alike.
      lines += 1
      var hole = Hole(span: span, line: lines)
      if source.chance(50) { hole.fen = row.fen }
      if source.chance(40) { hole.order = row.order }
      if source.chance(40) { hole.serial = row.serial }
      if source.chance(50) { hole.account = row.account }
      if source.chance(50) { hole.student = row.student }
      note("garbled a \(row.kind) in", place, span)
      school.statements[place].rows.remove(at: index)
      school.statements[place].holes.append(hole)
      garbled[row] = (hole, nil)
      guard hole.order != 0 || hole.serial != 0 else { continue }
      var held = Entry(
        kind: .held, channel: row.channel, fen: hole.fen ?? 0, time: span.start.seconds,
        order: hole.order, serial: hole.serial, account: hole.account)
      if source.chance(50) { (held.own, held.time) = (row.own, row.time) }
      held.student = hole.student
      school.statements[place].rows.insert(held, at: index)
      school.statements[place].rows.sort { $0.time < $1.time }
      garbled[row] = (hole, held)
    }
  }

  /// When a garbled row may have happened: its second, between its neighbours, or the whole statement.
  private func stretch(
    around index: Int, _ place: Int, _ source: inout SeededGenerator
  ) -> TimeSpan {
    let statement = school.statements[place]
    let second = Timestamp(seconds: statement.rows[index].time)
    let day = TimeSpan(first: statement.day, last: statement.day)
    switch Int.random(in: 0..<3, using: &source) {
    case 0: return TimeSpan(start: second, end: second.adding(seconds: 1))
    case 1:
      let before = statement.rows[..<index].last?.time ?? day.start.seconds
      let after = statement.rows[(index + 1)...].first.map { $0.time + 1 } ?? day.end.seconds
      return TimeSpan(
        start: Timestamp(seconds: min(before, second.seconds)),
        end: Timestamp(seconds: max(after, second.seconds + 1)))
    default: return day
    }
  }

  /// A file comes in two pieces; each has the rows, usable or not, that happened in its stretch.
  private mutating func split(_ place: Int, _ source: inout SeededGenerator) {
    guard let span = school.statements[place].span,
      let cut = school.statements[place].rows.randomElement(using: &source)?.time,
      span.start.seconds < cut, cut < span.end.seconds
    else { return }
    let (whole, middle) = (school.statements[place], Timestamp(seconds: cut))
    let first = piece(of: whole, TimeSpan(start: span.start, end: middle)) { $0 < cut }
    school.statements[place] = piece(of: whole, TimeSpan(start: middle, end: span.end)) {
      $0 >= cut
    }
    school.statements.insert(first, at: source.chance(50) ? 0 : school.statements.count)
    story.append("split a statement of \(whole.book?.name ?? "-")")
  }

  /// A piece of a statement. What stands for a garbled row goes with it, so that nothing of the row is in the
  /// other piece: where this one is lost, its stretch tells of the row.
  private mutating func piece(
    of whole: Delivered, _ span: TimeSpan, where isMine: (Int64) -> Bool
  ) -> Delivered {
    var piece = whole
    (piece.span, piece.holes) = (span, [])
    piece.rows = whole.rows.filter { row in
      isMine((garbled.first { $0.value.held == row }?.key ?? row).time)
    }
    for hole in whole.holes {
      guard let (row, marks) = garbled.first(where: { $0.value.hole == hole }),
        isMine(row.time)
      else { continue }
      var mine = hole
      if span.start.seconds <= row.time, row.time < span.end.seconds {
        mine.span = TimeSpan(
          start: max(hole.span.start, span.start), end: min(hole.span.end, span.end))
      }
      piece.holes.append(mine)
      garbled[row] = (mine, marks.held)
    }
    return piece
  }

  /// A statement comes twice; the rows of the copy are set aside.
  private mutating func duplicate(_ place: Int) {
    var copy = school.statements[place]
    for row in copy.rows.indices {
      (copy.rows[row].kind, copy.rows[row].rule) = (.excluded, .repeatedStatement)
      guard copy.book?.side == .channel else { continue }
      // The reader clears them of what a channel sets aside.
      (copy.rows[row].account, copy.rows[row].student) = (0, 0)
    }
    (copy.book, copy.span, copy.holes) = (nil, nil, [])
    school.statements.append(copy)
    story.append("doubled a statement")
  }

  /// A statement says that it is another owner's: what it is really of is not there.
  private mutating func relabel(_ place: Int, _ source: inout SeededGenerator) {
    guard let book = school.statements[place].book else { return }
    let others = school.books.filter {
      $0.side == book.side && $0.channel == book.channel && $0.owner != book.owner
        && $0.content == book.content
    }
    guard !others.isEmpty, Gap.mistaken.isOpen || !lost.contains(Owner(book)) else { return }
    mistaken.insert(Owner(book))
    note("took for another's", place, school.statements[place].span)
    school.statements[place].book = source.pick(others)
    (school.statements[place].span, school.statements[place].holes) = (nil, [])
  }

  private mutating func loseLists() {
    guard school.statements.contains(where: { $0.isList && !$0.rows.isEmpty }) else { return }
    school.statements.removeAll(where: \.isList)
    (school.hasLists, hasLostLists) = (false, true)
    story.append("lost the lists")
  }

  // MARK: Without a trace

  /// A changed digit, or a tail of fewer than five rows that nothing tells of.
  mutating func damageWithoutTrace(_ source: inout SeededGenerator) {
    let busy = school.statements.indices.filter {
      school.statements[$0].book != nil && !school.statements[$0].rows.isEmpty
    }
    guard let place = busy.randomElement(using: &source) else { return }
    if source.chance(50) {
      let row = source.pick(Array(school.statements[place].rows.indices))
      school.statements[place].rows[row].fen += source.pick([100, 1_000, 4_000])
      traceless = 1
    } else {
      let rows = school.statements[place].rows
      let count = min(rows.count, Int.random(in: 1...4, using: &source))
      school.statements[place].rows = Array(rows[..<(rows.count - count)])
      traceless = count
    }
  }
}

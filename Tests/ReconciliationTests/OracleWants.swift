import Payments

/// "Who may be accused" of `Judging.md`: which need is not met, and what is waited for.
extension Oracle {
  // MARK: What is waited for

  /// What a finding about a group waits for: what its rows need, and the lists where one of them is keyless.
  func want(of subject: Int, in index: Int) -> Want? {
    want(ofGroup: index) ?? lists(ofKeyless: index, for: subject)
  }

  /// What a leftover waits for: what every row of its group needs, then the lists.
  func want(ofLeftover row: Int) -> Want? {
    guard let group = groupOf[row] else { return lists(for: row) }
    return want(ofGroup: group, leftover: row) ?? lists(for: row)
  }

  /// The first of these leftovers' wants, in this order.
  func want(ofLeftovers rows: [Int]) -> Want? {
    for row in rows {
      if let want = want(ofLeftover: row) { return want }
    }
    return nil
  }

  /// "What every payment, credit, refund and reversal of their group needs", and what the keyless lack that
  /// may have given or taken back one of them.
  func want(ofGroup index: Int, leftover: Int? = nil) -> Want? {
    let group = groups[index]
    let rows = group.payments + group.credits + group.refunds + group.reversals
    for row in canonical(rows) {
      for need in needs(of: row, isLeftover: row == leftover) {
        if let want = unmet(need, comparingAmounts: row == leftover) { return want }
      }
    }
    for row in canonical(Array(keylessWants.keys)) where mayHaveReturned(row, group) {
      return keylessWants[row]
    }
    return nil
  }

  /// "A group of which a payment, refund, credit or reversal has its fen and does not differ from it."
  private func mayHaveReturned(_ keyless: Int, _ group: OracleGroup) -> Bool {
    (group.payments + group.credits + group.refunds + group.reversals).contains {
      $0 != keyless && entries[$0].fen == entries[keyless].fen
        && entries[$0].channel.fits(entries[keyless].channel) && !differ($0, keyless)
    }
  }

  /// "A leftover … needs, after all it needs itself, what its rivals need as leftovers."
  func want(ofRivals row: Int) -> Want? {
    var all: [Int] = []
    var next = [row]
    while let one = next.popLast() {
      for rival in rivals.filter({ $0.row == one }).map(\.rival)
      where rival != row && !all.contains(rival) {
        all.append(rival)
        next.append(rival)
      }
    }
    return want(ofLeftovers: canonical(all))
  }

  /// "What its group needs, what the two need that were joined by what was given back, and the group of the
  /// payment weak evidence gave it."
  func want(ofClosedAccount credit: Int, in group: Int) -> Want? {
    let returned = returnedPairs.first { $0.credit == credit }?.payment
    let payment = pairs.first { $0.credit == credit }?.payment ?? returned
    let other = payment.flatMap { groupOf[$0] }
    return want(ofGroup: group, leftover: credit) ?? lists(ofKeyless: group, for: credit)
      ?? (returned == nil ? nil : want(ofGroup: group) ?? lists(for: credit))
      ?? other.flatMap { $0 == group ? nil : want(ofGroup: $0) }
  }

  /// "Every book of the ledger from the first second of its day": a transfer joins two cards.
  func transfers(ofGroup index: Int) -> Want? {
    for row in canonical(groups[index].payments + groups[index].credits) {
      let time = entries[row].time
      let need = ledger(row, from: Timestamp(seconds: time).day.start.seconds, to: time)
      if let want = unmet(need, comparingAmounts: false) { return want }
    }
    return nil
  }

  /// What `wrong-account` needs of a group, and of the lists for its subject.
  func want(ofWrongAccount subject: Int, in index: Int) -> Want? {
    want(ofGroup: index) ?? transfers(ofGroup: index) ?? lists(for: subject)
  }

  /// "What is said of a group with a keyless row needs that no list that is expected is missing."
  func lists(ofKeyless index: Int, for subject: Int) -> Want? {
    groups[index].rows.contains(where: keyless.contains) ? lists(for: subject) : nil
  }

  /// "That no list that is expected is missing."
  func lists(for row: Int) -> Want? {
    let time = entries[row].time
    return coverage.hasLists ? nil : Want(nil, from: time, to: time)
  }

  /// What is missing of a need, or nil when it is met.
  func unmet(_ need: OracleNeed, comparingAmounts: Bool) -> Want? {
    if need.books.isEmpty { return Want(need.missing, from: need.from, to: need.to) }
    for index in need.books {
      let book = coverage.books[index]
      guard let asked = asked(of: book, need) else { continue }
      let to = need.isOneDay ? asked.to : need.to
      if !isCovered(asked, by: book) { return Want(book.book, from: need.from, to: to) }
    }
    for index in need.books {
      let book = coverage.books[index]
      var asked = need
      if need.isOneDay { asked.to = max(need.to, endOfDay(need.from, book)) }
      let fitting = book.holes.filter {
        fits($0, of: book.book, asked, comparingAmounts: comparingAmounts || need.reachesBack)
      }
      if let line = fitting.map(\.line).min() {
        return Want(book.book, from: need.from, to: asked.to, line: line)
      }
    }
    return nil
  }

  private func endOfDay(_ time: Int64, _ book: BookCoverage) -> Int64 {
    let day = book.cut.day(of: Timestamp(seconds: time))
    return book.cut.span(first: day, last: day).end.seconds - 1
  }

  /// What is asked of one book: from its beginning on, or to its end, where the need says so; nil for nothing.
  private func asked(of book: BookCoverage, _ need: OracleNeed) -> OracleNeed? {
    var need = need
    if need.isOneDay { need.to = max(need.to, endOfDay(need.from, book)) }
    guard let begin = book.spans.map(\.start.seconds).min(),
      !book.spans.isEmpty
    else { return need }
    var asked = need
    if need.reachesBack, begin <= need.to { asked.from = max(need.from, begin) }
    return asked
  }

  /// Whether a book covers what is asked of it; "for holes both are asked from e".
  private func isCovered(_ asked: OracleNeed, by book: BookCoverage) -> Bool {
    var from = asked.from
    if let begin = book.spans.map(\.start.seconds).min() {
      if let paid = asked.paid, begin <= paid { from = max(from, begin) }
      if let since = asked.since { from = min(from, max(begin, since)) }
    }
    return book.spans.contains { $0.start.seconds <= from && asked.to < $0.end.seconds }
  }

  /// Whether the person of a hole is unread, unnamed by the row, or the row's: "where the two do not differ".
  private func mayName(_ hole: Hole, _ row: Int) -> Bool {
    !differ(naming(of: hole), namings[row])
  }

  private func fits(
    _ hole: Hole, of book: Book, _ need: OracleNeed, comparingAmounts: Bool
  ) -> Bool {
    let entry = entries[need.row]
    guard hole.span.start.seconds <= need.to, hole.span.end.seconds > need.from else {
      return false
    }
    // "The credit a reversal names and that is not there."
    if book.side == .ledger, entry.kind == .reversal, entry.original != 0,
      groupOf[need.row].map({ groups[$0].credits.isEmpty }) ?? true, mayName(hole, need.row)
    {
      return true
    }
    if isPlaced(hole, in: book) {
      // The group that bears its key, and nobody else but a keyless row that looks back.
      let mine = groupOf[need.row].map { groups[$0].rows } ?? [need.row]
      let isOurs = mine.contains { other in
        hole.order != 0 && entries[other].order == hole.order
          || hole.serial != 0 && entries[other].serial == hole.serial
      }
      if isOurs || !need.reachesBack { return isOurs }
    }
    let mayShareOrder =
      !hole.isKeyless && entry.order != 0 && [0, entry.order].contains(hole.order)
    let mayShareSerial =
      !hole.isKeyless && entry.serial != 0 && [0, entry.serial].contains(hole.serial)
    let isPerson = mayName(hole, need.row)
    let fen = comparingAmounts ? hole.fen : nil
    let isPart = need.isReturn && fen.map { $0 <= entry.fen } ?? false
    let isOverSum =
      comparingAmounts && fen == nil && !need.isReturn
      && hole.upTo.map { open(need.row) > $0 } ?? false
    let isAmount =
      fen == nil && !isOverSum || fen == entry.fen || fen == open(need.row) || isPart
    if mayShareOrder || mayShareSerial { return isPerson || isAmount }
    return isPerson && isAmount
  }

  /// Whether a usable row of the other side that moved money bears the hole's order or serial, and no payment or
  /// credit and no other hole of its own side does.
  private func isPlaced(_ hole: Hole, in book: Book) -> Bool {
    isPlaced(hole, in: book, \.order, \.order) || isPlaced(hole, in: book, \.serial, \.serial)
  }

  private func isPlaced(
    _ hole: Hole, in book: Book, _ keyOfHole: KeyPath<Hole, KeyHash>,
    _ keyOfRow: KeyPath<Entry, KeyHash>
  ) -> Bool {
    let key = hole[keyPath: keyOfHole]
    let bearing = entries.indices.filter { row in
      let kind = entries[row].kind
      return key != 0 && groupOf[row] != nil && entries[row][keyPath: keyOfRow] == key
        && (kind.isChannelMoney || kind.isCredit || kind == .reversal)
    }.map { entries[$0] }
    let isTaken = bearing.contains {
      $0.side == book.side && ($0.kind == .payment || $0.kind.isCredit)
    }
    // "And no refund or reversal of the other": what was given or taken back may have no use for it.
    let isReturned = bearing.contains {
      $0.side != book.side && ($0.kind == .refund || $0.kind == .reversal)
    }
    return !isTaken && !isReturned && bearing.contains { $0.side != book.side }
      && !hasRivals(hole, in: book, keyOfHole)
  }

  /// Whether another hole of the same side bears the key. Where a bill of both contents stands for two books,
  /// its hole is in both of them.
  private func hasRivals(_ hole: Hole, in book: Book, _ key: KeyPath<Hole, KeyHash>) -> Bool {
    var rivals: [(book: Book, hole: Hole)] = []
    for other in coverage.books where other.book.side == book.side {
      rivals += other.holes.filter { $0[keyPath: key] == hole[keyPath: key] }
        .map { (other.book, $0) }
    }
    let isOne =
      rivals.allSatisfy { $0.hole == hole && isOneOwner($0.book, book) }
      && Set(rivals.map(\.book)).count == rivals.count
    return !isOne
  }
}

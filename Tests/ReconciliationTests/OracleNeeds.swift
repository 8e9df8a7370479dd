import Payments

/// What a row needs of the other book, or of its own, before anybody is accused.
struct OracleNeed {
  /// The row that needs it.
  var row: Int
  /// From this second on.
  var from: Int64
  /// To this one, included.
  var to: Int64
  /// The books meant, as indices into the coverage's.
  var books: [Int]
  /// The book that is wanted where none is meant.
  var missing: Book
  /// A book that begins not after this is asked from its beginning on.
  var paid: Int64?
  /// A book is asked from here on, as far as it had begun.
  var since: Int64?
  /// What took the row back is looked for, all or part of it.
  var isReturn = false
}

/// "Who may be accused" of `Judging.md`.
extension Oracle {
  // MARK: What a row needs

  /// N1 to N9, in this order.
  ///
  /// - Parameter isLeftover: whether the row is the leftover itself.
  func needs(of row: Int, isLeftover: Bool) -> [OracleNeed] {
    switch entries[row].kind {
    case .payment: [creditOfPayment(row), ownRefunds(row)].compactMap { $0 }
    case .credit, .manualCredit: paymentsOfCredit(row, isLeftover) + [restOfDay(row)]
    case .refund: [reversalOfRefund(row), ownPayments(row)]
    case .reversal:
      refundsOfReversal(row, isLeftover) + paymentsOfReversal(row, isLeftover) + [wholeDay(row)]
    default: []
    }
  }

  /// N1.
  private func creditOfPayment(_ row: Int) -> OracleNeed {
    let entry = entries[row]
    return ledger(
      row, from: entry.time - rules.clockToleranceSeconds,
      to: rules.creditDeadline(paidAt: entry.time, channel: entry.channel))
  }

  /// N2: nothing is needed where the owner of the statement has no refunds.
  private func ownRefunds(_ row: Int) -> OracleNeed? {
    let entry = entries[row]
    let to = ownDay(row) + 86_399
    guard let own = bookOfStatement(of: row) else {
      var need = channels(row, entry.channel, .refunds, from: entry.time, to: to)
      need.isReturn = true
      return need
    }
    let books = books { isOneOwner($0, own) && $0.content.contains(.refunds) }
    guard !books.isEmpty else { return nil }
    return OracleNeed(
      row: row, from: entry.time, to: to, books: books, missing: own, isReturn: true)
  }

  /// N3, once for every channel the credit may have been paid on.
  private func paymentsOfCredit(_ row: Int, _ isLeftover: Bool) -> [OracleNeed] {
    let time = entries[row].time
    let paid = isLeftover ? nil : groupOf[row].map { groups[$0].payments.map { entries[$0].time } }
    return channelsMeant(by: row, isLeftover).map { channel in
      var need = channels(
        row, channel, .payments, from: earliest(time, channel),
        to: time + rules.clockToleranceSeconds)
      need.paid = paid?.min()
      if isLeftover {
        need.since = Timestamp(seconds: time).day.adding(-1).start.seconds
      }
      return need
    }
  }

  /// How far back a payment for a credit may lie: maintenance holds credits up.
  private func earliest(_ time: Int64, _ channel: Channel) -> Int64 {
    let plain = time - rules.windowSeconds(channel)
    guard let maintenance = rules.maintenance else { return plain }
    let midnight = Timestamp(seconds: time).day.start.seconds
    let (begin, end) = (midnight + maintenance.lowerBound, midnight + maintenance.upperBound)
    let isHeldUp = begin <= time && time <= end + rules.promiseSeconds(channel)
    return isHeldUp ? min(plain, begin - rules.maintenanceLeadSeconds) : plain
  }

  /// N9: what a reversal takes back, or that it was posted again.
  private func wholeDay(_ row: Int) -> OracleNeed {
    let day = Timestamp(seconds: entries[row].time).day
    return ledger(row, from: day.start.seconds, to: lastSecondOfDay(entries[row].time))
  }

  /// N4: what was posted may have been taken back.
  private func restOfDay(_ row: Int) -> OracleNeed {
    let time = entries[row].time
    var need = ledger(row, from: time, to: lastSecondOfDay(time))
    need.isReturn = true
    return need
  }

  /// N5.
  private func reversalOfRefund(_ row: Int) -> OracleNeed {
    let time = entries[row].time
    return ledger(
      row, from: time - rules.refundWindowSeconds, to: time + rules.refundWindowSeconds)
  }

  /// N7.
  private func refundsOfReversal(_ row: Int, _ isLeftover: Bool) -> [OracleNeed] {
    let time = entries[row].time
    return channelsMeant(by: row, isLeftover).map { channel in
      var need = channels(
        row, channel, .refunds, from: time - rules.refundWindowSeconds,
        to: time + rules.refundWindowSeconds)
      need.since = dayBefore(ofReversal: row)
      return need
    }
  }

  /// N8.
  private func paymentsOfReversal(_ row: Int, _ isLeftover: Bool) -> [OracleNeed] {
    let time = entries[row].time
    return channelsMeant(by: row, isLeftover).map { channel in
      var need = channels(
        row, channel, .payments, from: Timestamp(seconds: time).day.start.seconds, to: time)
      need.since = dayBefore(ofReversal: row)
      return need
    }
  }

  /// "Where its group has no payment, from the day before on."
  private func dayBefore(ofReversal row: Int) -> Int64? {
    if let group = groupOf[row], !groups[group].payments.isEmpty { return nil }
    return Timestamp(seconds: entries[row].time).day.adding(-1).start.seconds
  }

  /// N6, and what `orphan-refund` needs: "its own payments", from the start of the refund's day.
  func ownPayments(_ row: Int) -> OracleNeed {
    let entry = entries[row]
    let from = ownDay(row)
    if let own = bookOfStatement(of: row) {
      let books = books { isOneOwner($0, own) && $0.content.contains(.payments) }
      if !books.isEmpty {
        return OracleNeed(row: row, from: from, to: entry.time, books: books, missing: own)
      }
    }
    return channels(row, entry.channel, .payments, from: from, to: entry.time)
  }

  // MARK: Books

  private func books(_ isMeant: (Book) -> Bool) -> [Int] {
    coverage.books.indices.filter { isMeant(coverage.books[$0].book) }
  }

  private func ledger(_ row: Int, from: Int64, to: Int64) -> OracleNeed {
    OracleNeed(
      row: row, from: from, to: to, books: books { $0.side == .ledger },
      missing: Book(side: .ledger))
  }

  private func channels(
    _ row: Int, _ channel: Channel, _ content: BookContent, from: Int64, to: Int64
  ) -> OracleNeed {
    let books = books { book in
      book.side == .channel && book.channel.fits(channel)
        && !book.content.intersection(content).isEmpty
    }
    return OracleNeed(
      row: row, from: from, to: to, books: books,
      missing: Book(side: .channel, channel: channel, content: content))
  }

  private func bookOfStatement(of row: Int) -> Book? {
    let statement = Int(entries[row].statement)
    guard statement < coverage.bookOfStatement.count else { return nil }
    let index = coverage.bookOfStatement[statement]
    return index < 0 ? nil : coverage.books[index].book
  }

  /// The first second of the day a channel's row is of, as the book of its statement cuts it.
  private func ownDay(_ row: Int) -> Int64 {
    let (time, statement) = (entries[row].time, Int(entries[row].statement))
    let index =
      statement < coverage.bookOfStatement.count ? coverage.bookOfStatement[statement] : -1
    let second = index < 0 ? 0 : coverage.books[index].cut.secondOfDay
    let start = Timestamp(seconds: time).day.start.seconds
    let ends = [-1, 0, 1, 2].map { start + $0 * 86_400 + second }
    let last = ends.last { $0 <= time } ?? start
    return last
  }

  private func isOneOwner(_ left: Book, _ right: Book) -> Bool {
    left.side == right.side && left.channel == right.channel && left.owner == right.owner
  }

  /// The channel a ledger row names, else those of the payments of its group where it is not the leftover
  /// itself, else any.
  private func channelsMeant(by row: Int, _ isLeftover: Bool) -> [Channel] {
    guard entries[row].channel == .unknown, !isLeftover, let group = groupOf[row] else {
      return [entries[row].channel]
    }
    let some = groups[group].payments.map { entries[$0].channel }
    return some.isEmpty ? [.unknown] : some
  }

  private func lastSecondOfDay(_ time: Int64) -> Int64 {
    Timestamp(seconds: time).day.adding(1).start.seconds - 1
  }

  // MARK: What is waited for

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

  /// "What every payment, credit, refund and reversal of their group needs."
  func want(ofGroup index: Int, leftover: Int? = nil) -> Want? {
    let group = groups[index]
    let rows = group.payments + group.credits + group.refunds + group.reversals
    for row in canonical(rows) {
      for need in needs(of: row, isLeftover: row == leftover) {
        if let want = unmet(need, comparingAmounts: row == leftover) { return want }
      }
    }
    return nil
  }

  /// "What its group needs, and the group of the payment weak evidence gave it."
  func want(ofClosedAccount credit: Int, in group: Int) -> Want? {
    let payment = pairs.first { $0.credit == credit }?.payment
    let other = payment.flatMap { groupOf[$0] }
    return want(ofGroup: group) ?? other.flatMap { $0 == group ? nil : want(ofGroup: $0) }
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
      var from = need.from
      if let paid = need.paid, let begin = book.spans.map(\.start.seconds).min(), begin <= paid {
        from = max(from, begin)
      }
      if let since = need.since, let begin = book.spans.map(\.start.seconds).min() {
        from = min(from, max(begin, since))
      }
      let isCovered = book.spans.contains {
        $0.start.seconds <= from && need.to < $0.end.seconds
      }
      if !isCovered { return Want(book.book, from: need.from, to: need.to) }
    }
    for index in need.books {
      let book = coverage.books[index]
      let fitting = book.holes.filter {
        fits($0, of: book.book, need, comparingAmounts: comparingAmounts)
      }
      if let line = fitting.map(\.line).min() {
        return Want(book.book, from: need.from, to: need.to, line: line)
      }
    }
    return nil
  }

  /// Whether the person of a hole is unread, unnamed by the row, or the row's.
  private func mayName(_ hole: Hole, _ entry: Entry) -> Bool {
    let named = [hole.account, hole.student].filter { $0 != 0 }
    return named.isEmpty || entry.names.isEmpty || samePerson(named, entry.names)
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
      groupOf[need.row].map({ groups[$0].credits.isEmpty }) ?? true, mayName(hole, entry)
    {
      return true
    }
    if isBorne(hole, of: book) {
      // It is placed: the group that bears its key, and nobody else.
      let mine = groupOf[need.row].map { groups[$0].rows } ?? [need.row]
      return mine.contains { other in
        hole.order != 0 && entries[other].order == hole.order
          || hole.serial != 0 && entries[other].serial == hole.serial
      }
    }
    let mayShareOrder = entry.order != 0 && [0, entry.order].contains(hole.order)
    let mayShareSerial = entry.serial != 0 && [0, entry.serial].contains(hole.serial)
    let isPerson = mayName(hole, entry)
    let fen = comparingAmounts ? hole.fen : nil
    let isPart = need.isReturn && fen.map { $0 <= entry.fen } ?? false
    let isAmount = fen == nil || fen == entry.fen || fen == open(need.row) || isPart
    if mayShareOrder || mayShareSerial { return isPerson || isAmount }
    return isPerson && isAmount
  }

  /// Whether a usable row of the other side bears the hole's order or serial, and no payment or credit of its own
  /// side does: then a held row stands for it in that row's group, and it speaks of nobody else.
  private func isBorne(_ hole: Hole, of book: Book) -> Bool {
    func isBorne(_ key: KeyHash, _ field: (Entry) -> KeyHash) -> Bool {
      let bearing = entries.indices.filter { row in
        key != 0 && groupOf[row] != nil && entries[row].kind != .held && field(entries[row]) == key
      }.map { entries[$0] }
      let isTaken = bearing.contains {
        $0.side == book.side && ($0.kind == .payment || $0.kind.isCredit)
      }
      return !isTaken && bearing.contains { $0.side != book.side }
    }
    return isBorne(hole.order, \.order) || isBorne(hole.serial, \.serial)
  }
}

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
  /// Each book is asked to the end of the day it begins in, as the book cuts its days, where that is later.
  var isOneDay = false
  /// A keyless row's from the refund reach on: "each book from its beginning on where that is later and not
  /// after t; there the amount counts".
  var reachesBack = false
  /// What took the row back is looked for, all or part of it.
  var isReturn = false
}

/// "Who may be accused" of `Judging.md`.
extension Oracle {
  // MARK: What a row needs

  /// N1 to N9, in this order; of a keyless row those from the refund reach on follow N6 and N9.
  ///
  /// - Parameter isLeftover: whether the row is the leftover itself.
  func needs(of row: Int, isLeftover: Bool) -> [OracleNeed] {
    switch entries[row].kind {
    case .payment: [creditOfPayment(row), ownRefunds(row)].compactMap { $0 }
    case .credit, .manualCredit:
      paymentsOfCredit(row, isLeftover) + laterPayments(row, isLeftover)
        + refundsOfCredit(row, isLeftover)
        + [restOfDay(row, isLeftover)]
    case .refund: [reversalOfRefund(row)] + reachingToo(ownPayments(row)) + links(ofKeyless: row)
    case .reversal:
      refundsOfReversal(row, isLeftover) + paymentsOfReversal(row, isLeftover)
        + reachingToo(wholeDay(row))
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

  /// N3k: "as a key joins whatever the time", past midnight too.
  private func laterPayments(_ row: Int, _ isLeftover: Bool) -> [OracleNeed] {
    guard isLeftover, entries[row].order != 0 || entries[row].serial != 0 else { return [] }
    let time = entries[row].time
    var need = channels(
      row, entries[row].channel, .payments, from: time, to: time + rules.refundWindowSeconds)
    need.isOneDay = true
    return [need]
  }

  /// N3r, only of a leftover and only where there is such a book.
  private func refundsOfCredit(_ row: Int, _ isLeftover: Bool) -> [OracleNeed] {
    guard isLeftover else { return [] }
    let time = entries[row].time
    var need = channels(row, entries[row].channel, .refunds, from: time, to: time)
    (need.isOneDay, need.isReturn) = (true, true)
    return need.books.isEmpty ? [] : [need]
  }

  /// How far back a payment for a credit may lie: maintenance holds the credits of banks up.
  private func earliest(_ time: Int64, _ channel: Channel) -> Int64 {
    let plain = time - rules.windowSeconds(channel)
    let mayBeBank = channel == .unknown || channel.isBank
    guard mayBeBank, let maintenance = rules.maintenance else { return plain }
    let midnight = Timestamp(seconds: time).day.start.seconds
    let (begin, end) = (midnight + maintenance.lowerBound, midnight + maintenance.upperBound)
    let isHeldUp = begin <= time && time <= end + rules.promiseSeconds(channel)
    return isHeldUp ? min(plain, begin - rules.maintenanceLeadSeconds) : plain
  }

  /// N9: what a reversal takes back, or that it was posted again.
  private func wholeDay(_ row: Int) -> OracleNeed {
    let time = entries[row].time
    let day = Timestamp(seconds: time).day.start.seconds
    return ledger(row, from: day, to: lastSecondOfDay(time))
  }

  /// N4: what was posted may have been taken back, or (a leftover) posted again.
  private func restOfDay(_ row: Int, _ isLeftover: Bool) -> OracleNeed {
    let time = entries[row].time
    let from = isLeftover ? Timestamp(seconds: time).day.start.seconds : time
    var need = ledger(row, from: from, to: lastSecondOfDay(time))
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

  /// N6 and N9: "where it is keyless, then [t − refund reach, t]".
  private func reachingToo(_ need: OracleNeed) -> [OracleNeed] {
    guard keyless.contains(need.row) else { return [need] }
    var back = need
    back.to = lastSecond(need.row)
    back.from = back.to - rules.refundReachSeconds
    back.reachesBack = true
    return [need, back]
  }

  /// N6: "and, if it names somebody, the ledger": its rows link numbers.
  private func links(ofKeyless row: Int) -> [OracleNeed] {
    if namesNobody(row) { return [] }
    return reachingToo(wholeDay(row)).filter(\.reachesBack)
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

  func ledger(_ row: Int, from: Int64, to: Int64) -> OracleNeed {
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

  func isOneOwner(_ left: Book, _ right: Book) -> Bool {
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
}

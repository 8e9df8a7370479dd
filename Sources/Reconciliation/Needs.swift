internal import Columns
import Payments

extension Judge {
  /// What a leftover waits for; nil when it may be accused.
  func want(_ row: Int32, group: Int) -> Want? {
    want(group: group, leftover: row) ?? wantOfUnsure(group) ?? wantOfLists(row)
  }

  /// What a keyless row waits for that may belong with a row of a group: what it took back is not
  /// sure yet.
  func wantOfUnsure(_ group: Int) -> Want? {
    guard !unsure.wants.isEmpty else { return nil }
    let rows = groups[group].rows.filter { row in
      switch kind(row) {
      case .payment, .refund, .credit, .manualCredit, .reversal: true
      default: false
      }
    }
    return unsure.want(ofAnyWith: Set(rows.map { fen($0) })) { one in
      rows.contains { row in
        row != one && fen(row) == fen(one) && channel(row).fits(channel(one)) && !differ(row, one)
      }
    }
  }

  /// Who is who decides what a keyless row belongs with.
  func wantOfKeylessLists(_ group: Int, _ subject: Int32) -> Want? {
    let hasKeyless = !keyless.isEmpty && groups[group].rows.contains { keyless.contains($0) }
    return hasKeyless ? wantOfLists(subject) : nil
  }

  /// What a finding about a whole group waits for; nil when it may be said.
  ///
  /// - Parameter leftover: the row the finding is about, where it is one that nothing answered.
  func want(group: Int, leftover: Int32? = nil) -> Want? {
    want(in: groups[group], leftover: leftover)
  }

  private func want(in group: GroupCase, leftover: Int32? = nil) -> Want? {
    group.rows.lazy.compactMap { self.want(of: $0, in: group, leftover: leftover) }.first
  }

  /// A transfer earlier in the day may tell that two cards are one person's.
  func wantOfTransfers(_ group: Int) -> Want? {
    let group = groups[group]
    return group.rows.lazy.filter { self.kind($0) == .payment || self.kind($0).isCredit }
      .compactMap {
        self.ledgerWant(
          $0, in: group, from: self.startOfDay($0), to: self.time($0), isLeftover: false)
      }.first
  }

  /// Lists tell who is who: without one that is expected nobody is a stranger yet.
  func wantOfLists(_ row: Int32) -> Want? {
    books.coverage.hasLists ? nil : Want(nil, from: time(row), to: time(row))
  }

  /// What a refund without its payment waits for.
  func wantOfOrphan(_ refund: Int32, in group: Int) -> Want? {
    ownWant(
      refund, .payments, in: groups[group], from: startOfOwnDay(refund), to: time(refund),
      isLeftover: false)
  }

  /// What a credit to a closed account waits for: what its group needs, and that of the payment weak evidence
  /// gave it. It may have been taken back, and its payment too.
  func wantOfClosedAccount(_ credit: Int32, in group: Int) -> Want? {
    if let want = want(group: group, leftover: credit) ?? wantOfUnsure(group)
      ?? wantOfKeylessLists(group, credit)
    {
      return want
    }
    let returned = returnedPairs.first { $0.credit == credit }?.group
    // What would be said of these two may be what waits.
    if let want = returned.flatMap({ _ in want(group: group) ?? wantOfLists(credit) }) {
      return want
    }
    guard let other = pairs.first(where: { $0.credit == credit })?.group ?? returned, other != group
    else { return nil }
    return want(group: other) ?? wantOfUnsure(other)
  }

  /// The same of an ordinary pair, which has no group.
  func wantOfClosedAccount(ordinary payment: Int32, _ credit: Int32) -> Want? {
    let rows = [payment, credit].sorted(by: table.precedes)
    let pair = GroupCase(rows: rows, payments: [payment], credits: [credit])
    return want(in: pair, leftover: credit)
  }

  private func want(of row: Int32, in group: GroupCase, leftover: Int32?) -> Want? {
    let reach = rules.refundWindowSeconds
    let isLeftover = row == leftover
    switch kind(row) {
    case .payment:
      return ledgerWant(
        row, in: group, from: time(row) - rules.clockToleranceSeconds, to: deadline(row),
        isLeftover: isLeftover)
        ?? ownWant(
          row, .refunds, in: group, from: time(row), to: endOfOwnDay(row),
          isLeftover: isLeftover, isReturn: true)
    case .credit, .manualCredit:
      return channelWant(row, .payments, in: group, isLeftover: isLeftover) { channel in
        (
          rules.earliestPayment(creditedAt: time(row), channel: channel),
          time(row) + rules.clockToleranceSeconds
        )
      }
        ?? (isLeftover ? wantOfLeftover(credit: row, in: group) : nil)
        ?? ledgerWant(
          row, in: group, from: isLeftover ? startOfDay(row) : time(row), to: endOfDay(row),
          isLeftover: isLeftover, isReturn: true)
    case .refund:
      return ledgerWant(
        row, in: group, from: time(row) - reach, to: time(row) + reach, isLeftover: isLeftover)
        ?? ownWant(
          row, .payments, in: group, from: startOfOwnDay(row), to: time(row),
          isLeftover: isLeftover)
        ?? (keyless.contains(row) ? wantFromReach(row, in: group) : nil)
    case .reversal:
      return channelWant(row, .refunds, in: group, isLeftover: isLeftover) { _ in
        (time(row) - reach, time(row) + reach)
      }
        ?? channelWant(row, .payments, in: group, isLeftover: isLeftover) { _ in
          (startOfDay(row), time(row))
        }
        ?? ledgerWant(
          row, in: group, from: startOfDay(row), to: endOfDay(row), isLeftover: isLeftover)
        ?? (keyless.contains(row) ? wantFromReach(row, in: group) : nil)
    default: return nil
    }
  }

  /// What a credit that stands alone needs besides: a key joins it whatever the time, be it past midnight, and
  /// what it was for may have been refunded.
  private func wantOfLeftover(credit row: Int32, in group: GroupCase) -> Want? {
    let isKeyed = table.order[Int(row)] != 0 || table.serial[Int(row)] != 0
    let later =
      isKeyed
      ? channelWant(
        row, .payments, in: group, isLeftover: true, isOneDay: true
      ) { _ in
        (time(row), time(row) + rules.refundWindowSeconds)
      } : nil
    return later
      ?? channelWant(
        row, .refunds, in: group, isLeftover: true, isOneDay: true, isReturn: true
      ) { _ in
        (time(row), time(row))
      }
  }

  /// What a refund or reversal without a key needs: that nothing else of before is like what it takes back.
  func wantFromReach(_ row: Int32, in group: GroupCase) -> Want? {
    let (from, to) = (latest(row) - rules.refundReachSeconds, latest(row))
    let isRefund = kind(row) == .refund
    let own =
      isRefund
      ? ownWant(row, .payments, in: group, from: from, to: to, isLeftover: true, isFromReach: true)
      : nil
    // Whose the number is that a refund names, rows of the ledger tell.
    guard own == nil, !isRefund || !names(row).isEmpty else { return own }
    return ledgerWant(row, in: group, from: from, to: to, isLeftover: true, isFromReach: true)
  }

  /// - Parameters:
  ///   - isReturn: whether what took the row back is looked for, all or part of it.
  ///   - isFromReach: whether a book that begins later is asked from its beginning on, and what is placed
  ///     elsewhere fits too.
  private func ledgerWant(
    _ row: Int32, in group: GroupCase, from: Int64, to: Int64, isLeftover: Bool,
    isReturn: Bool = false, isFromReach: Bool = false
  ) -> Want? {
    books.want(
      from: from, to: to, paid: isFromReach ? latest(row) : nil, of: .ledger,
      orElse: Book(side: .ledger),
      fits: {
        fits(
          $0, row, in: group, isLeftover: isLeftover, isReturn: isReturn, isFromReach: isFromReach)
          || mayBeReversed($0.hole, by: row, in: group)
      })
  }

  /// Whether a row of the ledger that cannot be used could be the credit a reversal names, where that is not
  /// there: the reversal is then in another group than what it belongs to.
  private func mayBeReversed(_ hole: Hole, by row: Int32, in group: GroupCase) -> Bool {
    guard kind(row) == .reversal, group.credits.isEmpty, table.original[row] ?? 0 != 0 else {
      return false
    }
    return isPerson(hole, row)
  }

  /// The channels' books a ledger row needs: of the channel it names; where it names none, of those its
  /// group's payments are of, or of all where it is about the row itself.
  ///
  /// - Parameters:
  ///   - isOneDay: whether books are asked to the end of the day, as each cuts it, where that is later.
  ///   - isReturn: whether what took the row back is looked for; nothing is needed where no book tells it.
  private func channelWant(
    _ row: Int32, _ content: BookContent, in group: GroupCase, isLeftover: Bool,
    isOneDay: Bool = false, isReturn: Bool = false,
    _ stretch: (Channel) -> (from: Int64, to: Int64)
  ) -> Want? {
    let named = channel(row)
    var channels = [named]
    if named == .unknown, !isLeftover {
      channels = group.payments.reduce(into: []) { known, payment in
        if !known.contains(self.channel(payment)) { known.append(self.channel(payment)) }
      }
    }
    if channels.isEmpty { channels = [.unknown] }
    let isMatched = kind(row).isCredit && !isLeftover
    let paid = isMatched ? group.payments.map { time($0) }.min() : nil
    // What is credited late, or taken back without a payment that is there, was paid the day before.
    let isLate = kind(row).isCredit ? isLeftover : group.payments.isEmpty
    let since = isLate && !isOneDay ? startOfDay(row) - 86_400 : nil
    for channel in channels {
      let (from, to) = stretch(channel)
      let want = books.want(
        from: from, to: to, paid: paid, since: since, isOneDay: isOneDay,
        of: .channel(channel, content),
        orElse: isReturn ? nil : Book(side: .channel, channel: channel, content: content),
        fits: { fits($0, row, in: group, isLeftover: isLeftover, isReturn: isReturn) })
      if let want { return want }
    }
    return nil
  }

  /// The books of the owner of a channel row's statement, as far as they tell what is needed.
  ///
  /// An owner whose bills never tell refunds gives none back, and nothing is needed; but what was refunded
  /// was paid somewhere: then any book of the channel may hold it.
  private func ownWant(
    _ row: Int32, _ content: BookContent, in group: GroupCase, from: Int64, to: Int64,
    isLeftover: Bool, isReturn: Bool = false, isFromReach: Bool = false
  ) -> Want? {
    let channel = channel(row)
    let own = books.book(of: Int(table.statement[Int(row)])).map { place in
      MeantBooks.owner(books.coverage.books[place].book.telling(.both), content)
    }
    let meant = own.flatMap { books.has($0) ? $0 : nil }
    if own != nil, meant == nil, content == .refunds { return nil }
    return books.want(
      from: from, to: to, paid: isFromReach ? latest(row) : nil,
      of: meant ?? .channel(channel, content),
      orElse: Book(side: .channel, channel: channel, content: content),
      fits: {
        fits(
          $0, row, in: group, isLeftover: isLeftover, isReturn: isReturn, isFromReach: isFromReach)
      })
  }

  /// Whether a row that cannot be used could be what a row lacks.
  ///
  /// One that could bear the row's order or serial may differ from it in amount or in person, as what is
  /// found wrong does, but hardly in both; any other could only be joined by person and amount.
  private func fits(
    _ placed: PlacedHole, _ row: Int32, in group: GroupCase, isLeftover: Bool,
    isReturn: Bool = false, isFromReach: Bool = false
  ) -> Bool {
    let hole = placed.hole
    if placed.isPlaced, !isFromReach {
      return group.rows.contains { other in
        hole.order != 0 && hole.order == table.order[Int(other)]
          || hole.serial != 0 && hole.serial == table.serial[Int(other)]
      }
    }
    let (order, serial) = (table.order[Int(row)], table.serial[Int(row)])
    let mayJoin =
      !hole.isKeyless
      && (order != 0 && (hole.order == 0 || hole.order == order)
        || serial != 0 && (hole.serial == 0 || hole.serial == serial))
    let isSum = isReturn || hole.upTo.map { open(row) <= $0 } ?? true
    let isAmount =
      !isLeftover
      || hole.fen.map { isReturn ? $0 <= fen(row) : $0 == fen(row) || $0 == open(row) } ?? isSum
    return mayJoin ? isAmount || isPerson(hole, row) : isAmount && isPerson(hole, row)
  }

  /// Whether a row that cannot be used may be of the person a row names.
  private func isPerson(_ hole: Hole, _ row: Int32) -> Bool {
    persons.mayBe(
      row, card: hole.account, student: hole.student, at: hole.span.end.seconds - 1)
  }

  /// The day of a channel's row as its statement's book cuts it.
  private func ownDay(_ row: Int32) -> TimeSpan {
    let book = books.book(of: Int(table.statement[Int(row)]))
    let cut = book.map { books.coverage.books[$0].cut } ?? .midnight
    let day = cut.day(of: Timestamp(seconds: time(row)))
    return cut.span(first: day, last: day)
  }

  private func startOfOwnDay(_ row: Int32) -> Int64 { ownDay(row).start.seconds }

  private func endOfOwnDay(_ row: Int32) -> Int64 { ownDay(row).end.seconds - 1 }

  private func startOfDay(_ row: Int32) -> Int64 {
    Timestamp(seconds: time(row)).day.start.seconds
  }

  /// The last second of a row's business day.
  private func endOfDay(_ row: Int32) -> Int64 {
    Timestamp(seconds: time(row)).day.adding(1).start.seconds - 1
  }
}

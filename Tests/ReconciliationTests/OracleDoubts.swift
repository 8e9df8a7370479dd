import Payments

/// "Doubt" of `Judging.md`: statements whose ends nothing proves, and the other side says they are not there.
func oracleDoubts(
  _ entries: [Entry], coverage: Coverage, edges: [StatementEdges], rules: Rules
) -> [Doubt] {
  let judge = judgedByOracle(entries, coverage: coverage, rules: rules)
  return edges.indices.flatMap { statement -> [Doubt] in
    guard statement < coverage.bookOfStatement.count, let span = edges[statement].span else {
      return []
    }
    let place = coverage.bookOfStatement[statement]
    guard place >= 0 else { return [] }
    return judge.doubts(
      about: statement, of: coverage.books[place].book, claiming: span, edges[statement])
  }
}

/// Rows of the other side that count, on one side of a statement's end: which met theirs.
private struct Answers {
  var met: [Int] = []
  var unmet: [Int] = []

  /// "At least 3 and at least 95 % are met, or at least half and as many unmet in a row are out of the
  /// question", and of those beyond the end there are enough.
  func areMostlyMet(beside beyond: Answers) -> Bool {
    let (all, times) = (met.count + unmet.count, beyond.unmet.count)
    guard met.count >= 3, times >= 5, times * 1_000 >= all else { return false }
    if met.count * 100 >= 95 * all { return true }
    // In parts of 10^18.
    let chance = (0..<times).reduce(Int128(1_000_000_000_000_000_000)) { chance, _ in
      chance * Int128(unmet.count) / Int128(all)
    }
    return 2 * met.count >= all && chance <= 1_000_000_000
  }
}

extension Oracle {
  fileprivate func doubts(
    about statement: Int, of book: Book, claiming span: TimeSpan, _ edges: StatementEdges
  ) -> [Doubt] {
    let all = entries.indices.filter { Int(entries[$0].statement) == statement }
    let own = all.filter { row in
      span.start.seconds <= entries[row].time && entries[row].time < span.end.seconds
    }
    let counted = entries.indices.filter { counts($0, for: book, in: span) }
    guard let last = own.map(lastSecond).max(), let first = own.map({ entries[$0].time }).min()
    else {
      let unmet = answers(of: counted).unmet
      guard !edges.provesEnd, !unmet.isEmpty, all.isEmpty else { return [] }
      return [doubt(statement, .statementEmpty, at: 0, unmet)]
    }
    var found: [Doubt] = []
    if !edges.provesEnd {
      let before = answers(of: counted.filter { due($0) <= last })
      let beyond = answers(of: counted.filter { due($0) > last && deadline($0) < span.end.seconds })
      if before.areMostlyMet(beside: beyond) {
        found.append(doubt(statement, .statementEndsEarly, at: last, beyond.unmet))
      }
    }
    if !edges.provesStart {
      let before = answers(of: counted.filter { due($0) < first })
      let others = answers(of: counted.filter { counterpartBegins($0) >= first })
      if others.areMostlyMet(beside: before) {
        found.append(doubt(statement, .statementStartsLate, at: first, before.unmet))
      }
    }
    return found
  }

  /// Payments say of a ledger, credits of a book of their channel that has payments, what is missing.
  private func counts(_ row: Int, for book: Book, in span: TimeSpan) -> Bool {
    let entry = entries[row]
    guard span.start.seconds <= entry.time, entry.time < span.end.seconds else { return false }
    if book.side == .ledger { return entry.kind == .payment }
    return entry.kind.isCredit && entry.channel != .unknown && entry.channel.fits(book.channel)
      && book.content.contains(.payments)
  }

  private func answers(of rows: [Int]) -> Answers {
    Answers(
      met: rows.filter { row in pairs.contains { $0.payment == row || $0.credit == row } },
      unmet: rows.filter(unmet.contains))
  }

  /// When the other book should have answered: by the promise for a payment, at once for a credit.
  private func due(_ row: Int) -> Int64 {
    let entry = entries[row]
    guard entry.kind == .payment else { return lastSecond(row) }
    return lastSecond(row) + rules.promiseSeconds(entry.channel)
  }

  /// The last second it may answer at all.
  private func deadline(_ row: Int) -> Int64 {
    let entry = entries[row]
    guard entry.kind == .payment else { return lastSecond(row) }
    return rules.creditDeadline(paidAt: lastSecond(row), channel: entry.channel)
  }

  /// The earliest second the other book may answer: that of a payment, the promise before a credit.
  private func counterpartBegins(_ row: Int) -> Int64 {
    let entry = entries[row]
    guard entry.kind != .payment else { return entry.time }
    return entry.time - rules.promiseSeconds(entry.channel)
  }

  /// "A row of which only the day is known: the end of its day."
  func lastSecond(_ row: Int) -> Int64 {
    let entry = entries[row]
    guard entry.isDayOnly else { return entry.time }
    return Timestamp(seconds: entry.time).day.adding(1).start.seconds - 1
  }

  private func doubt(
    _ statement: Int, _ kind: FaultKind, at: Int64, _ rows: [Int]
  ) -> Doubt {
    Doubt(
      statement: statement, kind: kind, at: at, rows: rows.count,
      fen: rows.reduce(Int128(0)) { $0 + Int128(entries[$1].fen) })
  }
}

internal import Columns
public import Payments

/// Statements whose rows end before, or begin after, what they claim, as far as the other book tells (see
/// Judging, "Doubt"): a pure function of a first judgement, made on all they claim.
///
/// - Parameters:
///   - entries: the rows judged.
///   - judgement: what they came to.
///   - coverage: what was judged by.
///   - edges: what each statement claims and proves, by its index.
/// - Returns: at most two doubts a statement, in the order of statements.
public func doubts(
  _ entries: EntryTable, _ judgement: Judgement, coverage: Coverage, edges: [StatementEdges],
  rules: Rules
) -> [Doubt] {
  // Mostly everybody has met theirs, or every end is proven.
  guard !judgement.unmet.isEmpty else { return [] }
  let open = edges.indices.filter { index in
    edges[index].span != nil && !(edges[index].provesStart && edges[index].provesEnd)
      && index < coverage.bookOfStatement.count && coverage.bookOfStatement[index] >= 0
  }
  guard !open.isEmpty else { return [] }
  var doubter = Doubter(entries, judgement, rules)
  let reach = RowReach(entries, edges)
  return open.flatMap { index in
    doubter.doubts(
      index, edges[index], coverage.books[coverage.bookOfStatement[index]].book, reach)
  }
}

/// First and last second of each statement's rows of any kind, of those inside what it claims: a wrong date
/// says nothing about an end.
private struct RowReach {
  private(set) var first: [Int: Int64] = [:]
  private(set) var last: [Int: Int64] = [:]
  /// Statements that have rows, wherever these are.
  private(set) var filled = Set<Int>()

  init(_ table: EntryTable, _ edges: [StatementEdges]) {
    for (rows, number) in table.statement.stretches {
      let statement = Int(number)
      guard statement < edges.count, let span = edges[statement].span else { continue }
      filled.insert(statement)
      var (begin, end) = (first[statement] ?? .max, last[statement] ?? .min)
      for row in rows {
        let time = Int64(table.time[row])
        guard span.start.seconds <= time, time < span.end.seconds else { continue }
        begin = min(begin, time)
        end = max(end, table.latest(Int32(row)))
      }
      guard begin <= end else { continue }
      (first[statement], last[statement]) = (begin, end)
    }
  }
}

extension EntryTable {
  /// The last second a row may have happened: its time, or the end of its day.
  func latest(_ row: Int32) -> Int64 {
    Int64(time[Int(row)]) + (dayOnly.contains(row) ? 86_399 : 0)
  }
}

/// Asks the rows of one book whether another ended where its rows do.
private struct Doubter {
  let table: EntryTable
  let judgement: Judgement
  let rules: Rules
  private let unmet: RowsByDay
  /// Nil as long as nobody asks for them: these are nearly all rows.
  private var met: RowsByDay?
  private var unmetRows: [Question: UnmetRows] = [:]
  private var metRows: [Question: MetRows] = [:]

  /// Rows of the other book that are due beyond the last row, at least, and of those due before it.
  private static let fewest = 5
  /// How many times as many as those beyond an end the others may be.
  private static let mostTimes = 1_000
  private static let fewestMet = 3
  private static let mostlyMet = 95
  /// What happens once in a thousand million does not happen; in parts of 10¹⁸.
  private static let certain: Int128 = 1_000_000_000_000_000_000
  private static let noChance: Int128 = 1_000_000_000

  init(_ table: EntryTable, _ judgement: Judgement, _ rules: Rules) {
    (self.table, self.judgement, self.rules) = (table, judgement, rules)
    unmet = RowsByDay(judgement.unmet, table)
  }

  mutating func doubts(
    _ index: Int, _ edges: StatementEdges, _ book: Book, _ reach: RowReach
  ) -> [Doubt] {
    guard let span = edges.span else { return [] }
    let question = Question(book, span)
    let unmet = unmet(question)
    guard !unmet.due.isEmpty else { return [] }
    guard let first = reach.first[index], let last = reach.last[index] else {
      guard !edges.provesEnd, !reach.filled.contains(index) else { return [] }
      return [doubt(index, .statementEmpty, at: 0, unmet.due.all)]
    }
    var found: [Doubt] = []
    if !edges.provesEnd {
      // What may still come after the claim's end does not need this statement.
      let late = unmet.closing.after(last)
      if isMostlyMet(
        late.rows, unmet.due.before(last + 1).rows,
        { rows in
          rows.due.places(before: last + 1)
        }, question)
      {
        found.append(doubt(index, .statementEndsEarly, at: last, late))
      }
    }
    if !edges.provesStart {
      // The counterpart of a row about the beginning may lie on either side of it.
      let early = unmet.due.before(first)
      let after = unmet.earliest.count - unmet.earliest.places(before: first)
      if isMostlyMet(
        early.rows, after,
        { rows in
          rows.earliest.count - rows.earliest.places(before: first)
        }, question)
      {
        found.append(doubt(index, .statementStartsLate, at: first, early))
      }
    }
    return found
  }

  private func doubt(_ index: Int, _ kind: FaultKind, at second: Int64, _ sum: RowSum) -> Doubt {
    Doubt(statement: index, kind: kind, at: second, rows: sum.rows, fen: sum.fen)
  }

  private mutating func unmet(_ question: Question) -> UnmetRows {
    if let known = unmetRows[question] { return known }
    let book = question.book
    let rows = unmet.rows(touching: question.span).filter { concerns($0, book, question.span) }
    func pile(_ rows: [Int32]) -> RowPile {
      RowPile(rows.map { (due($0, book), table.fen[Int($0)]) })
    }
    let end = question.span.end.seconds
    let found = UnmetRows(
      due: pile(rows), closing: pile(rows.filter { deadline($0, book) < end }),
      earliest: rows.map { earliest($0, book) }.sorted())
    unmetRows[question] = found
    return found
  }

  private mutating func met(_ question: Question) -> MetRows {
    if let known = metRows[question] { return known }
    let book = question.book
    let all = met ?? metByDay
    met = all
    let rows = all.rows(touching: question.span).filter { concerns($0, book, question.span) }
    let found = MetRows(
      due: rows.map { due($0, book) }.sorted(), earliest: rows.map { earliest($0, book) }.sorted())
    metRows[question] = found
    return found
  }

  /// The rows of ordinary pairs, then those of others.
  private var metByDay: RowsByDay {
    let partner = judgement.partner
    let ordinary = rows(partner.count) { partner[$0] >= 0 }
    return RowsByDay(ordinary + judgement.paired, table)
  }

  /// Whether a row of the other side could have its counterpart in a book's statement.
  private func concerns(_ row: Int32, _ book: Book, _ span: TimeSpan) -> Bool {
    let (kind, time) = (table.kind[Int(row)], Int64(table.time[Int(row)]))
    guard span.start.seconds <= time, time < span.end.seconds else { return false }
    if book.side == .ledger { return kind == .payment }
    let channel = table.channel[Int(row)]
    return kind.isCredit && channel != .unknown && book.mayHold(channel, .payments)
  }

  /// When the counterpart of a row is due: a payment's credit when the promise ends, a credit's payment when
  /// the credit is made.
  private func due(_ row: Int32, _ book: Book) -> Int64 {
    let time = table.latest(row)
    return book.side == .ledger ? time + rules.promiseSeconds(table.channel[Int(row)]) : time
  }

  /// When the counterpart of a row may be at the latest.
  private func deadline(_ row: Int32, _ book: Book) -> Int64 {
    let time = table.latest(row)
    guard book.side == .ledger else { return time }
    return rules.creditDeadline(paidAt: time, channel: table.channel[Int(row)])
  }

  /// When the counterpart of a row may be at the earliest: a payment's credit with the payment, a credit's
  /// payment the promise before it.
  private func earliest(_ row: Int32, _ book: Book) -> Int64 {
    let time = Int64(table.time[Int(row)])
    return book.side == .ledger ? time : time - rules.promiseSeconds(table.channel[Int(row)])
  }

  /// Whether nearly all rows on this side of an end are met, and those beyond it are enough to tell.
  ///
  /// - Parameters:
  ///   - beyond: how many are beyond it.
  ///   - unmet: how many on this side are unmet.
  ///   - count: counts those on this side that are met.
  private mutating func isMostlyMet(
    _ beyond: Int, _ unmet: Int, _ count: (MetRows) -> Int, _ question: Question
  ) -> Bool {
    guard beyond >= Self.fewest else { return false }
    let met = count(met(question))
    guard met >= Self.fewestMet, met + unmet <= Self.mostTimes * beyond else { return false }
    return met * 100 >= Self.mostlyMet * (met + unmet)
      || met >= unmet && isNoChance(unmet, of: met + unmet, beyond)
  }

  /// Whether it is out of the question that as many rows in a row are unmet where a share of them is.
  private func isNoChance(_ unmet: Int, of all: Int, _ times: Int) -> Bool {
    var chance = Self.certain
    for _ in 0..<times {
      if chance <= Self.noChance { break }
      chance = chance * Int128(unmet) / Int128(all)
    }
    return chance <= Self.noChance
  }
}

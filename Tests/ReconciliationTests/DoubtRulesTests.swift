import Columns
import Payments
import Reconciliation
import Testing

/// When a statement is doubted, and when not: engine and oracle.
@Suite("What doubts a statement")
struct DoubtRulesTests {
  private static let today = TimeSpan(first: RandomDay.firstDay, last: RandomDay.firstDay)

  /// What both say of a ledger and a WeChat bill of one day whose rows are all there is.
  private func doubted(_ rows: [Entry]) -> [FaultKind] {
    var rows = rows
    for row in rows.indices { rows[row].line = UInt32(row + 2) }
    let books = [Book(side: .ledger), Book(side: .channel, channel: .wechat)]
    for row in rows.indices where rows[row].kind == .payment { rows[row].statement = 1 }
    let coverage = Coverage(
      books: books.map { BookCoverage($0, spans: [Self.today]) }, statements: books)
    let edges = [
      StatementEdges(span: Self.today),
      StatementEdges(span: Self.today, provesStart: true, provesEnd: true),
    ]
    var table = EntryTable()
    for row in rows { table.append(row) }
    let first = reconcile(table, coverage: coverage, rules: Rules())
    let found = doubts(table, first, coverage: coverage, edges: edges, rules: Rules())
    // The oracle is plain, not fast.
    if rows.count < 1_000 {
      #expect(found == oracleDoubts(rows, coverage: coverage, edges: edges, rules: Rules()))
    }
    return found.map(\.kind)
  }

  /// Payments a second apart from a time on, credited five seconds later or not.
  private func paid(_ count: Int, from time: String, credited: Bool) -> [Entry] {
    (0..<count).flatMap { number -> [Entry] in
      let key = "\(time) \(number)"
      var one = payment(50, at: time, order: key, serial: key, account: key)
      var other = credit(50, at: time, order: key, account: key)
      one.time += Int64(number)
      other.time = one.time + 5
      return credited ? [one, other] : [one]
    }
  }

  @Test("Five payments after the last row of the ledger doubt it, four do not")
  func five() {
    let met = paid(20, from: "12:00:00", credited: true) + paid(1, from: "17:00:00", credited: true)
    #expect(doubted(met + paid(5, from: "18:00:00", credited: false)) == [.statementEndsEarly])
    #expect(doubted(met + paid(4, from: "18:00:00", credited: false)) == [])
  }

  @Test("On a bad day a long run without an answer doubts the end, a short one does not")
  func badDay() {
    // One in ten lacks its credit; the last row of the ledger is of 17:00.
    let bad =
      paid(36, from: "12:00:00", credited: true) + paid(4, from: "13:00:00", credited: false)
      + paid(1, from: "17:00:00", credited: true)
    #expect(doubted(bad + paid(8, from: "18:00:00", credited: false)) == [])
    #expect(doubted(bad + paid(10, from: "18:00:00", credited: false)) == [.statementEndsEarly])
    // Where more than half lack theirs nothing tells where the ledger ends.
    let worse =
      paid(10, from: "12:00:00", credited: true) + paid(12, from: "13:00:00", credited: false)
      + paid(1, from: "17:00:00", credited: true)
    #expect(doubted(worse + paid(60, from: "18:00:00", credited: false)) == [])
  }

  @Test("A busy ledger lacks more than a handful")
  func busy() {
    // The last pair tells where the ledger ends and is not due before that.
    let few = paid(1, from: "17:00:00", credited: true) + paid(5, from: "18:00:00", credited: false)
    #expect(doubted(paid(5_000, from: "09:00:00", credited: true) + few) == [.statementEndsEarly])
    #expect(doubted(paid(5_001, from: "09:00:00", credited: true) + few) == [])
  }

  @Test("What may still be credited the next day is no evidence")
  func midnight() {
    let met = paid(20, from: "22:00:00", credited: true) + paid(1, from: "23:00:00", credited: true)
    #expect(doubted(met + paid(6, from: "23:40:00", credited: false)) == [])
    #expect(doubted(met + paid(6, from: "23:20:00", credited: false)) == [.statementEndsEarly])
  }

  @Test("Payments about the beginning, whose credits may lie on either side, do not count")
  func beginning() {
    let lost = paid(6, from: "08:00:00", credited: false)
    let about = paid(4, from: "11:59:30", credited: false)
    let met = paid(20, from: "12:00:00", credited: true)
    #expect(doubted(lost + about + met) == [.statementStartsLate])
  }

  @Test("A wrong date is no end")
  func stray() {
    let met = paid(20, from: "12:00:00", credited: true) + paid(1, from: "17:00:00", credited: true)
    let far = credit(10, at: "+9 12:00:00", account: "far", own: "far")
    let late = paid(5, from: "18:00:00", credited: false)
    #expect(doubted(met + [far] + late) == [.statementEndsEarly])
  }
}

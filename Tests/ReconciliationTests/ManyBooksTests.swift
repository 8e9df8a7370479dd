import Payments
import TestSupport
import Testing

@testable import Reconciliation

@Suite("Thousands of books and statements") struct ManyBooksTests {
  /// What makes them many.
  enum Shape: CaseIterable { case merchants, days, parts, ledgers }

  @Test(
    "six times as many take six times as long, whatever makes them many", arguments: Shape.allCases)
  func linear(_ shape: Shape) {
    let isLinear = growsLinearly { count in
      let many = Many(shape, count)
      return many.judge
    }
    #expect(isLinear)
  }
}

/// Statements of which nobody proves the ends: of payments, half of them credited, or of the credits.
private struct Many {
  private var table = EntryTable()
  private let coverage: Coverage
  private var edges: [StatementEdges] = []

  init(_ shape: ManyBooksTests.Shape, _ count: Int) {
    let first = BusinessDay(number: 20_000)
    let isLedgers = shape == .ledgers
    var books: [Book] = []
    var covered: [BookCoverage] = []
    for number in 0...count {
      // The last one stands on the other side of all others.
      let isOther = number == count
      let isMany = shape == .days && !isOther
      let day = isMany ? first.adding(Int32(number)) : first
      let last = shape == .days && isOther ? first.adding(Int32(count)) : day
      let span = TimeSpan(first: day, last: last)
      let isLedger = isLedgers != isOther
      let owner = shape == .merchants && !isOther ? "\(number)" : ""
      books.append(
        isLedger ? Book(side: .ledger) : Book(side: .channel, channel: .wechat, owner: owner))
      covered.append(BookCoverage(books[number], spans: [span]))
      edges.append(StatementEdges(span: span))
      for row in isOther ? 0..<count : number..<(number + 1) {
        let own = shape == .days ? first.adding(Int32(row)) : first
        let key = KeyHash(row % 2 == 0 || !isLedger ? row + 1 : row + 1_000_000)
        table.append(
          Entry(
            statement: UInt16(number), kind: isLedger ? .credit : .payment, channel: .wechat,
            fen: 5_000, time: own.start.seconds + 40_000 + Int64(row % 7), order: key,
            serial: isLedger ? 0 : key, own: isLedger ? key : 0, line: UInt32(row)))
      }
    }
    coverage = Coverage(books: covered, statements: books)
  }

  func judge() {
    let judgement = reconcile(table, coverage: coverage, rules: Rules())
    _ = doubts(table, judgement, coverage: coverage, edges: edges, rules: Rules())
  }
}

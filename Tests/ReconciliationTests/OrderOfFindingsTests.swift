import Payments
import Reconciliation
import Testing

/// What is found does not hang on a dictionary's order, nor on rows that name nobody.
@Suite("Order of findings")
struct OrderOfFindingsTests {
  private let coverage = Coverage(
    ledger: [TimeSpan(first: BusinessDay(number: 20_000), last: BusinessDay(number: 20_002))],
    channels: [
      .boc: [TimeSpan(first: BusinessDay(number: 20_000), last: BusinessDay(number: 20_002))],
      .wechat: [TimeSpan(first: BusinessDay(number: 20_000), last: BusinessDay(number: 20_002))],
    ])
  private let noon = BusinessDay(number: 20_001).start.seconds + 43_200

  @Test("Events of one serial that are told again are found in the order of their rows")
  func repeated() {
    var table = EntryTable()
    // A batch of many details under one serial, and the same batch once more.
    for _ in 0..<2 {
      for detail in 1...40 {
        table.append(
          Entry(
            kind: .payment, channel: .boc, fen: Int64(detail) * 100, time: noon, serial: 7,
            own: KeyHash(detail), account: KeyHash(1_000 + detail)))
      }
    }
    let found = reconcile(table, coverage: coverage, rules: Rules()).anomalies
      .filter { $0.kind == .repeatedRow }
    #expect(found.count == 40)
    #expect(found.map(\.subject) == found.map(\.subject).sorted())
  }

  @Test("Pairs that name nobody are nobody's duplicates")
  func nameless() {
    var table = EntryTable()
    for order in 1...2 {
      table.append(
        Entry(
          kind: .payment, channel: .wechat, fen: 5_000, time: noon + Int64(order),
          order: KeyHash(order), serial: KeyHash(order + 10)))
      table.append(
        Entry(
          kind: .credit, channel: .wechat, fen: 5_000, time: noon + Int64(order) + 2,
          order: KeyHash(order), own: KeyHash(order + 20)))
    }
    #expect(reconcile(table, coverage: coverage, rules: Rules()).anomalies.isEmpty)
  }
}

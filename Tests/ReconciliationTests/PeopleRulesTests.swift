import Payments
import Testing

/// "Who a channel row is for", and what follows from it: a few examples by hand.
@Suite("Who a row is for")
struct PeopleRulesTests {
  private func spending(card: String, student: String) -> Entry {
    var entry = excluded(3, at: "07:00:00", by: .notTopUp)
    (entry.account, entry.student) = (key(card), key(student))
    return entry
  }

  /// A payment of an order and what was credited for it, 20 seconds later.
  private func order(_ paid: Entry, creditedTo card: String) -> [Entry] {
    [paid, credit(50, at: "10:00:20", order: "A", account: card)]
  }

  private func paid(_ others: [NamedNumber]) -> Entry {
    var entry = payment(50, at: "10:00:00", order: "A", serial: "w1")
    entry.others = others
    return entry
  }

  @Test("A student number and a card that nobody links prove nothing", arguments: Judge.allCases)
  func unlinked(judge: Judge) {
    let paid = payment(50, at: "10:00:00", order: "A", serial: "w1", student: "s1")
    expect(judge, order(paid, creditedTo: "c1"), buckets: [.matched, .matched])
    expect(
      judge, order(paid, creditedTo: "c1") + [spending(card: "c1", student: "s2")],
      says: ["wrong-account 50.00 → student by order about 1, row 0 50.00, row 1 -50.00"],
      buckets: [.anomalous, .anomalous, .excluded])
  }

  @Test("What stands in a text accuses nobody, whatever it names", arguments: Judge.allCases)
  func prose(judge: Judge) {
    let rows = order(paid([NamedNumber(key("c2"), .any, .prose)]), creditedTo: "c1")
    expect(
      judge, rows + [spending(card: "c2", student: "s2")], buckets: [.matched, .matched, .excluded])
    expect(
      judge,
      [paid([NamedNumber(key("c1"), .any, .prose)]), credit(50, at: "10:00:20", account: "c1")],
      buckets: [.matched, .matched])
  }

  @Test("A whole field names somebody only where the number is known", arguments: Judge.allCases)
  func ifKnown(judge: Judge) {
    let rows = order(paid([NamedNumber(key("c2"), .any, .ifKnown)]), creditedTo: "c1")
    expect(judge, rows, buckets: [.matched, .matched])
    expect(
      judge, rows + [spending(card: "c2", student: "")],
      says: ["wrong-account 50.00 → student by order about 1, row 0 50.00, row 1 -50.00"],
      buckets: [.anomalous, .anomalous, .excluded])
  }

  @Test("A student beside two cards links nobody and accuses nobody", arguments: Judge.allCases)
  func linkedTwice(judge: Judge) {
    let both = [spending(card: "c1", student: "s1"), spending(card: "c2", student: "s1")]
    expect(
      judge,
      order(payment(50, at: "10:00:00", order: "A", serial: "w1", account: "c2"), creditedTo: "c1")
        + both, buckets: [.matched, .matched, .excluded, .excluded])
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", student: "s1"),
        credit(50, at: "10:00:20", account: "c1"),
      ] + both,
      says: [
        "credited-not-debited 50.00 → school by single about 1",
        "debited-not-credited 50.00 → student by single about 0",
      ], buckets: [.anomalous, .anomalous, .excluded, .excluded])
  }

  @Test("The details of a batch share no key", arguments: Judge.allCases)
  func batch(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .ccb, serial: "7", own: "1", account: "c1"),
        payment(30, at: "10:00:00", .ccb, serial: "7", own: "2", account: "c2"),
        credit(50, at: "10:00:20", .ccb, serial: "7", account: "c1"),
        credit(20, at: "10:00:20", .ccb, serial: "7", account: "c2"),
      ],
      says: [
        "debited-not-credited 30.00 → student by single about 1",
        "credited-not-debited 20.00 → school by single about 3",
      ], buckets: [.matched, .anomalous, .matched, .anomalous])
  }

  @Test(
    "The details of a batch that name nobody go with the credits that quote it",
    arguments: Judge.allCases)
  func namelessBatch(judge: Judge) {
    let parts = [
      payment(50, at: "10:00:00", .ccb, serial: "7", own: "1"),
      payment(30, at: "10:00:00", .ccb, serial: "7", own: "2"),
      payment(30, at: "10:00:00", .ccb, serial: "7", own: "3"),
    ]
    let credits = [
      credit(50, at: "10:00:20", .ccb, serial: "7", account: "c1"),
      credit(30, at: "10:00:20", .ccb, serial: "7", account: "c2"),
      credit(30, at: "10:00:20", .ccb, serial: "7", account: "c3"),
    ]
    expect(judge, parts + credits, buckets: Array(repeating: .matched, count: 6))
    // Somebody's is missing, nobody knows whose; and none is one too many.
    expect(
      judge, parts + credits.dropLast(), says: ["ambiguous-match 30.00 → unknown by weak about 2"],
      buckets: [.matched, .anomalous, .anomalous, .matched, .anomalous])
    // What quotes another batch, or none, is not theirs.
    expect(
      judge,
      Array(parts[..<2]) + [
        credit(50, at: "10:00:20", .ccb, serial: "8", account: "c1"),
        credit(30, at: "10:00:20", .ccb, account: "c2"),
      ],
      says: [
        "credited-not-debited 30.00 → school by single about 3",
        "credited-not-debited 50.00 → school by single about 2",
        "debited-not-credited 30.00 → student by single about 1",
        "debited-not-credited 50.00 → student by single about 0",
      ], buckets: Array(repeating: .anomalous, count: 4))
  }

  @Test("A refund and a reversal without keys find what they take back", arguments: Judge.allCases)
  func keyless(judge: Judge) {
    let rows = [
      payment(50, at: "10:00:00", .ccb, order: "A", serial: "b1", account: "c1"),
      credit(50, at: "10:00:20", .ccb, order: "A", account: "c1"),
      refund(50, at: "15:00:00", .ccb, serial: "b9", account: "c1"),
    ]
    expect(
      judge, rows, says: ["refund-not-reversed 50.00 → school by weak about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
    var taken = reversal(50, at: "19:00:00", account: "c1")
    taken.channel = .unknown
    expect(judge, rows + [taken], buckets: [.matched, .matched, .matched, .matched])
  }

  @Test("Else a refund and a reversal without keys explain each other", arguments: Judge.allCases)
  func eachOther(judge: Judge) {
    let rows = [
      refund(50, at: "15:00:00", account: "c1"), reversal(50, at: "15:10:00", account: "c1"),
    ]
    expect(judge, rows, buckets: [.matched, .matched])
    expect(
      judge, [rows[0], reversal(50, at: "17:00:01", account: "c1")],
      says: [
        "orphan-refund 50.00 → unknown by single about 0",
        "reversal-not-refunded 50.00 → student by single about 1",
      ], buckets: [.anomalous, .anomalous])
  }

  @Test("Taken back from another than it was given to", arguments: Judge.allCases)
  func reversalOfAnother(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "c1"),
        credit(50, at: "10:00:20", order: "A", account: "c1", own: "k1"),
        refund(50, at: "10:10:00", order: "A", serial: "w1"),
        reversal(50, at: "10:20:00", order: "A", account: "c2", original: "k1"),
      ], says: ["wrong-account 50.00 → student by order about 3, row 3 50.00, row 1 -50.00"],
      buckets: [.matched, .anomalous, .matched, .anomalous])
  }

  @Test("One payment credited in parts", arguments: Judge.allCases)
  func parts(judge: Judge) {
    func rows(_ second: Yuan, _ card: String) -> [Entry] {
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "c1"),
        credit(30, at: "10:00:20", order: "A", account: "c1"),
        credit(second, at: "10:00:30", order: "A", account: card),
      ]
    }
    expect(judge, rows(20, "c1"), buckets: [.matched, .matched, .matched])
    expect(
      judge, rows(10, "c1"), says: ["amount-mismatch 10.00 → student (none) by order about 0"],
      buckets: [.anomalous, .anomalous, .anomalous])
    expect(
      judge, rows(20, "c2"),
      says: ["wrong-account 20.00 → student by order about 2, row 0 20.00, row 2 -20.00"],
      buckets: [.anomalous, .matched, .anomalous])
    expect(
      judge, rows(10, "c2"),
      says: [
        "wrong-account 10.00 → student by order about 2, row 0 10.00, row 2 -10.00",
        "amount-mismatch 10.00 → student (none) by order about 0, row 0 10.00, row 2 0.00",
      ], buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("An order of two people is right where each has his own", arguments: Judge.allCases)
  func people(judge: Judge) {
    let rows = [
      payment(50, at: "10:00:00", order: "A", serial: "w1", account: "c1"),
      payment(30, at: "10:00:05", order: "A", serial: "w2", account: "c2"),
      credit(20, at: "10:00:20", order: "A", account: "c1"),
      credit(30, at: "10:00:25", order: "A", account: "c1"),
      credit(30, at: "10:00:30", order: "A", account: "c2"),
    ]
    expect(judge, rows, buckets: [.matched, .matched, .matched, .matched, .matched])
  }

  @Test("Taken back and posted again without a key", arguments: Judge.allCases)
  func postedAgain(judge: Judge) {
    let rows = [
      payment(50, at: "10:00:00", order: "A", serial: "w1", account: "c1"),
      credit(50, at: "10:00:20", order: "A", account: "c1", own: "k1"),
      reversal(50, at: "10:10:00", order: "A", account: "c1", original: "k1"),
    ]
    expect(
      judge, rows + [credit(50, at: "10:11:00", account: "c1")],
      says: ["late-credit 50.00 → none by weak about 3"],
      buckets: [.matched, .matched, .matched, .matched])
    expect(
      judge, rows, says: ["reversal-not-refunded 50.00 → student by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("A payment that was given back meets a credit without a key", arguments: Judge.allCases)
  func returnedApart(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "c1"),
        credit(50, at: "10:00:20", account: "c1"),
        refund(50, at: "11:00:00", serial: "w1", own: "r1"),
      ], says: ["refund-not-reversed 50.00 → school by weak about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("A list links from its time on", arguments: Judge.allCases)
  func listLinks(judge: Judge) {
    func word(at time: String) -> Entry {
      var entry = excluded(0, at: time, by: .accountList)
      (entry.account, entry.student) = (key("c1"), key("s1"))
      return entry
    }
    let rows = [
      payment(50, at: "10:00:00", serial: "w1", student: "s1"),
      credit(50, at: "10:00:20", account: "c1"),
    ]
    expect(
      judge, rows + [word(at: "10:00:20")], buckets: [.matched, .matched, .excluded])
    expect(
      judge, rows + [word(at: "10:00:21")],
      says: [
        "credited-not-debited 50.00 → school by single about 1",
        "debited-not-credited 50.00 → student by single about 0",
      ], buckets: [.anomalous, .anomalous, .excluded])
  }
}

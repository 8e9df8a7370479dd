import Payments
import Testing

/// Rules 1 to 4 of ANOMALIES: "How a group is judged".
@Suite("How a group is judged: one event, refunds, pairs, surplus payments")
struct MatchingRulesTests {
  // MARK: Rule 1, one serial is one event

  @Test("The same serial twice with the same content counts once", arguments: Judge.allCases)
  func repeatedRow(judge: Judge) {
    let paid = payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1")
    expect(
      judge, [paid, paid, credit(50, at: "10:00:20", order: "A", account: "s1")],
      says: ["repeated-row 50.00 → none by order about 1"],
      buckets: [.matched, .excluded, .matched])
  }

  @Test("A repeated row in another file is one event too", arguments: Judge.allCases)
  func repeatedRowInAnotherFile(judge: Judge) {
    let paid = payment(50, at: "10:00:00", serial: "w1", account: "s1")
    var again = paid
    again.statement = 1
    expect(
      judge, [paid, credit(50, at: "10:00:20", serial: "w1", account: "s1"), again],
      says: ["repeated-row 50.00 → none by serial about 2"],
      buckets: [.matched, .matched, .excluded])
  }

  @Test("A repeated row without a credit is one lost payment, not two", arguments: Judge.allCases)
  func repeatedRowUncredited(judge: Judge) {
    let paid = payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1")
    expect(
      judge, [paid, paid],
      says: [
        "debited-not-credited 50.00 → student by single about 0",
        "repeated-row 50.00 → none by order about 1",
      ], buckets: [.anomalous, .excluded])
  }

  @Test("A ledger row repeated is not a second credit", arguments: Judge.allCases)
  func repeatedCredit(judge: Judge) {
    let added = credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1")
    expect(
      judge, [payment(50, at: "10:00:00", order: "A", serial: "w1"), added, added],
      says: ["repeated-row 50.00 → none by order about 2"],
      buckets: [.matched, .matched, .excluded])
  }

  @Test("Different contents under one serial collide, once", arguments: Judge.allCases)
  func serialCollision(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        payment(50, at: "11:00:00", serial: "w1", account: "s1"),
        payment(50, at: "12:00:00", serial: "w1", account: "s2"),
      ], says: ["serial-collision 50.00 → unknown by serial about 0"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("One number at two channels is two serials", arguments: Judge.allCases)
  func serialsBelongToChannels(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .wechat, order: "A", serial: "1", account: "s1"),
        payment(50, at: "10:00:00", .alipay, order: "B", serial: "1", account: "s2"),
        credit(50, at: "10:00:20", .wechat, order: "A", account: "s1"),
        credit(50, at: "10:00:20", .alipay, order: "B", account: "s2"),
      ], buckets: [.matched, .matched, .matched, .matched])
  }

  // MARK: Rule 2, paid and refunded

  @Test("Paid and fully refunded, never credited, is balanced", arguments: Judge.allCases)
  func paidAndRefunded(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        refund(50, at: "10:30:00", order: "A", serial: "w1", own: "r1"),
      ], buckets: [.matched, .matched])
  }

  @Test("Refunds in parts that add up are a full refund", arguments: Judge.allCases)
  func refundedInParts(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        refund(20, at: "10:30:00", serial: "w1", own: "r1"),
        refund(30, at: "10:40:00", serial: "w1", own: "r2"),
      ], buckets: [.matched, .matched, .matched])
  }

  @Test("Fully refunded with the credit left standing", arguments: Judge.allCases)
  func refundNotReversed(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        refund(50, at: "10:30:00", order: "A", serial: "w1", own: "r1"),
      ], says: ["refund-not-reversed 50.00 → school by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("Refunded at the channel and reversed on the card is balanced", arguments: Judge.allCases)
  func refundedAndReversed(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1"),
        refund(50, at: "10:30:00", order: "A", serial: "w1", own: "r1"),
        reversal(50, at: "10:31:00", account: "s1", original: "k1"),
      ], buckets: [.matched, .matched, .matched, .matched])
  }

  // MARK: Rule 3, one payment and one credit

  @Test("Equal amount and same person match", arguments: Judge.allCases)
  func matched(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", serial: "w1", account: "s1"),
      ], buckets: [.matched, .matched])
  }

  @Test("The channel serial the ledger quotes joins without an order", arguments: Judge.allCases)
  func matchedBySerial(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .ccb, serial: "101-1"),
        credit(50, at: "18:00:00", .unknown, serial: "101-1", account: "s1"),
      ], says: ["late-credit 50.00 → none by serial about 1"], buckets: [.matched, .matched])
  }

  @Test("A serial quoted for another channel joins nothing", arguments: Judge.allCases)
  func quotedSerialOfAnotherChannel(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .wechat, serial: "1"),
        credit(50, at: "10:00:20", .alipay, serial: "1", account: "s1"),
      ],
      says: [
        "debited-not-credited 50.00 → student by single about 0",
        "credited-not-debited 50.00 → school by single about 1",
      ], buckets: [.anomalous, .anomalous])
  }

  @Test("Paid more than credited is owed to the student", arguments: Judge.allCases)
  func paidMore(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1"),
        credit(40, at: "10:00:20", order: "A", account: "s1"),
      ], says: ["amount-mismatch 10.00 → student (none) by order about 0"],
      buckets: [.anomalous, .anomalous])
  }

  @Test("Credited more than paid is owed to the school", arguments: Judge.allCases)
  func paidLess(judge: Judge) {
    expect(
      judge,
      [
        payment(40, at: "10:00:00", order: "A", serial: "w1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
      ], says: ["amount-mismatch 10.00 → school (none) by order about 0"],
      buckets: [.anomalous, .anomalous])
  }

  @Test("Money on another person's card is one wrong account", arguments: Judge.allCases)
  func wrongAccount(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s2"),
      ], says: ["wrong-account 50.00 → student by order about 1, row 0 50.00, row 1 -50.00"],
      buckets: [.anomalous, .anomalous])
  }

  @Test("Each of two people is owed what is left of his own", arguments: Judge.allCases)
  func wrongAccountPartly(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(40, at: "10:00:20", order: "A", account: "s2", own: "k1"),
        refund(20, at: "10:10:00", order: "A", serial: "w1"),
        reversal(10, at: "10:20:00", order: "A", account: "s2", original: "k1"),
      ], says: ["wrong-account 50.00 → student by order about 1, row 0 30.00, row 1 -30.00"],
      buckets: [.anomalous, .anomalous, .anomalous, .anomalous])
  }

  @Test("A configured replacement links two cards", arguments: Judge.allCases)
  func replacementConfigured(judge: Judge) {
    var rules = Rules()
    rules.replacements = [AccountLink(key("old"), key("new"))]
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "old"),
        credit(50, at: "10:00:20", order: "A", account: "new"),
      ], buckets: [.matched, .matched], rules: rules)
  }

  @Test("A ledger row naming card and student links the two", arguments: Judge.allCases)
  func cardAndStudentLinked(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", student: "student 1"),
        credit(50, at: "10:00:20", order: "A", account: "card 1"),
        credit(20, at: "12:00:00", order: "B", account: "card 1", student: "student 1"),
        payment(20, at: "11:59:50", order: "B", serial: "w2"),
        payment(50, at: "10:05:00", order: "C", serial: "w3", account: "card 1"),
      ], says: ["duplicate-debit 50.00 → student by account about 4"],
      buckets: [.matched, .matched, .matched, .matched, .anomalous])
  }

  @Test("A transfer between cards links them and is no top-up", arguments: Judge.allCases)
  func transferLinksCards(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "old"),
        credit(50, at: "10:00:20", order: "A", account: "new"),
        transferOut(12, at: "08:00:00", account: "old", own: "t1"),
        transferIn(12, at: "08:00:00", account: "new", original: "t1"),
      ], buckets: [.matched, .matched, .excluded, .excluded])
  }

  @Test("A parent may pay for two children", arguments: Judge.allCases)
  func parentOfTwo(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", payer: "mother"),
        payment(50, at: "10:01:00", order: "B", serial: "w2", payer: "mother"),
        credit(50, at: "10:00:20", order: "A", account: "child 1"),
        credit(50, at: "10:01:20", order: "B", account: "child 2"),
      ], buckets: [.matched, .matched, .matched, .matched])
  }
}

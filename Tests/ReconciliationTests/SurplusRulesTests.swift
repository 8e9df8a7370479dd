import Payments
import Testing

/// Rules 4 to 6 of ANOMALIES, with settled questions 1 and 2.
@Suite("How a group is judged: more payments, more credits, both twice")
struct SurplusRulesTests {
  // MARK: Rule 4, more payments than credits

  @Test("A payment nobody credited", arguments: Judge.allCases)
  func debitedNotCredited(judge: Judge) {
    expect(
      judge, [payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1")],
      says: ["debited-not-credited 50.00 → student by single about 0"], buckets: [.anomalous])
  }

  @Test("Of two payments the one the ledger names is the good one", arguments: Judge.allCases)
  func extraPaymentIsTheUnnamed(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:01:00", order: "A", serial: "w2", account: "s1"),
        credit(50, at: "10:01:10", order: "A", serial: "w1", account: "s1"),
      ], says: ["duplicate-debit 50.00 → student by order about 1"],
      buckets: [.matched, .anomalous, .matched])
  }

  @Test("Else the payment farther from the credit is the extra one", arguments: Judge.allCases)
  func extraPaymentIsTheFarther(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:01:00", order: "A", serial: "w2", account: "s1"),
        credit(50, at: "10:01:10", order: "A", account: "s1"),
      ], says: ["duplicate-debit 50.00 → student by order about 0"],
      buckets: [.anomalous, .matched, .matched])
  }

  @Test("Two payments of one order and no credit are two losses", arguments: Judge.allCases)
  func twoPaymentsNoCredit(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:01:00", order: "A", serial: "w2", account: "s1"),
      ],
      says: [
        "debited-not-credited 50.00 → student by order about 0",
        "debited-not-credited 50.00 → student by order about 1",
      ], buckets: [.anomalous, .anomalous])
  }

  @Test("Two surplus payments are two duplicates", arguments: Judge.allCases)
  func twoSurplusPayments(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:01:00", order: "A", serial: "w2", account: "s1"),
        payment(50, at: "10:02:00", order: "A", serial: "w3", account: "s1"),
        credit(50, at: "10:00:10", order: "A", serial: "w1", account: "s1"),
      ],
      says: [
        "duplicate-debit 50.00 → student by order about 1",
        "duplicate-debit 50.00 → student by order about 2",
      ], buckets: [.matched, .anomalous, .anomalous, .matched])
  }

  @Test("One order paid on two channels is a duplicate", arguments: Judge.allCases)
  func paidOnTwoChannels(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .wechat, order: "A", serial: "w1"),
        payment(50, at: "10:00:40", .alipay, order: "A", serial: "a1"),
        credit(50, at: "10:00:45", .alipay, order: "A", serial: "a1", account: "s1"),
      ], says: ["duplicate-debit 50.00 → student by order about 0"],
      buckets: [.anomalous, .matched, .matched])
  }

  @Test(
    "Another order of the same account and amount, ten minutes on, is a duplicate",
    arguments: Judge.allCases, [("10:10:00", true), ("10:10:01", false)])
  func duplicateOfAnotherOrder(judge: Judge, second: (time: String, isDuplicate: Bool)) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(50, at: second.time, order: "B", serial: "w2", account: "s1"),
      ],
      says: [
        second.isDuplicate
          ? "duplicate-debit 50.00 → student by account about 2"
          : "debited-not-credited 50.00 → student by single about 2"
      ], buckets: [.matched, .matched, .anomalous])
  }

  @Test("The account may be known from the twin's credit alone", arguments: Judge.allCases)
  func duplicateKnownByTheCredit(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(50, at: "10:05:00", order: "B", serial: "w2", account: "s1"),
      ], says: ["duplicate-debit 50.00 → student by account about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  @Test("A duplicate known by the payer alone says so", arguments: Judge.allCases)
  func duplicateByPayer(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", payer: "mother"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(50, at: "10:05:00", order: "B", serial: "w2", payer: "mother"),
      ], says: ["duplicate-debit 50.00 → student by payer about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  @Test("The same payer for another child is no duplicate", arguments: Judge.allCases)
  func samePayerOtherChild(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "child 1", payer: "mother"),
        credit(50, at: "10:00:20", order: "A", account: "child 1"),
        payment(50, at: "10:05:00", order: "B", serial: "w2", account: "child 2", payer: "mother"),
      ], says: ["debited-not-credited 50.00 → student by single about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  @Test("One name at two channels is not one payer", arguments: Judge.allCases)
  func samePayerOtherChannel(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .wechat, order: "A", serial: "w1", payer: "li"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(50, at: "10:05:00", .alipay, order: "B", serial: "a2", payer: "li"),
      ], says: ["debited-not-credited 50.00 → student by single about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  @Test("Another amount is another intent", arguments: Judge.allCases)
  func anotherAmount(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(30, at: "10:05:00", order: "B", serial: "w2", account: "s1"),
      ], says: ["debited-not-credited 30.00 → student by single about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  @Test("Automatic top-ups hours apart are two good payments", arguments: Judge.allCases)
  func automaticTopUps(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(50, at: "14:00:00", order: "B", serial: "w2", account: "s1"),
        credit(50, at: "14:00:20", order: "B", account: "s1"),
      ], buckets: [.matched, .matched, .matched, .matched])
  }

  // MARK: Rule 5, more credits than payments

  @Test("One payment credited twice", arguments: Judge.allCases)
  func duplicateCredit(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        credit(50, at: "10:01:20", order: "A", account: "s1"),
      ], says: ["duplicate-credit 50.00 → school by order about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  @Test("Two surplus credits are two anomalies", arguments: Judge.allCases)
  func twoSurplusCredits(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        credit(50, at: "10:01:20", order: "A", account: "s1"),
        credit(50, at: "10:02:20", order: "A", account: "s1"),
      ],
      says: [
        "duplicate-credit 50.00 → school by order about 2",
        "duplicate-credit 50.00 → school by order about 3",
      ], buckets: [.matched, .matched, .anomalous, .anomalous])
  }

  @Test("Of two credits quoting one payment the nearest is the good one", arguments: Judge.allCases)
  func nearestQuotedCredit(judge: Judge) {
    expect(
      judge,
      [
        credit(50, at: "08:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", serial: "w1", account: "s1"),
      ], says: ["duplicate-credit 50.00 → school by order about 0"],
      buckets: [.anomalous, .matched, .matched])
  }

  @Test("A credit no payment explains", arguments: Judge.allCases)
  func creditedNotDebited(judge: Judge) {
    expect(
      judge, [credit(50, at: "10:00:20", account: "s1")],
      says: ["credited-not-debited 50.00 → school by single about 0"], buckets: [.anomalous])
  }

  @Test("A failed payment is no payment", arguments: Judge.allCases)
  func creditForFailedPayment(judge: Judge) {
    expect(
      judge,
      [
        failedPayment(50, at: "10:00:00", order: "A", serial: "w1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
      ], says: ["credited-not-debited 50.00 → school by order about 1"],
      buckets: [.excluded, .anomalous])
  }

  // MARK: Rule 6, both sides twice

  @Test(
    "Two complete top-ups minutes apart are matched, and the second is suspected",
    arguments: Judge.allCases, [("10:10:00", true), ("10:10:01", false)])
  func suspectedDuplicate(judge: Judge, second: (time: String, isSuspected: Bool)) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(50, at: second.time, order: "B", serial: "w2", account: "s1"),
        credit(50, at: "10:10:30", order: "B", account: "s1"),
      ],
      says: second.isSuspected
        ? ["suspected-duplicate-debit 50.00 → unknown by account about 2"] : [],
      buckets: [.matched, .matched, .matched, .matched])
  }

  @Test(
    "Two payments of one order, each credited, are no suspicion, in whatever order they come",
    arguments: Judge.allCases, [false, true])
  func oneOrderTwice(judge: Judge, isReversed: Bool) {
    let rows = [
      payment(50, at: "05:22:00", order: "A", serial: "w2", account: "s1"),
      credit(50, at: "05:22:30", order: "A", account: "s1", own: "k1"),
      payment(50, at: "05:32:00", order: "A", serial: "w1", account: "s1"),
      credit(50, at: "05:32:30", account: "s1", own: "k2"),
    ]
    expect(
      judge, isReversed ? rows.reversed() : rows,
      buckets: [.matched, .matched, .matched, .matched])
  }

  @Test("A run of three is one suspicion", arguments: Judge.allCases)
  func suspectedRun(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(50, at: "10:08:00", order: "B", serial: "w2", account: "s1"),
        credit(50, at: "10:08:20", order: "B", account: "s1"),
        payment(50, at: "10:16:00", order: "C", serial: "w3", account: "s1"),
        credit(50, at: "10:16:20", order: "C", account: "s1"),
      ], says: ["suspected-duplicate-debit 50.00 → unknown by account about 2"],
      buckets: [.matched, .matched, .matched, .matched, .matched, .matched])
  }

  @Test(
    "A card only an ordinary pair names is its student's all the same", arguments: Judge.allCases)
  func ordinaryCard(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "card 1"),
        credit(50, at: "10:00:20", order: "A", account: "card 1", student: "s1"),
        payment(50, at: "10:04:00", order: "B", serial: "w2", student: "s1"),
      ], says: ["duplicate-debit 50.00 → student by account about 2"],
      buckets: [.matched, .matched, .anomalous])
    var rules = Rules()
    rules.dailyLimitFen = 9_000
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "card 1"),
        credit(50, at: "10:00:20", order: "A", account: "card 1", student: "s1"),
        payment(50, at: "15:00:00", order: "B", serial: "w2", student: "s1"),
        credit(50, at: "15:00:20", order: "B", account: "card 1", student: "s1"),
      ], says: ["limit-exceeded 50.00 → none by account about 2"],
      buckets: [.matched, .matched, .matched, .matched], rules: rules)
  }
}

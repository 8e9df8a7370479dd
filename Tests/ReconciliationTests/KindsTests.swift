import Payments
import Testing

/// Settled questions 9, 10, 13 and 14, and the kinds no other suite tells.
@Suite("Settled questions: rows that moved nothing, controls, notices")
struct KindsTests {
  // MARK: 9, rows that moved nothing

  @Test("An unposted top-up nobody paid for is set aside", arguments: Judge.allCases)
  func notPosted(judge: Judge) {
    expect(judge, [unposted(50, at: "10:00:20", order: "A")], buckets: [.excluded])
    let rules = judge([unposted(50, at: "10:00:20")], Accepted.allDays.coverage, Rules()).rules
    #expect(rules == [.notPosted])
  }

  @Test("An unposted top-up somebody paid for is evidence", arguments: Judge.allCases)
  func unpostedIsEvidence(judge: Judge) {
    let rows = [
      payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
      unposted(50, at: "10:00:20", order: "A"),
    ]
    expect(
      judge, rows, says: ["debited-not-credited 50.00 → student by order about 0"],
      buckets: [.anomalous, .anomalous])
    let result = judge(rows, Accepted.allDays.coverage, Rules())
    #expect(result.findings.map(\.rows) == [[0, 1]])
  }

  // MARK: Account lists

  @Test("A credit to a card reported lost", arguments: Judge.allCases)
  func closedAccount(judge: Judge) {
    func word(_ rule: ExclusionRule, at time: String) -> Entry {
      var entry = excluded(0, at: time, by: rule)
      (entry.account, entry.student) = (key("s1"), key("person 1"))
      return entry
    }
    let paid = [
      payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
      credit(50, at: "10:00:20", order: "A", account: "s1"),
    ]
    expect(
      judge, paid + [word(.closedAccount, at: "09:00:00")],
      says: ["closed-account-credit 50.00 → student by order about 1"],
      buckets: [.matched, .anomalous, .excluded])
    expect(
      judge, paid + [word(.closedAccount, at: "10:30:00")],
      buckets: [.matched, .matched, .excluded])
    expect(
      judge,
      paid + [word(.closedAccount, at: "08:00:00"), word(.accountList, at: "09:00:00")],
      buckets: [.matched, .matched, .excluded, .excluded])
  }

  @Test(
    "Who left has left with every card; a lost card is one card", arguments: Judge.allCases,
    [ExclusionRule.personLeft, .closedAccount])
  func personLeft(judge: Judge, rule: ExclusionRule) {
    func word(_ rule: ExclusionRule, card: String, at time: String) -> Entry {
      var entry = excluded(0, at: time, by: rule)
      (entry.account, entry.student) = (key(card), key("person 1"))
      return entry
    }
    let hasLeft = rule == .personLeft
    let says = hasLeft ? ["closed-account-credit 50.00 → student by order about 1"] : []
    let buckets: [Bucket] = [.matched, hasLeft ? .anomalous : .matched]
    let student = [
      payment(50, at: "10:00:00", order: "A", serial: "w1", student: "person 1"),
      credit(50, at: "10:00:20", order: "A", student: "person 1"),
    ]
    let first = word(rule, card: "card 1", at: "08:00:00")
    expect(judge, student + [first], says: says, buckets: buckets + [.excluded])
    // A credit that names another card alone: a row that links it tells whose it is (a student number beside two
    // cards that nothing makes one person's links nobody).
    let cards = [
      payment(50, at: "10:00:00", order: "A", serial: "w1"),
      credit(50, at: "10:00:20", order: "A", account: "card 2"),
    ]
    let spent = word(.notTopUp, card: "card 2", at: "12:00:00")
    var rules = Rules()
    rules.replacements = [AccountLink(key("card 1"), key("card 2"))]
    expect(
      judge, cards + [first, spent], says: says, buckets: buckets + [.excluded, .excluded],
      rules: rules)
    expect(
      judge, cards + [first], buckets: [.matched, .matched, .excluded])
    // Back again: an open card later is the person's.
    expect(
      judge, student + [first, word(.accountList, card: "card 2", at: "09:00:00")],
      buckets: [.matched, .matched, .excluded, .excluded])
  }

  @Test("A replacement list joins the old card and the new", arguments: Judge.allCases)
  func replacementList(judge: Judge) {
    var word = excluded(0, at: "08:00:00", by: .cardReplacement)
    (word.account, word.student) = (key("old card"), key("new card"))
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "old card"),
        credit(50, at: "10:00:20", order: "A", account: "new card"), word,
      ], buckets: [.matched, .matched, .excluded])
  }

  @Test("Rows set aside keep the rule that set them aside", arguments: Judge.allCases)
  func excludedKeepTheirRule(judge: Judge) {
    let rules: [ExclusionRule] = [.notTopUp, .unreconciledChannel, .notBooked, .otherCurrency]
    let rows = rules.map { excluded(8, at: "10:00:00", by: $0) }
    let transfer = transferOut(5, at: "10:00:00", account: "s1", own: "t1")
    let arrival = transferIn(5, at: "10:00:00", account: "s2", original: "t1")
    let failed = failedPayment(50, at: "10:00:00", order: "A", serial: "w1")
    let result = judge(rows + [transfer, arrival, failed], Accepted.allDays.coverage, Rules())
    #expect(result.buckets.allSatisfy { $0 == .excluded })
    #expect(result.rules == rules + [.notTopUp, .notTopUp, .failedPayment])
    #expect(result.findings.isEmpty)
  }

  // MARK: 10, collisions stay in their group

  @Test("A collision takes its whole group, and one per serial", arguments: Judge.allCases)
  func collisionTakesItsGroup(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:05:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(30, at: "11:00:00", order: "B", serial: "w2", account: "s1"),
        payment(30, at: "11:05:00", order: "B", serial: "w2", account: "s1"),
      ],
      says: [
        "serial-collision 50.00 → unknown by serial about 0",
        "serial-collision 30.00 → unknown by serial about 3",
      ], buckets: [.anomalous, .anomalous, .anomalous, .anomalous, .anomalous])
  }

  // MARK: 14, what may stand beside

  @Test("A matched top-up typed by a person wants a second signature", arguments: Judge.allCases)
  func manualEntry(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        manualCredit(50, at: "10:00:20", order: "A", account: "s1"),
      ], says: ["manual-entry 50.00 → none by order about 1"], buckets: [.matched, .matched])
  }

  @Test("A manual entry may stand beside a loss", arguments: Judge.allCases)
  func manualEntryBesideLoss(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        manualCredit(50, at: "10:00:20", order: "A", account: "s2"),
      ],
      says: [
        "wrong-account 50.00 → student by order about 1, row 0 50.00, row 1 -50.00",
        "manual-entry 50.00 → none by order about 1",
      ], buckets: [.anomalous, .anomalous])
  }

  @Test("A late credit may stand beside a duplicate", arguments: Judge.allCases)
  func lateBesideDuplicate(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:01:00", order: "A", serial: "w2", account: "s1"),
        credit(50, at: "10:20:00", order: "A", serial: "w1", account: "s1"),
      ],
      says: [
        "duplicate-debit 50.00 → student by order about 1",
        "late-credit 50.00 → none by order about 2",
      ], buckets: [.matched, .anomalous, .matched])
  }

  // MARK: Controls

  @Test("One order, two contradicting serials", arguments: Judge.allCases)
  func keyConflict(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", serial: "w9", account: "s1"),
      ], says: ["key-conflict 50.00 → unknown by order about 1"],
      buckets: [.anomalous, .anomalous])
  }

  @Test("A serial cannot contradict a payment that has none", arguments: Judge.allCases)
  func noSerialNoConflict(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", account: "s1"),
        credit(50, at: "10:00:20", order: "A", serial: "w9", account: "s1"),
      ], buckets: [.matched, .matched])
  }

  @Test("A loss says more than a conflict of keys", arguments: Judge.allCases)
  func lossBeforeKeyConflict(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(40, at: "10:00:20", order: "A", serial: "w9", account: "s1"),
      ], says: ["amount-mismatch 10.00 → student (none) by order about 0"],
      buckets: [.anomalous, .anomalous])
  }

  @Test(
    "A credit more than a minute before its payment is impossible",
    arguments: Judge.allCases, [("10:01:00", false), ("10:01:01", true)])
  func timeImpossible(judge: Judge, paid: (time: String, isImpossible: Bool)) {
    expect(
      judge,
      [
        credit(50, at: "10:00:00", order: "A", account: "s1"),
        payment(50, at: paid.time, order: "A", serial: "w1", account: "s1"),
      ],
      says: paid.isImpossible ? ["time-impossible 50.00 → none by order about 0"] : [],
      buckets: [.matched, .matched])
  }

  @Test("A loss says more than an impossible time", arguments: Judge.allCases)
  func lossBeforeTimeImpossible(judge: Judge) {
    expect(
      judge,
      [
        credit(50, at: "09:59:00", order: "A", account: "s1"),
        credit(50, at: "09:50:00", order: "A", account: "s1"),
        payment(50, at: "10:01:00", order: "A", serial: "w1", account: "s1"),
      ], says: ["duplicate-credit 50.00 → school by order about 1"],
      buckets: [.matched, .anomalous, .matched])
  }

  @Test("A row from days ahead is impossible, not pending", arguments: Judge.allCases)
  func futureRow(judge: Judge) {
    expect(
      judge, [payment(50, at: "+2 00:00:00", order: "A", serial: "w1", account: "s1")],
      says: ["time-impossible 50.00 → none by single about 0"], buckets: [.anomalous],
      accepted: .today)
  }

  @Test("A reversal from days ahead is impossible too", arguments: Judge.allCases)
  func futureReversal(judge: Judge) {
    expect(
      judge, [reversal(50, at: "+2 00:00:00", order: "A", account: "s1")],
      says: ["time-impossible 50.00 → none by single about 0"], buckets: [.anomalous],
      accepted: .today)
  }

  @Test("Tomorrow's row only waits", arguments: Judge.allCases)
  func tomorrowsRow(judge: Judge) {
    expect(
      judge, [payment(50, at: "+1 23:00:00", order: "A", serial: "w1", account: "s1")],
      buckets: [.pending], waits: ["0 until 2026-03-11"], accepted: .today)
  }

  // MARK: Held rows

  @Test("A held payment accuses no credit of its order", arguments: Judge.allCases)
  func heldPayment(judge: Judge) {
    expect(
      judge,
      [
        held(50, at: "10:00:00", order: "A", serial: "w1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
      ], buckets: [.rejected, .pending], waits: ["1 until 2026-03-10"])
  }

  @Test("A held row naming a payment's serial keeps it from accusing", arguments: Judge.allCases)
  func heldBySerial(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        held(50, at: "10:00:20", serial: "w1"),
      ], buckets: [.pending, .rejected], waits: ["0 until 2026-03-10"])
  }

  @Test("A held row does not disturb a matched pair", arguments: Judge.allCases)
  func heldBesideMatch(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        held(50, at: "10:00:40", order: "A"),
      ], buckets: [.matched, .matched, .rejected])
  }
}

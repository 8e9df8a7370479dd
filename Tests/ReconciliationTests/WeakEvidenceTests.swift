import Payments
import Testing

/// Rules 7 to 9 of ANOMALIES, with settled question 3.
@Suite("How a group is judged: weak evidence, waiting, closing")
struct WeakEvidenceTests {
  // MARK: Rule 7, weak evidence

  @Test("Same account, same amount, near in time, nobody else: a match", arguments: Judge.allCases)
  func weakMatch(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", account: "s1"),
      ], buckets: [.matched, .matched])
  }

  @Test("Weak evidence goes through what links card and student", arguments: Judge.allCases)
  func weakMatchAcrossCards(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", student: "student 1"),
        credit(50, at: "10:00:20", account: "card 1"),
        transferIn(9, at: "08:00:00", account: "card 1", student: "student 1", original: "t1"),
      ], buckets: [.matched, .matched, .excluded])
  }

  @Test(
    "A credit may be dated a minute before its payment, not more",
    arguments: Judge.allCases, [("10:01:00", true), ("10:01:01", false)])
  func clockTolerance(judge: Judge, paid: (time: String, isNear: Bool)) {
    expect(
      judge,
      [
        credit(50, at: "10:00:00", account: "s1"),
        payment(50, at: paid.time, serial: "w1", account: "s1"),
      ],
      says: paid.isNear
        ? []
        : [
          "credited-not-debited 50.00 → school by single about 0",
          "debited-not-credited 50.00 → student by single about 1",
        ],
      buckets: paid.isNear ? [.matched, .matched] : [.anomalous, .anomalous])
  }

  @Test(
    "Weak evidence ends with the credit window",
    arguments: Judge.allCases, [("10:30:00", true), ("10:30:01", false)])
  func creditWindow(judge: Judge, credited: (time: String, isInside: Bool)) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        credit(50, at: credited.time, account: "s1"),
      ],
      says: credited.isInside
        ? ["late-credit 50.00 → none by weak about 1"]
        : [
          "debited-not-credited 50.00 → student by single about 0",
          "credited-not-debited 50.00 → school by single about 1",
        ],
      buckets: credited.isInside ? [.matched, .matched] : [.anomalous, .anomalous])
  }

  @Test("Amount alone never matches", arguments: Judge.allCases)
  func amountAlone(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", payer: "li"),
        credit(50, at: "10:00:20", account: "s1"),
      ],
      says: [
        "debited-not-credited 50.00 → student by single about 0",
        "credited-not-debited 50.00 → school by single about 1",
      ], buckets: [.anomalous, .anomalous])
  }

  @Test("Weak evidence never crosses channels", arguments: Judge.allCases)
  func channelsMustFit(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .wechat, serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", .alipay, account: "s1"),
      ],
      says: [
        "debited-not-credited 50.00 → student by single about 0",
        "credited-not-debited 50.00 → school by single about 1",
      ], buckets: [.anomalous, .anomalous])
  }

  @Test("A credit naming no channel fits all", arguments: Judge.allCases)
  func unknownChannelFits(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .wechat, serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", .unknown, account: "s1"),
      ], buckets: [.matched, .matched])
  }

  @Test("Two equally good pairings are ambiguous, all four rows listed", arguments: Judge.allCases)
  func ambiguousFour(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        payment(50, at: "10:01:00", serial: "w2", account: "s1"),
        credit(50, at: "10:01:10", account: "s1"),
        credit(50, at: "10:01:20", account: "s1"),
      ], says: ["ambiguous-match 50.00 → unknown by weak about 0"],
      buckets: [.anomalous, .anomalous, .anomalous, .anomalous])
  }

  @Test("One way to pair everybody is a match, however entangled", arguments: Judge.allCases)
  func uniqueInBothDirections(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        credit(50, at: "10:20:00", account: "s1"),
        payment(50, at: "10:20:30", serial: "w2", account: "s1"),
        credit(50, at: "10:45:00", account: "s1"),
      ],
      says: [
        "late-credit 50.00 → none by weak about 1", "late-credit 50.00 → none by weak about 3",
      ], buckets: [.matched, .matched, .matched, .matched])
  }

  // MARK: Settled question 3, twins

  @Test(
    "Twins with one credit are a duplicate up to ten minutes apart, ambiguous beyond",
    arguments: Judge.allCases, [("10:10:00", true), ("10:10:01", false)])
  func twins(judge: Judge, second: (time: String, isTwin: Bool)) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        payment(50, at: second.time, serial: "w2", account: "s1"),
        credit(50, at: "10:10:30", account: "s1"),
      ],
      says: [
        second.isTwin
          ? "duplicate-debit 50.00 → student by weak about 0"
          : "ambiguous-match 50.00 → unknown by weak about 0"
      ],
      buckets: second.isTwin
        ? [.anomalous, .matched, .matched] : [.anomalous, .anomalous, .anomalous])
  }

  @Test("Two credits for one payment without references", arguments: Judge.allCases)
  func twinCredits(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", account: "s1"),
        credit(50, at: "10:00:40", account: "s1"),
      ], says: ["duplicate-credit 50.00 → school by weak about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  @Test("A second payment of an order whose first is weakly credited", arguments: Judge.allCases)
  func duplicateBesideWeakMatch(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", account: "s1"),
        payment(50, at: "12:00:00", order: "A", serial: "w2", account: "s1"),
      ], says: ["duplicate-debit 50.00 → student by order about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  // MARK: Rule 8, not yet decidable

  @Test("A payment just before midnight waits for tomorrow's ledger", arguments: Judge.allCases)
  func paymentWaits(judge: Judge) {
    expect(
      judge, [payment(50, at: "23:59:00", order: "A", serial: "w1", account: "s1")],
      buckets: [.pending], waits: ["0 until 2026-03-11"], accepted: .today)
  }

  @Test("A credit just after midnight waits for yesterday's channel", arguments: Judge.allCases)
  func creditWaits(judge: Judge) {
    expect(
      judge, [credit(50, at: "00:00:30", order: "A", account: "s1")],
      buckets: [.pending], waits: ["0 until 2026-03-10"], accepted: .today)
  }

  @Test("The two settle when both days are in", arguments: Judge.allCases)
  func midnightSettles(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "23:59:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "+1 00:00:30", order: "A", account: "s1"),
      ], buckets: [.matched, .matched])
  }

  @Test("What stays alone is an anomaly once the next day is in", arguments: Judge.allCases)
  func pendingBecomesAnomaly(judge: Judge) {
    expect(
      judge, [payment(50, at: "23:59:00", order: "A", serial: "w1", account: "s1")],
      says: ["debited-not-credited 50.00 → student by single about 0"], buckets: [.anomalous])
  }

  @Test("At noon one day is enough", arguments: Judge.allCases)
  func decidableAtNoon(judge: Judge) {
    expect(
      judge, [payment(50, at: "12:00:00", order: "A", serial: "w1", account: "s1")],
      says: ["debited-not-credited 50.00 → student by single about 0"], buckets: [.anomalous],
      accepted: .today)
  }

  @Test(
    "A window that ends with the day's last second is covered",
    arguments: Judge.allCases, [("23:29:59", true), ("23:30:00", false)])
  func lastSecond(judge: Judge, paid: (time: String, isDecided: Bool)) {
    expect(
      judge, [payment(50, at: paid.time, order: "A", serial: "w1", account: "s1")],
      says: paid.isDecided ? ["debited-not-credited 50.00 → student by single about 0"] : [],
      buckets: [paid.isDecided ? .anomalous : .pending],
      waits: paid.isDecided ? [] : ["0 until 2026-03-11"], accepted: .today)
  }

  @Test("A missing ledger accuses no payment", arguments: Judge.allCases)
  func ledgerMissing(judge: Judge) {
    expect(
      judge, [payment(50, at: "12:00:00", order: "A", serial: "w1", account: "s1")],
      buckets: [.pending], waits: ["0 until 2026-03-10"], accepted: .noLedger)
  }

  @Test("A missing channel statement accuses no credit", arguments: Judge.allCases)
  func channelMissing(judge: Judge) {
    expect(
      judge, [credit(50, at: "12:00:00", account: "s1")],
      buckets: [.pending], waits: ["0 until 2026-03-10"], accepted: .noChannel)
    // A payment of its order may be dated the day after; what is missing first is the day's own.
    expect(
      judge, [credit(50, at: "12:00:00", order: "A", account: "s1")],
      buckets: [.pending], waits: ["0 until 2026-03-10"], accepted: .noChannel)
  }

  @Test("A credit naming no channel waits while any is missing", arguments: Judge.allCases)
  func channelUnknown(judge: Judge) {
    expect(
      judge, [credit(50, at: "12:00:00", .unknown, account: "s1")],
      buckets: [.pending], waits: ["0 until 2026-03-10"], accepted: .noChannel)
  }

  @Test("An ambiguity waits until all its rows are decidable", arguments: Judge.allCases)
  func ambiguityWaits(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "23:20:00", serial: "w1", account: "s1"),
        payment(50, at: "23:40:00", serial: "w2", account: "s1"),
        credit(50, at: "23:40:30", account: "s1"),
      ], buckets: [.pending, .pending, .pending],
      waits: ["0 until 2026-03-10", "1 until 2026-03-11", "2 until 2026-03-10"],
      accepted: .today)
  }

  // MARK: Rule 9, later rows close an anomaly

  @Test("A credit days later completes its order", arguments: Judge.allCases)
  func lateRowsClose(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "-1 10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "+2 15:00:00", order: "A", account: "s1"),
      ], says: ["late-credit 50.00 → none by order about 1"], buckets: [.matched, .matched])
  }

  @Test("A refund nights later completes an uncredited payment", arguments: Judge.allCases)
  func lateRefundCloses(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "-1 10:00:00", order: "A", serial: "w1", account: "s1"),
        refund(50, at: "+2 15:00:00", order: "A", serial: "w1", own: "r1"),
      ], buckets: [.matched, .matched])
  }
}

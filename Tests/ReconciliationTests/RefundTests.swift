import Payments
import Testing

/// Settled questions 7 and 8: refunds, reversals, and what was put right.
@Suite("Settled questions: refunds, reversals, what was put right")
struct RefundTests {
  // MARK: 7, one side only

  @Test("A refund without a reversal waits for the ledger", arguments: Judge.allCases)
  func refundWaits(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "20:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "20:00:20", order: "A", account: "s1"),
        refund(50, at: "23:00:00", order: "A", serial: "w1", own: "r1"),
      ], buckets: [.matched, .matched, .pending], waits: ["2 until 2026-03-11"],
      accepted: .today)
  }

  @Test("A reversal without a refund waits for the channel", arguments: Judge.allCases)
  func reversalWaits(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "20:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "20:00:20", order: "A", account: "s1", own: "k1"),
        reversal(50, at: "23:00:00", account: "s1", original: "k1"),
      ], buckets: [.matched, .matched, .pending], waits: ["2 until 2026-03-11"],
      accepted: .today)
  }

  @Test("Taken off the card and never refunded", arguments: Judge.allCases)
  func reversalNotRefunded(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1"),
        reversal(50, at: "11:00:00", order: "A", account: "s1", original: "k1"),
      ], says: ["reversal-not-refunded 50.00 → student by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("A partial refund the card does not know", arguments: Judge.allCases)
  func partialRefund(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        refund(20, at: "11:00:00", order: "A", serial: "w1", own: "r1"),
      ], says: ["refund-not-reversed 20.00 → school by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("A partial reversal the channel does not know", arguments: Judge.allCases)
  func partialReversal(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1"),
        reversal(20, at: "11:00:00", order: "A", account: "s1", original: "k1"),
      ], says: ["reversal-not-refunded 20.00 → student by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("A finding about a pair stands on what joined the pair", arguments: Judge.allCases)
  func basisIsThePairs(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1"),
        reversal(20, at: "11:00:00", account: "s1", original: "k1"),
      ], says: ["reversal-not-refunded 20.00 → student by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  // MARK: 7, both sides differ

  @Test("More refunded than reversed is owed to the school", arguments: Judge.allCases)
  func refundedMore(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1"),
        refund(20, at: "11:00:00", order: "A", serial: "w1", own: "r1"),
        reversal(10, at: "11:00:20", order: "A", account: "s1", original: "k1"),
      ], says: ["refund-amount-mismatch 10.00 → school by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous, .anomalous])
  }

  @Test("More reversed than refunded is owed to the student", arguments: Judge.allCases)
  func reversedMore(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1"),
        refund(10, at: "11:00:00", order: "A", serial: "w1", own: "r1"),
        reversal(20, at: "11:00:20", order: "A", account: "s1", original: "k1"),
      ], says: ["refund-amount-mismatch 10.00 → student by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous, .anomalous])
  }

  @Test("A partial refund and a short credit are two things", arguments: Judge.allCases)
  func partialRefundAndShortCredit(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(30, at: "10:00:20", order: "A", account: "s1"),
        refund(10, at: "11:00:00", order: "A", serial: "w1", own: "r1"),
      ],
      says: [
        "amount-mismatch 20.00 → student (none) by order about 0",
        "refund-not-reversed 10.00 → school by order about 2",
      ], buckets: [.anomalous, .anomalous, .anomalous])
  }

  // MARK: 7, too much and from nowhere

  @Test("A second full refund exceeds the payment", arguments: Judge.allCases)
  func refundExceedsPayment(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        refund(50, at: "10:30:00", order: "A", serial: "w1", own: "r1"),
        refund(50, at: "10:40:00", order: "A", serial: "w1", own: "r2"),
      ], says: ["refund-exceeds-payment 50.00 → school by order about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test(
    "A properly refunded payment is not blamed for its neighbour's excess",
    arguments: Judge.allCases)
  func excessBlamesItsOwnPayment(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:01:00", order: "A", serial: "w2", account: "s1"),
        refund(50, at: "10:30:00", order: "A", serial: "w1", own: "r1"),
        refund(50, at: "10:40:00", order: "A", serial: "w1", own: "r2"),
        refund(50, at: "10:50:00", order: "A", serial: "w2", own: "r3"),
      ], says: ["refund-exceeds-payment 50.00 → school by order about 3"],
      buckets: [.anomalous, .matched, .anomalous, .anomalous, .matched])
  }

  @Test("A refund without its payment is told at once", arguments: Judge.allCases)
  func orphanRefund(judge: Judge) {
    expect(
      judge, [refund(50, at: "10:30:00", order: "A", serial: "w1", own: "r1")],
      says: ["orphan-refund 50.00 → unknown by single about 0"], buckets: [.anomalous],
      accepted: .noLedger)
  }

  @Test("A refund finds its payment by the serial it reverses", arguments: Judge.allCases)
  func refundByOriginal(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", account: "s1"),
        refund(50, at: "10:30:00", serial: "w9", own: "r1", original: "w1"),
      ], buckets: [.matched, .matched])
  }

  @Test("A reversal alone owes the student a refund", arguments: Judge.allCases)
  func strayReversal(judge: Judge) {
    expect(
      judge, [reversal(50, at: "11:00:00", account: "s1", original: "k0")],
      says: ["reversal-not-refunded 50.00 → student by single about 0"], buckets: [.anomalous])
  }

  // MARK: 8, put right already

  @Test("A duplicate credit taken back is balanced", arguments: Judge.allCases)
  func duplicateCreditReversed(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1"),
        credit(50, at: "10:01:20", order: "A", account: "s1", own: "k2"),
        reversal(50, at: "10:05:00", order: "A", account: "s1", original: "k2"),
      ], buckets: [.matched, .matched, .matched, .matched])
  }

  @Test("A reversal naming its credit is never crowded out", arguments: Judge.allCases)
  func namedReversalFirst(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1", own: "k1"),
        credit(50, at: "10:00:30", order: "A", account: "s1", own: "k2"),
        credit(50, at: "10:00:40", order: "A", account: "s1", own: "k3"),
        reversal(50, at: "10:05:00", order: "A", account: "s1"),
        reversal(50, at: "10:06:00", order: "A", account: "s1", original: "k3"),
      ], buckets: [.matched, .matched, .matched, .matched, .matched, .matched])
  }

  @Test("A duplicate debit refunded is balanced", arguments: Judge.allCases)
  func duplicateDebitRefunded(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(50, at: "10:01:00", order: "A", serial: "w2", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        refund(50, at: "10:30:00", order: "A", serial: "w2", own: "r1"),
      ], buckets: [.matched, .matched, .matched, .matched])
  }

  @Test("A failed posting tried again is balanced", arguments: Judge.allCases)
  func failedPostingRetried(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        unposted(50, at: "10:00:20", order: "A"),
        credit(50, at: "10:01:20", order: "A", account: "s1"),
      ], buckets: [.matched, .matched, .matched])
  }

  @Test("The wrong card credited, taken back and put right is balanced", arguments: Judge.allCases)
  func wrongAccountPutRight(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s2", own: "k1"),
        reversal(50, at: "10:30:00", order: "A", account: "s2", original: "k1"),
        credit(50, at: "10:31:00", order: "A", account: "s1", own: "k2"),
      ], says: ["late-credit 50.00 → none by order about 3"],
      buckets: [.matched, .matched, .matched, .matched])
  }
}

import Payments
import Testing

/// The settled questions of ANOMALIES, by number; 1 to 3 stand with the rules they settle.
@Suite("Settled questions: amounts, explanations, refunds, limits")
struct SettledQuestionsTests {
  // MARK: 1, one per group for every other kind

  @Test("Two late credits of one group are one notice", arguments: Judge.allCases)
  func oneLateCreditPerGroup(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        payment(30, at: "10:00:05", order: "A", serial: "w2", account: "s1"),
        credit(50, at: "10:05:00", order: "A", serial: "w1", account: "s1"),
        credit(30, at: "10:05:10", order: "A", serial: "w2", account: "s1"),
      ], says: ["late-credit 50.00 → none by order about 2"],
      buckets: [.matched, .matched, .matched, .matched])
  }

  // MARK: 5, explanations of a mismatch

  /// What was paid, what was credited, and what is to be said of it.
  struct Mismatch: CustomTestStringConvertible, Sendable {
    var name: String
    var paid: Int64
    var credited: Int64
    var channel: Channel
    var coupon: Int64 = 0
    var says: String
    var isBenign = true

    var testDescription: String { name }
  }

  static let mismatches = [
    Mismatch(
      name: "a coupon explains its own amount", paid: 5_000, credited: 4_500, channel: .wechat,
      coupon: 500, says: "5.00 → none (coupon)"),
    Mismatch(
      name: "a coupon of another amount explains nothing", paid: 5_000, credited: 4_500,
      channel: .wechat, coupon: 400, says: "5.00 → student (none)", isBenign: false),
    Mismatch(
      name: "a coupon is tried before a fee", paid: 5_200, credited: 5_000, channel: .ccb,
      coupon: 200, says: "2.00 → none (coupon)"),
    Mismatch(
      name: "a bank fee of 2 yuan", paid: 5_200, credited: 5_000, channel: .ccb,
      says: "2.00 → none (fee)"),
    Mismatch(
      name: "a bank fee of 3 yuan is tried before a surcharge", paid: 10_300, credited: 10_000,
      channel: .icbc, says: "3.00 → none (fee)"),
    Mismatch(
      name: "a fee nobody configured", paid: 5_250, credited: 5_000, channel: .ccb,
      says: "2.50 → student (none)", isBenign: false),
    Mismatch(
      name: "a fee is never taken from the card", paid: 5_000, credited: 5_200, channel: .ccb,
      says: "2.00 → school (none)", isBenign: false),
    Mismatch(
      name: "mobile channels take no fee", paid: 5_200, credited: 5_000, channel: .wechat,
      says: "2.00 → student (none)", isBenign: false),
    Mismatch(
      name: "the surcharge of foreign cards", paid: 10_300, credited: 10_000, channel: .unionpay,
      says: "3.00 → none (surcharge)"),
    Mismatch(
      name: "the surcharge, one fen off", paid: 10_301, credited: 10_000, channel: .unionpay,
      says: "3.01 → none (surcharge)"),
    Mismatch(
      name: "the surcharge, two fen off", paid: 10_302, credited: 10_000, channel: .unionpay,
      says: "3.02 → student (none)", isBenign: false),
    Mismatch(
      name: "a surcharge is never taken from the card", paid: 10_000, credited: 10_300,
      channel: .unionpay, says: "3.00 → school (none)", isBenign: false),
    Mismatch(
      name: "one fen either way is rounding", paid: 5_000, credited: 5_001, channel: .wechat,
      says: "0.01 → none (rounding)"),
    Mismatch(
      name: "fen taken for yuan", paid: 50, credited: 5_000, channel: .wechat,
      says: "49.50 → school (unit)", isBenign: false),
    Mismatch(
      name: "yuan taken for fen", paid: 5_000, credited: 50, channel: .wechat,
      says: "49.50 → student (unit)", isBenign: false),
    Mismatch(
      name: "nothing explains it", paid: 5_000, credited: 3_000, channel: .wechat,
      says: "20.00 → student (none)", isBenign: false),
  ]

  @Test("Explanations are tried in order", arguments: Judge.allCases, mismatches)
  func explanation(judge: Judge, mismatch: Mismatch) {
    let bucket: Bucket = mismatch.isBenign ? .matchedWithinTolerance : .anomalous
    expect(
      judge,
      [
        payment(
          .fen(mismatch.paid), at: "10:00:00", mismatch.channel, order: "A", serial: "1",
          account: "s1", coupon: .fen(mismatch.coupon)),
        credit(
          .fen(mismatch.credited), at: "10:00:20", mismatch.channel, order: "A", account: "s1"),
      ], says: ["amount-mismatch \(mismatch.says) by order about 0"], buckets: [bucket, bucket])
  }

  @Test(
    "Fees on the bill never make a mismatch when the gross is credited", arguments: Judge.allCases)
  func grossIsCompared(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1", coupon: 5),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
      ], buckets: [.matched, .matched])
  }

  // MARK: 11, late

  /// When it was paid and credited, and whether that broke the promise.
  struct Promise: CustomTestStringConvertible, Sendable {
    var channel: Channel
    var paid: String
    var credited: String
    var isLate: Bool

    var testDescription: String { "\(channel) \(paid) → \(credited)" }
  }

  static let promises = [
    Promise(channel: .wechat, paid: "10:00:00", credited: "10:02:00", isLate: false),
    Promise(channel: .wechat, paid: "10:00:00", credited: "10:02:01", isLate: true),
    Promise(channel: .alipay, paid: "10:00:00", credited: "10:02:01", isLate: true),
    Promise(channel: .unionpay, paid: "10:00:00", credited: "10:02:01", isLate: true),
    Promise(channel: .ccb, paid: "10:00:00", credited: "10:30:00", isLate: false),
    Promise(channel: .ccb, paid: "10:00:00", credited: "10:30:01", isLate: true),
    // Maintenance is 01:00 to 05:00; half an hour before it counts as just before.
    Promise(channel: .ccb, paid: "00:30:00", credited: "05:30:00", isLate: false),
    Promise(channel: .ccb, paid: "03:00:00", credited: "05:30:00", isLate: false),
    Promise(channel: .ccb, paid: "03:00:00", credited: "05:30:01", isLate: true),
    Promise(channel: .ccb, paid: "00:29:59", credited: "05:10:00", isLate: true),
    // It says nothing of the others.
    Promise(channel: .wechat, paid: "04:59:59", credited: "05:01:59", isLate: false),
    Promise(channel: .wechat, paid: "04:59:58", credited: "05:02:00", isLate: true),
    Promise(channel: .unionpay, paid: "02:00:00", credited: "04:00:00", isLate: true),
  ]

  @Test("Later than the promise is late, maintenance excused", arguments: Judge.allCases, promises)
  func promise(judge: Judge, promise: Promise) {
    expect(
      judge,
      [
        payment(50, at: promise.paid, promise.channel, order: "A", serial: "1", account: "s1"),
        credit(50, at: promise.credited, promise.channel, order: "A", account: "s1"),
      ], says: promise.isLate ? ["late-credit 50.00 → none by order about 1"] : [],
      buckets: [.matched, .matched])
  }

  @Test("A payment in maintenance is due after its end", arguments: Judge.allCases)
  func maintenanceWindow(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "00:45:00", .ccb, serial: "1", account: "s1"),
        credit(50, at: "05:29:00", .ccb, account: "s1"),
      ], buckets: [.matched, .matched])
  }

  // MARK: 12, limits

  @Test(
    "More than 500 yuan at once exceeds the limit",
    arguments: Judge.allCases, [Int64(50_000), 50_001])
  func singleLimit(judge: Judge, fen: Int64) {
    expect(
      judge,
      [
        payment(.fen(fen), at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(.fen(fen), at: "10:00:20", order: "A", account: "s1"),
      ], says: fen > 50_000 ? ["limit-exceeded 500.01 → none by order about 0"] : [],
      buckets: [.matched, .matched])
  }

  @Test("A day's payments of one person exceed the daily limit once", arguments: Judge.allCases)
  func dailyLimit(judge: Judge) {
    var rules = Rules()
    rules.dailyLimitFen = 10_000
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "s1"),
        payment(50, at: "12:00:00", order: "B", serial: "w2", account: "s1"),
        credit(50, at: "12:00:20", order: "B", account: "s1"),
        payment(30, at: "14:00:00", order: "C", serial: "w3"),
        credit(30, at: "14:00:20", order: "C", account: "s1"),
        payment(90, at: "15:00:00", order: "D", serial: "w4", account: "s2"),
        credit(90, at: "15:00:20", order: "D", account: "s2"),
      ], says: ["limit-exceeded 30.00 → none by account about 4"],
      buckets: [Bucket](repeating: .matched, count: 8), rules: rules)
  }

  @Test(
    "Foreign cards have a daily limit of what was credited", arguments: Judge.allCases,
    [Int64(10_000), 10_001])
  func foreignLimit(judge: Judge, third: Int64) {
    var rows = [
      payment(103, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
      credit(100, at: "10:00:20", order: "A", account: "s1"),
      payment(103, at: "12:00:00", order: "B", serial: "w2", account: "s1"),
      credit(100, at: "12:00:20", order: "B", account: "s1"),
      payment(.fen(third), at: "14:00:00", order: "C", serial: "w3", account: "s1"),
      credit(.fen(third), at: "14:00:20", order: "C", account: "s1"),
      payment(400, at: "15:00:00", order: "D", serial: "w4", account: "s1"),
      credit(400, at: "15:00:20", order: "D", account: "s1"),
    ]
    for row in [0, 2, 4] { rows[row].isForeign = true }
    let surcharges = [0, 2].map { "amount-mismatch 3.00 → none (surcharge) by order about \($0)" }
    let limit = ["limit-exceeded 100.01 → none by account about 4"]
    let buckets: [Bucket] =
      [Bucket](repeating: .matchedWithinTolerance, count: 4)
      + [Bucket](repeating: .matched, count: 4)
    expect(
      judge, rows, says: surcharges + (third > 10_000 ? limit : []), buckets: buckets)
    var rules = Rules()
    rules.foreignDailyLimitFen = nil
    expect(judge, rows, says: surcharges, buckets: buckets, rules: rules)
  }

  // MARK: 8 of the rules: a channel nobody has seen accuses nobody

  @Test("A credit of a channel without statement waits for it", arguments: Judge.allCases)
  func creditOfUnseenChannel(judge: Judge) {
    let rows = [
      payment(50, at: "10:00:00", .alipay, order: "A", serial: "a1", account: "s1"),
      credit(30, at: "10:00:20", .wechat, order: "A", serial: "w1", account: "s1"),
    ]
    expect(
      judge, rows, buckets: [.pending, .pending],
      waits: ["0 until 2026-03-10", "1 until 2026-03-10"], accepted: .noChannel)
    expect(
      judge, rows, says: ["amount-mismatch 20.00 → student (none) by order about 0"],
      buckets: [.anomalous, .anomalous])
  }

  @Test("A fee on top does not exceed the limit", arguments: Judge.allCases)
  func limitBesideFee(judge: Judge) {
    expect(
      judge,
      [
        payment(502, at: "10:00:00", .ccb, order: "A", serial: "1", account: "s1"),
        credit(500, at: "10:00:20", .ccb, order: "A", account: "s1"),
      ], says: ["amount-mismatch 2.00 → none (fee) by order about 0"],
      buckets: [.matchedWithinTolerance, .matchedWithinTolerance])
  }

  @Test("A payment given back exceeds nothing", arguments: Judge.allCases)
  func limitRefunded(judge: Judge) {
    expect(
      judge,
      [
        payment(600, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        refund(600, at: "10:10:00", order: "A", serial: "w1", own: "r1"),
      ], buckets: [.matched, .matched])
  }

  @Test("Without a daily limit many small payments exceed nothing", arguments: Judge.allCases)
  func noDailyLimit(judge: Judge) {
    expect(
      judge,
      [
        payment(400, at: "10:00:00", order: "A", serial: "w1", account: "s1"),
        credit(400, at: "10:00:20", order: "A", account: "s1"),
        payment(400, at: "14:00:00", order: "B", serial: "w2", account: "s1"),
        credit(400, at: "14:00:20", order: "B", account: "s1"),
      ], buckets: [.matched, .matched, .matched, .matched])
  }
}

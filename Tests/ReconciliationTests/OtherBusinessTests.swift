import Payments
import Testing

@Suite("What a bank's row is about")
struct OtherBusinessTests {
  /// The row as one that is a top-up's only if something else of the night is named by it.
  private func doubtful(_ row: Entry, _ rule: ExclusionRule) -> Entry {
    var row = row
    row.rule = rule
    return row
  }

  @Test("A payout with the words of a top-up is nobody's payment", arguments: Judge.allCases)
  func payout(judge: Judge) {
    let lump = payment(9_940, at: "11:00:00", .ccb, serial: "102-1", payer: "财付通")
    expect(judge, [doubtful(lump, .settlement)], buckets: [.excluded])
  }

  @Test(
    "Who pays through a settlement party and says for whom is still credited",
    arguments: Judge.allCases)
  func payer(judge: Judge) {
    let paid = payment(50, at: "11:00:00", .ccb, serial: "102-1", student: "s1")
    expect(
      judge,
      [
        doubtful(paid, .settlement),
        credit(50, at: "11:05:00", .ccb, student: "s1"),
      ], buckets: [.matched, .matched])
    expect(
      judge, [doubtful(paid, .settlement)],
      says: ["debited-not-credited 50.00 → student by single about 0"], buckets: [.anomalous])
  }

  @Test("So is who says which order he pays", arguments: Judge.allCases)
  func order(judge: Judge) {
    let paid = payment(50, at: "11:00:00", .ccb, order: "A", serial: "102-1")
    expect(
      judge,
      [
        doubtful(paid, .settlement),
        credit(50, at: "11:05:00", .ccb, order: "A", student: "s1"),
      ], buckets: [.matched, .matched])
    // An order that nobody else has is the payout's own.
    expect(judge, [doubtful(paid, .settlement)], buckets: [.excluded])
  }

  @Test("What the canteen is paid is nobody's refund", arguments: Judge.allCases)
  func canteen(judge: Judge) {
    let paid = refund(12_345, at: "11:00:00", .ccb, serial: "102-1")
    expect(judge, [doubtful(paid, .outgoing)], buckets: [.excluded])
    // Two of them do not speak for each other.
    let other = refund(12_345, at: "12:00:00", .ccb, order: "P", serial: "102-2")
    let twin = refund(12_345, at: "12:10:00", .ccb, order: "P", serial: "102-3")
    expect(
      judge, [doubtful(other, .outgoing), doubtful(twin, .outgoing)],
      buckets: [.excluded, .excluded])
  }

  @Test(
    "Money that goes out with the order or serial of a payment is its refund",
    arguments: Judge.allCases, ["order", "original"])
  func named(judge: Judge, by key: String) {
    let back =
      key == "order"
      ? refund(50, at: "12:00:00", .ccb, order: "A", serial: "102-2")
      : refund(50, at: "12:00:00", .ccb, serial: "102-2", original: "102-1")
    expect(
      judge,
      [
        payment(50, at: "11:00:00", .ccb, order: "A", serial: "102-1", student: "s1"),
        credit(50, at: "11:05:00", .ccb, order: "A", student: "s1"),
        doubtful(back, .outgoing),
      ],
      says: [
        "refund-not-reversed 50.00 → school by \(key == "order" ? "order" : "serial") about 2"
      ], buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("A company that names nobody need not have topped up a card", arguments: Judge.allCases)
  func company(judge: Judge) {
    var paid = payment(20_000, at: "11:00:00", .ccb, serial: "102-1")
    paid.isCompany = true
    expect(
      judge, [paid],
      says: ["unidentified-bank-credit 20,000.00 → unknown by single about 0"],
      buckets: [.anomalous])
    expect(judge, [paid], buckets: [.pending], waits: ["0 until 2026-03-10"], accepted: .noLedger)
    // Credited by its serial it is a top-up; so is what names a person or an order.
    let posted = credit(20_000, at: "11:05:00", .ccb, serial: "102-1", student: "s1")
    expect(
      judge, [paid, posted], says: [limit.replacing("single", with: "serial")],
      buckets: [.matched, .matched])
    var named = paid
    named.student = key("s1")
    var ordered = paid
    ordered.order = key("A")
    for row in [named, ordered] {
      expect(
        judge, [row], says: ["debited-not-credited 20,000.00 → student by single about 0", limit],
        buckets: [.anomalous])
    }
  }

  private let limit = "limit-exceeded 20,000.00 → none by single about 0"

  @Test(
    "Without the words of a top-up it is one where a top-up's row has its key",
    arguments: Judge.allCases,
    [ExclusionRule.notCampusCard, .otherBusiness])
  func wordless(judge: Judge, rule: ExclusionRule) {
    let paid = payment(50, at: "11:00:00", .ccb, order: "A", serial: "102-1")
    let posted = credit(50, at: "11:05:00", .ccb, serial: "102-1", student: "s1")
    expect(judge, [doubtful(paid, rule), posted], buckets: [.matched, .matched])
    expect(judge, [doubtful(paid, rule)], buckets: [.excluded])
    let back = refund(50, at: "12:00:00", .ccb, order: "A", serial: "102-2")
    expect(judge, [doubtful(paid, rule), back], buckets: [.matched, .matched])
    // Two of them do not speak for each other, nor does an attempt that failed.
    expect(judge, [doubtful(paid, rule), doubtful(back, rule)], buckets: [.excluded, .excluded])
  }

  @Test(
    "A number in its text makes it a refund only where somebody has it",
    arguments: Judge.allCases, [true, false])
  func number(judge: Judge, isKnown: Bool) {
    var back = refund(50, at: "12:00:00", .ccb, serial: "102-2")
    back.others = [NamedNumber(key(isKnown ? "s1" : "contract"), .any, .prose)]
    let rows = [
      payment(50, at: "11:00:00", .ccb, order: "A", serial: "102-1", student: "s1"),
      credit(50, at: "11:05:00", .ccb, order: "A", student: "s1"),
      doubtful(back, .outgoing),
    ]
    if isKnown {
      expect(
        judge, rows, says: ["refund-not-reversed 50.00 → school by weak about 2"],
        buckets: [.anomalous, .anomalous, .anomalous])
    } else {
      expect(judge, rows, buckets: [.matched, .matched, .excluded])
    }
  }
}

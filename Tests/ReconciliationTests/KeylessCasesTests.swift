import Payments
import Testing

/// Refunds and reversals that share no key with anything: whose money they moved, where several could be meant.
@Suite("Given back and taken back without keys")
struct KeylessCasesTests {
  /// A bank's top-up of card 1, credited 20 seconds later.
  private func topUp(_ order: String, at minute: String) -> [Entry] {
    [
      payment(50, at: "\(minute):00", .ccb, order: order, serial: "b\(order)", account: "c1"),
      credit(50, at: "\(minute):20", .ccb, order: order, account: "c1", own: "k\(order)"),
    ]
  }

  private func given(at time: String, payer: String = "") -> Entry {
    var row = refund(50, at: time, .ccb, serial: "given \(time)", account: payer == "" ? "c1" : "")
    row.payer = key(payer)
    return row
  }

  private func taken(at time: String) -> Entry {
    var row = reversal(50, at: time, account: "c1")
    row.channel = .ccb
    return row
  }

  @Test("Of two payments the one nobody credited was given back", arguments: Judge.allCases)
  func uncredited(judge: Judge) {
    let rows = topUp("A", at: "10:00") + [topUp("B", at: "12:00")[0], given(at: "18:00:00")]
    expect(judge, rows, buckets: [.matched, .matched, .matched, .matched])
  }

  @Test("Of two credits the one too many was taken back", arguments: Judge.allCases)
  func surplus(judge: Judge) {
    let rows = topUp("A", at: "10:00") + [topUp("B", at: "12:00")[1], taken(at: "18:00:00")]
    expect(judge, rows, buckets: [.matched, .matched, .matched, .matched])
  }

  @Test("Where both were credited nobody can say which was given back", arguments: Judge.allCases)
  func several(judge: Judge) {
    let rows = topUp("A", at: "10:00") + topUp("B", at: "12:00") + [given(at: "18:00:00")]
    expect(
      judge, rows, says: ["orphan-refund 50.00 → unknown by single about 4"],
      buckets: [.matched, .matched, .matched, .matched, .anomalous])
    expect(
      judge, rows + [taken(at: "18:30:00")],
      buckets: [.matched, .matched, .matched, .matched, .matched, .matched])
  }

  @Test("What a refund names is its payment's, and the reversal with it", arguments: Judge.allCases)
  func explained(judge: Judge) {
    var rows = topUp("A", at: "10:00") + topUp("B", at: "14:00")
    for index in rows.indices { rows[index].order = 0 }
    rows.append(refund(50, at: "15:00:00", .ccb, serial: "r", original: "bB"))
    expect(
      judge, rows + [taken(at: "15:10:00")],
      buckets: [.matched, .matched, .matched, .matched, .matched, .matched])
  }

  @Test("What was never credited calls for no reversal", arguments: Judge.allCases)
  func neverCredited(judge: Judge) {
    let rows = topUp("A", at: "10:00") + topUp("B", at: "12:00")
    let back = [
      payment(50, at: "14:00:00", .ccb, order: "C", serial: "bC", account: "c1"),
      refund(50, at: "15:00:00", .ccb, order: "C", serial: "bC", account: "c1"),
    ]
    expect(
      judge, rows + back + [taken(at: "15:10:00")],
      says: ["reversal-not-refunded 50.00 → student by single about 6"],
      buckets: [.matched, .matched, .matched, .matched, .matched, .matched, .anomalous])
  }

  @Test("Who paid says little where somebody is named", arguments: Judge.allCases)
  func payerOnly(judge: Judge) {
    var rows = topUp("A", at: "10:00")
    rows[0].payer = key("p")
    let unnamed = payment(50, at: "12:00:00", .ccb, serial: "bU", payer: "p")
    // Of the person, though another payment has the payer.
    var back = given(at: "18:00:00")
    back.payer = key("p")
    expect(
      judge, rows + [unnamed, back, taken(at: "18:10:00")],
      says: ["debited-not-credited 50.00 → student by single about 2"],
      buckets: [.matched, .matched, .anomalous, .matched, .matched])
    // Nobody is named: the payer tells.
    expect(
      judge, [unnamed, given(at: "18:00:00", payer: "p")], buckets: [.matched, .matched])
  }

  @Test("Once more than it was paid, it is without its payment", arguments: Judge.allCases)
  func twice(judge: Judge) {
    let rows = [topUp("A", at: "10:00")[0], given(at: "12:00:00"), given(at: "13:00:00")]
    expect(
      judge, rows, says: ["orphan-refund 50.00 → unknown by single about 2"],
      buckets: [.matched, .matched, .anomalous])
  }

  @Test("What was paid too long ago is not what was given back", arguments: Judge.allCases)
  func reach(judge: Judge) {
    var rules = Rules()
    rules.refundReachSeconds = 3_600
    let paid = topUp("A", at: "10:00")[0]
    for (time, isReached) in [("11:00:00", true), ("11:00:01", false)] {
      expect(
        judge, [paid, given(at: time)],
        says: isReached
          ? []
          : [
            "debited-not-credited 50.00 → student by single about 0",
            "orphan-refund 50.00 → unknown by single about 1",
          ],
        buckets: isReached ? [.matched, .matched] : [.anomalous, .anomalous], rules: rules)
    }
  }
}

import Payments
import Testing

@Suite("Money moved to another card")
struct MoveTests {
  private func out(_ amount: Yuan, at time: String = "09:00:00", own: String = "t1") -> Entry {
    transferOut(amount, at: time, account: "old", own: own)
  }

  @Test("What left the old card and arrived nowhere is missed", arguments: Judge.allCases)
  func missing(judge: Judge) {
    expect(
      judge, [out(30)], says: ["move-incomplete 30.00 → student by single about 0"],
      buckets: [.anomalous])
  }

  @Test("It has two days to arrive", arguments: Judge.allCases)
  func waits(judge: Judge) {
    expect(
      judge, [out(30)], buckets: [.pending], waits: ["0 until 2026-03-12"], accepted: .today)
    var rules = Rules()
    rules.moveWindowSeconds = nil
    expect(judge, [out(30)], buckets: [.excluded], rules: rules)
  }

  @Test("What arrives is looked for by serial, by person, by amount", arguments: Judge.allCases)
  func arrives(judge: Judge) {
    let named = transferIn(30, at: "10:00:00", account: "new", original: "t1")
    expect(judge, [out(30), named], buckets: [.excluded, .excluded])
    var unnamed = named
    unnamed.original = 0
    expect(judge, [out(30), unnamed], buckets: [.excluded, .excluded])
    // Which of two it is does not matter; somebody else's is not it.
    var other = unnamed
    other.own = key("t9")
    expect(judge, [out(30), unnamed, other], buckets: [.excluded, .excluded, .excluded])
    var (mine, theirs) = (out(30), unnamed)
    (mine.student, theirs.student) = (key("s1"), key("s2"))
    expect(
      judge, [mine, theirs], says: ["move-incomplete 30.00 → student by single about 0"],
      buckets: [.anomalous, .excluded])
    theirs.student = key("s1")
    theirs.fen = 2_000
    expect(
      judge, [mine, theirs], says: ["move-incomplete 10.00 → student by single about 0"],
      buckets: [.anomalous, .excluded])
  }

  @Test("What has arrived in part leaves the rest", arguments: Judge.allCases)
  func part(judge: Judge) {
    let first = transferIn(12, at: "10:00:00", account: "new", original: "t1")
    var second = transferIn(18, at: "11:00:00", account: "new", original: "t1")
    second.own = key("t3")
    expect(
      judge, [out(30), first], says: ["move-incomplete 18.00 → student by serial about 0"],
      buckets: [.anomalous, .excluded])
    expect(judge, [out(30), first, second], buckets: [.excluded, .excluded, .excluded])
  }

  @Test(
    "A clerk who credits it by hand has moved it; so has who takes the move back",
    arguments: Judge.allCases)
  func byHand(judge: Judge) {
    var (moved, typed) = (out(30), manualCredit(30, at: "10:00:00"))
    (moved.student, typed.student, typed.channel) = (key("s1"), key("s1"), .unknown)
    expect(
      judge, [moved, typed], says: ["manual-entry 30.00 → none by single about 1"],
      buckets: [.excluded, .matched])
    typed.original = key("t1")
    expect(judge, [moved, typed], buckets: [.excluded, .excluded])
    let back = reversal(30, at: "10:00:00", account: "old", original: "t1")
    expect(judge, [out(30), back], buckets: [.excluded, .excluded])
  }

  @Test(
    "What came to another student, or was taken back, has not arrived", arguments: Judge.allCases)
  func elsewhere(judge: Judge) {
    var (mine, named) = (out(30), transferIn(30, at: "10:00:00", account: "new", original: "t1"))
    (mine.student, named.student) = (key("s1"), key("s2"))
    expect(
      judge, [mine, named], says: ["move-incomplete 30.00 → student by single about 0"],
      buckets: [.anomalous, .excluded])
    named.student = key("s1")
    named.own = key("t2")
    let back = reversal(30, at: "10:10:00", account: "new", original: "t2")
    expect(
      judge, [mine, named, back], says: ["move-incomplete 30.00 → student by serial about 0"],
      buckets: [.anomalous, .excluded, .excluded])
  }

  @Test("What takes back spending takes back no top-up", arguments: Judge.allCases)
  func spending(judge: Judge) {
    var spent = excluded(10, at: "08:00:00", by: .notTopUp)
    spent.own = key("y1")
    let back = reversal(10, at: "08:10:00", account: "c1", original: "y1")
    expect(judge, [spent, back], buckets: [.excluded, .excluded])
  }

  @Test(
    "By hand at a counter: with a payment it is its credit, without one nobody's",
    arguments: Judge.allCases)
  func counter(judge: Judge) {
    var typed = manualCredit(100, at: "10:00:00")
    (typed.student, typed.channel, typed.rule) = (key("s1"), .unknown, .unreconciledChannel)
    let hand = "manual-entry 100.00 → none by single about"
    expect(judge, [typed], says: [hand + " 0"], buckets: [.excluded])
    let paid = payment(100, at: "09:59:00", order: "A", student: "s1")
    expect(judge, [paid, typed], says: [hand + " 1"], buckets: [.matched, .matched])
  }
}

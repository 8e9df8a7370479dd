import Foundation
import Payments
import Testing

/// Rows without a shared key, what was given or taken back, and what their needs are: examples by hand.
@Suite("Rows without a shared key")
struct KeylessRulesTests {
  // MARK: Who is who

  @Test("A number is a text, whatever its kind", arguments: Judge.allCases)
  func texts(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", serial: "w1", student: "n1"),
        credit(50, at: "10:00:20", account: "n1"),
      ], buckets: [.matched, .matched])
  }

  @Test("A labelled number of any kind that nobody knows is nobody's", arguments: Judge.allCases)
  func labelledUnknown(judge: Judge) {
    func rows(_ kind: NamedNumber.Kind) -> [Entry] {
      var paid = payment(50, at: "10:00:00", order: "A", serial: "w1")
      paid.others = [NamedNumber(key("c2"), kind, .labelled)]
      return [paid, credit(50, at: "10:00:20", order: "A", account: "c1")]
    }
    expect(judge, rows(.any), buckets: [.matched, .matched])
    expect(
      judge, rows(.card),
      says: ["wrong-account 50.00 → student by order about 1, row 0 50.00, row 1 -50.00"],
      buckets: [.anomalous, .anomalous])
  }

  @Test("A replacement of later makes a card's two numbers one person's", arguments: Judge.allCases)
  func laterReplacement(judge: Judge) {
    func fact(_ card: String, _ other: String, _ time: String, _ rule: ExclusionRule) -> Entry {
      var entry = excluded(0, at: time, by: rule)
      (entry.account, entry.student) = (key(card), key(other))
      return entry
    }
    let rows = [
      payment(50, at: "10:00:00", serial: "w1", student: "s1"),
      credit(50, at: "10:00:20", account: "c1"),
      fact("c1", "s1", "07:00:00", .notTopUp), fact("c2", "s1", "07:00:00", .notTopUp),
    ]
    expect(
      judge, rows + [fact("c1", "c2", "+1 07:00:00", .cardReplacement)],
      buckets: [.matched, .matched, .excluded, .excluded, .excluded])
  }

  // MARK: What joins

  @Test("A ledger row quotes the payment a refund names", arguments: Judge.allCases)
  func original(judge: Judge) {
    let rows = [
      refund(50, at: "11:00:00", serial: "r1", account: "c1", original: "w1"),
      credit(50, at: "10:00:20", serial: "w1", account: "c1"),
    ]
    expect(
      judge, rows, says: ["orphan-refund 50.00 → unknown by serial about 0"],
      buckets: [.anomalous, .anomalous])
  }

  @Test("A refund of which only the day is known may be of any time", arguments: Judge.allCases)
  func dayOnly(judge: Judge) {
    var given = refund(50, at: "00:00:00", .ccb, serial: "b9", account: "c1")
    given.isDayOnly = true
    let rows = [
      payment(50, at: "10:00:00", .ccb, order: "A", serial: "b1", account: "c1"),
      credit(50, at: "10:00:20", .ccb, order: "A", account: "c1"), given,
    ]
    expect(
      judge, rows, says: ["refund-not-reversed 50.00 → school by weak about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("Two refunds without a payment explain no reversal", arguments: Judge.allCases)
  func onlyRefund(judge: Judge) {
    expect(
      judge,
      [
        refund(50, at: "10:00:00", serial: "w1", own: "1", account: "c1"),
        refund(20, at: "10:05:00", serial: "w1", own: "2", account: "c1"),
        reversal(50, at: "10:10:00", account: "c1"),
      ],
      says: [
        "orphan-refund 50.00 → unknown by serial about 0",
        "reversal-not-refunded 50.00 → student by single about 2",
      ], buckets: [.anomalous, .anomalous, .anomalous])
  }

  @Test("A keyless refund takes the nearest of several payments last", arguments: Judge.allCases)
  func takesOneOfMany(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", .ccb, serial: "b1", account: "c1"),
        payment(50, at: "12:30:00", .ccb, serial: "b2", account: "c1"),
        refund(50, at: "13:00:00", .ccb, serial: "b9", account: "c1"),
      ], says: ["debited-not-credited 50.00 → student by single about 0"],
      buckets: [.anomalous, .matched, .matched])
  }

  // MARK: Given or taken back

  @Test(
    "What the other side's word explains takes the credit without a key", arguments: Judge.allCases)
  func byWord(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "c1"),
        refund(50, at: "11:00:00", order: "A", serial: "w1", own: "r1"),
        reversal(50, at: "11:05:00", order: "A", account: "c1"),
        credit(50, at: "10:00:20", account: "c1"),
      ], buckets: [.matched, .matched, .matched, .matched])
  }

  @Test("A part given back is looked for on the card without a key", arguments: Judge.allCases)
  func inPart(judge: Judge) {
    let rows = [
      payment(50, at: "10:00:00", serial: "w1", account: "c1"),
      credit(50, at: "10:00:20", account: "c1", own: "k1"),
      refund(20, at: "11:00:00", serial: "w1", own: "r1"),
    ]
    expect(
      judge, rows, says: ["refund-not-reversed 20.00 → school by weak about 2"],
      buckets: [.anomalous, .anomalous, .anomalous])
    expect(
      judge, rows + [reversal(20, at: "11:05:00", account: "c1", original: "k1")],
      buckets: [.matched, .matched, .matched, .matched])
    expect(
      judge, rows + [reversal(15, at: "11:05:00", account: "c1", original: "k1")],
      says: ["refund-amount-mismatch 5.00 → school by weak about 2"],
      buckets: [.anomalous, .anomalous, .anomalous, .anomalous])
  }

  @Test("What exceeds two payments is told of the last refund of both", arguments: Judge.allCases)
  func exceeded(judge: Judge) {
    expect(
      judge,
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "c1"),
        payment(30, at: "10:00:01", order: "A", serial: "w2", account: "c1"),
        refund(60, at: "11:00:00", order: "A", serial: "w1", own: "r1"),
        refund(40, at: "12:00:00", order: "A", serial: "w2", own: "r2"),
      ], says: ["refund-exceeds-payment 20.00 → school by order about 3"],
      buckets: [.anomalous, .anomalous, .anomalous, .anomalous])
  }

  // MARK: Needs

  private static let whole = Accepted.allDays.coverage.books[0].spans

  private func losses(_ judge: Judge, _ rows: [Entry], _ coverage: Coverage) -> [String] {
    judge(rows, coverage, Rules()).said
  }

  @Test(
    "A keyless refund waits for the days before that are not all there", arguments: Judge.allCases)
  func reach(judge: Judge) {
    let day = RandomDay.firstDay
    let before = TimeSpan(first: day.adding(-5), last: day.adding(-3))
    let rows = [
      payment(50, at: "10:00:00", .ccb, serial: "b1", account: "c1"),
      refund(50, at: "13:00:00", .ccb, serial: "b9", account: "c1"),
      payment(30, at: "10:00:00", .ccb, serial: "b2", account: "c1"),
    ]
    let coverage = Coverage(
      ledger: Self.whole, channels: [.ccb: Self.whole + [before]])
    let result = judge(rows, coverage, Rules())
    #expect(result.said == ["debited-not-credited 30.00 → student by single about 2"])
    #expect(result.buckets == [.pending, .pending, .anomalous])
    #expect(
      result.sortedWaiting.map { $0.want?.from } == [
        moment("-90 13:00:00"), moment("-90 13:00:00"),
      ])
  }

  @Test("A credit with a key waits for all of its day", arguments: Judge.allCases)
  func wholeDay(judge: Judge) {
    let start = TimeSpan(first: RandomDay.firstDay.adding(-1), last: RandomDay.firstDay).start
    let day = RandomDay.firstDay.adding(1).start
    let said = ["credited-not-debited 50.00 → school by single about 0"]
    for (order, end, found) in [
      ("A", day, said), ("A", Timestamp(seconds: moment("13:00:00")), []),
      ("", Timestamp(seconds: moment("13:00:00")), said),
    ] {
      let rows = [credit(50, at: "12:00:00", order: order, account: "c1")]
      let spans = Coverage(
        books: [
          BookCoverage(Book(side: .ledger), spans: Self.whole),
          BookCoverage(
            Book(side: .channel, channel: .wechat, content: .payments),
            spans: [TimeSpan(start: start, end: end)]),
        ])
      #expect(losses(judge, rows, spans) == found)
    }
  }

  @Test(
    "A credit alone needs the refunds of its channel, where there are any",
    arguments: Judge.allCases)
  func refundsOfCredit(judge: Judge) {
    let rows = [credit(50, at: "12:00:00", order: "A", account: "c1")]
    func covered(_ refunds: [BookCoverage]) -> Coverage {
      let payments = Book(side: .channel, channel: .wechat, content: .payments)
      return Coverage(
        books: [
          BookCoverage(Book(side: .ledger), spans: Self.whole),
          BookCoverage(payments, spans: Self.whole),
        ] + refunds)
    }
    let refunds = Book(side: .channel, channel: .wechat, content: .refunds)
    #expect(!losses(judge, rows, covered([])).isEmpty)
    #expect(losses(judge, rows, covered([BookCoverage(refunds)])).isEmpty)
    #expect(!losses(judge, rows, covered([BookCoverage(refunds, spans: Self.whole)])).isEmpty)
  }

  @Test(
    "A hole is placed by a payment's order, unless another hole bears it", arguments: Judge.allCases
  )
  func placed(judge: Judge) {
    let rows = [
      payment(50, at: "10:00:00", order: "A", serial: "w1"),
      payment(50, at: "12:00:00", serial: "w2"), failedPayment(50, at: "12:00:00", order: "B"),
    ]
    let day = TimeSpan(first: RandomDay.firstDay, last: RandomDay.firstDay)
    func said(_ orders: [String]) -> [String] {
      let holes = orders.enumerated().map {
        Hole(span: day, fen: 5_000, order: key($1), line: UInt32($0 + 2))
      }
      let books = Accepted.allDays.coverage.books.map {
        $0.book.side == .ledger ? BookCoverage($0.book, spans: $0.spans, holes: holes) : $0
      }
      return losses(judge, rows, Coverage(books: books))
    }
    #expect(said(["A"]) == ["debited-not-credited 50.00 → student by single about 1"])
    #expect(said(["A", "A"]) == [])
    #expect(said(["B"]) == [])
  }

  @Test(
    "Two payments of a day are one person's by the links there are in the end",
    arguments: Judge.allCases)
  func dailyLimit(judge: Judge) {
    var rules = Rules()
    rules.dailyLimitFen = 9_000
    var word = excluded(0, at: "12:00:00", by: .accountList)
    (word.account, word.student) = (key("c1"), key("s1"))
    func rows(_ last: String) -> [Entry] {
      [
        payment(50, at: "10:00:00", order: "A", serial: "w1", account: "c1"),
        payment(50, at: "11:00:00", order: "B", serial: "w2", student: "s1"),
        credit(50, at: "10:00:20", order: "A", account: "c1"),
        credit(50, at: "11:00:20", order: "B", student: "s1"),
        failedPayment(1, at: last, serial: "w3"), word,
      ]
    }
    let buckets: [Bucket] = [.matched, .matched, .matched, .matched, .excluded, .excluded]
    expect(judge, rows("11:30:00"), buckets: buckets, rules: rules)
    expect(
      judge, rows("12:30:00"), says: ["limit-exceeded 50.00 → none by account about 1"],
      buckets: buckets, rules: rules)
  }

  @Test(
    "A refund that names somebody waits for the ledger, which tells whose the number is",
    arguments: Judge.allCases)
  func waitsForLinks(judge: Judge) {
    var paid = payment(50, at: "10:00:00", .ccb, serial: "p1", account: "c1")
    paid.order = key("A")
    var back = refund(50, at: "12:00:00", .ccb, serial: "r1")
    back.student = key("s1")
    let linked = credit(50, at: "10:00:20", .ccb, order: "A", account: "c1", student: "s1")
    let result = judge([paid, back], Accepted.noLedger.coverage, Rules())
    #expect(result.findings.isEmpty && result.buckets == [.pending, .pending])
    let whole = judge([paid, back, linked], Accepted.allDays.coverage, Rules())
    #expect(whole.findings.map(\.kind) == [.refundNotReversed])
  }

  // MARK: Many of them

  /// A bank's account that pays out all day, read as one of top-ups: each row is looked up, not held against
  /// every other. What other tests take of the machine meanwhile is not counted.
  @Test("Tens of thousands of rows without a key are judged in a minute")
  func many() {
    let start = secondsOfThread
    var rows: [Entry] = []
    for place in 0..<20_000 {
      let person = "\(2_023_000_000 + place)"
      var paid = payment(50, at: "10:00:00", .ccb, serial: "p\(place)", student: person)
      paid.time += Int64(place % 3_000)
      var back = refund(50, at: "12:00:00", .ccb, serial: "r\(place)")
      back.student = key(place % 2 == 0 ? person : "x\(place)")
      rows += [paid, back]
    }
    let found = judgement(rows, coverage: Accepted.allDays.coverage, rules: Rules())
    #expect(found.weakMatches.count == 10_000)
    #expect(found.anomalies.count { $0.kind == .debitedNotCredited } == 10_000)
    #expect(found.anomalies.count { $0.kind == .orphanRefund } == 10_000)
    let waiting = judgement(rows, coverage: Accepted.noLedger.coverage, rules: Rules())
    #expect(waiting.anomalies.isEmpty && waiting.weakMatches.isEmpty)
    #expect(waiting.pending.count == 40_000)
    #expect(secondsOfThread - start < 60)
  }

  /// Whole seconds of processor time this thread has had.
  private var secondsOfThread: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec
  }
}

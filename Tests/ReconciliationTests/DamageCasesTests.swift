import Payments
import Testing

/// The smallest cases in which damage that leaves a trace accused all the same before the page asked for
/// more, written by hand.
@Suite("Damage that once accused")
struct DamageCasesTests {
  private static let whole = TimeSpan(
    first: RandomDay.firstDay.adding(-1), last: RandomDay.firstDay.adding(2))

  /// A ledger and a channel, each with holes, of which one covers only up to a moment.
  private func books(
    _ channel: Channel, holes: [Hole] = [], ledgerHoles: [Hole] = [],
    ledgerUntil end: String? = nil, hasLists: Bool = true
  ) -> Coverage {
    let whole = DamageCasesTests.whole
    let cut = end.map { TimeSpan(start: whole.start, end: Timestamp(seconds: moment($0))) }
    return Coverage(
      books: [
        BookCoverage(Book(side: .channel, channel: channel), spans: [whole], holes: holes),
        BookCoverage(Book(side: .ledger), spans: [cut ?? whole], holes: ledgerHoles),
      ], hasLists: hasLists)
  }

  /// A ledger, the refunds of a channel, and its payments with holes.
  private func splitBooks(_ channel: Channel, holes: [Hole]) -> Coverage {
    let whole = DamageCasesTests.whole
    let payments = Book(side: .channel, channel: channel, content: .payments)
    let refunds = Book(side: .channel, channel: channel, content: .refunds)
    return Coverage(
      books: [
        BookCoverage(payments, spans: [whole], holes: holes),
        BookCoverage(refunds, spans: [whole]),
        BookCoverage(Book(side: .ledger), spans: [whole]),
      ])
  }

  /// A row that cannot be used, known to the second.
  private func hole(
    at time: String, _ amount: Yuan? = nil, serial: String = "", account: String = ""
  ) -> Hole {
    let second = Timestamp(seconds: moment(time))
    return Hole(
      span: TimeSpan(start: second, end: second.adding(seconds: 1)), fen: amount?.fen,
      serial: key(serial), account: key(account), line: 7)
  }

  /// What is said that costs somebody money.
  private func losses(_ judge: Judge, _ rows: [Entry], _ coverage: Coverage) -> [AnomalyKind] {
    var entries = rows
    for row in entries.indices { entries[row].line = UInt32(row + 2) }
    return judge(entries, coverage, Rules()).findings
      .filter { $0.kind.severity == .loss && !$0.isBenign }.map(\.kind)
  }

  @Test("The credit of a reversal cannot be read", arguments: Judge.allCases)
  func stray(judge: Judge) {
    let taken = reversal(100, at: "12:06:00", account: "s1", original: "c1")
    let books = books(.wechat, ledgerHoles: [hole(at: "12:05:00", 100, account: "s1")])
    #expect(losses(judge, [taken], books).isEmpty)
  }

  @Test("The payment of a reversal is gone, its refund is there", arguments: Judge.allCases)
  func strayPayment(judge: Judge) {
    let rows = [
      refund(100, at: "20:00:00", serial: "r1", own: "r1", original: "w1"),
      reversalQuoting("w1", at: "12:06:00"),
    ]
    let books = splitBooks(.wechat, holes: [hole(at: "12:00:00", 100)])
    #expect(losses(judge, rows, books).isEmpty)
  }

  private func reversalQuoting(_ serial: String, at time: String) -> Entry {
    var taken = reversal(100, at: time, account: "s1")
    taken.serial = key(serial)
    return taken
  }

  @Test(
    "20.00 were paid and 10.00 credited, and of the payment only the amount is read",
    arguments: Judge.allCases)
  func amount(judge: Judge) {
    let posted = credit(10, at: "12:00:30", serial: "w1", account: "s1")
    let books = books(.wechat, holes: [hole(at: "12:00:00", 20)])
    #expect(losses(judge, [posted], books).isEmpty)
  }

  @Test(
    "The credit quoted a serial nobody has, and only that can be read", arguments: Judge.allCases)
  func serial(judge: Judge) {
    let paid = payment(20, at: "12:00:00", serial: "w1", account: "s1")
    let books = books(.wechat, ledgerHoles: [hole(at: "12:00:05", 20, serial: "x9", account: "s1")])
    #expect(losses(judge, [paid], books).isEmpty)
  }

  @Test(
    "The money went to another person, and the payer's number can be read",
    arguments: Judge.allCases)
  func account(judge: Judge) {
    let posted = credit(50, at: "12:00:30", order: "A", account: "s2")
    let books = books(.wechat, holes: [hole(at: "12:00:00", 50, account: "s1")])
    #expect(losses(judge, [posted], books).isEmpty)
  }

  @Test("The list that joins two numbers is missing", arguments: Judge.allCases)
  func lists(judge: Judge) {
    let rows = [
      payment(50, at: "12:00:00", serial: "w1", student: "student"),
      credit(50, at: "12:00:05", account: "card"),
    ]
    #expect(losses(judge, rows, books(.wechat, hasLists: false)).isEmpty)
  }

  @Test("A refund waits, and its credit went to a closed account", arguments: Judge.allCases)
  func closedAccount(judge: Judge) {
    var closed = excluded(0, at: "-1 00:00:00", by: .closedAccount)
    closed.account = key("s1")
    let rows = [
      closed, payment(50, at: "23:36:00", serial: "w1"),
      credit(50, at: "23:36:30", serial: "w1", account: "s1"),
      refund(50, at: "23:50:00", serial: "w1", own: "r1"),
    ]
    #expect(losses(judge, rows, books(.wechat, ledgerUntil: "+1 00:00:00")).isEmpty)
  }

  @Test("One of two twins was refunded on the next day, unreadably", arguments: Judge.allCases)
  func weakTwin(judge: Judge) {
    let rows = [
      payment(50, at: "23:59:50", serial: "w1", account: "s1"),
      payment(50, at: "+1 00:00:05", serial: "w2", account: "s1"),
      credit(50, at: "+1 00:00:06", account: "s1"),
    ]
    let books = books(.wechat, holes: [hole(at: "+1 00:01:05", 50, account: "s1")])
    #expect(losses(judge, rows, books).isEmpty)
  }

  @Test("A refund names a payment of the order that is gone", arguments: Judge.allCases)
  func refundOfAnother(judge: Judge) {
    let rows = [
      payment(50, at: "10:54:00", order: "A", serial: "w1"),
      refund(25, at: "11:54:00", order: "A", serial: "w2", own: "r1"),
    ]
    let books = splitBooks(.wechat, holes: [hole(at: "11:04:00", 50)])
    #expect(losses(judge, rows, books).isEmpty)
  }

  @Test("One of two payments of an order is held by its serial alone", arguments: Judge.allCases)
  func heldApart(judge: Judge) {
    let rows = [
      held(0, at: "12:00:00", serial: "w1"),
      payment(50, at: "12:10:00", order: "A", serial: "w2"),
      refund(25, at: "12:11:00", order: "A", serial: "w2", own: "r1"),
      credit(50, at: "12:00:05", order: "A", serial: "w1", account: "s1"),
    ]
    let books = books(.wechat, holes: [hole(at: "12:00:00", serial: "w1")])
    #expect(losses(judge, rows, books).isEmpty)
  }

  @Test(
    "A held row keeps a payment from a credit that weak evidence gives it",
    arguments: Judge.allCases)
  func heldWeak(judge: Judge) {
    let rows = [
      payment(50, at: "12:00:00", order: "A", serial: "w1", account: "s1"),
      held(0, at: "12:00:05", order: "A"), credit(50, at: "12:01:00", order: "B", account: "s1"),
    ]
    #expect(losses(judge, rows, books(.wechat)).isEmpty)
  }

  @Test(
    "The second credit names no channel, its payment is on one that is missing",
    arguments: Judge.allCases)
  func unnamedChannel(judge: Judge) {
    let rows = [
      payment(50, at: "12:00:00", .alipay, order: "A", serial: "a1", account: "s1"),
      credit(50, at: "12:00:05", .unknown, order: "A", account: "s1", own: "c1"),
      credit(50, at: "12:00:30", .unknown, order: "A", account: "s1", own: "c2"),
    ]
    let missing = Coverage(
      books: books(.alipay).books + [BookCoverage(Book(side: .channel, channel: .boc))])
    #expect(losses(judge, rows, missing).isEmpty)
  }

  @Test(
    "A credit after maintenance asks no further back than its window", arguments: Judge.allCases)
  func maintenance(judge: Judge) {
    let posted = credit(50, at: "05:01:00", .ccb, account: "s1")
    let books = books(.ccb, holes: [hole(at: "01:10:00", 50, account: "s1")])
    #expect(losses(judge, [posted], books).isEmpty)
  }

  @Test(
    "A transfer that joins two cards may stand in the morning that is lost",
    arguments: Judge.allCases)
  func transfers(judge: Judge) {
    let rows = [
      payment(50, at: "13:00:00", order: "A", serial: "w1", account: "s1"),
      credit(50, at: "13:00:05", order: "A", account: "s2"),
    ]
    #expect(losses(judge, rows, books(.wechat)) == [.wrongAccount])
    let whole = DamageCasesTests.whole
    let noon = TimeSpan(start: Timestamp(seconds: moment("12:00:00")), end: whole.end)
    let afternoon = Coverage(books: [
      BookCoverage(Book(side: .channel, channel: .wechat), spans: [whole]),
      BookCoverage(Book(side: .ledger), spans: [noon]),
    ])
    #expect(losses(judge, rows, afternoon).isEmpty)
  }

  @Test(
    "What is credited late was paid the day before, whose bill is missing",
    arguments: Judge.allCases)
  func lateCredit(judge: Judge) {
    let posted = credit(50, at: "11:30:00", order: "A", account: "s1")
    let (today, before) = (RandomDay.firstDay, RandomDay.firstDay.adding(-2))
    func bills(_ spans: [TimeSpan]) -> Coverage {
      Coverage(books: [
        BookCoverage(Book(side: .channel, channel: .wechat), spans: spans),
        BookCoverage(Book(side: .ledger), spans: [DamageCasesTests.whole]),
      ])
    }
    let ofToday = TimeSpan(first: today, last: today)
    let old = TimeSpan(first: before, last: before)
    #expect(losses(judge, [posted], bills([old, ofToday])).isEmpty)
    #expect(
      losses(judge, [posted], bills([ofToday])) == [.creditedNotDebited], "nothing was before")
  }

  @Test(
    "The first half hour of a book that begins with the day is judged", arguments: Judge.allCases)
  func morning(judge: Judge) {
    let rows = [
      payment(100, at: "00:12:00", order: "A", serial: "w1", account: "s1"),
      credit(90, at: "00:12:30", order: "A", account: "s1"),
    ]
    let today = TimeSpan(first: RandomDay.firstDay, last: RandomDay.firstDay)
    let alone = Coverage(ledger: [today], channels: [.wechat: [today]])
    #expect(losses(judge, rows, alone) == [.amountMismatch])
    // Of a hole before it nobody knows.
    #expect(losses(judge, rows, books(.wechat, holes: [hole(at: "-1 23:59:00")])).isEmpty)
  }

  @Test(
    "A credit to a closed account, whose payment may have been given back",
    arguments: Judge.allCases)
  func closedAndRefunded(judge: Judge) {
    var closed = excluded(0, at: "-1 00:00:00", by: .closedAccount)
    closed.account = key("s1")
    let rows = [
      closed, payment(50, at: "10:00:00", serial: "w1", account: "s1"),
      credit(50, at: "10:30:00", account: "s1"),
    ]
    #expect(losses(judge, rows, books(.wechat)) == [.closedAccountCredit])
    let unread = books(.wechat, holes: [hole(at: "18:20:00", account: "s1")])
    #expect(losses(judge, rows, unread).isEmpty)
  }

  @Test(
    "A credit before midnight may be for a payment after it, whose bill is not there",
    arguments: Judge.allCases)
  func pastMidnight(judge: Judge) {
    let posted = credit(50, at: "23:36:45", .boc, order: "A", account: "s1")
    let whole = DamageCasesTests.whole
    let today = TimeSpan(start: whole.start, end: RandomDay.firstDay.adding(1).start)
    let untilMidnight = Coverage(books: [
      BookCoverage(Book(side: .channel, channel: .boc), spans: [today]),
      BookCoverage(Book(side: .ledger), spans: [whole]),
    ])
    #expect(losses(judge, [posted], untilMidnight).isEmpty)
    #expect(losses(judge, [posted], books(.boc)) == [.creditedNotDebited])
    let paid = payment(50, at: "+1 00:43:20", .boc, order: "A", serial: "b1", account: "s1")
    #expect(losses(judge, [posted, paid], books(.boc)).isEmpty)
    // Hours before midnight the day's own bill tells.
    let early = credit(50, at: "21:00:00", .boc, order: "A", account: "s1")
    #expect(losses(judge, [early], untilMidnight) == [.creditedNotDebited])
  }

  @Test(
    "A credit to a closed account is not told while what was given back with it waits",
    arguments: Judge.allCases)
  func closedAndExceeded(judge: Judge) {
    var closed = excluded(0, at: "-1 00:00:00", by: .closedAccount)
    closed.account = key("s1")
    let rows = [
      closed, payment(50, at: "+1 00:50:00", serial: "w1", account: "s1"),
      refund(50, at: "+1 00:50:00", serial: "r1", own: "r1", account: "s1", original: "w1"),
      refund(50, at: "+1 02:46:40", serial: "r2", own: "r2", account: "s1", original: "w1"),
      credit(50, at: "+1 00:50:00", .unknown, account: "s1"),
    ]
    #expect(
      Set(losses(judge, rows, books(.wechat))) == [.refundExceedsPayment, .refundNotReversed])
    // Of the day before: the refunds look no further back, what joins the credit does.
    let unread = books(.wechat, holes: [hole(at: "23:59:50", 100, serial: "w9", account: "s1")])
    #expect(losses(judge, rows, unread) == [.refundExceedsPayment])
  }
}

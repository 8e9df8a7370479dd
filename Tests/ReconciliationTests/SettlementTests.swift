import Payments
import Testing

@testable import Reconciliation

/// The legs behind the bill, case by case (page *Settlement*).
@Suite("Settlement")
struct SettlementTests {
  /// Monday.
  private static let monday = BusinessDay(year: 2026, month: 11, day: 2) ?? BusinessDay(number: 0)

  /// One account's rows, and what is covered of it.
  private struct Books {
    var table = EntryTable()
    var account = SettlementAccount(channel: .wechat, owner: "1601959334")
    var calendar = SettlementCalendar()

    init(days: Int32 = 10) {
      let all = TimeSpan(first: monday.adding(-20), last: monday.adding(days))
      (account.tradeSpans, account.fundSpans, account.bankSpans) = ([all], [all], [[all]])
      account.hasFunds = true
    }

    mutating func pay(
      _ serial: KeyHash, _ fen: Int64, fee: Int64 = 0, at second: Int64 = 0, isRefund: Bool = false,
      own: KeyHash = 0, rate: UInt32 = 0
    ) {
      var entry = Entry(
        kind: isRefund ? .refund : .payment, channel: .wechat, fen: fen,
        time: monday.start.seconds + second, serial: serial, own: own, line: UInt32(table.count))
      (entry.fee, entry.rate) = (fee, rate)
      account.trade.append(Int32(table.count))
      table.append(entry)
    }

    mutating func book(_ flow: Flow, _ serial: KeyHash, _ fen: Int64, at second: Int64 = 1) {
      var entry = Entry(
        kind: .excluded, channel: .wechat, fen: fen, time: monday.start.seconds + second,
        serial: serial, line: UInt32(table.count))
      entry.flow = flow
      account.funds.append(Int32(table.count))
      table.append(entry)
    }

    mutating func arrive(_ fen: Int64, on day: Int32, at second: Int64 = 36_000) {
      var entry = Entry(
        kind: .excluded, channel: .bank, rule: .settlement, fen: fen,
        time: monday.adding(day).start.seconds + second, line: UInt32(table.count))
      entry.flow = .settlementIn
      account.lines.append(Int32(table.count))
      table.append(entry)
    }

    func judged() -> SettlementJudgement {
      settle(table, account, calendar, SettlementNight(monday...monday.adding(20)))
    }
  }

  private func kinds(_ judged: SettlementJudgement) -> [String] {
    judged.findings.map { "\($0.kind.rawValue) \($0.fen) \($0.owedTo)" }.sorted()
  }

  @Test("A payment, its fee and its refund are on the account")
  func whole() {
    var books = Books()
    books.account.contracts = [FeeContract(rate: 600)]
    books.pay(1, 5_000, fee: 30_000)
    books.book(.payment, 1, 5_000)
    books.book(.fee, 1, 30)
    books.pay(1, 5_000, fee: -30_000, at: 60, isRefund: true, own: 9)
    books.book(.refund, 9, 5_000, at: 61)
    books.book(.feeReturned, 9, 30, at: 61)
    let judged = books.judged()
    #expect(judged.findings == [] && judged.waits == [])
    #expect(judged.sums[.account]?.isConserved == true)
    #expect(judged.sums[.account]?.matched == Tally(rows: 2, fen: 0))
  }

  @Test("Refunds may bear the payment's serial on the account")
  func shared() {
    var books = Books()
    books.pay(1, 5_000)
    books.pay(1, 2_000, at: 60, isRefund: true, own: 9)
    books.pay(1, 1_000, at: 90, isRefund: true, own: 10)
    books.book(.payment, 1, 5_000)
    books.book(.refund, 1, 1_000, at: 91)
    books.book(.refund, 1, 2_000, at: 61)
    #expect(books.judged().findings == [])
  }

  @Test("What never reached the account is missed once the account covers its time")
  func missing() {
    var books = Books()
    books.pay(1, 5_000, at: 100)
    books.pay(2, 700, at: 100, isRefund: true, own: 3)
    #expect(
      kinds(books.judged()) == ["fund-row-missing 5000 school", "fund-row-missing 700 channel"])
    books.account.fundSpans = [
      TimeSpan(
        start: Self.monday.start,
        end: Timestamp(seconds: Self.monday.start.seconds + 100 + 1_800))
    ]
    let judged = books.judged()
    #expect(judged.findings == [] && judged.waits.count == 2)
    #expect(judged.sums[.account]?.notProven == Tally(rows: 2, fen: 4_300))
  }

  @Test("Differences and what no bill tells are told by their sign")
  func differences() {
    var books = Books()
    books.pay(1, 5_000)
    books.book(.payment, 1, 4_900)
    books.pay(2, 100)
    books.book(.payment, 2, 100)
    books.book(.payment, 2, 100)
    books.book(.payment, 3, 800, at: 4_000)
    books.book(.refund, 4, 60, at: 4_000)
    #expect(
      kinds(books.judged()) == [
        "settlement-mismatch 100 channel", "settlement-mismatch 100 school",
        "settlement-mismatch 60 school", "settlement-mismatch 800 channel",
      ])
    books.account.tradeSpans = []
    #expect(books.judged().waits.count == 2)
  }

  @Test("Fees are held against the contract, or the bill's own rate however it rounds")
  func fees() {
    for (fee, contract, expected) in [
      (Int64(53_000), FeeContract(rate: 600), [String]()),
      (52_000, FeeContract(rate: 600), ["fee-mismatch 1 channel"]),
      (530_000, FeeContract(rate: 600), ["fee-mismatch 477 school"]),
      (52_000, nil, []), (53_000, nil, []), (54_000, nil, ["fee-mismatch 1 school"]),
    ] as [(Int64, FeeContract?, [String])] {
      var books = Books()
      books.account.hasFunds = false
      books.account.contracts = contract.map { [$0] } ?? []
      books.pay(1, 8_800, fee: fee, rate: 600)
      #expect(kinds(books.judged()) == expected, "\(fee)")
    }
    var books = Books()
    books.account.contracts = [FeeContract(rate: 600)]
    books.pay(1, 5_000, fee: 30_000)
    books.book(.payment, 1, 5_000)
    books.book(.fee, 1, 530)
    #expect(kinds(books.judged()) == ["fee-mismatch 500 school"])
  }

  @Test("A withdrawal arrives on its due day, or is missed once the bank covers it")
  func payouts() {
    var books = Books()
    // Friday: due on Monday, or on Tuesday where that is a holiday.
    books.book(.withdrawal, 7, 90_000, at: 4 * 86_400 + 3_600)
    var waiting = books
    waiting.account.bankSpans = [[TimeSpan(first: Self.monday, last: Self.monday.adding(6))]]
    #expect(waiting.judged().waits.map(\.book) == [.bank])
    #expect(kinds(books.judged()) == ["settlement-missing 90000 school"])
    books.calendar.holidays = [Self.monday.adding(7)]
    books.account.bankSpans = [[TimeSpan(first: Self.monday, last: Self.monday.adding(7))]]
    #expect(books.judged().findings == [])
    books.arrive(90_000, on: 8)
    #expect(books.judged().payouts.count == 1 && books.judged().waits == [])
  }

  @Test("Merged after a weekend, split above a limit, short, twice")
  func shapes() {
    var books = Books()
    for day in 4..<7 {
      books.book(.withdrawal, KeyHash(day), 1_000 + Int64(day), at: Int64(day) * 86_400)
    }
    books.arrive(3_015, on: 7)
    books.book(.withdrawal, 20, 50_000, at: 3_600)
    books.arrive(30_000, on: 1)
    books.arrive(20_000, on: 1, at: 36_060)
    #expect(books.judged().findings == [])
    #expect(
      books.judged().payouts.map { [$0.sent.count, $0.arrived.count] } == [[3, 1], [1, 2]])
    var short = Books()
    short.book(.withdrawal, 1, 10_000)
    short.arrive(9_990, on: 1)
    #expect(kinds(short.judged()) == ["settlement-mismatch 10 school"])
    var twice = Books()
    twice.book(.withdrawal, 1, 10_000, at: 5 * 86_400)
    twice.arrive(10_000, on: 7)
    twice.arrive(10_000, on: 7, at: 36_600)
    #expect(kinds(twice.judged()) == ["unidentified-bank-credit 10000 channel"])
    twice.account.fundSpans = []
    #expect(twice.judged().waits.map(\.book) == [.funds])
  }

  @Test("The account's leg agrees with the oracle", arguments: 1...40)
  func oracle(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var books = Books()
    books.account.fundSpans = [
      TimeSpan(
        start: Self.monday.start, end: Timestamp(seconds: Self.monday.start.seconds + 3_000))
    ]
    let bearsPayment = Int.random(in: 0..<2, using: &random) == 0
    for event in 0..<30 {
      let (serial, own) = (KeyHash(100 + event), KeyHash(900 + event))
      let (fen, second) = (
        Int64(1 + Int.random(in: 0..<4, using: &random)) * 100,
        Int64(Int.random(in: 0..<3_000, using: &random))
      )
      let isRefund = Int.random(in: 0..<4, using: &random) == 0
      books.pay(serial, fen, at: second, isRefund: isRefund, own: isRefund ? own : 0)
      let name = isRefund && !bearsPayment ? own : serial
      let flow = isRefund ? Flow.refund : .payment
      switch Int.random(in: 0..<6, using: &random) {
      case 0: break
      case 1 where !isRefund: books.book(flow, name, fen - 1, at: second + 1)
      case 2 where !isRefund:
        books.book(flow, name, fen, at: second + 1)
        books.book(flow, name, fen, at: second + 2)
      default:
        books.book(flow, name, fen, at: second + 1)
        if Int.random(in: 0..<2, using: &random) == 0 {
          books.book(isRefund ? .feeReturned : .fee, name, 1, at: second + 1)
        }
      }
    }
    let said = books.judged().findings.map {
      SettlementOracle.Said(
        kind: $0.kind.rawValue, fen: $0.fen, owedTo: "\($0.owedTo)", subject: $0.subject)
    }
    let oracle = SettlementOracle(
      table: books.table, account: books.account, calendar: books.calendar)
    #expect(said.sorted() == oracle.accountFindings())
    #expect(books.judged().sums[.account]?.isConserved == true)
  }

  @Test("Payouts agree with the oracle", arguments: 1...120)
  func payoutOracle(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func draw(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    var books = Books(days: 16)
    books.calendar.days = draw(3)
    books.calendar.holidays = [Self.monday.adding(Int32(draw(12)))]
    books.calendar.workdays = [Self.monday.adding(5)]
    if draw(3) == 0 {
      let first = Self.monday.adding(Int32(draw(6)) - 3)
      books.account.fundSpans = [TimeSpan(first: first, last: Self.monday.adding(20))]
    }
    if draw(4) == 0 {
      let last = Self.monday.adding(Int32(3 + draw(8)))
      books.account.bankSpans = [[TimeSpan(first: Self.monday.adding(-20), last: last)]]
    }
    for number in 0..<(2 + draw(5)) {
      let (day, fen) = (draw(8), Int64(1 + draw(6)) * 100)
      books.book(
        .withdrawal, KeyHash(10 + number), fen, at: Int64(day) * 86_400 + 30_000 + Int64(number))
      let due = Int(books.calendar.due(Self.monday.adding(Int32(day))).number - Self.monday.number)
      let (at, on) = (36_000 + Int64(number) * 60, Int32(due + (draw(6) == 0 ? draw(4) : 0)))
      switch draw(6) {
      case 0: break
      case 1: books.arrive(fen - 10, on: on, at: at)
      case 2:
        books.arrive(fen / 2, on: on, at: at)
        books.arrive(fen - fen / 2, on: on, at: at + 1)
      case 3: books.arrive(fen + Int64(1 + draw(3)) * 100, on: on, at: at)
      default: books.arrive(fen, on: on, at: at)
      }
      if draw(8) == 0 { books.arrive(fen, on: on, at: at + 30) }
    }
    let judged = books.judged()
    let said = judged.findings.map {
      SettlementOracle.Said(
        kind: $0.kind.rawValue, fen: $0.fen, owedTo: "\($0.owedTo)", subject: $0.subject)
    }
    let oracle = SettlementOracle(
      table: books.table, account: books.account, calendar: books.calendar)
    let expected = oracle.payoutFindings(until: Self.monday.adding(21).start.seconds)
    #expect(said.sorted() == expected.said)
    #expect(judged.waits.map(\.row).sorted() == expected.waits)
    #expect(judged.sums[.bank]?.isConserved == true)
  }

  @Test("Without a fund book a line is explained by the one run of days whose bills come to it")
  func nets() {
    var books = Books(days: 20)
    books.account.hasFunds = false
    func pay(_ fen: Int64, on day: Int64, _ serial: KeyHash) {
      books.pay(serial, fen, fee: fen * 6, at: day * 86_400 + 40_000)
    }
    // Friday to Sunday come to one line on Monday.
    for (day, fen) in [(3, 20_000), (4, 30_000), (5, 40_000), (6, 50_000)] as [(Int64, Int64)] {
      pay(fen, on: day, KeyHash(day))
    }
    books.pay(90, 10_000, fee: -60_000, at: 3 * 86_400 + 50_000, isRefund: true, own: 91)
    books.arrive(9_940, on: 4)
    books.arrive(119_280, on: 7)
    books.arrive(77_777, on: 8)
    let judged = books.judged()
    #expect(judged.findings == [])
    #expect(judged.nets.map { $0.days.map(\.fen) } == [[9_940], [29_820, 39_760, 49_700], []])
    #expect(judged.sums[.bank]?.matched == Tally(rows: 4, fen: 129_220))
    // Two days of the same sum that are due together: nobody can say which.
    pay(10_000, on: 12, 200)
    pay(10_000, on: 13, 201)
    books.arrive(9_940, on: 14)
    #expect(kinds(books.judged()) == ["ambiguous-match 9940 unknown"])
    // A day that no bill tells whole is nobody's.
    books.account.tradeSpans = [TimeSpan(first: Self.monday, last: Self.monday.adding(2))]
    #expect(books.judged().nets.allSatisfy { $0.days.isEmpty })
  }

  @Test("A bill that states its rate alone may round as it likes and keep the fees of refunds")
  func statedFees() {
    for (returned, expected) in [
      (Int64(0), [String]()), (-600, []), (-1_000, []), (-2_000, ["fee-mismatch 1 channel"]),
      (5_000, ["fee-mismatch 6 school"]),
    ] {
      var books = Books()
      books.account.hasFunds = false
      books.pay(1, 5_000, fee: 30_000, rate: 600)
      books.pay(1, 100, fee: returned, at: 60, isRefund: true, own: 2, rate: 600)
      #expect(kinds(books.judged()) == expected, "\(returned)")
    }
  }
}

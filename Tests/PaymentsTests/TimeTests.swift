import Payments
import Testing

struct TimeTests {
  @Test(
    "A day reads and writes its civil date",
    arguments: [
      "1970-01-01", "1999-12-31", "2000-02-29", "2024-02-29", "2026-11-02", "2099-12-31",
    ])
  func civilDates(text: String) throws {
    let day = try #require(BusinessDay(text))
    #expect(day.description == text)
    #expect(BusinessDay(text.replacing("-", with: "")) == day)
  }

  @Test(
    "A date that does not exist is no day",
    arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-1-1", "", "20261"])
  func impossibleDates(text: String) {
    #expect(BusinessDay(text) == nil)
  }

  @Test("The business day starts at midnight in Shanghai, whatever the machine's zone")
  func midnight() throws {
    let day = try #require(BusinessDay("2026-11-02"))
    #expect(day.start.seconds == 1_793_548_800)
    #expect(day.start.description == "2026-11-02 00:00:00")
    #expect(day.start.adding(seconds: -1).day == day.adding(-1))
    #expect(day.start.adding(seconds: 86_399).day == day)
    #expect(day.weekday == 1)
  }

  @Test("Days count through a whole 400-year cycle without a gap")
  func everyDay() throws {
    let first = try #require(BusinessDay("1970-01-01"))
    var previous = first.civil
    for offset in 1...146_097 {
      let next = first.adding(Int32(offset)).civil
      let isNextDay = next.day == previous.day + 1 && next.month == previous.month
      #expect(isNextDay || next.day == 1)
      previous = next
    }
    #expect(previous == (2370, 1, 1))
  }
}

struct MoneyTests {
  @Test(
    "Fen are written as yuan with two decimals and groups of three",
    arguments: [
      (0, "0.00"), (1, "0.01"), (-1, "-0.01"), (5_000, "50.00"), (123_450, "1,234.50"),
      (-123_456_789, "-1,234,567.89"), (Int64.max, "92,233,720,368,547,758.07"),
      (Int64.min, "-92,233,720,368,547,758.08"),
    ] as [(Int64, String)])
  func yuan(fen: Int64, text: String) {
    #expect(Money(fen: fen).description == text)
  }

  @Test("Sums of the largest amounts do not overflow")
  func tallies() {
    var tally = Tally()
    for _ in 0..<10 { tally.add(fen: .max) }
    #expect(tally == Tally(rows: 10, fen: Int128(Int64.max) * 10))
    #expect(Money.difference(.max, .min) == .max)
    #expect(Money.difference(3, 5) == 2)
  }
}

struct RulesTests {
  private func at(_ clock: String) -> Int64 {
    let parts = clock.split(separator: ":").compactMap { Int64($0) }
    return 1_793_548_800 + parts[0] * 3_600 + parts[1] * 60 + (parts.count > 2 ? parts[2] : 0)
  }

  @Test(
    "A payment inside or just before maintenance is due after its end",
    arguments: [
      ("00:29:59", nil), ("00:30", "05:00"), ("00:59", "05:00"), ("01:00", "05:00"),
      ("04:59:59", "05:00"), ("05:00", nil), ("12:00", nil),
    ] as [(String, String?)])
  func maintenance(paid: String, end: String?) {
    #expect(Rules().maintenanceEnd(after: at(paid), channel: .boc) == end.map(at))
    #expect(Rules().maintenanceEnd(after: at(paid), channel: .unknown) == end.map(at))
    for channel in [Channel.wechat, .alipay, .unionpay] {
      #expect(Rules().maintenanceEnd(after: at(paid), channel: channel) == nil)
    }
  }

  @Test(
    "Later than the promise is late, unless maintenance held the credit up",
    arguments: [
      ("10:00", "10:02", Channel.wechat, false), ("10:00", "10:02:01", .wechat, true),
      ("10:00", "10:30", .ccb, false), ("10:00", "10:30:01", .ccb, true),
      ("10:00", "10:02:01", .unionpay, true), ("00:50", "05:01", .wechat, true),
      ("00:50", "05:30", .ccb, false), ("00:50", "05:30:01", .ccb, true),
      ("00:20", "00:56", .ccb, true), ("00:50", "00:56", .alipay, true),
    ])
  func lateness(paid: String, credited: String, channel: Channel, isLate: Bool) {
    let found = Rules().isLate(paidAt: at(paid), creditedAt: at(credited), channel: channel)
    #expect(found == isLate)
  }

  @Test("Coverage joins neighbouring days and knows its ends")
  func coverage() throws {
    let day = try #require(BusinessDay("2026-11-02"))
    let coverage = Coverage(
      ledger: [
        TimeSpan(first: day.adding(1), last: day.adding(1)), TimeSpan(first: day, last: day),
      ],
      channels: [.wechat: [TimeSpan(first: day, last: day)]])
    #expect(coverage.books.first { $0.book.side == .ledger }?.spans.count == 1)
    let ledger = try #require(coverage.books.first { $0.book.side == .ledger })
    #expect(ledger.covers(from: at("23:59"), to: at("24:30")))
    #expect(!ledger.covers(from: at("00:00") - 1, to: at("00:10")))
    let wechat = try #require(coverage.books.first { $0.book.mayHold(.wechat, .payments) })
    #expect(wechat.covers(from: at("00:00"), to: at("23:59:59")))
    #expect(!wechat.covers(from: at("23:59"), to: at("24:00")))
    #expect(!coverage.books.contains { $0.book.mayHold(.alipay, .payments) })
    #expect(coverage.books.filter { $0.book.mayHold(.unknown, .refunds) } == [wechat])
  }
}

@Suite("Days, moments and amounts as text")
struct WrittenValuesTests {
  @Test("Amounts are grouped by threes, whatever their size")
  func amounts() {
    func expected(_ fen: Int128) -> String {
      let cents = fen.magnitude % 100
      var whole = String(fen.magnitude / 100)
      var groups: [String] = []
      while whole.count > 3 {
        groups.insert(String(whole.suffix(3)), at: 0)
        whole = String(whole.dropLast(3))
      }
      let text = ([whole] + groups).joined(separator: ",") + (cents < 10 ? ".0" : ".") + "\(cents)"
      return fen < 0 ? "-" + text : text
    }
    var fen: Int128 = 1
    while fen < 1 << 100 {
      for value in [fen - 1, fen, -fen, fen + 9, fen * 3] {
        #expect(Money.yuan(value) == expected(value))
      }
      fen *= 7
    }
    #expect(Money.yuan(0) == "0.00" && Money.yuan(-5) == "-0.05")
  }

  @Test("Every day from 1960 to 2110 and its last second are written as they are read")
  func moments() {
    for number in Int32(-3_653)...51_500 {
      let day = BusinessDay(number: number)
      let text = day.description
      #expect(text.utf8.count == 10 && BusinessDay(text) == day)
      let last = day.start.adding(seconds: 86_399)
      #expect(last.description == text + " 23:59:59")
    }
  }
}

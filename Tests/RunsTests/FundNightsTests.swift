import Payments
import Testing

@testable import Runs

/// Nights of a school with a fund bill and a bank, day by day (page *Settlement*).
@Suite("Nights of the way of the money") struct FundNightsTests {
  private static let configuration = """
    sources:
      wechat:
        files: ["wechat_{yyyy-MM-dd}.csv", {pattern: "fund_{yyyy-MM-dd}.csv", account: basic}]
        merchants: ["1609354271"]
      ccb: {files: "ccb_{yyyy-MM-dd}.csv"}
    settlement: {holidays: 2026-11-18}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  /// A row of a fund bill: time of day, kind, whether money comes in, fen, serial.
  private struct Moved {
    var clock: String
    var kind: String
    var isIn: Bool
    var fen: Int
    var serial: String
  }

  private func yuan(_ fen: Int) -> String {
    let cents = fen % 100
    return "\(fen / 100)." + (cents < 10 ? "0\(cents)" : "\(cents)")
  }

  private func fund(_ day: String, _ rows: [Moved], opening: Int = 0) -> String {
    var balance = opening
    let lines = rows.enumerated().map { place, row in
      balance += row.isIn ? row.fen : -row.fen
      return "`\(day) \(row.clock),`\(row.serial),`ZJ\(place),`\(row.kind),`\(row.kind),"
        + "`\(row.isIn ? "收入" : "支出"),`\(yuan(row.fen)),`\(yuan(balance)),`system,`,`T\(row.serial)\n"
    }
    func sum(_ isIn: Bool) -> (Int, String) {
      let mine = rows.filter { $0.isIn == isIn }
      return (mine.count, yuan(mine.reduce(0) { $0 + $1.fen }))
    }
    return "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\n"
      + lines.joined() + "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n"
      + "`\(rows.count),`\(sum(true).0),`\(sum(true).1),`\(sum(false).0),`\(sum(false).1)\n"
  }

  /// What a day's payments of ¥50 move on the account, a second after each.
  private func payments(_ day: TinyDay, _ numbers: Range<Int>) -> [Moved] {
    numbers.map { number in
      let (hour, minute) = (8 + number / 4, number % 4 * 15)
      let clock = (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute):01"
      return Moved(clock: clock, kind: "交易", isIn: true, fen: 5_000, serial: day.serial(number))
    }
  }

  private func withdrawal(_ fen: Int, _ serial: String, at clock: String = "09:30:00") -> Moved {
    Moved(clock: clock, kind: "提现", isIn: false, fen: fen, serial: serial)
  }

  /// A bank's day: fen and serial of each line, those of 财付通 and others.
  private func bank(
    _ day: String, _ lines: [(clock: String, fen: Int, serial: String)], opening: Int = 1_000_000
  ) -> String {
    // Interest of one fen a day is all that moved before.
    var balance = opening + (Int(day.suffix(2)) ?? 16) - 16
    let digits = day.replacing("-", with: "")
    let rows = lines.map { line in
      balance += line.fen
      return
        "44050162100800000368,示例大学,\(digits) \(line.clock),0,\(yuan(line.fen)),\(yuan(balance)),"
        + "人民币元,财付通支付科技有限公司,243300133,深圳分行,\(digits),结算款,微信支付商户结算,\(line.serial),,,\n"
    }
    balance += 1
    let last =
      "44050162100800000368,示例大学,\(digits) 23:00:00,0,0.01,\(yuan(balance)),人民币元,云山市财政局,4405016210,"
      + "云山支行,\(digits),利息,结息,J\(digits),,,\n"
    return
      "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,"
      + "账户明细编号-交易流水号,企业流水号,凭证种类,凭证号\n" + rows.joined() + last
  }

  private func deliver(
    _ school: TinySchool, _ day: String, bill: Range<Int>, _ moved: [Moved],
    opening: Int = 0, bank lines: [(clock: String, fen: Int, serial: String)] = []
  ) throws {
    let tiny = TinyDay(day: day)
    try school.deliver(tiny.wechat("1609354271", bill), as: "wechat_\(day).csv")
    try school.deliver(tiny.ledger(bill), as: "ledger_\(day).csv")
    try school.deliver(fund(day, moved, opening: opening), as: "fund_\(day).csv")
    try school.deliver(bank(day, lines), as: "ccb_\(day).csv")
  }

  private func kinds(_ report: DayReport) -> [AnomalyKind] {
    report.anomalies.filter { $0.status == .open }.map(\.kind)
  }

  private func sums(_ report: DayReport, _ leg: Leg) throws -> LegSums {
    try #require(report.legs.first { $0.leg == leg && $0.channel == .wechat }).sums
  }

  @Test("A withdrawal is in transit until its due day, over a holiday, and arrives")
  func arrives() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let (first, second) = (TinyDay(day: "2026-11-16"), TinyDay(day: "2026-11-17"))
    try deliver(school, "2026-11-16", bill: 0..<3, payments(first, 0..<3))
    let monday = try await school.run("2026-11-16")
    #expect(kinds(monday) == [] && monday.verdict == .balanced)
    #expect(try sums(monday, .account).matched == Tally(rows: 3, fen: 15_000))
    // Wednesday is off: Tuesday's money is due on Thursday.
    try deliver(
      school, "2026-11-17", bill: 0..<1,
      payments(second, 0..<1) + [withdrawal(15_000, "TX1")], opening: 15_000)
    let tuesday = try await school.run("2026-11-17")
    #expect(kinds(tuesday) == [])
    #expect(try sums(tuesday, .bank).inTransit == Tally(rows: 1, fen: 15_000))
    #expect(tuesday.payouts.map(\.state) == [.inTransit])
    try deliver(school, "2026-11-18", bill: 0..<0, [], opening: 5_000)
    let wednesday = try await school.run("2026-11-18")
    #expect(try sums(wednesday, .bank).opening == Tally(rows: 1, fen: 15_000))
    #expect(try sums(wednesday, .bank).inTransit == Tally(rows: 1, fen: 15_000))
    try deliver(
      school, "2026-11-19", bill: 0..<0, [], opening: 5_000,
      bank: [("10:00:00", 15_000, "B1")])
    let thursday = try await school.run("2026-11-19")
    #expect(kinds(thursday) == [] && thursday.pending == [])
    #expect(try sums(thursday, .bank).matched == Tally(rows: 1, fen: 15_000))
    #expect(thursday.payouts.map(\.state) == [.arrived])
    for report in [monday, tuesday, wednesday, thursday] {
      #expect(report.legs.allSatisfy { $0.sums.isConserved })
      #expect(report.adjustments.allSatisfy { $0.restFen == 0 })
    }
    try await school.verify()
  }

  @Test("What is accused on its due day is closed by the line that comes late, and told so")
  func late() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try deliver(
      school, "2026-11-16", bill: 0..<3,
      payments(day, 0..<3) + [withdrawal(9_000, "TX1", at: "21:00:00")])
    _ = try await school.run("2026-11-16")
    try deliver(school, "2026-11-17", bill: 0..<0, [], opening: 6_000)
    let due = try await school.run("2026-11-17")
    #expect(kinds(due) == [.settlementMissing])
    try deliver(school, "2026-11-18", bill: 0..<0, [], opening: 6_000)
    #expect(kinds(try await school.run("2026-11-18")) == [.settlementMissing])
    try deliver(
      school, "2026-11-19", bill: 0..<0, [], opening: 6_000, bank: [("10:00:00", 9_000, "B1")])
    let arrived = try await school.run("2026-11-19")
    #expect(arrived.anomalies.map(\.status) == [.closed])
    #expect(arrived.anomalies.first?.closing.count == 1)
    #expect(try sums(arrived, .bank).late == Tally(rows: 1, fen: 9_000))
    try await school.verify()
  }

  @Test("A fund bill that is missing is missed by name and accuses nobody; late, it is taken up")
  func missing() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try deliver(school, "2026-11-16", bill: 0..<4, payments(day, 0..<3))
    try school.takeAway("fund_2026-11-16.csv")
    let without = try await school.run("2026-11-16")
    #expect(without.verdict == .incomplete && kinds(without) == [])
    let missing = try #require(without.statements.first { $0.statement.file.isEmpty }).statement
    #expect(missing.content == .funds)
    #expect(missing.faults.first?.detail.zh.contains("资金账单") == true)
    #expect(try sums(without, .account).notProven == Tally(rows: 4, fen: 20_000))
    // The day's bill comes: one of the payments is not on the account.
    try school.deliver(fund("2026-11-16", payments(day, 0..<3)), as: "fund_2026-11-16.csv")
    let with = try await school.run("2026-11-16")
    #expect(kinds(with) == [.fundRowMissing] && with.verdict == .unbalanced)
    try await school.verify()
  }

  @Test("A trade bill that is missing is no fund bill's to replace")
  func noStandIn() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let (day, next) = (TinyDay(day: "2026-11-16"), TinyDay(day: "2026-11-17"))
    try deliver(school, "2026-11-16", bill: 0..<2, payments(day, 0..<2))
    _ = try await school.run("2026-11-16")
    try deliver(school, "2026-11-17", bill: 0..<3, payments(next, 0..<3), opening: 10_000)
    try school.takeAway("wechat_2026-11-17.csv")
    let report = try await school.run("2026-11-17")
    #expect(report.verdict == .incomplete && kinds(report) == [])
    try await school.verify()
  }

  @Test(
    "A payment just before midnight is on the account just after it; a late row closes its case")
  func midnight() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let (day, next) = (TinyDay(day: "2026-11-16"), TinyDay(day: "2026-11-17"))
    // Number 63 is paid at 23:45, number 60 at 23:00.
    let bill = day.wechat("1609354271", 60..<64)
    try school.deliver(bill, as: "wechat_2026-11-16.csv")
    try school.deliver(day.ledger(60..<64), as: "ledger_2026-11-16.csv")
    try school.deliver(
      fund("2026-11-16", payments(day, 61..<63)), as: "fund_2026-11-16.csv")
    try school.deliver(bank("2026-11-16", []), as: "ccb_2026-11-16.csv")
    let monday = try await school.run("2026-11-16")
    #expect(kinds(monday) == [.fundRowMissing])
    #expect(try sums(monday, .account).inTransit == Tally(rows: 1, fen: 5_000))
    let after = [
      Moved(clock: "00:02:00", kind: "交易", isIn: true, fen: 5_000, serial: day.serial(63)),
      Moved(clock: "01:00:00", kind: "交易", isIn: true, fen: 5_000, serial: day.serial(60)),
    ]
    try deliver(
      school, "2026-11-17", bill: 0..<1, after + payments(next, 0..<1), opening: 10_000)
    let tuesday = try await school.run("2026-11-17")
    #expect(tuesday.anomalies.map(\.status) == [.closed])
    let sums = try sums(tuesday, .account)
    #expect(
      sums.opening == Tally(rows: 1, fen: 5_000) && sums.matched == Tally(rows: 2, fen: 10_000))
    #expect(sums.late == Tally(rows: 1, fen: 5_000) && sums.isConserved)
    try await school.verify()
  }

  @Test("Lines of before the first night wait, and so does what they may be paying")
  func beforeHistory() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try deliver(
      school, "2026-11-16", bill: 0..<3,
      payments(day, 0..<3) + [withdrawal(9_000, "TX1", at: "21:00:00")])
    _ = try await school.run("2026-11-16")
    // It pays withdrawals of the week before with it.
    try deliver(
      school, "2026-11-17", bill: 0..<0, [], opening: 6_000, bank: [("10:00:00", 39_000, "B1")])
    let report = try await school.run("2026-11-17")
    #expect(kinds(report) == [] && report.payouts.map(\.state) == [.notProven, .notProven])
    #expect(report.pending.count == 2)
    try await school.verify()
  }

  @Test("A payment is traced to the bank")
  func trace() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try deliver(
      school, "2026-11-16", bill: 0..<3,
      payments(day, 0..<3) + [withdrawal(15_000, "TX1", at: "21:00:00")])
    try deliver(school, "2026-11-17", bill: 0..<0, [], bank: [("10:00:00", 15_000, "B1")])
    for day in ["2026-11-16", "2026-11-17"] { _ = try await school.run(day) }
    let run = try school.nights()
    let tracer = try Tracer(configuration: run.configuration, store: run.store, threads: 2)
    for query in [day.serial(1), "TX1", "B1"] {
      let found = try await tracer.trace(query)
      let flows = found.groups.flatMap(\.rows).map(\.flow)
      #expect(flows.contains(.withdrawal) && flows.contains(.settlementIn), "\(query)")
    }
    let group = try #require(try await tracer.trace(day.serial(1)).groups.first)
    #expect(group.rows.map(\.flow) == [.none, .payment, .none, .withdrawal, .settlementIn])
    #expect(group.rows.last?.channelSerial == "B1")
  }

  @Test(
    "What a bill leaves out is no difference of the account, and a failed refund costs no payment")
  func leftOut() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    // The third payment's refund failed: the bill has it, the account never heard of it.
    let failed =
      "`2026-11-16 12:00:00,`wx8f3a61c20b7d4e95,`1609354271,`0,`,`\(day.serial(2)),`\(day.order(2)),`oH2,"
      + "`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50300001,`TK1,`50.00,`0.00,`ORIGINAL,`CHANGE,`校园卡充值,"
      + "`学号2024000002,`0.00000,`0.00%,`0.00,`50.00,`\n"
    var lines = day.wechat("1609354271", 0..<3).split(separator: "\n").map { $0 + "\n" }
    lines.insert(Substring(failed), at: 4)
    lines[lines.count - 1] = "`4,`150.00,`50.00,`0.00,`0.00000,`150.00,`50.00\n"
    try school.deliver(lines.joined(), as: "wechat_2026-11-16.csv")
    try school.deliver(day.ledger(0..<3), as: "ledger_2026-11-16.csv")
    try school.deliver(fund("2026-11-16", payments(day, 0..<3)), as: "fund_2026-11-16.csv")
    try school.deliver(bank("2026-11-16", []), as: "ccb_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(kinds(report) == [], "\(report.statements.flatMap(\.statement.faults))")
    #expect(try sums(report, .account).matched == Tally(rows: 3, fen: 15_000))
  }
}

import Payments
import Testing

@testable import Runs

/// Nights whose WeChat bills come in one file for two merchants.
@Suite("Nights of files of several accounts") struct SeveralAccountsNightsTests {
  private static let configuration = """
    sources: {wechat: {files: "wechat_{yyyy-MM-dd}.csv", merchants: ["1609354271", "1609354272"]}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  /// The bills of two merchants in one, rows in turn.
  private func joint(_ day: TinyDay, _ first: Range<Int>, _ second: Range<Int>) -> String {
    let bills = [day.wechat("1609354271", first), day.wechat("1609354272", second)].map {
      $0.split(separator: "\n").map(String.init)
    }
    let count = first.count + second.count
    let rows = [bills[0].dropFirst().dropLast(2), bills[1].dropFirst().dropLast(2)].map {
      Array($0)
    }
    let turns = (0..<max(rows[0].count, rows[1].count)).flatMap { turn in
      rows.compactMap { turn < $0.count ? $0[turn] : nil }
    }
    let total = "\(count * 50).00"
    let end = "`\(count),`\(total),`0.00,`0.00,`0.00000,`\(total),`0.00"
    return ([bills[0][0]] + turns + [bills[0][bills[0].count - 2], end]).joined(separator: "\n")
      + "\n"
  }

  private func missing(_ report: DayReport) -> [String] {
    report.statements.map(\.statement).filter { $0.file.isEmpty }.map { $0.merchant ?? "" }
  }

  private func kinds(_ report: DayReport) -> [AnomalyKind] { report.anomalies.map(\.kind) }

  @Test(
    "Both books are there, what waits is carried over by its part, and the day is derived again")
  func nights() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let (day, next) = (TinyDay(day: "2026-11-16"), TinyDay(day: "2026-11-17"))
    try school.deliver(joint(day, 0..<4, 10..<13), as: "wechat_2026-11-16.csv")
    // One payment of each merchant has no credit.
    try school.deliver(day.ledger([0, 1, 2, 10, 12]), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(missing(report) == [])
    #expect(report.statements.filter { $0.statement.side == .channel }.count == 2)
    #expect(kinds(report) == [.debitedNotCredited, .debitedNotCredited])
    try school.deliver(joint(next, 0..<2, 10..<12), as: "wechat_2026-11-17.csv")
    // The night after credits one of them late.
    let late = day.ledger([3]).split(separator: "\n")[1].replacing(
      "2026-11-16 08", with: "2026-11-17 08")
    try school.deliver(next.ledger([0, 1, 10, 11]) + late + "\n", as: "ledger_2026-11-17.csv")
    let second = try await school.run("2026-11-17")
    #expect(missing(second) == [])
    #expect(
      !kinds(second).contains(.creditedNotDebited) && !kinds(second).contains(.duplicateDebit))
    try await school.verify()
  }

  @Test("A merchant without rows in the file is missing by name; its own file beside it is used")
  func absent() async throws {
    let school = try TinySchool(
      Self.configuration.replacing(
        "files: \"wechat_{yyyy-MM-dd}.csv\"",
        with:
          "files: [\"wechat_{yyyy-MM-dd}.csv\", {pattern: \"own_{yyyy-MM-dd}.csv\", optional: true}]"
      ))
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_2026-11-16.csv")
    try school.deliver(day.ledger([0, 1, 2, 3, 10, 11]), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(missing(report) == ["1609354272"] && kinds(report) == [])
    // Then both come: the joint export and the second merchant's own bill.
    try school.deliver(joint(day, 0..<4, 10..<12), as: "wechat_2026-11-16.csv")
    try school.deliver(day.wechat("1609354272", 10..<12), as: "own_2026-11-16.csv")
    let whole = try await school.run("2026-11-16")
    #expect(missing(whole) == [] && kinds(whole) == [])
    try await school.verify()
  }

  @Test(
    "Without merchants the accounts of a file are one book: a part that is held holds the others")
  func oneBook() async throws {
    let school = try TinySchool(
      """
      sources: {ccb: {files: ["ccb_{yyyy-MM-dd}.csv", {pattern: "more_{yyyy-MM-dd}.csv", optional: true}]}}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """)
    defer { school.remove() }
    let header =
      "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,"
      + "摘要,备注,账户明细编号-交易流水号,企业流水号,凭证种类,凭证号\n"
    func row(_ account: String, _ number: Int, _ balance: Int) -> String {
      "\(account),云山大学,20261116 0\(number):00:00,0,50.00,\(balance).00,人民币元,张三,6217,云山支行,20261116,校园卡充值,"
        + "学号202400000\(number),101-\(number),CK2026\(number),凭证,\n"
    }
    let rows = [
      row("4405111", 1, 150), row("4405222", 2, 1_050), row("4405111", 3, 250),
      row("4405222", 4, 1_100),
    ]
    try school.deliver(header + rows.joined(), as: "ccb_2026-11-16.csv")
    let ledger =
      TinyDay(day: "2026-11-16").ledger([])
      + "YKT1,2026-11-16 02:00:20,充值,50.00,成功,8001,2024000009,"
      + "王同学,建设银行,CK9,,,,\n"
    try school.deliver(ledger, as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    let banks = report.statements.map(\.statement).filter { $0.channel == .ccb && !$0.file.isEmpty }
    #expect(banks.count == 2 && banks.allSatisfy { $0.isHeld })
    #expect(
      Set(banks.flatMap { $0.faults.map(\.kind) }) == [
        .runningBalanceBreak, .wrongAccountStatement,
      ])
    #expect(kinds(report) == [])
  }
}

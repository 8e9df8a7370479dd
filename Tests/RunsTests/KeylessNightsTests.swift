import History
import Payments
import Testing

@testable import Runs

/// What a bank gives back days later, without a word of which payment it was.
@Suite("Given back on a later night")
struct KeylessNightsTests {
  static let configuration = """
    sources: {ccb: {files: "ccb_{yyyy-MM-dd}.csv"}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  static func bank(_ rows: [String]) -> String {
    "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,"
      + "摘要,备注,账户明细编号-交易流水号,企业流水号,凭证种类,凭证号\n"
      + rows.map { "44050162100800000368,云山大学,\($0)\n" }.joined()
  }

  static func ledger(_ rows: [String]) -> String {
    "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\n"
      + rows.map { $0 + "\n" }.joined()
  }

  /// A school on the morning after a top-up of 10 November and two quiet nights.
  private func school() async throws -> TinySchool {
    let school = try TinySchool(Self.configuration)
    try school.deliver(
      Self.bank([
        "20261110 10:00:00,0,50.00,10050.00,人民币元,李四,6217540826700000039,建行,20261110,校园卡充值,"
          + "学号2023010001 CK20261110000001,101-1,,,"
      ]), as: "ccb_2026-11-10.csv")
    try school.deliver(
      Self.ledger([
        "2026111000000001,2026-11-10 10:00:20,充值,50.00,成功,800001,2023010001,张三,建设银行,"
          + "CK20261110000001,,,,"
      ]), as: "ledger_2026-11-10.csv")
    #expect(try await school.run("2026-11-10").verdict == .balanced)
    for day in ["2026-11-11", "2026-11-12"] {
      try school.deliver(
        Self.bank([
          "\(day.replacing("-", with: "")) 09:00:00,0,1.00,10051.00,人民币元,李四,1,建行,"
            + "\(day.replacing("-", with: "")),利息,,9-\(day),,,"
        ]), as: "ccb_\(day).csv")
      try school.deliver(
        Self.ledger(["\(day)-1,\(day) 12:00:00,消费,9.00,成功,800002,2023010002,王五,,,,,,"]),
        as: "ledger_\(day).csv")
      _ = try await school.run(day)
    }
    return school
  }

  private static let refund = refund("学号2023010001")

  private static func refund(_ text: String) -> String {
    "20261113 15:00:00,50.00,0,10001.00,人民币元,李四,6217540826700000039,建行,20261113,校园卡充值退款,"
      + "\(text),104-2,,,"
  }
  private static let reversal =
    "2026111300000009,2026-11-13 15:00:30,退款,50.00,成功,800001,2023010001,张三,建设银行,,,,,"
  private static let quiet =
    "2026111300000001,2026-11-13 12:00:00,消费,9.00,成功,800002,2023010002,王五,,,,,,"

  @Test("The payment and the credit of before are found, and said to be found on weak evidence")
  func found() async throws {
    let school = try await school()
    defer { school.remove() }
    try school.deliver(Self.bank([Self.refund]), as: "ccb_2026-11-13.csv")
    try school.deliver(Self.ledger([Self.quiet, Self.reversal]), as: "ledger_2026-11-13.csv")
    let report = try await school.run("2026-11-13")
    #expect(report.verdict == .balanced)
    #expect(report.anomalies.isEmpty)
    #expect(
      report.weakMatches.map { [$0.first.kind, $0.second.kind] } == [
        [.payment, .refund], [.credit, .reversal],
      ])
    #expect(report.weakMatches.map(\.first.serial) == ["101-1", "2026111000000001"])
    try await school.verify()
  }

  @Test(
    "A refund that names its person by a bare number, or only who paid, finds its payment too",
    arguments: ["2023010001", "退2023010001充值", ""])
  func otherwiseNamed(text: String) async throws {
    let school = try await school()
    defer { school.remove() }
    try school.deliver(Self.bank([Self.refund(text)]), as: "ccb_2026-11-13.csv")
    try school.deliver(Self.ledger([Self.quiet, Self.reversal]), as: "ledger_2026-11-13.csv")
    let report = try await school.run("2026-11-13")
    #expect(report.verdict == .balanced)
    #expect(
      report.weakMatches.map { [$0.first.kind, $0.second.kind] } == [
        [.payment, .refund], [.credit, .reversal],
      ])
    try await school.verify()
  }

  @Test(
    "Without a reversal of its own that would bring the day, it still finds it",
    arguments: ["2023010001", ""])
  func otherwiseNamedAlone(text: String) async throws {
    let school = try await school()
    defer { school.remove() }
    try school.deliver(Self.bank([Self.refund(text)]), as: "ccb_2026-11-13.csv")
    try school.deliver(Self.ledger([Self.quiet]), as: "ledger_2026-11-13.csv")
    let report = try await school.run("2026-11-13")
    #expect(report.anomalies.map(\.kind) == [.refundNotReversed])
    #expect(report.anomalies.first?.channelSerial == "101-1")
    try await school.verify()
  }

  @Test(
    "A refund alone takes nothing off the card: the night it comes, it is told with its payment")
  func notReversed() async throws {
    let school = try await school()
    defer { school.remove() }
    try school.deliver(Self.bank([Self.refund]), as: "ccb_2026-11-13.csv")
    try school.deliver(Self.ledger([Self.quiet]), as: "ledger_2026-11-13.csv")
    let report = try await school.run("2026-11-13")
    let finding = try #require(report.anomalies.first)
    #expect(report.anomalies.map(\.kind) == [.refundNotReversed])
    #expect(finding.basis == .weak)
    #expect(finding.channelSerial == "101-1" && finding.refundSerial == "104-2")
    try await school.verify()
  }

  @Test("What was paid earlier than the reach is not looked for")
  func outOfReach() async throws {
    let school = try await school()
    defer { school.remove() }
    try school.configure(Self.configuration + "rules: {refundReach: 1d}\n")
    try school.deliver(Self.bank([Self.refund]), as: "ccb_2026-11-13.csv")
    try school.deliver(Self.ledger([Self.quiet]), as: "ledger_2026-11-13.csv")
    #expect(try await school.run("2026-11-13").anomalies.map(\.kind) == [.orphanRefund])
  }
}

import Foundation
import History
import Payments
import Testing

@testable import Runs

/// A school of a few rows: its configuration, what it delivers, and its nights.
struct TinySchool {
  let folder: String

  /// Makes a school in a folder of its own; ``remove()`` takes it away again.
  init(_ configuration: String) throws {
    folder = NSTemporaryDirectory() + "cardrecon-tiny-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder + "/in", withIntermediateDirectories: true)
    try configure(configuration)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func configure(_ text: String) throws {
    try write("school: 示例大学\nincoming: in\n" + text, to: "cardrecon.yaml")
  }

  func deliver(_ text: String, as name: String) throws { try write(text, to: "in/" + name) }

  func takeAway(_ name: String) throws {
    try FileManager.default.removeItem(atPath: folder + "/in/" + name)
  }

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  /// The runs of its history.
  func nights() throws -> NightRun {
    let configuration = try ConfigurationReader(path: folder + "/cardrecon.yaml").read()
    let store = try HistoryStore(try StateFolder(configuration.state))
    return NightRun(
      configuration: configuration, store: store, language: .zh, unmask: false, threads: 2)
  }

  /// Runs one night.
  func run(_ day: String) async throws -> DayReport {
    let day = try #require(BusinessDay(day))
    return try await Nights(try nights()).run(day...day).report
  }

  /// A person's decision about its nights and files.
  func ruling(reviewer: String? = nil) throws -> Ruling {
    Ruling(
      try nights(), who: "王会计", reviewer: reviewer, note: "查过系统",
      now: Timestamp(seconds: 1_795_000_000))
  }

  /// Expects what `verify` asks: chain, archive, published files, and every day derived again; and that no day
  /// waits to be judged again.
  func verify() async throws {
    let store = try nights().store
    #expect(try store.verifyChain() == [] && store.verifyArchive() == [])
    #expect(try store.verifyColumns() == [])
    #expect(try store.outdatedDays() == [])
    let verification = DayVerification(try nights())
    #expect(try verification.published(try store.days()) == [])
    for day in try store.days() {
      let found = try await verification.derived(day)
      #expect(found == [], "\(found)")
    }
  }
}

/// Rows of a day in the layouts of WeChat's bill and the default ledger.
struct TinyDay {
  let day: String

  private var digits: String { day.replacing("-", with: "") }

  /// Order and serial of the payment with a number.
  func order(_ number: Int) -> String { "CK\(digits)\(100_000 + number)" }
  func serial(_ number: Int) -> String { "42000026\(digits)\(1_000_000 + number)" }

  /// A WeChat bill of payments of ¥50, at full hours from 08:00.
  func wechat(_ merchant: String, _ numbers: Range<Int>) -> String {
    let rows = numbers.map { number in
      "`\(day) \(time(number)),`wx8f3a61c20b7d4e95,`\(merchant),`0,`,`\(serial(number)),"
        + "`\(order(number)),`oH\(number),`JSAPI,`SUCCESS,`OTHERS,`CNY,`50.00,`0.00,`0,`0,`0.00,"
        + "`0.00,`,`,`校园卡充值,`学号\(2_024_000_000 + number),`0.00000,`0.00%,`50.00,`0.00,`\n"
    }
    let total = "\(numbers.count * 50).00"
    return "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
      + "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
      + "手续费,费率,订单金额,申请退款金额,费率备注\n" + rows.joined()
      + "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n"
      + "`\(numbers.count),`\(total),`0.00,`0.00,`0.00000,`\(total),`0.00\n"
  }

  /// A ledger that credits payments twenty seconds after they were made.
  func ledger(_ numbers: some Sequence<Int>) -> String {
    "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\n"
      + numbers.map { number in
        "YKT\(digits)\(1_000 + number),\(day) \(time(number, second: 20)),充值,50.00,成功,"
          + "\(800_000_000_000 + number),\(2_024_000_000 + number),王同学,微信,\(order(number)),"
          + "\(serial(number)),,,\n"
      }.joined()
  }

  /// The card system's list of the accounts of payments, all of them open.
  func accounts(_ numbers: some Sequence<Int>) -> String {
    "卡号,学工号,姓名,账户状态,变更时间\n"
      + numbers.map { number in
        "\(800_000_000_000 + number),\(2_024_000_000 + number),王同学,正常,\(day)\n"
      }.joined()
  }

  /// A row of the ledger that is no top-up.
  func spending(at time: String) -> String {
    "YKT\(digits)9999,\(day) \(time),消费,8.50,成功,800000009999,2024009999,李同学,,,,,,\n"
  }

  private func time(_ number: Int, second: Int = 0) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return two(8 + number / 4) + ":" + two(number % 4 * 15) + ":" + two(second)
  }
}

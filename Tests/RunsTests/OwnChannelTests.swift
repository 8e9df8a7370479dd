import Foundation
import History
import Payments
import Testing

@testable import Runs

/// A bank the program does not know by itself, named by the school, through configuration, statements,
/// reports and history.
@Suite("A school's own bank")
struct OwnChannelTests {
  private static let configuration = """
    school: 示例大学
    incoming: in
    channels: [{name: whrcb, zh: 武汉农商行, en: Wuhan RCB, words: [农商行]}]
    sources: {whrcb: {files: "bank_{yyyyMMdd}.csv"}}
    ledger: {files: "ledger_{yyyyMMdd}.csv"}

    """

  private static let bank = """
    交易时间,收入金额,支出金额,余额,摘要,交易流水号
    2026-11-16 09:00:00,50.00,,1050.00,校园卡 学号2024010006 CK20261116000001,W1
    2026-11-16 10:00:00,30.00,,1080.00,校园卡 学号2024010007 CK20261116000002,W2

    """

  private static let ledger = """
    流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员
    2026111600000001,2026-11-16 09:00:40,充值,50.00,成功,370110000226,2024010006,何伟睿,武汉农商行,CK20261116000001,W1,,80.00,

    """

  private func run(in folder: String) async throws -> (DayReport, HistoryStore, NightRun) {
    try FileManager.default.createDirectory(
      atPath: folder + "/in", withIntermediateDirectories: true)
    for (name, text) in [
      ("cardrecon.yaml", Self.configuration), ("in/bank_20261116.csv", Self.bank),
      ("in/ledger_20261116.csv", Self.ledger),
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    let configuration = try ConfigurationReader(path: folder + "/cardrecon.yaml").read()
    let store = try HistoryStore(try StateFolder(configuration.state))
    let run = NightRun(
      configuration: configuration, store: store, language: .zh, unmask: false, threads: 2)
    let day = try #require(BusinessDay("2026-11-16"))
    return (try await Nights(run).run(day...day).report, store, run)
  }

  @Test("Its rows match, its cases bear its name, and the history gives both back")
  func night() async throws {
    let folder = NSTemporaryDirectory() + "cardrecon-own-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (report, store, run) = try await run(in: folder)
    let bank = try #require(Channel(name: "whrcb"))
    #expect(report.statements.map(\.statement.channel) == [bank, .unknown])
    #expect(report.anomalies.map(\.kind) == [.debitedNotCredited])
    #expect(report.anomalies.first?.channel == bank)
    #expect(report.anomalies.first?.channelSerial == "W2")
    #expect(report.sources.map(\.source) == ["whrcb"])
    #expect(report.sources.first?.credits.rows == 1)
    let day = try #require(BusinessDay("2026-11-16"))
    let text = FileManager.default.contents(atPath: run.folder(of: day).path + "/report.txt")
    #expect(String(decoding: try #require(text), as: UTF8.self).contains("武汉农商行"))
    #expect(try store.openAnomalies().first?.channel == bank)
    #expect(try store.delivered().sources.contains { $0.channel == bank })
    let found = try store.verifyChain() + DayVerification(run).published([day])
    #expect(found == [])
    #expect(try await DayVerification(run).derived(day) == [])
    // By name, whatever number it has in this process.
    let database = FileManager.default.contents(atPath: store.folder.path + "/history.sqlite")
    let bytes = try #require(database)
    #expect(bytes.range(of: Data("\"channel\":\"whrcb\"".utf8)) != nil)
  }

  @Test(
    "What is wrong with an own channel is said where it stands",
    arguments: [
      ("[{name: ccb, zh: 建行}]", "is a channel this program knows"),
      ("[{name: WHRCB, zh: 农商行}]", "is no name"), ("[{name: whrcb}]", "needs `name` and `zh`"),
      ("[{name: whrcb-x, zh: 甲, kind: card}]", "write bank or mobile"),
      ("[{name: whrcb-x, zh: 甲}, {name: whrcb-x, zh: 乙}]", "twice"), ("whrcb", "expected a list"),
    ])
  func mistakes(channels: String, words: String) throws {
    try withFolder { folder in
      let path = folder + "/cardrecon.yaml"
      let text = "channels: \(channels)\nsources: {wechat: {files: a}}\nledger: {files: b}\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: ConfigurationError.self) {
        try ConfigurationReader(path: path).read()
      }
      #expect(error?.line == 1)
      #expect(error?.wording.en.contains(words) == true)
    }
  }
}

import Foundation
import Payments
import Reports
import Statements
import Testing

@testable import Runs

/// What a school writes into its configuration, and what is said where it is not what it should be.
@Suite("Configuration")
struct ConfigurationTests {
  private func read(_ text: String) throws -> Configuration {
    try withFolder { folder in
      let path = folder + "/cardrecon.yaml"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return try ConfigurationReader(path: path).read()
    }
  }

  private static let smallest = """
    sources:
      wechat: {files: "wechat_{yyyyMMdd}.csv", merchants: "1609354271"}
    ledger: {files: ["ledger_{yyyy-MM-dd}*.csv"]}

    """

  @Test("What is not said is as documented")
  func defaults() throws {
    let configuration = try read(Self.smallest)
    #expect(configuration.sources.map(\.channel) == [.wechat])
    #expect(configuration.sources[0].files.map(\.patterns) == [["wechat_{yyyyMMdd}.csv"]])
    #expect(configuration.sources[0].merchants == ["1609354271"])
    #expect(configuration.ledger.map(\.patterns) == [["ledger_{yyyy-MM-dd}*.csv"]])
    #expect(configuration.rules == Rules())
    #expect(!configuration.needsReview && !configuration.holdsReissues)
    // Folders lie beside the configuration.
    for path in [configuration.incoming, configuration.output, configuration.state] {
      #expect(path.hasPrefix("/"))
    }
    #expect(configuration.output.hasSuffix("/reports") && configuration.state.hasSuffix("/state"))
  }

  @Test("Rules are read in their units")
  func rules() throws {
    let configuration = try read(
      Self.smallest + """
        review: true
        reissue: hold
        rules:
          mobilePromise: 90s
          bankWindow: 3h
          singleLimit: 200.5
          dailyLimit: none
          bankFees: [2, 3.5]
          surcharge: 3%
          maintenance: 01:30-04:00

        """)
    #expect(configuration.needsReview && configuration.holdsReissues)
    #expect(configuration.rules.mobilePromiseSeconds == 90)
    #expect(configuration.rules.bankWindowSeconds == 10_800)
    #expect(configuration.rules.singleLimitFen == 20_050)
    #expect(configuration.rules.dailyLimitFen == nil)
    #expect(configuration.rules.bankFeesFen == [200, 350])
    #expect(configuration.rules.maintenance == 5_400..<14_400)
  }

  @Test("The school's words are read, and none may be empty")
  func words() throws {
    let text = """
      sources:
        wechat: {files: a.csv, words: 掌上校园, topUps: [校园卡充值, 一卡通]}
        ccb: {files: b.csv}
      ledger: {files: c.csv, unreconciled: [补贴机]}
      rules: {moveWindow: none}

      """
    let configuration = try read(text)
    #expect(configuration.words.channels[.wechat] == ["掌上校园"])
    #expect(configuration.words.topUps[.wechat] == ["校园卡充值", "一卡通"])
    #expect(configuration.words.topUps[.ccb] == [])
    #expect(configuration.words.unreconciled == ["补贴机"])
    #expect(configuration.rules.moveWindowSeconds == nil)
    let error = try #require(throws: ConfigurationError.self) {
      try read(text.replacing("[补贴机]", with: "[\" \"]"))
    }
    #expect(error.line == 4 && error.detail.en.contains("empty"))
  }

  @Test(
    "A mistake is named with its line and column",
    arguments: [
      ("ledger: {files: a.csv}\n", 1, "sources"),
      (smallest + "rules: {mobilePromise: 2 minutes}\n", 4, "2 minutes"),
      (smallest + "colour: red\n", 4, "colour"),
      (smallest + "rules: {singleLimit: -5}\n", 4, "-5"),
      (smallest + "rules:\n\tbankWindow: 2h\n", 5, "tab"),
      (smallest + "lists: [\"a_{ddMMyy}.csv\"]\n", 4, "{ddMMyy}"),
      (smallest + "lists: [{optional: true}]\n", 4, "pattern"),
      (smallest + "lists: [{pattern: a, retired: 2026-02-30}]\n", 4, "2026-02-30"),
      (smallest.replacing("\"1609354271\"", with: "[{retired: 2026-11-10}]"), 2, "number"),
      (smallest.replacing("\"1609354271\"", with: "[\"1\", {number: \"1\"}]"), 2, "twice"),
      (smallest.replacing("merchants", with: "cutoff: 11pm, merchants"), 2, "11pm"),
      (smallest.replacing("merchants", with: "cutoff: 24:00, merchants"), 2, "24:00"),
      (smallest.replacing("merchants", with: "retired: next year, merchants"), 2, "next year"),
    ])
  func mistakes(text: String, line: Int, word: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try read(text) }
    #expect(error?.line == line)
    #expect(error?.wording.en.contains(word) == true)
  }

  @Test("A pattern stands for a day's files and for no other's")
  func files() throws {
    try withFolder { folder in
      for name in ["wechat_20261116.csv", "wechat_20261115.csv", "ledger_2026-11-16-north.csv"] {
        try Data().write(to: URL(fileURLWithPath: folder + "/" + name))
      }
      var configuration = try read(Self.smallest)
      configuration.incoming = folder
      let day = try #require(BusinessDay("2026-11-16"))
      let names = configuration.files(on: day).map { $0.split(separator: "/").last ?? "" }
      #expect(names == ["ledger_2026-11-16-north.csv", "wechat_20261116.csv"])
      #expect(configuration.files(on: day.adding(1)) == [])
    }
  }

  @Test("Each entry of files is a book; alternatives are one, optional ones none that is missed")
  func books() throws {
    let configuration = try read(
      """
      sources:
        wechat: {files: ["wechat_*_{yyyy-MM-dd}.csv"], merchants: ["1609354271", "1605550000"]}
        ccb: {files: [["ccb_{yyyyMMdd}.csv", "ccb_{yyyyMMdd}.zip"]]}
        unionpay: {files: ["a_{yyMMdd}*", {pattern: "b_{yyMMdd}*", optional: true}]}
      ledger: {files: ["north_{yyyyMMdd}.csv", "south_{yyyyMMdd}.csv"]}
      lists: ["accounts_{yyyyMMdd}.csv", {pattern: "moves_*.csv", optional: true}]

      """)
    #expect(
      configuration.expectedBooks().map(\.book.name) == [
        "wechat/1609354271/both", "wechat/1605550000/both", "unionpay/a_{yyMMdd}*/both",
        "ccb/both", "ledger/north_{yyyyMMdd}.csv", "ledger/south_{yyyyMMdd}.csv",
      ])
    let day = try #require(BusinessDay("2026-11-16"))
    func owner(_ file: String) -> String? { configuration.entry(named: file, on: day)?.owner }
    #expect(owner("south_20261116.csv") == "south_{yyyyMMdd}.csv")
    #expect(owner("ccb_20261116.zip") == "" && owner("b_2611161.txt") == "b_{yyMMdd}*")
    #expect(owner("south_20261115.csv") == nil && owner("accounts_20261116.csv") == nil)
    #expect(configuration.hasLists(["accounts_20261116.csv"], on: day))
    #expect(!configuration.hasLists(["accounts_20261115.csv", "moves_1.csv"], on: day))
  }

  @Test("What a week of nights taught is expected where the configuration leaves it open")
  func learned() throws {
    let configuration = try read(Self.smallest.replacing(", merchants: \"1609354271\"", with: ""))
    let learned = ["1609354271", "1605550000"].map {
      Book(side: .channel, channel: .wechat, owner: $0)
    }
    #expect(configuration.expectedBooks().map(\.book.owner) == ["", ""])
    let owners = configuration.expectedBooks(learned: learned).map(\.book.owner)
    #expect(owners == ["1609354271", "1605550000", ""])
  }
}

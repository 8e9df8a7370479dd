import Foundation
import Testing

/// One mistake in a configuration, where it stands, and what is said about it.
struct Mistake: CustomTestStringConvertible, Sendable {
  var name: String
  var bytes: [UInt8]
  var place: String
  var expected: String

  var testDescription: String { name }

  init(_ name: String, _ text: String, _ place: String, _ expected: String) {
    self.name = name
    bytes = Array(text.utf8)
    self.place = place
    self.expected = expected
  }

  /// Five good lines, then `section` with one line of its own: what is wrong stands in line 7.
  static func line(_ section: String, _ text: String, _ column: Int, _ expected: String) -> Mistake
  {
    Mistake(text, good + "\(section):\n  \(text)\n", "7:\(column)", expected)
  }

  static let good =
    "sources:\n  wechat:\n    files: [wechat.csv]\nledger:\n  files: [ledger.csv]\n"

  static let rules: [Mistake] = [
    .line("rules", "mobilPromise: 2min", 3, "unknown key `mobilPromise`; expected one of mobile"),
    .line("rules", "mobilePromise: 2 minutes", 18, "`2 minutes` is no duration; write 90s"),
    .line("rules", "mobilePromise: 2", 18, "is no duration"),
    .line("rules", "bankWindow: -1h", 15, "is no duration"),
    .line("rules", "bankWindow: +1h", 15, "is no duration"),
    .line("rules", "bankWindow: 200h", 15, "is no duration"),
    .line("rules", "surcharge: 3", 14, "`3` is no rate; write 3% or 0.6%"),
    .line("rules", "surcharge: +3%", 14, "is no rate"),
    .line("rules", "surcharge: 3.+5%", 14, "is no rate"),
    .line("rules", "surcharge: 3.0001%", 14, "is no rate"),
    .line("rules", "maintenance: 25:00-26:00", 16, "is no time range; write 01:00-05:00"),
    .line("rules", "maintenance: 05:00-01:00", 16, "is no time range"),
    .line("rules", "maintenance: 01:00--05:00", 16, "is no time range"),
    .line("rules", "maintenance: 1-5", 16, "is no time range"),
    .line("rules", "maintenance: [01:00, 05:00]", 16, "expected text"),
    .line("rules", "singleLimit: 5,00", 16, "`5,00` is no amount; write 500.00"),
    .line("rules", "singleLimit: 500.001", 16, "is no amount"),
    .line("rules", "singleLimit: -5", 16, "is no amount"),
    .line("rules", "singleLimit: +5", 16, "is no amount"),
    .line("rules", "singleLimit: 1.+5", 16, "is no amount"),
    .line("rules", "singleLimit: 5.", 16, "is no amount"),
    .line("rules", "singleLimit: ''", 16, "expected text"),
    .line("rules", "bankFees: 2.00", 13, "expected a list such as [a, b]"),
    .line("rules", "bankFees: [2.00, three]", 20, "`three` is no amount"),
  ]

  static let others: [Mistake] = [
    .line("actions", "refundDeskWeekday: Wednesday", 22, "1 is Monday, 7 Sunday"),
    .line("actions", "refundDeskWeekday: 8", 22, "is no weekday"),
    .line("actions", "refundDesk: [a]", 15, "expected text"),
    Mistake("an unknown section", good + "ruels: {}\n", "6:1", "unknown key `ruels`"),
    Mistake("no sources", "ledger:\n  files: [l]\n", "1:1", "`sources` is missing"),
    Mistake("no ledger", "sources:\n  wechat:\n    files: [w]\n", "1:1", "`ledger` is missing"),
    Mistake("an unknown channel", "sources:\n  wechatt:\n    files: [w]\n", "2:3", "alipay"),
    Mistake(
      "a channel without files", "sources:\n  wechat:\n    merchants: ['1']\n", "3:5",
      "sources.wechat needs `files`"),
    Mistake("a list where keys are due", "sources: [wechat]\n", "1:10", "expected `key: value`"),
    Mistake(
      "a key that is a list", "sources:\n  ? [a, b]\n  : files\n", "2:5", "a key is one word"),
    Mistake("only a list", "- a\n- b\n", "1:1", "expected `key: value` lines; keys: school"),
    Mistake("nothing", "# to do\n", "1:1", "is empty; start from samples/cardrecon.yaml"),
  ]

  static let texts: [Mistake] = [
    Mistake(
      "a section twice", good + "school: a\nsources:\n  alipay:\n    files: [a]\n", "7:1",
      "key `sources` stands here twice"),
    Mistake(
      "a rule twice", good + "rules:\n  bankWindow: 1h\n  refundWindow: 2h\n  bankWindow: 2h\n",
      "9:3", "key `bankWindow` stands here twice"),
    Mistake("a tab", "sources:\n\twechat:\n    files: [w]\n", "2:1", "indented with a tab"),
    Mistake("a tab between spaces", "sources:\n  wechat:\n  \tfiles: [w]\n", "3:", "with a tab"),
    Mistake("an open bracket", "sources: [a\nledger: }\n", "2:7", "not valid YAML: did not find"),
    Mistake("an open quote", "school: \"a\nledger: b\n", "3:1", "not valid YAML"),
    Mistake("two documents", good + "---\nschool: a\n", "6:1", "not valid YAML"),
    Mistake("an alias to nothing", "school: *name\n", "1:9", "undefined alias"),
    Mistake("a control character", "school: a\u{1}b\n", "1:10", "control characters"),
    gbk,
  ]

  /// 大学 as a Chinese Windows saves it.
  static var gbk: Mistake {
    var mistake = Mistake("GBK", "", "2:11", "Save the configuration as UTF-8")
    mistake.bytes = Array("# 示例\nschool: 示例".utf8) + [0xB4, 0xF3, 0xD1, 0xA7, 0x0A]
    return mistake
  }
}

/// Nobody should have to search for what is wrong in a configuration.
@Suite("A wrong configuration is refused where it is wrong")
struct ConfigurationErrorTests {
  @Test(
    "`file:line:column: what was expected`, in one line",
    arguments: Mistake.rules + Mistake.others + Mistake.texts)
  func mistake(_ mistake: Mistake) async throws {
    let scratch = try Scratch()
    try scratch.write(mistake.bytes, to: "school.yaml")
    let run = try await cardrecon(
      "run", "--config", "school.yaml", "--date", Sample.day, "--lang", "en", in: scratch)
    #expect(run.code == 78)
    #expect(run.out == "")
    #expect(run.err.hasPrefix("cardrecon: school.yaml:\(mistake.place)"), "\(run.err)")
    #expect(run.err.contains(mistake.expected), "\(run.err)")
    #expect(run.err.hasSuffix(".\n") && run.err.count { $0 == "\n" } == 1, "\(run.err)")
    let chinese = try await cardrecon(
      "run", "--config", "school.yaml", "--date", Sample.day, in: scratch)
    #expect(chinese.err.hasPrefix("cardrecon: school.yaml:\(mistake.place)"), "\(chinese.err)")
    #expect(chinese.err.hasSuffix("。\n"), "\(chinese.err)")
    #expect(try scratch.names() == ["school.yaml"], "nothing is published")
  }

  @Test(
    "What Windows editors add does no harm",
    arguments: ["\u{FEFF}" + Mistake.good, Mistake.good.replacing("\n", with: "\r\n")])
  func windows(text: String) async throws {
    let scratch = try Scratch()
    try scratch.write(text, to: "cardrecon.yaml")
    let run = try await cardrecon("run", "--date", Sample.day, in: scratch)
    #expect(run.code == 2, "\(run.err)")
  }

  @Test("Every rule of the sample is a default, as its comment says")
  func defaults() async throws {
    let copy = try Sample.copy()
    let text = try copy.text("samples/cardrecon.yaml")
    let start = try #require(text.range(of: "# 规则")).lowerBound
    let end = try #require(text.range(of: "# 处理建议")).lowerBound
    let short = text[..<start] + text[end...]
    try copy.write(String(short), to: "samples/short.yaml")
    let arguments = ["--date", Sample.day, "--json"]
    let long = try await cardrecon(
      ["run", "--config", "samples/cardrecon.yaml"] + arguments, in: copy)
    let brief = try await cardrecon(
      ["run", "--config", "samples/short.yaml"] + arguments, in: copy)
    let isSame = brief.outBytes == long.outBytes
    #expect(isSame && brief.code == 1)
  }
}

import Columns
import Payments
import Testing

@testable import Statements

/// A sound profile that the built-in ones do not know.
let schoolProfile = """
  name: our-canteen
  title: { zh: 食堂充值, en: Canteen top-ups }
  side: channel
  channel: other
  quoting: rfc4180
  signature: [食堂单号, 充值时刻, 分数]
  columns:
    time: [充值时刻]
    serial: [食堂单号]
    balance: [余分]
  required: [time, serial]
  amounts:
    分数: fen
    余分: fen
  kinds:
    column: [方向]
    values:
      进: { is: payment, amount: [分数] }
      出: { is: refund, amount: [分数] }
  """

@Suite("Profiles") struct ProfileFileTests {
  @Test(
    "every built-in profile is sound and carries its file's name",
    arguments: Profile.sources.map(\.name))
  func builtIn(_ name: String) throws {
    let bytes = try #require(Profile.sources.first { $0.name == name }?.bytes)
    let text = try #require(String(validating: bytes, as: UTF8.self))
    let profile = try ProfileFile(name: name, text: text).profile()
    #expect(profile.name == name)
    #expect(!profile.title.zh.isEmpty && !profile.title.en.isEmpty)
    #expect(try Profile.builtIn().filter { $0.name == name }.count == 1)
  }

  private func refusal(_ text: String) -> (place: String, problem: Wording)? {
    do throws(StatementError) {
      _ = try ProfileFile(name: "school.yaml", text: text).profile()
      return nil
    } catch {
      guard case .profile(let place, let problem) = error else { return nil }
      return (place, problem)
    }
  }

  @Test("the sound one is accepted")
  func sound() {
    #expect(refusal(schoolProfile) == nil)
  }

  @Test(
    "an unknown key is refused where it stands, at any depth",
    arguments: [
      ("side: channel", "sied: channel", 3, 1, "sied"),
      ("title: { zh:", "title: { cn:", 2, 10, "cn"),
      ("    进: { is:", "    进: { si:", 18, 10, "si"),
      ("kinds:\n  column:", "kinds:\n  columns:", 16, 3, "columns"),
    ])
  func unknownKeys(_ good: String, _ bad: String, _ line: Int, _ column: Int, _ key: String) throws
  {
    let found = try #require(refusal(schoolProfile.replacing(good, with: bad)))
    #expect(found.place == "school.yaml:\(line):\(column)")
    #expect(found.problem.en.contains("`\(key)`"))
    #expect(found.problem.zh.contains(key))
  }

  @Test(
    "a mistake in a value is refused, and named",
    arguments: [
      ("side: channel", "side: bank", "side must be"),
      ("channel: other", "channel: wehcat", "`wehcat`"),
      ("  time: [", "  tiem: [", "`tiem`"),
      ("required: [time, serial]", "required: [time, order]", "`order`"),
      ("required: [time, serial]", "required: [time]\nrequiredAnyOf: [account]", "`account`"),
      ("  分数: fen\n", "", "`分数`"), ("  余分: fen\n", "", "`余分`"), ("余分: fen", "余分: 2.5", "amounts"),
      ("余分: fen", "余分: yuan", "fen"), ("余分: fen", "余分: -1", "decimals"),
      ("余分: fen", "余分: 3", "decimals"),
      ("分数: fen", "分数: 5", "`分数` is no fee"), ("分数: fen", "分数: 0", "decimals"),
      ("signature: [", "signature: { a: [", "YAML"),
      ("signature: [食堂单号, 充值时刻, 分数]", "signature: 食堂单号", "signature"),
      ("signature: [食堂单号, 充值时刻, 分数]", "signature: []", "signature"),
      ("name: our-canteen\n", "", "name"),
      ("title: { zh: 食堂充值, en: Canteen top-ups }\n", "", "title"),
      ("title: { zh: 食堂充值,", "title: {", "zh"),
      ("is: payment", "is: paid", "paid"), ("quoting: rfc4180", "quoting: loud", "quoting"),
      ("quoting: rfc4180", "view: monthly", "view"),
      ("quoting: rfc4180", "separator: \"::\"", "`::`"),
      ("quoting: rfc4180", "commentPrefix: \"\"", "one ASCII"),
      ("quoting: rfc4180", "timeLength: 0", "timeLength"),
      ("quoting: rfc4180", "channelWords: { wehcat: [微信] }", "`wehcat`"),
      ("quoting: rfc4180", "channelWords: { wechat: [\"\"] }", "channelWords"),
      ("quoting: rfc4180", "trailer: { header: \"\" }", "trailer.header"),
      ("quoting: rfc4180", "trailer: { starts: [\"\"] }", "trailer.starts"),
      ("quoting: rfc4180", "firstLine: \"\"", "firstLine"),
      ("quoting: rfc4180", "fixed: { width: 20, fields: { 食堂单号: [1, 21] } }", "within width"),
      ("quoting: rfc4180", "fixed: { width: 20, fields: { 食堂单号: [0, 5] } }", "within width"),
      ("quoting: rfc4180", "fixed: { width: 20, fields: { 食堂单号: [7, 5] } }", "within width"),
      ("quoting: rfc4180", "fixed: { width: 20, fields: { 食堂单号: [1] } }", "within width"),
      ("quoting: rfc4180", "fixed: { width: 20, fields: {} }", "within width"),
      (
        "quoting: rfc4180", "fixed: { width: 20, digits: [[1, 30]], fields: { a: [1, 2] } }",
        "within width"
      ),
    ])
  func mistakes(_ good: String, _ bad: String, _ word: String) throws {
    #expect(schoolProfile.contains(good))
    let found = try #require(
      refusal(schoolProfile.replacing(good, with: bad)), "\(bad) is accepted")
    #expect(found.place.hasPrefix("school.yaml"))
    #expect(found.problem.en.contains(word), "\(found.problem.en)")
    #expect(!found.problem.zh.isEmpty)
  }

  @Test("kinds without an amount, and none at all, are refused")
  func noAmounts() throws {
    let text = schoolProfile.replacing(", amount: [分数]", with: "")
    #expect(try #require(refusal(text)).problem.en.contains("no column of amounts"))
  }

  @Test(
    "what is no mapping of YAML is refused",
    arguments: [
      "", "# nothing", "just words", "- a\n- b", "a: [", "\t\ta: 1", "a: 1\na: 2", "name: &a [*a]",
      "%",
    ])
  func notProfiles(_ text: String) throws {
    #expect(try #require(refusal(text)).place.hasPrefix("school.yaml"))
  }

  @Test("a file that is not UTF-8 is refused")
  func notUTF8() async throws {
    let folder = try StatementFolder()
    let path = try folder.write(Sheet.gb(schoolProfile), "own.yaml")
    let error = #expect(throws: StatementError.self) { _ = try ProfileFile(path: path) }
    #expect(error?.wording.en.contains("own.yaml") == true)
    #expect(error?.wording.en.contains("UTF-8") == true)
  }

  private static let canteen =
    "食堂单号,充值时刻,方向,分数,余分\nS1,2026-11-02 08:00:00,进,500,500\nS2,2026-11-02 08:01:00,出,200,300\n"

  @Test("a school's own profile reads a file the built-in ones do not know")
  func ownProfile() async throws {
    let file = (name: "canteen.csv", bytes: Sheet.utf8(Self.canteen))
    #expect(try await intake([file]).fault(.unreadable, in: "canteen.csv").line == 1)
    let folder = try StatementFolder()
    try folder.write(Sheet.utf8(schoolProfile), "canteen.yaml")
    try folder.write(Sheet.utf8("no profile"), "notes.txt")
    var options = Intake.Options()
    options.profileFolder = folder.path
    let read = try await intake([file], options)
    #expect(try read.statement("canteen.csv").format == "our-canteen")
    #expect(try read.statement("canteen.csv").faults == [])
    #expect(read.entries.kind == [.payment, .refund])
    #expect(read.entries.fen == [500, 200])
    options = Intake.Options()
    options.onlyProfile = folder.path + "/canteen.yaml"
    #expect(try await intake([file], options).entries.count == 2)
  }

  @Test("balances are held against each other also where a word tells which way money went")
  func chains() async throws {
    let profile = try ProfileFile(name: "own", text: schoolProfile).profile()
    let text = Self.canteen.replacing("200,300", with: "200,301")
    let found = try await readings(of: text, profiles: [profile])
    #expect(found.map(\.kinds) == [[.runningBalanceBreak]])
    #expect(found.first?.statement.faults.first?.line == 3)
    // A kind that may go either way says nothing about the balance.
    let vague = schoolProfile.replacing("出: { is: refund", with: "出: { is: notTopUp")
    let other = try ProfileFile(name: "own", text: vague).profile()
    #expect(try await readings(of: text, profiles: [other]).map(\.kinds) == [[]])
  }

  @Test("a school's own profile goes before a built-in of its name")
  func override() async throws {
    let bytes = try #require(Profile.sources.first { $0.name == "card-ledger" }?.bytes)
    let own = String(decoding: bytes, as: UTF8.self).replacing("充值: {", with: "圈存: {")
    let folder = try StatementFolder()
    try folder.write(Sheet.utf8(own), "ledger.yml")
    var options = Intake.Options()
    options.profileFolder = folder.path
    let text = Sheet.ledger([500]).replacing("充值", with: "圈存")
    let read = try await intake([("ledger.csv", Sheet.utf8(text))], options)
    #expect(read.entries.kind == [.credit])
    let before = try await intake([("ledger.csv", Sheet.utf8(text))])
    #expect(before.entries.kind == [.held])
    #expect(try before.fault(.unknownStatus, in: "ledger.csv").line == 2)
  }
}

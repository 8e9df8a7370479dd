import Columns
import Payments
import Testing

@testable import Statements

private let sound = """
  name: tried
  title: { zh: 试, en: Tried }
  side: channel
  channel: bank
  separator: ","
  quoting: rfc4180
  signature: [时间, 类型, 金额]
  columns:
    time: [时间]
    serial: [流水]
  required: [time]
  amounts: { 金额: 2 }
  kinds:
    column: [类型]
    values: { 收: { is: payment, amount: [金额] } }
  topUpWords: { columns: [类型], words: [收] }
  trailer: { header: 总数, totals: [{ name: 总额, sum: 金额 }] }
  """

private func problem(_ text: String) -> Wording? {
  do throws(StatementError) {
    _ = try ProfileFile(name: "tried.yaml", text: text).profile()
    return nil
  } catch {
    return error.wording
  }
}

@Suite("Misused profiles") struct ProfileMisuseTests {
  @Test("every built-in profile parses under its own name", arguments: Profile.sources.map(\.name))
  func builtIn(_ name: String) throws {
    let source = try #require(Profile.sources.first { $0.name == name })
    let profile = try ProfileFile(
      name: name, text: String(decoding: source.bytes, as: UTF8.self)
    ).profile()
    #expect(profile.name == name)
    #expect(!profile.title.zh.isEmpty && !profile.title.en.isEmpty)
    #expect(
      try StatementFormat.builtIn().contains { $0.name == name } == (profile.view != .summary))
  }

  @Test("a profile's own header alone is a statement of it", arguments: Profile.sources.map(\.name))
  func headers(_ name: String) async throws {
    let profile = try #require(try Profile.builtIn().first { $0.name == name })
    guard profile.fixed == nil, profile.xml == nil, profile.view != .summary else { return }
    let names = profile.knownHeaders.sorted()
    let separator = profile.separator ?? ","
    let text = names.joined(separator: separator) + "\n"
    let reading = try #require(try await readings(of: text, profiles: [profile]).first)
    #expect(reading.statement.format == name)
    let faults: [FaultKind] =
      profile.trailer?.header != nil || profile.trailer?.endMark != nil ? [.statementTruncated] : []
    #expect(reading.kinds == faults)
  }

  @Test("the profile the others are made of is sound")
  func sane() { #expect(problem(sound) == nil) }

  @Test(
    "a misuse is refused in words that name it",
    arguments: [
      ("side: channel", "side: bank", "side"), ("channel: bank", "channel: wechatt", "wechatt"),
      ("name: tried", "name: \"\"", "name"), ("name: tried", "colour: red", "colour"),
      ("title: { zh: 试, en: Tried }", "title: { zh: 试 }", "title.en"),
      ("title: { zh: 试, en: Tried }", "title: 试", "键: 值"),
      ("required: [time]", "required: [tim]", "tim"),
      ("required: [time]", "required: [moneyIn]", "direction"),
      ("required: [time]", "required: [time]\nrequiredMoney: true", "direction"),
      ("required: [time]", "required: time", "required"), ("required: [time]", "x: 1", "x"),
      ("time: [时间]", "tyme: [时间]", "tyme"), ("time: [时间]", "time: []", "columns.time"),
      ("time: [时间]", "time: [\"\"]", "columns.time"),
      (
        "  time: [时间]\n  serial: [流水]\nrequired: [time]", "  serial: [流水]\nrequired: [serial]",
        "time"
      ),
      ("amounts: { 金额: 2 }", "amounts: {}", "金额"),
      ("amounts: { 金额: 2 }", "amounts: { 金额: 9 }", "金额"),
      ("amounts: { 金额: 2 }", "amounts: { 金额: yuan }", "amounts.金额"),
      ("amounts: { 金额: 2 }", "amounts: { 金额: 2.5 }", "amounts.金额"),
      ("signature: [时间, 类型, 金额]", "signature: []", "signature"),
      ("signature: [时间, 类型, 金额]", "signature: [时间]\nsignatureGroups: [[]]", "signatureGroups"),
      ("separator: \",\"", "separator: \",,\"", ",,"),
      ("separator: \",\"", "separator: \"\"", "分隔符"),
      ("separator: \",\"", "separator: \"\\n\"", "换行"),
      ("separator: \",\"", "separator: '\"'", "引号"),
      ("separator: \",\"", "commentPrefix: \"##\"", "##"),
      ("quoting: rfc4180", "quoting: yes", "quoting"),
      ("quoting: rfc4180", "firstLine: \"\"", "firstLine"),
      ("quoting: rfc4180", "sign: none", "sign"),
      ("quoting: rfc4180", "view: book", "view"),
      ("quoting: rfc4180", "cutoff: 25:00", "cutoff"),
      ("quoting: rfc4180", "timeLength: 0", "timeLength"),
      ("quoting: rfc4180", "timeLength: ten", "timeLength"),
      ("quoting: rfc4180", "preamble: { merchnt: { after: a, until: b } }", "merchnt"),
      ("quoting: rfc4180", "preamble: { from: { after: a } }", "until"),
      ("quoting: rfc4180", "preamble: { from: { after: \"\", until: b } }", "preamble"),
      ("quoting: rfc4180", "channelWords: { wechatt: [微信] }", "wechatt"),
      ("quoting: rfc4180", "channelWords: { wechat: [] }", "channelWords.wechat"),
      ("quoting: rfc4180", "status: { column: [状态], success: [], unposted: [] }", "status.success"),
      (
        "quoting: rfc4180", "direction: { flag: { column: [借贷], moneyIn: [贷], moneyOut: [借] } }",
        "direction"
      ),
      ("quoting: rfc4180", "direction: { moneyOut: [金额] }", "direction"),
      ("quoting: rfc4180", "direction: { amount: [] }", "direction.amount"),
      ("quoting: rfc4180", "fixed: { width: 10, fields: { 时间: [1, 11] } }", "fixed"),
      ("quoting: rfc4180", "fixed: { width: 10, fields: { 时间: [0, 9] } }", "fixed"),
      ("quoting: rfc4180", "fixed: { width: 10, fields: { 时间: [3] } }", "fixed"),
      ("quoting: rfc4180", "fixed: { width: -1, fields: {} }", "fixed"),
      (
        "quoting: rfc4180", "fixed: { width: 9, terminator: \"\", fields: { 时间: [1, 9] } }",
        "terminator"
      ),
      ("quoting: rfc4180", "xml: { root: \"\", record: a }", "xml.root"),
      ("quoting: rfc4180", "view: accounts", "status"),
      ("side: channel", "side: ledger", "payment"),
      ("is: payment", "is: credit", "credit"), ("is: payment", "is: paid", "is"),
      ("amount: [金额] }", "amount: [] }", "amount"), ("amount: [金额] }", "amount: [数额] }", "数额"),
      ("column: [类型]", "column: []", "kinds.column"),
      ("values: { 收: { is: payment, amount: [金额] } }", "values: {}", "kinds.values"),
      ("words: [收]", "words: []", "topUpWords.words"),
      ("{ columns: [类型], words", "{ columns: [], words", "topUpWords.columns"),
      ("{ header: 总数,", "{", "header"), ("{ header: 总数,", "{ header: \"\",", "trailer.header"),
      ("{ header: 总数,", "{ header: 总数, endMark: 完,", "endMark"),
      ("{ name: 总额, sum: 金额 }", "{ name: 总额 }", "总额"),
      ("{ name: 总额, sum: 金额 }", "{ name: 总额, sum: 金额, count: all }", "总额"),
      ("{ name: 总额, sum: 金额 }", "{ name: 总额, sum: 手续费 }", "手续费"),
      ("{ name: 总额, sum: 金额 }", "{ name: 总额, count: every }", "count"),
      ("{ name: 总额, sum: 金额 }", "{ name: 总额, sum: 金额, prefix: a }", "prefix"),
      (
        "trailer: { header: 总数, totals: [{ name: 总额, sum: 金额 }] }", "trailer: { starts: [\"\"] }",
        "trailer.starts"
      ),
      (
        "trailer: { header: 总数, totals: [{ name: 总额, sum: 金额 }] }", "trailer: { endMark: \"\" }",
        "trailer.endMark"
      ),
      ("name: tried", "name: tried\nname: again", "YAML"),
      ("side: channel", "side: [channel", "YAML"),
      ("name: tried", "- name: tried", "YAML"),
    ])
  func misuses(_ good: String, _ bad: String, _ word: String) throws {
    try #require(sound.contains(good))
    let text = sound.replacing(good, with: bad)
    let wording = try #require(problem(text), "\(bad) is taken")
    #expect(wording.zh.contains(word) && wording.zh.contains("tried.yaml"), "\(wording.zh)")
    #expect(!wording.en.isEmpty && wording.en.contains("tried.yaml"))
  }

  @Test(
    "a text that is no profile at all is refused",
    arguments: ["", "# nothing", "[]", "42", "\u{0}"])
  func nothing(_ text: String) {
    #expect(problem(text) != nil)
  }

  @Test("an unknown key is shown with its place and the known ones")
  func places() throws {
    let wording = try #require(problem(sound.replacing("words: [收]", with: "wrods: [收]")))
    #expect(wording.zh.contains("tried.yaml:16:") && wording.zh.contains("words"))
    #expect(wording.en.contains("unknown key `wrods`"))
  }

  @Test("a file without the column of the time is rejected row by row, not crashed over")
  func withoutColumns() async throws {
    let text = sound.replacing("required: [time]", with: "required: [serial]")
      .replacing("signature: [时间, 类型, 金额]", with: "signature: [流水, 类型, 金额]")
    let profile = try ProfileFile(name: "tried", text: text).profile()
    let file = "流水,类型,金额\nS1,收,5.00\n总数,总额\n1,5.00\n"
    let reading = try #require(try await readings(of: file, profiles: [profile]).first)
    #expect(reading.kinds == [.rowRejected] && reading.rejections.first?.line == 2)
    #expect(reading.table.kind == [.held] && reading.isConserved)
  }

  @Test("a school's own profile goes before the built-in one of its name")
  func ownFolder() async throws {
    try await withTemporaryFolder { folder in
      try write(sound.replacing("name: tried", with: "name: ccb-corporate"), to: folder + "/a.yaml")
      try write("not a profile", to: folder + "/notes.txt")
      var options = Intake.Options()
      options.profileFolder = folder
      let known = try Profile.known(options)
      #expect(known.first?.name == "ccb-corporate" && known.first?.title.en == "Tried")
      #expect(known.filter { $0.name == "ccb-corporate" }.count == 1)
      #expect(known.count == Profile.sources.count)
      options.onlyProfile = folder + "/a.yaml"
      #expect(try Profile.known(options).map(\.name) == ["ccb-corporate"])
      try write([0xFF, 0xFE, 0x00], to: folder + "/b.yaml")
      #expect(throws: StatementError.self) { try Profile.known(Intake.Options(folder: folder)) }
      #expect(throws: StatementError.self) {
        try Profile.known(Intake.Options(folder: folder + "/none"))
      }
    }
  }
}

extension Intake.Options {
  fileprivate init(folder: String) {
    self.init()
    profileFolder = folder
  }
}

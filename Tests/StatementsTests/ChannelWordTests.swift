import Columns
import Payments
import Testing

@testable import Statements

@Suite("What the ledger calls a channel") struct ChannelWordTests {
  private let bill = wechatText(
    [wechatRow("4200001", order: "O1"), wechatRow("4200002", order: "O2")], count: "2",
    total: "100.00")

  /// The ledger's rows, put beside a bill that has the orders O1 and O2.
  private func read(
    _ rows: [String], words: SchoolWords = SchoolWords(), bill: String? = nil
  ) async throws -> Intake {
    var options = Intake.Options()
    options.words = words
    let reader = StatementReader(profiles: builtInProfiles, options: options)
    let texts = [ledgerText(rows), bill ?? self.bill]
    let readings = try await reader.read(
      texts.map { StatementFile(path: "f.csv", bytes: Array($0.utf8)) },
      names: ["ledger.csv", "wechat.csv"])
    return Intake(readings, options: options)
  }

  private func row(_ own: String, _ word: String, order: String = "", kind: String = "充值") -> String
  {
    ledgerRow(own, order: order, kind: kind).replacing("微信", with: word)
  }

  private func entries(_ intake: Intake) -> [Entry] {
    (0..<intake.entries.count).map { intake.entries[$0] }
      .filter { intake.statements[Int($0.statement)].statement.side == .ledger }
      .sorted { $0.line < $1.line }
  }

  @Test("a word nobody knows is what the bill with the row's order says")
  func told() async throws {
    let intake = try await read([
      row("L1", "掌上校园", order: "O1"), row("L2", "人工", order: "O2", kind: "补录"),
    ])
    let found = entries(intake)
    #expect(found.map(\.kind) == [.credit, .manualCredit])
    #expect(found.map(\.channel) == [.wechat, .wechat])
    #expect(found.allSatisfy { $0.rule == .notTopUp })
    #expect(intake.statements.allSatisfy { $0.statement.faults.isEmpty })
  }

  @Test("a serial tells it too")
  func serial() async throws {
    let told = row("L1", "掌上校园").replacing("掌上校园,,,", with: "掌上校园,,4200001,")
    #expect(entries(try await read([told])).map(\.channel) == [.wechat])
  }

  @Test("one that no bill knows is held, with its line, its word and what to do")
  func held() async throws {
    let intake = try await read([row("L1", "掌上校园", order: "O9"), ledgerRow("L2", order: "O2")])
    #expect(entries(intake).map(\.kind) == [.held, .credit])
    let statement = try #require(intake.statements.first { $0.statement.side == .ledger }).statement
    let fault = try #require(statement.faults.first)
    #expect(fault.kind == .unknownStatus && fault.line == 2 && fault.column == "渠道")
    #expect(fault.detail.zh.contains("掌上校园") && fault.detail.en.contains("sources.<channel>.words"))
    #expect(statement.holes.map(\.fen) == [5_000])
    #expect(intake.rejections.map(\.line) == [2])
  }

  @Test("what is paid at a counter no statement tells", arguments: ["现金", "一卡通中心窗口", "人工"])
  func counter(word: String) async throws {
    let intake = try await read([row("L1", word)])
    #expect(entries(intake).map(\.kind) == [.excluded])
    #expect(entries(intake).map(\.rule) == [.unreconciledChannel])
    #expect(intake.statements.allSatisfy { $0.statement.faults.isEmpty })
  }

  @Test("a reversal goes with the credit it takes back")
  func reversal() async throws {
    func reversal(of own: String) -> String {
      row("R" + own, "掌上校园", kind: "冲正").replacing("掌上校园,,,", with: "掌上校园,,,\(own)")
    }
    let intake = try await read([
      row("L1", "掌上校园", order: "O1"), reversal(of: "L1"), row("L2", "现金"), reversal(of: "L2"),
      reversal(of: "L7"),
    ])
    #expect(entries(intake).map(\.kind) == [.credit, .reversal, .excluded, .excluded, .held])
    #expect(entries(intake)[1].channel == .wechat)
  }

  @Test("the school may say what its words mean")
  func configured() async throws {
    var words = SchoolWords()
    words.channels = [.wechat: ["掌上校园"]]
    words.unreconciled = ["补贴机"]
    let intake = try await read([row("L1", "掌上校园APP"), row("L2", "补贴机3号")], words: words)
    #expect(entries(intake).map(\.kind) == [.credit, .excluded])
    #expect(entries(intake).map(\.channel)[0] == .wechat)
    #expect(intake.statements.allSatisfy { $0.statement.faults.isEmpty })
  }

  @Test("of many rows that nobody knows one hole is left, and all are held")
  func many() async throws {
    let rows = (0..<1_200).map { row("L\($0)", "掌上校园", order: "X\($0)") }
    let intake = try await read(rows)
    #expect(entries(intake).allSatisfy { $0.kind == .held })
    let statement = try #require(intake.statements.first { $0.statement.side == .ledger }).statement
    #expect(statement.holes.count == 1)
    #expect(statement.faults.count == 20)
  }

  @Test("rows without the school's words of top-ups are other business")
  func topUps() async throws {
    var words = SchoolWords()
    words.topUps = [.wechat: ["校园卡充值"]]
    let bill = wechatText(
      [
        wechatRow("4200001", order: "O1"),
        wechatRow("4200002", order: "O2").replacing("校园卡充值", with: "图书馆打印"),
      ], count: "2", total: "100.00")
    let intake = try await read([ledgerRow("L1", order: "O1")], words: words, bill: bill)
    let rows = (0..<intake.entries.count).map { intake.entries[$0] }.filter { $0.kind == .payment }
    #expect(rows.map(\.rule) == [.notTopUp, .otherBusiness])
    #expect(rows.map { $0.student == 0 } == [false, true])
  }
}

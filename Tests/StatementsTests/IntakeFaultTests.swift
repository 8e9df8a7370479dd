import Payments
import Testing

@testable import Statements

/// What files do wrong beside each other.
@Suite("Faults of files beside each other") struct IntakeFaultTests {
  /// Reads texts under names, as one run.
  private func intake(
    _ files: [(name: String, text: String)],
    _ change: (inout Intake.Options) -> Void = { _ in }
  ) async throws -> Intake {
    var options = Intake.Options()
    change(&options)
    var found: [Reading] = []
    for (name, text) in files { found += try await readings(of: text, as: name) }
    return Intake(found, options: options)
  }

  private func kinds(_ intake: Intake, _ file: String) -> [FaultKind] {
    intake.allStatements.filter { $0.file == file }.flatMap { $0.faults.map(\.kind) }
  }

  private func missing(_ intake: Intake) -> [String] {
    intake.allStatements.filter { $0.faults.contains { $0.kind == .statementMissing } }.map {
      "\($0.side == .ledger ? "ledger" : $0.channel.name) \($0.from?.description ?? "")"
    }
  }

  private func wechat(_ day: Int, serial: String? = nil) -> String {
    let row = wechatRow(
      serial ?? "4200\(day)", order: "CR\(day)", time: "2026-11-0\(day) 08:00:00")
    return wechatText([row], count: "1", total: "50.00")
  }

  private func ledger(_ day: Int) -> String {
    ledgerText([ledgerRow("R\(day)", order: "CR\(day)", time: "2026-11-0\(day) 08:00:05")])
  }

  @Test("a channel the ledger names and nobody speaks for is missing, with its day")
  func missingChannel() async throws {
    let found = try await intake([("ledger.csv", ledger(2))])
    #expect(missing(found) == ["wechat 2026-11-02"])
    let expected = try await intake([("ledger.csv", ledger(2)), ("w.csv", wechat(2))]) {
      $0.expected = [.alipay]
    }
    #expect(missing(expected) == ["alipay 2026-11-02"])
    let statement = try #require(expected.allStatements.first { $0.file.isEmpty })
    #expect(!statement.covers && statement.faults[0].detail.zh.contains("2026-11-02"))
  }

  @Test("of two days without one ledger, the ledger is missing and the bills stay good")
  func missingLedger() async throws {
    for (day, other) in [(3, 2), (2, 3)] {
      let found = try await intake([
        ("l.csv", ledger(other)), ("w2.csv", wechat(2)), ("w3.csv", wechat(3)),
      ])
      #expect(missing(found) == ["ledger 2026-11-0\(day)"])
      #expect(kinds(found, "w2.csv") == [] && kinds(found, "w3.csv") == [])
      #expect(found.days?.lowerBound == BusinessDay("2026-11-02"))
      #expect(found.days?.upperBound == BusinessDay("2026-11-03"))
    }
  }

  @Test("the ledger between two others is missing by name")
  func missingMiddle() async throws {
    let found = try await intake([
      ("l2.csv", ledger(2)), ("l4.csv", ledger(4)), ("w2.csv", wechat(2)), ("w3.csv", wechat(3)),
      ("w4.csv", wechat(4)),
    ])
    #expect(missing(found) == ["ledger 2026-11-03"])
  }

  @Test("a bill in another's place is of the wrong day, and that day is missing")
  func wrongDay() async throws {
    let single = try await intake([("l2.csv", ledger(2)), ("w1.csv", wechat(1))])
    #expect(kinds(single, "w1.csv") == [.wrongDay])
    #expect(missing(single) == ["wechat 2026-11-02"])
    let double = try await intake([
      ("l2.csv", ledger(2)), ("l3.csv", ledger(3)), ("w2.csv", wechat(2)), ("w1.csv", wechat(1)),
    ])
    #expect(kinds(double, "w1.csv") == [.wrongDay])
    #expect(missing(double) == ["wechat 2026-11-03"])
    let far = try await intake([
      ("l2.csv", ledger(2)), ("w2.csv", wechat(2)), ("w9.csv", wechat(9)),
    ])
    #expect(kinds(far, "w9.csv") == [.wrongDay], "not a neighbouring day")
  }

  @Test("days that were told are kept, whatever the files say")
  func toldDays() async throws {
    let day = try #require(BusinessDay("2026-11-02"))
    let files = [("l2.csv", ledger(2)), ("w2.csv", wechat(2)), ("w3.csv", wechat(3))]
    let found = try await intake(files) { $0.days = day...day }
    #expect(kinds(found, "w3.csv") == [.wrongDay])
    #expect(found.days == day...day)
  }

  @Test("the same bytes twice count once")
  func duplicates() async throws {
    let found = try await intake([
      ("l.csv", ledger(2)), ("w(1).csv", wechat(2)), ("w.csv", wechat(2)),
    ])
    let held = found.allStatements.filter { $0.faults.contains { $0.kind == .statementDuplicate } }
    #expect(held.map(\.file) == ["w.csv"])
    #expect(held.first?.faults.first?.detail.zh.contains("w(1).csv") == true)
    #expect(found.statements.map(\.repeated).reduce(Tally(), +).rows == 1)
    #expect(found.entries.count == 2)
  }

  @Test("of two issues of a day the one that holds every row counts")
  func reissues() async throws {
    let rows = (1...4).map { wechatRow("4200\($0)", order: "CR\($0)") }
    let first = wechatText(Array(rows.dropLast()), count: "3", total: "150.00")
    let later = wechatText(rows, count: "4", total: "200.00")
    let found = try await intake([("l.csv", ledger(2)), ("w.csv", first), ("w2.csv", later)])
    #expect(kinds(found, "w.csv") == [.statementReissued])
    #expect(kinds(found, "w2.csv") == [.statementReissued])
    let states = Dictionary(uniqueKeysWithValues: found.allStatements.map { ($0.file, $0.isHeld) })
    #expect(states["w.csv"] == true && states["w2.csv"] == false)
    let detail = try #require(
      found.allStatements.first { $0.file == "w2.csv" }?.faults.first?.detail)
    #expect(detail.zh.contains("3 行") && detail.zh.contains("1 行"))
    let changed = [rows[0], rows[1], wechatRow("42009", order: "CR9")]
    let other = wechatText(changed, count: "3", total: "150.00")
    let both = try await intake([("l.csv", ledger(2)), ("w.csv", first), ("w2.csv", other)])
    #expect(both.allStatements.filter(\.isHeld).map(\.file).sorted() == ["w.csv", "w2.csv"])
  }

  @Test("another school's merchant number is named beside the expected one")
  func merchants() async throws {
    let files = [("l.csv", ledger(2)), ("w.csv", wechat(2))]
    let found = try await intake(files) { $0.merchants = [.wechat: ["1600000000"]] }
    #expect(kinds(found, "w.csv") == [.wrongAccountStatement])
    let detail = found.allStatements.flatMap(\.faults).first?.detail.zh ?? ""
    #expect(detail.contains("1601959334") && detail.contains("1600000000"))
    let good = try await intake(files) { $0.merchants = [.wechat: ["1", "1601959334"]] }
    #expect(kinds(good, "w.csv") == [])
  }

  @Test(
    "a day must open with what the day before closed with",
    arguments: [("150.00", true), ("160.00", false)])
  func openings(_ opening: String, _ isGood: Bool) async throws {
    let first = camtStatement(camtEntry("B1"), closing: "150.00")
    let entry = camtEntry("B2", time: "2026-11-03T08:00:00+08:00")
    let closing = isGood ? "200.00" : "210.00"
    let second = camtStatement(entry, opening: opening, closing: closing, day: "2026-11-03")
    let found = try await intake([("b2.xml", first), ("b3.xml", second)])
    #expect(kinds(found, "b2.xml") == [])
    #expect(kinds(found, "b3.xml") == (isGood ? [] : [.openingBalanceMismatch]))
    guard !isGood else { return }
    let detail = found.allStatements.flatMap(\.faults).first?.detail.zh ?? ""
    #expect(detail.contains("160.00") && detail.contains("150.00") && detail.contains("b2.xml"))
  }

  @Test("every rejected row is among the rejections, whichever statement is held")
  func rejections() async throws {
    let rows = [ledgerRow("R1", order: "CR1", time: "2026-11-02"), ledgerRow("R2", amount: "x")]
    let found = try await intake([("l.csv", ledgerText(rows)), ("w.csv", wechat(2))])
    #expect(kinds(found, "l.csv") == [.rowRejected])
    #expect(found.rejections.map(\.line) == [2, 3])
    #expect(found.rejections.map(\.file) == ["l.csv", "l.csv"])
  }
}

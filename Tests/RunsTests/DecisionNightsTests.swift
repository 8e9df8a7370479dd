import Foundation
import History
import Payments
import Reports
import Testing

@testable import Runs

/// What people did about cases, in the reports that are made afterwards.
@Suite("Decisions over nights")
struct DecisionNightsTests {
  private static let configuration = """
    sources: {wechat: {files: "wechat_{yyyy-MM-dd}.csv"}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  /// A bill of four top-ups, and of a refund of one of another day.
  private func bill(_ day: TinyDay, refund: (day: TinyDay, number: Int, fen: Int)? = nil) -> String
  {
    let plain = day.wechat("1609354271", 0..<4)
    guard let refund else { return plain }
    let yuan = "\(refund.fen / 100).00"
    let row =
      "`\(day.day) 10:00:00,`wx8f3a61c20b7d4e95,`1609354271,`0,`,`\(refund.day.serial(refund.number)),"
      + "`\(refund.day.order(refund.number)),`oH1,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50300\(day.day),"
      + "`R\(day.day),`\(yuan),`0.00,`ORIGINAL,`SUCCESS,`校园卡充值,`学号2024000001,`0.00000,`0.00%,`0.00,"
      + "`\(yuan),`\n"
    return plain.replacing("总交易单数", with: row + "总交易单数")
      .replacing(
        "`4,`200.00,`0.00,`0.00,`0.00000,`200.00,`0.00",
        with: "`5,`200.00,`\(yuan),`0.00,`0.00000,`200.00,`\(yuan)")
  }

  /// Delivers a day of November whose second top-up may lack its credit.
  private func deliver(
    _ school: TinySchool, _ number: Int, lacks: Bool = false,
    refund: (day: TinyDay, number: Int, fen: Int)? = nil, ledger: String? = nil
  ) throws {
    let day = TinyDay(day: "2026-11-\(number < 10 ? "0" : "")\(number)")
    try school.deliver(bill(day, refund: refund), as: "wechat_\(day.day).csv")
    try school.deliver(
      ledger ?? day.ledger(lacks ? [0, 2, 3] : [0, 1, 2, 3]), as: "ledger_\(day.day).csv")
  }

  private func run(_ school: TinySchool, _ number: Int) async throws -> NightsResult {
    let day = try #require(BusinessDay("2026-11-\(number < 10 ? "0" : "")\(number)"))
    return try await Nights(try school.nights()).run(day...day)
  }

  /// Records a decision of the third of December.
  @discardableResult
  private func decide(
    _ school: TinySchool, _ id: String, _ outcome: Decision.Outcome, part: Int64? = nil,
    on day: String? = nil, hour: Int64 = 9
  ) throws -> Decision {
    var decision = Decision(
      anomaly: id, outcome: outcome, who: "王会计", note: outcome == .note ? "问过本人" : nil,
      document: outcome.movesMoney ? "2026-1107" : nil, day: day.flatMap { BusinessDay($0) },
      time: Timestamp(seconds: BusinessDay(number: 20_790).start.seconds + hour * 3_600))
    decision.amountFen = part
    try school.nights().store.record([decision])
    return decision
  }

  private func json(_ school: TinySchool, _ number: Int) throws -> [UInt8] {
    let path = school.folder + "/reports/2026-11-\(number)/report.json"
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func republish(
    _ school: TinySchool, _ number: Int, asOf: Int64? = nil
  ) async throws -> DayReport {
    var run = try school.nights()
    run.decidedUpTo = asOf
    return try await run.republish(try #require(BusinessDay("2026-11-\(number)")))
  }

  @Test("What was refunded last night is nobody's to refund this morning; as of then it was")
  func resolved() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    try deliver(school, 16, lacks: true)
    let first = try await run(school, 16)
    #expect(first.verdict == .unbalanced && first.report.decidedUpTo == DecisionMark())
    let before = try json(school, 16)
    let id = try #require(first.report.anomalies.first).id
    let decision = try decide(school, id, .refunded)
    // The same day again, as a rerun and from the archive.
    let again = try await run(school, 16)
    #expect(again.verdict == .balanced)
    #expect(again.report.anomalies.map(\.status) == [.resolved])
    #expect(again.report.decidedUpTo == DecisionMark(number: 1, time: decision.time))
    let mail = MailReport.render(again.report, folder: "x")
    #expect(!mail.contains(id) && mail.contains("处理情况截至第 1 号登记（\(decision.time)）"))
    let after = try json(school, 16)
    #expect(after != before)
    #expect(try await republish(school, 16).anomalies.map(\.status) == [.resolved])
    #expect(try json(school, 16) == after)
    // As of before it is what it was, byte for byte.
    #expect(try await republish(school, 16, asOf: 0).verdict == .unbalanced)
    #expect(try json(school, 16) == before)
    #expect(try await republish(school, 16, asOf: 1).verdict == .balanced)
    #expect(try json(school, 16) == after)
    // Nor does it stand in the report of the next day.
    try deliver(school, 17)
    let next = try await run(school, 17)
    #expect(next.verdict == .balanced && next.report.anomalies == [])
    try await school.verify()
  }

  @Test("A decision about another night's case makes no new run of this one")
  func others() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    try deliver(school, 16, lacks: true)
    try deliver(school, 17, lacks: true)
    let first = try await run(school, 16)
    let second = try await run(school, 17)
    let id = try #require(
      second.report.anomalies.first { $0.firstSeen.description == "2026-11-17" }
    ).id
    #expect(first.report.anomalies.count == 1 && second.report.anomalies.count == 2)
    try decide(school, id, .notAnError)
    let runs = try school.nights().store.runCount()
    _ = try await run(school, 16)
    #expect(try school.nights().store.runCount() == runs)
    let again = try await run(school, 17)
    #expect(
      again.report.anomalies.map(\.status).sorted { $0.rawValue < $1.rawValue } == [
        .open, .resolved,
      ])
    #expect(again.verdict == .unbalanced)
    try await school.verify()
  }

  @Test("Whoever is at it, or waited for, or has done a part, has it still before him")
  func inProgress() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    try deliver(school, 16, lacks: true)
    let id = try #require(try await run(school, 16).report.anomalies.first).id
    try decide(school, id, .inProgress)
    #expect(try await run(school, 16).report.anomalies.map { $0.statusWords(.zh) } == ["跟进中（王会计）"])
    try decide(school, id, .note)
    try decide(school, id, .awaitingPerson)
    let waiting = try await run(school, 16)
    #expect(waiting.report.anomalies.map { $0.statusWords(.zh) } == ["待本人"])
    #expect(waiting.verdict == .unbalanced)
    #expect(
      waiting.report.anomalies[0].progress.decisions.map(\.outcome.rawValue) == [
        "in-progress", "note", "awaiting-person",
      ])
    try decide(school, id, .refunded, part: 2_000)
    let part = try await run(school, 16)
    #expect(part.verdict == .unbalanced && part.report.anomalies[0].leftFen == 3_000)
    #expect(part.report.anomalies[0].statusWords(.zh).contains("尚余 ¥30.00"))
    #expect(throws: HistoryError.self) { try decide(school, id, .credited, part: 3_001) }
    try decide(school, id, .credited, part: 3_000)
    #expect(try await run(school, 16).verdict == .balanced)
    try await school.verify()
  }

  @Test(
    "The same rows in another issue leave it resolved; other evidence, or another amount, reopens it"
  )
  func reopened() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try deliver(school, 16, lacks: true)
    let id = try #require(try await run(school, 16).report.anomalies.first).id
    try decide(school, id, .refunded)
    // Issued again with a row that is another's business.
    let ledger = day.ledger([0, 2, 3])
    try deliver(school, 16, ledger: ledger + day.spending(at: "12:00:00"))
    #expect(try await run(school, 16).report.anomalies.map(\.status) == [.resolved])
    // The card system tells that it tried: the evidence has changed.
    let tried =
      "YKT1,2026-11-16 08:15:20,充值,50.00,失败,800000000001,2024000001,王同学,微信,\(day.order(1)),,,,\n"
    try deliver(school, 16, ledger: ledger + tried)
    let changed = try await run(school, 16)
    #expect(changed.report.anomalies.map(\.status) == [.reopened])
    #expect(changed.report.anomalies.map(\.progress.change) == [.evidence])
    #expect(changed.verdict == .unbalanced)
    try decide(school, id, .refunded)
    #expect(try await run(school, 16).verdict == .balanced)
    // Given back in part: what is left is another amount.
    try deliver(school, 16, refund: (day, 1, 2_000), ledger: ledger + tried)
    let less = try await run(school, 16)
    #expect(less.report.anomalies.map(\.amountFen) == [3_000])
    #expect(less.report.anomalies.map(\.progress.change) == [.amount])
    // The credit was there all along: nothing is left of the case, and the register says so.
    try deliver(school, 16)
    #expect(try await run(school, 16).report.anomalies == [])
    #expect(try school.nights().store.decisionsWithoutBasis().map(\.0.anomaly) == [id])
    try await school.verify()
  }

  @Test(
    "A refund that no bill shows in five days is asked about; one that shows is settled",
    arguments: [true, false])
  func unconfirmed(shows: Bool) async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-10")
    try deliver(school, 10, lacks: true)
    let id = try #require(try await run(school, 10).report.anomalies.first).id
    try decide(school, id, .refunded, on: "2026-11-11")
    for number in 11...15 {
      try deliver(school, number, refund: shows && number == 13 ? (day, 1, 5_000) : nil)
      let night = try await run(school, number)
      #expect(night.verdict == .balanced, "\(number)")
      let settled = shows && number == 13
      #expect(night.report.anomalies.map(\.status) == (settled ? [.closed] : []))
    }
    try deliver(school, 16)
    let asked = try await run(school, 16)
    #expect(asked.report.anomalies.map(\.kind) == (shows ? [] : [.resolvedUnconfirmed]))
    #expect(asked.verdict == (shows ? .balanced : .unbalanced))
    guard !shows else { return try await school.verify() }
    let question = try #require(asked.report.anomalies.first)
    #expect(question.amountFen == 5_000 && question.owedTo == .unknown)
    #expect(question.channelSerial == day.serial(1))
    // It is asked again until the bill shows it, or a person answers.
    try deliver(school, 17)
    #expect(
      try await run(school, 17).report.anomalies.map(\.firstSeen.description) == ["2026-11-16"])
    try deliver(school, 18, refund: (day, 1, 5_000))
    let late = try await run(school, 18)
    #expect(
      late.report.anomalies.allSatisfy { $0.status == .closed } && late.report.anomalies.count == 2)
    try deliver(school, 19)
    #expect(try await run(school, 19).verdict == .balanced)
    try await school.verify()
  }

  @Test(
    "Who answers for a refund that was not seen is asked no more; without the bills nobody is asked"
  )
  func answered() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    try deliver(school, 10, lacks: true)
    let id = try #require(try await run(school, 10).report.anomalies.first).id
    try decide(school, id, .refunded, on: "2026-11-11")
    for number in 11...16 where number != 13 {
      try deliver(school, number)
      #expect(try await run(school, number).report.anomalies == [], "\(number)")
    }
    // The bill of the thirteenth comes late.
    try deliver(school, 13)
    try deliver(school, 17)
    let asked = try await run(school, 17)
    #expect(asked.report.anomalies.map(\.kind) == [.resolvedUnconfirmed])
    let question = try #require(asked.report.anomalies.first).id
    try decide(school, question, .notAnError)
    // It was asked on the sixteenth, whose report was made again with the bill.
    let answered = try await run(school, 17)
    #expect(answered.report.anomalies == [] && answered.verdict == .balanced)
    try deliver(school, 18)
    let next = try await run(school, 18)
    #expect(next.report.anomalies == [] && next.verdict == .balanced)
    try await school.verify()
  }

  @Test("A part given back is looked for too; the bill that shows it leaves the rest as it was")
  func partOfRefund() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-10")
    try deliver(school, 10, lacks: true)
    let id = try #require(try await run(school, 10).report.anomalies.first).id
    try decide(school, id, .refunded, part: 2_000, on: "2026-11-11")
    try decide(school, id, .credited, part: 3_000)
    for number in 11...16 {
      try deliver(school, number)
      let night = try await run(school, number)
      #expect(night.report.anomalies.map(\.amountFen) == (number == 16 ? [2_000] : []))
    }
    try deliver(school, 17, refund: (day, 1, 2_000))
    let seen = try await run(school, 17)
    #expect(seen.verdict == .balanced)
    #expect(
      seen.report.anomalies.map { "\($0.kind.rawValue) \($0.status)" }.sorted() == [
        "debited-not-credited resolved", "resolved-unconfirmed closed",
      ])
    let register = try school.nights().store.decisions().map {
      CaseDecision($0.decision, number: 1)
    }
    #expect(register.map(\.amountFen) == [2_000, 3_000])
    try deliver(school, 18)
    #expect(try await run(school, 18).report.anomalies == [])
    try await school.verify()
  }

  @Test("A question about a refund ends when the case is reopened, and asks nothing about itself")
  func questionOfReopened() async throws {
    let school = try TinySchool(Self.configuration)
    defer { school.remove() }
    try deliver(school, 10, lacks: true)
    let id = try #require(try await run(school, 10).report.anomalies.first).id
    #expect(throws: HistoryError.self) { try decide(school, id, .refunded, on: "2026-11-09") }
    try decide(school, id, .refunded, on: "2026-11-11")
    for number in 11...16 {
      try deliver(school, number)
      _ = try await run(school, number)
    }
    #expect(try school.nights().store.openAnomalies().map(\.id) == ["ru-" + id])
    try decide(school, id, .reopened)
    try deliver(school, 17)
    let night = try await run(school, 17)
    #expect(
      night.report.anomalies.map { "\($0.id) \($0.status)" }.sorted() == [
        "\(id) reopened", "ru-\(id) closed",
      ])
    #expect(try school.nights().store.openAnomalies().map(\.id) == [id])
    try deliver(school, 18)
    #expect(try await run(school, 18).report.anomalies.map(\.id) == [id])
    #expect(throws: HistoryError.self) { try decide(school, "ru-" + id, .notAnError) }
    try decide(school, "ru-" + id, .note)
    // What was done before it was reopened counts for nothing, its day neither.
    try decide(school, id, .refunded, on: "2026-11-25")
    try decide(school, id, .reopened)
    try decide(school, id, .refunded, on: "2026-11-12")
    #expect(
      try school.nights().store.anomaly(id)?.progress.refundDay?.description == "2026-11-12")
    try await school.verify()
  }
}

import Foundation
import History
import Payments
import Testing

@testable import Runs

/// What people decide about nights and files, and what the nights become by it.
@Suite("Accepted, refused, withdrawn")
struct RulingTests {
  private func day(_ text: String) throws -> BusinessDay { try #require(BusinessDay(text)) }

  private func report(_ school: TinySchool, _ text: String) async throws -> DayReport {
    try await school.nights().judged(try day(text)).report
  }

  /// A day whose ledger ends at noon, and a whole day after it.
  private func doubted() async throws -> TinySchool {
    let school = try TinySchool(LateNightsTests.school)
    let (first, second) = (TinyDay(day: "2026-11-16"), TinyDay(day: "2026-11-17"))
    try school.deliver(first.wechat("1609354271", 0..<30), as: "wechat_a_2026-11-16.csv")
    try school.deliver(first.ledger(0..<16), as: "ledger_2026-11-16.csv")
    try school.deliver(second.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-17.csv")
    try school.deliver(second.ledger(0..<4), as: "ledger_2026-11-17.csv")
    #expect(try await school.run("2026-11-16").verdict == .incomplete)
    return school
  }

  @Test("A doubt is told every morning; once the end is accepted it is losses of their true age")
  func acceptDoubt() async throws {
    let school = try await doubted()
    defer { school.remove() }
    let nights = Nights(try school.nights())
    let next = try await nights.run(try day("2026-11-17")...day("2026-11-17"))
    #expect(next.report.verdict == .balanced && next.verdict == .incomplete)
    #expect(next.report.openNights.first?.isDoubted == true)
    let result = try await school.ruling().accept("ledger_2026-11-16.csv", on: nil, isUndone: false)
    #expect(result.changes.map(\.day.description) == ["2026-11-16", "2026-11-17"])
    let first = try await report(school, "2026-11-16")
    #expect(first.anomalies.count == 14 && first.pending.isEmpty && first.verdict == .unbalanced)
    #expect(first.anomalies.allSatisfy { $0.kind == .debitedNotCredited })
    #expect(first.decisions.map(\.act) == [.accept] && first.decisions.first?.who == "王会计")
    let second = try await report(school, "2026-11-17")
    #expect(second.anomalies.allSatisfy { $0.firstSeen.description == "2026-11-16" })
    #expect(second.openNights == [] && second.decisions.map(\.act) == [.accept])
    try await school.verify()
    // Taken back it is doubted again; accepted twice, or never doubted, it is refused.
    _ = try await school.ruling().accept("ledger_2026-11-16.csv", on: nil, isUndone: true)
    #expect(try await report(school, "2026-11-16").anomalies.isEmpty)
    await #expect(throws: HistoryError.self) {
      try await school.ruling().accept("ledger_2026-11-17.csv", on: nil, isUndone: false)
    }
    await #expect(throws: HistoryError.self) {
      try await school.ruling().accept("no-such-file.csv", on: nil, isUndone: false)
    }
    try await school.verify()
  }

  @Test("A longer issue makes an acceptance void: what leaned on it is gone")
  func longer() async throws {
    let school = try await doubted()
    defer { school.remove() }
    _ = try await school.ruling().accept("ledger_2026-11-16.csv", on: nil, isUndone: false)
    try school.deliver(TinyDay(day: "2026-11-16").ledger(0..<30), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(report.anomalies.filter { $0.status == .open } == [] && report.decisions == [])
    try await school.verify()
  }

  @Test("A day without a bill is accepted by its book, and settles what waited")
  func acceptMissing() async throws {
    let school = try TinySchool(LateNightsTests.school)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.ledger(0..<2), as: "ledger_2026-11-16.csv")
    #expect(try await school.run("2026-11-16").pending.count == 2)
    await #expect(throws: HistoryError.self) {
      try await school.ruling().acceptMissing(
        "alipay/both", on: try self.day("2026-11-16"), isUndone: false)
    }
    _ = try await school.ruling().acceptMissing(
      "wechat/both", on: try self.day("2026-11-16"), isUndone: false)
    let report = try await report(school, "2026-11-16")
    #expect(report.anomalies.map(\.kind) == [.creditedNotDebited, .creditedNotDebited])
    #expect(report.verdict == .unbalanced && report.decisions.map(\.act) == [.acceptMissing])
    // The days after it know it too.
    let next = TinyDay(day: "2026-11-17")
    try school.deliver(next.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-17.csv")
    try school.deliver(next.ledger(0..<4), as: "ledger_2026-11-17.csv")
    let second = try await school.run("2026-11-17")
    #expect(second.pending.isEmpty && second.anomalies.count == 2)
    try await school.verify()
    // When the bill comes after all it is taken, without anybody's doing.
    try school.deliver(day.wechat("1609354271", 0..<2), as: "wechat_a_2026-11-16.csv")
    let number = try self.day("2026-11-17")
    let late = try await Nights(try school.nights()).run(number...number)
    #expect(late.changes.first?.day.description == "2026-11-16")
    #expect(late.report.anomalies.filter { $0.status == .open } == [])
    try await school.verify()
  }

  @Test("A refused file is kept out, said, and comes back when that is undone")
  func refuse() async throws {
    let school = try TinySchool(LateNightsTests.school)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.wechat("1605550000", 8..<12), as: "wechat_test_2026-11-16.csv")
    try school.deliver(day.ledger(0..<4), as: "ledger_2026-11-16.csv")
    #expect(try await school.run("2026-11-16").anomalies.count == 4)
    _ = try await school.ruling().refuse("wechat_test_2026-11-16.csv", on: nil, isUndone: false)
    let refused = try await report(school, "2026-11-16")
    #expect(refused.verdict == .balanced && refused.decisions.map(\.act) == [.refuse])
    // It still lies in the folder.
    let number = try self.day("2026-11-16")
    let again = try await Nights(try school.nights()).run(number...number)
    #expect(again.report.verdict == .balanced)
    #expect(again.leftOut.map(\.files) == [["wechat_test_2026-11-16.csv"]])
    try await school.verify()
    _ = try await school.ruling().refuse("wechat_test_2026-11-16.csv", on: nil, isUndone: true)
    #expect(try await report(school, "2026-11-16").anomalies.count == 4)
    try await school.verify()
  }

  @Test(
    "A withdrawn day says by whom and why; what waited before it still waits; it can be run again")
  func withdraw() async throws {
    let school = try TinySchool(LateNightsTests.school)
    defer { school.remove() }
    for number in [15, 16, 17] {
      let day = TinyDay(day: "2026-11-\(number)")
      if number != 15 {
        try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_\(day.day).csv")
      }
      try school.deliver(day.ledger(0..<4), as: "ledger_\(day.day).csv")
      _ = try await school.run(day.day)
    }
    let number = try day("2026-11-16")
    let manifest = try school.nights().store.reports(of: number)["manifest.sha256"]
    let result = try await school.ruling().withdraw(number)
    #expect(result.changes.map(\.day.description) == ["2026-11-16", "2026-11-17"])
    let page = try await report(school, "2026-11-16")
    #expect(page.statements.isEmpty && page.decisions.map(\.act) == [.withdraw])
    #expect(page.decisions.first?.manifest == manifest && manifest != nil)
    let text = try String(
      contentsOfFile: try school.nights().folder(of: number).path + "/report.txt", encoding: .utf8)
    #expect(text.contains("王会计") && text.contains("查过系统") && text.contains(manifest ?? "-"))
    #expect(try await report(school, "2026-11-17").pending.count == 4)
    try await school.verify()
    // Nobody runs it by itself, a person does.
    #expect(try Nights(try school.nights()).late(before: try day("2026-11-18")) == [])
    await #expect(throws: HistoryError.self) { try await school.ruling().withdraw(number) }
    #expect(try await school.run("2026-11-16").statements.count == 2)
    #expect(try await report(school, "2026-11-16").statements.count == 2)
    try await school.verify()
  }

  @Test("A second person where the school asks for one")
  func review() async throws {
    let school = try TinySchool(LateNightsTests.school + "review: true\n")
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.ledger(0..<2), as: "ledger_2026-11-16.csv")
    _ = try await school.run("2026-11-16")
    let number = try self.day("2026-11-16")
    for reviewer in [nil, "王会计"] {
      await #expect(throws: HistoryError.self) {
        try await school.ruling(reviewer: reviewer).withdraw(number)
      }
    }
    #expect(try school.nights().store.everyNightDecision() == [])
    _ = try await school.ruling(reviewer: "李主任").withdraw(number)
    #expect(try school.nights().store.everyNightDecision().map(\.reviewer) == ["李主任"])
  }
}

extension RulingTests {
  @Test("What was decided about a case that is gone stays told")
  func basisGone() async throws {
    let school = try TinySchool(LateNightsTests.school)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.ledger(0..<3), as: "ledger_2026-11-16.csv")
    let found = try #require(try await school.run("2026-11-16").anomalies.first)
    let store = try school.nights().store
    try store.record([
      Decision(
        anomaly: found.id, outcome: .credited, who: "王会计", document: "1107",
        time: Timestamp(seconds: 1_795_000_000))
    ])
    #expect(try store.decisionsWithoutBasis().isEmpty)
    try school.deliver(day.ledger(0..<4), as: "ledger_2026-11-16.csv")
    #expect(try await school.run("2026-11-16").anomalies.allSatisfy { $0.status != .open })
    let gone = try store.decisionsWithoutBasis()
    #expect(gone.map(\.0.anomaly) == [found.id] && gone.first?.1?.amountFen == 5_000)
  }
}

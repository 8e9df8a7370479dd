import Foundation
import History
import Payments
import Statements
import Testing

@testable import Runs

/// Deliveries that look like others: the same bytes on another day, files without rows, damaged ones beside good
/// ones. What was decided about one says nothing of the next.
@Suite("Deliveries that look like others")
struct DeliveryFaultTests {
  private static let base = LateNightsTests.school

  private func day(_ text: String) throws -> BusinessDay { try #require(BusinessDay(text)) }

  private func kinds(_ report: DayReport) -> [AnomalyKind] {
    report.anomalies.filter { $0.status == .open }.map(\.kind)
  }

  private func faults(_ report: DayReport) -> [FaultKind] {
    report.statements.flatMap { $0.statement.faults.map(\.kind) }
  }

  @Test("An empty file that was accepted says nothing of the same bytes on another day")
  func acceptedEmpty() async throws {
    let school = try TinySchool(Self.base)
    defer { school.remove() }
    for number in [16, 17] {
      let day = TinyDay(day: "2026-11-\(number)")
      try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_\(day.day).csv")
      try school.deliver(day.ledger([]), as: "ledger_\(day.day).csv")
      let report = try await school.run(day.day)
      // The second has the bytes of the first, which its night reads for context.
      #expect(faults(report).contains(.statementEmpty), "\(faults(report))")
      #expect(kinds(report).count == (number == 16 ? 0 : 4))
      guard number == 16 else { continue }
      _ = try await school.ruling().accept("ledger_2026-11-16.csv", on: nil, isUndone: false)
    }
    try await school.verify()
  }

  @Test("A bill without rows, whose file tells no owner, covers its day for its channel")
  func rowless() async throws {
    for merchants in ["", #", merchants: ["1609354271"]"#] {
      let school = try TinySchool(
        """
        sources: {wechat: {files: "wechat_{yyyy-MM-dd}.csv"\(merchants)}}
        ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

        """)
      defer { school.remove() }
      for number in 15...17 {
        let day = TinyDay(day: "2026-11-\(number)")
        let bill = number == 16 ? 0..<0 : 0..<4
        try school.deliver(day.wechat("1609354271", bill), as: "wechat_\(day.day).csv")
        // The last credit of the seventeenth has no payment.
        try school.deliver(
          day.ledger(number == 16 ? 0..<0 : 0..<(number == 17 ? 5 : 4)),
          as: "ledger_\(day.day).csv")
        let report = try await school.run(day.day)
        #expect(report.pending.isEmpty, "\(merchants) \(day.day)")
        #expect(kinds(report) == (number == 17 ? [.creditedNotDebited] : []))
      }
      try await school.verify()
    }
  }

  @Test("A damaged re-delivery leaves the good file in use, and a refusal does too")
  func damaged() async throws {
    let school = try TinySchool(Self.base)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    let bill = day.wechat("1609354271", 0..<8)
    try school.deliver(bill, as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.ledger(0..<7), as: "ledger_2026-11-16.csv")
    #expect(kinds(try await school.run("2026-11-16")) == [.debitedNotCredited])
    try school.deliver(String(bill.dropLast(200)), as: "wechat_a_2026-11-16.csv")
    let cut = try await school.run("2026-11-16")
    #expect(
      cut.verdict == .incomplete && kinds(cut) == [.debitedNotCredited] && cut.pending.isEmpty)
    let number = try self.day("2026-11-16")
    let held = try #require(
      try school.nights().store.statements(of: number).first { $0.isHeld }?.sha256)
    _ = try await school.ruling().refuse(held, on: nil, isUndone: false)
    let refused = try await school.nights().judged(number).report
    #expect(refused.verdict == .unbalanced && kinds(refused) == [.debitedNotCredited])
    try await school.verify()
  }

  @Test("Of two contradicting issues the accepted one counts")
  func contradicting() async throws {
    let school = try TinySchool(Self.base)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<8), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.wechat("1609354271", 1..<9), as: "wechat_b_2026-11-16.csv")
    try school.deliver(day.ledger(0..<8), as: "ledger_2026-11-16.csv")
    #expect(try await school.run("2026-11-16").pending.count == 8)
    _ = try await school.ruling().accept("wechat_a_2026-11-16.csv", on: nil, isUndone: false)
    let report = try await school.nights().judged(try self.day("2026-11-16")).report
    #expect(report.verdict == .balanced && report.pending.isEmpty)
    try await school.verify()
  }

  @Test(
    "Where issues wait for a person the one before stays in use, and comes back with the acceptance undone"
  )
  func held() async throws {
    let school = try TinySchool(Self.base + "reissue: hold\n")
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<8), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.ledger(0..<9), as: "ledger_2026-11-16.csv")
    #expect(kinds(try await school.run("2026-11-16")) == [.creditedNotDebited])
    try school.deliver(day.wechat("1609354271", 0..<9), as: "wechat_a_2026-11-16.csv")
    let waits = try await school.run("2026-11-16")
    #expect(waits.verdict == .incomplete && kinds(waits) == [.creditedNotDebited])
    let number = try self.day("2026-11-16")
    let new = try #require(
      try school.nights().store.statements(of: number).first { $0.isHeld }?.sha256)
    _ = try await school.ruling().accept(new, on: nil, isUndone: false)
    #expect(try await school.nights().judged(number).report.verdict == .balanced)
    _ = try await school.ruling().accept(new, on: nil, isUndone: true)
    let undone = try await school.nights().judged(number).report
    #expect(undone.verdict == .incomplete && kinds(undone) == [.creditedNotDebited])
    try await school.verify()
  }

  @Test("A day accepted without a file gives way to half of one, and has its source's hours")
  func emptied() async throws {
    let school = try TinySchool(
      """
      sources: {wechat: {files: "wechat_{yyyy-MM-dd}.csv", cutoff: "23:00"}}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """)
    defer { school.remove() }
    for number in [15, 16] {
      let day = TinyDay(day: "2026-11-\(number)")
      if number == 15 {
        try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_\(day.day).csv")
      }
      try school.deliver(day.ledger(0..<4), as: "ledger_\(day.day).csv")
      _ = try await school.run(day.day)
    }
    let number = try day("2026-11-16")
    let books = try await school.nights().judged(number).judged.intake.statements
    let name = try #require(books.compactMap(\.missingBook).first?.name)
    _ = try await school.ruling().acceptMissing(name, on: number, isUndone: false)
    let accepted = try await school.nights().judged(number).report
    #expect(accepted.pending.isEmpty && kinds(accepted).count == 4)
    #expect(accepted.decisions.map(\.act) == [.acceptMissing])
    try await school.verify()
    // The bill comes after all: nothing leans on the decision any more.
    try school.deliver(
      TinyDay(day: "2026-11-16").wechat("1609354271", 0..<4), as: "wechat_2026-11-16.csv")
    let come = try await school.run("2026-11-16")
    #expect(kinds(come) == [] && come.decisions == [])
    try await school.verify()
  }

  @Test("A decision, and a late file, leave other days under the configuration they were judged by")
  func configured() async throws {
    let school = try TinySchool(
      Self.base.replacing("csv\"}}", with: "csv\", merchants: [\"1609354271\"]}}"))
    defer { school.remove() }
    for number in 15...17 {
      let day = TinyDay(day: "2026-11-\(number)")
      try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_\(day.day).csv")
      if number != 15 { try school.deliver(day.ledger(0..<4), as: "ledger_\(day.day).csv") }
      if number == 17 {
        try school.configure(
          Self.base.replacing(
            "csv\"}}", with: "csv\", merchants: [\"1609354271\", \"1609999999\"]}}"))
      }
      _ = try await school.run(day.day)
    }
    _ = try await school.ruling().acceptMissing(
      "wechat/1609999999/both", on: try day("2026-11-17"), isUndone: false)
    try await school.verify()
    let nights = try school.nights()
    #expect(try await nights.judged(try day("2026-11-17")).report.verdict == .balanced)
    try school.deliver(TinyDay(day: "2026-11-15").ledger(0..<4), as: "ledger_2026-11-15.csv")
    let number = try day("2026-11-17")
    let late = try await Nights(nights).run(number...number)
    #expect(late.changes.map(\.day.description) == ["2026-11-15", "2026-11-16", "2026-11-17"])
    #expect(late.changes[1].after == .balanced, "it had no second merchant")
    try await school.verify()
  }

  @Test("A withdrawn day is run again from the archive; nothing else is decided about it meanwhile")
  func withdrawn() async throws {
    let school = try TinySchool(Self.base)
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.wechat("1609354271", 0..<4), as: "wechat_a_2026-11-16.csv")
    try school.deliver(day.ledger(0..<4), as: "ledger_2026-11-16.csv")
    _ = try await school.run("2026-11-16")
    let number = try self.day("2026-11-16")
    _ = try await school.ruling().withdraw(number)
    await #expect(throws: HistoryError.self) {
      try await school.ruling().acceptMissing("ledger", on: number, isUndone: false)
    }
    #expect(try ArchiveExport(try school.nights().store).files(of: number).count == 2)
    try school.takeAway("wechat_a_2026-11-16.csv")
    try school.takeAway("ledger_2026-11-16.csv")
    #expect(try await school.run("2026-11-16").verdict == .balanced)
    try await school.verify()
  }

  @Test("A list that is there every day has no night judged again; a dry run meets re-issues")
  func listsAndDryRuns() async throws {
    let school = try TinySchool(Self.base + "lists: [accounts.csv]\n")
    defer { school.remove() }
    let day = TinyDay(day: "2026-11-16")
    try school.deliver(day.accounts(0..<4), as: "accounts.csv")
    try school.deliver(day.ledger(0..<4), as: "ledger_2026-11-16.csv")
    _ = try await school.run("2026-11-16")
    try school.deliver(day.accounts(0..<5), as: "accounts.csv")
    let nights = try school.nights()
    #expect(try Nights(nights).late(before: try self.day("2026-11-17")) == [])
    try school.deliver(day.ledger(0..<5), as: "ledger_2026-11-16.csv")
    let number = try self.day("2026-11-16")
    #expect(try Nights(nights).late(before: try self.day("2026-11-17")) == [number])
    let tried = try await nights.tryOut(number, files: nights.configuration.files(on: number))
    #expect(tried.pending.count == 5)
  }

  @Test("A refusal of an answer without rows is of that answer alone")
  func refusedAnswer() async throws {
    let school = try TinySchool(
      """
      sources: {wechat: {files: "wechat_*_{yyyy-MM-dd}.csv", merchants: ["1609354271", "1605550000"]}}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """)
    defer { school.remove() }
    let answer = #"{"code":"NO_BILL_EXIST","message":"账单文件不存在"}"#
    for merchant in ["1609354271", "1605550000"] {
      try school.deliver(answer, as: "wechat_\(merchant)_2026-11-16.csv")
    }
    try school.deliver(TinyDay(day: "2026-11-16").ledger([]), as: "ledger_2026-11-16.csv")
    _ = try await school.run("2026-11-16")
    let name = "wechat_1605550000_2026-11-16.csv"
    _ = try await school.ruling().refuse(name, on: nil, isUndone: false)
    let number = try day("2026-11-16")
    let refused = try await school.nights().judged(number).report
    #expect(faults(refused).filter { $0 == .statementMissing }.count == 1)
    #expect(try school.nights().store.basis(of: number)?.leftOut.keys.sorted() == [name])
    _ = try await school.ruling().refuse(name, on: nil, isUndone: true)
    let undone = try await school.nights().judged(number).report
    #expect(!faults(undone).contains(.statementMissing))
    try await school.verify()
  }
}

import Foundation
import History
import Payments
import Testing

@testable import Runs

/// Nights of a channel whose day ends at 23:00.
@Suite("Nights of a source whose day is cut before midnight")
struct CutNightsTests {
  private static let school = """
    sources: {unionpay: {files: "INN{yyMMdd}ZM"}}
    ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

    """

  /// UnionPay's records of payments of ¥50: day and time of each.
  private func zm(_ moments: [String]) -> String {
    moments.map { moment in
      var record = [UInt8](repeating: 0x20, count: 607)
      func put(_ text: String, _ first: Int) {
        record.replaceSubrange((first - 1)..<(first - 1 + text.utf8.count), with: text.utf8)
      }
      put("S56", 1)
      put("000000005000", 67)
      put(digits(moment) + "1234567", 88)
      put("CK" + digits(moment), 113)
      put("D000000000000", 167)
      put("01", 216)
      put("802310048993424", 294)
      return String(decoding: record, as: UTF8.self) + "\r\n"
    }.joined()
  }

  /// A ledger that credits payments at once.
  private func ledger(_ moments: [String]) -> String {
    "流水号,交易时间,交易类型,金额,状态,卡号,学工号,姓名,渠道,商户订单号,渠道流水号,原流水号,余额,操作员\n"
      + moments.map { moment in
        "YKT\(digits(moment)),\(moment),充值,50.00,成功,800000000001,2024000001,王同学,云闪付,"
          + "CK\(digits(moment)),,,,\n"
      }.joined()
  }

  private func digits(_ moment: String) -> String { moment.filter(\.isNumber) }

  private func losses(_ report: DayReport) -> [AnomalyKind] {
    report.anomalies.filter { $0.severity == .loss }.map(\.kind)
  }

  private func faults(_ report: DayReport) -> [StatementFault] {
    report.statements.flatMap(\.statement.faults)
  }

  private let plain = ["2026-11-16 08:00:00", "2026-11-16 12:00:00", "2026-11-16 20:00:00"]

  @Test("What was paid after the cut waits for the next day's file, which settles it")
  func nextFile() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    try school.deliver(zm(plain), as: "INN261116ZM")
    try school.deliver(ledger(plain + ["2026-11-16 23:30:00"]), as: "ledger_2026-11-16.csv")
    let first = try await school.run("2026-11-16")
    #expect(first.verdict == .balanced && losses(first) == [] && faults(first) == [])
    #expect(first.pending.count == 1)
    #expect(first.pending.first?.decidedBy == BusinessDay("2026-11-17"))
    let next = ["2026-11-16 23:30:00", "2026-11-16 23:40:00", "2026-11-17 09:00:00"]
    try school.deliver(zm(next), as: "INN261117ZM")
    try school.deliver(ledger(["2026-11-17 09:00:00"]), as: "ledger_2026-11-17.csv")
    let second = try await school.run("2026-11-17")
    #expect(second.pending.isEmpty && faults(second) == [])
    #expect(losses(second) == [.debitedNotCredited])
    let loss = try #require(second.anomalies.first { $0.severity == .loss })
    #expect(loss.channelSerial == "202611162340001234567")
  }

  @Test("Losses before the cut are told the same night")
  func sameNight() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    try school.deliver(zm(plain + ["2026-11-16 15:00:00"]), as: "INN261116ZM")
    try school.deliver(ledger(plain + ["2026-11-16 16:00:00"]), as: "ledger_2026-11-16.csv")
    let report = try await school.run("2026-11-16")
    #expect(report.pending.isEmpty && faults(report) == [])
    #expect(Set(losses(report)) == [.debitedNotCredited, .creditedNotDebited])
  }

  @Test("What waits over a night is judged with the ledger of its own day")
  func ownDay() async throws {
    let lists = Self.school + "lists: [\"accounts_{yyyy-MM-dd}.csv\"]\n"
    let school = try TinySchool(lists)
    defer { school.remove() }
    func deliver(_ day: String, _ paid: [String], _ credited: [String]) throws {
      let name = "INN" + day.dropFirst(2).replacing("-", with: "") + "ZM"
      try school.deliver(zm(paid), as: name)
      try school.deliver(ledger(credited), as: "ledger_\(day).csv")
    }
    try deliver("2026-11-16", plain, plain)
    _ = try await school.run("2026-11-16")
    // Its lists are missing: the payment after the cut waits, and the credit of its day is two nights old.
    try deliver(
      "2026-11-17", ["2026-11-16 23:30:00", "2026-11-17 09:00:00"], ["2026-11-17 09:00:00"])
    let second = try await school.run("2026-11-17")
    #expect(second.pending.map(\.time.description) == ["2026-11-16 23:30:00"])
    try deliver("2026-11-18", ["2026-11-18 09:00:00"], ["2026-11-18 09:00:00"])
    try school.configure(Self.school)
    let third = try await school.run("2026-11-18")
    #expect(losses(third) == [.debitedNotCredited] && third.pending.isEmpty)
  }

  @Test("Hours that no file covers are missing; those the cut gives to the next file are not")
  func hours() async throws {
    let school = try TinySchool(Self.school)
    defer { school.remove() }
    try school.deliver(zm(plain), as: "INN261116ZM")
    try school.deliver(ledger(plain), as: "ledger_2026-11-16.csv")
    #expect(faults(try await school.run("2026-11-16")) == [])
    // Not cut at 23:00: it tells its calendar day.
    let calendar = ["2026-11-17 09:00:00", "2026-11-17 23:50:00"]
    try school.deliver(zm(calendar), as: "INN261117ZM")
    try school.deliver(ledger(calendar), as: "ledger_2026-11-17.csv")
    let missing = try #require(faults(try await school.run("2026-11-17")).first)
    #expect(missing.kind == .statementMissing)
    #expect(missing.detail.zh.contains("2026-11-17 (2026-11-16 23:00—24:00) 的"))
    // The school says so: the days are the calendar's.
    try school.configure(
      Self.school.replacing("ZM\"", with: "ZM\", cutoff: \"00:00\""))
    #expect(faults(try await school.run("2026-11-17")) == [])
  }
}

import Foundation
import GRDB
import History
import Payments
import Testing

@testable import Runs

/// A school of two nights with cases, rows that wait, decisions about a case and about a night, an unmasking and a
/// month, for somebody to forge.
struct TamperedSchool {
  let school: TinySchool
  private var path: String { school.folder + "/state/history.sqlite" }
  private var whole: String { school.folder + "/whole" }

  /// - Parameters:
  ///   - document: the voucher of the refund that was decided.
  ///   - payments: how many payments its bills have.
  ///   - more: further lines of the configuration.
  init(document: String = "V1", payments: Int = 4, more: String = "") async throws {
    school = try TinySchool(
      """
      sources: {wechat: {files: "wechat_{yyyy-MM-dd}.csv"}}
      ledger: {files: "ledger_{yyyy-MM-dd}.csv"}

      """ + more)
    for (number, credited) in [(16, [0, 2]), (17, [0, 1, 2])] {
      let day = TinyDay(day: "2026-11-\(number)")
      try school.deliver(day.wechat("1609354271", 0..<payments), as: "wechat_\(day.day).csv")
      if number == 16 {
        try school.deliver(day.ledger(credited), as: "ledger_\(day.day).csv")
      }
      _ = try await school.run(day.day)
    }
    let store = try school.nights().store
    let id = try #require(try store.openAnomalies().first).id
    try store.record([
      Decision(anomaly: id, outcome: .note, who: "王会计", note: "问过本人", time: Self.time),
      Decision(anomaly: id, outcome: .refunded, who: "王会计", document: document, time: Self.time),
    ])
    try store.record(
      Unmasking(command: "trace 1", who: "李老师", reason: "师生申诉", time: Self.time))
    _ = try await school.ruling().withdraw(try #require(BusinessDay("2026-11-17")))
    try await month()
  }

  static let time = BusinessDay(number: 20_790).start

  /// Records a note about the case that was decided.
  func note(_ text: String) throws {
    let store = try school.nights().store
    let id = try #require(try store.decisions().first).decision.anomaly
    try store.record([
      Decision(anomaly: id, outcome: .note, who: "王会计", note: text, time: Self.time)
    ])
  }

  /// Publishes the month.
  func month() async throws {
    let run = try school.nights()
    let days = try #require(ClosedRange(month: "2026-11"))
    let report = try await MonthAssembly(
      run, days: days, sample: AuditSample(seed: 1, size: 5)
    ).report()
    try MonthPapers(report, for: run).publish(
      in: ReportFolder(run.configuration.output + "/2026-11"), of: run)
  }

  func remove() { school.remove() }

  /// Where reports are published.
  var output: String { school.folder + "/reports" }

  /// What `verify --quick` finds.
  func problems(signedBy key: String? = nil) throws -> [Discrepancy] {
    try DayVerification(try school.nights()).hashes(signedBy: key)
  }

  /// Changes the database behind the program's back.
  @discardableResult
  func change<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) async throws -> Value {
    let raw = try DatabaseQueue(path: path)
    defer { try? raw.close() }
    // What it refuses is refused as a whole.
    return try await raw.writeWithoutTransaction(body)
  }

  /// Keeps the whole folder, for ``restore()``.
  func keep() throws {
    for name in ["state", "reports"] {
      try FileManager.default.createDirectory(atPath: whole, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: school.folder + "/" + name, toPath: whole + "/" + name)
    }
  }

  /// Puts everything back as it was kept.
  func restore() throws {
    for name in ["state", "reports"] {
      try FileManager.default.removeItem(atPath: school.folder + "/" + name)
      try FileManager.default.copyItem(
        atPath: whole + "/" + name, toPath: school.folder + "/" + name)
    }
  }
}

import Foundation
import GRDB
import Payments
import Testing

@testable import History

/// What the nights were delivered, as each run has it in one piece.
@Suite("Delivered statements")
struct DeliveredTests {
  private let store: HistoryStore

  init() throws {
    store = try HistoryStore(
      try StateFolder(
        FileManager.default.temporaryDirectory.path + "/cardrecon-delivered-\(UUID())"))
  }

  private func day(_ number: Int32) -> BusinessDay { BusinessDay(number: number) }

  private func statement(
    _ side: Side, _ channel: Channel, _ first: Int32?, _ last: Int32?, isHeld: Bool = false,
    ordinal: Int
  ) -> StatementRecord {
    var statement = Statement(
      file: "\(ordinal).csv", sha256: String(repeating: "\(ordinal)", count: 64), format: "f",
      side: side, channel: channel)
    statement.from = first.map(day)
    statement.to = last.map(day)
    var record = StatementRecord(
      statement, ordinal: ordinal, member: "", delivered: "\(ordinal).csv")
    (record.covers, record.isHeld) = (!isHeld, isHeld)
    return record
  }

  private func record(_ number: Int32, _ statements: [StatementRecord]) throws {
    var night = NightRecord(
      day: day(number), configuration: "c", program: "p", verdict: .balanced)
    night.statements = statements
    try store.record(night, entries: EntryTable()) { _ in false }
  }

  private func recordNights() throws {
    try record(
      20_000,
      [
        statement(.channel, .wechat, 20_000, 20_000, ordinal: 0),
        statement(.channel, .alipay, nil, nil, ordinal: 1),
        statement(.ledger, .unknown, 20_000, 20_001, ordinal: 2),
      ])
    try record(
      20_001,
      [
        statement(.channel, .wechat, 20_001, 20_001, ordinal: 0),
        statement(.ledger, .unknown, 20_001, 20_001, isHeld: true, ordinal: 1),
      ])
    try record(20_003, [statement(.channel, .wechat, 20_003, 20_003, ordinal: 0)])
    // Run again without it.
    try record(20_003, [statement(.channel, .alipay, 20_003, 20_003, ordinal: 0)])
  }

  private func expectNights() throws {
    let found = try store.delivered()
    #expect(
      Set(found.sources) == [
        StatementSource(side: .channel, channel: .wechat),
        StatementSource(side: .channel, channel: .alipay),
        StatementSource(side: .ledger, channel: .unknown),
      ])
    #expect(
      found.coverage
        == Coverage(
          ledger: [TimeSpan(first: day(20_000), last: day(20_001))],
          channels: [
            .wechat: [TimeSpan(first: day(20_000), last: day(20_001))],
            .alipay: [TimeSpan(first: day(20_003), last: day(20_003))],
          ]))
    #expect(
      found.held == [
        HeldFile(
          day: day(20_001), source: StatementSource(side: .ledger, channel: .unknown),
          name: "1.csv")
      ])
    #expect(
      try store.coverage(before: day(20_001))
        == Coverage(
          ledger: [TimeSpan(first: day(20_000), last: day(20_001))],
          channels: [
            .wechat: [TimeSpan(first: day(20_000), last: day(20_000))]
          ]))
  }

  @Test("Coverage is what the statements of the nights in force say, also of runs of before")
  func coverage() throws {
    try recordNights()
    try expectNights()
    #expect(try store.verifyChain() == [])
    try store.database.write { database in
      try database.execute(
        sql: "DROP TRIGGER delivered_DELETE; DELETE FROM delivered WHERE run > 1")
    }
    try expectNights()
    #expect(try store.verifyChain() == [])
  }

  @Test("What was changed after the fact is found out")
  func changed() throws {
    try recordNights()
    #expect(throws: (any Error).self) {
      try store.database.write { try $0.execute(sql: "UPDATE delivered SET statements = x''") }
    }
    try store.database.write { database in
      try database.execute(
        sql: """
          DROP TRIGGER delivered_UPDATE; UPDATE delivered SET statements = x'' WHERE run = 2;
          UPDATE delivered SET mark = mark + 1 WHERE run = 3
          """)
    }
    #expect(
      try store.verifyChain().map(\.subject) == ["run 2 (2024-10-05)", "run 3 (2024-10-07)"])
  }
}

import Payments
import Testing

@testable import Runs

/// What a report says where a finding touches two people.
@Suite("Findings that touch two people")
struct TwoPeopleTests {
  private static func paid(_ out: String, _ amountIn: String, _ time: String, _ serial: String)
    -> String
  {
    "20261110 \(time),\(out),\(amountIn),\(out == "0" ? "10050.00" : "10000.00"),人民币元,李四,6217,建行,20261110,"
      + "\(out == "0" ? "校园卡充值" : "校园卡充值退款"),学号2023010001 CK20261110000001,\(serial),,,"
  }

  private static func posted(_ number: Int, _ kind: String, _ time: String, _ student: Int)
    -> String
  {
    "202611100000000\(number),2026-11-10 \(time),\(kind),50.00,成功,80000\(student),202301000\(student),"
      + "同学,建设银行,CK20261110000001,,,,"
  }

  private func report(_ ledger: [String]) async throws -> DayReport {
    let school = try TinySchool(KeylessNightsTests.configuration)
    defer { school.remove() }
    try school.deliver(
      KeylessNightsTests.bank([
        Self.paid("0", "50.00", "10:00:00", "101-1"), Self.paid("50.00", "0", "15:00:00", "101-2"),
      ]), as: "ccb_2026-11-10.csv")
    try school.deliver(KeylessNightsTests.ledger(ledger), as: "ledger_2026-11-10.csv")
    let report = try await school.run("2026-11-10")
    try await school.verify()
    return report
  }

  @Test("The account is his who has the money, not his who was refunded")
  func owing() async throws {
    let found = try await report([Self.posted(1, "充值", "10:00:20", 2)]).anomalies
    let finding = try #require(found.first)
    #expect(found.count == 1 && finding.kind == .refundNotReversed)
    #expect(finding.account == "800002")
    #expect(finding.parties?.map(\.fen) == [-5_000, 0])
  }

  @Test("A reversal charged to another is told as one, and what to do about it")
  func reversal() async throws {
    let found = try await report([
      Self.posted(1, "充值", "10:00:20", 1), Self.posted(2, "冲正", "15:00:30", 2),
    ]).anomalies
    let finding = try #require(found.first)
    #expect(found.count == 1 && finding.kind == .wrongAccount && finding.subject == "reversal")
    #expect(finding.ledgerSerial == "2026111000000002")
    #expect(finding.parties?.map(\.account) == ["800002", "800001"])
    #expect(finding.parties?.map(\.fen) == [5_000, -5_000])
  }
}

import CampusSimulator
import Foundation
import Payments
import Testing

/// Damaged, foreign and missing statements: the day stays open, and nobody is accused for it.
@Suite("A statement that cannot be used")
struct FaultTests {
  /// A school of two days whose last day suffers `kind`.
  private static func span(_ kind: FaultKind) -> SimulatedSpan {
    var school = SchoolConfiguration()
    (school.seed, school.students, school.paymentsPerDay) = (31, 900, 90)
    school.plants = school.plants.mapValues { _ in 1...1 }
    school.fault = kind
    return School(school).days(from: BusinessDay(number: 20_759), count: 2)
  }

  private static let configuration = """
    sources:
      wechat: { files: "wechat_*", merchants: "1601959334" }
      alipay: { files: "2088*" }
      ccb: { files: "ccb_*", merchants: "44050162100800000368" }
      boc: { files: "boc_*", merchants: "745368001920" }
    ledger: { files: "card-ledger*" }

    """

  /// Whether an invented finding is excused: a notice about rows of a case that the unusable
  /// statement tore apart.
  private func isExcused(_ anomaly: ReportFile.Anomaly, _ truth: Truth) -> Bool {
    let torn = Set(truth.undecidable.flatMap(\.rowSerials))
    let serials = [anomaly.channelSerial, anomaly.ledgerSerial].compactMap { $0 }
    return anomaly.severity == "notice" && serials.contains(where: torn.contains)
  }

  @Test(
    "It is named with its fault, the day is incomplete, and what others prove is still found",
    arguments: FaultKind.ofOneFile)
  func fault(_ kind: FaultKind) async throws {
    let span = Self.span(kind)
    guard let planted = span.truth.faults.first else { return }
    let scratch = try Scratch()
    for file in span.days.flatMap(\.files) { try scratch.write(file.bytes, to: file.name) }
    try scratch.write(Self.configuration, to: "school.yaml")
    let run = try await cardrecon(
      "run", "--config", "school.yaml", "--from", "2026-11-02", "--to", "2026-11-03", "--json",
      "--unmask", "--by", "审计", "--unmask-reason", "核对", in: scratch)
    let report = try ReportFile(run.outBytes)
    try expectSchema(run.outBytes)
    let isHarmless = [.statementDuplicate, .statementReissued].contains(kind)
    #expect(run.code == (isHarmless ? 1 : 2))
    let said = report.statements.filter { $0.faults.contains { $0.kind == planted.kind } }
    #expect(!said.isEmpty, "\(report.statements.flatMap(\.faults))")
    for statement in said {
      let isNamed = statement.file?.hasPrefix(planted.file) ?? (statement.source == planted.source)
      #expect(isNamed || isHarmless, "\(statement.file ?? "-") for \(planted.file)")
    }
    expectFindings(of: report, span.truth, after: kind)
  }

  @Test(
    "One damaged byte is found in every encoding, with its line, and the file is still recognised",
    arguments: [
      ("wechat_1601959334_ALL_2026-11-02.csv", "wechat-trade"),
      ("card-ledger_2026-11-02.csv", "card-ledger"), ("ccb_2026-11-02.csv", "ccb-corporate"),
      ("20886110962563300156_20261102_业务明细.csv", "alipay-trade"),
    ])
  func damagedByte(file: String, format: String) async throws {
    let copy = try Sample.copy()
    let path = "samples/incoming/" + file
    var bytes = try copy.read(path)
    let place = try #require(bytes[(bytes.count / 2)...].firstIndex { $0 >= 0x81 })
    bytes[place] = 0xFF
    let line = bytes[..<place].count { $0 == 0x0A } + 1
    try copy.write(bytes, to: path)
    let run = try await cardrecon(
      ["check", "--payout-days", "0"] + (try Sample.incoming(copy)) + ["--json"], in: copy)
    #expect(run.code == 2)
    let damaged = try #require(
      try ReportFile(run.outBytes).statements.first { $0.file == file })
    #expect(damaged.format == format)
    #expect(damaged.faults.contains { $0.kind == "encoding-damaged" && $0.line == line })
  }

  /// Nothing that other statements prove is missed, and no loss is invented.
  private func expectFindings(of report: ReportFile, _ truth: Truth, after kind: FaultKind) {
    var found = report.anomalies
    for expected in truth.anomalies {
      // Where balances do not meet, rows may be missing at the end of the day before: its rows wait.
      let isWaiting = report.pending.contains {
        $0.merchantOrder == expected.merchantOrder && $0.channelSerial == expected.channelSerial
      }
      if kind == .openingBalanceMismatch, isWaiting { continue }
      let place = found.firstIndex { other in
        if expected.agrees(with: other) { return true }
        // Without the payment's row only the ledger speaks of a manual entry.
        return expected.kind == "manual-entry" && other.kind == expected.kind
          && expected.ledgerSerials == [other.ledgerSerial]
      }
      if let place { found.remove(at: place) }
      #expect(place != nil, "missed \(expected.told)")
    }
    for invented in found where !isExcused(invented, truth) {
      Issue.record("invented \(invented.told)")
    }
  }
}

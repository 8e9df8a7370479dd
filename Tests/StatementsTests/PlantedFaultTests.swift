import CampusSimulator
import Payments
import Testing

@testable import Statements

/// The simulator spoils one file of the second day; reading both days must find exactly that.
@Suite("Faults the simulator plants") struct PlantedFaultTests {
  private static func span(_ kind: FaultKind?, _ source: String? = nil) throws -> SimulatedSpan {
    var configuration = SchoolConfiguration.sample(seed: 2_211)
    configuration.paymentsPerDay = 80
    configuration.students = 800
    configuration.fault = kind
    configuration.faultSource = source
    let day = try #require(BusinessDay("2026-11-02"))
    return School(configuration).days(from: day, count: 2)
  }

  /// Reads all files of all days from a folder, as a run would.
  private func intake(_ span: SimulatedSpan, threads: Int = 2) async throws -> Intake {
    var options = Intake.Options()
    options.threads = threads
    options.merchants = [.wechat: [SchoolConfiguration().accounts.wechatMerchant]]
    var found: Intake?
    try await withTemporaryFolder { folder in
      var paths: [String] = []
      for file in span.days.flatMap(\.files) {
        paths.append(folder + "/" + file.name)
        try write(file.bytes, to: paths[paths.count - 1])
      }
      found = try await Intake(paths: paths, options: options)
    }
    return try #require(found)
  }

  /// Kinds with the file they are told of, but for the gap a held file of another day leaves.
  private func faults(_ intake: Intake) -> [String] {
    intake.allStatements.flatMap { statement in
      statement.faults.map { "\($0.kind.rawValue) \(statement.file)" }
    }.sorted()
  }

  @Test("two good days have no fault")
  func good() async throws {
    let span = try PlantedFaultTests.span(nil)
    let intake = try await intake(span)
    #expect(faults(intake) == [])
    #expect(intake.days?.upperBound == BusinessDay("2026-11-03") && intake.rejections.isEmpty)
    #expect(span.truth.faults.isEmpty)
  }

  @Test("each planted fault is found in its file, and in no other", arguments: FaultKind.ofOneFile)
  func planted(_ kind: FaultKind) async throws {
    let span = try PlantedFaultTests.span(kind)
    let planted = try #require(span.truth.faults.first)
    let intake = try await intake(span)
    let channel = Channel(name: planted.source) ?? .unknown
    let concerned = intake.allStatements.filter { !$0.faults.isEmpty }
    #expect(concerned.contains { $0.faults.contains { $0.kind == kind } }, "\(faults(intake))")
    #expect(
      concerned.allSatisfy { $0.channel == channel || $0.format.isEmpty }, "\(faults(intake))")
    for statement in concerned {
      for fault in statement.faults {
        #expect(!fault.detail.zh.isEmpty && !fault.detail.en.isEmpty)
        let isExpected =
          fault.kind == kind || fault.kind == .statementMissing
          || (kind == .statementTruncated && fault.kind == .rowRejected)
        #expect(isExpected, "\(fault.kind.rawValue) in \(statement.file)")
        if fault.kind == .rowRejected || fault.kind == .unknownStatus {
          #expect(intake.rejections.contains { $0.file == statement.file && $0.line == fault.line })
        }
      }
    }
    let isHeld = concerned.contains { $0.isHeld || $0.file.isEmpty }
    let isCopy = kind == .statementDuplicate || kind == .statementReissued
    #expect(isHeld == (planted.holdsFile || isCopy))
    if let line = planted.line { #expect(intake.rejections.map(\.line) == [line]) }
  }

  @Test("without one day's ledger only the ledger is missing")
  func withoutLedger() async throws {
    let span = try PlantedFaultTests.span(.statementMissing, "ledger")
    let intake = try await intake(span)
    #expect(faults(intake) == ["statement-missing "])
    let missing = try #require(intake.allStatements.first { $0.file.isEmpty })
    #expect(missing.side == .ledger && missing.from == BusinessDay("2026-11-03"))
  }

  @Test(
    "cut, renamed and damaged files of every source are held",
    arguments: ["wechat", "alipay", "ccb", "boc", "ledger"],
    [FaultKind.statementTruncated, .encodingDamaged, .unreadable])
  func sources(_ source: String, _ kind: FaultKind) async throws {
    let span = try PlantedFaultTests.span(kind, source)
    guard let planted = span.truth.faults.first else { return }
    let intake = try await intake(span)
    let statement = try #require(
      intake.allStatements.first { $0.file.hasPrefix(planted.file) && $0.isHeld },
      "\(faults(intake))")
    let isPacked = source == "alipay"
    let kinds = statement.faults.map(\.kind)
    #expect(kinds.contains(kind) || (isPacked && kinds == [.unreadable]), "\(faults(intake))")
  }
}

extension FaultKind {
  /// Those that a file shows by itself; the others only the other book can tell.
  fileprivate static var ofOneFile: [FaultKind] {
    let told: Set<FaultKind> = [.statementEndsEarly, .statementStartsLate, .statementEmpty]
    return allCases.filter { !told.contains($0) }
  }
}

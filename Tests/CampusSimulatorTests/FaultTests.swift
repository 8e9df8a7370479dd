import Payments
import Testing

@testable import CampusSimulator

@Suite struct FaultTests {
  private func span(_ kind: FaultKind?, source: String? = nil) -> SimulatedSpan {
    sample { configuration in
      configuration.paymentsPerDay = 80
      configuration.fault = kind
      configuration.faultSource = source
    }.days(from: monday, count: 2)
  }

  @Test(arguments: FaultKind.ofOneFile)
  func everyFaultSpoilsOneFileOfTheLastDayAndSaysSo(kind: FaultKind) throws {
    let (good, bad) = (span(nil), span(kind))
    #expect(good.days[0] == bad.days[0])
    #expect(good.days[1].files != bad.days[1].files)
    let fault = try #require(bad.truth.faults.first)
    #expect(bad.truth.faults.count == 1 && fault.kind == kind.rawValue)
    #expect(fault.day == "2026-11-03" && !fault.note.isEmpty)
    #expect(good.days[1].files.map(\.name).contains(fault.file))
    #expect(bad.truth.incompleteSources == (fault.holdsFile ? [fault.source] : []))
    let changed = good.days[1].files.filter { !bad.days[1].files.contains($0) }
    #expect(changed.allSatisfy { $0.source == fault.source })
  }

  @Test func aHeldFileAccusesNobody() {
    let (good, bad) = (span(nil), span(.statementMissing, source: "wechat"))
    #expect(!bad.truth.undecidable.isEmpty)
    #expect(bad.truth.undecidable.allSatisfy { $0.kind != "manual-entry" })
    let all = bad.truth.anomalies + bad.truth.undecidable
    #expect(Set(all) == Set(good.truth.anomalies))
  }

  @Test func withoutTheLedgerOnlyTheChannelsSpeak() {
    let truth = span(.statementMissing, source: "ledger").days[1].truth
    let kinds = Set(truth.anomalies.map(\.kind))
    #expect(
      kinds.isSubset(of: [
        "repeated-row", "serial-collision", "orphan-refund", "refund-exceeds-payment",
        "limit-exceeded",
      ]))
    #expect(truth.pending.isEmpty)
  }

  @Test func aRowThatCannotBeReadStandsWhereTheAnswerSheetSays() throws {
    for (kind, word) in [(FaultKind.rowRejected, "25:61"), (.unknownStatus, "SETTLING")] {
      let bad = span(kind)
      let line = try #require(bad.truth.faults.first?.line)
      let all = lines(try text(bad.days[1], "wechat"))
      #expect(all[line - 1].contains(word))
      #expect(all.filter { $0.contains(word) }.count == 1)
      #expect(bad.truth.pending.contains { $0.note == "its payment's row is held" })
    }
  }

  @Test func theOpeningBalanceNeedsADayBeforeIt() {
    let truth = sample { $0.fault = .openingBalanceMismatch }.day(monday).truth
    #expect(truth.faults.isEmpty)
  }

  @Test func aRequestInWordsIsCheckedBeforeAnythingIsWritten() {
    for change in [
      { $0.day = "2026-02-30" }, { $0.days = 0 }, { $0.kinds = "all,none" },
      { $0.fault = "broken" }, { $0.camtVersion = "03" }, { $0.reference = 3 },
      { $0.students = 0 }, { $0.fault = "opening-balance-mismatch" },
    ] as [(inout SimulationRequest) -> Void] {
      var request = SimulationRequest()
      request.isSample = true
      change(&request)
      #expect(throws: SimulationRequestError.self) { try request.run() }
    }
  }

  @Test func aRequestInWordsGivesTheSameAsTheSchoolItMeans() throws {
    var request = SimulationRequest()
    request.isSample = true
    request.seed = 12
    #expect(try request.run() == sample(12).days(from: monday, count: 1))
  }
}

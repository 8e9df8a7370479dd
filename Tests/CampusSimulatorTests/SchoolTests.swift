import Payments
import Testing

@testable import CampusSimulator

/// A Monday in November.
let monday = BusinessDay(number: 20_759)

func sample(_ seed: UInt64 = 7, _ change: (inout SchoolConfiguration) -> Void = { _ in })
  -> School
{
  var configuration = SchoolConfiguration.sample(seed: seed)
  change(&configuration)
  return School(configuration)
}

@Suite struct SchoolTests {
  @Test func theSameSeedGivesTheSameBytes() {
    #expect(sample().days(from: monday, count: 2) == sample().days(from: monday, count: 2))
  }

  @Test func anotherSeedGivesOtherBytes() {
    let (one, other) = (sample(1).day(monday), sample(2).day(monday))
    for (left, right) in zip(one.files, other.files) {
      #expect(left.source == right.source)
      #expect(left.bytes != right.bytes)
    }
  }

  @Test func aDayDeliversFiveSources() {
    let sources = sample().day(monday).files.map(\.source)
    #expect(
      sources == ["wechat", "alipay", "ccb", "boc", "wechat-funds", "alipay-account", "ledger"])
  }

  @Test func theSampleIsSmallAndPlantsEveryKindThatCanBePlanted() {
    let truth = sample().day(monday).truth
    let planted = Set(truth.anomalies.map(\.kind))
    // A day's files hold no list of accounts, and its ledger tells some of what moves a card's balance. A move has
    // two days to arrive; nobody has refunded anything yet.
    let impossible: Set<AnomalyKind> = [
      .unexplained, .closedAccountCredit, .cardBalanceBreak, .serialGap, .moveIncomplete,
      .resolvedUnconfirmed,
    ]
    for kind in AnomalyKind.allCases where !impossible.contains(kind) {
      #expect(planted.contains(kind.rawValue), "\(kind.rawValue) is missing")
    }
    for plant in Plant.allCases where !plant.isAtTheEdge && !plant.needsMixedPeople {
      #expect(truth.anomalies.contains { $0.plant == plant.rawValue }, "\(plant) is missing")
    }
    let explanations = Set(truth.anomalies.compactMap(\.explanation))
    #expect(explanations == Set(Explanation.allCases.map(\.rawValue)))
    let payments = truth.totals.reduce(0) { $0 + $1.payments }
    #expect((60...110).contains(payments))
    #expect(!truth.pending.isEmpty)
  }

  @Test func nothingPlantedMeansNothingToFind() {
    let school = sample { $0.plants = SchoolConfiguration.planting(.nothing) }
    let truth = school.days(from: monday, count: 3).truth
    #expect(truth.anomalies.isEmpty)
    #expect(truth.undecidable.isEmpty && truth.faults.isEmpty)
  }

  @Test func onlyTheKindsAskedForArePlanted() {
    let kinds: [AnomalyKind] = [.duplicateDebit, .orphanRefund]
    let wanted = SchoolConfiguration.planting(.only(kinds, edges: false))
    let truth = sample { $0.plants = wanted }.day(monday).truth
    #expect(Set(truth.anomalies.map(\.kind)) == ["duplicate-debit", "orphan-refund"])
  }

  @Test func whatCrossesMidnightIsPendingAloneAndSettledTogether() throws {
    let wanted: [Plant: ClosedRange<Int>] = [.creditedAfterMidnight: 4...4]
    let span = sample { configuration in
      configuration.plants = wanted
      configuration.paymentsPerDay = 0
      configuration.ordinaryCases = 0...0
    }.days(from: monday, count: 2)
    #expect(span.days[0].truth.pending.filter { $0.row == "payment" }.count == 4)
    #expect(span.days[1].truth.pending.filter { $0.row == "credit" }.count == 4)
    // Only the second day's own four are left.
    #expect(span.truth.pending.count == 4)
    #expect(span.truth.anomalies.isEmpty)
    let first = try #require(span.days[0].truth.pending.first)
    let order = try #require(first.merchantOrder)
    #expect(try text(span.days[1], "ledger").contains(order))
    #expect(try !text(span.days[0], "ledger").contains(order))
  }

  @Test func aCreditOfTheNextDayIsTwoLossesAloneAndLateTogether() {
    let span = sample { configuration in
      configuration.plants = [.creditedNextDay: 2...2]
      configuration.paymentsPerDay = 0
      configuration.ordinaryCases = 0...0
    }.days(from: monday, count: 2)
    for (truth, kind) in [
      (span.days[0].truth, "debited-not-credited"), (span.days[1].truth, "credited-not-debited"),
      (span.truth, "late-credit"),
    ] {
      #expect(truth.anomalies.map(\.kind) == [kind, kind])
    }
  }

  @Test func whatIsNeverCreditedAfterMidnightIsFoundByTheNextDay() {
    let span = sample { configuration in
      configuration.plants = [.unpaidAtMidnight: 3...3]
      configuration.paymentsPerDay = 0
      configuration.ordinaryCases = 0...0
    }.days(from: monday, count: 2)
    #expect(span.days[0].truth.anomalies.isEmpty)
    #expect(span.days[0].truth.pending.count == 3)
    #expect(span.truth.anomalies.map(\.kind) == Array(repeating: "debited-not-credited", count: 3))
  }

  @Test func everyPlantedSerialStandsInItsFile() throws {
    let day = sample { $0.alipayZipped = false }.day(monday)
    let ledger = Set(plain(try text(day, "ledger")).compactMap { $0["流水号"] })
    for anomaly in day.truth.anomalies {
      for serial in anomaly.ledgerSerials {
        #expect(ledger.contains(serial), "\(anomaly.plant)")
      }
      // A credit nobody paid for and a refund without a payment name what no statement lists.
      let absent = ["credit-alone", "credit-of-unbooked"].contains(anomaly.plant)
      guard !absent else { continue }
      // Behind the bill some serials are of accounts alone.
      let isBehind = Plant(rawValue: anomaly.plant)?.needsFunds == true
      let bill =
        isBehind
        ? try day.files.map(\.source).filter { $0 != "ledger" }.map { try text(day, $0) }.joined()
        : try text(day, anomaly.channel)
      if let refund = anomaly.refundSerial { #expect(bill.contains(refund)) }
      let isOld = anomaly.plant == "refund-without-payment"
      if let serial = anomaly.channelSerial, !isOld {
        #expect(bill.contains(serial))
        #expect(anomaly.rowSerials.contains(serial))
      }
    }
  }

  @Test func theAnswerSheetSurvivesBeingWrittenAndRead() throws {
    let truth = sample().days(from: monday, count: 2).truth
    #expect(try Truth(json: truth.json()) == truth)
  }

  @Test func theReferenceDayPlantsFiveInAThousandOfEach() {
    let day = School.reference(payments: 4_000, seed: 3, day: monday)
    #expect(day.files.map(\.source) == ["wechat", "ledger"])
    for kind in ["debited-not-credited", "duplicate-debit", "amount-mismatch"] {
      #expect(day.truth.anomalies.filter { $0.kind == kind }.count == 20)
    }
    #expect(day.truth.anomalies.count == 60)
    #expect(day.truth.pending.isEmpty)
    #expect(day.truth.totals[0].payments == 4_020)
    #expect(day.truth.totals[0].credits == 3_980)
  }
}

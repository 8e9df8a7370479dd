import Payments
import Testing

@testable import CampusSimulator

/// Cases of who is who: the rows are what the answer sheet says.
@Suite struct PeopleTests {
  /// A mixed school in which nothing happens but what is asked for.
  private func school(
    _ seed: UInt64, _ plants: [Plant], ordinary: ClosedRange<Int> = 0...0,
    _ change: (inout SchoolConfiguration) -> Void = { _ in }
  ) -> School {
    sample(seed) { configuration in
      configuration.people = .mixed
      configuration.plants = Dictionary(uniqueKeysWithValues: plants.map { ($0, 2...2) })
      configuration.paymentsPerDay = 0
      configuration.ordinaryCases = ordinary
      configuration.otherBankRows = 0...0
      configuration.alipayZipped = false
      change(&configuration)
    }
  }

  /// A seed of each way of naming people.
  static let seeds = (1...60 as ClosedRange<UInt64>).filter { seed in
    !(1..<seed).contains { Customs(seed: $0).kind == Customs(seed: seed).kind }
  }

  private static let plants = Plant.allCases.filter(\.needsMixedPeople)

  @Test func allSevenWaysAreDrawn() {
    #expect(Self.seeds.count == 7)
  }

  @Test func aRequestNamesThePeopleOrSaysWhyNot() throws {
    var request = SimulationRequest()
    request.isSample = true
    request.people = "mixed"
    #expect(try request.run().truth.people == Customs(seed: 7).told)
    request.each = 2
    #expect(throws: SimulationRequestError("--each 2: that needs 360 students")) {
      try request.run()
    }
    request.each = nil
    request.people = "some"
    #expect(throws: SimulationRequestError("--people some: expected plain or mixed")) {
      try request.run()
    }
    request.people = "mixed"
    request.reference = 1_000
    #expect(throws: SimulationRequestError.self) { try request.run() }
    (request.reference, request.deliveries, request.days) = (nil, "tidy", 9)
    #expect(throws: SimulationRequestError.self) { try request.runDeliveries() }
  }

  @Test func theSameSeedGivesTheSameBytes() {
    let one = school(3, Self.plants, ordinary: 1...1).days(from: monday, count: 2)
    #expect(one == school(3, Self.plants, ordinary: 1...1).days(from: monday, count: 2))
  }

  @Test func aPlainSchoolPlantsNothingOfIt() {
    let truth = sample().day(monday).truth
    #expect(truth.people == nil)
    let ofPeople = truth.anomalies.filter { Plant(rawValue: $0.plant)?.needsFunds == false }
    #expect(ofPeople.allSatisfy { $0.owedTo == nil && $0.parties == nil })
    #expect(truth.anomalies.allSatisfy { Plant(rawValue: $0.plant)?.needsMixedPeople == false })
  }

  @Test(arguments: PeopleTests.seeds)
  func everyCaseIsPlantedAndTold(seed: UInt64) {
    let customs = Customs(seed: seed)
    let truth = school(seed, Self.plants).day(monday).truth
    #expect(truth.people == customs.told)
    for plant in Self.plants {
      let found = truth.anomalies.filter { $0.plant == plant.rawValue }
      let isClosable = customs.hasList && customs.ledgerNamesCard
      if plant == .accountClosed, !isClosable {
        #expect(found.isEmpty)
      } else if plant != .wholeNumber {
        #expect(found.count == 2, "\(plant) in \(customs.told)")
      }
      #expect(found.allSatisfy { [$0.kind] == plant.kinds.map(\.rawValue) && $0.owedTo != nil })
      let isWrong = plant.kinds == [.wrongAccount]
      #expect(found.allSatisfy { ($0.parties?.count == 2) == isWrong })
      #expect(found.allSatisfy { ($0.parties ?? []).reduce(0) { $0 + $1.fen } == 0 })
    }
  }

  /// Paid, given back, credited, taken back: what is left over is what the sheet says.
  private func surplus(_ truth: Truth) -> Int64 {
    truth.totals.reduce(0) {
      $0 + $1.paymentFen - $1.refundFen - $1.creditFen + $1.reversalFen
    }
  }

  @Test(arguments: PeopleTests.plants)
  func theMoneyAddsUpToWhatTheSheetSays(plant: Plant) {
    for seed in Self.seeds {
      let truth = school(seed, [plant]).day(monday).truth
      let said: Int64 = truth.anomalies.reduce(0) { sum, anomaly in
        switch (anomaly.kind, anomaly.owedTo) {
        case ("wrong-account", _), ("late-credit", _), ("closed-account-credit", _): sum
        case ("orphan-refund", _), (_, "school"): sum - anomaly.amountFen
        default: sum + anomaly.amountFen
        }
      }
      if plant == .partsRounded {
        // One fen may be either way.
        #expect(abs(surplus(truth)) <= said)
      } else {
        #expect(surplus(truth) == said, "\(plant) in \(truth.people ?? "")")
      }
    }
  }

  @Test(arguments: PeopleTests.seeds)
  func whatIsOrdinaryBalances(seed: UInt64) {
    let truth = school(seed, [], ordinary: 2...3).days(from: monday, count: 2).truth
    #expect(truth.anomalies.isEmpty && truth.pending.isEmpty)
    #expect(surplus(truth) == 0)
    #expect(truth.totals.reduce(0) { $0 + $1.payments } > 50)
  }

  @Test(arguments: PeopleTests.seeds)
  func theLedgerAndTheListNameWhatTheySay(seed: UInt64) throws {
    let customs = Customs(seed: seed)
    let day = school(seed, Self.plants, ordinary: 1...1) { $0.paymentsPerDay = 60 }.day(monday)
    let rows = plain(try text(day, "ledger"))
    let first = try #require(rows.first { $0["交易类型"] == "充值" })
    #expect((first["卡号"]?.count == 12) == customs.ledgerNamesCard)
    #expect(((first["学工号"] ?? "").isEmpty) == (customs.ledger == .card))
    let spending = rows.filter { $0["交易类型"] == "消费" }
    #expect(
      spending.allSatisfy { $0["卡号"]?.isEmpty == false && $0["学工号"]?.isEmpty == false }
        == (customs.links == .spending || customs.links == .rows) || spending.isEmpty)
    #expect(day.files.contains { $0.source == "accounts" } == customs.hasList)
    guard customs.hasList else { return }
    let list = plain(try text(day, "accounts"))
    #expect(Set(list.compactMap { $0["卡号"] }).count == 260)
    #expect(list.count == 260 + list.filter { $0["账户状态"] != "正常" }.count)
  }

  @Test func theTwoSidesSpellNumbersDifferently() throws {
    for seed in 1...24 as ClosedRange<UInt64> {
      let customs = Customs(seed: seed)
      let day = school(seed, Self.plants, ordinary: 2...2) { $0.paymentsPerDay = 80 }.day(monday)
      let ledger = try text(day, "ledger")
      let bills = try ["wechat", "alipay", "ccb"].map { try text(day, $0) }.joined()
      #expect(bills.contains("0002") || customs.leadingZeros != .bills)
      #expect(!ledger.contains(",0002") || customs.leadingZeros == .ledger)
      #expect(!bills.contains("t1000") || customs.smallLetters == .bills)
      #expect(!ledger.contains("t1000") || customs.smallLetters == .ledger)
      let guarding: [Customs.Guard: String] = [
        .apostrophe: ",'CK", .tab: "\t", .hardSpace: "\u{00A0}", .zeroWidth: "\u{200B}",
      ]
      for (sort, mark) in guarding {
        #expect(ledger.contains(mark) == (sort == customs.orderGuard), "\(seed): \(sort)")
      }
    }
  }

  @Test func aWrongAccountThatNobodyCanTellIsNotOnTheSheet() {
    var untold = 0
    for seed in 1...40 as ClosedRange<UInt64> {
      let count = school(seed, [.wrongPerson]).day(monday).truth.anomalies.count
      if Customs(seed: seed).isLinked { #expect(count == 2) }
      untold += 2 - count
    }
    #expect(untold > 3)
  }
}

extension Customs {
  /// What makes two schools name people in the same way.
  fileprivate var kind: [String] { [ledger.rawValue, links.rawValue, "\(hasList)"] }
}

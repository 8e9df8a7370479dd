import Payments
import Testing

@testable import CampusSimulator

@Suite struct DeliveryTests {
  private static let count = 28
  private static let school = sample {
    $0.paymentsPerDay = 60
    $0.students = 400
    // Accounts of two merchants send other payouts than that of one.
    $0.funds = nil
  }
  private static let bad = school.deliveries(from: monday, count: count, .bad)
  private static let tidy = school.deliveries(from: monday, count: count, .tidy)

  /// What lies in the folder after each morning.
  private func folders(_ span: DeliveredSpan) -> [[String: [UInt8]]] {
    var folder: [String: [UInt8]] = [:]
    return span.mornings.map { morning in
      for name in morning.withdrawn { folder[name] = nil }
      for file in morning.files { folder[file.name] = file.bytes }
      return folder
    }
  }

  private func deliveries(_ span: DeliveredSpan) throws -> [PlantedDelivery] {
    try #require(span.truth.deliveries)
  }

  @Test func theSameSeedDeliversTheSameBytes() {
    #expect(Self.school.deliveries(from: monday, count: Self.count, .bad) == Self.bad)
  }

  @Test func everyKindHappensOnceOrTwiceAWeekAndNoneInTheLastDays() throws {
    let all = try deliveries(Self.bad)
    for kind in DeliveryKind.allCases {
      let count = all.filter { $0.kind == kind.rawValue }.count
      #expect((3...8).contains(count), "\(kind): \(count)")
    }
    let last = monday.adding(Int32(Self.count) - 1)
    for delivery in all {
      let day = try #require(BusinessDay(delivery.day))
      let arrives = try #require(BusinessDay(delivery.arrives))
      let right = try #require(BusinessDay(delivery.right))
      #expect(day.adding(1) <= arrives && arrives <= right && right <= day.adding(6))
      #expect(day <= last.adding(-5))
      #expect(delivery.waits.until == delivery.right && !delivery.note.isEmpty)
    }
    #expect(Set(all.map(\.file)).count == all.count)
  }

  @Test func everythingIsPutRightOnTheMorningThatIsSaid() throws {
    let (bad, tidy) = (folders(Self.bad), folders(Self.tidy))
    #expect(bad.last == tidy.last)
    #expect(
      tidy.last?.keys.sorted() == Self.bad.days.flatMap(\.files).map(\.name).sorted())
    for delivery in try deliveries(Self.bad) where delivery.kind != "late-terminal" {
      let right = try #require(tidy.last?[delivery.file])
      for (place, morning) in Self.bad.mornings.enumerated() {
        let found = bad[place][delivery.file]
        let name = morning.day.description
        if name < delivery.arrives { #expect(found == nil) }
        if name >= delivery.right {
          #expect(found == right, "\(delivery.file) \(name)")
          #expect(delivery.withdrawn.allSatisfy { bad[place][$0] == nil })
        } else {
          #expect(found != right, "\(delivery.kind) \(delivery.file) \(name)")
        }
      }
    }
  }

  @Test func tidyFilesComeEachOnItsOwnMorning() throws {
    for (morning, day) in zip(Self.tidy.mornings, Self.tidy.days) {
      #expect(morning.day == day.day.adding(1) && morning.files == day.files)
    }
    #expect(try deliveries(Self.tidy).allSatisfy { $0.kind == "late-terminal" })
  }

  @Test func deliveriesChangeNothingThatHappened() throws {
    var (bad, tidy) = (Self.bad.truth, Self.tidy.truth)
    (bad.deliveries, tidy.deliveries) = (nil, nil)
    #expect(bad == tidy)
    let plain = Self.school.days(from: monday, count: Self.count)
    #expect(plain.truth.totals == bad.totals)
    let late = Set(try deliveries(Self.tidy).map(\.day))
    #expect(!late.isEmpty)
    for (one, two) in zip(plain.days, Self.tidy.days) {
      // A reversal quotes the number the day before gave.
      let numbering = [one.day, one.day.adding(-1)].map(\.description)
      guard late.isDisjoint(with: numbering) else { continue }
      #expect(one.truth.anomalies.count == two.truth.anomalies.count)
      for source in ["ledger", "wechat"] {
        let whole = lines(try text(one, source)).dropFirst()
        let parts = two.files.filter { $0.source == source }
          .flatMap { lines(String(decoding: $0.bytes, as: UTF8.self)).dropFirst() }
        func shown(_ lines: some Sequence<String>) -> [String] {
          lines.map { $0.replacing("1605550218", with: "1601959334") }
            .filter { $0.contains("充值") && !$0.contains("总金额") }.sorted()
        }
        #expect(shown(parts) == shown(whole))
      }
    }
  }

  @Test func aLateTerminalsRowsStandAtTheEndAndItsCardsChainInThatOrder() throws {
    let delivery = try #require(
      try deliveries(Self.tidy).first { $0.kind == "late-terminal" })
    let day = try #require(Self.tidy.days.first { $0.day.description == delivery.day })
    let file = try #require(day.files.first { $0.name == delivery.file })
    let rows = plain(String(decoding: file.bytes, as: UTF8.self))
    let serials = rows.compactMap { $0["流水号"] }
    #expect(serials == serials.sorted())
    let times = rows.compactMap { $0["交易时间"] }
    #expect(times != times.sorted())
  }

  @Test func whoWaitsStandsInAnotherBook() throws {
    let all = try deliveries(Self.bad)
    let ledgers = Self.bad.days.flatMap(\.files).filter { $0.source == "ledger" }
    let numbers = Set(
      ledgers.flatMap { plain(String(decoding: $0.bytes, as: UTF8.self)) }.compactMap { $0["流水号"] })
    for delivery in all {
      #expect(numbers.isSuperset(of: delivery.waits.ledgerSerials))
      #expect(delivery.source == "ledger" || delivery.waits.channelSerials.isEmpty)
      // Nothing of the ledger waits for an account's statement.
      let isBehind = delivery.source.contains("fund") || delivery.source.contains("account")
      if ["late", "lost", "header-only"].contains(delivery.kind), !isBehind {
        #expect(delivery.waits.ledgerSerials.count + delivery.waits.channelSerials.count > 3)
      }
    }
  }

  @Test func aBillOfOneTypeHasTheColumnsOfItsType() throws {
    let delivery = try #require(try deliveries(Self.bad).first { $0.kind == "split-types" })
    let morning = try #require(
      Self.bad.mornings.first { $0.day.description == delivery.arrives })
    for (name, isRefund) in zip(delivery.withdrawn, [false, true]) {
      let file = try #require(morning.files.first { $0.name == name })
      let bill = weChat(String(decoding: file.bytes, as: UTF8.self))
      #expect(!bill.rows.isEmpty)
      for row in bill.rows {
        #expect(row["交易状态"] == (isRefund ? "REFUND" : "SUCCESS"))
        #expect((row["微信退款单号"] != nil) == isRefund && (row["退款成功时间"] != nil) == isRefund)
        #expect(row["费率"] == "0.60%" && row["商户号"] == delivery.owner)
      }
    }
  }

  @Test func aSpreadsheetRoundsDigitsAndRewritesTimes() {
    let table = TableDamage(
      Array("时间,号,数\r\n`2025-09-01 08:05:09,`4200002025090112345,`012.50\r\n".utf8),
      isGuarded: true)
    #expect(
      String(decoding: table.resaved(), as: UTF8.self)
        == "时间,号,数\r\n2025/9/1 8:05,4.20E+18,012.5\r\n")
  }

  @Test func anAnswerSheetWithoutDeliveriesReadsAsBefore() throws {
    let truth = sample().day(monday).truth
    let json = try truth.json()
    #expect(!String(decoding: json, as: UTF8.self).contains("deliveries"))
    #expect(try Truth(json: json).deliveries == nil)
    #expect(try Truth(json: Self.bad.truth.json()) == Self.bad.truth)
  }

  @Test func aRequestForDeliveriesIsChecked() throws {
    for change in [
      { $0.deliveries = "late" }, { $0.days = 6 }, { $0.fault = "row-rejected" },
      { $0.reference = 300 }, { $0.day = "2026-02-30" },
    ] as [(inout SimulationRequest) -> Void] {
      var request = SimulationRequest()
      request.isSample = true
      request.deliveries = "bad"
      request.days = 8
      change(&request)
      #expect(throws: SimulationRequestError.self) { try request.runDeliveries() }
    }
  }
}

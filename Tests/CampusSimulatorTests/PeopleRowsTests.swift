import Payments
import Testing

@testable import CampusSimulator

/// Each planted case of who is who, read back from the files.
@Suite struct PeopleRowsTests {
  /// A day with one case, its entry on the answer sheet, and the ledger's rows.
  private struct Case {
    var day: SimulatedDay
    var told: PlantedAnomaly
    var ledger: [[String: String]]

    /// Ledger rows of the case, but for spending and allowances.
    var rows: [[String: String]] {
      ledger.filter {
        told.rowSerials.contains($0["流水号"] ?? "") && !["消费", "领款"].contains($0["交易类型"])
      }
    }

    func row(_ serial: String?) throws -> [String: String] {
      try #require(ledger.first { $0["流水号"] == serial })
    }

    /// Whether a ledger row is of the person whose top-up it is.
    func isOwn(_ row: [String: String]) -> Bool {
      let number = String((row["学工号"] ?? "").uppercased().drop { $0 == "0" })
      return row["卡号"] == told.card || number == told.account
    }
  }

  private func cases(_ plant: Plant, _ mix: (inout ChannelMix) -> Void = { _ in }) throws
    -> [Case]
  {
    try (1...20 as ClosedRange<UInt64>).compactMap { seed in
      let day = sample(seed) { configuration in
        configuration.people = .mixed
        configuration.plants = [plant: 1...1]
        configuration.paymentsPerDay = 0
        configuration.ordinaryCases = 0...0
        configuration.alipayZipped = false
        mix(&configuration.mix)
      }.day(monday)
      guard let told = day.truth.anomalies.first else { return nil }
      return Case(day: day, told: told, ledger: plain(try text(day, "ledger")))
    }
  }

  /// The line of a serial in the CCB export.
  private func line(_ one: Case, _ serial: String?) throws -> [String: String] {
    try #require(plain(try text(one.day, "ccb")).first { $0["账户明细编号-交易流水号"] == serial })
  }

  private func onlyCCB(_ mix: inout ChannelMix) {
    (mix.wechat, mix.alipay, mix.boc) = (0, 0, 0)
  }

  @Test func anOrderOfTwoIsListedTwiceAndCreditedOnce() throws {
    for one in try cases(.orderOfTwo, onlyCCB) {
      let order = try #require(one.told.merchantOrder)
      let listed = plain(try text(one.day, "ccb")).filter { $0["备注"]?.contains(order) == true }
      #expect(listed.count == 2)
      #expect(Set(listed.compactMap { $0["对方账号"] }).count == 2)
      #expect(one.rows.count == 1 && !one.isOwn(one.rows[0]))
    }
  }

  @Test func thePartsOfABatchShareTheirReference() throws {
    let found = try cases(.batchPartAbsent)
    #expect(found.count == 20)
    for one in found {
      let bill = try text(one.day, "boc")
      let (reference, order) = (one.told.channelSerial ?? "?", one.told.merchantOrder ?? "?")
      let entry = try #require(elements("Ntry", in: bill).first { $0.contains(order) })
      let parts = elements("TxDtls", in: entry)
      #expect(parts.count > 1)
      #expect(parts.allSatisfy { elements("AcctSvcrRef", in: $0) == [reference] })
      #expect(one.rows.count == parts.count - 1)
      #expect(one.rows.allSatisfy { $0["商户订单号"]?.contains(order) == false })
    }
  }

  @Test func aKeylessRefundNamesSomebodyAndNoOrder() throws {
    for plant in [Plant.keylessRefund, .keylessOrphan] {
      for one in try cases(plant, onlyCCB) {
        let refund = try line(one, one.told.refundSerial)
        let note = try #require(refund["备注"])
        #expect(!note.contains("CK") && refund["摘要"] == "校园卡退款")
        #expect(note.contains(one.told.card) || note.uppercased().contains(one.told.account))
        #expect(try fen(refund["借方发生额（支取）"]) == one.told.amountFen)
        #expect(one.rows.map { $0["交易类型"] } == (plant == .keylessOrphan ? [] : ["充值"]))
      }
    }
  }

  @Test func aKeylessReversalNamesSomebodyAndNoRow() throws {
    for plant in [Plant.keylessReversal, .strayReversal] {
      for one in try cases(plant) {
        let taken = try one.row(one.told.ledgerSerials.first)
        #expect(["冲正", "退款"].contains(taken["交易类型"]))
        #expect([taken["商户订单号"], taken["渠道流水号"], taken["原流水号"]] == ["", "", ""])
        #expect(one.isOwn(taken))
        #expect(try fen(taken["金额"]) == one.told.amountFen)
        #expect(one.rows.count == (plant == .strayReversal ? 1 : 2))
      }
    }
  }

  @Test func aReversalOfAnotherIsTakenOffThatOnesCard() throws {
    for one in try cases(.reversalOfOther) {
      let taken = try one.row(one.told.ledgerSerials.first)
      let owed = try #require(one.told.parties?.first)
      #expect(!one.isOwn(taken) && owed.fen == one.told.amountFen)
      #expect(owed.account != one.told.account && one.told.refundSerial != nil)
      #expect(one.rows.count == 2)
    }
  }

  @Test func partsAddUpToLessOrMoreThanWasPaid() throws {
    for plant in [
      Plant.partsShort, .partsOver, .partsFee, .partsSurcharge, .partsCoupon, .partsRounded,
    ] {
      for one in try cases(plant) {
        let paid = one.day.truth.totals.reduce(0) { $0 + $1.paymentFen }
        var credited: Int64 = 0
        for row in one.rows { credited += try fen(row["金额"]) }
        #expect(one.rows.count >= 2 && one.rows.allSatisfy(one.isOwn))
        #expect(Set(one.told.ledgerSerials) == Set(one.rows.compactMap { $0["流水号"] }))
        #expect(abs(paid - credited) == one.told.amountFen)
        let isNamed = one.told.explanation != "none"
        #expect(one.told.owedTo == (isNamed ? "none" : paid > credited ? "student" : "school"))
      }
    }
  }

  @Test func aPartOfAnotherIsOnTheOthersCard() throws {
    for one in try cases(.partOfOther) {
      let part = try one.row(one.told.ledgerSerials.first)
      #expect(!one.isOwn(part))
      #expect(try fen(part["金额"]) == one.told.amountFen)
      #expect(one.rows.count == 2 && one.rows.filter(one.isOwn).count == 1)
    }
  }

  @Test func aFieldThatIsANumberIsKnownFromElsewhere() throws {
    for one in try cases(.wholeNumber) {
      let bill = try text(one.day, one.told.channel)
      let lines = bill.split(separator: "\n").filter { $0.contains(one.told.channelSerial ?? "?") }
      let fields = lines.flatMap { pieces(String($0), by: ",") }
        .map { String($0.filter { $0 != "\r" }.drop { $0 == "0" }) }
      #expect(fields.contains(one.told.account) || fields.contains(one.told.card))
      let isListed = one.day.files.contains { $0.source == "accounts" }
      #expect(isListed || one.ledger.contains { $0["交易类型"] == "消费" && one.isOwn($0) })
    }
  }

  @Test func aClosedAccountIsOnTheList() throws {
    let found = try cases(.accountClosed)
    #expect(found.count > 3)
    for one in found {
      let closed = plain(try text(one.day, "accounts")).filter { $0["账户状态"] != "正常" }
      #expect(closed.map { $0["卡号"] } == [one.told.card])
      #expect((closed[0]["变更时间"] ?? "") < one.told.time)
    }
  }

  @Test func fullAndPartDifferByWhatIsSaid() throws {
    for plant in [Plant.fullRefundDiffers, .fullReversalDiffers] {
      for one in try cases(plant) {
        let totals = one.day.truth.totals
        let (paid, back) = totals.reduce((0, 0)) { ($0.0 + $1.paymentFen, $0.1 + $1.refundFen) }
        let off = totals.reduce(0) { $0 + $1.reversalFen }
        #expect(max(back, off) == paid && abs(back - off) == one.told.amountFen)
        #expect(one.told.owedTo == (back > off ? "school" : "student"))
      }
    }
  }
}

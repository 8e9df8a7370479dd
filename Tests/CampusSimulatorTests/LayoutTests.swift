import Payments
import Testing

@testable import CampusSimulator

@Suite struct LayoutTests {
  private func school(_ seed: UInt64) -> School {
    sample(seed) { configuration in
      configuration.paymentsPerDay = 300
      configuration.students = 600
      configuration.alipayZipped = false
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func theTrailerOfAWeChatBillAddsUp(seed: UInt64) throws {
    let text = try text(school(seed).day(monday), "wechat")
    #expect(text.utf8.starts(with: [0xEF, 0xBB, 0xBF]))
    let (rows, trailer) = weChat(text)
    #expect(rows.allSatisfy { $0.count == 27 })
    #expect(trailer[0] == "\(rows.count).0")
    for (place, column) in [
      (1, "应结订单金额"), (2, "退款金额"), (3, "充值券退款金额"), (4, "手续费"), (5, "订单金额"), (6, "申请退款金额"),
    ] {
      let sum = try rows.reduce(0) { $0 + (try fen($1[column])) }
      #expect(try fen(trailer[place]) == sum, "\(column)")
    }
  }

  @Test func weChatRowsFollowTheirStatus() throws {
    let (rows, _) = weChat(try text(school(4).day(monday), "wechat"))
    for row in rows {
      #expect(row["微信订单号"]?.count == 28)
      #expect(row["用户标识"]?.count == 28)
      #expect(row["手续费"]?.hasSuffix("000") == true)
      if row["交易状态"] == "REFUND" {
        #expect(row["订单金额"] == "0.00" && row["应结订单金额"] == "0.00")
        #expect(row["微信退款单号"]?.count == 29)
        #expect(try fen(row["手续费"]) <= 0)
      } else {
        #expect(row["交易状态"] == "SUCCESS")
        #expect(row["微信退款单号"] == "0" && row["申请退款金额"] == "0.00")
        // 0.60 % of what is settled, to the fen.
        let settled = try fen(row["应结订单金额"])
        #expect(try fen(row["手续费"]) == (settled * 6 + 500) / 1_000)
      }
    }
    #expect(rows.contains { $0["交易状态"] == "REFUND" })
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func theTrailerOfAnAlipayBillAddsUp(seed: UInt64) throws {
    let (rows, trailer) = alipay(try text(school(seed).day(monday), "alipay"))
    #expect(rows.allSatisfy { $0.count == 25 })
    for (word, name, received, discount) in [
      ("交易", "交易合计", "商家实收共", "商家优惠共"), ("退款", "退款合计", "商家实收退款共", "商家优惠退款共"),
    ] {
      let listed = rows.filter { $0["业务类型"] == word }
      let sum = try listed.reduce(0) { $0 + (try fen($1["商家实收（元）"])) }
      let line = try #require(trailer.first { $0.hasPrefix("#\(name)") })
      #expect(line.contains("：\(listed.count)笔，"))
      let stated = try #require(line.firstRange(of: received))
      let tail = line[stated.upperBound...]
      #expect(try fen(String(tail.prefix { $0 != "元" })) == sum)
      #expect(tail.contains(discount))
    }
    #expect(rows.contains { $0["订单金额（元）"]?.hasPrefix("-") == true })
  }

  @Test func alipaysZipNamesItsMembersInGBKWithTheSummaryFirst() throws {
    let day = sample().day(monday)
    let bytes = try #require(day.files.first { $0.source == "alipay" }).bytes
    #expect(bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]))
    let first = GB18030.encoded(Array("20886110962563300156_20261102_业务明细(汇总).csv".utf8))
    #expect(bytes[7] & 0x08 == 0, "the UTF-8 flag is off")
    #expect(Array(bytes[30..<(30 + first.count)]) == first)
    let second = GB18030.encoded(Array("20886110962563300156_20261102_业务明细.csv".utf8))
    #expect(bytes.firstRange(of: second) != nil)
  }

  @Test func theBalanceOfTheCCBExportRunsThrough() throws {
    let span = school(5).days(from: monday, count: 2)
    var before: Int64?
    for day in span.days {
      for row in plain(try text(day, "ccb")) {
        #expect(row.count == 17)
        let (moneyIn, out) = (try fen(row["贷方发生额（收入）"]), try fen(row["借方发生额（支取）"]))
        #expect(moneyIn == 0 || out == 0)
        let balance = try fen(row["余额"])
        if let before { #expect(before + moneyIn - out == balance) }
        before = balance
      }
    }
  }

  @Test(arguments: CamtVersion.allCases)
  func theBalancesOfACamtStatementAddUp(version: CamtVersion) throws {
    let span = sample(6) { $0.camtVersion = version }.days(from: monday, count: 2)
    var closing: Int64?
    for day in span.days {
      let text = try text(day, "boc")
      #expect(text.contains("camt.053.001.\(version.rawValue)\""))
      var balances: [Int64] = []
      for balance in elements("Bal", in: text) { balances.append(try amount(balance)) }
      var sum = balances[0]
      for entry in elements("Ntry", in: text) {
        let isBooked =
          version == .two
          ? entry.contains("<Sts>BOOK</Sts>") : entry.contains("<Sts><Cd>BOOK</Cd></Sts>")
        if isBooked { sum += try amount(entry) }
      }
      #expect(balances.count == 2 && balances[1] == sum)
      if let closing { #expect(balances[0] == closing) }
      closing = balances[1]
    }
  }

  @Test(arguments: CamtVersion.allCases)
  func theMovementsOfABatchAddUpToItsEntry(version: CamtVersion) throws {
    let text = try text(sample(6) { $0.camtVersion = version }.day(monday), "boc")
    let batches = elements("Ntry", in: text).filter { $0.contains("<Btch>") }
    #expect(!batches.isEmpty)
    for batch in batches {
      let details = elements("TxDtls", in: batch)
      #expect(elements("NbOfTxs", in: batch) == ["\(details.count)"])
      var sum: Int64 = 0
      for detail in details { sum += try amount(detail) }
      #expect(try amount(batch) == sum)
    }
  }

  /// The first amount in an element, signed by the first direction in it.
  private func amount(_ element: String) throws -> Int64 {
    let open = try #require(element.firstRange(of: "<Amt Ccy=\"CNY\">"))
    let value = try fen(String(element[open.upperBound...].prefix { $0 != "<" }))
    return elements("CdtDbtInd", in: element).first == "DBIT" ? -value : value
  }

  @Test func theLedgerNumbersItsRowsAndEveryCardsBalanceRunsThrough() throws {
    let span = school(8).days(from: monday, count: 2)
    var balances: [String: Int64] = [:]
    for day in span.days {
      var number = 0
      for row in plain(try text(day, "ledger")) {
        number += 1
        #expect(row.count == 14)
        #expect(row["流水号"]?.hasSuffix("0000000\(number)".suffix(8)) == true)
        let card = try #require(row["卡号"])
        guard row["状态"] == "成功" else {
          #expect(row["余额"] == "")
          continue
        }
        let up = ["充值", "自动续充", "补录", "转入", "现金充值", "领款"].contains(row["交易类型"])
        let moved = try fen(row["金额"]) * (up ? 1 : -1)
        let balance = try fen(row["余额"])
        if let before = balances[card] { #expect(before + moved == balance) }
        #expect(balance >= 0)
        balances[card] = balance
      }
    }
  }

  @Test func aReversalNamesTheCreditItTakesBack() throws {
    let rows = plain(try text(school(9).day(monday), "ledger"))
    let serials = Set(rows.compactMap { $0["流水号"] })
    let back = rows.filter { ["冲正", "退款", "转入"].contains($0["交易类型"]) }
    #expect(!back.isEmpty)
    for row in back { #expect(serials.contains(row["原流水号"] ?? "")) }
  }

  @Test func noSerialIsIssuedTwice() throws {
    let school = sample(10) { configuration in
      configuration.plants = [:]
      configuration.paymentsPerDay = 500
      configuration.students = 900
      configuration.alipayZipped = false
    }
    var seen = Set<String>()
    var count = 0
    for day in school.days(from: monday, count: 2).days {
      let wechat = weChat(try text(day, "wechat")).rows.filter { $0["交易状态"] == "SUCCESS" }
      let paid = alipay(try text(day, "alipay")).rows.filter { $0["业务类型"] == "交易" }
      let serials =
        wechat.compactMap { $0["微信订单号"] } + paid.compactMap { $0["支付宝交易号"] }
        + plain(try text(day, "ccb")).compactMap { $0["账户明细编号-交易流水号"] }
        + plain(try text(day, "ledger")).compactMap { $0["流水号"] }
      count += serials.count
      seen.formUnion(serials)
    }
    #expect(seen.count == count)
  }

  @Test func bankLinesOfOtherBusinessDoNotSpeakOfTheCampusCard() throws {
    let rows = plain(try text(school(11).day(monday), "ccb"))
    let other = rows.filter { $0["摘要"]?.contains("校园卡") == false }
    #expect(other.count >= 3)
    #expect(other.allSatisfy { $0["备注"]?.contains("校园卡") == false })
  }

  @Test func chineseTextSurvivesGB18030() {
    let text = Array("账户明细编号-交易流水号，支付宝（中国）¥1.00 龙\t".utf8)
    let bytes = GB18030.encoded(text)
    #expect(bytes != text)
    #expect(GB18030.decoded(bytes) == text)
    #expect(decoded(bytes) == text)
  }
}

import Columns
import Payments
import Testing

@testable import Statements

/// What a single file can do wrong, by files of a few lines.
@Suite("Faults of one file") struct FaultTests {
  private func reading(_ text: String, as name: String = "statement.csv") async throws -> Reading {
    try #require(try await readings(of: text, as: name).first)
  }

  private let paid = [
    wechatRow("42001", order: "CR1"), wechatRow("42002", order: "CR2", amount: "30.00"),
  ]

  @Test(
    "a trailer is compared as numbers, whatever they look like",
    arguments: [("2", "80.00"), ("2.0", "80"), ("`2.0", "80.000"), ("2", "80.0")])
  func totals(_ count: String, _ total: String) async throws {
    let reading = try await reading(wechatText(paid, count: count, total: total))
    #expect(reading.kinds == [])
    #expect(reading.statement.totals.map(\.computed) == [2, 8_000, 0])
    #expect(reading.statement.totals.allSatisfy { $0.stated == $0.computed })
  }

  @Test(
    "a trailer that its rows do not give holds the file",
    arguments: [
      ("3", "80.00", "总交易单数"), ("2", "80.01", "订单总金额"), ("2", "", "订单总金额"),
      ("2", "很多", "订单总金额"), ("1", "8000", "总交易单数"), ("-2", "80.00", "总交易单数"),
    ])
  func wrongTotals(_ count: String, _ total: String, _ column: String) async throws {
    let reading = try await reading(wechatText(paid, count: count, total: total))
    #expect(reading.kinds == [.controlTotalMismatch])
    #expect(reading.statement.isHeld)
    #expect(reading.statement.faults.first?.column == column)
    let wording = try #require(reading.statement.faults.first?.detail)
    #expect(wording.zh.contains(column) && wording.en.contains(column))
  }

  @Test("rows lost or doubled under an honest trailer are noticed")
  func lostRows() async throws {
    for rows in [Array(paid.dropLast()), paid + [paid[0]], []] {
      let reading = try await reading(wechatText(rows, count: "2", total: "80.00"))
      #expect(reading.kinds == [.controlTotalMismatch])
    }
  }

  @Test("a row that cannot be cut into fields is rejected, and the others are used")
  func strayField() async throws {
    let stray = paid[0] + ",`more"
    let reading = try await reading(wechatText([stray, paid[1]], count: "2", total: "80.00"))
    #expect(reading.kinds == [.rowRejected])
    #expect(!reading.statement.isHeld)
    #expect(reading.statement.holes.map(\.line) == [2], "whose the row is nobody knows")
    #expect(reading.rejections.map(\.line) == [2])
    #expect(reading.table.count == 1 && reading.unkeyed.rows == 1)
    let more = try await self.reading(wechatText([stray, paid[1]], count: "3", total: "80.00"))
    #expect(more.kinds == [.controlTotalMismatch, .rowRejected])
  }

  @Test("a bill without its trailer is cut off; a bill of an empty day has one")
  func trailers() async throws {
    let text = wechatText(paid, count: "2", total: "80.00")
    let cut = try #require(text.firstRange(of: "总交易单数")).lowerBound
    #expect(try await reading(String(text[..<cut])).kinds == [.statementTruncated])
    let header = String(text.prefix { $0 != "\r\n" })
    #expect(try await reading(header + "\r\n").kinds == [.statementTruncated])
    let empty = try await reading(wechatText([], count: "0", total: "0.00"))
    #expect(empty.kinds == [] && empty.statement.read == Tally())
  }

  @Test("an Alipay bill's end mark tells an empty day from a cut one")
  func alipay() async throws {
    for rows in [[], nil] as [[String]?] {
      let empty = try await reading(alipayText(rows, payments: "0", total: "0.00"))
      #expect(empty.kinds == [] && empty.statement.read.rows == 0)
      #expect(empty.statement.format == "alipay-trade")
      #expect(empty.statement.from == BusinessDay("2026-11-02"))
      #expect(empty.statement.to == BusinessDay("2026-11-02"), "the end is the next midnight")
    }
    let full = alipayText([alipayRow("2026A", order: "CR1")], payments: "1", total: "50.00")
    #expect(try await reading(full).kinds == [])
    let mark = try #require(full.firstRange(of: "列表结束")).lowerBound
    #expect(try await reading(String(full[..<mark])).kinds == [.statementTruncated])
    let wrong = full.replacing("共50.00元", with: "共60.00元")
    #expect(try await reading(wrong).kinds == [.controlTotalMismatch])
    let other = full.replacing("2026-11-02 08:00:01", with: "2026-11-04 08:00:01")
    #expect(try await reading(other).kinds == [.wrongDay])
  }

  @Test("a header line that ends in the middle is a cut file, not an empty day")
  func cutHeader() async throws {
    let header = ledgerText([])
    #expect(try await reading(header).kinds == [])
    for count in 1..<header.count {
      let reading = try await reading(String(header.prefix(count)))
      #expect(reading.statement.isHeld, "\(header.prefix(count)): \(reading.kinds)")
      #expect(reading.statement.read == Tally())
      #expect(reading.statement.faults.first?.line == 1)
    }
  }

  @Test("a balance that does not follow is located between two lines")
  func balances() async throws {
    let rows = [
      ccbRow("101-1", balance: "150.00"), ccbRow("101-2", balance: "200.00"),
      ccbRow("101-4", balance: "260.00"),
      ccbRow("101-5", paidIn: "0", paidOut: "60.00", balance: "200.00"),
    ]
    let broken = try await reading(ccbText(rows))
    #expect(broken.kinds == [.runningBalanceBreak])
    let fault = try #require(broken.statement.faults.first)
    #expect(fault.line == 4 && fault.column == "余额")
    #expect(fault.detail.zh.contains("第 3 行") && fault.detail.zh.contains("第 4 行"))
    let good = [
      rows[0], rows[1], ccbRow("101-5", paidIn: "0", paidOut: "60.00", balance: "140.00"),
    ]
    for order in [good, good.reversed()] {
      let reading = try await reading(ccbText(order))
      #expect(reading.kinds == [])
      #expect(reading.balances?.opening == 10_000 && reading.balances?.closing == 14_000)
    }
  }

  @Test("a card's balance that does not follow is located, where the ledger lists everything")
  func cards() async throws {
    var balance = 0
    var rows = (1...40).map { number -> String in
      balance += 10
      return ledgerRow(
        "R\(number)", amount: "10.00", time: "2026-11-02 08:00:\(number < 10 ? "0" : "")\(number)",
        balance: "\(balance).00")
    }
    #expect(try await reading(ledgerText(rows)).kinds == [])
    rows.remove(at: 20)
    let reading = try await reading(ledgerText(rows))
    #expect(reading.kinds == [], "evidence for people, no reason to hold the file")
    #expect(reading.statement.cardBreaks.map(\.before) == [21])
    #expect(reading.statement.cardBreaks.map(\.after) == [22])
    #expect(reading.statement.cardBreaks.map(\.differenceFen) == [1_000])
  }

  @Test("a header that lost a column names it, and what came instead")
  func layouts() async throws {
    let bill = wechatText(paid, count: "2", total: "80.00").replacing("商户订单号", with: "商家单号")
    let changed = try await reading(bill)
    #expect(changed.kinds == [.layoutChanged])
    let fault = try #require(changed.statement.faults.first)
    #expect(fault.line == 1 && fault.column == "商户订单号")
    #expect(fault.detail.zh.contains("商户订单号") && fault.detail.zh.contains("商家单号"))
    let ledger = ledgerText([ledgerRow("R1")]).replacing("卡号,学工号", with: "账户,部门")
    let other = try await reading(ledger)
    #expect(other.kinds == [.layoutChanged])
    #expect(other.statement.side == .ledger)
    #expect(other.statement.faults.first?.detail.zh.contains("账户") == true)
  }

  @Test("columns may stand in any order and more may come")
  func order() async throws {
    let text = """
      备注,状态,金额,交易类型,学工号,交易时间,流水号,商户订单号,渠道
      新列,成功,50.00,充值,2023010203,2026-11-02 08:00:05,R1,CR1,微信

      """
    let reading = try await reading(text)
    #expect(reading.kinds == [] && reading.table.fen == [5_000])
    #expect(reading.table.order == [fingerprint("CR1")])
  }

  @Test("rounded serials hold the file and name the column")
  func spreadsheets() async throws {
    let rows = [wechatRow("42001", order: "CR1"), wechatRow("4.20E+27", order: "CR2")]
    let reading = try await reading(wechatText(rows, count: "2", total: "100.00"))
    #expect(reading.kinds == [.spreadsheetDamaged] && reading.statement.isHeld)
    let fault = try #require(reading.statement.faults.first)
    #expect(fault.line == 3 && fault.column == "微信订单号")
  }

  @Test("a status nobody listed is held, not guessed", arguments: ["SETTLING", "", "success"])
  func statuses(_ word: String) async throws {
    let rows = [paid[0], wechatRow("42003", order: "CR3", status: word)]
    let reading = try await reading(wechatText(rows, count: "2", total: "100.00"))
    #expect(reading.kinds == [.unknownStatus] && !reading.statement.isHeld)
    #expect(reading.statement.faults.first?.line == 3)
    #expect(reading.statement.faults.first?.column == "交易状态")
    #expect(reading.table.kind == [.payment, .held])
    #expect(reading.rejections.map(\.line) == [3])
    #expect(reading.isConserved)
  }
}

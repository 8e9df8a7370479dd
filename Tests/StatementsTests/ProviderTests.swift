import Columns
import Payments
import Testing

@testable import Statements

private let header =
  "交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,用户标识,交易状态,商品名称,手续费,订单金额"

/// A provider's bill: sub-merchant and yuan of each row.
private func bill(_ rows: [(sub: String, yuan: Int)]) -> String {
  let lines = rows.enumerated().map { index, row in
    "`2026-11-02 08:00:0\(index),`wx8f2c,`1601959334,`\(row.sub),`420000\(index),`O\(index),`oABC,"
      + "`SUCCESS,`校园卡充值 学号2023010203,`0.10000,`\(row.yuan).00"
  }
  let total = rows.reduce(0) { $0 + $1.yuan }
  let fees = "\(rows.count / 10).\(rows.count % 10)0"
  let trailer = ["总交易单数,订单总金额,手续费总金额", "`\(rows.count),`\(total).00,`\(fees)"]
  return ([header] + lines + trailer).map { $0 + "\r\n" }.joined()
}

private func read(_ text: String, own: [String]) async throws -> Reading {
  var options = Intake.Options()
  options.words.subMerchants = [.wechat: own]
  let reader = StatementReader(profiles: builtInProfiles, options: options)
  let file = StatementFile(path: "wechat.csv", bytes: Array(text.utf8))
  return try #require(try await reader.read([file], names: ["wechat.csv"]).first)
}

@Suite("Service providers' bills") struct ProviderTests {
  private let mixed = bill([("1511458511", 10), ("176531292", 20), ("1511458511", 30)])

  @Test("rows of other sub-merchants are excluded by name, with their fees; totals still hold")
  func own() async throws {
    let reading = try await read(mixed, own: ["1511458511"])
    #expect(reading.kinds == [])
    #expect(reading.table.kind == [.payment, .excluded, .payment])
    #expect(reading.table.rule[1] == .otherMerchant)
    #expect(reading.statement.read.rows == 3)
    #expect(reading.statement.feeHundredThousandths == 20_000)
    #expect(reading.isConserved)
  }

  @Test("a bill of several schools is held while nobody says which is ours")
  func unconfigured() async throws {
    let reading = try await read(mixed, own: [])
    #expect(reading.kinds == [.wrongAccountStatement])
    let fault = try #require(reading.statement.faults.first)
    #expect(fault.line == 3)
    #expect(fault.detail.en.contains("sources.wechat.subMerchants"))
  }

  @Test("a school's own bill, and a provider's for one school, need no configuration")
  func one() async throws {
    for sub in ["0", "", "1511458511"] {
      let reading = try await read(bill([(sub, 10), (sub, 20)]), own: [])
      #expect(reading.kinds == [])
      #expect(reading.table.kind == [.payment, .payment])
    }
  }
}

private func answer(page: Int, of pages: Int, numbers: [Int]) -> String {
  let rows = numbers.map { number in
    """
    <DETAILINFO><TRANDATE>2026/11/02</TRANDATE><TRANTIME>08:00:\(number % 50 + 10)</TRANTIME>\
    <AMT>50.00</AMT><AMT1>\(number * 50).00</AMT1><FLAG1>1</FLAG1>\
    <TRAN_FLOW>4420\(number)</TRAN_FLOW><DET_NO>\(number)</DET_NO>\
    <DET>校园卡充值 学号2023010203</DET></DETAILINFO>
    """
  }
  return """
    <?xml version="1.0" encoding="UTF-8"?>
    <TX><TX_CODE>6WY101</TX_CODE><RETURN_CODE>000000</RETURN_CODE><TX_INFO><ACCNO1>4400</ACCNO1>\
    <CURR_COD>01</CURR_COD><PAGE>\(page)</PAGE><TOTAL_PAGE>\(pages)</TOTAL_PAGE><DETAILLIST>
    \(rows.joined(separator: "\n"))
    </DETAILLIST></TX_INFO></TX>
    """
}

@Suite("Answers in pages") struct PageTests {
  @Test("every page together is a statement")
  func whole() async throws {
    let read = try await intake([
      ("one.xml", Array(answer(page: 1, of: 2, numbers: [11, 12]).utf8)),
      ("two.xml", Array(answer(page: 2, of: 2, numbers: [13, 14]).utf8)),
    ])
    #expect(read.allStatements.filter { $0.side == .channel }.flatMap(\.faults) == [])
    #expect(read.entries.kind.filter { $0 == .payment }.count == 4)
  }

  @Test("a page that is not there is missed by its number")
  func missing() async throws {
    let read = try await intake([
      ("one.xml", Array(answer(page: 1, of: 3, numbers: [11, 12]).utf8)),
      ("three.xml", Array(answer(page: 3, of: 3, numbers: [15]).utf8)),
    ])
    for name in ["one.xml", "three.xml"] {
      let statement = try read.statement(name)
      #expect(statement.faults.map(\.kind) == [.statementTruncated])
      #expect(statement.faults[0].detail.en.contains("missing: 2"))
      #expect(statement.isHeld)
    }
  }

  @Test("a gap in the running numbers is a missing row, found between two lines")
  func gap() async throws {
    let whole = try await readings(of: answer(page: 1, of: 1, numbers: [3_465, 3_466, 3_467]))
    #expect(whole.flatMap(\.kinds) == [])
    let newest = try await readings(of: answer(page: 1, of: 1, numbers: [3_467, 3_466, 3_465]))
    #expect(newest.flatMap(\.kinds).contains(.statementTruncated) == false)
    let cut = try await readings(of: answer(page: 1, of: 1, numbers: [3_465, 3_467]))
    let fault = try #require(cut[0].statement.faults.first { $0.kind == .statementTruncated })
    #expect(fault.line == 4)
    #expect(fault.detail.en.contains("3465") && fault.detail.en.contains("3467"))
  }
}

@Suite("Summaries beside their detail") struct SummaryTests {
  private static func record(_ serial: String, _ fen: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0x20, count: 607)
    func put(_ text: String, at place: Int) {
      bytes.replaceSubrange((place - 1)..<(place - 1 + text.utf8.count), with: Array(text.utf8))
    }
    func digits(_ value: Int, _ width: Int) -> String {
      String(repeating: "0", count: width - "\(value)".count) + "\(value)"
    }
    put("S56", at: 1)
    put(digits(fen, 12), at: 67)
    put(serial, at: 88)
    put("O\(serial.suffix(6))", at: 113)
    put("D" + digits(6, 12), at: 167)
    put("C" + digits(fen - 6, 12), at: 181)
    put("01", at: 216)
    put("802310048993424", at: 294)
    return bytes + [0x0D, 0x0A]
  }

  private static let detail =
    record("202611020800001906248", 1_000) + record("202611020801001906249", 2_000)

  private static func summary(_ total: String) -> [UInt8] {
    Array(
      """
                          中国银联全渠道商户交易汇总表\r
      商户代码:802310048993424                    清算币种:人民币\r
      ______\r
      自助消费    9   0.00   1.00   0.00  0.00  0.00  1.00\r
      总计        \(total)  0.00  0.00  29.88\r

      """.utf8)
  }

  @Test("a loose summary verifies its detail and is no fault")
  func agrees() async throws {
    let read = try await intake([
      ("INN", Self.detail), ("RD", Self.summary("2   0.00   30.00   0.12")),
    ])
    #expect(read.allStatements.filter { $0.side == .channel }.flatMap(\.faults) == [])
    #expect(try read.statement("INN").totals.count == 4)
    #expect(try read.statement("RD").isPartial)
  }

  @Test(
    "any figure that differs holds the detail",
    arguments: [
      "3   0.00   30.00   0.12", "2   5.00   30.00   0.12", "2   0.00   30.01   0.12",
      "2   0.00   30.00   0.13",
    ])
  func disagrees(_ total: String) async throws {
    let read = try await intake([("INN", Self.detail), ("RD", Self.summary(total))])
    let statement = try read.statement("INN")
    #expect(statement.faults.map(\.kind) == [.controlTotalMismatch])
    #expect(statement.isHeld)
  }

  @Test("alone it is refused as a summary")
  func alone() async throws {
    let read = try await intake([("RD", Self.summary("2   0.00   30.00   0.12"))])
    #expect(try read.statement("RD").faults.map(\.kind) == [.unreadable])
  }
}

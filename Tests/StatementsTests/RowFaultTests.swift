import Columns
import Payments
import Testing

@testable import Statements

/// Faults of bytes, balances and rows, each shown by a small file written for it.
@Suite("Faults inside a statement") struct RowFaultTests {
  @Test("encoding-damaged: a byte no text has is found in rows, with its line")
  func damagedRow() async throws {
    let sheets: [(String, [UInt8])] = [
      ("ccb", Sheet.gb(Sheet.ccb([100, 200, 300]))),
      ("wechat", Sheet.utf8(Sheet.wechat([100, 200, 300]))),
      ("ledger", Sheet.utf8(Sheet.ledger([100, 200, 300]))),
      ("ledger-gb", Sheet.gb(Sheet.ledger([100, 200, 300]))),
    ]
    for (name, bytes) in sheets {
      let second = try #require(
        bytes.firstIndex(of: 0x0A).flatMap { bytes[($0 + 1)...].firstIndex(of: 0x0A) })
      var damaged = bytes
      let place = try #require(bytes[second...].firstIndex { $0 >= 0x80 })
      damaged[place] = 0xFF
      let read = try await intake([("a.csv", damaged)])
      #expect(try read.fault(.encodingDamaged, in: "a.csv").line == 3, "\(name)")
      #expect(read.entries.count == 0)
      #expect(read.isConserved)
    }
  }

  @Test("encoding-damaged: and in the header, whichever name it spoils")
  func damagedHeader() async throws {
    for text in [Sheet.ccbHeader, Sheet.ledgerHeader] {
      let rows = text == Sheet.ccbHeader ? Sheet.ccb([100]) : Sheet.ledger([100])
      let bytes = Sheet.gb(rows)
      var start = 0
      for name in Sheet.gb(text).split(separator: 0x2C) where (name.first ?? 0) >= 0x80 {
        let place = try #require(bytes[start...].firstRange(of: name)?.lowerBound)
        start = place
        var damaged = bytes
        damaged[place] = 0xFF
        let found = try await readings(of: damaged, profiles: builtInProfiles)
        let fault = found.first?.statement.faults.first { $0.kind == .encodingDamaged }
        #expect(fault?.line == 1 && found.first?.statement.isHeld == true)
      }
    }
  }

  @Test("encoding-damaged: a zero byte far down the file")
  func zeroByte() async throws {
    let text = Sheet.ledger([Int](repeating: 500, count: 100)).replacing("L90,", with: "L9\u{0},")
    let read = try await intake([("a.csv", Sheet.utf8(text))])
    #expect(try read.fault(.encodingDamaged, in: "a.csv").line == 91)
    #expect(read.entries.count == 0)
  }

  @Test("spreadsheet-damaged: a serial in scientific notation")
  func spreadsheet() async throws {
    let bill = Sheet.wechat([100, 200]).replacing("`4200002,", with: "`4.20E+27,")
    let fault = try await intake([("a.csv", Sheet.utf8(bill))]).fault(
      .spreadsheetDamaged, in: "a.csv")
    #expect(fault.line == 3)
    #expect(fault.column == "微信订单号")
  }

  @Test("opening-balance-mismatch: a day does not begin where the day before ended")
  func opening() async throws {
    let first = ("1.csv", Sheet.gb(Sheet.ccb([100, 200], day: "20261101")))
    let good = try await intake([first, ("2.csv", Sheet.gb(Sheet.ccb([300], opening: 1_000_300)))])
    #expect(
      good.allStatements.flatMap(\.faults).map(\.kind) == [.statementMissing, .statementMissing])
    let bad = try await intake([first, ("2.csv", Sheet.gb(Sheet.ccb([300], opening: 1_000_301)))])
    let fault = try bad.fault(.openingBalanceMismatch, in: "2.csv")
    #expect(fault.detail.en.contains("10,003.01") && fault.detail.en.contains("10,003.00"))
    #expect(fault.detail.en.contains("1.csv"))
  }

  @Test("running-balance-break: located between two lines, whichever way the file runs")
  func running() async throws {
    let lines = Sheet.ccb([100, 200, 300, 400, 500]).split(separator: "\r\n")
    let missing = lines[..<3] + lines[4...]
    let down = missing.joined(separator: "\r\n") + "\r\n"
    let fault = try await intake([("a.csv", Sheet.gb(down))]).fault(
      .runningBalanceBreak, in: "a.csv")
    #expect(fault.line == 4)
    #expect(fault.column == "余额")
    #expect(fault.detail.en.contains("line 3") && fault.detail.en.contains("line 4"))
    let newestFirst = lines[..<1] + lines[1...].reversed()
    let up = newestFirst.joined(separator: "\r\n") + "\r\n"
    #expect(try await intake([("a.csv", Sheet.gb(up))]).statement("a.csv").faults == [])
    let broken = up.replacing(newestFirst[2] + "\r\n", with: "")
    let other = try await intake([("a.csv", Sheet.gb(broken))]).fault(
      .runningBalanceBreak, in: "a.csv")
    #expect(other.line == 3)
  }

  @Test(
    "row-rejected: line, column and reason are told, the row is listed, the others are used",
    arguments: [
      ("6.00,成功", "6.0.0,成功", 4, "金额", "not an amount"),
      ("6.00,成功", "6.001,成功", 4, "金额", "decimals"),
      ("6.00,成功", ",成功", 4, "金额", "empty"), ("6.00,成功", "-6.00,成功", 4, "金额", "negative"),
      ("6.00,成功", "1e3,成功", 4, "金额", "not an amount"),
      ("6.00,成功", "99999999999999999999,成功", 4, "金额", "too large"),
      ("2026-11-02 08:01:00", "2026-11-31 08:01:00", 2, "交易时间", "not a time"),
      ("2026-11-02 08:01:00", "2026/11/2 8:01", 2, "交易时间", "no seconds"),
      (",3701,2023011001,张三", ",,,张三", 6, "卡号", "neither card"),
      (",张三,微信,CK2,", ",张三,CK2,", nil, nil, "14"),
    ] as [(String, String, Int?, String?, String)])
  func rejected(
    _ good: String, _ bad: String, _ column: Int?, _ header: String?, _ reason: String
  ) async throws {
    let text = Sheet.ledger([500, 600, 700]).replacing("37011,", with: "3701,")
    #expect(text.contains(good))
    let read = try await intake([("a.csv", Sheet.utf8(text.replacing(good, with: bad)))])
    let fault = try read.fault(.rowRejected, in: "a.csv")
    #expect(fault.line == 3 && fault.column == header && !fault.holds)
    let row = try #require(read.rejections.first)
    #expect(read.rejections.count == 1)
    #expect(row.file == "a.csv" && row.line == 3 && row.column == column && row.field == header)
    #expect(row.reason.en.contains(reason), "\(row.reason.en)")
    #expect(row.text.hasPrefix("L2,"))
    #expect(Array(text.utf8)[row.offset...].starts(with: "L2,".utf8))
    #expect(read.entries.kind.filter { $0 == .credit }.count == 2)
    #expect(read.isConserved)
    #expect(!fault.voidsCoverage)
    #expect(try read.statement("a.csv").holes.map(\.line) == [3])
  }

  @Test(
    "unknown-status: the row is held with its keys, never guessed",
    arguments: [("充值,6.00,成功", "充值,6.00,待定", "状态"), ("充值,6.00", "冲值,6.00", "交易类型")])
  func unknown(_ good: String, _ bad: String, _ header: String) async throws {
    let text = Sheet.ledger([500, 600, 700]).replacing(good, with: bad)
    let read = try await intake([("a.csv", Sheet.utf8(text))])
    let fault = try read.fault(.unknownStatus, in: "a.csv")
    #expect(fault.line == 3 && fault.column == header && !fault.holds && !fault.voidsCoverage)
    #expect(read.entries.kind == [.credit, .held, .credit])
    #expect(read.entries.order[1] == fingerprint("CK2"))
    #expect(read.rejections.map(\.line) == [3])
    #expect(read.isConserved)
  }
}

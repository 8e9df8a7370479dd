import Columns
import Foundation
import Payments
import Testing

@testable import Statements

/// One export of several of the school's own accounts, or merchants.
@Suite("Files of several accounts") struct SeveralAccountsTests {
  private static let (first, second) = ("44050110000000012345", "44050110000000067890")
  private static let parts = ["a.csv/4405****2345", "a.csv/4405****7890"]

  /// Rows of CCB bills one after the other in turn, under one header.
  private static func joint(_ bills: [String]) -> String {
    let rows = bills.map { $0.components(separatedBy: "\r\n").dropFirst().dropLast() }
    let most = rows.map(\.count).max() ?? 0
    let turns = (0..<most).flatMap { turn in
      rows.compactMap { turn < $0.count ? $0[$0.startIndex + turn] : nil }
    }
    return Sheet.ccbHeader + turns.map { $0 + "\r\n" }.joined()
  }

  private static let bills = [
    Sheet.ccb([1_000, 2_000, 3_000], opening: 500_000, account: first),
    Sheet.ccb([4_000, 5_000], opening: 70_000, account: second)
      .replacing("101-", with: "202-"),
  ]

  private static func read(_ text: String) async throws -> [Reading] {
    try await readings(of: Sheet.gb(text), as: "a.csv")
  }

  @Test("Each account of a bank's export is a statement, as its own file would be")
  func bank() async throws {
    let read = try await Self.read(Self.joint(Self.bills))
    #expect(read.map(\.statement.file) == Self.parts)
    #expect(read.map(\.statement.merchant) == [Self.first, Self.second])
    #expect(read.map(\.member) == [Self.first, Self.second])
    #expect(read.flatMap(\.kinds) == [])
    for (part, bill) in zip(read, Self.bills) {
      let own = try #require(try await Self.read(bill).first)
      #expect(own.member.isEmpty && own.statement.file == "a.csv")
      #expect(Array(part.table.fen) == Array(own.table.fen))
      #expect(part.table.serial == own.table.serial && part.table.order == own.table.order)
      #expect(part.statement.read == own.statement.read && part.isConserved)
      #expect(part.balances?.opening == own.balances?.opening)
      #expect(part.balances?.closing == own.balances?.closing)
      #expect(part.statement.period == own.statement.period)
    }
    // Lines are those of the file, and rows are quoted from there.
    #expect(Array(read[0].table.line) == [2, 4, 6] && Array(read[1].table.line) == [3, 5])
    let quoted = try read[1].quote(read[1].table[1])
    #expect(quoted.serial == "202-1" && quoted.text.hasPrefix(Self.second))
  }

  @Test("It is said once that the file was read as several statements, and shown of each")
  func told() async throws {
    let read = try await intake([("a.csv", Sheet.gb(Self.joint(Self.bills)))])
    let notes = read.allStatements.flatMap(\.notes)
    #expect(notes.count == 1)
    #expect(notes[0].detail.zh.contains("2 个账号") && notes[0].detail.en.contains("2 statements"))
    let shown = read.inspections(rows: 2)
    #expect(shown.map(\.statement.file) == Self.parts)
    #expect(shown.allSatisfy { $0.reason.zh.contains("读作 2 份账单") })
    #expect(shown.allSatisfy { $0.reason.en.contains("read as 2 statements") })
    #expect(shown.map(\.firstRows.count) == [2, 2])
    #expect(shown[1].firstRows.map(\.line) == [3, 5])
  }

  @Test("A missing row breaks the chain of its account and of no other")
  func missing() async throws {
    let rows = Self.joint(Self.bills).components(separatedBy: "\r\n")
    let text = (rows[..<3] + rows[4...]).joined(separator: "\r\n")
    let read = try await Self.read(text)
    #expect(read.map(\.kinds) == [[.runningBalanceBreak], []])
    #expect(read[0].statement.faults[0].line == 5)
    #expect(read[0].statement.faults[0].detail.zh.contains("第 2 行"))
  }

  @Test("A row that cannot be read is its account's; the others do not wait for it")
  func rejected() async throws {
    let text = Self.joint(Self.bills).replacing("20261102 08:01:00,0,20.00", with: "昨天,0,20.00")
    let read = try await Self.read(text)
    #expect(read.map(\.kinds) == [[.rowRejected], []])
    #expect(read.map(\.rejections.count) == [1, 0] && read[0].rejections[0].line == 4)
    #expect(read[0].rejections[0].file == Self.parts[0])
    #expect(read.map(\.statement.holes.count) == [1, 0])
    #expect(read.allSatisfy { $0.isConserved })
  }

  @Test(
    "A row that names no account, or none that can be read, holds the file: it may be anybody's",
    arguments: ["", "--", "4.41E+19", "#N/A", "合计", "??"])
  func nameless(_ word: String) async throws {
    let rows = Self.joint(Self.bills).components(separatedBy: "\r\n")
    let text = rows.enumerated().map { line, row in
      line == 3 ? row.replacing(Self.first, with: word) : row
    }
    let read = try await Self.read(text.joined(separator: "\r\n"))
    #expect(read.count == 1 && read[0].statement.isHeld && read[0].statement.read.rows == 5)
    let fault = try #require(read[0].statement.faults.first { $0.kind == .wrongAccountStatement })
    #expect(fault.line == 4 && fault.detail.zh.contains("第 4 行"))
    #expect(read[0].isConserved && read[0].table.count == 5)
    // A row that cannot be cut into its fields names nobody either.
    let cut = rows.enumerated().map { $0 == 3 ? $1.replacing("云山大学,", with: "") : $1 }
    let other = try await Self.read(cut.joined(separator: "\r\n"))
    #expect(other.count == 1 && other[0].kinds.contains(.wrongAccountStatement))
  }

  @Test("Two ways to write one account are one account")
  func writings() async throws {
    let rows = Self.joint(Self.bills).components(separatedBy: "\r\n")
    let ways = [
      "'\(Self.first)", "4405 0110 0000 0001 2345", "\(Self.first).0", "４４０５０１１０００００００01２３４５",
    ]
    for way in ways {
      let text = rows.enumerated().map { $0 == 3 ? $1.replacing(Self.first, with: way) : $1 }
      let read = try await Self.read(text.joined(separator: "\r\n"))
      #expect(read.map(\.statement.merchant) == [Self.first, Self.second], "\(way)")
      #expect(read.flatMap(\.kinds) == [], "\(way)")
    }
    // One account in two writings is one statement, of the file's own name.
    let one = Self.bills[0].components(separatedBy: "\r\n").enumerated().map {
      $0 == 2 ? $1.replacing(Self.first, with: "'\(Self.first)") : $1
    }
    let alone = try await Self.read(one.joined(separator: "\r\n"))
    #expect(alone.map(\.statement.file) == ["a.csv"] && alone[0].kinds == [])
    #expect(alone[0].statement.merchant == Self.first && alone[0].member.isEmpty)
    #expect(alone[0].statement.notes == [] && alone[0].table.count == 3)
  }

  @Test("Up to 64 accounts are read; a file that names more is held, and says so")
  func limit() async throws {
    func bills(_ count: Int) -> [String] {
      (0..<count).map { Sheet.ccb([100 + $0], account: "4405\(100_000 + $0)") }
    }
    let most = try await Self.read(Self.joint(bills(64)))
    #expect(most.count == 64 && most.flatMap(\.kinds) == [])
    #expect(Set(most.map(\.statement.file)).count == 64, "names that are masked alike differ")
    let more = try await Self.read(Self.joint(bills(65)))
    #expect(more.count == 1 && more[0].statement.read.rows == 65)
    let fault = try #require(more[0].statement.faults.first { $0.kind == .wrongAccountStatement })
    #expect(fault.detail.zh.contains("超过 64 个") && fault.detail.en.contains("more than 64"))
    #expect(fault.column == "账号")
  }

  @Test("Totals are the file's: they prove the ends of every part, or hold every part")
  func totals() async throws {
    let rows = [
      wechatRow("42001", order: "CR1"), wechatRow("42003", order: "CR3", merchant: "1699999999"),
      wechatRow("42002", order: "CR2", amount: "30.00"),
    ]
    let read = try await readings(of: wechatText(rows, count: "3", total: "130.00"))
    #expect(read.map(\.statement.merchant) == ["1601959334", "1699999999"])
    #expect(read.map { Array($0.table.fen) } == [[5_000, 3_000], [5_000]])
    #expect(
      read.allSatisfy { $0.kinds == [] && $0.statement.provesStart && $0.statement.provesEnd })
    #expect(read.allSatisfy { $0.statement.totals.map(\.computed) == [3, 13_000, 0] })
    let wrong = try await readings(of: wechatText(rows, count: "3", total: "80.00"))
    #expect(wrong.map(\.kinds) == [[.controlTotalMismatch], [.controlTotalMismatch]])
    let lost = try await readings(
      of: wechatText(Array(rows.dropLast()), count: "3", total: "130.00"))
    #expect(lost.map(\.kinds) == [[.controlTotalMismatch], [.controlTotalMismatch]])
    let cut = wechatText(rows, count: "3", total: "130.00").components(separatedBy: "总交易单数")[0]
    #expect(
      try await readings(of: cut).map(\.kinds) == [[.statementTruncated], [.statementTruncated]])
  }

  @Test("Part of an account the configuration does not have is held, the others are used")
  func unexpected() async throws {
    var options = Intake.Options()
    options.merchants = [.ccb: [Self.first]]
    let file = ("a.csv", Sheet.gb(Self.joint(Self.bills)))
    let read = try await intake([file], options)
    #expect(try read.statement(Self.parts[0]).faults == [])
    #expect(try read.fault(.wrongAccountStatement, in: Self.parts[1]).holds)
    #expect(read.entries.count == 3 && read.isConserved)
    options.merchants = [.ccb: ["4405 0110 0000 0001 2345", Self.second]]
    let both = try await intake([file], options)
    #expect(
      both.statements.filter { $0.statement.file.hasPrefix("a") }.map(\.statement.faults) == [
        [], [],
      ])
    #expect(both.statements.compactMap(\.book?.owner).contains("4405 0110 0000 0001 2345"))
  }

  @Test(
    "What the ledger has of a row whose account was damaged waits, though the account is a stranger's"
  )
  func damagedAccount() async throws {
    var options = Intake.Options()
    options.merchants = [.wechat: ["1601959334"]]
    let bill = Sheet.wechat([500, 600, 700]).replacing(
      "1601959334,`0,`,`4200003", with: "1601959384,`0,`,`4200003")
    let ledger = ("ledger.csv", Sheet.utf8(Sheet.ledger([500, 600, 700])))
    let read = try await intake([("a.csv", Sheet.utf8(bill)), ledger], options)
    #expect(try read.fault(.wrongAccountStatement, in: "a.csv/1601****84").holds)
    let own = try read.statement("a.csv/1601****34")
    #expect(own.faults == [] && own.holes.map(\.line) == [4])
    #expect(own.holes.map(\.order) == [fingerprint("CK3")])
    #expect(try read.statement("a.csv/1601****84").notes.count == 1)
  }

  @Test("Without keys of the ledger's, what names the person of such a row waits")
  func damagedAccountWithoutKeys() async throws {
    var options = Intake.Options()
    options.merchants = [.ccb: [Self.first, Self.second]]
    let rows = Self.joint(Self.bills).components(separatedBy: "\r\n")
    let text = rows.enumerated().map { line, row in
      line == 1 ? row.replacing(Self.first, with: "44050119000000012345") : row
    }
    let file = ("a.csv", Sheet.gb(text.joined(separator: "\r\n")))
    let ledger = Sheet.ledger([1_000], channel: "建设银行").replacing("CK1,4200001", with: ",")
    let read = try await intake([file, ("ledger.csv", Sheet.utf8(ledger))], options)
    #expect(read.allStatements.filter(\.isHeld).map(\.read.rows) == [1])
    let holes = read.allStatements.filter { !$0.isHeld }.flatMap(\.holes)
    #expect(holes.map(\.line) == [2] && holes[0].student == fingerprint(person: "2023011000"))
  }

  @Test("An account's own file beside the joint export is told once")
  func ownBeside() async throws {
    let joint = ("a.csv", Sheet.gb(Self.joint(Self.bills)))
    let own = ("own.csv", Sheet.gb(Self.bills[1]))
    for files in [[joint, own], [own, joint]] {
      let read = try await intake(files)
      #expect(read.entries.count == 5 && read.isConserved)
      #expect(Set(read.entries.serial).count == 5)
      let held = read.allStatements.filter { $0.isHeld && !$0.file.isEmpty }
      #expect(held.map(\.file) == [Self.parts[1]])
      #expect(held[0].faults.map(\.kind) == [.statementReissued])
      // The same bytes under two names are told once too, part by part.
      let twice = try await intake(files + [("copy.csv", joint.1)])
      #expect(twice.entries.count == 5)
    }
  }

  @Test(
    "A file that says it is of one account stays a wrong one; a word for all of them is no account")
  func named() async throws {
    var profile = try #require(builtInProfiles.first { $0.name == "ccb-corporate" })
    profile.preamble = ["merchant": Profile.Cut(after: "账号：", until: ",")]
    for (head, count) in [
      ("账号：\(Self.first),\r\n", 1), ("账号：finance@school,\r\n", 1), ("账号：全部,\r\n", 2),
    ] {
      let text = head + Self.joint(Self.bills)
      let read = try await readings(of: Array(text.utf8), as: "a.csv", profiles: [profile])
      #expect(read.count == count, "\(head)")
      #expect(read[0].kinds.contains(.wrongAccountStatement) == (count == 1), "\(head)")
    }
  }
}

import Columns
import Payments
import Testing

@testable import Statements

/// The limits of time are for a debug build among all other tests; by itself each takes seconds.
@Suite("Long rows, stray quotes and hostile XML") struct LongAndQuotedTests {
  @Test(
    "a line of ten megabytes is one rejected row, named, and takes no time to speak of",
    .timeLimit(.minutes(10)),
    arguments: BadInput.separated)
  func longLine(_ input: BadInput) async throws {
    let number = input.name == "alipay.csv" ? 7 : 3
    for filler in ["1,", "字"] {
      let line = Array(
        [[UInt8]](repeating: Sheet.gb(filler), count: 10 << 20).joined().prefix(10 << 20))
      let bytes = input.inserting(line, asLine: number)
      let found = try await readAnything(bytes, as: input.name, filler)
      let reading = try #require(found.first)
      #expect(reading.statement.read.rows == BadInput.amounts.count + 1)
      #expect(reading.table.count == BadInput.amounts.count)
      let row = try #require(reading.rejections.first)
      #expect(row.line == number && row.reason.en.contains("1 MiB"))
      #expect(reading.kinds.contains(.rowRejected))
      #expect(reading.statement.isHeld || reading.statement.holes.count == 1)
    }
  }

  @Test("a file that is one endless line is refused")
  func endlessFile() async throws {
    for input in BadInput.separated {
      let line = Array(input.bytes.filter { $0 != 0x0A && $0 != 0x0D })
      let bytes = Array([[UInt8]](repeating: line, count: 2_000).joined())
      let found = try await readAnything(bytes, as: input.name)
      #expect(found.allSatisfy { $0.statement.isHeld && $0.table.count == 0 })
    }
    let commas = try await readAnything([UInt8](repeating: 0x2C, count: 3 << 20), as: "a.csv")
    #expect(commas.map(\.kinds) == [[.unreadable]])
  }

  @Test("the longest row is a mebibyte, wherever in the file it lies")
  func longestRow() async throws {
    let rows = Sheet.ledger([500, 600, 700]).split(separator: "\r\n").map(String.init)
    for (length, isRow) in [(1 << 20, true), (1 << 20 + 1, false), (3 << 20, false)] {
      for padding in [0, 3_400_000, 4_194_304] {
        var bytes = Sheet.utf8(rows[0] + "\r\n")
        // Comfortable rows up to the place.
        while bytes.count < padding {
          bytes +=
            Sheet.utf8(rows[1]) + [UInt8](repeating: 0x79, count: min(500_000, padding)) + [0x0A]
        }
        let before = bytes.count { $0 == 0x0A } - 1
        let long = Sheet.utf8(rows[2])
        bytes +=
          long + [UInt8](repeating: 0x79, count: length - long.count)
          + Sheet.utf8("\r\n\(rows[3])\r\n")
        let reading = try #require(
          try await readAnything(bytes, as: "a.csv", "\(length) \(padding)").first)
        #expect(reading.statement.read.rows == before + 2)
        #expect(reading.table.count == before + (isRow ? 2 : 1), "\(length) at \(padding)")
        #expect(reading.kinds == (isRow ? [] : [.rowRejected]), "\(length) at \(padding)")
        #expect(reading.rejections.map(\.line) == (isRow ? [] : [before + 2]))
        let last = reading.table[reading.table.count - 1]
        #expect(last.line == UInt32(before + 3))
        #expect(try reading.quote(last).own == "L3")
      }
    }
  }

  @Test("a quote inside a name opens nothing")
  func strayQuotes() async throws {
    let text = Sheet.ledger([500, 600, 700, 800])
    for name in ["\"张三", "张\"三", "张三\"", "\"张\"三", "=\"张三"] {
      let once = text.replacing("2023011001,张三", with: "2023011001,\(name)")
      let reading = try #require(try await readAnything(Sheet.utf8(once), as: "a.csv", name).first)
      let isOpen = name == "\"张三"
      #expect(reading.kinds == (isOpen ? [.statementTruncated, .rowRejected] : []), "\(name)")
      if !isOpen { #expect(reading.table.count == 4) }
    }
  }

  @Test("two stray quotes never make one row of several", arguments: [2, 3, 4])
  func swallowed(_ other: Int) async throws {
    for (first, second) in [("\"张三", "\"张三"), ("\"张三", "张三\""), ("\"张三", "张\"三")] {
      let text = Sheet.ledger([500, 600, 700, 800])
        .replacing("2023011000,张三", with: "2023011000,\(first)")
        .replacing("202301100\(other - 1),张三", with: "202301100\(other - 1),\(second)")
      let reading = try #require(
        try await readAnything(Sheet.utf8(text), as: "a.csv", first + second).first)
      let statement = reading.statement
      let isTold = statement.isHeld || !statement.holes.isEmpty
      #expect(reading.table.count == 4 || isTold, "\(first) \(second)")
      #expect(!reading.rows.contains { $0.own == fingerprint("L1") && $0.fen != 500 })
    }
  }

  @Test("a quoted text may hold separators, quotes and line ends")
  func quotedTexts() async throws {
    let text = Sheet.ledger([500, 600]).replacing("张三", with: "\"张,\r\n\"\"三\"\"\" \t")
    let reading = try #require(try await readAnything(Sheet.utf8(text), as: "a.csv").first)
    #expect(reading.kinds == [])
    #expect(reading.table.line == [2, 4])
    #expect(try reading.quote(reading.table[1]).order == "CK2")
  }

  private static let bomb = """
    <!DOCTYPE Document [<!ENTITY a "一卡通一卡通一卡通">\
    <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">\
    <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">\
    <!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">]>
    """

  @Test("entities that multiply or read other files are refused, in a message and in a workbook")
  func entities() async throws {
    let folder = try StatementFolder()
    let secret = try folder.write(Sheet.utf8("校园卡 SECRET"), "secret.txt")
    let outside = "<!DOCTYPE Document [<!ENTITY g SYSTEM \"file://\(secret)\">]>"
    for doctype in [Self.bomb, outside] {
      let message = doctype + Sheet.camt([500]).replacing("校园卡充值", with: "校园卡充值&g;")
      let found = try await readAnything(Sheet.utf8(message), as: "a.xml")
      #expect(found.allSatisfy { $0.statement.isHeld && $0.table.count == 0 })
      #expect(found.allSatisfy { ($0.statement.faults.first?.line ?? 0) >= 1 })
      #expect(!found.contains { "\($0.statement)\($0.rejections)".contains("SECRET") })
      let sheet = doctype + BadInput.sheet(Sheet.ledger([500])).replacing("张三", with: "&g;")
      let book = try await readAnything(BadInput.book(sheet), as: "a.xlsx")
      #expect(book.allSatisfy { $0.statement.isHeld })
    }
  }

  @Test(
    "a message with ten megabytes of text, or nested ten thousand deep, is read or refused",
    .timeLimit(.minutes(10)))
  func hugeMessages() async throws {
    let long = String(repeating: "字", count: 10 << 20 / 3)
    let deep = String(repeating: "<x>", count: 10_000) + String(repeating: "</x>", count: 10_000)
    for extra in [long, deep] {
      let text = Sheet.camt([500, 600]).replacing(
        "校园卡充值", with: "校园卡充值\(extra)", maxReplacements: 1)
      try await readAnything(Sheet.utf8(text), as: "a.xml")
    }
  }
}

import Payments
import Testing

@testable import Statements

/// The same spoiling of every kind of file: never a crash, never a silent loss.
@Suite("Spoiled files") struct BadInputTests {
  @Test("unspoiled, each reads whole", arguments: BadInput.all)
  func sound(_ input: BadInput) async throws {
    let found = try await readAnything(input.bytes, as: input.name)
    #expect(found.flatMap(\.kinds) == [])
    #expect(found.map(\.table.count) == [BadInput.amounts.count])
    #expect(found.map(\.statement.read.fen) == [Int128(BadInput.amounts.reduce(0, +))])
  }

  @Test("cut anywhere, it says so or reads what is there", arguments: BadInput.all)
  func truncated(_ input: BadInput) async throws {
    let whole = try #require(try await readAnything(input.bytes, as: input.name).first).rows
    for count in stride(from: 0, to: input.bytes.count, by: 89) {
      let cut = try await readAnything(
        Array(input.bytes[..<count]), as: input.name, "\(count) bytes")
      for reading in cut where reading.statement.faults.isEmpty {
        // Rows end where a cut may end: only the last one's last field may be shorter.
        let rows = reading.rows.dropLast()
        #expect(Array(whole.prefix(rows.count)) == Array(rows), "\(input.name): \(count) bytes")
        #expect(!whole.isEmpty && input.bytes[..<count].contains(0x0A), "\(count) bytes")
      }
    }
  }

  @Test("bytes changed at random", arguments: BadInput.all.indices)
  func damaged(_ index: Int) async throws {
    let input = BadInput.all[index]
    var random = XMLRandom(UInt64(97 + index))
    for round in 0..<30 {
      var bytes = input.bytes
      for _ in 0...Int(random.next() % 4) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      try await readAnything(bytes, as: input.name, "round \(round)")
    }
  }

  @Test("noise under any name is refused", arguments: BadInput.all)
  func noise(_ input: BadInput) async throws {
    var random = XMLRandom(5)
    let noise = (0..<70_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let text = noise.map { $0 == 0 ? 1 : $0 }
    for bytes in [noise, text, Array(input.bytes.prefix(4)) + text] {
      let found = try await readAnything(bytes, as: input.name)
      #expect(found.allSatisfy { $0.statement.isHeld && $0.table.count == 0 })
    }
    // Behind a good head, too.
    let found = try await readAnything(
      input.bytes.prefix(input.bytes.count / 2) + text, as: input.name)
    #expect(found.allSatisfy { !$0.statement.faults.isEmpty })
  }

  @Test(
    "zero bytes in it are found",
    arguments: BadInput.separated + [BadInput.camt, BadInput.unionPay])
  func zeroBytes(_ input: BadInput) async throws {
    for place in stride(from: 1, to: input.bytes.count, by: 401) {
      var bytes = input.bytes
      bytes.replaceSubrange(
        place..<min(place + 8, bytes.count), with: [UInt8](repeating: 0, count: 8))
      let found = try await readAnything(bytes, as: input.name, "\(place)")
      #expect(found.allSatisfy { $0.statement.isHeld }, "\(place)")
    }
  }

  @Test("nothing at all is refused", arguments: BadInput.all)
  func empty(_ input: BadInput) async throws {
    for bytes in [[], [0x0A], [0x0D, 0x0A, 0x20], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE]] as [[UInt8]] {
      let found = try await readAnything(bytes, as: input.name)
      #expect(found.allSatisfy { $0.statement.isHeld && $0.kinds == [.unreadable] }, "\(bytes)")
    }
  }

  @Test("a header and nothing else is an empty day only where no trailer is due")
  func headerOnly() async throws {
    let ledger = try await readAnything(Sheet.utf8(Sheet.ledgerHeader), as: "ledger.csv")
    #expect(ledger.map(\.kinds) == [[]] && ledger[0].statement.read.rows == 0)
    let ccb = try await readAnything(Sheet.gb(Sheet.ccbHeader), as: "ccb.csv")
    #expect(ccb.map(\.kinds) == [[]])
    let bill = Sheet.wechat([])
    let header = String(bill[...(try #require(bill.firstIndex(of: "\r\n")))])
    let wechat = try await readAnything(Sheet.utf8(header), as: "wechat.csv")
    #expect(wechat.map(\.kinds) == [[.statementTruncated]])
    #expect(try await readAnything(Sheet.utf8(bill), as: "wechat.csv").map(\.kinds) == [[]])
    let alipay = try await readAnything(Sheet.gb(Sheet.alipay([])), as: "alipay.csv")
    #expect(alipay.map(\.kinds) == [[]])
  }

  @Test(
    "lines that end with a bare carriage return are refused",
    arguments: BadInput.separated + [BadInput.unionPay])
  func bareReturns(_ input: BadInput) async throws {
    let bytes = Array(input.bytes.filter { $0 != 0x0D }.map { $0 == 0x0A ? 0x0D : $0 })
    let found = try await readAnything(bytes, as: input.name)
    #expect(found.allSatisfy { $0.statement.isHeld && $0.table.count == 0 })
  }

  @Test("a row that lost its line feed swallows no other", arguments: BadInput.separated)
  func lostLineFeed(_ input: BadInput) async throws {
    let ends = input.bytes.indices.filter { input.bytes[$0] == 0x0A }
    let place = ends[ends.count / 2]
    var bytes = input.bytes
    bytes.remove(at: place)
    let found = try await readAnything(bytes, as: input.name)
    #expect(found.allSatisfy { $0.kinds.contains(.rowRejected) }, "\(found.map(\.kinds))")
  }

  @Test(
    "a byte-order mark and UTF-16 change nothing",
    arguments: [BadInput.wechat, .ledger, .alipay, .ccb, .camt])
  func wide(_ input: BadInput) async throws {
    let text = try #require(input.text)
    let plain = try await readAnything(Sheet.utf8(text), as: input.name)
    let variants = [
      [0xEF, 0xBB, 0xBF] + Sheet.utf8(text), BadInput.utf16(text, isLittle: true, mark: true),
      BadInput.utf16(text, isLittle: false, mark: true),
    ]
    for bytes in variants {
      let found = try await readAnything(bytes, as: input.name)
      #expect(found.map(\.kinds) == [[]])
      #expect(found.first?.rows == plain.first?.rows)
    }
    for isLittle in [true, false] where !input.isXML {
      let found = try await readAnything(
        BadInput.utf16(text, isLittle: isLittle, mark: false), as: input.name)
      #expect(found.allSatisfy { $0.statement.isHeld })
    }
    let half = Array(BadInput.utf16(text, isLittle: true, mark: true).dropLast())
    #expect(try await readAnything(half, as: input.name).allSatisfy { $0.statement.isHeld })
  }

  @Test("text decoded as the wrong thing and saved again is refused", arguments: BadInput.separated)
  func wrongEncoding(_ input: BadInput) async throws {
    let mojibake = String(String.UnicodeScalarView(input.bytes.map { Unicode.Scalar($0) }))
    let lost = String(decoding: input.bytes, as: UTF8.self)
    var texts = [mojibake]
    if lost.contains("\u{FFFD}") { texts.append(lost) }
    for text in texts {
      let found = try await readAnything(Sheet.utf8(text), as: input.name)
      #expect(found.allSatisfy { $0.statement.isHeld && $0.table.count == 0 })
    }
    let marks = input.bytes.map { $0 >= 0x80 ? 0x3F : $0 }
    #expect(try await readAnything(marks, as: input.name).allSatisfy { $0.statement.isHeld })
  }
}

import Payments
import Testing

@testable import Statements

/// What a search finds in a delivered file, however it is packed.
@Suite("Contents of delivered files")
struct ContentsTests {
  private func contents(_ bytes: [UInt8]) async throws -> [[UInt8]] {
    var found: [[UInt8]] = []
    try await withTemporaryFolder { folder in
      try write(bytes, to: folder + "/delivered")
      Intake.forEachContent(of: folder + "/delivered") { found.append(Array($0)) }
    }
    return found
  }

  @Test("A long file comes in whole lines, and all of it")
  func longFile() async throws {
    var bytes: [UInt8] = []
    for number in 0..<1_400_000 { bytes += Array("4200002345\(number)\r\n".utf8) }
    let found = try await contents(bytes)
    #expect(found.count == 2)
    #expect(found.allSatisfy { $0.last == 0x0A })
    #expect(found.flatMap { $0 } == bytes)
    #expect(try await contents(Array("no line end".utf8)) == [Array("no line end".utf8)])
    #expect(try await contents([]).isEmpty)
  }

  @Test("Markup of one line is not cut inside a number")
  func markup() throws {
    let cells = (0..<5_000).map { "<v>4200002345\(100_000 + $0)</v>" }.joined()
    var found: [[UInt8]] = []
    Intake.forEachLines(StatementFile(path: "", bytes: Array(cells.utf8)), block: 1_000) {
      found.append(Array($0))
    }
    #expect(found.count > 50 && found.flatMap { $0 } == Array(cells.utf8))
    #expect(found.allSatisfy { $0.first == 0x3C })
  }

  @Test("What is packed is unpacked, and text of two bytes a character is searched as ASCII")
  func packed() async throws {
    let text = Array("2026102022001206890028877436,1.00\n".utf8)
    #expect(try await contents(gzipped(text)) == [text])
    let wide: [UInt8] = [0xFF, 0xFE] + text.flatMap { [$0, 0] as [UInt8] }
    #expect(try await contents(wide).map { $0.dropFirst(2) } == [text[...]])
    // What does not unpack is passed over.
    #expect(try await contents(Array(gzipped(text).dropLast(5))).isEmpty)
  }
}

import Payments
import Testing

@testable import Statements

/// Bytes that are made while reading: where they lie, and what happens when there is no room.
@Suite("Kept bytes")
struct KeptBytesTests {
  @Test("What was added is read again, in memory and beyond it", arguments: [0, 2 << 20, 1 << 30])
  func same(most: Int) throws {
    let scratch = ScratchSpace(most: { most }, folder: { "/var/tmp" })
    let bytes = (0..<3_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31 + $0 >> 9) }
    for _ in 0..<2 {
      // Twice: pieces that were given back are written over.
      let keeper = BytesKeeper(in: scratch)
      // Parts that end where pieces do, and elsewhere.
      for part in [0..<1, 1..<(1 << 20), (1 << 20)..<2_900_000, 2_900_000..<3_500_000] {
        keeper.append(Array(bytes[part]))
      }
      let file = try keeper.file(path: "a")
      #expect(file.size == bytes.count)
      #expect(try file.read(at: 0, count: .max) == bytes)
      for (offset, count) in [(1_048_570, 20), (3_499_990, 100), (0, 0), (3_500_000, 5)] {
        let expected = Array(bytes[offset..<min(bytes.count, offset + count)])
        #expect(try file.read(at: offset, count: count) == expected)
      }
      #expect(try file.sha256() == StatementFile(path: "b", bytes: bytes).sha256())
    }
  }

  @Test("Where there is no room it is said, with the folder")
  func noRoom() {
    let keeper = BytesKeeper(in: ScratchSpace(most: { 0 }, folder: { "/nowhere" }))
    keeper.append([1, 2, 3])
    let refusal = #expect(throws: Refusal.self) { try keeper.file(path: "a") }
    #expect(refusal?.reason.en.contains("/nowhere") == true)
    #expect(refusal?.fault == .unreadable)
  }
}

import Testing

@testable import CampusSimulator
@testable import Statements

/// Fields read eight bytes at a time say what the careful parsers say.
@Suite("Plain fields")
struct PlainFieldTests {
  /// A field in front of the bytes that lie behind every row.
  private func field<Result>(_ text: String, _ body: (PlainField) -> Result) -> Result {
    let bytes = Array(text.utf8) + [UInt8](repeating: 0xA5, count: PlainField.slack)
    return bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { preconditionFailure("there is slack") }
      return body(PlainField(at: start, count: text.utf8.count))
    }
  }

  @Test("An amount is the one the careful parser reads, or is left to it", arguments: [2, 5])
  func amounts(decimals: Int) {
    var random = SplitMix64(seed: UInt64(decimals))
    let alphabet = Array("0123456789.-+,¥e ：/").map(String.init)
    var taken = 0
    for round in 0..<60_000 {
      var text = ""
      if round % 3 == 0 {
        text = (random.below(5) == 0 ? "-" : "") + "\(random.below(10_000_000))."
        for _ in 0..<decimals { text += "\(random.below(10))" }
      } else {
        for _ in 0...random.below(11) { text += random.pick(alphabet) }
      }
      let plain = field(text) { $0.amount(decimals) }
      let careful = Array(text.utf8).withUnsafeBytes {
        parseAmount($0, decimals: decimals, encoding: .utf8)
      }
      if let plain {
        taken += 1
        #expect(careful == .value(plain), "\(text)")
      } else if round % 3 == 0 {
        Issue.record("\(text) is ordinary")
      }
    }
    #expect(taken > 20_000)
  }

  @Test("Words are told apart to the last byte")
  func words() {
    let words = [
      "", "a", "SUCCESS", "SUCCESSFUL", "充值", "充值。", "自动续充", "12345678", "123456789012345",
    ]
    for word in words {
      let known = PlainWord(word.utf8)
      for other in words {
        #expect(field(other) { text in known.map(text.isSame) } == (word == other))
      }
    }
    #expect(PlainWord("12345678901234567".utf8) == nil)
  }

  @Test("A fingerprint is what it was when histories were written")
  func fingerprints() {
    // The tail is read at once now; it used to be put together byte by byte.
    func slow(_ bytes: [UInt8]) -> UInt64 {
      func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
      }
      func eight(_ offset: Int) -> UInt64 {
        bytes[offset..<(offset + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
      let (one, two): (UInt64, UInt64) = (0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)
      var hash = folded(UInt64(bytes.count) ^ one, two)
      var offset = 0
      while offset + 16 <= bytes.count {
        hash = folded(eight(offset) ^ one ^ hash, eight(offset + 8) ^ two)
        offset += 16
      }
      var tail: (UInt64, UInt64) = (0, 0)
      if offset + 8 <= bytes.count {
        tail.0 = eight(offset)
        offset += 8
      }
      for byte in bytes[offset...] { tail.1 = tail.1 << 8 | UInt64(byte) }
      hash = folded(tail.0 ^ one ^ hash, tail.1 ^ two)
      return hash == 0 ? 1 : hash
    }
    var random = SplitMix64(seed: 5)
    for length in 0..<80 {
      for _ in 0..<20 {
        let bytes = (0..<length).map { _ in UInt8(random.below(256)) }
        #expect(bytes.withUnsafeBytes { fingerprint($0) } == slow(bytes), "\(length) bytes")
      }
    }
  }

  @Test(
    "What has the form of a time and is none is no time",
    arguments: [
      "2024-05-01 12:00: 5", "2024-05-01 12:00:1Z", "2024-05-01 24:00:00", "2024-13-01 12:00:00",
      String(repeating: "\u{0}", count: 10) + " 12:00:00", "0000000000 12:00:00",
    ])
  func noTimes(text: String) {
    var parser = MomentParser()
    let found = Array(text.utf8).withUnsafeBytes { parser.parse($0, encoding: .utf8) }
    #expect(found == .notATime)
  }

  @Test("Times of day are read whole or not at all")
  func times() {
    var random = SplitMix64(seed: 9)
    let alphabet = Array("0123456789: -/").map(String.init)
    for round in 0..<20_000 {
      var clock = (0..<8).map { _ in random.pick(alphabet) }.joined()
      if round % 2 == 0 {
        func two(_ below: Int) -> String {
          let number = random.below(below)
          return (number < 10 ? "0" : "") + "\(number)"
        }
        clock = two(25) + ":" + two(61) + ":" + two(61)
      }
      let text = "2026-11-02 " + clock
      var parser = MomentParser()
      let plain = Array(text.utf8).withUnsafeBytes { parser.parsePlain($0) }
      let careful = Array(text.utf8).withUnsafeBytes { parseAnyMoment($0, encoding: .utf8) }
      if plain != .notATime {
        #expect(plain == careful, "\(text)")
      } else if case .value = careful {
        // Other spellings of a time are left to the careful parser.
        let hasForm = clock.split(separator: ":").map(\.count) == [2, 2, 2]
        #expect(!hasForm || clock.contains { "- /".contains($0) }, "\(text)")
      }
    }
  }
}

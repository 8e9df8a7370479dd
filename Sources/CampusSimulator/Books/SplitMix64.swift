/// The generator every choice of a simulated school is drawn from: one seed, one sequence, on any
/// machine and with any version of the standard library.
///
/// SplitMix64 of Steele, Lea and Flood (2014). The standard library's own `random(in:)` and
/// `shuffled()` are not used: how they turn a generator's bits into numbers is not promised.
struct SplitMix64: Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return SplitMix64.mixed(state)
  }

  /// A number in `0..<bound`.
  mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "nothing lies below zero")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number in `range`, both ends included.
  mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(below(Int(range.upperBound - range.lowerBound) + 1))
  }

  /// True `perThousand` times in a thousand.
  mutating func chance(_ perThousand: Int) -> Bool {
    below(1_000) < perThousand
  }

  /// One element of a list that has some.
  mutating func pick<Element>(_ list: [Element]) -> Element {
    list[below(list.count)]
  }

  /// Scrambles 64 bits: equal numbers give equal results, near ones unrelated results.
  static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

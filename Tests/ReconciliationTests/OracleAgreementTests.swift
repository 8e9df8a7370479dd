import Foundation
import Payments
import Testing

/// The engine against the oracle on thousands of random days, and against itself.
@Suite("The engine agrees with the oracle")
struct OracleAgreementTests {
  /// How many random days to judge; `CARDRECON_ORACLE_DAYS` asks for more.
  static let days =
    ProcessInfo.processInfo.environment["CARDRECON_ORACLE_DAYS"].flatMap(UInt64.init)
    ?? 20_000

  /// How many disagreements of each part are printed; `CARDRECON_ORACLE_SHOWN` asks for more.
  static let shown =
    ProcessInfo.processInfo.environment["CARDRECON_ORACLE_SHOWN"].flatMap(Int.init) ?? 3

  private static func disagree(_ day: RandomDay) -> Bool {
    let expected = oracle(day.entries, coverage: day.coverage, rules: day.rules)
    return !engine(day.entries, coverage: day.coverage, rules: day.rules).agrees(with: expected)
  }

  @Test("On random days both say the same of every row", arguments: 0..<8)
  func agreement(part: Int) {
    var failures = 0
    for seed in stride(from: UInt64(part), to: Self.days, by: 8) {
      let day = RandomDay(seed: seed)
      guard Self.disagree(day) else { continue }
      failures += 1
      guard failures <= Self.shown else { continue }
      let small = day.minimised(while: Self.disagree)
      let expected = oracle(small.entries, coverage: small.coverage, rules: small.rules)
      let found = engine(small.entries, coverage: small.coverage, rules: small.rules)
      Issue.record(
        """
        Day \(seed), minimised:
        \(small.dump)
        oracle:
        \(expected.dump)
        engine:
        \(found.dump)
        """)
    }
    #expect(failures == 0, "\(failures) of the days of part \(part) are judged differently")
  }
}

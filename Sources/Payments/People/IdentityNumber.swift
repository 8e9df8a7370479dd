/// Identity numbers of GB 11643: region, day of birth, sequence and check digit.
public enum IdentityNumber {
  /// The last day on which somebody may be born who is named on `day`: children of two have no campus card, while
  /// order numbers may well be made of a region and the day itself.
  public static func latestBirth(on day: BusinessDay) -> BusinessDay { day.adding(-730) }

  /// Whether eighteen characters are one: a region, a day of birth from 1900 on, and the check digit that fits
  /// (ISO 7064, MOD 11-2), which may be a small x.
  ///
  /// - Parameters:
  ///   - text: ASCII.
  ///   - latest: the last day of birth that may be; nil where nobody knows what day it is.
  public static func isOne(_ text: some Sequence<UInt8>, bornBy latest: BusinessDay?) -> Bool {
    let text = Array(text)
    guard text.count == 18, text.prefix(17).allSatisfy({ $0 &- 0x30 <= 9 }) else { return false }
    let digits = text.prefix(17).map { Int($0) - 0x30 }
    guard isRegion(digits[0] * 10 + digits[1]) else { return false }
    let year = digits[6] * 1_000 + digits[7] * 100 + digits[8] * 10 + digits[9]
    guard year >= 1_900, year < 2_100,
      let day = BusinessDay(
        year: year, month: digits[10] * 10 + digits[11], day: digits[12] * 10 + digits[13]),
      latest.map({ day <= $0 }) ?? true
    else { return false }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    return Array("10X98765432".utf8)[sum % 11] == text[17] & ~(text[17] >= 0x60 ? 0x20 : 0)
  }

  /// Whether two digits are a province's (GB/T 2260).
  private static func isRegion(_ region: Int) -> Bool {
    switch region {
    case 11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71, 81...83, 91: true
    default: false
    }
  }
}

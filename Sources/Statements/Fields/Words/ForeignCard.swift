/// Cards of foreign banks, by the words WeChat Pay's 付款银行 has for them: `VISA_CREDIT`, `MASTERCARD_DEBIT`,
/// `JCB_CREDIT`, `AMEX_CREDIT`, `DINERS_CREDIT`.
enum ForeignCard {
  private static let schemes = ["VISA", "MASTERCARD", "JCB", "AMEX", "DINERS"].map {
    Array($0.utf8)
  }

  /// Whether a bank's word is a foreign card's.
  @inline(__always)
  static func isBank(_ word: UnsafeRawBufferPointer) -> Bool {
    guard word.count >= 3 else { return false }
    switch word[0] & 0xDF {
    case 0x41, 0x44, 0x4A, 0x4D, 0x56:
      return schemes.contains { scheme in
        word.count >= scheme.count && zip(word, scheme).allSatisfy { $0 & 0xDF == $1 }
      }
    default: return false
    }
  }
}

import Testing

@testable import Statements

private func amount(
  _ text: String, _ decimals: Int = 2, _ encoding: TextEncoding = .utf8
) -> AmountField {
  encoding.encode(text).withUnsafeBytes {
    parseAmount($0, decimals: decimals, encoding: encoding)
  }
}

@Suite("Amounts") struct AmountTests {
  @Test(
    "an amount is what it says, in either encoding",
    arguments: [
      ("0.00", 0), ("5.00", 500), ("1,234.50", 123_450), ("1,234,567.89", 123_456_789),
      ("+5.00", 500), ("-0.01", -1), ("５.００", 500), ("５．００", 500), ("１，２３４．５０", 123_450),
      ("＋５.００", 500), ("－５.００", -500), ("−5.00", -500), ("5", 500), ("5.", 500), (".5", 50),
      ("-.5", -50), ("¥5.00", 500), ("￥5.00", 500), ("-¥5.00", -500), ("¥-5.00", -500),
      ("+￥1,000.00", 100_000), ("5.0", 500), ("5.000", 500), ("5.0000000", 500), ("007.00", 700),
      (" 5.00", 500), ("5.00 ", 500), ("　5.00　", 500), ("1234.5", 123_450),
      ("92233720368547758.07", Int64.max), ("-92233720368547758.07", -Int64.max),
    ] as [(String, Int64)])
  func values(_ text: String, _ fen: Int64) {
    for encoding in [TextEncoding.utf8, .gb18030] {
      #expect(amount(text, 2, encoding) == .value(fen), "\(text) in \(encoding.name)")
    }
  }

  @Test(
    "what is no amount is none",
    arguments: [
      "1e3", "1E3", "12,34.50", "1,2345", ",123", "1,234,56", "1,,234", "1234,567", "1,234.5,0",
      "1.2.3", "..5", ".", "+", "-", "¥", "+-5", "--5", "5-", "¥¥5", "¥+5.00", "5 .00", "5 00",
      "$5.00", "＄5.00",
      "五", "5.00元", "0x10", "1_000", "NaN", "Infinity", "٥.00", "5\u{0}", "1/2",
    ])
  func garbage(_ text: String) {
    for encoding in [TextEncoding.utf8, .gb18030] {
      #expect(amount(text, 2, encoding) == .notAnAmount, "\(text) in \(encoding.name)")
    }
  }

  @Test("nothing is empty, not zero", arguments: ["", " ", "　"])
  func empty(_ text: String) {
    #expect(amount(text) == .empty)
  }

  @Test(
    "more decimals than the column has are refused unless they are zeros",
    arguments: [
      ("5.001", 2, .tooManyDecimals), ("5.0010", 2, .tooManyDecimals),
      ("0.000001", 5, .tooManyDecimals),
      ("0.1", 0, .tooManyDecimals), ("0.04000", 5, .value(4_000)), ("-0.02000", 5, .value(-2_000)),
      ("0.6", 5, .value(60_000)), ("12", 5, .value(1_200_000)), ("0.0400000", 5, .value(4_000)),
      ("000000476800", 0, .value(476_800)), ("5.", 0, .value(5)), ("5.00", 0, .value(5)),
    ] as [(String, Int, AmountField)])
  func decimals(_ text: String, _ decimals: Int, _ expected: AmountField) {
    #expect(amount(text, decimals) == expected)
  }

  @Test(
    "what 64 bits of fen cannot hold is told as such",
    arguments: [
      "92233720368547758.08", "-92233720368547758.08", "99999999999999999999",
      "99,999,999,999,999,999,999.99", "18446744073709551616", "９２２３３７２０３６８５４７７５８．０８",
    ])
  func overflow(_ text: String) {
    #expect(amount(text) == .overflow)
  }

  @Test("the quick way and the long way agree on every ordinary amount")
  func bothWays() {
    for fen in stride(from: 0, through: 1_000_000, by: 997) {
      #expect(amount(Sheet.yuan(fen)) == .value(Int64(fen)))
      #expect(amount("+" + Sheet.yuan(fen)) == .value(Int64(fen)))
    }
  }
}

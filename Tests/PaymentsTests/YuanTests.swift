import Payments
import Testing

@Suite("Amounts as people write them")
struct YuanTests {
  @Test(
    "Yuan with at most two decimals",
    arguments: [
      ("0", 0), ("20", 2_000), ("20.5", 2_050), ("20.50", 2_050), ("0.01", 1),
      ("999999999999.99", 99_999_999_999_999),
    ])
  func read(text: String, fen: Int64) { #expect(Money.fen(ofYuan: text) == fen) }

  @Test(
    "Nothing else is an amount",
    arguments: [
      "", ".", "1.", ".5", "1.234", "-1", "+1", "1,000", " 1", "1e3", "１", "1.2.3", "1000000000000",
    ])
  func refused(text: String) { #expect(Money.fen(ofYuan: text) == nil) }
}

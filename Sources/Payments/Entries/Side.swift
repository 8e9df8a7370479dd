/// Which of the two books a row stands in.
public enum Side: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
  /// Where the money is taken: WeChat Pay, Alipay, UnionPay, a bank.
  case channel
  /// Where it must arrive: the card system's own ledger.
  case ledger

  /// Channel before ledger, as every report lists them.
  public static func < (left: Side, right: Side) -> Bool {
    left == .channel && right == .ledger
  }
}

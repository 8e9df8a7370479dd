extension Money {
  /// An amount in capital numerals (人民币大写金额), as cheques and signed sheets carry it:
  /// `¥1,409.50` is 人民币壹仟肆佰零玖元伍角.
  ///
  /// The rules are those of the central bank's regulations on filling in bills and vouchers
  /// (支付结算办法附一《正确填写票据和结算凭证的基本规定》): 整 follows yuan and nothing else; zeros in
  /// the middle are one 零; where the yuan digit is 0 and there are jiao, or jiao is 0 and there are
  /// fen, 零 follows 元. What is above 亿 is read as a number of 亿. Negative amounts begin with 负.
  public static func capitals(_ fen: Int128) -> String {
    let magnitude = fen.magnitude
    let whole = magnitude / 100
    let (jiao, cents) = (Int(magnitude / 10 % 10), Int(magnitude % 10))
    var text = fen < 0 ? "人民币负" : "人民币"
    if whole > 0 || magnitude == 0 { text += (whole == 0 ? "零" : capitals(whole: whole)) + "元" }
    guard jiao > 0 || cents > 0 else { return text + "整" }
    let isGap = jiao == 0 ? cents > 0 : whole % 10 == 0
    if isGap, whole > 0 { text += "零" }
    if jiao > 0 { text += numerals[jiao] + "角" }
    if cents > 0 { text += numerals[cents] + "分" }
    return text
  }

  private static let numerals = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"]

  /// A positive number of yuan.
  private static func capitals(whole: UInt128) -> String {
    for (size, unit) in [(100_000_000, "亿"), (10_000, "万")] as [(UInt128, String)]
    where whole >= size {
      let (above, below) = whole.quotientAndRemainder(dividingBy: size)
      let text = capitals(whole: above) + unit
      guard below > 0 else { return text }
      return text + (below < size / 10 ? "零" : "") + capitals(whole: below)
    }
    var text = ""
    var rest = Int(whole)
    for (size, unit) in [(1_000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
      let digit = rest / size
      if digit > 0 { text += numerals[digit] + unit }
      // A zero is written once, and only between digits.
      if digit == 0, !text.isEmpty, rest > 0, !text.hasSuffix("零") { text += "零" }
      rest %= size
    }
    return text
  }
}

import Payments

/// Small phrases that every sentence is made of.
struct Phrases {
  /// The language written.
  let language: Language

  /// `¥1,234.50`, negative amounts as `-¥1.00`.
  func yuan(_ fen: Int128) -> String {
    let text = Money.yuan(fen)
    return fen < 0 ? "-¥" + text.dropFirst() : "¥" + text
  }

  /// `¥50.00` of an anomaly's own amount.
  func yuan(_ fen: Int64) -> String {
    yuan(Int128(fen))
  }

  /// A whole number with a separator every three digits.
  func count(_ value: Int) -> String {
    String(Money.yuan(Int128(value) * 100).dropLast(3))
  }

  /// `（2026-11-02 10:00:05）`, or nothing.
  func aside(_ time: Timestamp?) -> String {
    guard let time else { return "" }
    return language == .zh ? "（\(time)）" : " (\(time))"
  }

  /// A stretch of time in its two largest units: `5 分 20 秒`, `5 min 20 s`.
  func duration(_ seconds: Int64) -> String {
    let names =
      language == .zh ? ["天", "小时", "分", "秒"] : ["d", "h", "min", "s"]
    var rest = seconds.magnitude
    var parts: [String] = []
    for (size, name) in zip([86_400, 3_600, 60, 1] as [UInt64], names) {
      let amount = rest / size
      rest %= size
      if amount > 0 { parts.append("\(amount) \(name)") }
    }
    guard !parts.isEmpty else { return "0 " + names[3] }
    return (seconds < 0 ? "-" : "") + parts.prefix(2).joined(separator: " ")
  }

  /// `周三`, `Wednesday`.
  func weekday(_ day: BusinessDay) -> String {
    let zh = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    let en = [
      "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    return (language == .zh ? zh : en)[day.weekday - 1]
  }

  /// `一`, `Mo`: a calendar's heading; 0 is Monday.
  func shortWeekday(_ index: Int) -> String {
    let names =
      language == .zh
      ? ["一", "二", "三", "四", "五", "六", "日"] : ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    return names[index % 7]
  }

  /// `2026-11-02`, or `2026-11-01 至 2026-11-30`.
  func period(_ days: ClosedRange<BusinessDay>?) -> String {
    guard let days else { return language == .zh ? "账期不明" : "(day unknown)" }
    let (from, to) = (days.lowerBound, days.upperBound)
    guard from != to else { return from.description }
    return language == .zh ? "\(from) 至 \(to)" : "\(from) to \(to)"
  }

  /// Which nights were never run, and the command that runs them; nil when there are none.
  func missed(_ nights: ClosedRange<BusinessDay>?) -> String? {
    guard let nights else { return nil }
    let command = "cardrecon run --from \(nights.lowerBound) --to \(nights.upperBound)"
    return language == .zh
      ? "\(period(nights)) 尚未对账；补跑：\(command)"
      : "\(period(nights)) not reconciled yet: \(command)"
  }
}

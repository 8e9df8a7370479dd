internal import Payments

/// The numbers of number formats that are dates without saying so: the usual ones, and those of Chinese, Japanese and
/// Korean Excel (ECMA-376, 18.8.30).
let builtInDateFormats = Set(14...22).union(27...36).union(45...47).union(50...58)

/// A format code that shows days or hours: text in quotes, escaped letters, and colours and
/// conditions in brackets aside, so that `#,##0.00;[Red]-#,##0.00` is none. `[h]` counts hours.
func isDateFormat(_ code: String) -> Bool {
  var (isQuoted, isEscaped) = (false, false)
  var bracket: String?
  for character in code.lowercased() {
    if isEscaped {
      isEscaped = false
    } else if let text = bracket {
      bracket = character == "]" ? nil : text + String(character)
      if character == "]", !text.isEmpty, text.allSatisfy({ "hms".contains($0) }) { return true }
    } else if character == "\"" {
      isQuoted.toggle()
    } else if !isQuoted {
      if character == "[" { bracket = "" }
      isEscaped = "\\_*".contains(character)
      if "ydh".contains(character) { return true }
    }
  }
  return false
}

/// A cell's number without the noise of binary fractions: `28.160000000000004` is 28.16.
func cellNumber(_ text: String) -> String {
  let text = withoutNegativeExponent(text)
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  guard parts.count == 2, parts[1].count > 10, parts[1].allSatisfy(\.isNumber),
    let whole = Int64(parts[0]), let shown = Int64(parts[1].prefix(10)), whole.magnitude < 1 << 62
  else { return text }
  let next = parts[1].dropFirst(10).first ?? "0"
  var (units, fraction) = (whole.magnitude, next >= "5" ? shown + 1 : shown)
  if fraction == 10_000_000_000 { (units, fraction) = (units + 1, 0) }
  var digits = String(fraction)
  digits = String(repeating: "0", count: 10 - digits.count) + digits
  while digits.last == "0" { digits.removeLast() }
  return (text.hasPrefix("-") ? "-" : "") + "\(units)" + (digits.isEmpty ? "" : "." + digits)
}

/// `7.0000000000000007E-2` written out; a large exponent stays, for it is a serial that is lost.
private func withoutNegativeExponent(_ text: String) -> String {
  let parts = text.split(separator: "E", omittingEmptySubsequences: false)
  guard parts.count == 2, parts[1].hasPrefix("-"), let power = Int(parts[1].dropFirst()),
    (1...15).contains(power)
  else { return text }
  let sign = parts[0].hasPrefix("-") ? "-" : ""
  let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
  guard mantissa[0].count == 1 else { return text }
  return sign + "0." + String(repeating: "0", count: power - 1) + mantissa.joined()
}

/// A cell's date: days since 1899-12-30 and a fraction of a day, as `yyyy-MM-dd HH:mm:ss`.
///
/// - Parameter isFrom1904: whether the workbook counts from 1904-01-01, four years and a day later.
func cellDate(_ text: String, isFrom1904: Bool) -> String {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  guard let counted = Int64(parts[0]), (0...2_958_465).contains(counted), parts.count <= 2 else {
    return text
  }
  let days = counted + (isFrom1904 ? 1_462 : 0)
  guard (1...2_958_465).contains(days) else { return text }
  let digits = parts.count == 2 ? String(parts[1].prefix(15)) : "0"
  guard let fraction = Int128(digits) else { return text }
  let scale = (0..<digits.count).reduce(Int128(1)) { product, _ in product * 10 }
  let seconds = Int64((fraction * 86_400 * 2 + scale) / (scale * 2))
  // 1899-12-30 is 25,569 days before 1970-01-01; Shanghai is eight hours ahead.
  return Timestamp(seconds: (days - 25_569) * 86_400 + seconds - 28_800).description
}

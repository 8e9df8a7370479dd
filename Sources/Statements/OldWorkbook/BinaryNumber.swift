/// A cell's number as Excel shows it at most, fifteen digits: what a double (IEEE 754) of an old workbook is.
///
/// Whole numbers of more digits are written with an exponent, as the newer workbooks have them: serials among them have
/// lost digits (``LostCell``).
///
/// - Parameter bits: the double's.
func numberText(ofDouble bits: UInt64) -> String {
  let power = Int(bits >> 52 & 0x7FF)
  let fraction = bits & (1 << 52 - 1)
  // No number, and smaller than any amount.
  guard power != 0x7FF, power >= 1_023 - 40 else { return power == 0x7FF ? "" : "0" }
  let (mantissa, shift) = (UInt128(fraction | 1 << 52), power - 1_075)
  let sign = bits >> 63 == 1 ? "-" : ""
  guard shift <= 70 else { return sign + "9.99999999999999E+36" }
  let whole = shift >= 0 ? mantissa << UInt128(shift) : mantissa >> UInt128(-shift)
  let digits = whole == 0 ? 0 : "\(whole)".utf8.count
  guard digits <= 15 else { return sign + withExponent(whole, digits) }
  let decimals = 15 - digits
  let scale = (0..<decimals).reduce(UInt128(1)) { product, _ in product * 10 }
  var (units, parts) = (whole, UInt128(0))
  if shift < 0 {
    // Fewer than 53 bits, times fifteen digits.
    let rest = mantissa - whole << UInt128(-shift)
    parts = (rest * scale + 1 << UInt128(-shift - 1)) >> UInt128(-shift)
  }
  if parts == scale { (units, parts) = (units + 1, 0) }
  var text = "\(parts)"
  text = String(repeating: "0", count: max(0, decimals - text.utf8.count)) + text
  while text.last == "0" { text.removeLast() }
  let isNothing = units == 0 && text.isEmpty
  return (isNothing ? "" : sign) + "\(units)" + (parts == 0 || text.isEmpty ? "" : "." + text)
}

/// `1.23456789012346E+17`.
private func withExponent(_ whole: UInt128, _ digits: Int) -> String {
  let scale = (15..<digits).reduce(UInt128(1)) { product, _ in product * 10 }
  var shown = "\((whole + scale / 2) / scale)"
  let power = shown.utf8.count == 16 ? digits : digits - 1
  var tail = String(shown.dropFirst().prefix(14))
  while tail.last == "0" { tail.removeLast() }
  shown = String(shown.prefix(1))
  return shown + (tail.isEmpty ? "" : "." + tail) + "E+\(power)"
}

/// A cell's number in the 32 bits of an RK value ([MS-XLS] 2.5.217): a whole number or the upper half of a double,
/// in hundredths where its first bit says so.
func numberText(ofRK bits: UInt32) -> String {
  let isHundredths = bits & 1 == 1
  guard bits & 2 == 2 else {
    let text = numberText(ofDouble: UInt64(bits & ~3) << 32)
    return isHundredths ? hundredths(ofDecimal: text) : text
  }
  let whole = Int(Int32(bitPattern: bits) >> 2)
  return isHundredths ? hundredths(ofDecimal: "\(whole)") : "\(whole)"
}

/// A number as text, with its point moved two places to the left.
private func hundredths(ofDecimal text: String) -> String {
  guard !text.contains("E") else { return text }
  let sign = text.hasPrefix("-") ? "-" : ""
  let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
  let whole = String(repeating: "0", count: max(0, 3 - parts[0].count)) + parts[0]
  var decimals = String(whole.suffix(2)) + (parts.count > 1 ? String(parts[1]) : "")
  while decimals.last == "0" { decimals.removeLast() }
  let units = String(whole.dropLast(2))
  return sign + units + (decimals.isEmpty ? "" : "." + decimals)
}

/// What an amount field says, or what is wrong with it.
enum AmountField: Hashable, Sendable {
  /// The value in units of 10^−decimals yuan.
  case value(Int64)
  case empty
  case notAnAmount
  case tooManyDecimals
  case overflow
}

/// Reads an amount: optional sign, optional `¥`/`￥`, digits with optional `,` groups of three,
/// optional `.` and decimals. Full-width forms are accepted; `1e3`, two dots and wrong grouping are
/// not (FORMATS §8.0).
///
/// - Parameters:
///   - bytes: the trimmed field.
///   - decimals: how many decimals the column carries; further ones must be zeros.
///   - encoding: how full-width characters are spelled.
/// - Returns: the value in 10^−`decimals` yuan: fen when `decimals` is 2.
@inline(__always)
func parseAmount(
  _ bytes: UnsafeRawBufferPointer, decimals: Int, encoding: TextEncoding
) -> AmountField {
  // The ordinary amount — digits, a dot, exactly the column's decimals — in one pass.
  let count = bytes.count
  if count > decimals + 1, count <= 17, bytes[count - decimals - 1] == 0x2E {
    var value: Int64 = 0
    var isPlain = true
    for index in 0..<count where index != count - decimals - 1 {
      let digit = bytes[index] &- 0x30
      if digit > 9 {
        isPlain = false
        break
      }
      value = value &* 10 &+ Int64(digit)
    }
    if isPlain { return .value(value) }
  }
  return parseAnyAmount(bytes, decimals: decimals, encoding: encoding)
}

private func parseAnyAmount(
  _ bytes: UnsafeRawBufferPointer, decimals: Int, encoding: TextEncoding
) -> AmountField {
  guard let text = narrowed(bytes, encoding) else { return .notAnAmount }
  var rest = text[...].drop { $0 == 0x20 }
  while rest.last == 0x20 { rest = rest.dropLast() }
  guard !rest.isEmpty else { return .empty }
  var isNegative = false
  if let sign = rest.first, sign == 0x2B || sign == 0x2D {
    isNegative = sign == 0x2D
    rest = rest.dropFirst()
  }
  if rest.first == currencySign { rest = rest.dropFirst() }
  if !isNegative, rest.first == 0x2D, text.first == currencySign {
    isNegative = true
    rest = rest.dropFirst()
  }
  let whole = rest.prefix { $0 != 0x2E }
  let fraction = rest.dropFirst(whole.count).dropFirst()
  guard let wholeDigits = ungrouped(whole), !(wholeDigits.isEmpty && fraction.isEmpty),
    fraction.allSatisfy({ (0x30...0x39).contains($0) })
  else { return .notAnAmount }
  guard fraction.dropFirst(decimals).allSatisfy({ $0 == 0x30 }) else { return .tooManyDecimals }
  var value: Int64 = 0
  let padding = repeatElement(UInt8(0x30), count: max(0, decimals - fraction.count))
  for digit in wholeDigits + Array(fraction.prefix(decimals)) + Array(padding) {
    let (product, first) = value.multipliedReportingOverflow(by: 10)
    let (sum, second) = product.addingReportingOverflow(Int64(digit - 0x30))
    guard !first, !second else { return .overflow }
    value = sum
  }
  return .value(isNegative ? -value : value)
}

/// A byte that stands for `¥` and `￥` after narrowing; it occurs in no number.
private let currencySign: UInt8 = 0x24

/// Digits without their separators, or nil when groups are not of three.
private func ungrouped(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
  let groups = digits.split(separator: 0x2C, omittingEmptySubsequences: false)
  guard groups.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
  if groups.count > 1 {
    guard let first = groups.first, (1...3).contains(first.count),
      groups.dropFirst().allSatisfy({ $0.count == 3 })
    else { return nil }
  }
  return groups.flatMap { $0 }
}

/// ASCII bytes for a text of ASCII and full-width digits and signs, or nil for anything else.
func narrowed(_ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> [UInt8]? {
  guard bytes.contains(where: { $0 >= 0x80 }) else {
    return bytes.contains(currencySign) ? nil : Array(bytes)
  }
  var result: [UInt8] = []
  for scalar in encoding.decode(bytes).unicodeScalars {
    switch scalar.value {
    case 0x24, 0xFF04: return nil
    case 0xA5, 0xFFE5: result.append(currencySign)
    case 0x2212: result.append(0x2D)
    case 0x3000, 0xA0: result.append(0x20)
    case 0..<0x80: result.append(UInt8(scalar.value))
    case 0xFF01...0xFF5E: result.append(UInt8(scalar.value - 0xFEE0))
    default: return nil
    }
  }
  return result
}

/// Reads a rate, `0.60%` or `0.006`, in 1/100,000; nil where it is none, or finer than that.
func parseRate(_ text: UnsafeRawBufferPointer) -> UInt32? {
  let isPercent = text.last == UInt8(ascii: "%")
  var digits = isPercent ? 3 : 5
  var (rate, seen, isFraction): (UInt32, Int, Bool) = (0, 0, false)
  for byte in isPercent ? text.dropLast() : text[...] {
    if byte == UInt8(ascii: "."), !isFraction {
      isFraction = true
      continue
    }
    guard (0x30...0x39).contains(byte), seen < 8 else { return nil }
    if isFraction {
      if digits == 0 {
        guard byte == 0x30 else { return nil }
        continue
      }
      digits -= 1
    }
    rate = rate * 10 + UInt32(byte - 0x30)
    seen += 1
  }
  guard seen > 0 else { return nil }
  for _ in 0..<digits { rate *= 10 }
  return rate
}

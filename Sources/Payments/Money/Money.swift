/// An amount of money as a whole number of fen (1/100 yuan).
///
/// No floating point ever touches an amount: readers produce fen by integer arithmetic on the
/// statement's bytes, and everything after them adds and compares integers.
public struct Money: Hashable, Comparable, Sendable {
  /// The amount in fen; negative when money flows the other way.
  public var fen: Int64

  /// Creates an amount from whole fen.
  public init(fen: Int64) {
    self.fen = fen
  }

  /// Nothing at all.
  public static let zero = Money(fen: 0)

  /// Orders amounts by their fen.
  public static func < (left: Money, right: Money) -> Bool {
    left.fen < right.fen
  }

  /// The absolute difference of two amounts, in fen.
  ///
  /// Saturates at `Int64.max`; two amounts a reader accepted can only reach that limit when both
  /// are beyond any sum of money in existence and of opposite sign.
  public static func difference(_ left: Int64, _ right: Int64) -> Int64 {
    Int64(clamping: (Int128(left) - Int128(right)).magnitude)
  }
}

extension Money {
  /// The fen of an amount in yuan as people write it: `20`, `20.5`, `20.50`; at most 12 digits before the point.
  ///
  /// - Returns: nil for anything else.
  public static func fen(ofYuan text: some StringProtocol) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let areDigits = parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    guard (1...2).contains(parts.count), areDigits, (1...12).contains(parts[0].utf8.count),
      parts.count == 1 || (1...2).contains(parts[1].utf8.count), let whole = Int64(parts[0])
    else { return nil }
    let cents = parts.count == 1 ? "00" : "\(parts[1])0".prefix(2)
    return Int64(cents).map { whole * 100 + $0 }
  }
}

extension Money: CustomStringConvertible {
  /// Yuan with two decimals and a separator every three digits: `-1,234.50`.
  public var description: String {
    Money.yuan(Int128(fen))
  }

  /// Writes `fen` as yuan with two decimals and a separator every three digits.
  public static func yuan(_ fen: Int128) -> String {
    let magnitude = fen.magnitude
    if magnitude < 1_000_000_000_000_000 {
      return yuan(UInt64(truncatingIfNeeded: magnitude), isNegative: fen < 0)
    }
    let whole = String(magnitude / 100)
    let cents = Int(magnitude % 100)
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    return (fen < 0 ? "-" : "") + grouped + "." + (cents < 10 ? "0" : "") + String(cents)
  }

  /// The same for amounts up to ten million million yuan, which all are: written from the end.
  private static func yuan(_ fen: UInt64, isNegative: Bool) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
      var (place, rest, digits) = (text.count, fen, 0)
      func put(_ byte: UInt8) {
        place -= 1
        text[place] = byte
      }
      repeat {
        if digits == 2 { put(0x2E) }
        if digits > 2, digits % 3 == 2 { put(0x2C) }
        put(0x30 + UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
        digits += 1
      } while rest > 0 || digits < 3
      if isNegative { put(0x2D) }
      return String(decoding: UnsafeMutableBufferPointer(rebasing: text[place...]), as: UTF8.self)
    }
  }
}

/// A count of rows and the sum of their amounts.
///
/// The sum is 128 bits wide, so no statement that fits on a disk can overflow it.
public struct Tally: Hashable, Sendable {
  /// Number of rows.
  public var rows: Int
  /// Sum of their amounts in fen.
  public var fen: Int128

  /// Creates a tally.
  public init(rows: Int = 0, fen: Int128 = 0) {
    self.rows = rows
    self.fen = fen
  }

  /// Adds one row of `fen`.
  @inlinable
  public mutating func add(fen amount: Int64) {
    rows += 1
    fen += Int128(amount)
  }

  /// Adds two tallies.
  public static func + (left: Tally, right: Tally) -> Tally {
    Tally(rows: left.rows + right.rows, fen: left.fen + right.fen)
  }

  /// Adds `right` in place.
  public static func += (left: inout Tally, right: Tally) {
    left = left + right
  }
}

internal import Payments

/// The fields of one ordinary row: between the places where they end.
///
/// Eight bytes are read at a time, so that ``PlainField/slack`` bytes must lie behind the row.
struct PlainRow {
  /// The block.
  let text: UnsafePointer<UInt8>
  /// Where the row's fields end in it.
  let ends: UnsafePointer<UInt32>
  /// Where the row starts in it.
  let start: Int

  /// A field without what exports put around it.
  @inline(__always)
  subscript(field: Int) -> PlainField {
    let low = field == 0 ? start : Int(ends[field - 1]) + 1
    let count = Int(ends[field]) - low
    let at = text + low
    guard count > 0 else { return PlainField(at: at, count: 0) }
    let (first, last) = (at[0], at[count - 1])
    // WeChat writes one backtick before every value and nothing else; others write nothing.
    if last > 0x20 {
      if first == 0x60, count > 1 {
        let second = at[1]
        if second > 0x20, second != 0x60, second != 0x3D {
          return PlainField(at: at + 1, count: count - 1)
        }
      } else if first > 0x20, first != 0x3D, first != 0x60 {
        return PlainField(at: at, count: count)
      }
    }
    return PlainField(trimmed(UnsafeRawBufferPointer(start: at, count: count)), else: at)
  }

  /// The key a field holds, 0 when it says nothing; nil when it wants care. A layout without the field
  /// says −1.
  @inline(__always)
  func key(_ field: Int, _ encoding: TextEncoding) -> KeyHash? {
    guard field >= 0 else { return 0 }
    let text = self[field]
    if text.isAbsent { return 0 }
    if isScientific(text.bytes) { return nil }
    return text.isBareKey ? fingerprint(text.bytes) : keyHash(text.bytes, encoding)
  }

  /// The number of a person that a field holds, likewise.
  @inline(__always)
  func person(_ field: Int, _ encoding: TextEncoding) -> KeyHash? {
    guard field >= 0 else { return 0 }
    let text = self[field]
    if text.isAbsent { return 0 }
    if text.isBareNumber { return fingerprint(text.bytes) }
    return isScientific(text.bytes) ? nil : personHash(text.bytes, encoding)
  }

  /// What a field holds, as it is written, likewise.
  @inline(__always)
  func payer(_ field: Int) -> KeyHash? {
    guard field >= 0 else { return 0 }
    let text = self[field]
    if text.isAbsent { return 0 }
    return isScientific(text.bytes) ? nil : fingerprint(text.bytes)
  }
}

/// One field of an ordinary row.
struct PlainField {
  /// Bytes that lie behind every row read here, so that words are compared eight bytes at a time.
  static let slack = 16
  /// Amounts up to here are ordinary: a whole batch of them adds up to less than 2⁶³.
  static let largestAmount: Int64 = 1 << 50

  let at: UnsafePointer<UInt8>
  let count: Int

  @inline(__always)
  init(at: UnsafePointer<UInt8>, count: Int) {
    self.at = at
    self.count = count
  }

  /// - Parameter fallback: where the field is when it is empty.
  init(_ bytes: UnsafeRawBufferPointer, else fallback: UnsafePointer<UInt8>) {
    at = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? fallback
    count = bytes.count
  }

  @inline(__always)
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: at, count: count) }

  /// Eight bytes from `offset` on, the first of them lowest.
  @inline(__always)
  private func eight(_ offset: Int) -> UInt64 {
    UnsafeRawPointer(at + offset).loadUnaligned(as: UInt64.self).littleEndian
  }

  @inline(__always)
  func isSame(_ word: PlainWord) -> Bool {
    count == word.count && eight(0) & word.mask.0 == word.text.0
      && (count <= 8 || eight(8) & word.mask.1 == word.text.1)
  }

  /// Whether a key that says something is certainly written as it is compared: in ASCII, with a letter or a
  /// digit at either end, and not `.0` there.
  @inline(__always)
  var isBareKey: Bool {
    var bytes: UInt64 = 0
    var place = 0
    while place + 8 <= count {
      bytes |= eight(place)
      place += 8
    }
    if place < count { bytes |= eight(place) & (1 << UInt64(8 * (count - place)) &- 1) }
    return bytes & 0x8080_8080_8080_8080 == 0 && at[0] >= 0x30 && at[count - 1] >= 0x30
      && at[0] != 0x60 && at[count - 1] != 0x60
      && (at[count - 1] != 0x30 || count < 2 || at[count - 2] != 0x2E)
  }

  /// Whether a person's number is certainly written as it is compared: up to sixteen digits of which the
  /// first is no zero.
  @inline(__always)
  var isBareNumber: Bool {
    guard count > 0, count <= 16, at[0] != 0x30 else { return false }
    func areDigits(_ text: UInt64, _ bytes: Int) -> Bool {
      let shift = UInt64(64 - 8 * bytes)
      // What lies behind is read as zeros.
      let digits =
        (text << shift | ~(UInt64.max << shift) & 0x3030_3030_3030_3030)
        ^ 0x3030_3030_3030_3030
      return (digits &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080 == 0
    }
    if count <= 8 { return areDigits(eight(0), count) }
    return areDigits(eight(0), 8) && areDigits(eight(8), count - 8)
  }

  /// Whether the field says nothing; most say something and start with none of the marks.
  @inline(__always)
  var isAbsent: Bool {
    guard count > 0 else { return true }
    switch at[0] {
    case 0x2D, 0x2F, 0x30, 0x4E: return Statements.isAbsent(bytes)
    default: return false
    }
  }

  /// Digits, a dot and exactly `decimals` digits, with a minus or without a sign; nil for every other way
  /// to write an amount, and for the largest.
  ///
  /// - Returns: the value in 10^−`decimals`.
  @inline(__always)
  func amount(_ decimals: Int) -> Int64? {
    // Most columns of most rows: coupons, refunds.
    if count == 4, decimals == 2, eight(0) & 0xFFFF_FFFF == 0x3030_2E30 { return 0 }
    guard count <= 8, count > decimals + 1 else { return longAmount(decimals) }
    // The text ends in the highest byte: the dot's place is known, digits before it move up by one.
    let text = eight(0) << UInt64(64 - 8 * count)
    let dot = UInt64(56 - 8 * decimals)
    guard text >> dot & 0xFF == 0x2E else { return nil }
    let below: UInt64 = (1 << dot) &- 1
    let fill = UInt64(0x3030_3030_3030_3030) >> UInt64(8 * (count - 1))
    var digits = (text & ~(below | 0xFF << dot)) | (text & below) << 8 | fill
    digits ^= 0x3030_3030_3030_3030
    guard ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 == 0 else {
      return longAmount(decimals)
    }
    // Pairs, fours, eight: each step adds the higher neighbour to ten, a hundred, ten thousand times.
    digits = (digits &* 2_561) >> 8 & 0x00FF_00FF_00FF_00FF
    digits = (digits &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
    return Int64(truncatingIfNeeded: (digits &* 42_949_672_960_001) >> 32)
  }

  @inline(never)
  private func longAmount(_ decimals: Int) -> Int64? {
    guard count > decimals + 1, count <= 17, at[count - decimals - 1] == 0x2E else { return nil }
    let start = at[0] == 0x2D ? 1 : 0
    guard count > decimals + 1 + start else { return nil }
    var value: Int64 = 0
    for index in start..<count where index != count - decimals - 1 {
      let digit = at[index] &- 0x30
      if digit > 9 { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    guard value < PlainField.largestAmount else { return nil }
    return start == 0 ? value : -value
  }
}

/// A word of at most sixteen bytes, for comparing with fields.
struct PlainWord: Sendable {
  let count: Int
  let text: (UInt64, UInt64)
  let mask: (UInt64, UInt64)

  /// Fails for longer words.
  init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count <= 16 else { return nil }
    count = bytes.count
    var (text, mask): ([UInt64], [UInt64]) = ([0, 0], [0, 0])
    for (index, byte) in bytes.enumerated() {
      text[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
      mask[index / 8] |= 0xFF << UInt64(index % 8 * 8)
    }
    self.text = (text[0], text[1])
    self.mask = (mask[0], mask[1])
  }
}

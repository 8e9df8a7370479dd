internal import Payments

/// A growing file as bytes: the layouts write their fields straight into it, so that a bill of a
/// million rows costs no string per field.
struct ByteSheet {
  private(set) var bytes: [UInt8] = []

  /// Makes room for `count` bytes.
  mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(count)
  }

  mutating func text(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  mutating func raw(_ more: [UInt8]) {
    bytes.append(contentsOf: more)
  }

  mutating func byte(_ byte: UInt8) {
    bytes.append(byte)
  }

  /// A number, left-padded with zeros to at least `width` digits.
  mutating func digits(_ number: UInt64, width: Int = 1) {
    let start = bytes.count
    var rest = number
    var written = 0
    while rest > 0 || written < width {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
      written += 1
    }
    bytes[start...].reverse()
  }

  /// Fen as yuan with two decimals and no separators: `-12.05`.
  mutating func yuan(_ fen: Int64) {
    if fen < 0 { bytes.append(0x2D) }
    digits(fen.magnitude / 100)
    bytes.append(0x2E)
    digits(fen.magnitude % 100, width: 2)
  }

  /// `yyyyMMdd`, with `separator` between the parts when there is one.
  mutating func day(_ day: BusinessDay, separator: UInt8? = nil) {
    let civil = day.civil
    digits(UInt64(civil.year), width: 4)
    if let separator { bytes.append(separator) }
    digits(UInt64(civil.month), width: 2)
    if let separator { bytes.append(separator) }
    digits(UInt64(civil.day), width: 2)
  }

  /// `HH:mm:ss` in Asia/Shanghai.
  mutating func clock(_ time: Timestamp) {
    let second = UInt64(time.secondOfDay)
    digits(second / 3_600, width: 2)
    bytes.append(0x3A)
    digits(second / 60 % 60, width: 2)
    bytes.append(0x3A)
    digits(second % 60, width: 2)
  }

  /// `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai, with another byte than a space when asked.
  mutating func moment(_ time: Timestamp, between: UInt8 = 0x20) {
    day(time.day, separator: 0x2D)
    bytes.append(between)
    clock(time)
  }

  /// `yyyy年MM月dd日 HH:mm:ss` in Asia/Shanghai.
  mutating func chineseMoment(_ time: Timestamp) {
    let civil = time.day.civil
    digits(UInt64(civil.year), width: 4)
    text("年")
    digits(UInt64(civil.month), width: 2)
    text("月")
    digits(UInt64(civil.day), width: 2)
    text("日 ")
    clock(time)
  }
}

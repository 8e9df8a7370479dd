/// A calendar day of business, in Asia/Shanghai whatever the machine's zone is.
///
/// China keeps UTC+8 without daylight saving since 1991, so a business day is a constant shift of
/// a UTC day and needs no calendar library.
public struct BusinessDay: Hashable, Codable, Comparable, Sendable {
  /// Days since 1970-01-01, counted in Asia/Shanghai.
  public var number: Int32

  /// Creates a day from its count of days since 1970-01-01.
  public init(number: Int32) {
    self.number = number
  }

  /// Creates a day from its civil date, or nil when there is no such date.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...BusinessDay.daysInMonth(year: year, month: month)).contains(day)
    else { return nil }
    number = Int32(BusinessDay.daysFromCivil(year: year, month: month, day: day))
  }

  /// Reads `yyyy-MM-dd` or `yyyyMMdd`, or returns nil.
  public init?(_ text: some StringProtocol) {
    let digits = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in digits[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    let parts: (Int?, Int?, Int?)
    if digits.count == 10, digits[4] == 0x2D, digits[7] == 0x2D {
      parts = (number(0..<4), number(5..<7), number(8..<10))
    } else if digits.count == 8 {
      parts = (number(0..<4), number(4..<6), number(6..<8))
    } else {
      return nil
    }
    guard let year = parts.0, let month = parts.1, let day = parts.2 else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Orders days in time.
  public static func < (left: BusinessDay, right: BusinessDay) -> Bool {
    left.number < right.number
  }

  /// The day `count` days later (earlier when negative).
  public func adding(_ count: Int32) -> BusinessDay {
    BusinessDay(number: number + count)
  }

  /// The first second of the day.
  public var start: Timestamp {
    Timestamp(seconds: Int64(number) * 86_400 - Timestamp.shanghaiOffsetSeconds)
  }

  /// Monday is 1, Sunday is 7.
  public var weekday: Int {
    Int(((number + 3) % 7 + 7) % 7) + 1
  }

  /// Year, month and day of month.
  public var civil: (year: Int, month: Int, day: Int) {
    let shifted = Int(number) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// Number of days in a month of the Gregorian calendar.
  public static func daysInMonth(year: Int, month: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01 of a valid civil date (Howard Hinnant's `days_from_civil`).
  @inlinable
  public static func daysFromCivil(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension BusinessDay: CustomStringConvertible {
  /// `yyyy-MM-dd`.
  public var description: String {
    let parts = civil
    if (0...9_999).contains(parts.year) {
      return String(unsafeUninitializedCapacity: 10) { text in
        write(parts, to: text)
        return 10
      }
    }
    return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
  }
}

/// A moment, to the second: no statement this program reads promises more.
public struct Timestamp: Hashable, Codable, Comparable, Sendable {
  /// Asia/Shanghai is this many seconds ahead of UTC, all year.
  public static let shanghaiOffsetSeconds: Int64 = 8 * 3_600

  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64

  /// Creates a moment from seconds since 1970-01-01T00:00:00Z.
  @inlinable
  public init(seconds: Int64) {
    self.seconds = seconds
  }

  /// Orders moments in time.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.seconds < right.seconds
  }

  /// The moment `count` seconds later.
  public func adding(seconds count: Int64) -> Timestamp {
    Timestamp(seconds: seconds + count)
  }

  /// The business day this moment falls on.
  @inlinable
  public var day: BusinessDay {
    let local = seconds + Timestamp.shanghaiOffsetSeconds
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    return BusinessDay(number: Int32(clamping: days))
  }

  /// Seconds since the start of the business day, 0...86399.
  @inlinable
  public var secondOfDay: Int64 {
    let local = (seconds + Timestamp.shanghaiOffsetSeconds) % 86_400
    return local >= 0 ? local : local + 86_400
  }
}

extension Timestamp: CustomStringConvertible {
  /// `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai.
  public var description: String {
    let second = Int(secondOfDay)
    let parts = day.civil
    if (0...9_999).contains(parts.year) {
      return String(unsafeUninitializedCapacity: 19) { text in
        write(parts, to: text)
        (text[10], text[13], text[16]) = (0x20, 0x3A, 0x3A)
        writeTwo(second / 3_600, to: text, at: 11)
        writeTwo(second / 60 % 60, to: text, at: 14)
        writeTwo(second % 60, to: text, at: 17)
        return 19
      }
    }
    return "\(day) \(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):"
      + padded(second % 60, 2)
  }
}

/// A half-open stretch of time, `[start, end)`.
public struct TimeSpan: Hashable, Sendable {
  /// First second inside.
  public var start: Timestamp
  /// First second after.
  public var end: Timestamp

  /// Creates `[start, end)`.
  public init(start: Timestamp, end: Timestamp) {
    self.start = start
    self.end = end
  }

  /// The whole of the business days `first` to `last`, both included.
  public init(first: BusinessDay, last: BusinessDay) {
    self.init(start: first.start, end: last.adding(1).start)
  }
}

/// Left-pads a number with zeros to `width` digits.
func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// `yyyy-MM-dd` of a year of four digits: days and moments are written by the thousand.
private func write(
  _ parts: (year: Int, month: Int, day: Int), to text: UnsafeMutableBufferPointer<UInt8>
) {
  (text[4], text[7]) = (0x2D, 0x2D)
  writeTwo(parts.year / 100, to: text, at: 0)
  writeTwo(parts.year % 100, to: text, at: 2)
  writeTwo(parts.month, to: text, at: 5)
  writeTwo(parts.day, to: text, at: 8)
}

private func writeTwo(_ number: Int, to text: UnsafeMutableBufferPointer<UInt8>, at place: Int) {
  text[place] = 0x30 + UInt8(truncatingIfNeeded: number / 10)
  text[place + 1] = 0x30 + UInt8(truncatingIfNeeded: number % 10)
}

extension ClosedRange<BusinessDay> {
  /// The month of a text such as `2026-11`; nil when it is none.
  public init?(month text: String) {
    guard text.utf8.count == 7, let first = BusinessDay(text + "-01") else { return nil }
    var last = first
    while last.adding(1).description.hasPrefix(text) { last = last.adding(1) }
    self = first...last
  }
}

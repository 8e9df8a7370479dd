internal import Payments

/// What a time field says, or what is wrong with it.
enum MomentField: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z; the field is Asia/Shanghai.
  case value(Int64)
  /// Seconds of the day's midnight: the field holds no time of day.
  case day(Int64)
  case empty
  case notATime
  /// A spreadsheet dropped the seconds.
  case withoutSeconds
}

extension MomentField {
  /// The moment, or the midnight of a day that stands alone.
  var seconds: Int64? {
    switch self {
    case .value(let seconds), .day(let seconds): seconds
    default: nil
    }
  }
}

/// Remembers the day of the row before: neighbours in a statement share it.
struct MomentParser {
  private var cachedDate: UInt64 = 0
  private var cachedDay: UInt16 = 0
  private var cachedStart: Int64 = 0

  /// Reads `yyyy-MM-dd HH:mm:ss`, the form nearly every row has, and leaves the others to
  /// ``parseAnyMoment(_:encoding:)``.
  @inline(__always)
  mutating func parse(_ bytes: UnsafeRawBufferPointer, encoding: TextEncoding) -> MomentField {
    let moment = parsePlain(bytes)
    // What has the form and is no time is no time in any other form.
    if moment != .notATime || isPlain(bytes) { return moment }
    return parseAnyMoment(bytes, encoding: encoding)
  }

  /// The same for messages, which write `yyyy-MM-ddTHH:mm:ss` and Beijing's zone behind it, or no zone.
  mutating func parseISO(_ bytes: UnsafeRawBufferPointer) -> MomentField {
    let isBeijing = bytes.count == 25 && bytes[19...].elementsEqual("+08:00".utf8)
    if bytes.count == 19 || isBeijing {
      let moment = parsePlain(UnsafeRawBufferPointer(rebasing: bytes[..<19]), mark: 0x54)
      if moment != .notATime { return moment }
    }
    return parseAnyMoment(bytes, encoding: .utf8)
  }

  private func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count == 19 && bytes[4] == 0x2D && bytes[7] == 0x2D && bytes[10] == 0x20
      && bytes[13] == 0x3A && bytes[16] == 0x3A
  }

  /// Reads `yyyy-MM-dd HH:mm:ss` and nothing else.
  ///
  /// - Parameter mark: the byte between day and time.
  @inline(__always)
  mutating func parsePlain(
    _ bytes: UnsafeRawBufferPointer, mark: UInt8 = 0x20
  ) -> MomentField {
    guard bytes.count == 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == mark else {
      return .notATime
    }
    let date = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
    let day = bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    if date != cachedDate || day != cachedDay {
      guard let start = MomentParser.dayStart(bytes) else { return .notATime }
      (cachedDate, cachedDay, cachedStart) = (date, day, start)
    }
    // `HH:mm:ss` at once: the colons, then six digits whose bytes must be at most 9.
    let clock = bytes.loadUnaligned(fromByteOffset: 11, as: UInt64.self).littleEndian
    let digits = (clock & 0xFFFF_00FF_FF00_FFFF) ^ 0x3030_0030_3000_3030
    guard clock & 0x0000_FF00_00FF_0000 == 0x0000_3A00_003A_0000,
      ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 == 0
    else { return .notATime }
    func pair(_ shift: UInt64) -> Int64 {
      Int64(truncatingIfNeeded: (digits >> shift & 0xF) &* 10 &+ (digits >> (shift + 8) & 0xF))
    }
    let (hour, minute, second) = (pair(0), pair(24), pair(48))
    guard hour < 24, minute < 60, second < 60 else { return .notATime }
    return .value(cachedStart + hour * 3_600 + minute * 60 + second)
  }

  private static func dayStart(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    let year = twoDigits(bytes, 0) * 100 + twoDigits(bytes, 2)
    return BusinessDay(year: year, month: twoDigits(bytes, 5), day: twoDigits(bytes, 8))
      .map { $0.start.seconds }
  }
}

/// Two ASCII digits as a number, or a number over 99 when they are not digits.
@inline(__always)
private func twoDigits(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
  let (high, low) = (bytes[offset] &- 0x30, bytes[offset + 1] &- 0x30)
  return high > 9 || low > 9 ? 10_000 : Int(high) * 10 + Int(low)
}

/// Reads the other forms a time takes: full-width colons, `/` and `T` separators, `yyyyMMdd`,
/// `2019年09月16日`, one-digit parts, a zone (`Z`, `+02:00`), a date alone (midnight).
func parseAnyMoment(_ bytes: UnsafeRawBufferPointer, encoding: TextEncoding) -> MomentField {
  let text = encoding.decode(bytes)
  var numbers: [(value: Int, digits: Int)] = []
  var zone: Int64 = Timestamp.shanghaiOffsetSeconds
  var scalars = Array(text.unicodeScalars)[...]
  while let scalar = scalars.first {
    switch scalar.value {
    case 0x30...0x39, 0xFF10...0xFF19:
      let run = scalars.prefix { digit($0) != nil }
      scalars = scalars.dropFirst(run.count)
      let value = run.prefix(14).reduce(0) { $0 * 10 + (digit($1) ?? 0) }
      if run.count == 14, numbers.isEmpty {
        numbers = [(value / 1_000_000, 8), (value % 1_000_000, 6)]
      } else if run.count <= 8 {
        numbers.append((value, run.count))
      } else {
        return .notATime
      }
    case 0x2B where hasTime(numbers), 0x2D where hasTime(numbers):
      let offset = String(String.UnicodeScalarView(scalars.dropFirst())).split(separator: ":")
      guard offset.count == 2, let hours = Int64(offset[0]), let minutes = Int64(offset[1]),
        (0...14).contains(hours), (0...59).contains(minutes)
      else { return .notATime }
      zone = (hours * 3_600 + minutes * 60) * (scalar.value == 0x2D ? -1 : 1)
      scalars = []
    case 0x2E where numbers.count >= 6:
      scalars = scalars.dropFirst().drop { digit($0) != nil }
    case 0x5A:
      zone = 0
      scalars = scalars.dropFirst()
    case 0x20, 0x2D, 0x2F, 0x2E, 0x3A, 0x54, 0xFF1A, 0x3000, 0x5E74, 0x6708, 0x65E5:
      scalars = scalars.dropFirst()
    default: return .notATime
    }
  }
  return moment(numbers, zone: zone)
}

private func moment(_ numbers: [(value: Int, digits: Int)], zone: Int64) -> MomentField {
  var parts = numbers.map(\.value)
  guard let first = numbers.first else { return .empty }
  if first.digits == 8 {
    parts.replaceSubrange(
      0...0, with: [first.value / 10_000, first.value / 100 % 100, first.value % 100])
  } else if first.digits != 4 {
    return .notATime
  }
  if parts.count == 4, numbers.last?.digits == 6 {
    let time = parts[3]
    parts.replaceSubrange(3...3, with: [time / 10_000, time / 100 % 100, time % 100])
  }
  let isNarrow = numbers.dropFirst().allSatisfy { $0.digits <= 2 || $0.digits == 6 }
  guard isNarrow, parts.count >= 3,
    let day = BusinessDay(year: parts[0], month: parts[1], day: parts[2])
  else { return .notATime }
  if parts.count == 5 { return .withoutSeconds }
  var seconds = 0
  if parts.count == 6 {
    guard parts[3] < 24, parts[4] < 60, parts[5] < 60 else { return .notATime }
    seconds = parts[3] * 3_600 + parts[4] * 60 + parts[5]
  } else if parts.count == 3 {
    return .day(Int64(day.number) * 86_400 - zone)
  } else {
    return .notATime
  }
  let local = Int64(day.number) * 86_400 + Int64(seconds)
  return .value(local - zone)
}

/// Whether a moment can be one of a statement: from 1970 until 2106, as seconds fit the entry table.
///
/// A file that says it is for the years 1009 to 2020 says nothing.
@inline(__always)
func isUsable(_ seconds: Int64) -> Bool {
  seconds > 0 && seconds < Int64(UInt32.max)
}

/// Whether a date and a time of day have been read, so that a sign can only start a zone.
private func hasTime(_ numbers: [(value: Int, digits: Int)]) -> Bool {
  numbers.count >= 4 || (numbers.first?.digits == 8 && numbers.count >= 2)
}

private func digit(_ scalar: Unicode.Scalar) -> Int? {
  switch scalar.value {
  case 0x30...0x39: Int(scalar.value) - 0x30
  case 0xFF10...0xFF19: Int(scalar.value) - 0xFF10
  default: nil
  }
}

/// The day some text tells, be it a moment or a day alone; another where it tells none.
func bookedDay(
  _ text: UnsafeRawBufferPointer, _ encoding: TextEncoding, orElse other: Int64? = nil
) -> BusinessDay? {
  switch parseAnyMoment(text, encoding: encoding) {
  case .value(let seconds) where isUsable(seconds), .day(let seconds) where isUsable(seconds):
    return Timestamp(seconds: seconds).day
  default: return other.map { Timestamp(seconds: $0).day }
  }
}

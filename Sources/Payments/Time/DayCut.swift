/// Where the day of a source ends: at midnight, or where its operator closes the books.
///
/// A cut from noon on ends the day it is on: cut at 23:00, the day D is [D−1 23:00, D 23:00). One before noon
/// ends the day before it: cut at 01:00, the day D is [D 01:00, D+1 01:00).
public struct DayCut: Hashable, Sendable {
  /// Seconds after midnight, 0...86399.
  public let secondOfDay: Int64

  /// The calendar's.
  public static let midnight = DayCut(secondOfDay: 0)

  private init(secondOfDay: Int64) { self.secondOfDay = secondOfDay }

  /// Reads `23:00`, or returns nil.
  public init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.count == 2 && part.allSatisfy { (0x30...0x39).contains($0) }
        ? part.reduce(Int64(0)) { $0 * 10 + Int64($1) - 0x30 } : nil
    }
    guard parts.count == 2, numbers.count == 2, numbers[0] < 24, numbers[1] < 60 else { return nil }
    self.init(secondOfDay: numbers[0] * 3_600 + numbers[1] * 60)
  }

  /// By how many seconds the source's days begin after the calendar's; negative where they begin before.
  public var offset: Int64 { secondOfDay < 43_200 ? secondOfDay : secondOfDay - 86_400 }

  /// The source's day a moment falls on.
  public func day(of moment: Timestamp) -> BusinessDay { moment.adding(seconds: -offset).day }

  /// The whole of the source's days `first` to `last`, both included.
  public func span(first: BusinessDay, last: BusinessDay) -> TimeSpan {
    let days = TimeSpan(first: first, last: last)
    return TimeSpan(
      start: days.start.adding(seconds: offset), end: days.end.adding(seconds: offset))
  }
}

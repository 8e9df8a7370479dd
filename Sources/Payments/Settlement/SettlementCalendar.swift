/// Which days banks settle on: Monday to Friday, less holidays, and the days worked in their place (调休).
public struct SettlementCalendar: Hashable, Sendable {
  /// Working days from a withdrawal to its arrival.
  public var days = 1
  /// Days off that would be worked.
  public var holidays: Set<BusinessDay> = []
  /// Days worked that would be off.
  public var workdays: Set<BusinessDay> = []

  /// Creates the calendar of T+1 without holidays.
  public init() {}

  /// Whether banks settle on a day.
  public func isWorking(_ day: BusinessDay) -> Bool {
    workdays.contains(day) || day.weekday <= 5 && !holidays.contains(day)
  }

  /// The `count`-th working day after a day; before it, where `count` is negative. The day itself for 0.
  public func day(_ count: Int, after day: BusinessDay) -> BusinessDay {
    var (left, found) = (abs(count), day)
    while left > 0 {
      found = found.adding(count < 0 ? -1 : 1)
      if isWorking(found) { left -= 1 }
    }
    return found
  }

  /// The day by which what left a channel on a day has arrived.
  public func due(_ day: BusinessDay) -> BusinessDay { self.day(days, after: day) }
}

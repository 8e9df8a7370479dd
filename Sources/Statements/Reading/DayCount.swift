internal import Payments

/// How many rows of a statement fall on a day.
struct DayCount: Sendable {
  var day: BusinessDay
  var rows: Int
}

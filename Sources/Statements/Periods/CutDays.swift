internal import Columns
internal import Payments

// The days of a source whose day does not end at midnight.

extension Reading {
  /// Says of which of its source's days the statement is, and what of them it claims; called once, when it is
  /// known where they are cut. A stated period stays what it is.
  ///
  /// Without one it claims the source's days its rows are of, the first to the last. But rows that go on after
  /// the last cut and stop before midnight show a file that was not cut there: it claims no more than its
  /// calendar day and those rows. At an edge over which a few rows slipped it claims as far as they go, as
  /// everywhere.
  mutating func moveDays() {
    guard cut != .midnight, view == .trade || view == .account, let old = statement.period else {
      return
    }
    guard !statesPeriod else {
      if old.start.secondOfDay == cut.secondOfDay {
        statement.from = cut.day(of: old.start)
        statement.to = cut.day(of: old.end.adding(seconds: -1))
      }
      return
    }
    let days = cutDays
    guard var first = days.first, var last = days.last else { return }
    var period = cut.span(first: first.day, last: last.day)
    let fullest = days.reduce(0) { max($0, $1.rows) }
    let (head, tail) = (first, last)
    let isEvening = cut.offset < 0
    let isCut = isEvening ? !tail.isOfDayBefore : !head.isOfDayAfter
    if head.day < tail.day, isEvening && !isCut || tail.slips(over: cut, after: true, fullest) {
      period.end = Timestamp(seconds: tail.end)
      last.day = tail.day.adding(-1)
    }
    if head.day < tail.day, !isEvening && !isCut || head.slips(over: cut, after: false, fullest) {
      period.start = Timestamp(seconds: head.start)
      first.day = head.day.adding(1)
    }
    if head.day < tail.day, !isCut {
      if isEvening {
        period.start = max(
          period.start, min(first.day.start, Timestamp(seconds: head.start)))
      } else {
        period.end = min(
          period.end, max(last.day.adding(1).start, Timestamp(seconds: tail.end)))
      }
    }
    statement.period = period
    (statement.from, statement.to) = (first.day, last.day)
    for index in statement.holes.indices where statement.holes[index].span == old {
      statement.holes[index].span = period
    }
  }

  /// The source's days its rows are of, in order; a row of which only the day is known is of that day.
  private var cutDays: [CutDay] {
    guard let first = days.first?.day, let last = days.last?.day else { return [] }
    let bounds = TimeSpan(first: first, last: last)
    var found: [BusinessDay: CutDay] = [:]
    func add(_ span: TimeSpan, _ day: BusinessDay) {
      let (start, end) = (span.start.seconds, span.end.seconds)
      found[day, default: CutDay(day: day, rows: 0, start: start, end: end)].add(start, end)
    }
    for row in 0..<table.count {
      let time = Int64(table.time[row])
      guard bounds.start.seconds <= time, time < bounds.end.seconds else { continue }
      let isDayOnly = table.dayOnly.contains(Int32(row))
      let moment = Timestamp(seconds: time)
      add(
        TimeSpan(second: time, isDayOnly: isDayOnly), isDayOnly ? moment.day : cut.day(of: moment))
    }
    // Rows that cannot be used happened too, where it can be read when.
    for hole in statement.holes where hole.span.end.seconds - hole.span.start.seconds == 1 {
      if bounds.start <= hole.span.start, hole.span.start < bounds.end {
        add(hole.span, cut.day(of: hole.span.start))
      }
    }
    return found.values.sorted { $0.day < $1.day }
  }
}

/// The rows of a statement on one of its source's days.
private struct CutDay {
  var day: BusinessDay
  var rows: Int
  /// The first second of its rows, and the first after them.
  var start: Int64
  var end: Int64

  mutating func add(_ start: Int64, _ end: Int64) {
    rows += 1
    (self.start, self.end) = (min(self.start, start), max(self.end, end))
  }

  /// Whether all of it lies before the midnight at which the calendar's day begins.
  var isOfDayBefore: Bool { end <= day.start.seconds }

  /// Whether all of it lies after the midnight at which the calendar's day ends.
  var isOfDayAfter: Bool { start >= day.adding(1).start.seconds }

  /// Whether its rows are few, and near the cut after which, or before which, they should not be.
  func slips(over cut: DayCut, after isAfter: Bool, _ fullest: Int) -> Bool {
    let span = cut.span(first: day, last: day)
    let isNear =
      isAfter
      ? end - span.start.seconds < 10_800 : start - span.start.seconds >= 21 * 3_600
    return rows * 50 < fullest && isNear
  }
}

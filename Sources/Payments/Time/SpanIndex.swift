internal import Columns

/// Stretches that may overlap, laid out for asking whether one of them holds a moment or a stretch.
public struct SpanIndex: Sendable {
  /// Where the stretches begin, in order.
  private let starts: [Timestamp]
  /// For each of them the latest end of it and those before.
  private let ends: [Timestamp]

  /// Lays stretches out.
  public init(_ spans: some Sequence<TimeSpan>) {
    let sorted = spans.sorted { $0.start < $1.start }
    starts = sorted.map(\.start)
    var latest = Timestamp(seconds: .min)
    ends = sorted.map { span in
      latest = max(latest, span.end)
      return latest
    }
  }

  /// Whether there are none.
  public var isEmpty: Bool { starts.isEmpty }

  /// Whether one of the stretches, by itself, holds all of another.
  public func holds(_ span: TimeSpan) -> Bool {
    let later = starts.firstPlace { $0 > span.start }
    return later > 0 && ends[later - 1] >= span.end
  }

  /// Whether one of the stretches holds a moment.
  public func holds(_ moment: Timestamp) -> Bool {
    holds(TimeSpan(start: moment, end: moment.adding(seconds: 1)))
  }

  /// Whether one of the stretches holds all of a day.
  public func holds(_ day: BusinessDay) -> Bool { holds(TimeSpan(first: day, last: day)) }
}

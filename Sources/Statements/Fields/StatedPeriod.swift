internal import Payments

extension TimeSpan {
  /// The stretch a statement says it is for, in whatever spelling; nil where it says nothing that can be.
  ///
  /// A day without a time of day is the whole day. An end written `hh:mm:59` includes its second, `24:00`
  /// is the midnight that follows, and a day "from midnight to the same midnight" is that day.
  init?(statedFrom from: String, to: String) {
    guard let first = StatedMoment(from), let last = StatedMoment(to) else { return nil }
    var end = last.end
    if last.start == first.start, Timestamp(seconds: end).secondOfDay == 0, end == first.start {
      end += 86_400
    }
    guard isUsable(first.start), isUsable(end), first.start < end else { return nil }
    self.init(start: Timestamp(seconds: first.start), end: Timestamp(seconds: end))
  }

  /// The second, or the whole day where only that is known.
  init(second: Int64, isDayOnly: Bool = false) {
    let start = Timestamp(seconds: second)
    self =
      isDayOnly
      ? TimeSpan(first: start.day, last: start.day)
      : TimeSpan(
        start: start, end: start.adding(seconds: 1))
  }

  /// The last day it touches.
  var lastDay: BusinessDay { end.adding(seconds: -1).day }

  /// As much of a time as a text tells: the minute of one whose seconds a spreadsheet dropped, the day of
  /// one whose time of day is none; nil where not even the day can be read.
  init?(readableIn text: String) {
    switch StatedMoment.parsed(text) {
    case .value(let seconds) where isUsable(seconds): self.init(second: seconds)
    case .day(let seconds) where isUsable(seconds): self.init(second: seconds, isDayOnly: true)
    case .withoutSeconds:
      guard let minute = StatedMoment.parsed(text + ":00").seconds, isUsable(minute) else {
        return nil
      }
      self.init(start: Timestamp(seconds: minute), end: Timestamp(seconds: minute + 60))
    default:
      let day = text.prefix { $0 != " " && $0 != "T" && $0 != "\t" }
      guard day.count >= 8, day.count < text.count,
        case .day(let seconds) = StatedMoment.parsed(String(day)), isUsable(seconds)
      else { return nil }
      self.init(second: seconds, isDayOnly: true)
    }
  }
}

/// One end of a stated period: the moment it is as a beginning, and as an end.
private struct StatedMoment {
  var start: Int64
  var end: Int64

  init?(_ text: String) {
    if let midnight = StatedMoment.dayEnd(text) {
      (start, end) = (midnight, midnight)
      return
    }
    switch StatedMoment.parsed(text) {
    case .value(let seconds):
      (start, end) = (seconds, seconds % 60 == 59 ? seconds + 1 : seconds)
    case .day(let seconds): (start, end) = (seconds, seconds + 86_400)
    case .withoutSeconds:
      guard let minute = StatedMoment.parsed(text + ":00").seconds else { return nil }
      // 23:59 as an end is the last minute of the day, 12:00 is noon.
      (start, end) = (minute, minute % 3_600 == 3_540 ? minute + 60 : minute)
    default: return nil
    }
  }

  static func parsed(_ text: String) -> MomentField {
    Array(text.utf8).withUnsafeBytes { parseAnyMoment(trimmed($0), encoding: .utf8) }
  }

  /// The midnight that 24 o'clock of a day is; no clock shows it, statements do.
  private static func dayEnd(_ text: String) -> Int64? {
    for (mark, other) in [("24:00", "00:00"), ("24：00", "00:00")] where text.contains(mark) {
      let moment = parsed(text.replacing(mark, with: other))
      if let seconds = moment.seconds { return seconds + 86_400 }
      if moment == .withoutSeconds {
        return parsed(text.replacing(mark, with: other) + ":00").seconds.map { $0 + 86_400 }
      }
    }
    guard text.hasSuffix("240000"), text.utf8.count >= 14 else { return nil }
    return parsed(text.dropLast(6) + "000000").seconds.map { $0 + 86_400 }
  }
}

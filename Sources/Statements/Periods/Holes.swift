internal import Columns
internal import Payments

// What the rows that cannot be used leave open.

extension Reading {
  /// At most this many rows have a hole of their own; more are one hole of the whole statement.
  static let narrowHoles = 1_000

  /// Notes a row that cannot be used.
  mutating func note(unused row: UnusedRow) {
    unusedRows += 1
    if unused.count < Reading.narrowHoles { unused.append(row) }
  }

  /// Turns the rows that cannot be used, noted since it was last called, into holes; the period is known.
  mutating func settleHoles() {
    guard unusedRows > 0, !unused.isEmpty || statement.holes.isEmpty else { return }
    let whole = wholeSpan
    guard unusedRows <= Reading.narrowHoles else {
      statement.holes = [Hole(span: whole)]
      return
    }
    statement.holes += unused.map { row in
      var hole = Hole(
        span: row.span.flatMap { isStray($0.start) ? nil : $0 } ?? neighbourhood(of: row) ?? whole,
        fen: row.fen, order: row.order, serial: row.serial, account: row.account,
        student: row.student, line: row.line)
      (hole.upTo, hole.isKeyless) = (row.upTo, row.isKeyless)
      return hole
    }
    unused = []
  }

  /// All a row may belong to whose time nobody can tell.
  private var wholeSpan: TimeSpan {
    if let period = statement.period { return period }
    let known = days.map(\.day).sorted()
    if let first = known.first, let last = known.last { return TimeSpan(first: first, last: last) }
    return TimeSpan(
      start: Timestamp(seconds: 0), end: Timestamp(seconds: Int64(UInt32.max)))
  }

  /// Whether a moment is far off everything the statement is about.
  private func isStray(_ moment: Timestamp) -> Bool {
    guard let period = statement.period else { return false }
    let silence = Reading.longestSilence * 86_400
    return moment.seconds < period.start.seconds - silence
      || moment.seconds > period.end.seconds + silence
  }

  /// From the row before to the row after in the file; nil where either is missing.
  private func neighbourhood(of row: UnusedRow) -> TimeSpan? {
    func place(_ index: Int) -> UInt64 {
      row.offset > 0 ? table.offset[index] : UInt64(table.line[index])
    }
    let here = row.offset > 0 ? row.offset : UInt64(row.line)
    var (low, high) = (0, table.count)
    while low < high {
      let middle = (low + high) / 2
      if place(middle) < here { low = middle + 1 } else { high = middle }
    }
    var (before, after) = (low - 1, low)
    while before >= 0, !tellsTime(before) { before -= 1 }
    while after < table.count, place(after) == here || !tellsTime(after) { after += 1 }
    guard before >= 0, after < table.count else { return nil }
    let (first, second) = (span(before), span(after))
    return TimeSpan(start: min(first.start, second.start), end: max(first.end, second.end))
  }

  private func tellsTime(_ index: Int) -> Bool {
    table.time[index] > 0 && !isStray(Timestamp(seconds: Int64(table.time[index])))
  }

  private func span(_ index: Int) -> TimeSpan {
    TimeSpan(
      second: Int64(table.time[index]), isDayOnly: table.dayOnly.contains(Int32(index)))
  }
}

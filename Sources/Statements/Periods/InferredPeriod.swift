internal import Columns
internal import Payments

// The period of a statement that states none.

extension Reading {
  /// Days without a row after which what follows is no part of the statement any more.
  static let longestSilence: Int64 = 40

  /// Takes a stated period: to the second, and the days it touches.
  mutating func take(stated period: TimeSpan) {
    statement.period = period
    statement.from = period.start.day
    statement.to = period.lastDay
    statesPeriod = true
  }

  /// From the first row's day to the last row's day, quiet days inside included.
  ///
  /// Rows far off the bulk are refused: a wrong date says nothing of what the statement covers. A day at an
  /// edge to which a few rows slipped over midnight is claimed as far as they go and no further.
  ///
  /// - Parameter column: the column the rows' time stands in.
  mutating func inferPeriod(timeColumn column: String?) {
    guard !statesPeriod else { return }
    // A row that cannot be used still happened on a day, where that can be read.
    for day in unused.compactMap({ $0.span?.start.day })
    where !days.contains(where: { $0.day == day }) {
      days.append(DayCount(day: day, rows: 1))
    }
    days.sort { $0.day < $1.day }
    if view == .trade || view == .account { refuseStrays(column) }
    guard var first = days.first, var last = days.last else { return }
    var period = TimeSpan(first: first.day, last: last.day)
    let fullest = days.reduce(0) { max($0, $1.rows) }
    if first.day < last.day, first.rows * 50 < fullest,
      let edge = times(on: first.day), edge.first.secondOfDay >= 21 * 3_600
    {
      period.start = edge.first
      first.day = first.day.adding(1)
    }
    if first.day < last.day, last.rows * 50 < fullest,
      let edge = times(on: last.day), edge.last.secondOfDay < 3 * 3_600
    {
      period.end = edge.last.adding(seconds: 1)
      last.day = last.day.adding(-1)
    }
    statement.period = period
    statement.from = first.day
    statement.to = last.day
  }

  /// The first and the last second of a day's rows; nil where one of them tells its day only.
  private func times(on day: BusinessDay) -> (first: Timestamp, last: Timestamp)? {
    let span = TimeSpan(first: day, last: day)
    var found: [TimeSpan] = unused.compactMap(\.span).filter { $0.start.day == day }
    for row in 0..<table.count {
      let time = Int64(table.time[row])
      guard span.start.seconds <= time, time < span.end.seconds else { continue }
      found.append(TimeSpan(second: time, isDayOnly: table.dayOnly.contains(Int32(row))))
    }
    guard let first = found.map(\.start).min(), let end = found.map(\.end).max(),
      !found.contains(span)
    else { return nil }
    return (first, end.adding(seconds: -1))
  }

  /// Refuses the rows that lie far off most of them, and forgets their days.
  private mutating func refuseStrays(_ column: String?) {
    var clusters: [ArraySlice<DayCount>] = []
    var start = 0
    for index in days.indices.dropFirst()
    where Int64(days[index].day.number - days[index - 1].day.number) - 1 > Reading.longestSilence {
      clusters.append(days[start..<index])
      start = index
    }
    clusters.append(days[start...])
    func rows(_ cluster: ArraySlice<DayCount>) -> Int { cluster.reduce(0) { $0 + $1.rows } }
    guard clusters.count > 1,
      let bulk = clusters.reversed().max(by: { rows($0) < rows($1) }),
      let first = bulk.first?.day, let last = bulk.last?.day
    else { return }
    days = Array(bulk)
    let span = TimeSpan(first: first, last: last)
    let strays = (0..<table.count).filter { row in
      let time = Int64(table.time[row])
      return table.kind[row] != .held && (time < span.start.seconds || time >= span.end.seconds)
    }
    guard let stray = strays.first else { return }
    for row in strays { refuse(stray: row, column) }
    let shown = Timestamp(seconds: Int64(table.time[stray])).day
    fault(
      .rowRejected, line: Int(table.line[stray]), column: column,
      zh: "\(strays.count) 行的日期（如 \(shown)）与其余记录（\(first) 至 \(last)）相距四十天以上，应为日期有误。"
        + "这些行单独列出，未参与对账。",
      en:
        "\(strays.count) rows are dated more than forty days off the others, such as \(shown) beside "
        + "\(first) to \(last): a wrong date. They are listed and took no part.",
      holds: false, voidsCoverage: false)
  }

  /// Lists a row with a wrong date as refused.
  private mutating func refuse(stray row: Int, _ column: String?) {
    let entry = table[row]
    hold(stray: row)
    guard rejections.count < Reading.keptRejections else { return }
    let quoted = (try? quote(entry)) ?? QuotedRow()
    let (part, line) = rows?.place(ofLine: Int(entry.line)) ?? (nil, Int(entry.line))
    rejections.append(
      Rejection(
        file: statement.file.with(part: part), line: line, field: column, offset: Int(entry.offset),
        reason: Reasons.strayDate(Timestamp(seconds: entry.time).description), text: quoted.text,
        known: quoted.known))
  }

  private mutating func hold(stray row: Int) {
    let entry = table[row]
    table.kind[row] = .held
    note(
      unused: UnusedRow(
        fen: entry.fen > 0 ? entry.fen : nil, order: entry.order, serial: entry.serial,
        account: entry.account, student: entry.student, offset: entry.offset, line: entry.line))
  }
}

internal import Columns
internal import Payments

// Which days a run is about, and which of them nobody speaks for.

extension Intake {
  /// Lets statements of sources whose day does not end at midnight be of their source's days.
  static func moveDays(_ readings: inout [Reading], _ cutoffs: [Channel: DayCut]) {
    for index in readings.indices where readings[index].statement.side == .channel {
      if let cut = cutoffs[readings[index].statement.channel] { readings[index].cut = cut }
      readings[index].moveDays()
    }
  }

  /// Learns which days the run is about and gives statements without rows theirs.
  ///
  /// - Parameter given: the days the run is about, where that is known.
  /// - Returns: nil where no statement has any.
  static func settleDays(
    _ readings: inout [Reading], _ given: ClosedRange<BusinessDay>?
  ) -> ClosedRange<BusinessDay>? {
    let usable = readings.filter {
      !$0.statement.isHeld && !$0.statement.isPartial && !$0.isContext && $0.statement.from != nil
    }
    let ledgers = usable.filter { $0.statement.side == .ledger }
    let base = ledgers.isEmpty ? usable : ledgers
    let from = given?.lowerBound ?? base.compactMap(\.statement.from).min()
    let to = given?.upperBound ?? base.compactMap(\.statement.to).max()
    guard var from, var to, from <= to else { return nil }
    if given == nil { (from, to) = Intake.widened(from...to, by: usable) }
    for index in readings.indices
    where !readings[index].statement.isHeld && !readings[index].statement.isPartial {
      guard !readings[index].isContext else {
        // One without rows is of the day it was delivered for.
        if readings[index].statement.from == nil, let day = readings[index].namedDay {
          readings[index].settle(day...day)
        }
        continue
      }
      guard let first = readings[index].statement.from, let last = readings[index].statement.to
      else {
        readings[index].settle(from...to)
        continue
      }
      if last < from || first > to, given != nil || !readings[index].reaches(into: from...to) {
        readings[index].fault(
          .wrongDay,
          zh: "本次对账日为 \(Intake.span(from, to))，文件却是 \(Intake.span(first, last)) 的。请导出正确账期。",
          en: "the run is about \(Intake.span(from, to)), the file about "
            + "\(Intake.span(first, last)). Export the right day.")
      }
    }
    return from...to
  }

  private static func span(_ from: BusinessDay, _ to: BusinessDay) -> String {
    from == to ? "\(from)" : "\(from)—\(to)"
  }

  /// The opening balance of a day is the closing balance of the day before: where it is, the end of the one
  /// and the beginning of the other are proven; where it is not, the earlier ends at its last row.
  static func checkBalancesAcrossDays(_ readings: inout [Reading]) {
    // By whose statement ends on which day, the first of each.
    var ends: [AccountDay: Int] = [:]
    for index in readings.indices
    where !readings[index].statement.isHeld && readings[index].balances != nil {
      guard let to = readings[index].statement.to else { continue }
      let end = AccountDay(readings[index].statement, to)
      if ends[end] == nil { ends[end] = index }
    }
    for index in readings.indices {
      guard !readings[index].statement.isHeld, let balances = readings[index].balances,
        let from = readings[index].statement.from
      else { continue }
      let before = ends[AccountDay(readings[index].statement, from.adding(-1))]
      guard let before, let closing = readings[before].balances?.closing else { continue }
      if closing == balances.opening {
        readings[before].statement.provesEnd = true
        readings[index].statement.provesStart = true
        continue
      }
      let name = readings[before].statement.file
      readings[index].fault(
        .openingBalanceMismatch,
        zh: "期初余额 \(Money.yuan(Int128(balances.opening))) 不等于 \(name) 的期末余额 "
          + "\(Money.yuan(Int128(closing)))，两日之间可能缺少记录。",
        en:
          "opens with \(Money.yuan(Int128(balances.opening))) but \(name) closed "
          + "with \(Money.yuan(Int128(closing))): rows between the two are missing.",
        holds: false, voidsCoverage: false)
      cutAtLastRow(&readings[before])
      if !readings[index].statement.provesStart { cutAtFirstRow(&readings[index]) }
    }
  }

  /// A day of an account.
  private struct AccountDay: Hashable {
    let side: Side
    let channel: Channel
    let account: KeyHash?
    let day: BusinessDay

    init(_ statement: Statement, _ day: BusinessDay) {
      (side, channel, account) = (statement.side, statement.channel, statement.account)
      self.day = day
    }
  }

  /// Lets a statement cover from its first row on and no more.
  private static func cutAtFirstRow(_ reading: inout Reading) {
    guard let claim = reading.statement.claim, let reach = reading.reach(in: claim) else { return }
    reading.statement.period = TimeSpan(start: reach.start, end: claim.end)
  }

  /// Lets a statement cover what its rows reach and no more, whatever its own totals prove.
  private static func cutAtLastRow(_ reading: inout Reading) {
    guard let claim = reading.statement.claim, let reach = reading.reach(in: claim) else { return }
    reading.statement.period = TimeSpan(start: claim.start, end: reach.end)
    reading.statement.provesEnd = false
  }

  /// The ledger's days and those before and after it that lack their ledger.
  ///
  /// A channel that has its statement of every day of the ledger's and of a neighbouring day has
  /// that one on purpose; where one of the ledger's days is missing instead, it is the wrong file.
  static func widened(
    _ days: ClosedRange<BusinessDay>, by readings: [Reading]
  ) -> (BusinessDay, BusinessDay) {
    var (from, to) = (days.lowerBound, days.upperBound)
    for own in Dictionary(grouping: readings, by: Stream.init).values {
      // One that is cut elsewhere and begins or ends within the ledger's days is there for these.
      let statements = own.filter { reading in
        let isBeside = !reading.statement.touches(anyOf: days)
        return !(isBeside && reading.reaches(into: days))
      }.map(\.statement).filter { $0.side == .channel }
      guard areCovered(days, by: statements) else { continue }
      // One that also speaks for the ledger's days, as a month's, proves nothing.
      let beside = SpanIndex(
        statements.filter { !$0.touches(anyOf: days) }.compactMap(\.givenDays))
      while beside.holds(from.adding(-1)) { from = from.adding(-1) }
      while beside.holds(to.adding(1)) { to = to.adding(1) }
    }
    return (from, to)
  }

  /// Whether some statement was given for each of these days; a held one is a fault of its own.
  private static func areCovered(
    _ days: ClosedRange<BusinessDay>, by statements: [Statement]
  ) -> Bool {
    // One that names no days may be of any.
    if statements.contains(where: { $0.from == nil || $0.to == nil }) { return true }
    let given = SpanIndex(statements.compactMap(\.givenDays))
    return (days.lowerBound.number...days.upperBound.number).allSatisfy { number in
      given.holds(BusinessDay(number: number))
    }
  }
}

/// What a channel's statements are of: a bill says nothing of an account's days.
private struct Stream: Hashable {
  let channel: Channel
  let isOfAccount: Bool

  init(_ reading: Reading) {
    (channel, isOfAccount) = (reading.statement.channel, reading.view == .account)
  }
}

extension Statement {
  /// From its first day to its last; nil where it names none.
  fileprivate var givenDays: TimeSpan? {
    guard let from, let to else { return nil }
    return TimeSpan(first: from, last: to)
  }

  fileprivate func touches(anyOf days: ClosedRange<BusinessDay>) -> Bool {
    guard let from, let to else { return true }
    return from <= days.upperBound && days.lowerBound <= to
  }
}

extension Reading {
  /// Lets a statement without rows be of some days.
  fileprivate mutating func settle(_ days: ClosedRange<BusinessDay>) {
    (statement.from, statement.to) = (days.lowerBound, days.upperBound)
    if cut != .midnight {
      statement.period = cut.span(first: days.lowerBound, last: days.upperBound)
    }
  }

  /// Whether a statement whose day is cut elsewhere than at midnight claims some of the calendar's days.
  fileprivate func reaches(into days: ClosedRange<BusinessDay>) -> Bool {
    guard cut != .midnight, let period = statement.period else { return false }
    let span = TimeSpan(first: days.lowerBound, last: days.upperBound)
    return period.start < span.end && span.start < period.end
  }

  /// From its first row to its last, of those inside what it claims: a wrong date reaches nowhere, a row of
  /// which only the day is known to the end of that day.
  fileprivate func reach(in claim: TimeSpan) -> TimeSpan? {
    let inside = table.time.indices.filter { row in
      let time = Int64(table.time[row])
      return claim.start.seconds <= time && time < claim.end.seconds
    }
    guard let first = inside.map({ Int64(table.time[$0]) }).min(),
      let last = inside.map({ row in
        Int64(table.time[row]) + (table.dayOnly.contains(Int32(row)) ? 86_400 : 1)
      }).max()
    else { return nil }
    return TimeSpan(
      start: Timestamp(seconds: first), end: min(claim.end, Timestamp(seconds: last)))
  }
}

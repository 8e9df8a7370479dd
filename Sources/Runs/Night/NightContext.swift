internal import Columns
internal import History
internal import Payments
internal import Statements

/// The days a night's rows may belong with, and their files in the archive.
struct NightContext {
  let day: BusinessDay
  let configuration: Configuration
  let store: HistoryStore

  /// How far from midnight a row may still belong with the neighbouring day: the longest of the
  /// windows, and some.
  static let reach: Int64 = 10_800
  /// Days of context at most; a serial that occurs in more days than this is no serial.
  static let limit = 120

  /// Days that share a due day at most: the longest holidays have ten.
  static let longestBreak = 12

  /// The days tonight is judged together with, as far as they are known before its files are read.
  func days(_ prior: PriorState) -> Set<BusinessDay> {
    var days = Set<BusinessDay>()
    if let previous = prior.previousDay { days.insert(previous) }
    for pending in prior.pending {
      days.insert(pending.day)
      // A statement whose day ends before midnight, or a late one, tells rows of another day than its own.
      let (day, second) = (pending.item.time.day, pending.item.time.secondOfDay)
      days.insert(day)
      if second < NightContext.reach { days.insert(day.adding(-1)) }
      if second >= 86_400 - NightContext.reach { days.insert(day.adding(1)) }
    }
    // What is missing of a move may arrive on any later day, without a key.
    // So may what the bank's lines lack.
    let moves = prior.open.filter { $0.kind == .moveIncomplete || $0.leg == Leg.bank.rawValue }
      .compactMap { $0.time?.day }
    days.formUnion(moves.sorted().suffix(NightContext.limit))
    return days.filter { $0 < day }
  }

  /// The statements of other days, from the archive; those of the days `read` are here already.
  func sources(
    of days: Set<BusinessDay>, besides read: Set<BusinessDay> = []
  ) throws -> [Intake.Source] {
    // Files without rows, as the answer that there is no bill, are alike for many a merchant and day.
    func file(_ record: StatementRecord, of day: BusinessDay) -> String {
      let isAlike = record.rows == 0
      return isAlike ? "\(record.sha256) \(record.delivered) \(day)" : record.sha256
    }
    var seen = Set<String>()
    for day in read { seen.formUnion(try store.statements(of: day).map { file($0, of: day) }) }
    var found: [Intake.Source] = []
    for day in days.sorted() {
      for record in try store.statements(of: day) where !record.isHeld && !record.sha256.isEmpty {
        guard seen.insert(file(record, of: day)).inserted else { continue }
        let entry =
          record.owner == nil
          ? configuration.entry(named: record.delivered, on: day) : record.book
        found.append(
          Intake.Source(
            path: store.folder.archived(record.sha256), name: record.delivered, isContext: true,
            entry: entry, day: record.from ?? day))
      }
    }
    return found
  }

  /// The days, besides those `known`, in which a serial of tonight's rows occurred already.
  func days(
    sharing tables: [EntryTable], besides known: Set<BusinessDay>
  ) throws -> Set<BusinessDay> {
    let indexes = try store.serialIndexes(before: day)
    let hits = try indexes.days(withAny: NightContext.keys(of: tables))
    let within = day.adding(-Int32(configuration.rules.refundReachSeconds / 86_400))
    let taken = try indexes.days(withAny: NightContext.keylessKeys(of: tables)).filter {
      $0 >= within
    }
    let found = hits + taken + daysPaid(by: tables)
    return Set(Set(found).subtracting(known).sorted().suffix(NightContext.limit))
      .intersection(indexes.days)
  }

  /// The days whose bills tonight's bank lines may be the money of, where a channel has no fund book: those that
  /// share a due day, as after a weekend.
  private func daysPaid(by tables: [EntryTable]) -> [BusinessDay] {
    let calendar = configuration.rules.settlement.calendar
    var (paid, followed) = (Set<BusinessDay>(), Set<Channel>())
    for table in tables {
      if table.flow.contains(.withdrawal) || table.flow.contains(.payment) {
        followed.formUnion(table.channel)
      }
    }
    for table in tables {
      for (row, party) in table.parties where !followed.contains(party) {
        paid.insert(Timestamp(seconds: Int64(table.time[Int(row)])).day)
      }
    }
    return paid.flatMap { last -> [BusinessDay] in
      var days: [BusinessDay] = []
      while days.count < NightContext.longestBreak {
        let before = last.adding(-1 - Int32(days.count))
        guard calendar.due(before) == last else { break }
        days.append(before)
      }
      return days
    }
  }

  /// What tonight's refunds and reversals without a key look for: whom they name, and the amount.
  private static func keylessKeys(of tables: [EntryTable]) -> [KeyHash] {
    var keys: [KeyHash] = []
    for entries in tables {
      for row in 0..<entries.count
      where (entries.kind[row] == .refund || entries.kind[row] == .reversal)
        && entries.isWithoutKey(row)
      {
        entries.forEachKeylessKey(row) { keys.append($0) }
      }
    }
    return keys
  }

  /// The keys by which tonight's rows may belong with earlier ones.
  private static func keys(of tables: [EntryTable]) -> [KeyHash] {
    var keys: [KeyHash] = []
    keys.reserveCapacity(tables.reduce(0) { $0 + $1.count * 3 })
    for entries in tables {
      for row in 0..<entries.count {
        switch entries.kind[row] {
        case .excluded, .transferIn, .transferOut: continue
        case .credit, .manualCredit, .reversal, .unpostedCredit: keys.append(entries.own[row])
        default: break
        }
        keys.append(entries.order[row])
        keys.append(entries.serial[row])
      }
      for (row, key) in entries.original {
        switch entries.kind[Int(row)] {
        case .excluded, .transferIn, .transferOut: continue
        default: keys.append(key)
        }
      }
    }
    return keys
  }
}

internal import Columns
internal import History
internal import Payments
internal import Statements

/// Which rows of a judged table tonight is about: its own, those that waited, those just before
/// midnight, and every row in one group with them. The others are context.
struct NightFocus {
  let day: BusinessDay
  let places: RowPlaces
  private let intake: Intake
  private let judgement: Judgement
  private var isConcerned: [Bool]
  /// The group of each row that stands in no ordinary pair.
  private var groupOf: [Int: Int] = [:]
  /// The night each row that waited was read in.
  private var waitedSince: [Int: BusinessDay] = [:]
  /// Rows that tonight joined on a leg behind the bill, and what each was joined with.
  private var settled: [Int: [Int32]] = [:]

  init(day: BusinessDay, _ judged: JudgedDay, prior: PriorState) {
    self.day = day
    intake = judged.intake
    judgement = judged.judgement
    places = RowPlaces(judged.intake)
    let entries = intake.entries
    isConcerned = [Bool](repeating: false, count: entries.count)
    let edge = day.start.seconds - NightContext.reach
    for (rows, statement) in entries.statement.stretches {
      let isOwn = !intake.statements[Int(statement)].isContext
      for row in rows { isConcerned[row] = isOwn || Int64(entries.time[row]) >= edge }
    }
    if !prior.open.isEmpty || !prior.refunded.isEmpty {
      for (group, rows) in judgement.groups.enumerated() {
        for row in rows { groupOf[Int(row)] = group }
      }
    }
    for group in judged.legs.groups where group.contains(where: { isOwn(Int($0)) }) {
      for row in group { settled[Int(row)] = group }
    }
    mark(prior.pending)
    spreadOverGroups()
  }

  private mutating func mark(_ pending: [PendingRecord]) {
    for record in pending {
      guard let row = places.row(record.row, of: record.sha256, record.member) else { continue }
      isConcerned[row] = true
      waitedSince[row] = record.day
    }
  }

  private mutating func spreadOverGroups() {
    // Without context there is nothing to spread to.
    guard isConcerned.contains(false) else { return }
    let groups = judgement.groupOfRows()
    var isGroupConcerned = [Bool](repeating: false, count: Int(groups.max() ?? -1) + 1)
    func note(_ row: Int) {
      if groups[row] >= 0 { isGroupConcerned[Int(groups[row])] = true }
    }
    for row in isConcerned.indices where isConcerned[row] { note(row) }
    for match in judgement.weakMatches {
      let (first, second) = (Int(match.first), Int(match.second))
      guard isConcerned[first] || isConcerned[second] else { continue }
      note(first)
      note(second)
    }
    for row in isConcerned.indices where groups[row] >= 0 && isGroupConcerned[Int(groups[row])] {
      isConcerned[row] = true
    }
  }

  /// Whether tonight speaks of a row.
  func concerns(_ row: Int) -> Bool { isConcerned[row] }

  /// Whether a row stands in one of tonight's own statements.
  func isOwn(_ row: Int) -> Bool {
    !intake.statements[Int(intake.entries.statement[row])].isContext
  }

  /// The rows of an anomaly known before, as far as they were judged tonight.
  private func rows(of anomaly: ReportedAnomaly) -> [Int] {
    let rows = anomaly.places.compactMap(places.row)
    if anomaly.leg == nil { return rows.filter { isConcerned[$0] } }
    return rows.filter { isConcerned[$0] || settled[$0] != nil }
  }

  /// Whether tonight judged the rows of an anomaly known before.
  func touches(_ anomaly: ReportedAnomaly) -> Bool { !rows(of: anomaly).isEmpty }

  /// Tonight's rows in the groups of an anomaly known before: what closed it.
  func closingRows(of anomaly: ReportedAnomaly) throws -> [EvidenceLine] {
    let known = Set(anomaly.places)
    let mine = rows(of: anomaly)
    let together = Set(
      anomaly.leg == nil
        ? mine.flatMap(rowsTogether) : mine.flatMap { (settled[$0] ?? []).map { Int($0) } })
    return try together.sorted().filter { isOwn($0) && !known.contains(places.place($0)) }
      .map { try intake.evidence($0).line }
  }

  /// The rows of one group with a row.
  private func rowsTogether(with row: Int) -> [Int] {
    if judgement.partner[row] >= 0 { return [row, Int(judgement.partner[row])] }
    return groupOf[row].map { judgement.groups[$0].map { Int($0) } } ?? []
  }

  /// The rows that wait after tonight.
  func pendingRecords(_ assembly: ReportAssembly) throws -> [PendingRecord] {
    try judgement.pending.filter { isConcerned[Int($0.row)] }.map { item in
      let row = Int(item.row)
      let statement = Int(intake.entries.statement[row])
      let given = intake.statements[statement]
      let read = waitedSince[row] ?? given.statement.from ?? day
      return PendingRecord(
        sha256: given.statement.sha256, member: given.member,
        row: places.number(of: row), day: given.isContext ? read : day,
        item: try assembly.describe(item))
    }.sorted { ($0.sha256, $0.member, $0.row) < ($1.sha256, $1.member, $1.row) }
  }
}

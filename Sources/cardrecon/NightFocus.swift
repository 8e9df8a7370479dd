import Columns
import History
import Payments
import Statements

/// Which rows of a judged table tonight is about: its own, those that waited, those just before
/// midnight, and every row in one group with them. The others are context.
struct NightFocus {
  let day: BusinessDay
  let intake: Intake
  let judgement: Judgement
  /// Row of each statement's first entry.
  let firstRows: [Int]
  private var isConcerned: [Bool]
  /// Statement of each file and member.
  private let statementOf: [String: Int]
  /// The group of each row that stands in no ordinary pair.
  private var groupOf: [Int: Int] = [:]
  /// The night each row that waited was read in.
  private var waitedSince: [Int: BusinessDay] = [:]

  init(day: BusinessDay, intake: Intake, judgement: Judgement, prior: PriorState) {
    self.day = day
    self.intake = intake
    self.judgement = judgement
    let entries = intake.entries
    var firstRows = [Int](repeating: 0, count: intake.statements.count)
    for (rows, statement) in entries.statement.stretches {
      firstRows[Int(statement)] = rows.lowerBound
    }
    self.firstRows = firstRows
    isConcerned = [Bool](repeating: false, count: entries.count)
    statementOf = Dictionary(
      intake.statements.indices.map {
        (intake.statements[$0].statement.sha256 + ":" + intake.statements[$0].member, $0)
      }, uniquingKeysWith: { first, _ in first })
    let edge = day.start.seconds - Night.reach
    for (rows, statement) in entries.statement.stretches {
      let isOwn = !intake.statements[Int(statement)].isContext
      for row in rows { isConcerned[row] = isOwn || Int64(entries.time[row]) >= edge }
    }
    if !prior.open.isEmpty {
      for (group, rows) in judgement.groups.enumerated() {
        for row in rows { groupOf[Int(row)] = group }
      }
    }
    mark(prior.pending)
    spreadOverGroups()
  }

  private mutating func mark(_ pending: [PendingRecord]) {
    for record in pending {
      guard let row = row(at: record.sha256 + ":" + record.member, record.row) else { continue }
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
      let (payment, credit) = (Int(match.payment), Int(match.credit))
      guard isConcerned[payment] || isConcerned[credit] else { continue }
      note(payment)
      note(credit)
    }
    for row in isConcerned.indices where groups[row] >= 0 && isGroupConcerned[Int(groups[row])] {
      isConcerned[row] = true
    }
  }

  /// Whether tonight speaks of a row.
  func concerns(_ row: Int) -> Bool { isConcerned[row] }

  /// Whether tonight speaks of an anomaly.
  func concerns(_ anomaly: Anomaly) -> Bool { anomaly.rows.contains { isConcerned[Int($0)] } }

  /// Whether a row stands in one of tonight's own statements.
  func isOwn(_ row: Int) -> Bool {
    !intake.statements[Int(intake.entries.statement[row])].isContext
  }

  /// A row's file and place in it, the same in every run.
  func place(_ row: Int) -> String {
    let statement = Int(intake.entries.statement[row])
    let given = intake.statements[statement]
    return given.statement.sha256 + ":" + given.member + ":\(row - firstRows[statement])"
  }

  private func row(at statement: String, _ place: Int) -> Int? {
    guard let index = statementOf[statement] else { return nil }
    let row = firstRows[index] + place
    return row < isConcerned.count && Int(intake.entries.statement[row]) == index ? row : nil
  }

  /// The rows of an anomaly known before, as far as they were judged tonight.
  private func rows(of anomaly: ReportedAnomaly) -> [Int] {
    anomaly.places.compactMap { place in
      guard let mark = place.lastIndex(of: ":"),
        let number = Int(place[place.index(after: mark)...])
      else { return nil }
      return row(at: String(place[..<mark]), number)
    }.filter { isConcerned[$0] }
  }

  /// Whether tonight judged the rows of an anomaly known before.
  func touches(_ anomaly: ReportedAnomaly) -> Bool { !rows(of: anomaly).isEmpty }

  /// Tonight's rows in the groups of an anomaly known before: what closed it.
  func closingRows(
    of anomaly: ReportedAnomaly, _ assembly: ReportAssembly
  ) throws -> [EvidenceLine] {
    let known = Set(anomaly.places)
    let together = Set(rows(of: anomaly).flatMap(rowsTogether))
    return try together.sorted().filter { isOwn($0) && !known.contains(place($0)) }
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
        row: row - firstRows[statement], day: given.isContext ? read : day,
        item: try assembly.describe(item))
    }.sorted { ($0.sha256, $0.member, $0.row) < ($1.sha256, $1.member, $1.row) }
  }
}

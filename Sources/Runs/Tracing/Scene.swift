internal import Columns
internal import History
internal import Payments
internal import Statements

/// Some archived days, judged together.
struct Scene {
  private let intake: Intake
  private let judgement: Judgement
  private let places: RowPlaces
  private let assembly: ReportAssembly

  /// - Parameter known: stretches that the statements of all days cover.
  init(_ archive: ArchivedDays, known: Coverage, rules: Rules) {
    let judged = JudgedDay(archive.files, options: archive.options, known: known, rules: rules)
    (intake, judgement) = (judged.intake, judged.judgement)
    places = RowPlaces(judged.intake)
    assembly = ReportAssembly(
      intake: EvidenceIntake(judged.intake), judgement: judged.judgement)
  }

  /// Rows that carry one of the keys.
  func rows(with keys: Set<KeyHash>, isAccount: Bool) -> [Int] {
    let entries = intake.entries
    let others = isAccount ? Set(entries.others.rows(naming: keys).map(Int.init)) : []
    return (0..<entries.count).filter { row in
      isAccount
        ? keys.contains(entries.account[row]) || keys.contains(entries.student[row])
          || others.contains(row)
        : keys.contains(entries.order[row]) || keys.contains(entries.serial[row])
          || keys.contains(entries.own[row])
          || entries.original[Int32(row)].map(keys.contains) ?? false
    }
  }

  /// Every row in one group with these, or named by one anomaly with them: the other debit of the same
  /// payer, the candidates nobody can choose between.
  private func members(of rows: [Int]) -> [[Int]] {
    // A group by its label, a row that stands alone by its own number.
    let groups = judgement.groupOfRows()
    func node(_ row: Int) -> Int { groups[row] >= 0 ? Int(groups[row]) : -1 - row }
    var nodes = Set(rows.map(node))
    var leader: [Int: Int] = [:]
    func first(_ node: Int) -> Int {
      var node = node
      while let next = leader[node] { node = next }
      return node
    }
    let links =
      judgement.weakMatches.map { [Int($0.first), Int($0.second)] }
      + judgement.anomalies.map { $0.rows.map { Int($0) } }
    for link in links {
      let linked = link.map(node)
      guard let head = linked.first, !nodes.isDisjoint(with: linked) else { continue }
      nodes.formUnion(linked)
      for other in linked where first(other) != first(head) { leader[first(other)] = first(head) }
    }
    var found: [Int: [Int]] = [:]
    for row in groups.indices where nodes.contains(node(row)) {
      found[first(node(row)), default: []].append(row)
    }
    return found.values.sorted { left, right in
      (intake.entries.time[left[0]], left[0]) < (intake.entries.time[right[0]], right[0])
    }
  }

  /// Keys by which other days may hold more of these groups.
  func groupKeys(of rows: [Int]) -> Set<KeyHash> {
    let entries = intake.entries
    var keys = Set<KeyHash>()
    for row in members(of: rows).joined() {
      keys.formUnion([entries.order[row], entries.serial[row]])
      if !entries.kind[row].isChannelMoney { keys.insert(entries.own[row]) }
      if let original = entries.original[Int32(row)] { keys.insert(original) }
    }
    keys.remove(0)
    return keys
  }

  /// Days next to rows near midnight.
  func neighbours(of rows: [Int]) -> Set<BusinessDay> {
    var days = Set<BusinessDay>()
    for row in members(of: rows).joined() {
      let time = Timestamp(seconds: Int64(intake.entries.time[row]))
      if time.secondOfDay < NightContext.reach { days.insert(time.day.adding(-1)) }
      if time.secondOfDay >= 86_400 - NightContext.reach { days.insert(time.day.adding(1)) }
    }
    return days
  }

  /// The groups of these rows, told.
  func groups(of rows: [Int], _ store: HistoryStore) throws -> [TraceGroup] {
    try members(of: rows).map { members in
      let entries = intake.entries
      let ordered = members.sorted {
        (entries.time[$0], entries.kind[$0].isLedger ? 1 : 0, $0)
          < (entries.time[$1], entries.kind[$1].isLedger ? 1 : 0, $1)
      }
      let ids = try store.anomalies(at: ordered.map(places.place))
      let anomalies = try ids.compactMap { try store.anomaly($0) }
      let inside = Set(ordered)
      let waiting = judgement.pending.filter { inside.contains(Int($0.row)) }
      return TraceGroup(
        basis: basis(of: ordered),
        rows: try ordered.map(tell), anomalies: anomalies,
        pending: try waiting.map(assembly.describe),
        decisions: try ids.flatMap { try store.decisions(of: $0) }.map {
          CaseDecision($0.decision, number: $0.number)
        })
    }
  }

  /// What joined rows: the weakest of what was needed, as far as two of them show it.
  private func basis(of rows: [Int]) -> Basis {
    let entries = intake.entries
    let inside = Set(rows)
    if rows.count == 1 { return .single }
    if judgement.weakMatches.contains(where: { inside.contains(Int($0.first)) }) { return .weak }
    /// Whether every row has a key that another of them has.
    func joins(_ key: (Int) -> KeyHash) -> Bool {
      let counts = Dictionary(rows.map { (key($0), 1) }, uniquingKeysWith: +)
      return rows.allSatisfy { key($0) != 0 && counts[key($0)] ?? 0 > 1 }
    }
    if joins({ entries.order[$0] }) { return .order }
    let isFound = judgement.anomalies.first { anomaly in
      (anomaly.basis == .account || anomaly.basis == .payer)
        && anomaly.rows.contains { inside.contains(Int($0)) }
    }
    return isFound?.basis ?? .serial
  }

  private func tell(_ row: Int) throws -> TraceRow {
    let entries = intake.entries
    let evidence = try intake.evidence(row)
    let channel = entries.channel[row]
    var told = TraceRow(
      time: Timestamp(seconds: Int64(entries.time[row])), kind: entries.kind[row],
      channel: channel == .unknown ? nil : channel, amountFen: entries.fen[row],
      bucket: judgement.buckets[row], evidence: evidence.line,
      sha256: intake.statements[Int(entries.statement[row])].statement.sha256)
    told.channelSerial = evidence.serial
    told.merchantOrder = evidence.order
    told.ledgerSerial = evidence.ledgerSerial
    told.refundSerial = evidence.refundSerial
    told.account = evidence.account
    return told
  }
}

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
  private let legs: SettledLegs
  /// Whether rows are followed to the bank; not all that an account did, which one payout would make one story.
  private let followsMoney: Bool

  /// - Parameter known: stretches that the statements of all days cover.
  init(_ archive: ArchivedDays, known: Coverage, rules: Rules, followsMoney: Bool) {
    self.followsMoney = followsMoney
    let judged = JudgedDay(archive.files, options: archive.options, known: known, rules: rules)
    (intake, judgement) = (judged.intake, judged.judgement)
    (places, legs) = (RowPlaces(judged.intake), judged.legs)
    assembly = ReportAssembly(
      intake: EvidenceIntake(judged.intake), judgement: judged.judgement, legs: judged.legs)
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
      + judgement.anomalies.map { $0.rows.map { Int($0) } } + behind(rows)
    var open = links.map { $0.map(node) }
    // What a link brings in may be what another one waits for.
    while true {
      let taken = open.filter { !nodes.isDisjoint(with: $0) }
      if taken.isEmpty { break }
      open.removeAll { !nodes.isDisjoint(with: $0) }
      for linked in taken {
        nodes.formUnion(linked)
        for other in linked.dropFirst() where first(other) != first(linked[0]) {
          leader[first(other)] = first(linked[0])
        }
      }
    }
    var found: [Int: [Int]] = [:]
    for row in groups.indices where nodes.contains(node(row)) {
      found[first(node(row)), default: []].append(row)
    }
    return found.values.sorted { left, right in
      (intake.entries.time[left[0]], left[0]) < (intake.entries.time[right[0]], right[0])
    }
  }

  /// How the money of some rows went on: from the bill to the channel's account, with the account's next withdrawal
  /// to the bank.
  private func behind(_ rows: [Int]) -> [[Int]] {
    let entries = intake.entries
    let moved = (0..<entries.count).filter { entries.flow[$0] != .none }
    if moved.isEmpty || !followsMoney { return [] }
    let serials = Set(rows.lazy.map { entries.serial[$0] }.filter { $0 != 0 })
    var alike: [KeyHash: [Int]] = [:]
    for row in rows + moved where serials.contains(entries.serial[row]) {
      alike[entries.serial[row], default: []].append(row)
    }
    let sent = moved.filter { entries.flow[$0] == .withdrawal }.sorted {
      (entries.time[$0], $0) < (entries.time[$1], $1)
    }
    func book(_ row: Int) -> Book? { intake.statements[Int(entries.statement[row])].book }
    let onward = alike.values.joined().filter { entries.flow[$0] == .payment }.compactMap { row in
      sent.first { entries.time[$0] >= entries.time[row] && book($0) == book(row) }
        .map { [row, $0] }
    }
    let payouts = legs.groups.map { $0.map { Int($0) } }
    return alike.values.map { Array(Set($0)).sorted() } + onward + payouts
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
      // Money is on its way for some days.
      switch intake.entries.flow[row] {
      case .payment, .withdrawal:
        let last = legs.calendar.due(time.day.adding(1))
        days.formUnion((time.day.number...last.number).map(BusinessDay.init(number:)))
      case .settlementIn:
        let first = legs.calendar.day(-1 - legs.calendar.days, after: time.day)
        days.formUnion((first.number...time.day.number).map(BusinessDay.init(number:)))
      default: break
      }
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
    told.flow = entries.flow[row]
    told.channelSerial = evidence.serial
    told.merchantOrder = evidence.order
    told.ledgerSerial = evidence.line.side == .ledger ? evidence.ledgerSerial : nil
    told.refundSerial = evidence.refundSerial
    told.account = evidence.account
    return told
  }
}

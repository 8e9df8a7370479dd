internal import Columns
import Payments

extension Judge {
  /// Tells the persons of ordinary pairs.
  var ordinaryPeople: OrdinaryPeople {
    OrdinaryPeople(
      table: table, persons: persons, known: known, hasUnclear: !unclear.numbers.isEmpty)
  }

  /// What may stand beside another finding: lateness, clocks, hands, limits, contradicting serials.
  mutating func addNotices() {
    var pairsOf = [[Pair]](repeating: [], count: groups.count)
    for pair in pairs { pairsOf[pair.group].append(pair) }
    for index in groups.indices where !groups[index].isClosed {
      noteLateness(index, pairsOf[index])
      noteEarliness(index, pairsOf[index])
      noteHand(index)
      noteLimit(index, pairsOf[index])
    }
    suspectDuplicates()
    noteDailyLimits()
    noteForeignLimits()
    for index in groups.indices where !groups[index].isClosed {
      noteFuture(index)
      noteConflict(index)
    }
  }

  /// Every row of a pair's group; weak evidence joins the two rows and nothing else.
  private func evidence(_ pair: Pair) -> [Int32] {
    pair.basis == .weak ? [pair.payment, pair.credit] : groups[pair.group].rows
  }

  /// The first pair whose credit broke the promise.
  private mutating func noteLateness(_ index: Int, _ candidates: [Pair]) {
    let late = candidates.first {
      rules.isLate(
        paidAt: latest($0.payment), creditedAt: time($0.credit), channel: channel($0.payment))
    }
    guard let late else { return }
    report(
      .lateCredit, fen: fen(late.payment), owedTo: .none, basis: late.basis,
      subject: late.credit, rows: evidence(late))
  }

  /// The first pair whose credit is earlier than clocks allow.
  private mutating func noteEarliness(_ index: Int, _ candidates: [Pair]) {
    guard !groups[index].hasLoss else { return }
    let early = candidates.first {
      time($0.credit) < time($0.payment) - rules.clockToleranceSeconds
    }
    guard let early else { return }
    groups[index].isLoud = true
    report(
      .timeImpossible, fen: fen(early.credit), owedTo: .none, basis: early.basis,
      subject: early.credit, rows: evidence(early))
  }

  private mutating func noteHand(_ index: Int) {
    let group = groups[index]
    guard let manual = group.credits.first(where: { kind($0) == .manualCredit }) else { return }
    report(
      .manualEntry, fen: fen(manual), owedTo: .none, basis: basis(of: manual, among: group.rows),
      subject: manual, rows: group.rows)
  }

  private mutating func noteLimit(_ index: Int, _ candidates: [Pair]) {
    guard let limit = rules.singleLimitFen else { return }
    let group = groups[index]
    for payment in group.payments where isActive(payment) && fen(payment) > limit {
      if isUnidentified(payment), !candidates.contains(where: { $0.payment == payment }) {
        continue
      }
      // A fee or surcharge on top is no part of the top-up.
      let explained = candidates.filter { $0.payment == payment }
        .compactMap { benignlyCredited($0) }.first
      let meant = explained ?? fen(payment)
      guard meant > limit else { continue }
      report(
        .limitExceeded, fen: fen(payment), owedTo: .none,
        basis: basis(of: payment, among: group.rows), subject: payment, rows: group.rows)
      return
    }
  }

  /// What was credited for a pair's payment, where a difference is explained.
  private func benignlyCredited(_ pair: Pair) -> Int64? {
    let credited = pair.parts?.fen ?? fen(pair.credit)
    let isUnequal =
      open(pair.payment) != pair.parts?.open ?? open(pair.credit) && fen(pair.payment) != credited
    let isExplained =
      isUnequal && (pair.parts != nil || !differ(pair.payment, pair.credit))
      && explanation(pair).isBenign
    return isExplained ? credited : nil
  }

  private func explanation(_ pair: Pair) -> Explanation {
    explain(pair.payment, credited: Int128(pair.parts?.fen ?? fen(pair.credit)))
  }

  /// A row dated a day or more after everything accepted statements cover.
  private mutating func noteFuture(_ index: Int) {
    let group = groups[index]
    let future = group.rows.filter { row in
      switch kind(row) {
      case .payment, .refund, .credit, .manualCredit, .reversal: time(row) >= horizon
      default: false
      }
    }
    guard let first = future.first else { return }
    // No later statement will explain it: it does not wait.
    if !group.isHeld {
      blame(future.filter { judgement.buckets[Int($0)] == .pending })
    }
    groups[index].isLoud = true
    report(
      .timeImpossible, fen: fen(first), owedTo: .none, basis: basis(of: first, among: group.rows),
      subject: first, rows: group.rows)
  }

  /// The same order on both sides, but the ledger quotes a serial the channel never gave.
  private mutating func noteConflict(_ index: Int) {
    let group = groups[index]
    guard !group.isLoud, !group.isHeld,
      !group.rows.contains(where: { judgement.buckets[Int($0)] == .pending })
    else { return }
    let channelRows = group.rows.filter { kind($0).isChannelSide }
    let serials = Set(channelRows.map { table.serial[Int($0)] }.filter { $0 != 0 })
    let orders = Set(channelRows.map { table.order[Int($0)] }.filter { $0 != 0 })
    let conflict = group.credits.first { credit in
      let quoted = table.serial[Int(credit)]
      return isActive(credit) && quoted != 0 && orders.contains(table.order[Int(credit)])
        && !serials.isEmpty && !serials.contains(quoted)
    }
    guard let conflict else { return }
    if let want = want(conflict, group: index) {
      wait(conflict, for: want)
      return
    }
    blame(group.payments + group.refunds + group.credits + group.reversals)
    report(
      .keyConflict, fen: fen(conflict), owedTo: .unknown,
      basis: basis(of: conflict, among: group.rows), subject: conflict, rows: group.rows)
  }

  // MARK: - Across groups

  /// Payments of one person in one day that together exceed what a day allows.
  private mutating func noteDailyLimits() {
    guard let limit = rules.dailyLimitFen else { return }
    noteDailyLimits(limit, 0..<Int32(table.count))
  }

  /// The same of payments with foreign cards, by what was credited where the surcharge tells why it is less;
  /// a payment of which a limit's notice tells needs no other.
  private mutating func noteForeignLimits() {
    guard let limit = rules.foreignDailyLimitFen, !table.foreign.isEmpty else { return }
    let told = Set(judgement.anomalies.filter { $0.kind == .limitExceeded }.map(\.subject))
    var amounts: [Int32: Int64] = [:]
    for pair in pairs where table.foreign.contains(pair.payment) {
      guard benignlyCredited(pair) != nil, explanation(pair) == .surcharge else { continue }
      amounts[pair.payment] = pair.parts?.open ?? open(pair.credit)
    }
    noteDailyLimits(limit, table.foreign.sorted(), amounts: amounts, told: told)
  }

  /// - Parameters:
  ///   - amounts: what payments count with, where it is not what is open of them.
  ///   - told: payments that need no other notice.
  private mutating func noteDailyLimits(
    _ limit: Int64, _ rows: some Sequence<Int32>, amounts: [Int32: Int64] = [:],
    told: Set<Int32> = []
  ) {
    var credited: [Int32: Int32] = [:]
    for pair in pairs { credited[pair.payment] = pair.credit }
    let closed = Set(groups.lazy.filter(\.isClosed).flatMap(\.rows))
    var days: [KeyHash: [Int32]] = [:]
    let ordinary = ordinaryPeople
    for row in rows where kind(row) == .payment && isActive(row) {
      guard judgement.buckets[Int(row)] != .excluded, !closed.contains(row) else { continue }
      let person = payer(of: row, credited: credited[row], ordinary)
      guard person != 0 else { continue }
      let day = UInt64(bitPattern: Int64(Timestamp(seconds: time(row)).day.number))
      days[mixed(person, day), default: []].append(row)
    }
    for rows in days.values {
      let payments = rows.sorted { table.precedes($0, $1) }
      var total = Int128(0)
      let over = payments.first { row in
        total += Int128(amounts[row] ?? open(row))
        return total > Int128(limit)
      }
      guard let over, !told.contains(over) else { continue }
      report(
        .limitExceeded, fen: fen(over), owedTo: .none, basis: .account, subject: over,
        rows: payments)
    }
  }

  /// The person a payment is for; 0 when neither it nor its credit names one.
  private func payer(
    of payment: Int32, credited credit: Int32?, _ ordinary: OrdinaryPeople
  ) -> KeyHash {
    let partner = assembly.partner[Int(payment)]
    if partner >= 0 { return ordinary.person(Int(payment), credit: Int(partner)) }
    let named = names(payment).first ?? credit.flatMap { names($0).first }
    return named.map { persons.person($0) } ?? 0
  }

  /// Rule 6: both sides complete twice over for one person and amount within the window.
  private mutating func suspectDuplicates() {
    let (table, window) = (self.table, rules.duplicateWindowSeconds)
    let judged = pairs.filter(\.isComplete)
    let others = otherCompleteKeys(judged)
    let (partner, ordinary) = (assembly.partner, ordinaryPeople)
    var partitions = KeyPartitions()
    swap(&partitions, &self.partitions)
    partitions.cut(count: table.count + others.count) { place in
      guard place < table.count else { return others[place - table.count].key }
      guard partner[place] >= 0, table.kind[place] == .payment else { return 0 }
      let person = ordinary.person(place, credit: Int(partner[place]))
      return person == 0 ? 0 : mixed(person, UInt64(bitPattern: table.fen[place]))
    }
    func payment(_ place: Int32) -> Int32 {
      Int(place) < table.count ? place : others[Int(place) - table.count].payment
    }
    func time(_ place: Int32) -> Int64 { Int64(table.time[Int(payment(place))]) }
    var near: [Int32: [Int32]] = [:]
    partitions.forEachCluster(
      pair: { abs(time($0) - time($1)) > window },
      where: { $0.hasNeighbours(within: window, time) },
      { cluster in
        let sorted = cluster.map(payment).sorted { table.precedes($0, $1) }
        for (one, next) in zip(sorted, sorted.dropFirst())
        where one != next && distance(one, next) <= window {
          near[one, default: []].append(next)
          near[next, default: []].append(one)
        }
      })
    guard !near.isEmpty else { return }
    let pairOf = Dictionary(
      judged.map { ($0.payment, $0) }, uniquingKeysWith: { first, _ in first })
    var seen = Set<Int32>()
    for start in near.keys.sorted() where seen.insert(start).inserted {
      var run = [start]
      var next = 0
      while next < run.count {
        run += (near[run[next]] ?? []).filter { seen.insert($0).inserted }
        next += 1
      }
      suspect(
        run.sorted { table.precedes($0, $1) }.map { pairOf[$0] ?? ordinaryPair($0) })
    }
  }

  /// The payments of complete pairs with keys of person and amount, but for the first person of ordinary
  /// pairs: those of judged pairs, and the second person an ordinary payment names.
  private func otherCompleteKeys(_ judged: [Pair]) -> [(payment: Int32, key: KeyHash)] {
    var found: [(payment: Int32, key: KeyHash)] = []
    func add(_ pair: Pair, besides first: KeyHash? = nil) {
      for person in Set(people(of: pair).map { persons.person($0) }) where person != first {
        found.append((pair.payment, mixed(person, UInt64(bitPattern: fen(pair.payment)))))
      }
    }
    for pair in judged { add(pair) }
    let ordinary = ordinaryPeople
    for row in rowsToLookUp {
      let partner = assembly.partner[Int(row)]
      guard partner >= 0 else { continue }
      let payment = kind(row) == .payment ? row : partner
      add(
        ordinaryPair(payment),
        besides: ordinary.person(Int(payment), credit: Int(assembly.partner[Int(payment)])))
    }
    return found
  }

  private mutating func suspect(_ run: [Pair]) {
    guard let first = run.first,
      let second = run.first(where: { $0.groupIdentity != first.groupIdentity })
    else { return }
    report(
      .suspectedDuplicateDebit, fen: fen(second.payment), owedTo: .unknown, basis: .account,
      subject: second.payment, rows: run.flatMap { [$0.payment, $0.credit] })
  }
}

extension ArraySlice<Int32> {
  /// Whether any two of the elements are at most so far apart in time; mostly there are two or three.
  fileprivate func hasNeighbours(within window: Int64, _ time: (Int32) -> Int64) -> Bool {
    guard count <= 8 else { return true }
    for index in indices {
      for other in self[(index + 1)...] where abs(time(self[index]) - time(other)) <= window {
        return true
      }
    }
    return false
  }
}

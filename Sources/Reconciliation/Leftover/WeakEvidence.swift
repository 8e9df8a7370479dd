internal import Columns
import Payments

/// Leftover payments and credits with an edge where one could have caused the other.
struct WeakGraph {
  /// Candidate credits of each payment, candidate payments of each credit (indices of leftovers).
  private(set) var creditsOf: [[Int]]
  private(set) var paymentsOf: [[Int]]

  init(payments: Int, credits: Int) {
    creditsOf = Array(repeating: [], count: payments)
    paymentsOf = Array(repeating: [], count: credits)
  }

  mutating func connect(payment: Int, credit: Int) {
    creditsOf[payment].append(credit)
    paymentsOf[credit].append(payment)
  }

  /// Connected components that hold both a payment and a credit, by their smallest payment.
  func components() -> [(payments: [Int], credits: [Int])] {
    var seenPayments = Set<Int>()
    var seenCredits = Set<Int>()
    var result: [(payments: [Int], credits: [Int])] = []
    for start in creditsOf.indices where !creditsOf[start].isEmpty {
      guard seenPayments.insert(start).inserted else { continue }
      var (payments, credits) = ([start], [Int]())
      var next = 0
      while next < payments.count {
        for credit in creditsOf[payments[next]] where seenCredits.insert(credit).inserted {
          credits.append(credit)
          for payment in paymentsOf[credit] where seenPayments.insert(payment).inserted {
            payments.append(payment)
          }
        }
        next += 1
      }
      result.append((payments.sorted(), credits.sorted()))
    }
    return result
  }

  /// The only way to pair every payment with a credit, or nil when there is none or more than one.
  ///
  /// A bipartite graph has exactly one perfect matching only if some node has a single
  /// candidate, and taking that pair away leaves such a graph again; so forced choices suffice.
  func onlyMatching(
    _ component: (payments: [Int], credits: [Int])
  ) -> [(payment: Int, credit: Int)]? {
    guard component.payments.count == component.credits.count else { return nil }
    var payments = Set(component.payments)
    var credits = Set(component.credits)
    var result: [(payment: Int, credit: Int)] = []
    while !payments.isEmpty {
      let forced =
        payments.lazy.compactMap { payment -> (Int, Int)? in
          let open = creditsOf[payment].filter(credits.contains)
          return open.count == 1 ? (payment, open[0]) : nil
        }.first
        ?? credits.lazy.compactMap { credit -> (Int, Int)? in
          let open = paymentsOf[credit].filter(payments.contains)
          return open.count == 1 ? (open[0], credit) : nil
        }.first
      guard let (payment, credit) = forced else { return nil }
      payments.remove(payment)
      credits.remove(credit)
      result.append((payment, credit))
    }
    return result.sorted { $0.payment < $1.payment }
  }
}

extension Judge {
  /// Joins leftovers by person, amount and time where the choice is unique (rule 7); returns the
  /// leftovers nothing was said of.
  mutating func joinByWeakEvidence() -> [Leftover] {
    // The table by itself: what a closure takes out of something that may change it takes as a copy.
    let table = table
    let candidates = leftovers.filter { leftover in
      returned[leftover.row] ?? 0 == 0
        && (kind(leftover.row) != .payment || !names(leftover.row).isEmpty
          || isNamelessPart(leftover.row))
    }.sorted { table.precedes($0.row, $1.row) }
    let payments = candidates.filter { kind($0.row) == .payment }
    let credits = candidates.filter { kind($0.row) != .payment }
    let graph = weakGraph(payments.map(\.row), credits.map(\.row))
    var settled = Set<Int32>()
    for component in graph.components() {
      let componentPayments = component.payments.map { payments[$0] }
      let componentCredits = component.credits.map { credits[$0] }
      let members = componentPayments + componentCredits
      settled.formUnion(members.map(\.row))
      if members.contains(where: { groups[$0.group].isHeld }) {
        // What its held row is may take one of them away.
        for member in members { wait(member.row) }
      } else if let found = graph.onlyMatching(component) {
        for (payment, credit) in found {
          pairWeakly(payments[payment], credits[credit].row)
        }
      } else if areAlike(component, of: componentPayments, graph) {
        for (payment, credit) in zip(componentPayments, componentCredits) {
          pairWeakly(payment, credit.row)
        }
      } else {
        weigh(componentPayments, componentCredits)
      }
    }
    return leftovers.filter { !settled.contains($0.row) }
  }

  /// Which leftovers could have caused each other.
  private func weakGraph(_ payments: [Int32], _ credits: [Int32]) -> WeakGraph {
    var graph = WeakGraph(payments: payments.count, credits: credits.count)
    var keyed: [(key: KeyHash, row: Int32)] = []
    for (index, credit) in credits.enumerated() {
      for key in personsAndAmount(names(credit), fen(credit)) { keyed.append((key, Int32(index))) }
    }
    let index = KeyIndex(keyed)
    let quoting = quoting(credits, references: payments.filter(isNamelessPart))
    for (number, payment) in payments.enumerated() {
      guard !isNamelessPart(payment) else {
        for credit in quoting[table.serial[Int(payment)]] ?? []
        where isPart(payment, of: credits[credit]) {
          graph.connect(payment: number, credit: credit)
        }
        continue
      }
      var found = Set<Int>()
      for key in personsAndAmount(names(payment), fen(payment)) {
        index.forEach(key) { found.insert(Int($0)) }
      }
      for credit in found.sorted() where couldCause(payment, credits[credit]) {
        graph.connect(payment: number, credit: credit)
      }
    }
    return graph
  }

  func couldCause(_ payment: Int32, _ credit: Int32) -> Bool {
    isInTime(payment, credit) && persons.isSame(payment, credit)
  }

  private func isInTime(_ payment: Int32, _ credit: Int32) -> Bool {
    fen(payment) == fen(credit) && channel(payment).fits(channel(credit))
      && time(credit) >= time(payment) - rules.clockToleranceSeconds
      && time(credit) <= deadline(payment)
  }

  // MARK: Parts of a batch that name nobody

  /// Whether a payment names nobody and its serial is the reference of a batch, which a credit may quote.
  private func isNamelessPart(_ row: Int32) -> Bool {
    kind(row) == .payment && assembly.isBatchSerial(table, row) && names(row).isEmpty
  }

  /// Whether as many parts that name nobody and credits fit each other in every way: then every way says the same.
  private func areAlike(
    _ component: (payments: [Int], credits: [Int]), of payments: [Leftover], _ graph: WeakGraph
  ) -> Bool {
    component.payments.count == component.credits.count
      && payments.allSatisfy { isNamelessPart($0.row) }
      && component.payments.allSatisfy { graph.creditsOf[$0].count == component.credits.count }
  }

  /// Credits by the references of batches they quote (indices, in their order).
  private func quoting(_ credits: [Int32], references parts: [Int32]) -> [KeyHash: [Int]] {
    guard !parts.isEmpty else { return [:] }
    let references = Set(parts.map { table.serial[Int($0)] })
    return Dictionary(
      grouping: credits.indices.filter { references.contains(table.serial[Int(credits[$0])]) }
    ) { table.serial[Int(credits[$0])] }
  }

  /// Whether a credit that quotes a batch may be one of its parts'; orders that differ tell them apart.
  private func isPart(_ payment: Int32, of credit: Int32) -> Bool {
    isInTime(payment, credit)
      && (table.order[Int(payment)] == 0 || table.order[Int(credit)] == 0)
  }

  /// Joins two leftovers; the report says that the evidence was weak.
  @discardableResult
  private mutating func pairWeakly(
    _ payment: Leftover, _ credit: Int32
  ) -> [Int32] {
    pairs.append(
      Pair(
        payment: payment.row, credit: credit, group: payment.group, basis: .weak,
        isComplete: true))
    judgement.weakMatches.append(WeakMatch(payment.row, credit))
    return [payment.row, credit]
  }

  /// Decides leftovers that can be paired in several ways, or not all of them.
  private mutating func weigh(
    _ payments: [Leftover], _ credits: [Leftover]
  ) {
    if payments.contains(where: { isNamelessPart($0.row) }) {
      // They are of one batch, not of one person: none is one too many.
      listCandidates((payments + credits).map(\.row), groups: (payments + credits).map(\.group))
    } else if credits.count == 1, isOneIntent(payments.map(\.row)) {
      let nearest = nearestIndex(payments.map(\.row), to: credits[0].row)
      let pair = pairWeakly(payments[nearest], credits[0].row)
      for (index, extra) in payments.enumerated() where index != nearest {
        accuseSurplus(extra, .duplicateDebit, besides: pair, of: payments + credits)
      }
    } else if payments.count == 1, isOneIntent(credits.map(\.row)) {
      let nearest = nearestIndex(credits.map(\.row), to: payments[0].row)
      let pair = pairWeakly(payments[0], credits[nearest].row)
      for (index, extra) in credits.enumerated() where index != nearest {
        accuseSurplus(extra, .duplicateCredit, besides: pair, of: payments + credits)
      }
    } else {
      listCandidates((payments + credits).map(\.row), groups: (payments + credits).map(\.group))
    }
  }

  /// One too many, whichever is paired.
  private mutating func accuseSurplus(
    _ extra: Leftover, _ kind: AnomalyKind, besides pair: [Int32], of component: [Leftover]
  ) {
    // Whatever takes one of the pair away gives the other to the surplus.
    for member in [extra] + component.filter({ $0.row != extra.row }) {
      if let want = want(member.row, group: member.group) {
        wait(extra.row, for: want)
        return
      }
    }
    accuse(
      extra.group, kind, fen: fen(extra.row),
      owedTo: kind == .duplicateDebit ? .student : .school, basis: .weak, subject: extra.row,
      besides: pair, wrong: [extra.row])
  }

  /// Several equally good candidates: all are listed, none is picked.
  private mutating func listCandidates(_ rows: [Int32], groups touched: [Int]) {
    let wants = zip(rows, touched).map { ($0, want($0, group: $1)) }
    guard wants.allSatisfy({ $0.1 == nil }) else {
      // All of them wait, each for its own reason, if it has one.
      for (row, want) in wants {
        if let want { wait(row, for: want) } else { wait(row) }
      }
      return
    }
    let rows = rows.sorted { table.precedes($0, $1) }
    blame(rows)
    for group in touched { groups[group].isLoud = true }
    report(
      .ambiguousMatch, fen: fen(rows[0]), owedTo: .unknown, basis: .weak, subject: rows[0],
      rows: rows)
  }

  private func isOneIntent(_ rows: [Int32]) -> Bool {
    let times = rows.map { time($0) }
    guard let first = times.min(), let last = times.max() else { return false }
    return last - first <= rules.duplicateWindowSeconds
  }

  /// The nearest in time; among equals the canonically first.
  private func nearestIndex(_ rows: [Int32], to row: Int32) -> Int {
    rows.indices.min { (distance(rows[$0], row), $0) < (distance(rows[$1], row), $1) } ?? 0
  }

  /// One key for each person these numbers may ever be of, with an amount.
  func personsAndAmount(_ names: [KeyHash], _ fen: Int64) -> Set<KeyHash> {
    Set(names.map { mixed(persons.everPerson($0), UInt64(bitPattern: fen)) })
  }
}

internal import Columns
import Payments

/// What the groups that keys made hold, as far as rows without a shared key ask for it.
private struct KeyedGroups {
  /// Rows of each group, by what stands for it.
  var size: [Int32: Int] = [:]
  var credits: [Int32: [Int32]] = [:]
  var payments: [Int32: [Int32]] = [:]
  /// Refunds of each.
  var refunds: [Int32: Int] = [:]
  var withRefund: Set<Int32> = []
  var withReversal: Set<Int32> = []
  /// Groups with rows that contradict each other: of them nothing is said.
  var collided: Set<Int32> = []
}

/// A row that took money back, and one it may have taken back or go with.
private struct Edge {
  var row: Int32
  var other: Int32
}

/// Refunds and reversals without a key that join nothing yet, each with what it waits for.
struct UnsureRows {
  private(set) var wants: [Int32: Want] = [:]
  /// Those of each amount, in the order they were added.
  private var ofAmount: [Int64: [(place: Int, row: Int32)]] = [:]

  mutating func add(_ row: Int32, fen: Int64, _ want: Want) {
    ofAmount[fen, default: []].append((wants.count, row))
    wants[row] = want
  }

  /// What the first of some amounts waits for that fits.
  func want(ofAnyWith amounts: Set<Int64>, _ fits: (Int32) -> Bool) -> Want? {
    let first = amounts.compactMap { ofAmount[$0]?.first { fits($0.row) } }
      .min { $0.place < $1.place }
    return first.flatMap { wants[$0.row] }
  }
}

extension Judge {
  /// Group rule (e): refunds and reversals that share no key with anything, by person and amount.
  ///
  /// - Parameters:
  ///   - folded: rows that tell an event again.
  ///   - collided: rows that contradict each other.
  mutating func joinKeyless(besides folded: Set<Int32>, _ collided: [[Int32]]) {
    let loose = assembly.looseRows(table).filter { !folded.contains($0) }
    let mayBe = loose.filter { table.isWithoutKey(Int($0)) }
    guard !mayBe.isEmpty else { return }
    var groups = keyedGroups(loose, collided)
    keyless = Set(
      mayBe.filter { row in
        let root = assembly.root(row)
        return groups.size[root] == 1 && !groups.collided.contains(root)
      })
    guard !keyless.isEmpty else { return }
    for row in keyless.sorted(by: table.precedes) {
      let alone = GroupCase(
        rows: [row], refunds: kind(row) == .refund ? [row] : [],
        reversals: kind(row) == .reversal ? [row] : [])
      if let want = wantFromReach(row, in: alone) { unsure.add(row, fen: fen(row), want) }
    }
    // What is not sure yet is a rival all the same, but joins nothing.
    let sure = keyless.subtracting(unsure.wants.keys)
    let taken = only(edgesToTaken(groups, folded)).filter { sure.contains($0.row) }
    join(taken)
    groups = keyedGroups(assembly.looseRows(table).filter { !folded.contains($0) }, collided)
    let left = keyless.subtracting(taken.map(\.row))
    let sides = nearest(edgesAcross(left, loose, groups)).filter { edge in
      unsure.wants[edge.row] == nil && unsure.wants[edge.other] == nil
    }
    join(sides)
    weaklyJoined = Set((taken + sides).flatMap { [$0.row, $0.other] })
    explained = Set(sides.map(\.row))
  }

  private mutating func keyedGroups(_ loose: [Int32], _ collided: [[Int32]]) -> KeyedGroups {
    var groups = KeyedGroups()
    for row in loose {
      let root = assembly.root(row)
      groups.size[root, default: 0] += 1
      switch kind(row) {
      case .credit, .manualCredit: groups.credits[root, default: []].append(row)
      case .payment: groups.payments[root, default: []].append(row)
      case .refund:
        groups.withRefund.insert(root)
        groups.refunds[root, default: 0] += 1
      case .reversal: groups.withReversal.insert(root)
      default: break
      }
    }
    for row in collided.joined() { groups.collided.insert(assembly.root(row)) }
    return groups
  }

  private mutating func join(_ edges: [Edge]) {
    for edge in edges {
      assembly.join(edge.row, edge.other)
      judgement.weakMatches.append(
        kind(edge.row) == .refund && kind(edge.other) == .reversal
          ? WeakMatch(edge.row, edge.other) : WeakMatch(edge.other, edge.row))
    }
  }

  /// The edges that are the only ones of both their rows.
  private func only(_ edges: [Edge]) -> [Edge] {
    var (ofRow, ofOther): ([Int32: Int], [Int32: Int]) = ([:], [:])
    for edge in edges {
      ofRow[edge.row, default: 0] += 1
      ofOther[edge.other, default: 0] += 1
    }
    return edges.filter { ofRow[$0.row] == 1 && ofOther[$0.other] == 1 }
  }

  /// Edges that use no row twice, the nearest in time first: they are all of one person and amount, so that whoever
  /// goes with whom is owed the same.
  private func nearest(_ edges: [Edge]) -> [Edge] {
    let sorted = edges.sorted { left, right in
      let (mine, theirs) = (distance(left.row, left.other), distance(right.row, right.other))
      if mine != theirs { return mine < theirs }
      return left.row == right.row
        ? table.precedes(left.other, right.other) : table.precedes(left.row, right.row)
    }
    var used = Set<Int32>()
    return sorted.filter { edge in
      guard !used.contains(edge.row), !used.contains(edge.other) else { return false }
      used.formUnion([edge.row, edge.other])
      return true
    }
  }

  // MARK: - What was taken back

  /// From each keyless row to the payments or credits it may have given or taken back.
  private mutating func edgesToTaken(_ groups: KeyedGroups, _ folded: Set<Int32>) -> [Edge] {
    var keyed: [(key: KeyHash, row: Int32)] = []
    for row in keyless.sorted() {
      for key in takenKeys(row, [row]) { keyed.append((key, row)) }
    }
    let index = KeyIndex(keyed)
    // By themselves: for each row the judge as a whole would be copied.
    let (table, persons) = (table, persons)
    let mayBeTaken = rows(table.count) { row in
      let kind = table.kind[row]
      guard kind == .payment || kind.isCredit else { return false }
      // Whom a payment that names nobody is for is told by its group: looked at below.
      if table.account[row] == 0, table.student[row] == 0 { return true }
      let payer = kind.isChannelMoney ? payerAndAmount(table, row) : 0
      return index.contains(payer) || persons.isNamed(Int32(truncatingIfNeeded: row), in: index)
    }
    var edges: [Edge] = []
    var named = Set<Int32>()
    for other in mayBeTaken where !folded.contains(other) {
      let partner = assembly.partner[Int(other)]
      let root = partner >= 0 ? -1 : assembly.root(other)
      let isPayment = kind(other) == .payment
      guard !groups.collided.contains(root),
        !(isPayment ? groups.withRefund : groups.withReversal).contains(root)
      else { continue }
      let people = people(of: other, groups)
      var found = Set<Int32>()
      for key in takenKeys(other, people) { index.forEach(key) { found.insert($0) } }
      for row in found.sorted() where mayTakeBack(row, other, people) {
        edges.append(Edge(row: row, other: other))
        if isSamePerson(row, people) { named.insert(row) }
      }
    }
    // Who paid says little where somebody is named.
    return edges.filter { edge in
      !named.contains(edge.row) || isSamePerson(edge.row, people(of: edge.other, groups))
    }
  }

  /// The rows that tell for whom a payment or credit is: itself, else the credits of its group.
  private mutating func people(of row: Int32, _ groups: KeyedGroups) -> [Int32] {
    guard kind(row) == .payment, names(row).isEmpty else { return [row] }
    let partner = assembly.partner[Int(row)]
    return partner >= 0 ? [partner] : groups.credits[assembly.root(row)] ?? []
  }

  func isSamePerson(_ row: Int32, _ people: [Int32]) -> Bool {
    people.contains { persons.isSame(row, $0) }
  }

  /// - Parameter people: the rows that tell for whom the payment or credit is.
  func mayTakeBack(_ row: Int32, _ other: Int32, _ people: [Int32]) -> Bool {
    let elapsed = latest(row) - latest(other)
    guard (kind(row) == .refund) == (kind(other) == .payment), fen(row) == fen(other),
      elapsed >= 0, elapsed <= rules.refundReachSeconds
    else { return false }
    let isSame = isSamePerson(row, people)
    if kind(row) == .reversal { return channel(row).fits(channel(other)) && isSame }
    guard channel(row) == channel(other) else { return false }
    let isNamed = people.contains { !names($0).isEmpty }
    if !names(row).isEmpty, isNamed { return isSame }
    return payerKey(row) != 0 && payerKey(row) == payerKey(other)
  }

  /// By what a payment or credit and what gives it back find each other: its people and who paid, with its amount.
  ///
  /// - Parameter people: the rows that tell for whom it is.
  func takenKeys(_ row: Int32, _ people: [Int32]) -> Set<KeyHash> {
    personsAndAmount(people.flatMap { names($0) }, fen(row)).union([payerKey(row)])
  }

  private func payerKey(_ row: Int32) -> KeyHash {
    kind(row).isChannelMoney ? payerAndAmount(table, Int(row)) : 0
  }

  // MARK: - Each other's side

  /// From refunds to reversals of which at least one found nothing it took back.
  private mutating func edgesAcross(
    _ left: Set<Int32>, _ loose: [Int32], _ groups: KeyedGroups
  ) -> [Edge] {
    guard !left.isEmpty else { return [] }
    func isFree(_ row: Int32, _ kind: EntryKind, _ taken: Set<Int32>) -> Bool {
      guard self.kind(row) == kind else { return false }
      let root = assembly.root(row)
      return !taken.contains(root) && !groups.collided.contains(root)
    }
    let refunds = loose.filter { row in
      // Beside another one it would explain, that one would be forgotten.
      guard isFree(row, .refund, groups.withReversal) else { return false }
      let root = assembly.root(row)
      guard let payments = groups.payments[root] else { return groups.refunds[root] == 1 }
      // What was never credited calls for no reversal.
      return groups.credits[root] != nil || payments.contains { table.order[Int($0)] == 0 }
    }
    let reversals = loose.filter { isFree($0, .reversal, groups.withRefund) }
    var keyed: [(key: KeyHash, row: Int32)] = []
    for row in reversals {
      for key in personsAndAmount(names(row), fen(row)) { keyed.append((key, row)) }
    }
    let index = KeyIndex(keyed)
    var edges: [Edge] = []
    for refund in refunds {
      var found = Set<Int32>()
      let people =
        names(refund).isEmpty ? groups.payments[assembly.root(refund)] ?? [] : [refund]
      for key in personsAndAmount(people.flatMap { names($0) }, fen(refund)) {
        index.forEach(key) { found.insert($0) }
      }
      for reversal in found.sorted()
      where (left.contains(refund) || left.contains(reversal))
        && distance(refund, reversal) <= rules.refundWindowSeconds
        && channel(reversal).fits(channel(refund)) && isSamePerson(reversal, people)
        && !isStranger(refund, to: assembly.root(reversal), groups)
        && !isStranger(reversal, to: assembly.root(refund), groups)
      {
        edges.append(Edge(row: refund, other: reversal))
      }
    }
    return edges
  }

  /// Whether what a group's rows paid or credited is another person's than a row's.
  private func isStranger(_ row: Int32, to root: Int32, _ groups: KeyedGroups) -> Bool {
    let money = (groups.payments[root] ?? []) + (groups.credits[root] ?? [])
    return money.contains { differ(row, $0) }
  }
}

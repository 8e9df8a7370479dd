import Payments

/// One group under judgement: its rows by kind, and what has been given back.
struct GroupCase {
  let index: Int
  var rows: [Int32]
  var payments: [Int32] = []
  var refunds: [Int32] = []
  var credits: [Int32] = []
  var reversals: [Int32] = []
  var unposted: [Int32] = []
  var isHeld = false
  /// Per payment: refunded fen, capped, and the refunds that did it.
  var refunded: [Int64] = []
  var refundsOf: [[Int32]] = []
  /// Per credit: reversed fen, capped, and the reversals that did it.
  var reversed: [Int64] = []
  var reversalsOf: [[Int32]] = []
  /// Reversals without any credit in the group that no refund explains.
  var strays: [Int32] = []
  /// Whether a finding other than a notice, `manual-entry` or `time-impossible` was made.
  var isAccused = false
  var hasLoss = false
  /// Whether something still waits.
  var isWaiting = false

  init(index: Int, rows: [Int32]) {
    self.index = index
    self.rows = rows
  }
}

extension Judge {
  /// A key that more rows than this share is no key: the group is said to be unexplained.
  static let largestGroup = 1_000

  /// Judges every group that is not an ordinary pair.
  mutating func judgeGroups() {
    for index in assembly.ends.indices {
      let rows = assembly.group(index).sorted { table.precedes($0, $1) }
      if rows.count > Judge.largestGroup {
        put(rows, in: .anomalous)
        report(
          .unexplained, fen: fen(rows[0]), owedTo: .unknown, basis: basis(of: rows[0]),
          subject: rows[0], rows: rows)
      } else {
        judge(GroupCase(index: index, rows: rows))
      }
    }
  }

  private mutating func judge(_ group: GroupCase) {
    var group = group
    guard dropRepeated(&group) else { return }
    sortByKind(&group)
    guard !group.payments.isEmpty || group.refunds.isEmpty else {
      judgeOrphan(group)
      return
    }
    attachRefunds(&group)
    attachReversals(&group)
    judgeMoney(&group)
    if !group.payments.isEmpty {
      attempts.append(contentsOf: group.unposted.map { ($0, group.payments) })
    }
  }

  /// Rule 1: one event, one row. False when the group holds a collision and is done with.
  private mutating func dropRepeated(_ group: inout GroupCase) -> Bool {
    let identified = group.rows.enumerated().compactMap { position, row in
      identity(row).map { (identity: $0, position: position, row: row) }
    }.sorted { ($0.identity, $0.position) < ($1.identity, $1.position) }
    var dropped: Set<Int32> = []
    var collides = false
    var start = 0
    while start < identified.count {
      var end = start + 1
      while end < identified.count, identified[end].identity == identified[start].identity {
        end += 1
      }
      let rows = identified[start..<end].map(\.row)
      start = end
      guard rows.count > 1 else { continue }
      if rows.allSatisfy({ sameContent($0, rows[0]) }) {
        dropped.formUnion(rows.dropFirst())
        report(
          .repeatedRow, fen: fen(rows[0]), owedTo: .none, basis: basis(of: rows[0]),
          subject: rows[1], rows: rows)
      } else {
        collides = true
        report(
          .serialCollision, fen: fen(rows[0]), owedTo: .unknown, basis: .serial,
          subject: rows[0], rows: group.rows)
      }
    }
    for row in dropped { exclude(row, .repeatedRow) }
    if collides {
      put(group.rows.filter { !dropped.contains($0) }, in: .anomalous)
      return false
    }
    group.rows.removeAll { dropped.contains($0) }
    return true
  }

  /// What makes a row one event; nil when nothing does.
  private func identity(_ row: Int32) -> KeyHash? {
    let row = Int(row)
    switch table.kind[row] {
    case .payment, .refund:
      guard table.serial[row] != 0 else { return nil }
      let place = UInt64(table.channel[row].rawValue) << 8 | UInt64(table.kind[row].rawValue)
      return mixed(mixed(table.serial[row], table.own[row]), place)
    case .credit, .manualCredit, .reversal:
      return table.own[row] == 0 ? nil : table.own[row]
    default: return nil
    }
  }

  private func sameContent(_ left: Int32, _ right: Int32) -> Bool {
    var (left, right) = (table[Int(left)], table[Int(right)])
    (left.statement, left.line, left.offset) = (0, 0, 0)
    (right.statement, right.line, right.offset) = (0, 0, 0)
    left.rule = right.rule
    return left == right
  }

  private mutating func sortByKind(_ group: inout GroupCase) {
    for row in group.rows {
      switch kind(row) {
      case .payment: group.payments.append(row)
      case .refund: group.refunds.append(row)
      case .credit, .manualCredit: group.credits.append(row)
      case .reversal: group.reversals.append(row)
      case .unpostedCredit:
        group.unposted.append(row)
        exclude(row, .notPosted)
      case .failedPayment: exclude(row, .failedPayment)
      case .held: group.isHeld = true
      default: break
      }
    }
  }

  /// Refunds whose payment stands in no accepted statement.
  private mutating func judgeOrphan(_ group: GroupCase) {
    let rows = group.refunds + group.credits + group.reversals
    if group.isHeld {
      for row in rows { wait(row, until: time(row), forLedger: !kind(row).isChannelMoney) }
      return
    }
    put(rows, in: .anomalous)
    let subject = group.refunds[0]
    report(
      .orphanRefund, fen: fen(subject), owedTo: .unknown, basis: basis(of: subject),
      subject: subject, rows: group.rows)
  }

  /// Gives every refund to a payment; what exceeds the payment is an incident.
  private mutating func attachRefunds(_ group: inout GroupCase) {
    group.refunded = group.payments.map { _ in 0 }
    group.refundsOf = group.payments.map { _ in [] }
    guard !group.payments.isEmpty else { return }
    for refund in group.refunds {
      let target = paymentRefunded(by: refund, in: group)
      let (sum, overflow) = group.refunded[target].addingReportingOverflow(fen(refund))
      group.refunded[target] = overflow ? .max : sum
      group.refundsOf[target].append(refund)
    }
    var excess: Int64 = 0
    for (index, payment) in group.payments.enumerated() where group.refunded[index] > fen(payment) {
      excess = excess.addingReportingOverflow(group.refunded[index] - fen(payment)).partialValue
      group.refunded[index] = fen(payment)
    }
    guard excess > 0, let last = group.refunds.last else { return }
    accuse(
      &group, .refundExceedsPayment, fen: excess, owedTo: .school, subject: last,
      wrong: group.refunds + group.payments)
  }

  private func paymentRefunded(by refund: Int32, in group: GroupCase) -> Int {
    let candidates = group.payments.indices
    let original = table.original[refund] ?? 0
    let named = candidates.filter { index in
      let payment = Int(group.payments[index])
      guard table.serial[payment] != 0, table.channel[payment] == channel(refund) else {
        return false
      }
      return table.serial[payment] == table.serial[Int(refund)]
        || table.serial[payment] == original
    }
    let open = { (index: Int) in group.refunded[index] < self.fen(group.payments[index]) }
    return named.first(where: open) ?? named.first
      ?? candidates.first {
        group.refunded[$0] == 0 && fen(group.payments[$0]) == fen(refund)
      }
      ?? candidates.first(where: open) ?? 0
  }

  /// Gives every reversal to a credit; without any credit it is a stray.
  private mutating func attachReversals(_ group: inout GroupCase) {
    group.reversed = group.credits.map { _ in 0 }
    group.reversalsOf = group.credits.map { _ in [] }
    guard !group.credits.isEmpty else {
      var free = group.refunds
      for reversal in group.reversals {
        if let index = free.firstIndex(where: { fen($0) == fen(reversal) }) {
          free.remove(at: index)
        } else {
          group.strays.append(reversal)
        }
      }
      return
    }
    for reversal in group.reversals {
      let target = creditReversed(by: reversal, in: group)
      let (sum, overflow) = group.reversed[target].addingReportingOverflow(fen(reversal))
      group.reversed[target] = overflow ? .max : sum
      group.reversalsOf[target].append(reversal)
    }
    var excess: Int64 = 0
    for (index, credit) in group.credits.enumerated() where group.reversed[index] > fen(credit) {
      excess = excess.addingReportingOverflow(group.reversed[index] - fen(credit)).partialValue
      group.reversed[index] = fen(credit)
    }
    guard excess > 0, let last = group.reversals.last else { return }
    accuse(
      &group, .refundAmountMismatch, fen: excess, owedTo: .student, subject: last,
      wrong: group.reversals + group.credits)
  }

  private func creditReversed(by reversal: Int32, in group: GroupCase) -> Int {
    let candidates = group.credits.indices
    if let original = table.original[reversal],
      let named = candidates.first(where: { table.own[Int(group.credits[$0])] == original })
    {
      return named
    }
    let equal = candidates.filter {
      group.reversed[$0] == 0 && fen(group.credits[$0]) == fen(reversal)
    }
    return equal.last { time(group.credits[$0]) <= time(reversal) } ?? equal.first
      ?? candidates.first { group.reversed[$0] < fen(group.credits[$0]) } ?? 0
  }

  /// Records a finding of a group, or lets its rows wait when the group holds a row back.
  mutating func accuse(
    _ group: inout GroupCase, _ kind: AnomalyKind, fen: Int64, owedTo: OwedTo,
    explanation: Explanation? = nil, subject: Int32, wrong: [Int32]
  ) {
    if group.isHeld {
      for row in wrong where judgement.buckets[Int(row)] == .matched {
        wait(row, until: time(row), forLedger: !self.kind(row).isChannelMoney)
      }
      group.isWaiting = true
      return
    }
    let benign = kind == .amountMismatch && explanation?.isBenign == true
    put(wrong, in: benign ? .matchedWithinTolerance : .anomalous)
    group.isAccused = true
    if !benign, kind.severity == .loss { group.hasLoss = true }
    report(
      kind, fen: fen, owedTo: owedTo, explanation: explanation, basis: basis(of: subject),
      subject: subject, rows: group.rows)
  }
}

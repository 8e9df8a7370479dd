internal import Columns
import Payments

/// What the card system's list of accounts says about each: open or closed, and since when.
struct AccountStates {
  private var states: [KeyHash: [(since: Int64, isClosed: Bool)]] = [:]

  /// Learns from the rows of account lists. What is lost, replaced or cancelled is the card, where the row
  /// names one; who left has left with all cards, and whose card works is there.
  init(_ table: EntryTable) {
    for row in 0..<table.count where table.kind[row] == .excluded {
      let (card, student) = (table.account[row], table.student[row])
      let isOpen = table.rule[row] == .accountList
      let names: [KeyHash]
      switch table.rule[row] {
      case .closedAccount: names = [card != 0 ? card : student]
      case .personLeft, .accountList: names = [card, student].filter { $0 != 0 }
      default: continue
      }
      for name in names { states[name, default: []].append((Int64(table.time[row]), !isOpen)) }
    }
    // Nearly everybody's was open all the time: they are not looked at again for every credit.
    states = states.filter { $0.value.contains(where: \.isClosed) }
  }

  /// Whether no account is known to have been closed.
  var isEmpty: Bool { states.isEmpty }

  /// Whether one of a row's accounts was closed at its time: the last word before it counts.
  func isClosed(_ names: [KeyHash], at time: Int64) -> Bool {
    names.contains { name in
      guard let known = states[name] else { return false }
      let before = known.filter { $0.since <= time }
      guard let last = before.map(\.since).max() else { return false }
      return before.contains { $0.since == last && $0.isClosed }
    }
  }
}

extension Judge {
  /// For each credit that weak evidence gave to a payment, the groups of the payments.
  private var paidElsewhere: [Int32: [Int]] {
    let weak = pairs.filter { $0.basis == .weak }.map { ($0.credit, [$0.group]) }
    return Dictionary(
      weak + returnedPairs.map { ($0.credit, [$0.group]) }, uniquingKeysWith: +)
  }

  private func isPending(_ row: Int32) -> Bool { judgement.buckets[Int(row)] == .pending }

  /// Credits to cards reported lost, cancelled or of people who left: one a group, unless a loss
  /// already says what is wrong with it.
  mutating func accuseClosedAccounts() {
    let states = AccountStates(table)
    guard !states.isEmpty else { return }
    let paidElsewhere = paidElsewhere
    for index in groups.indices where !groups[index].isClosed && !groups[index].hasLoss {
      // What waits may turn out to be a loss of the group's.
      let concerned = [index] + groups[index].credits.flatMap { paidElsewhere[$0] ?? [] }
      if concerned.contains(where: { groups[$0].rows.contains(where: isPending) }) { continue }
      let credit = groups[index].credits.first { row in
        isActive(row) && !taken.contains(row) && judgement.buckets[Int(row)] != .excluded
          && judgement.buckets[Int(row)] != .pending
          && states.isClosed(persons.namesAndStudents(row), at: time(row))
      }
      guard let credit else { continue }
      accuse(
        index, .closedAccountCredit, fen: open(credit), owedTo: .student, subject: credit,
        wrong: [credit], shares: [Party(row: credit, fen: open(credit))])
    }
    for payment in 0..<Int32(table.count) where kind(payment) == .payment {
      let credit = assembly.partner[Int(payment)]
      guard credit >= 0, states.isClosed(persons.namesAndStudents(credit), at: time(credit)) else {
        continue
      }
      if let want = wantOfClosedAccount(ordinary: payment, credit) {
        wait(credit, for: want)
        continue
      }
      blame([credit])
      report(
        .closedAccountCredit, fen: fen(credit), owedTo: .student, basis: .order,
        subject: credit, rows: [payment, credit])
    }
  }
}

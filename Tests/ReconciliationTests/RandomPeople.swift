import Payments

/// How a channel row names somebody.
enum WayOfNaming: CaseIterable {
  case card, student, other
}

/// Who is who on a random day: three people, the cards they have, and what tells it.
extension DayWriter {
  private static let cards: [KeyHash] = [401, 402, 403]

  /// Names a person as a row of its side does.
  func name(_ person: Int, on row: inout Entry, _ source: inout SeededGenerator) {
    switch row.kind {
    case .payment, .refund, .failedPayment: nameInTexts(person, on: &row, &source)
    case .excluded where row.rule == .cardReplacement:
      (row.account, row.student) = (cardNumber(person, &source), source.pick([402, 403, 404]))
    default: nameInColumns(person, on: &row, &source)
    }
  }

  private func cardNumber(_ person: Int, _ source: inout SeededGenerator) -> KeyHash {
    // Card 404 is everybody's new one.
    source.chance(5) ? 404 : DayWriter.cards[person]
  }

  /// A card, a student number, both or neither, as columns of a ledger or a list do.
  private func nameInColumns(
    _ person: Int, on row: inout Entry, _ source: inout SeededGenerator
  ) {
    let (card, student) = (cardNumber(person, &source), students[person])
    switch Int.random(in: 0..<20, using: &source) {
    case 0..<11: row.account = card
    case 11..<14: row.student = student
    case 14..<19: (row.account, row.student) = (card, student)
    default: break
    }
  }

  /// Any number, of any kind, said in any way.
  private func nameInTexts(
    _ person: Int, on row: inout Entry, _ source: inout SeededGenerator
  ) {
    row.others = []
    switch source.pick(ways) {
    case .card: row.account = cardNumber(person, &source)
    case .student: row.student = students[person]
    case .other: row.others = [other(person, &source)]
    }
    if source.chance(10) { row.student = students[source.pick([0, 1])] }
    if source.chance(10) { row.account = cardNumber(source.pick([0, 1]), &source) }
    while source.chance(15) { row.others.append(other(source.pick([0, 1, 2]), &source)) }
  }

  private func other(_ person: Int, _ source: inout SeededGenerator) -> NamedNumber {
    let isCard = source.chance(50)
    let key = source.chance(8) ? 777 : isCard ? cardNumber(person, &source) : students[person]
    let right: NamedNumber.Kind = isCard ? .card : .student
    let kind = source.pick([.any, .any, right, right, right, .card, .student])
    return NamedNumber(key, kind, source.pick([.labelled, .ifKnown, .ifKnown, .prose, .prose]))
  }

  // MARK: What tells who is who

  /// Spending, a list, a transfer: a row that moves no top-up and links numbers, sometimes wrongly.
  mutating func writeFact(_ source: inout SeededGenerator) {
    let person = source.pick([0, 0, 1, 2])
    // The other column may be another's: then a number stands beside two.
    let second = source.chance(75) ? person : source.pick([0, 1, 2])
    var row = Entry(kind: .excluded, fen: 100, time: someTime(&source))
    switch Int.random(in: 0..<10, using: &source) {
    case 0..<4:
      (row.account, row.student) = (cardNumber(person, &source), students[second])
      row.rule = source.pick([.notTopUp, .notTopUp, .notBooked])
    case 4..<7:
      row.rule = source.pick([.accountList, .accountList, .closedAccount, .personLeft])
      if source.chance(80) { row.account = cardNumber(person, &source) }
      if source.chance(80) { row.student = students[second] }
    case 7, 8:
      row.rule = .cardReplacement
      (row.account, row.student) = (DayWriter.cards[person], source.pick([401, 402, 403, 404]))
    default: writeTransfer(person, second, &source)
    }
    if row.account != 0 || row.student != 0 { rows.append(row) }
  }

  private mutating func writeTransfer(
    _ person: Int, _ second: Int, _ source: inout SeededGenerator
  ) {
    var out = Entry(kind: .transferOut, fen: 1_000, time: step(&source), own: fresh())
    nameInColumns(person, on: &out, &source)
    var moved = Entry(
      kind: source.pick([.transferIn, .transferIn, .manualCredit, .manualCredit, .reversal]),
      fen: source.pick([1_000, 1_000, 1_000, 600]), time: step(&source), own: fresh(),
      original: source.chance(70) ? out.own : 0)
    if moved.kind == .manualCredit, source.chance(85) { moved.original = 0 }
    nameInColumns(second, on: &moved, &source)
    if source.chance(50) { moved.account = 404 }
    rows += [out, moved]
  }

  /// Before the day, inside at or beside a row, or after it.
  private func someTime(_ source: inout SeededGenerator) -> Int64 {
    let day = RandomDay.firstDay
    if source.chance(30) { return day.adding(-2).start.seconds }
    if source.chance(15) { return day.adding(source.pick([1, 3])).start.seconds }
    guard !rows.isEmpty else { return day.start.seconds }
    return source.pick(rows).time + source.pick([-1, 0, 0, 1, 60])
  }
}

internal import Payments
internal import Statements

extension [IntakeStatement] {
  /// How each book stands, by the night's own statements; lists are none.
  ///
  /// - Parameter before: how they stood when the day was run before.
  func books(before: [BookNight]) -> [BookNight] {
    var states: [Book: BookNight] = [:]
    for given in self where !given.isContext {
      guard let book = given.book ?? given.missingBook else { continue }
      let statement = given.statement
      let state: BookNight.State =
        given.missingBook != nil
        ? .missing
        : statement.isHeld
          ? .held : statement.faults.contains { $0.kind.isDoubt } ? .doubted : .whole
      let fault = statement.faults.first { $0.kind != .statementReissued || $0.holds }?.kind
      var mine = states[book] ?? BookNight(book, state, files: [], fault: fault)
      if !statement.file.isEmpty, !mine.files.contains(statement.file) {
        mine.files.append(statement.file)
      }
      // Of several statements one that is missing or doubted counts, one that is held does not where another
      // is used.
      if state.weight > mine.state.weight || (mine.state == .held && state == .whole) {
        (mine.state, mine.fault) = (state, fault)
      }
      states[book] = mine
    }
    return states.values.sorted { $0.book < $1.book }.map { night in
      var night = night
      let known = before.first {
        $0.book.side == night.book.side && $0.book.channel == night.book.channel
          && ($0.book.owner == night.book.owner || $0.book.owner.isEmpty)
      }
      if night.state != .missing, known?.state == .missing || known?.isLate == true {
        night.isLate = true
      }
      return night
    }
  }
}

extension BookNight.State {
  fileprivate var weight: Int {
    switch self {
    case .held: 0
    case .whole: 1
    case .doubted: 2
    case .missing: 3
    }
  }
}

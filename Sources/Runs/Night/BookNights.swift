internal import Payments
internal import Statements

extension [IntakeStatement] {
  /// How each book stands, by the night's own statements; lists are none.
  ///
  /// - Parameter before: how they stood when the day was run before.
  func books(before: [BookNight]) -> [BookNight] {
    var states: [Book: BookNight] = [:]
    var ranks: [Book: Int] = [:]
    for given in self where !given.isContext {
      guard let whole = given.book ?? given.missingBook else { continue }
      let statement = given.statement
      let state = given.state
      let fault = statement.faults.first { $0.kind != .statementReissued || $0.holds }?.kind
      for book in whole.parts where book.content != .standIn {
        var mine = states[book] ?? BookNight(book, state, files: [], fault: fault)
        if !statement.file.isEmpty, !mine.files.contains(statement.file) {
          mine.files.append(statement.file)
        }
        // Of several statements the worst counts, but for one that is held while another is used: unless it
        // waits for a person.
        if given.rank > ranks[book] ?? 0 {
          (mine.state, mine.fault, ranks[book]) = (state, fault, given.rank)
        }
        let doubt = statement.faults.first { $0.kind.isDoubt }?.detail
        if let doubt { mine.doubt = [doubt.zh, doubt.en] }
        states[book] = mine
      }
    }
    return states.values.sorted { $0.book < $1.book }.map { night in
      var night = night
      let known = before.first {
        $0.book.side == night.book.side && $0.book.channel == night.book.channel
          && ($0.book.owner == night.book.owner || $0.book.owner.isEmpty)
          && !$0.book.content.isDisjoint(with: night.book.content)
      }
      let wasWhole = known.map { $0.state == .whole && $0.isLate != true } ?? true
      if night.state == .whole, !wasWhole {
        night.isLate = true
      }
      return night
    }
  }
}

extension IntakeStatement {
  fileprivate var state: BookNight.State {
    if missingBook != nil { return .missing }
    if statement.isHeld { return .held }
    return statement.faults.contains { $0.kind.isDoubt } ? .doubted : .whole
  }

  fileprivate var rank: Int {
    switch state {
    case .held: isHeldForPerson ? 3 : 1
    case .whole: 2
    case .doubted: 4
    case .missing: 5
    }
  }
}

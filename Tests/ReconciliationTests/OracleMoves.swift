import Payments

/// Money that was moved off a lost card.
struct OracleMove {
  var out: Int
  var arrivals: [Int] = []
  var lacking: Int64
}

/// "Money moved to another card" of `Judging.md`.
extension Oracle {
  mutating func joinMoves() {
    guard let window = rules.moveWindowSeconds else { return }
    moves = once { $0.kind == .transferOut }.map { OracleMove(out: $0, lacking: entries[$0].fen) }
    var loose: [Int] = []
    let arriving = once {
      $0.kind == .transferIn || $0.kind == .excluded && $0.rule == .notTopUp && $0.original != 0
    }
    for row in arriving where entries[row].kind == .excluded {
      let isOfMove = moves.contains { entries[$0.out].own == entries[row].original }
      if !isOfMove { takingBack.append(row) }
    }
    for row in arriving {
      let entry = entries[row]
      let named = moves.indices.last { place in
        entry.original != 0 && entries[moves[place].out].own == entry.original
      }
      let student = named.map { entries[moves[$0].out].student } ?? 0
      let isAnothers = student != 0 && entry.student != 0 && student != entry.student
      if let named, !isAnothers {
        arrive(row, at: named)
      } else if entry.kind == .transferIn {
        loose.append(row)
      }
    }
    for place in moves.indices where moves[place].lacking > 0 {
      let equal = loose.filter {
        mayArrive($0, at: place) && arrived($0) == moves[place].lacking
          && samePerson($0, moves[place].out)
      }
      guard var nearest = equal.first else { continue }
      for row in equal where distance(row, moves[place].out) < distance(nearest, moves[place].out) {
        nearest = row
      }
      arrive(nearest, at: place)
      loose.removeAll { $0 == nearest }
    }
    for place in moves.indices {
      for row in loose
      where moves[place].lacking > 0 && mayArrive(row, at: place)
        && samePerson(row, moves[place].out)
      {
        arrive(row, at: place)
        loose.removeAll { $0 == row }
      }
    }
    joinMovesOfAnybody(loose, window)
  }

  private mutating func joinMovesOfAnybody(_ given: [Int], _ window: Int64) {
    var loose = given
    for place in moves.indices where moves[place].lacking > 0 {
      let out = moves[place].out
      let fitting = loose.filter { row in
        mayArrive(row, at: place) && arrived(row) == moves[place].lacking
          && entries[row].time <= latest(out) + window && !areTwoStudents(row, out)
      }
      guard var nearest = fitting.first else { continue }
      for row in fitting where distance(row, out) < distance(nearest, out) { nearest = row }
      arrive(nearest, at: place)
      loose.removeAll { $0 == nearest }
    }
  }

  /// "Less what was taken back of it": rows that name it as what they take back.
  private func arrived(_ row: Int) -> Int64 {
    let own = entries[row].own
    let back = takingBack.filter { own != 0 && entries[$0].original == own }
    return max(0, entries[row].fen - back.map { entries[$0].fen }.reduce(0, +))
  }

  /// Rows of some kind in canonical order; of those with one `own` the first.
  private func once(_ isMeant: (Entry) -> Bool) -> [Int] {
    var found: [Int] = []
    for row in order where isMeant(entries[row]) {
      let own = entries[row].own
      if own != 0, found.contains(where: { entries[$0].own == own }) { continue }
      found.append(row)
    }
    return found
  }

  private mutating func arrive(_ row: Int, at place: Int) {
    moves[place].arrivals.append(row)
    moves[place].lacking = max(0, moves[place].lacking - arrived(row))
  }

  private func latest(_ row: Int) -> Int64 {
    entries[row].time + (entries[row].isDayOnly ? 86_399 : 0)
  }

  private func mayArrive(_ row: Int, at place: Int) -> Bool {
    latest(row) >= entries[moves[place].out].time - rules.clockToleranceSeconds
  }

  /// "A credit by hand without a key that nothing answers."
  mutating func isWhatAMoveLacks(_ row: Int) -> Bool {
    let entry = entries[row]
    guard let window = rules.moveWindowSeconds, entry.kind == .manualCredit, returned[row] == 0,
      entry.order == 0, entry.serial == 0
    else { return false }
    let place = moves.indices.first { place in
      let out = moves[place].out
      return moves[place].lacking >= entry.fen && moves[place].lacking > 0
        && mayArrive(row, at: place) && entry.time <= latest(out) + window && samePerson(row, out)
    }
    guard let place else { return false }
    arrive(row, at: place)
    return true
  }

  mutating func accuseMoves() {
    guard let window = rules.moveWindowSeconds else { return }
    for move in moves where move.lacking > 0 {
      let out = move.out
      excluded[out] = nil
      let books = coverage.books.indices.filter { coverage.books[$0].book.side == .ledger }
      let (from, to) = (entries[out].time - rules.clockToleranceSeconds, latest(out) + window)
      if let want = want(ofMove: move, books, from, to) ?? lists(for: out) {
        wait(out, for: want)
        continue
      }
      let rows = [out] + move.arrivals
      findings.append(
        Finding(
          kind: .moveIncomplete, amountFen: move.lacking, owedTo: .student,
          basis: basis(of: out, among: rows),
          subject: out, rows: rows.sorted()))
      findingGroups.append([])
      isAnomalous[out] = true
    }
  }

  private func want(ofMove move: OracleMove, _ books: [Int], _ from: Int64, _ to: Int64) -> Want? {
    if books.isEmpty { return Want(Book(side: .ledger), from: from, to: to) }
    for index in books {
      let book = coverage.books[index]
      let isCovered = book.spans.contains { $0.start.seconds <= from && to < $0.end.seconds }
      if !isCovered { return Want(book.book, from: from, to: to) }
    }
    for index in books {
      let book = coverage.books[index]
      let fitting = book.holes.filter { hole in
        var person = naming(of: hole)
        person.all.removeAll(where: \.isCard)
        person.certain = person.all
        return hole.span.start.seconds <= to && hole.span.end.seconds > from
          && (hole.fen ?? 0) <= move.lacking && !differ(person, namings[move.out])
      }
      if let line = fitting.map(\.line).min() {
        return Want(book.book, from: from, to: to, line: line)
      }
    }
    return nil
  }
}

internal import Columns
import Payments

/// Money that was moved off a lost card (转出), and what of it has arrived.
struct Move {
  let out: Int32
  /// What brought it, in canonical order.
  var arrivals: [Int32] = []
  /// What has not arrived, in fen.
  var lacking: Int64
}

/// The moves of a table as far as its rows name each other.
struct Moves {
  /// All moves, in canonical order.
  var all: [Move] = []
  /// Arrivals (转入) that name no 转出 which is there, in canonical order.
  private(set) var loose: [Int32] = []
  /// What was taken back of rows, by their own serial, in fen.
  private var takenBack: [KeyHash: Int64] = [:]

  init(_ table: EntryTable) {
    let outs = rows(table.count) { table.kind[$0] == .transferOut }
    if outs.isEmpty { return }
    var places: [KeyHash: Int] = [:]
    for out in Moves.once(outs, table) {
      let own = table.own[Int(out)]
      if own != 0 { places[own] = all.count }
      all.append(Move(out: out, lacking: table.fen[Int(out)]))
    }
    let ins = rows(table.count) { table.kind[$0] == .transferIn }
    // What took a top-up back, or gave it by hand, and names a 转出 is one of those that are no top-ups by now.
    let others = table.original.keys.filter {
      table.kind[Int($0)] == .excluded && table.rule[Int($0)] == .notTopUp
    }
    let arriving = Moves.once(ins + others, table)
    // What takes an arrival back names it.
    for row in arriving where table.kind[Int(row)] == .excluded {
      if let original = table.original[row], places[original] == nil {
        takenBack[original, default: 0] += table.fen[Int(row)]
      }
    }
    for row in arriving {
      let place = table.original[row].flatMap { places[$0] }
      if let place, !table.nameTwoStudents(all[place].out, row) {
        all[place].take(row, arrived(table, row))
      } else if table.kind[Int(row)] == .transferIn {
        loose.append(row)
      }
    }
  }

  /// What of an arrival was not taken back, in fen.
  func arrived(_ table: EntryTable, _ row: Int32) -> Int64 {
    let own = table.own[Int(row)]
    let back = own == 0 ? 0 : takenBack[own] ?? 0
    return max(0, table.fen[Int(row)] - back)
  }

  /// Rows in canonical order, each once: one ledger may tell a row twice.
  private static func once(_ rows: [Int32], _ table: EntryTable) -> [Int32] {
    var seen = Set<KeyHash>()
    return rows.sorted(by: table.precedes).filter { row in
      let own = table.own[Int(row)]
      return own == 0 || seen.insert(own).inserted
    }
  }

  /// The moves something of which has not arrived, as places in ``all``.
  var open: [Int] { all.indices.filter { all[$0].lacking > 0 } }

  /// The rows whose people decide what loose arrivals belong with.
  var rowsToLookUp: [Int32] {
    let open = open
    return open.isEmpty ? [] : open.map { all[$0].out } + loose
  }
}

extension Move {
  /// Takes as much of an arrival as is lacking.
  fileprivate mutating func take(_ row: Int32, _ fen: Int64) {
    arrivals.append(row)
    lacking = max(0, lacking - fen)
  }
}

extension Judge {
  /// Gives arrivals that name no 转出 to moves: to one of the same person what it lacks, then what there is; at
  /// last, of just the amount, the nearest that may be anybody's: that all has arrived is likelier than not.
  mutating func joinMoves() {
    guard rules.moveWindowSeconds != nil, !moves.open.isEmpty, !moves.loose.isEmpty else { return }
    var free = Set(moves.loose)
    let byPerson = Dictionary(
      moves.loose.flatMap { row in
        Set(names(row).map(persons.everPerson)).map { ($0, [row]) }
      }, uniquingKeysWith: +)
    func candidates(_ out: Int32) -> [Int32] {
      let keys = Set(names(out).map(persons.everPerson))
      return Set(keys.flatMap { byPerson[$0] ?? [] }).filter {
        free.contains($0) && mayArrive($0, from: out) && persons.isSame($0, out)
      }.sorted(by: table.precedes)
    }
    for place in moves.open {
      let (out, lacking) = (moves.all[place].out, moves.all[place].lacking)
      let equal = candidates(out).filter { moves.arrived(table, $0) == lacking }
      guard let first = equal.first else { continue }
      let nearest = equal.reduce(first) { isNearer($1, than: $0, to: out) ? $1 : $0 }
      free.remove(nearest)
      moves.all[place].take(nearest, lacking)
    }
    for place in moves.open {
      for row in candidates(moves.all[place].out) where moves.all[place].lacking > 0 {
        free.remove(row)
        moves.all[place].take(row, moves.arrived(table, row))
      }
    }
    joinMovesOfAnybody(&free)
  }

  private mutating func joinMovesOfAnybody(_ free: inout Set<Int32>) {
    guard let window = rules.moveWindowSeconds, !free.isEmpty else { return }
    let byAmount = Dictionary(
      free.sorted(by: table.precedes).map { (moves.arrived(table, $0), [$0]) },
      uniquingKeysWith: +)
    for place in moves.open {
      let out = moves.all[place].out
      let fitting = (byAmount[moves.all[place].lacking] ?? []).filter { row in
        free.contains(row) && mayArrive(row, from: out) && time(row) <= latest(out) + window
          && !persons.areTwoStudents(row, out)
      }
      guard let first = fitting.first else { continue }
      let nearest = fitting.reduce(first) { isNearer($1, than: $0, to: out) ? $1 : $0 }
      free.remove(nearest)
      moves.all[place].take(nearest, moves.arrived(table, nearest))
    }
  }

  private func mayArrive(_ row: Int32, from out: Int32) -> Bool {
    latest(row) >= time(out) - rules.clockToleranceSeconds
  }

  /// Those leftovers that are what a move lacks.
  mutating func takenByMoves(_ leftovers: [Leftover]) -> Set<Int32> {
    if moves.open.isEmpty { return [] }
    var taken = Set<Int32>()
    let typed = leftovers.filter { kind($0.row) == .manualCredit && !groups[$0.group].isHeld }
    for row in typed.map(\.row).sorted(by: table.precedes) where takesMove(row) {
      taken.insert(row)
    }
    return taken
  }

  /// Whether a credit by hand that no payment answers is what a move lacks: then it is that.
  private mutating func takesMove(_ credit: Int32) -> Bool {
    guard let window = rules.moveWindowSeconds, kind(credit) == .manualCredit, isActive(credit),
      returned[credit] ?? 0 == 0, table.order[Int(credit)] == 0, table.serial[Int(credit)] == 0
    else { return false }
    let place = moves.open.first { place in
      let move = moves.all[place]
      return fen(credit) <= move.lacking && mayArrive(credit, from: move.out)
        && time(credit) <= latest(move.out) + window && persons.isSame(credit, move.out)
    }
    guard let place else { return false }
    moves.all[place].take(credit, fen(credit))
    return true
  }

  /// Says of which moves not all has arrived in time.
  mutating func judgeMoves() {
    guard let window = rules.moveWindowSeconds else { return }
    for place in moves.open {
      let move = moves.all[place]
      let out = move.out
      judgement.buckets[Int(out)] = .matched
      if let want = wantOfMove(move, window) ?? wantOfLists(out) {
        wait(out, for: want)
        continue
      }
      blame([out])
      let rows = [out] + move.arrivals
      report(
        .moveIncomplete, fen: move.lacking, owedTo: .student,
        basis: basis(of: out, among: rows), subject: out, rows: rows)
    }
  }

  /// What the rest of a move waits for: the ledger's rows until it must have arrived.
  private func wantOfMove(_ move: Move, _ window: Int64) -> Want? {
    let out = move.out
    return books.want(
      from: time(out) - rules.clockToleranceSeconds, to: latest(out) + window,
      of: .ledger, orElse: Book(side: .ledger),
      fits: { placed in
        let hole = placed.hole
        return (hole.fen ?? 0) <= move.lacking
          && persons.mayBe(out, card: 0, student: hole.student, at: hole.span.end.seconds - 1)
      })
  }
}

import Payments

extension DamagedSchool {
  /// Drops rows that are the same before and after the damage, and rows of the whole set, as long as `fails`
  /// still holds.
  func minimised(while fails: (DamagedSchool) -> Bool) -> DamagedSchool {
    var school = self
    while let less = school.smaller.first(where: fails) { school = less }
    return school
  }

  /// The schools without one row of the whole set, wherever it came.
  private var smaller: [DamagedSchool] {
    let rows = Set(whole.statements.flatMap(\.rows))
    return rows.sorted { ($0.time, $0.serial, $0.own) < ($1.time, $1.serial, $1.own) }.map { row in
      var less = self
      less.whole.drop(row)
      less.damaged.school.drop(row, damaged.garbled[row])
      return less
    } + lessDamaged
  }

  /// The same with one hole fewer is no smaller case: a garbled row needs its hole. Empty copies are.
  private var lessDamaged: [DamagedSchool] {
    damaged.school.statements.indices.filter {
      let statement = damaged.school.statements[$0]
      return statement.book == nil && !statement.isList && !statement.rows.isEmpty
    }.map { place in
      var less = self
      less.damaged.school.statements[place].rows = []
      return less
    }
  }
}

extension School {
  fileprivate mutating func drop(_ row: Entry, _ instead: (hole: Hole, held: Entry?)? = nil) {
    for place in statements.indices {
      statements[place].rows.removeAll { $0 == row || $0 == instead?.held }
      // Another row may have left the same hole.
      if let hole = statements[place].holes.firstIndex(where: { $0 == instead?.hole }) {
        statements[place].holes.remove(at: hole)
      }
    }
  }
}

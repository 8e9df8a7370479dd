internal import Columns

/// What is done to every column of a table alike.
private protocol ColumnVisitor {
  mutating func visit<Value>(
    _ column: WritableKeyPath<EntryTable, Column<Value>>, of table: inout EntryTable)
}

extension EntryTable {
  /// Visits every column that has a value for each row. The one list of them.
  private mutating func visitColumns(_ visitor: inout some ColumnVisitor) {
    visitor.visit(\.kind, of: &self)
    visitor.visit(\.channel, of: &self)
    visitor.visit(\.rule, of: &self)
    visitor.visit(\.fen.small, of: &self)
    visitor.visit(\.time, of: &self)
    visitor.visit(\.order, of: &self)
    visitor.visit(\.serial, of: &self)
    visitor.visit(\.own, of: &self)
    visitor.visit(\.account, of: &self)
    visitor.visit(\.student, of: &self)
    visitor.visit(\.payer, of: &self)
    visitor.visit(\.flow, of: &self)
    visitor.visit(\.fee, of: &self)
    visitor.visit(\.offset.low, of: &self)
  }

  /// Makes room for `count` rows in all, so that adding them moves nothing.
  public mutating func reserve(_ count: Int) {
    struct Reserving: ColumnVisitor {
      let count: Int

      func visit<Value>(
        _ column: WritableKeyPath<EntryTable, Column<Value>>, of table: inout EntryTable
      ) { table[keyPath: column].reserve(count) }
    }
    var reserving = Reserving(count: count)
    visitColumns(&reserving)
  }

  /// Forgets all rows and keeps the memory.
  public mutating func removeAll() {
    struct Emptying: ColumnVisitor {
      func visit<Value>(
        _ column: WritableKeyPath<EntryTable, Column<Value>>, of table: inout EntryTable
      ) { table[keyPath: column].removeAll() }
    }
    var emptying = Emptying()
    visitColumns(&emptying)
    statement.removeAll()
    line.removeAll()
    offset.high.removeAll()
    fen.large.removeAll()
    original.removeAll()
    couponFen.removeAll()
    largeFees.removeAll()
    parties.removeAll()
    rate.removeAll()
    dayOnly.removeAll()
    foreign.removeAll()
    company.removeAll()
    others.removeAll()
  }

  /// Makes every row one of statement `number`.
  public mutating func number(_ number: UInt16) {
    statement.removeAll()
    statement.append(from: number, count: count)
  }

  /// Adds the rows of a table whose lines are counted from another line on.
  public mutating func append(_ other: EntryTable, lines: UInt32) {
    append([other], lines: [lines])
  }

  /// Adds the rows of several tables, one table after the other, all columns side by side: most of the
  /// time goes into memory that is touched for the first time.
  ///
  /// - Parameter lines: for each table, what its lines are counted from.
  public mutating func append(_ others: [EntryTable], lines: [UInt32]) {
    for (other, shift) in zip(others, lines) { appendSparse(other, lines: shift) }
    var lengthening = Lengthening(others: others)
    visitColumns(&lengthening)
    withExtendedLifetime(others) { ColumnCopy.run(lengthening.copies) }
  }

  /// The rows of several tables, one table after the other.
  ///
  /// Column by column, each let go of as soon as it is copied; those of the first table stay where they
  /// are.
  ///
  /// - Parameter tables: what nobody else holds is freed on the way.
  public static func joined(_ tables: consuming [EntryTable]) -> EntryTable {
    guard tables.count > 1 else { return tables.first ?? EntryTable() }
    var others = tables
    var result = others.removeFirst()
    for other in others { result.appendSparse(other, lines: 0) }
    var moving = Moving(others: others)
    // What is freed on the way must not be held here too.
    others = []
    result.visitColumns(&moving)
    return result
  }

  /// Makes columns longer by those of other tables and notes what is to be copied where.
  private struct Lengthening: ColumnVisitor {
    let others: [EntryTable]
    var copies: [ColumnCopy] = []

    mutating func visit<Value>(
      _ column: WritableKeyPath<EntryTable, Column<Value>>, of table: inout EntryTable
    ) {
      copies += table[keyPath: column].lengthen(by: others.map { $0[keyPath: column] })
    }
  }

  /// Moves the columns of other tables behind one's own, one after the other.
  private struct Moving: ColumnVisitor {
    var others: [EntryTable]

    mutating func visit<Value>(
      _ column: WritableKeyPath<EntryTable, Column<Value>>, of table: inout EntryTable
    ) {
      var lengthening = Lengthening(others: others)
      lengthening.visit(column, of: &table)
      withExtendedLifetime(others) { ColumnCopy.run(lengthening.copies) }
      lengthening = Lengthening(others: [])
      for index in others.indices { others[index][keyPath: column] = [] }
    }
  }

  /// Adds the fields few rows carry, and those that follow from the row before.
  private mutating func appendSparse(_ other: EntryTable, lines: UInt32) {
    // The first column not added yet tells how many rows there were.
    let first = statement.count
    for (row, key) in other.original { original[row + Int32(truncatingIfNeeded: first)] = key }
    for (row, fen) in other.couponFen { couponFen[row + Int32(truncatingIfNeeded: first)] = fen }
    for row in other.dayOnly { dayOnly.insert(row + Int32(truncatingIfNeeded: first)) }
    for row in other.foreign { foreign.insert(row + Int32(truncatingIfNeeded: first)) }
    for row in other.company { company.insert(row + Int32(truncatingIfNeeded: first)) }
    for (row, fen) in other.fen.large { self.fen.large[row + first] = fen }
    others.append(other.others, shift: Int32(truncatingIfNeeded: first))
    for (row, fee) in other.largeFees { largeFees[row + Int32(truncatingIfNeeded: first)] = fee }
    for (row, party) in other.parties { parties[row + Int32(truncatingIfNeeded: first)] = party }
    rate.append(contentsOf: other.rate)
    statement.append(contentsOf: other.statement)
    line.append(contentsOf: other.line, shift: lines)
    offset.high.append(contentsOf: other.offset.high)
  }
}

extension EntryTable {
  /// Makes room for `count` rows in all, so that adding them moves nothing.
  public mutating func reserve(_ count: Int) {
    statement.reserve(count)
    kind.reserve(count)
    channel.reserve(count)
    rule.reserve(count)
    fen.reserve(count)
    time.reserve(count)
    order.reserve(count)
    serial.reserve(count)
    own.reserve(count)
    account.reserve(count)
    student.reserve(count)
    payer.reserve(count)
    line.reserve(count)
    offset.reserve(count)
  }

  /// Adds the rows of a table whose lines are counted from another line on.
  public mutating func append(_ other: EntryTable, lines: UInt32) {
    appendSparse(other)
    statement.append(contentsOf: other.statement)
    kind.append(contentsOf: other.kind)
    channel.append(contentsOf: other.channel)
    rule.append(contentsOf: other.rule)
    fen.append(contentsOf: other.fen)
    time.append(contentsOf: other.time)
    order.append(contentsOf: other.order)
    serial.append(contentsOf: other.serial)
    own.append(contentsOf: other.own)
    account.append(contentsOf: other.account)
    student.append(contentsOf: other.student)
    payer.append(contentsOf: other.payer)
    line.append(contentsOf: other.line)
    offset.append(contentsOf: other.offset)
    let first = line.count - other.count
    line.withUnsafeMutableBufferPointer { line in
      for row in first..<line.count { line[row] += lines }
    }
  }

  /// Forgets all rows and keeps the memory.
  public mutating func removeAll() {
    statement.removeAll()
    kind.removeAll()
    channel.removeAll()
    rule.removeAll()
    fen.removeAll()
    time.removeAll()
    order.removeAll()
    serial.removeAll()
    own.removeAll()
    account.removeAll()
    student.removeAll()
    payer.removeAll()
    line.removeAll()
    offset.removeAll()
    original.removeAll()
    couponFen.removeAll()
    dayOnly.removeAll()
  }

  /// The rows of several tables, one table after the other.
  ///
  /// Column by column, each let go of as soon as it is copied; those of the first table stay where they
  /// are. The pieces of a column are copied side by side, as most of the time goes into memory that is
  /// touched for the first time.
  ///
  /// - Parameter tables: what nobody else holds is freed on the way.
  public static func joined(_ tables: consuming [EntryTable]) -> EntryTable {
    guard tables.count > 1 else { return tables.first ?? EntryTable() }
    var tables = tables
    var result = EntryTable()
    for (table, first) in zip(tables, firstRows(tables)) {
      result.appendSparse(table, from: Int32(truncatingIfNeeded: first))
    }
    func move<Value>(_ column: WritableKeyPath<EntryTable, Column<Value>>) {
      var pieces: [Column<Value>] = []
      for index in tables.indices {
        pieces.append(tables[index][keyPath: column])
        tables[index][keyPath: column] = []
      }
      result[keyPath: column] = Column(joining: consume pieces)
    }
    move(\.statement)
    move(\.kind)
    move(\.channel)
    move(\.rule)
    move(\.fen)
    move(\.time)
    move(\.order)
    move(\.serial)
    move(\.own)
    move(\.account)
    move(\.student)
    move(\.payer)
    move(\.line)
    move(\.offset)
    return result
  }

  private static func firstRows(_ tables: [EntryTable]) -> [Int] {
    var first = 0
    return tables.map { table in
      defer { first += table.count }
      return first
    }
  }

  /// Adds the fields few rows carry.
  private mutating func appendSparse(_ other: EntryTable, from first: Int32? = nil) {
    let first = first ?? Int32(truncatingIfNeeded: count)
    for (row, key) in other.original { original[row + first] = key }
    for (row, fen) in other.couponFen { couponFen[row + first] = fen }
    for row in other.dayOnly { dayOnly.insert(row + first) }
  }
}

extension Column {
  /// Values copied at a time by one core.
  private static var stretch: Int { 1 << 18 }

  /// The values of several columns, one column after the other; the first stays where it is.
  fileprivate init(joining pieces: consuming [Column]) {
    var pieces = pieces
    self = pieces.removeFirst()
    guard !isZero || pieces.contains(where: { !$0.isZero }) else {
      for piece in pieces { append(contentsOf: piece) }
      return
    }
    var turns: [(piece: Int, from: Int, to: Int)] = []
    var first = count
    for (index, piece) in pieces.enumerated() {
      if !piece.isZero {
        for from in stride(from: 0, to: piece.count, by: Column.stretch) {
          turns.append((index, from, first + from))
        }
      }
      first += piece.count
    }
    extend(to: first) { room in
      // Every turn has a place of its own.
      _ = concurrently(turns.count) { index in
        let turn = turns[index]
        pieces[turn.piece].withUnsafeBufferPointer { values in
          let part = values[turn.from..<Swift.min(values.count, turn.from + Column.stretch)]
          _ = room[turn.to..<(turn.to + part.count)].initialize(from: part)
        }
      }
    }
  }
}

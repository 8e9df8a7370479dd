extension EntryTable {
  /// Makes room for `count` rows in all, so that adding them moves nothing.
  public mutating func reserve(_ count: Int) {
    kind.reserve(count)
    channel.reserve(count)
    rule.reserve(count)
    fen.small.reserve(count)
    time.reserve(count)
    order.reserve(count)
    serial.reserve(count)
    own.reserve(count)
    account.reserve(count)
    student.reserve(count)
    payer.reserve(count)
    offset.low.reserve(count)
  }

  /// Forgets all rows and keeps the memory.
  public mutating func removeAll() {
    kind.removeAll()
    channel.removeAll()
    rule.removeAll()
    fen.small.removeAll()
    time.removeAll()
    order.removeAll()
    serial.removeAll()
    own.removeAll()
    account.removeAll()
    student.removeAll()
    payer.removeAll()
    offset.low.removeAll()
    statement.removeAll()
    line.removeAll()
    offset.high.removeAll()
    fen.large.removeAll()
    original.removeAll()
    couponFen.removeAll()
    dayOnly.removeAll()
  }

  /// Lets go of payers, students, the ledger's own serials and, unless they are needed, of order numbers
  /// and accounts.
  public mutating func forgetKeys(butOrdersAndAccounts keepsThem: Bool) {
    (own, student, payer) = ([], [], [])
    if !keepsThem { (order, account) = ([], []) }
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
    var copies: [Copy] = []
    lengthen(\.kind, by: others, &copies)
    lengthen(\.channel, by: others, &copies)
    lengthen(\.rule, by: others, &copies)
    lengthen(\.fen.small, by: others, &copies)
    lengthen(\.time, by: others, &copies)
    lengthen(\.order, by: others, &copies)
    lengthen(\.serial, by: others, &copies)
    lengthen(\.own, by: others, &copies)
    lengthen(\.account, by: others, &copies)
    lengthen(\.student, by: others, &copies)
    lengthen(\.payer, by: others, &copies)
    lengthen(\.offset.low, by: others, &copies)
    withExtendedLifetime(others) { Copy.run(copies) }
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
    func move<Value>(_ column: WritableKeyPath<EntryTable, Column<Value>>) {
      var copies: [Copy] = []
      result.lengthen(column, by: others, &copies)
      withExtendedLifetime(others) { Copy.run(copies) }
      for index in others.indices { others[index][keyPath: column] = [] }
    }
    move(\.kind)
    move(\.channel)
    move(\.rule)
    move(\.fen.small)
    move(\.time)
    move(\.order)
    move(\.serial)
    move(\.own)
    move(\.account)
    move(\.student)
    move(\.payer)
    move(\.offset.low)
    return result
  }

  /// Makes a column longer by those of other tables and notes what is to be copied where.
  private mutating func lengthen<Value>(
    _ column: WritableKeyPath<EntryTable, Column<Value>>, by others: [EntryTable],
    _ copies: inout [Copy]
  ) {
    let pieces = others.map { $0[keyPath: column] }
    let more = pieces.reduce(0) { $0 + $1.count }
    guard
      var room = self[keyPath: column].lengthen(by: more, areZeros: pieces.allSatisfy(\.isZero))
    else { return }
    for piece in pieces {
      // What is not written is zeros.
      if !piece.isZero { copies += piece.copies(to: room) }
      room += piece.count
    }
  }

  /// Adds the fields few rows carry, and those that follow from the row before.
  private mutating func appendSparse(_ other: EntryTable, lines: UInt32) {
    // The first column not added yet tells how many rows there were.
    let first = statement.count
    for (row, key) in other.original { original[row + Int32(truncatingIfNeeded: first)] = key }
    for (row, fen) in other.couponFen { couponFen[row + Int32(truncatingIfNeeded: first)] = fen }
    for row in other.dayOnly { dayOnly.insert(row + Int32(truncatingIfNeeded: first)) }
    for (row, fen) in other.fen.large { self.fen.large[row + first] = fen }
    statement.append(contentsOf: other.statement)
    line.append(contentsOf: other.line, shift: lines)
    offset.high.append(contentsOf: other.offset.high)
  }
}

/// Bytes to be copied to a place that nothing else writes.
struct Copy {
  let from: UnsafeRawPointer
  let to: UnsafeMutableRawPointer
  let count: Int

  /// Bytes copied at a time by one core: pages are as large, and two cores at one page wait.
  static let stretch = 1 << 21

  /// Copies everything, several at once.
  static func run(_ copies: [Copy]) {
    _ = concurrently(copies.count) { index in
      copies[index].to.copyMemory(from: copies[index].from, byteCount: copies[index].count)
    }
  }
}

extension Column {
  /// Makes the column longer by `more` values and gives the place of the first of them; those that are
  /// not written there are zeros.
  ///
  /// - Parameter areZeros: whether none will be written; then, behind zeros, nothing is touched and the
  ///   answer is nil.
  mutating func lengthen(by more: Int, areZeros: Bool) -> UnsafeMutablePointer<Value>? {
    guard more > 0 else { return nil }
    makeRoom(for: more)
    let end = used
    used += more
    if isZero, areZeros { return nil }
    isZero = false
    let stale = Swift.min(soiled, used) - end
    if stale > 0 {
      UnsafeMutableRawPointer(values + end)
        .initializeMemory(as: UInt8.self, repeating: 0, count: stale * MemoryLayout<Value>.stride)
    }
    return values + end
  }

  /// How the values get to another place, in pieces that end where its pages do.
  fileprivate func copies(to room: UnsafeMutablePointer<Value>) -> [Copy] {
    let (from, to) = (UnsafeRawPointer(values), UnsafeMutableRawPointer(room))
    let total = used * MemoryLayout<Value>.stride
    var copies: [Copy] = []
    var done = 0
    while done < total {
      let page = Copy.stretch - Int(bitPattern: to + done) & (Copy.stretch - 1)
      let count = Swift.min(page, total - done)
      copies.append(Copy(from: from + done, to: to + done, count: count))
      done += count
    }
    return copies
  }
}

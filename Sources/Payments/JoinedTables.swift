extension EntryTable {
  /// The rows of several tables, one table after the other.
  ///
  /// Column by column, each let go of as soon as it is copied; the pieces of a column are copied side by
  /// side, as most of the time goes into memory that is touched for the first time.
  ///
  /// - Parameter tables: what nobody else holds is freed on the way.
  public static func joined(_ tables: consuming [EntryTable]) -> EntryTable {
    guard tables.count != 1 else { return tables[0] }
    var tables = tables
    var result = EntryTable()
    var first: Int32 = 0
    for table in tables {
      for (row, key) in table.original { result.original[row + first] = key }
      for (row, fen) in table.couponFen { result.couponFen[row + first] = fen }
      for row in table.dayOnly { result.dayOnly.insert(row + first) }
      first += Int32(truncatingIfNeeded: table.count)
    }
    func move<Value>(_ column: WritableKeyPath<EntryTable, [Value]>) {
      var pieces: [[Value]] = []
      for index in tables.indices {
        pieces.append(tables[index][keyPath: column])
        tables[index][keyPath: column] = []
      }
      result[keyPath: column] = concatenated(pieces)
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

  /// The elements of several arrays, one array after the other.
  private static func concatenated<Value>(_ pieces: [[Value]]) -> [Value] {
    var starts: [Int] = []
    var count = 0
    for piece in pieces {
      starts.append(count)
      count += piece.count
    }
    return [Value](unsafeUninitializedCapacity: count) { room, filled in
      // Every piece has a place of its own.
      nonisolated(unsafe) let room = room
      _ = concurrently(pieces.count) { index in
        let place = starts[index]..<(starts[index] + pieces[index].count)
        _ = room[place].initialize(from: pieces[index])
      }
      filled = count
    }
  }
}

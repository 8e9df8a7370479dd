internal import Columns
import Payments

/// Numbers that are linked twice: a card beside several student numbers, a student number beside several cards.
struct UnclearLinks {
  /// The numbers.
  private(set) var numbers: Set<KeyHash> = []
  /// The rows that say so.
  private(set) var rows: [Int32] = []
  /// Whether anything links a card and a student number at all.
  let hasLinks: Bool

  /// - Parameter partitions: memory to work in.
  init(_ table: EntryTable, _ configured: [AccountLink], _ partitions: inout KeyPartitions) {
    let count = table.count
    // Most often one of the first rows tells.
    let isAny = (0..<count).contains { table.isLink($0) }
    hasLinks = isAny || !configured.isEmpty || (0..<count).contains { table.isReplacement($0) }
    guard isAny else { return }
    for isByCard in [true, false] {
      partitions.cut(count: count) { row in
        guard table.isLink(row) else { return 0 }
        return isByCard ? table.account[row] : table.student[row]
      }
      func other(_ row: Int32) -> KeyHash {
        isByCard ? table.student[Int(row)] : table.account[Int(row)]
      }
      // Nearly all of a card's rows name the same number.
      partitions.forEachCluster(
        pair: { other($0) == other($1) },
        where: { cluster in
          guard let first = cluster.first.map(other) else { return false }
          return cluster.contains { other($0) != first }
        },
        { cluster in
          for row in cluster {
            numbers.insert(isByCard ? table.account[Int(row)] : table.student[Int(row)])
          }
          rows += cluster
        })
    }
  }

  /// The rows whose links join nobody in the end, where no replacement makes their numbers one person's.
  func rows(_ table: EntryTable, _ persons: PersonMap) -> [Int32] {
    Set(rows).filter { row in
      persons.students[table.account[Int(row)]]?.contains(table.student[Int(row)]) != true
    }.sorted()
  }
}

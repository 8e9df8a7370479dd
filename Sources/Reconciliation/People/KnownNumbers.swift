internal import Columns
import Payments

/// Numbers that channel rows name besides the labelled ones, as far as they are somebody's: labelled too, or
/// known to the ledger or a list.
struct KnownNumbers {
  /// One number of a row.
  struct Number {
    var key: KeyHash
    var isCard: Bool
    var isStudent: Bool
    /// Whether it may contradict; if not it only confirms.
    var isCertain: Bool
  }

  /// Numbers by their row, rows in order.
  private var rows: [Int32] = []
  private var numbers: [Number] = []
  /// A bit for each row of the table; empty where no row has any.
  private var marks: [UInt64] = []

  init(_ table: EntryTable) {
    let others = table.others
    guard !others.isEmpty else { return }
    let known = KnownNumbers.kinds(of: others, table)
    for place in 0..<others.count {
      let (row, number) = others[place]
      let kinds = known[number.key] ?? 0
      let (isCard, isStudent, isKnown) =
        switch number.kind {
        case .any: (kinds & 1 != 0, kinds & 2 != 0, kinds != 0)
        case .card: (true, false, kinds & 1 != 0)
        case .student: (false, true, kinds & 2 != 0)
        }
      guard isKnown || number.way == .labelled && number.kind != .any else { continue }
      rows.append(row)
      numbers.append(
        Number(
          key: number.key, isCard: isCard, isStudent: isStudent,
          isCertain: number.way != .prose))
    }
    guard !rows.isEmpty else { return }
    marks = [UInt64](repeating: 0, count: table.count / 64 + 1)
    for row in rows { marks[Int(row) / 64] |= 1 << UInt64(Int(row) % 64) }
  }

  /// Whether a row has any.
  @inline(__always)
  func has(_ row: Int) -> Bool {
    !marks.isEmpty && marks[row / 64] & 1 << UInt64(row % 64) != 0
  }

  /// All of them as a column, for telling whom a row is for.
  func column(of table: EntryTable) -> NumberColumn {
    var column = NumberColumn()
    for place in 0..<table.others.count {
      let (row, number) = table.others[place]
      if of(row).contains(where: { $0.key == number.key }) { column.append(number, row: row) }
    }
    return column
  }

  /// Whether no row has any.
  var isEmpty: Bool { rows.isEmpty }

  /// Whether a row has any but these two.
  func hasOther(_ row: Int, than card: KeyHash, _ student: KeyHash) -> Bool {
    guard has(row) else { return false }
    var place = first(Int32(truncatingIfNeeded: row))
    while place < rows.count, Int(rows[place]) == row {
      if numbers[place].key != card, numbers[place].key != student { return true }
      place += 1
    }
    return false
  }

  /// Whether a row has one of these two.
  func names(_ row: Int, _ card: KeyHash, or student: KeyHash) -> Bool {
    guard has(row) else { return false }
    var place = first(Int32(truncatingIfNeeded: row))
    while place < rows.count, Int(rows[place]) == row {
      if numbers[place].key == card || numbers[place].key == student { return true }
      place += 1
    }
    return false
  }

  /// The place of a row's first number.
  private func first(_ row: Int32) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Those of a row.
  func of(_ row: Int32) -> ArraySlice<Number> {
    guard has(Int(row)) else { return [] }
    let low = first(row)
    var end = low
    while end < rows.count, rows[end] == row { end += 1 }
    return numbers[low..<end]
  }

  /// 1 for each number that is a card, 2 for each that is a student number, 3 for both.
  private static func kinds(of others: NumberColumn, _ table: EntryTable) -> [KeyHash: UInt8] {
    let wanted = Set((0..<others.count).map { others[$0].number.key })
    let index = KeyIndex(wanted.map { (key: $0, row: 0) })
    let telling = Reconciliation.rows(table.count) { row in
      table.isOfLedgerOrList(row)
        && (index.contains(table.account[row]) || index.contains(table.student[row]))
    }
    var kinds: [KeyHash: UInt8] = [:]
    for row in telling.map(Int.init) {
      let isReplacement = table.isReplacement(row)
      if table.account[row] != 0 { kinds[table.account[row], default: 0] |= 1 }
      if table.student[row] != 0 { kinds[table.student[row], default: 0] |= isReplacement ? 1 : 2 }
    }
    return kinds
  }
}

extension EntryTable {
  /// Whether a row is the ledger's or a list's, for sure: of excluded rows only those name people, and
  /// where a row that cannot be used stands is not told.
  @inline(__always)
  func isOfLedgerOrList(_ row: Int) -> Bool {
    kind[row] == .excluded || !kind[row].isChannelSide
  }

  /// Whether a row of a list says that one card replaces another.
  @inline(__always)
  func isReplacement(_ row: Int) -> Bool {
    kind[row] == .excluded && rule[row] == .cardReplacement
  }

  /// Whether a row says that a card and a student number are one person's.
  @inline(__always)
  func isLink(_ row: Int) -> Bool {
    account[row] != 0 && student[row] != 0 && isOfLedgerOrList(row) && !isReplacement(row)
  }

  /// From when on what a row says of people holds: a list's from its time on, the ledger's all night.
  func holdsFrom(_ row: Int) -> Int64 {
    guard kind[row] == .excluded else { return .min }
    switch rule[row] {
    case .accountList, .closedAccount, .personLeft, .cardReplacement: return Int64(time[row])
    default: return .min
    }
  }
}

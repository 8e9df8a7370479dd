internal import Columns

/// A number of a person that a channel row's texts name, besides the labelled card and student number in
/// fields of their own.
public struct NamedNumber: Hashable, Sendable {
  /// What a number is a number of.
  public enum Kind: UInt8, Hashable, Sendable {
    /// Its text does not say; the ledger's rows may.
    case any
    case card, student
  }

  /// How it is said.
  public enum Way: UInt8, Hashable, Sendable {
    /// After a label, as 学号: named for certain.
    case labelled
    /// The whole field, or one reading of a number that could end in several places: for certain if
    /// the ledger or a list knows it.
    case ifKnown
    /// Somewhere in a text: never for certain.
    case prose
  }

  /// Fingerprint of the number as it is compared.
  public var key: KeyHash
  /// What it is a number of.
  public var kind: Kind
  /// How it is said.
  public var way: Way

  /// Names a number.
  public init(_ key: KeyHash, _ kind: Kind = .any, _ way: Way = .prose) {
    (self.key, self.kind, self.way) = (key, kind, way)
  }
}

/// The numbers of the rows that name any, row by row: a column with gaps.
public struct NumberColumn: Sendable {
  private var rows = Column<Int32>()
  private var keys = Column<KeyHash>()
  private var marks = Column<UInt8>()

  /// Creates an empty column.
  public init() {}

  /// Whether no row names any.
  public var isEmpty: Bool { rows.isEmpty }
  /// Numbers in all.
  public var count: Int { rows.count }

  /// Adds a number of a row that is not before the last one's.
  public mutating func append(_ number: NamedNumber, row: Int32) {
    rows.append(row)
    keys.append(number.key)
    marks.append(number.kind.rawValue << 4 | number.way.rawValue)
  }

  /// Adds another column's numbers behind these, `shift` rows later.
  public mutating func append(_ other: NumberColumn, shift: Int32) {
    for place in 0..<other.count { append(other.number(place), row: other.rows[place] + shift) }
  }

  /// The number at a place, and whose it is.
  public subscript(place: Int) -> (row: Int32, number: NamedNumber) {
    (rows[place], number(place))
  }

  /// The numbers of a row.
  public func of(_ row: Int32) -> [NamedNumber] {
    if rows.isEmpty { return [] }
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    var found: [NamedNumber] = []
    while low < rows.count, rows[low] == row {
      found.append(number(low))
      low += 1
    }
    return found
  }

  /// The rows that name one of some numbers, in whatever way.
  public func rows(naming wanted: Set<KeyHash>) -> [Int32] {
    (0..<count).filter { wanted.contains(keys[$0]) }.map { rows[$0] }
  }

  /// Leaves the numbers of the rows that are to keep theirs.
  public mutating func keep(where isKept: (_ row: Int32) -> Bool) {
    var kept = NumberColumn()
    for place in 0..<count where isKept(rows[place]) {
      kept.append(number(place), row: rows[place])
    }
    self = kept
  }

  /// Forgets all.
  public mutating func removeAll() { self = NumberColumn() }

  private func number(_ place: Int) -> NamedNumber {
    NamedNumber(
      keys[place], NamedNumber.Kind(rawValue: marks[place] >> 4) ?? .any,
      NamedNumber.Way(rawValue: marks[place] & 15) ?? .prose)
  }
}

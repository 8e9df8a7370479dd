/// What every kind of column can: it is equal to another of the same values, and can be written down.
public protocol FieldColumn: RandomAccessCollection, Equatable, ExpressibleByArrayLiteral
where Element: Equatable {
  /// Creates an empty column.
  init()
  /// Adds a value.
  mutating func append(_ value: Element)
}

extension FieldColumn {
  /// Whether both hold the same values.
  @inlinable
  public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }

  /// Creates a column of some values.
  @inlinable
  public init(arrayLiteral elements: Element...) {
    self.init()
    for element in elements { append(element) }
  }
}

/// One field of many rows whose value follows from the row before: the same again, or one more.
///
/// Only where it does not is anything kept, so that the lines of a million rows take a few bytes.
public struct RunColumn<Value: UnsignedInteger & FixedWidthInteger & BitwiseCopyable & Sendable>:
  Sendable
{
  @usableFromInline
  struct Run: BitwiseCopyable, Sendable {
    @usableFromInline var first: Int
    @usableFromInline var value: Value
  }

  /// What a value is more than the one before: 0 or 1.
  @usableFromInline let step: Value
  @usableFromInline var runs = Column<Run>()
  /// Number of rows.
  @inlinable public var count: Int { rows }
  @usableFromInline var rows = 0

  /// Creates an empty column.
  ///
  /// - Parameter step: what a value usually is more than the one before.
  public init(step: Value) { self.step = step }

  /// The value a row has when no new run begins at it.
  @inlinable
  func value(at row: Int, in run: Run) -> Value {
    run.value &+ step &* Value(truncatingIfNeeded: row - run.first)
  }

  /// Adds a value.
  public mutating func append(_ value: Value) { append(from: value, count: 1) }

  /// Adds a value and those that follow it by the column's step, `count` in all.
  public mutating func append(from value: Value, count more: Int) {
    guard more > 0 else { return }
    if runs.isEmpty || self.value(at: count, in: runs[runs.count - 1]) != value {
      runs.append(Run(first: count, value: value))
    }
    rows += more
  }

  /// Adds the values of another column of the same step, each greater by `shift`.
  public mutating func append(contentsOf other: RunColumn, shift: Value = 0) {
    for (rows, value) in other.stretches { append(from: value &+ shift, count: rows.count) }
  }

  /// Adds values of a column of step 0.
  public mutating func append(contentsOf values: UnsafeBufferPointer<Value>) {
    var start = 0
    for end in values.indices.dropFirst() where values[end] != values[start] {
      append(from: values[start], count: end - start)
      start = end
    }
    if start < values.count { append(from: values[start], count: values.count - start) }
  }

  /// The stretches of rows whose values follow from each other, with the first row's value.
  public var stretches: some Sequence<(rows: Range<Int>, value: Value)> {
    runs.indices.lazy.map { index in
      let end = index + 1 < runs.count ? runs[index + 1].first : count
      return (runs[index].first..<end, runs[index].value)
    }
  }

  /// Changes every value.
  public mutating func transform(_ body: (Value) -> Value) {
    var changed = RunColumn(step: step)
    for row in 0..<count { changed.append(body(self[row])) }
    self = changed
  }

  /// Makes every value greater by `shift`.
  public mutating func shift(by shift: Value) {
    for index in runs.indices { runs[index].value &+= shift }
  }

  /// Forgets all values and keeps the memory.
  public mutating func removeAll() {
    runs.removeAll()
    rows = 0
  }
}

extension RunColumn: FieldColumn {
  /// Creates an empty column whose values are usually the same.
  public init() { self.init(step: 0) }

  /// The first row.
  @inlinable public var startIndex: Int { 0 }
  /// One past the last row.
  @inlinable public var endIndex: Int { rows }

  /// The value of a row.
  ///
  /// - Precondition: there is such a row.
  @inlinable
  public subscript(row: Int) -> Value {
    precondition(row >= 0 && row < rows, "no such row")
    var (low, high) = (0, runs.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if runs[middle].first <= row { low = middle } else { high = middle - 1 }
    }
    return value(at: row, in: runs[low])
  }
}

/// Byte offsets of rows: those of one file rise, so that their upper halves are told once.
public struct OffsetColumn: Sendable {
  /// Lower halves.
  public var low = Column<UInt32>()
  /// Upper halves.
  public var high = RunColumn<UInt32>(step: 0)

  /// Creates an empty column.
  public init() {}

  /// Adds an offset.
  public mutating func append(_ value: UInt64) {
    low.append(UInt32(truncatingIfNeeded: value))
    high.append(UInt32(truncatingIfNeeded: value >> 32))
  }

  /// Adds offsets that rise.
  ///
  /// - Parameters:
  ///   - low: their lower halves.
  ///   - first: the first of them.
  public mutating func append(rising low: UnsafeBufferPointer<UInt32>, from first: UInt64) {
    self.low.append(contentsOf: low)
    var upper = UInt32(truncatingIfNeeded: first >> 32)
    var start = 0
    for index in low.indices.dropFirst() where low[index] < low[index - 1] {
      high.append(from: upper, count: index - start)
      (upper, start) = (upper + 1, index)
    }
    high.append(from: upper, count: low.count - start)
  }
}

extension OffsetColumn: FieldColumn {
  /// The first row.
  public var startIndex: Int { 0 }
  /// One past the last row.
  public var endIndex: Int { low.count }

  /// The offset of a row.
  public subscript(row: Int) -> UInt64 { UInt64(high[row]) << 32 | UInt64(low[row]) }
}

/// Amounts in fen: 32 bits hold what people top up, and the few amounts beyond are kept apart.
public struct AmountColumn: Sendable {
  /// What stands in ``small`` for an amount that is kept in ``large``.
  @usableFromInline static var elsewhere: Int32 { .min }

  /// Amounts of 32 bits, and a mark where there is a larger one.
  public var small = Column<Int32>()
  /// Row → amount of more than 32 bits.
  public var large: [Int: Int64] = [:]

  /// Creates an empty column.
  public init() {}

  /// Adds an amount.
  @inlinable
  public mutating func append(_ fen: Int64) {
    let narrow = Int32(truncatingIfNeeded: fen)
    if Int64(narrow) == fen, narrow != AmountColumn.elsewhere {
      small.append(narrow)
    } else {
      large[small.count] = fen
      small.append(AmountColumn.elsewhere)
    }
  }
}

extension AmountColumn: FieldColumn {
  /// The first row.
  @inlinable public var startIndex: Int { 0 }
  /// One past the last row.
  @inlinable public var endIndex: Int { small.count }

  /// The amount of a row in fen.
  @inlinable
  public subscript(row: Int) -> Int64 {
    let fen = small[row]
    return fen == AmountColumn.elsewhere ? large[row] ?? Int64(fen) : Int64(fen)
  }
}

internal import Glibc

/// One field of many rows: an array whose memory is made for millions of them.
///
/// A value type like `Array`, with every index checked. It differs in its memory: a column that holds
/// nothing but zeros takes none, large ones are mapped with huge pages and go back to the system as soon
/// as nobody holds them, and beyond ``MemoryBudget/limit`` they lie in temporary files.
public struct Column<Value: BitwiseCopyable & Sendable>: Sendable {
  @usableFromInline var memory: RowMemory {
    didSet { address = UInt(bitPattern: memory.base) }
  }
  /// Where the values are: kept here, so that reading one is one step and not two.
  @usableFromInline var address: UInt
  @usableFromInline var used = 0
  /// Values there is room for.
  @usableFromInline var capacity: Int
  /// Whether all of the memory, used and not, is still zeros.
  @usableFromInline var isZero = true
  /// Values that were written once; behind them the memory is zeros.
  @usableFromInline var soiled = 0

  /// Creates an empty column.
  ///
  /// - Parameter capacity: how many values it will hold, as far as is known.
  @inlinable
  public init(capacity: Int = 0) {
    memory =
      capacity == 0 ? RowMemory.none : RowMemory(bytes: capacity * MemoryLayout<Value>.stride)
    address = UInt(bitPattern: memory.base)
    self.capacity = memory.capacity / MemoryLayout<Value>.stride
  }

  /// Creates a column of `count` times one value.
  @inlinable
  public init(repeating value: Value, count: Int) {
    self.init(capacity: count)
    append(repeating: value, count: count)
  }

  /// Creates a column of the values of a sequence.
  @inlinable
  public init(_ sequence: some Sequence<Value>) {
    self.init(capacity: sequence.underestimatedCount)
    for value in sequence { append(value) }
  }

  /// Creates a column of `count` values that `body` writes; those it does not are zeros.
  @inlinable
  public init(count: Int, _ body: (UnsafeMutableBufferPointer<Value>) -> Void) {
    self.init(capacity: count)
    used = count
    isZero = false
    withExtendedLifetime(memory) { body(UnsafeMutableBufferPointer(start: values, count: count)) }
  }

  // MARK: - Writing

  /// Adds a value.
  @inlinable
  public mutating func append(_ value: Value) {
    makeRoom(for: 1)
    (values + used).initialize(to: value)
    isZero = false
    used += 1
  }

  /// Adds values that lie side by side.
  ///
  /// Zeros that follow zeros are counted only.
  @inlinable
  public mutating func append(contentsOf other: UnsafeBufferPointer<Value>) {
    guard let start = other.baseAddress, !other.isEmpty else { return }
    makeRoom(for: other.count)
    if !isZero || !RowMemory.isZero(UnsafeRawBufferPointer(other)) {
      (values + used).initialize(from: start, count: other.count)
      isZero = false
    }
    used += other.count
  }

  /// Adds the values of another column.
  @inlinable
  public mutating func append(contentsOf other: Column) {
    if isZero, other.isZero {
      makeRoom(for: other.used)
      used += other.used
    } else {
      other.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
  }

  /// Adds one value `count` times.
  @inlinable
  public mutating func append(repeating value: Value, count: Int) {
    makeRoom(for: count)
    let isNothing = withUnsafeBytes(of: value) { RowMemory.isZero($0) }
    if !isZero || !isNothing {
      (values + used).initialize(repeating: value, count: count)
      isZero = false
    }
    used += count
  }

  /// Makes room for `count` values in all, so that adding them moves nothing.
  @inlinable
  public mutating func reserve(_ count: Int) {
    if count > capacity { move(to: count) }
  }

  /// Forgets all values and keeps the memory.
  @inlinable
  public mutating func removeAll() {
    makeOwn()
    soiled = Swift.max(soiled, used)
    used = 0
  }

  /// Forgets the last `count` values and keeps the memory.
  ///
  /// - Precondition: there are so many.
  @inlinable
  public mutating func removeLast(_ count: Int) {
    precondition((0...used).contains(count), "no such rows")
    makeOwn()
    soiled = Swift.max(soiled, used)
    used -= count
  }

  /// Makes the column `count` values long, in the memory it has, and lets `body` write all of them: what
  /// it does not write is what was there before.
  @inlinable
  public mutating func rewrite(count: Int, _ body: (UnsafeMutableBufferPointer<Value>) -> Void) {
    removeAll()
    makeRoom(for: count)
    used = count
    isZero = false
    withExtendedLifetime(memory) { body(UnsafeMutableBufferPointer(start: values, count: count)) }
  }

  /// Lets `body` change values in place, from any thread.
  @inlinable
  public mutating func withUnsafeMutableBufferPointer<Result>(
    _ body: (UnsafeMutableBufferPointer<Value>) -> Result
  ) -> Result {
    makeOwn()
    isZero = false
    return withExtendedLifetime(memory) {
      body(UnsafeMutableBufferPointer(start: values, count: used))
    }
  }

  /// Lets `body` read the values side by side.
  @inlinable
  public func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Value>) -> Result
  ) -> Result {
    withExtendedLifetime(memory) { body(UnsafeBufferPointer(start: values, count: used)) }
  }

  // MARK: - Memory

  @inlinable var values: UnsafeMutablePointer<Value> {
    UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
  }

  @inlinable
  mutating func makeRoom(for more: Int) {
    if used + more > capacity {
      move(to: Swift.max(used + more, capacity * 2, 8))
    } else {
      makeOwn()
    }
  }

  @inlinable
  mutating func makeOwn() {
    if !isKnownUniquelyReferenced(&memory) { move(to: capacity) }
  }

  /// Takes other memory, with room for `count` values.
  @usableFromInline
  mutating func move(to count: Int) {
    let stride = MemoryLayout<Value>.stride
    if isKnownUniquelyReferenced(&memory), memory.grow(to: count * stride) {
      capacity = memory.capacity / stride
      return
    }
    let wider = RowMemory(bytes: count * stride)
    if !isZero { memcpy(wider.base, memory.base, used * stride) }
    soiled = 0
    memory = wider
    capacity = wider.capacity / stride
  }
}

extension Column: RandomAccessCollection, MutableCollection {
  /// The first row.
  @inlinable public var startIndex: Int { 0 }
  /// One past the last row.
  @inlinable public var endIndex: Int { used }
  /// Rows.
  @inlinable public var count: Int { used }

  /// The value of a row.
  ///
  /// - Precondition: there is such a row.
  @inlinable
  public subscript(index: Int) -> Value {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: used), "no such row")
      return withExtendedLifetime(memory) { values[index] }
    }
    set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: used), "no such row")
      makeOwn()
      isZero = false
      values[index] = newValue
    }
  }
}

extension Column: ExpressibleByArrayLiteral {
  /// Creates a column of some values.
  @inlinable
  public init(arrayLiteral elements: Value...) {
    self.init(elements)
  }
}

extension Column: Equatable where Value: Equatable {
  /// Whether both hold the same values.
  @inlinable
  public static func == (left: Column, right: Column) -> Bool { left.elementsEqual(right) }
}

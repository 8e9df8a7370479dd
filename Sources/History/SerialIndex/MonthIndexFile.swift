internal import Columns
internal import Foundation
internal import Payments

/// The serial indexes of a month's nights in one: whoever asks ten years opens a hundred files and not
/// three thousand, and a night's thousands of keys are looked for in two bytes of each key there.
///
/// It says which nights are worth asking; what a night holds is said by its own index. A head (a mark, the
/// numbers of nights, keys and bits), then
/// - 16 bytes a night: its run, by number and mark;
/// - where the keys begin that agree in their first bits, 4 bytes for each combination, and one more for the end;
/// - the next sixteen bits of each key;
/// - its sixteen bits after those, and above them which of the nights it is.
///
/// One that is gone, cut short, or of other runs than those in force is made again from the nights' own.
struct MonthIndexFile {
  /// A night whose index is in it.
  struct Night: Hashable {
    /// The run.
    var run: Int64
    /// What it was: numbers are given again.
    var mark: RunMark
  }

  private static let mark = Array("CRMONTH1".utf8)
  private static let headSize = 32
  private static let nightSize = 16
  /// Nights of the longest month.
  private static let mostNights = 31
  let path: String

  // MARK: - Writing

  /// Puts indexes together, all of them or none.
  ///
  /// - Parameters:
  ///   - nights: the nights, in order; at most 31.
  ///   - indexes: their own indexes.
  func write(_ nights: [Night], from indexes: [KeyIndexFile]) throws(HistoryError) {
    let keys = try MonthKeys(indexes)
    let file = try IndexWriter(path)
    try file.append(Self.head(nights, keys))
    try file.append(keys.starts)
    try file.append(keys.upper)
    try file.append(keys.lower)
    try file.publish()
  }

  /// Forgets that they were put together.
  func remove() throws(HistoryError) {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw .unusable(path: path, problem: String(cString: strerror(errno)))
    }
  }

  private static func head(_ nights: [Night], _ keys: MonthKeys) -> [UInt8] {
    var words = [UInt64(nights.count), UInt64(keys.count), UInt64(keys.bits)]
    for night in nights { words += [night.run, night.mark.bits].map(UInt64.init(bitPattern:)) }
    return mark + words.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
  }

  // MARK: - Asking

  /// The nights it is made of, in order; none when there is no such file, or not a whole one.
  var nights: [Night] { (try? opened()?.nights) ?? [] }

  /// Whether each of its nights is worth asking for any of the keys; nil when there is no such file, not a
  /// whole one, or none that can be read: then the nights are asked themselves.
  func ask(_ wanted: SortedKeys) -> [Night: Bool]? {
    guard let index = try? opened(), let promising = try? index.promising(wanted) else {
      return nil
    }
    return Dictionary(zip(index.nights, promising), uniquingKeysWith: { $0 || $1 })
  }

  /// Whether the file is what these nights give.
  func holds(_ nights: [Night], from indexes: [KeyIndexFile]) throws(HistoryError) -> Bool {
    guard let index = try opened(), index.nights == nights else { return false }
    return try index.holds(try MonthKeys(indexes))
  }

  /// - Returns: nil when there is no such file, or not a whole one.
  private func opened() throws(HistoryError) -> OpenMonth? {
    guard access(path, F_OK) == 0 else { return nil }
    let file = try OpenFile(path)
    let head = try file.read(at: 0, Self.headSize + Self.mostNights * Self.nightSize)
    guard head.count >= Self.headSize, head.starts(with: Self.mark),
      let nights = Int(exactly: head.number(at: 8)), (1...Self.mostNights).contains(nights),
      let count = Int(exactly: head.number(at: 16)), count <= file.size,
      let bits = Int(exactly: head.number(at: 24)), (0...MonthKeys.mostBits).contains(bits)
    else { return nil }
    let start = Self.headSize + nights * Self.nightSize
    let index = OpenMonth(
      file: file,
      nights: stride(from: Self.headSize, to: min(start, head.count), by: Self.nightSize).map {
        Night(
          run: Int64(bitPattern: head.number(at: $0)),
          mark: RunMark(bits: Int64(bitPattern: head.number(at: $0 + 8))))
      }, start: start, count: count, bits: bits)
    return file.size == index.end ? index : nil
  }
}

/// The keys of a month in the parts they are written in.
struct MonthKeys {
  /// The first bits of a key, by which it is found.
  let bits: Int
  /// Where the keys of each combination of first bits begin, and the end.
  private(set) var starts = Column<UInt32>()
  /// The next sixteen bits.
  private(set) var upper = Column<UInt16>()
  /// The sixteen bits after those, and above them which night it is.
  private(set) var lower = Column<UInt32>()

  static let mostBits = 20
  var count: Int { upper.count }

  /// Merges the keys of indexes: whichever is the least of those that come next.
  init(_ indexes: [KeyIndexFile]) throws(HistoryError) {
    var sources: [KeyReader] = []
    for index in indexes { sources.append(try KeyReader(index)) }
    let most = sources.reduce(0) { $0 + $1.most }
    // Some eight keys agree in them.
    bits = min(Self.mostBits, max(0, Int.bitWidth - most.leadingZeroBitCount - 4))
    upper.reserve(most)
    lower.reserve(most)
    // Each is no greater than the two at twice its place.
    var heap: [(key: KeyHash, night: Int)] = []
    for night in sources.indices {
      if let key = try sources[night].next() { heap.append((key, night)) }
    }
    heap.sort { $0 < $1 }
    while let (key, night) = heap.first {
      append(key, night)
      if let next = try sources[night].next() {
        heap[0].key = next
      } else {
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
      }
      Self.sink(&heap)
    }
    while starts.count <= 1 << bits { starts.append(UInt32(count)) }
  }

  private mutating func append(_ key: KeyHash, _ night: Int) {
    let first = Self.first(key, bits)
    while starts.count <= first { starts.append(UInt32(count)) }
    upper.append(Self.upper(key, bits))
    lower.append(UInt32(Self.lower(key, bits)) | UInt32(night) << 16)
  }

  /// Puts the first of a heap where it belongs.
  private static func sink(_ heap: inout [(key: KeyHash, night: Int)]) {
    var place = 0
    while true {
      var least = 2 * place + 1
      if least + 1 < heap.count, heap[least + 1] < heap[least] { least += 1 }
      guard least < heap.count, heap[least] < heap[place] else { return }
      heap.swapAt(least, place)
      place = least
    }
  }

  @inline(__always)
  static func first(_ key: KeyHash, _ bits: Int) -> Int { Int((key >> 32) >> UInt64(32 - bits)) }

  @inline(__always)
  static func upper(_ key: KeyHash, _ bits: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: key >> UInt64(48 - bits))
  }

  @inline(__always)
  static func lower(_ key: KeyHash, _ bits: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: key >> UInt64(32 - bits))
  }
}

/// A month's index, open.
private struct OpenMonth {
  let file: OpenFile
  let nights: [MonthIndexFile.Night]
  /// Where what is behind the nights begins.
  let start: Int
  let count: Int
  let bits: Int

  private var upperStart: Int { start + ((1 << bits) + 1) * 4 }
  private var lowerStart: Int { upperStart + count * 2 }
  var end: Int { lowerStart + count * 4 }

  /// Combinations of first bits whose keys are read at a time.
  private static let part = 1 << 12

  /// Which of the nights are worth asking for any of the keys; nil when the file contradicts itself.
  func promising(_ wanted: SortedKeys) throws(HistoryError) -> [Bool]? {
    var found = [Bool](repeating: false, count: nights.count)
    let keys = wanted.keys
    var next = 0
    var starts: [UInt32] = []
    var upper: [UInt16] = []
    while next < keys.count {
      // Keys that are near each other are looked for in what is read once.
      let first = MonthKeys.first(keys[next], bits)
      let isAlone =
        next + 1 == keys.count || MonthKeys.first(keys[next + 1], bits) - first >= Self.part
      let last = isAlone ? first : min(first + Self.part, 1 << bits) - 1
      try file.read(at: start + first * 4, count: last - first + 2, into: &starts)
      let (base, end) = (Int(starts[0]), Int(starts[last - first + 1]))
      guard base <= end, end <= count else { return nil }
      try file.read(at: upperStart + base * 2, count: end - base, into: &upper)
      while next < keys.count, MonthKeys.first(keys[next], bits) <= last {
        let key = keys[next]
        next += 1
        let place = MonthKeys.first(key, bits) - first
        let (low, high) = (Int(starts[place]), Int(starts[place + 1]))
        guard base <= low, low <= high, high <= end else { return nil }
        let bits = MonthKeys.upper(key, bits)
        if let hit = Self.firstPlace(of: bits, in: upper, (low - base)..<(high - base)) {
          guard try look(for: key, from: base + hit, to: high, &found) else { return nil }
        }
      }
    }
    return found
  }

  /// The first of some sorted numbers that is this one.
  @inline(__always)
  private static func firstPlace(
    of wanted: UInt16, in numbers: [UInt16], _ range: Range<Int>
  ) -> Int? {
    var (low, high) = (range.lowerBound, range.upperBound)
    // Mostly there are eight or so.
    while high - low > 16 {
      let middle = (low + high) / 2
      if numbers[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    while low < range.upperBound, numbers[low] < wanted { low += 1 }
    return low < range.upperBound && numbers[low] == wanted ? low : nil
  }

  /// Notes the nights of the keys from a place on that agree with this one.
  ///
  /// - Returns: whether there are such nights.
  private func look(
    for key: KeyHash, from first: Int, to end: Int, _ found: inout [Bool]
  ) throws(HistoryError) -> Bool {
    var upper: [UInt16] = []
    var lower: [UInt32] = []
    for place in first..<end {
      try file.read(at: upperStart + place * 2, count: 1, into: &upper)
      guard upper[0] == MonthKeys.upper(key, bits) else { return true }
      try file.read(at: lowerStart + place * 4, count: 1, into: &lower)
      let night = Int(lower[0] >> 16)
      guard night < found.count else { return false }
      if UInt16(truncatingIfNeeded: lower[0]) == MonthKeys.lower(key, bits) { found[night] = true }
    }
    return true
  }

  /// Whether these are its keys.
  func holds(_ keys: MonthKeys) throws(HistoryError) -> Bool {
    guard keys.count == count, keys.bits == bits else { return false }
    guard try file.holds(keys.starts, at: start) else { return false }
    guard try file.holds(keys.upper, at: upperStart) else { return false }
    return try file.holds(keys.lower, at: lowerStart)
  }
}

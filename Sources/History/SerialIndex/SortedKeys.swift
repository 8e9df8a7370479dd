internal import Columns
internal import Payments

/// Keys looked for in many indexes: sorted, each once, with a filter before them.
struct SortedKeys {
  let keys: Column<KeyHash>
  /// Sixteen bits a key, in words found by a key's top bits; two bits in its word, told by its
  /// lowest. Of sixty strangers fifty-nine are told from the first-level cache.
  private var filter: [UInt64]
  private let shift: UInt64

  init(_ given: some Sequence<KeyHash>) {
    let given = Column(given)
    let sorted = sortedBySpread(given.count) { index, add in
      if given[index] != 0 { add(given[index]) }
    }
    var keys = Column<KeyHash>(capacity: sorted.count)
    for key in sorted where keys.last != key { keys.append(key) }
    self.keys = keys
    let bits = max(1, Int.bitWidth - keys.count.leadingZeroBitCount - 2)
    shift = UInt64(64 - bits)
    filter = [UInt64](repeating: 0, count: 1 << bits)
    for key in keys { filter[Int(truncatingIfNeeded: key >> shift)] |= SortedKeys.marks(key) }
  }

  @inline(__always)
  private static func marks(_ key: KeyHash) -> UInt64 { 1 << (key & 63) | 1 << (key >> 6 & 63) }

  /// Whether any of the keys that lie every `stride` bytes in some memory is one of these.
  ///
  /// What a key needs is held beside the loop.
  func containAny(of raw: UnsafeRawBufferPointer, every stride: Int) -> Bool {
    filter.withUnsafeBufferPointer { filter in
      guard let start = raw.baseAddress, let words = filter.baseAddress else { return false }
      let shift = self.shift
      for place in Swift.stride(from: 0, to: raw.count - stride + 1, by: stride) {
        let key = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        let marks = SortedKeys.marks(key)
        if words[Int(truncatingIfNeeded: key >> shift)] & marks == marks, isAmong(key) {
          return true
        }
      }
      return false
    }
  }

  private func isAmong(_ key: KeyHash) -> Bool {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < keys.count && keys[low] == key
  }
}

/// What is ordered by a fingerprint before anything else.
protocol Fingerprinted: Comparable, BitwiseCopyable, Sendable {
  var hash: KeyHash { get }
}

extension KeyHash: Fingerprinted {
  var hash: KeyHash { self }
}

/// Gathers elements and sorts them by fingerprints.
///
/// - Parameters:
///   - count: how many times `elements` is called: twice for each number below, several at once.
///   - elements: hands over the elements of one number, the same each time.
func sortedBySpread<Element: Fingerprinted>(
  _ count: Int, of elements: (Int, (Element) -> Void) -> Void
) -> Column<Element> {
  withoutActuallyEscaping(elements) { elements in
    let sorter = SpreadSorter(count, of: elements)
    var sorted = Column<Element>()
    sorter.sort(sorter.allPieces, into: &sorted)
    return sorted
  }
}

/// Sorts elements by their fingerprints: those are spread evenly, so a cut by their top bits leaves
/// pieces that sort in the cache, on all cores, each where it will stay; and as many pieces at a time as
/// memory is to be taken for.
struct SpreadSorter<Element: Fingerprinted> {
  private let count: Int
  private let elements: (Int, (Element) -> Void) -> Void
  private let bits: Int
  /// For each stretch of numbers, how many elements it has in each piece.
  private let counts: [[Int]]
  /// How many elements each piece has.
  private let sizes: [Int]

  /// Numbers gathered at a time by one core.
  private static var stretch: Int { 1 << 16 }

  /// Counts the elements.
  ///
  /// - Parameters:
  ///   - count: how many times `elements` is called: for each number below, now and whenever pieces are
  ///     sorted, several at once.
  ///   - elements: hands over the elements of one number, the same each time.
  init(_ count: Int, of elements: @escaping (Int, (Element) -> Void) -> Void) {
    self.count = count
    self.elements = elements
    let bits = min(11, Int.bitWidth - (count / 1_024).leadingZeroBitCount)
    self.bits = bits
    let stretches = (count + Self.stretch - 1) / Self.stretch
    counts = concurrently(stretches) { index in
      var counts = [Int](repeating: 0, count: 1 << bits)
      for number in Self.numbers(index, count) {
        elements(number) { counts[Self.piece($0, bits)] += 1 }
      }
      return counts
    }
    var sizes = [Int](repeating: 0, count: 1 << bits)
    for counts in counts { for (piece, count) in counts.enumerated() { sizes[piece] += count } }
    self.sizes = sizes
  }

  /// Number of elements.
  var total: Int { sizes.reduce(0, +) }
  var allPieces: Range<Int> { sizes.indices }

  /// The pieces, as many at a time as have at most `most` elements; a single one may have more.
  func passes(_ most: Int) -> [Range<Int>] {
    var passes: [Range<Int>] = []
    var (first, held) = (0, 0)
    for (piece, size) in sizes.enumerated() {
      if held > 0, held + size > most {
        passes.append(first..<piece)
        (first, held) = (piece, 0)
      }
      held += size
    }
    return held > 0 ? passes + [first..<sizes.count] : passes
  }

  /// Sorts the elements of some pieces into a column, in the memory it has.
  func sort(_ pieces: Range<Int>, into column: inout Column<Element>) {
    var next = counts
    var ends: [Int] = []
    var total = 0
    for piece in pieces {
      for index in next.indices {
        let length = next[index][piece]
        next[index][piece] = total
        total += length
      }
      ends.append(total)
    }
    column.rewrite(count: total) { room in
      // Every stretch has places of its own in every piece, and every piece is sorted by itself.
      _ = concurrently(next.count) { index in
        var next = next[index]
        for number in Self.numbers(index, count) {
          elements(number) { element in
            let piece = Self.piece(element, bits)
            guard pieces.contains(piece) else { return }
            room[next[piece]] = element
            next[piece] += 1
          }
        }
      }
      _ = concurrently(ends.count) { index in
        let first = index == 0 ? 0 : ends[index - 1]
        sortPiece(UnsafeMutableBufferPointer(rebasing: room[first..<ends[index]]), after: bits)
      }
    }
  }

  @inline(__always)
  private static func piece(_ element: Element, _ bits: Int) -> Int {
    Int(truncatingIfNeeded: element.hash >> UInt64(64 - bits))
  }

  private static func numbers(_ index: Int, _ count: Int) -> Range<Int> {
    (index * stretch)..<min(count, (index + 1) * stretch)
  }
}

/// Sorts elements whose fingerprints agree in the first `bits` bits: by as many of the next as leave some
/// four that agree, then those.
private func sortPiece<Element: Fingerprinted>(
  _ elements: UnsafeMutableBufferPointer<Element>, after bits: Int
) {
  let width = max(1, min(14, Int.bitWidth - elements.count.leadingZeroBitCount - 3))
  let (shift, mask) = (UInt64(64 - bits - width), 1 << width - 1)
  func bucket(_ element: Element) -> Int {
    Int(truncatingIfNeeded: element.hash >> shift) & mask
  }
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: mask + 2) { ends in
    ends.initialize(repeating: 0)
    for element in elements { ends[bucket(element) + 1] += 1 }
    for index in 1...(mask + 1) { ends[index] += ends[index - 1] }
    withUnsafeTemporaryAllocation(of: Element.self, capacity: elements.count) { copy in
      _ = copy.initialize(from: elements)
      // Where a bucket begins becomes where it ends.
      for element in copy {
        let bucket = bucket(element)
        elements[Int(ends[bucket])] = element
        ends[bucket] += 1
      }
    }
    var start = 0
    for index in 0...mask {
      let end = Int(ends[index])
      sortFew(UnsafeMutableBufferPointer(rebasing: elements[start..<end]))
      start = end
    }
  }
}

/// Sorts elements of which there are mostly four.
@inline(__always)
private func sortFew<Element: Comparable>(_ elements: UnsafeMutableBufferPointer<Element>) {
  var elements = elements
  guard elements.count <= 24 else {
    elements.sort()
    return
  }
  for end in elements.indices.dropFirst() {
    let element = elements[end]
    var place = end
    while place > 0, element < elements[place - 1] {
      elements[place] = elements[place - 1]
      place -= 1
    }
    elements[place] = element
  }
}

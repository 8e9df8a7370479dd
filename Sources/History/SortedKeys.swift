internal import Payments

/// Keys looked for in many indexes: sorted, each once, with a filter before them.
struct SortedKeys {
  let keys: Column<KeyHash>
  /// One bit for each value of a key's top bits; sixteen times as many as keys, so that
  /// fifteen of sixteen strangers are told from the first-level cache.
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
    let bits = max(6, Int.bitWidth - keys.count.leadingZeroBitCount + 4)
    shift = UInt64(64 - bits)
    filter = [UInt64](repeating: 0, count: 1 << (bits - 6))
    for key in keys {
      let bit = key >> shift
      filter[Int(truncatingIfNeeded: bit >> 6)] |= 1 << (bit & 63)
    }
  }

  /// Whether the key is one of these.
  func contains(_ key: KeyHash) -> Bool {
    let bit = key >> shift
    guard filter[Int(truncatingIfNeeded: bit >> 6)] & (1 << (bit & 63)) != 0 else { return false }
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

/// Gathers elements and sorts them by fingerprints: those are spread evenly, so a cut by their top bits
/// leaves pieces that sort in the cache, on all cores, each where it will stay.
///
/// - Parameters:
///   - count: how many times `elements` is called: twice for each number below, several at once.
///   - elements: hands over the elements of one number, the same each time.
func sortedBySpread<Element: Fingerprinted>(
  _ count: Int, of elements: (Int, (Element) -> Void) -> Void
) -> Column<Element> {
  let bits = min(11, Int.bitWidth - (count / 1_024).leadingZeroBitCount)
  let (pieces, shift) = (1 << bits, UInt64(64 - bits))
  func piece(_ element: Element) -> Int { Int(truncatingIfNeeded: element.hash >> shift) }
  let stretch = 1 << 16
  func numbers(_ index: Int) -> Range<Int> {
    (index * stretch)..<min(count, (index + 1) * stretch)
  }
  var next = concurrently((count + stretch - 1) / stretch) { index in
    var counts = [Int](repeating: 0, count: pieces)
    for number in numbers(index) { elements(number) { counts[piece($0)] += 1 } }
    return counts
  }
  var ends: [Int] = []
  var total = 0
  for piece in 0..<pieces {
    for index in next.indices {
      let length = next[index][piece]
      next[index][piece] = total
      total += length
    }
    ends.append(total)
  }
  return Column(count: total) { room in
    // Every stretch has places of its own in every piece, and every piece is sorted by itself.
    _ = concurrently(next.count) { index in
      var next = next[index]
      for number in numbers(index) {
        elements(number) { element in
          let piece = piece(element)
          room[next[piece]] = element
          next[piece] += 1
        }
      }
    }
    _ = concurrently(pieces) { piece in
      let first = piece == 0 ? 0 : ends[piece - 1]
      sortPiece(UnsafeMutableBufferPointer(rebasing: room[first..<ends[piece]]), after: bits)
    }
  }
}

/// Sorts elements whose fingerprints agree in the first `bits` bits: by the next eight, then the few
/// that agree in those too.
private func sortPiece<Element: Fingerprinted>(
  _ elements: UnsafeMutableBufferPointer<Element>, after bits: Int
) {
  let shift = UInt64(56 - bits)
  func bucket(_ element: Element) -> Int { Int(truncatingIfNeeded: element.hash >> shift) & 0xFF }
  var starts = [Int](repeating: 0, count: 257)
  for element in elements { starts[bucket(element) + 1] += 1 }
  for index in 1..<257 { starts[index] += starts[index - 1] }
  withUnsafeTemporaryAllocation(of: Element.self, capacity: elements.count) { copy in
    _ = copy.initialize(from: elements)
    var next = starts
    for element in copy {
      let bucket = bucket(element)
      elements[next[bucket]] = element
      next[bucket] += 1
    }
  }
  for bucket in 0..<256 where starts[bucket + 1] - starts[bucket] > 1 {
    var part = UnsafeMutableBufferPointer(rebasing: elements[starts[bucket]..<starts[bucket + 1]])
    part.sort()
  }
}

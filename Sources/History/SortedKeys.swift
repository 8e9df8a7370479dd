internal import Payments

/// Keys looked for in many indexes: sorted, each once, with a filter before them.
struct SortedKeys {
  let keys: [KeyHash]
  /// One bit for each value of a key's top bits; sixteen times as many as keys, so that
  /// fifteen of sixteen strangers are told from the first-level cache.
  private var filter: [UInt64]
  private let shift: UInt64

  init(_ given: some Sequence<KeyHash>) {
    var keys = sortedBySpread(given.filter { $0 != 0 }, \.self)
    var count = 0
    for key in keys where count == 0 || keys[count - 1] != key {
      keys[count] = key
      count += 1
    }
    keys.removeLast(keys.count - count)
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

/// Sorts by fingerprints: they are spread evenly, so a cut by their top bits leaves pieces of a few,
/// which sort in the cache.
///
/// - Parameter key: the fingerprint by which elements are ordered first.
func sortedBySpread<Element: Comparable>(
  _ elements: [Element], _ key: (Element) -> UInt64
) -> [Element] {
  let bits = Int.bitWidth - (elements.count / 16).leadingZeroBitCount
  guard bits > 0 else { return elements.sorted() }
  let shift = UInt64(64 - bits)
  var ends = [Int](repeating: 0, count: 1 << bits)
  for element in elements { ends[Int(truncatingIfNeeded: key(element) >> shift)] += 1 }
  var total = 0
  for piece in ends.indices {
    let length = ends[piece]
    ends[piece] = total
    total += length
  }
  var cut = elements
  for element in elements {
    let piece = Int(truncatingIfNeeded: key(element) >> shift)
    cut[ends[piece]] = element
    ends[piece] += 1
  }
  var start = 0
  for end in ends {
    if end - start > 1 { cut[start..<end].sort() }
    start = end
  }
  return cut
}

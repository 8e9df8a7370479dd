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

/// Sorts by fingerprints: they are spread evenly, so a cut by their top bits leaves pieces that sort in
/// the cache, several at once.
///
/// - Parameter key: the fingerprint by which elements are ordered first.
func sortedBySpread<Element: Comparable>(
  _ elements: [Element], _ key: (Element) -> UInt64
) -> [Element] {
  let bits = min(10, Int.bitWidth - (elements.count / 1_024).leadingZeroBitCount)
  guard bits > 0 else { return elements.sorted() }
  var pieces = [[Element]](repeating: [], count: 1 << bits)
  for piece in pieces.indices { pieces[piece].reserveCapacity(elements.count >> (bits - 1)) }
  let shift = UInt64(64 - bits)
  for element in elements {
    pieces[Int(truncatingIfNeeded: key(element) >> shift)].append(element)
  }
  let sorted = concurrently(pieces.count) { pieces[$0].sorted() }
  var result: [Element] = []
  result.reserveCapacity(elements.count)
  for piece in sorted { result += piece }
  return result
}

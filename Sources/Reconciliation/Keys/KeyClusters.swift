internal import Columns
import Payments

/// Rows cut into pieces by the top bits of a key, so that each piece can be joined in a table that
/// stays in the cache.
///
/// One big hash table over millions of keys misses the cache on every probe; a counting pass, a
/// scatter pass and small tables cost a tenth of it. The pieces are independent, so they are joined on
/// all cores; what they give is put together in their order.
///
/// One value does it for one key after another, in the same memory.
struct KeyPartitions {
  private var starts: [Int] = []
  private var keys = Column<KeyHash>()
  private var rows = Column<Int32>()

  /// Rows cut and joined at a time by one core.
  private static let stretch = 1 << 17

  /// Partitions the rows `0..<count` for which `key` is not 0.
  ///
  /// - Parameter key: asked twice for every row, on several threads at once.
  @inline(__always)
  mutating func cut(count: Int, key: (Int) -> KeyHash) {
    let bits = min(12, max(0, (count / 4_096).bitWidth - (count / 4_096).leadingZeroBitCount))
    let shift = UInt64(64 - bits)
    let pieces = 1 << bits
    let stretches = max(1, (count + KeyPartitions.stretch - 1) / KeyPartitions.stretch)
    func rowsOf(_ index: Int) -> Range<Int> {
      (index * KeyPartitions.stretch)..<min(count, (index + 1) * KeyPartitions.stretch)
    }
    var next = concurrently(stretches) { index in
      var counts = [Int](repeating: 0, count: pieces)
      for row in rowsOf(index) {
        let value = key(row)
        if value != 0 { counts[Int(truncatingIfNeeded: value >> shift)] += 1 }
      }
      return counts
    }
    starts = [Int](repeating: 0, count: pieces + 1)
    var total = 0
    for piece in 0..<pieces {
      starts[piece] = total
      for index in 0..<stretches {
        let length = next[index][piece]
        next[index][piece] = total
        total += length
      }
    }
    starts[pieces] = total
    keys.rewrite(count: total) { keys in
      rows.rewrite(count: total) { rows in
        // Every stretch has places of its own in every piece.
        _ = concurrently(stretches) { index in
          var next = next[index]
          for row in rowsOf(index) {
            let value = key(row)
            guard value != 0 else { continue }
            let piece = Int(truncatingIfNeeded: value >> shift)
            keys[next[piece]] = value
            rows[next[piece]] = Int32(truncatingIfNeeded: row)
            next[piece] += 1
          }
        }
      }
    }
  }

  /// Calls `body` once for every key that at least two rows share, with those rows in row order.
  ///
  /// - Parameters:
  ///   - pair: given the two rows of a key that exactly two share, on several threads at once; whether
  ///     that was all there is to do with them.
  ///   - isWanted: given the rows of a key, on several threads at once; whether `body` is to have them.
  func forEachCluster(
    pair: (Int32, Int32) -> Bool = { _, _ in false },
    where isWanted: (ArraySlice<Int32>) -> Bool = { _ in true },
    _ body: (ArraySlice<Int32>) -> Void
  ) {
    let pieces = starts.count - 1
    let step = max(1, pieces / 64)
    let found = concurrently((pieces + step - 1) / step) { index in
      var clusters = Clusters()
      var (table, links): ([Int32], [Int32]) = ([], [])
      for piece in (index * step)..<min(pieces, (index + 1) * step) {
        let piece = starts[piece]..<starts[piece + 1]
        keys.withUnsafeBufferPointer { keys in
          rows.withUnsafeBufferPointer { rows in
            KeyPartitions.join(
              keys.span.extracting(piece), rows.span.extracting(piece), &table, &links, &clusters,
              pair, isWanted)
          }
        }
      }
      return clusters
    }
    for clusters in found {
      var start = 0
      for end in clusters.ends {
        body(clusters.rows[start..<end])
        start = end
      }
    }
  }

  /// Rows that share keys, key by key, and where each key's end.
  private struct Clusters {
    var rows: [Int32] = []
    var ends: [Int] = []
  }

  /// Joins one piece.
  ///
  /// - Parameters:
  ///   - slots: memory for: slot → index in the piece of the first row of the key there.
  ///   - chains: memory for: index → the next of the same key; then, half way, first index → the last.
  private static func join(
    _ keys: Span<KeyHash>, _ rows: Span<Int32>, _ slots: inout [Int32], _ chains: inout [Int32],
    _ clusters: inout Clusters, _ pair: (Int32, Int32) -> Bool,
    _ isWanted: (ArraySlice<Int32>) -> Bool
  ) {
    let length = keys.count
    guard length > 1 else { return }
    let capacity = 1 << (Int.bitWidth - (length * 2 - 1).leadingZeroBitCount)
    slots.refill(capacity)
    chains.refill(length * 2)
    let mask = UInt64(capacity - 1)
    var table = slots.mutableSpan
    var links = chains.mutableSpan
    for local in 0..<length {
      let value = keys[local]
      // The low bits are independent of the top bits that chose the piece.
      var slot = Int(truncatingIfNeeded: value & mask)
      while table[slot] >= 0, keys[Int(table[slot])] != value {
        slot = (slot + 1) & (capacity - 1)
      }
      let head = Int(table[slot])
      if head < 0 {
        table[slot] = Int32(truncatingIfNeeded: local)
        links[length + local] = Int32(truncatingIfNeeded: local)
      } else {
        links[Int(links[length + head])] = Int32(truncatingIfNeeded: local)
        links[length + head] = Int32(truncatingIfNeeded: local)
      }
    }
    for local in 0..<length where links[length + local] > Int32(truncatingIfNeeded: local) {
      let second = links[local]
      if links[length + local] == second, pair(rows[local], rows[Int(second)]) {
        continue
      }
      var element = Int32(truncatingIfNeeded: local)
      let first = clusters.rows.count
      while element >= 0 {
        clusters.rows.append(rows[Int(element)])
        element = links[Int(element)]
      }
      if isWanted(clusters.rows[first...]) {
        clusters.ends.append(clusters.rows.count)
      } else {
        clusters.rows.removeLast(clusters.rows.count - first)
      }
    }
  }
}

extension [Int32] {
  /// Makes it `count` times −1, in the memory it has.
  fileprivate mutating func refill(_ count: Int) {
    removeAll(keepingCapacity: true)
    append(contentsOf: repeatElement(-1, count: count))
  }
}

/// A map from keys to the rows that carry them, for the few rows that need a second look.
///
/// The many rows of the other side are then checked against it in one scan.
struct KeyIndex {
  private var table: [Int32] = []
  private var keys: [KeyHash] = []
  private var rows: [Int32] = []
  private var next: [Int32] = []
  private var mask: UInt64 = 0
  /// One bit for each value of a key's top bits, sixteen times as many as keys: fifteen of sixteen keys
  /// that are not here are told from the first-level cache.
  private var filter: [UInt64] = []
  private var filterShift: UInt64 = 0

  /// Creates an index; rows with key 0 are left out.
  init(_ pairs: [(key: KeyHash, row: Int32)]) {
    let pairs = pairs.filter { $0.key != 0 }
    guard !pairs.isEmpty else { return }
    let capacity = 1 << (Int.bitWidth - (pairs.count * 2 - 1).leadingZeroBitCount)
    mask = UInt64(capacity - 1)
    table = [Int32](repeating: -1, count: capacity)
    let bits = max(6, Int.bitWidth - pairs.count.leadingZeroBitCount + 4)
    filterShift = UInt64(64 - bits)
    filter = [UInt64](repeating: 0, count: 1 << (bits - 6))
    for (key, _) in pairs {
      let bit = key >> filterShift
      filter[Int(truncatingIfNeeded: bit >> 6)] |= 1 << (bit & 63)
    }
    for (key, row) in pairs {
      var slot = Int(truncatingIfNeeded: KeyIndex.spread(key) & mask)
      while table[slot] >= 0, keys[Int(table[slot])] != key {
        slot = (slot + 1) & (capacity - 1)
      }
      keys.append(key)
      rows.append(row)
      next.append(table[slot])
      table[slot] = Int32(keys.count - 1)
    }
  }

  /// Whether nothing is indexed, so that a scan can be saved.
  var isEmpty: Bool { keys.isEmpty }

  /// Whether any row has the key.
  @inline(__always)
  func contains(_ key: KeyHash) -> Bool {
    guard key != 0, !table.isEmpty, mayContain(key) else { return false }
    var slot = Int(truncatingIfNeeded: KeyIndex.spread(key) & mask)
    while table[slot] >= 0 {
      if keys[Int(table[slot])] == key { return true }
      slot = (slot + 1) & (table.count - 1)
    }
    return false
  }

  @inline(__always)
  private func mayContain(_ key: KeyHash) -> Bool {
    let bit = key >> filterShift
    return filter[Int(truncatingIfNeeded: bit >> 6)] & (1 << (bit & 63)) != 0
  }

  /// Calls `body` with every indexed row whose key is `key`.
  @inline(__always)
  func forEach(_ key: KeyHash, _ body: (Int32) -> Void) {
    guard key != 0, !table.isEmpty, mayContain(key) else { return }
    var slot = Int(truncatingIfNeeded: KeyIndex.spread(key) & mask)
    while table[slot] >= 0 {
      if keys[Int(table[slot])] == key {
        var element = table[slot]
        while element >= 0 {
          body(rows[Int(element)])
          element = next[Int(element)]
        }
        return
      }
      slot = (slot + 1) & (table.count - 1)
    }
  }

  @inline(__always)
  private static func spread(_ key: KeyHash) -> UInt64 {
    (key ^ (key >> 29)) &* 0x9E37_79B9_7F4A_7C15 >> 20
  }
}

/// Disjoint sets of numbers; of the many that stand alone nothing is kept.
struct DisjointSets {
  private var parent: [Int32: Int32] = [:]

  /// The number that stands for the set of `element`.
  mutating func root(_ element: Int32) -> Int32 {
    var root = element
    while let above = parent[root] { root = above }
    // The way is shorter next time.
    var element = element
    while let above = parent[element], above != root {
      parent[element] = root
      element = above
    }
    return root
  }

  /// Joins two sets; the smaller root stands for both, whatever the order of joining.
  mutating func join(_ left: Int32, _ right: Int32) {
    let (left, right) = (root(left), root(right))
    if left != right { parent[max(left, right)] = min(left, right) }
  }
}

/// The rows `0..<count` that are wanted, in order; looked for on several threads at once.
@inline(__always)
func rows(_ count: Int, where isWanted: (Int) -> Bool) -> [Int32] {
  let stretch = 1 << 16
  return concurrently((count + stretch - 1) / stretch) { index in
    (index * stretch..<min(count, (index + 1) * stretch)).compactMap {
      isWanted($0) ? Int32(truncatingIfNeeded: $0) : nil
    }
  }.flatMap { $0 }
}

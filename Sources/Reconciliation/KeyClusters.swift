import Payments

/// Rows cut into pieces by the top bits of a key, so that each piece can be joined in a table that
/// stays in the cache.
///
/// One big hash table over millions of keys misses the cache on every probe; a counting pass, a
/// scatter pass and small tables cost a tenth of it. The pieces are independent: threads, spilling
/// and Spark partitions are the same cut.
struct KeyPartitions {
  private var starts: [Int]
  private var keys: [KeyHash]
  private var rows: [Int32]

  /// Partitions the rows `0..<count` for which `key` is not 0.
  init(count: Int, key: (Int) -> KeyHash) {
    let bits = min(12, max(0, (count / 4_096).bitWidth - (count / 4_096).leadingZeroBitCount))
    let shift = UInt64(64 - bits)
    starts = [Int](repeating: 0, count: (1 << bits) + 1)
    for row in 0..<count {
      let value = key(row)
      if value != 0 { starts[Int(truncatingIfNeeded: value >> shift) + 1] += 1 }
    }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    let total = starts[starts.count - 1]
    keys = [KeyHash](repeating: 0, count: total)
    rows = [Int32](repeating: 0, count: total)
    var next = starts
    for row in 0..<count {
      let value = key(row)
      guard value != 0 else { continue }
      let piece = Int(truncatingIfNeeded: value >> shift)
      keys[next[piece]] = value
      rows[next[piece]] = Int32(truncatingIfNeeded: row)
      next[piece] += 1
    }
  }

  /// Calls `body` once for every key that at least two rows share, with those rows in row order.
  func forEachCluster(_ body: (ArraySlice<Int32>) -> Void) {
    var table: [Int32] = []
    var next: [Int32] = []
    var tail: [Int32] = []
    var cluster: [Int32] = []
    for piece in 0..<(starts.count - 1) {
      let low = starts[piece]
      let length = starts[piece + 1] - low
      guard length > 1 else { continue }
      let capacity = 1 << (Int.bitWidth - (length * 2 - 1).leadingZeroBitCount)
      let mask = UInt64(capacity - 1)
      table.removeAll(keepingCapacity: true)
      table.append(contentsOf: repeatElement(-1, count: capacity))
      next.removeAll(keepingCapacity: true)
      next.append(contentsOf: repeatElement(-1, count: length))
      tail.removeAll(keepingCapacity: true)
      tail.append(contentsOf: repeatElement(-1, count: length))
      for local in 0..<length {
        let value = keys[low + local]
        // The low bits are independent of the top bits that chose the piece.
        var slot = Int(truncatingIfNeeded: value & mask)
        while table[slot] >= 0, keys[low + Int(table[slot])] != value {
          slot = (slot + 1) & (capacity - 1)
        }
        let head = table[slot]
        if head < 0 {
          table[slot] = Int32(local)
          tail[local] = Int32(local)
        } else {
          next[Int(tail[Int(head)])] = Int32(local)
          tail[Int(head)] = Int32(local)
        }
      }
      for local in 0..<length where tail[local] > Int32(local) {
        cluster.removeAll(keepingCapacity: true)
        var element = Int32(local)
        while element >= 0 {
          cluster.append(rows[low + Int(element)])
          element = next[Int(element)]
        }
        body(cluster[...])
      }
    }
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

  /// Creates an index; rows with key 0 are left out.
  init(_ pairs: [(key: KeyHash, row: Int32)]) {
    let pairs = pairs.filter { $0.key != 0 }
    guard !pairs.isEmpty else { return }
    let capacity = 1 << (Int.bitWidth - (pairs.count * 2 - 1).leadingZeroBitCount)
    mask = UInt64(capacity - 1)
    table = [Int32](repeating: -1, count: capacity)
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
    guard key != 0, !table.isEmpty else { return false }
    var slot = Int(truncatingIfNeeded: KeyIndex.spread(key) & mask)
    while table[slot] >= 0 {
      if keys[Int(table[slot])] == key { return true }
      slot = (slot + 1) & (table.count - 1)
    }
    return false
  }

  /// Calls `body` with every indexed row whose key is `key`.
  @inline(__always)
  func forEach(_ key: KeyHash, _ body: (Int32) -> Void) {
    guard key != 0, !table.isEmpty else { return }
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

/// Mixes two keys into one; never 0, so that "absent" stays free.
@inline(__always)
func mixed(_ left: UInt64, _ right: UInt64) -> KeyHash {
  let product = (left ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
    by: right ^ 0xE703_7ED1_A0B4_28DB)
  let value = product.high ^ product.low
  return value == 0 ? 1 : value
}

/// Disjoint sets of the numbers `0..<count`.
struct DisjointSets {
  private var parent: [Int32]

  /// Every number alone.
  init(count: Int) {
    parent = (0..<Int32(count)).map { $0 }
  }

  /// The number that stands for the set of `element`.
  mutating func root(_ element: Int32) -> Int32 {
    var element = element
    while parent[Int(element)] != element {
      parent[Int(element)] = parent[Int(parent[Int(element)])]
      element = parent[Int(element)]
    }
    return element
  }

  /// Joins two sets; the smaller root stands for both, whatever the order of joining.
  mutating func join(_ left: Int32, _ right: Int32) {
    let (left, right) = (root(left), root(right))
    if left < right {
      parent[Int(right)] = left
    } else {
      parent[Int(left)] = right
    }
  }

  /// Adds one more number, alone, and returns it.
  mutating func add() -> Int32 {
    parent.append(Int32(parent.count))
    return Int32(parent.count - 1)
  }
}

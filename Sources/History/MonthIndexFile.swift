internal import Foundation
internal import Payments

/// The serial indexes of a month's nights in one: whoever asks ten years opens a hundred files and not
/// three thousand.
///
/// It says which nights are worth asking; what a night holds is said by its own index. A head (a mark, the
/// number of nights and that of keys), then 16 bytes a night (its run and the size of its index), then 8
/// bytes a key, sorted: the upper 48 bits of a fingerprint and below them which of the nights it is. One that
/// is gone, cut short, or of other runs than those in force is made again from the nights' own.
struct MonthIndexFile {
  /// A night whose index is in it.
  struct Night: Hashable {
    /// The run.
    var run: Int64
    /// Size in bytes of the run's own index.
    var size: Int
  }

  private static let mark = Array("CRNIGHTS".utf8)
  private static let headSize = 24
  private static let nightSize = 16
  /// The bits that say which night.
  private static let nightBits: KeyHash = 0xFFFF
  let path: String

  // MARK: - Writing

  /// Puts indexes together, all of them or none.
  ///
  /// - Parameters:
  ///   - nights: the nights, in order; at most 31.
  ///   - indexes: their own indexes.
  func write(_ nights: [Night], from indexes: [KeyIndexFile]) throws(HistoryError) {
    let file = try PublishedOnce(path)
    // How many keys there are is known at the end.
    try file.append(Self.head(nights, keys: 0))
    var count = 0
    var ready = Column<KeyHash>()
    try Self.forEachKey(of: indexes) { key throws(HistoryError) in
      ready.append(key)
      count += 1
      if ready.count == 1 << 13 {
        try file.append(ready)
        ready.removeAll()
      }
    }
    try file.append(ready)
    try file.publish(head: Self.head(nights, keys: count))
  }

  private static func head(_ nights: [Night], keys: Int) -> [UInt8] {
    var words = [UInt64(nights.count), UInt64(keys)]
    for night in nights { words += [UInt64(bitPattern: night.run), UInt64(night.size)] }
    return mark + words.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
  }

  /// Hands over the keys of all indexes in the order they have here: whichever is the least of those
  /// that come next.
  private static func forEachKey(
    of indexes: [KeyIndexFile], _ body: (KeyHash) throws(HistoryError) -> Void
  ) throws(HistoryError) {
    var sources: [KeyReader] = []
    // A heap: each is no greater than the two at twice its place.
    var heap: [KeyHash] = []
    for (night, index) in indexes.enumerated() {
      sources.append(try KeyReader(index))
      if let key = try sources[night].next() { heap.append(key & ~nightBits | KeyHash(night)) }
    }
    heap.sort()
    var last: KeyHash?
    while let least = heap.first {
      // Two keys of one night may agree in the bits that are kept.
      if least != last { try body(least) }
      last = least
      let night = Int(least & nightBits)
      if let key = try sources[night].next() {
        heap[0] = key & ~nightBits | KeyHash(night)
      } else {
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
      }
      sink(&heap)
    }
  }

  /// Puts the first of a heap where it belongs.
  private static func sink(_ heap: inout [KeyHash]) {
    var place = 0
    while true {
      var least = 2 * place + 1
      if least + 1 < heap.count, heap[least + 1] < heap[least] { least += 1 }
      guard least < heap.count, heap[least] < heap[place] else { return }
      heap.swapAt(least, place)
      place = least
    }
  }

  // MARK: - Asking

  /// The nights it is made of, in order; none when there is no such file, or not a whole one.
  var nights: [Night] { (try? withPages { nights, _ throws(HistoryError) in nights }) ?? [] }

  /// Whether each of its runs is worth asking for any of the keys; nil when there is no such file, or not
  /// a whole one.
  func ask(_ wanted: SortedKeys) throws(HistoryError) -> [Int64: Bool]? {
    try withPages { nights, pages throws(HistoryError) in
      var promising = [Bool](repeating: false, count: nights.count)
      try pages.forEach(of: wanted, except: Self.nightBits) { key in
        let night = Int(key & Self.nightBits)
        if night < promising.count { promising[night] = true }
        return true
      }
      return Dictionary(zip(nights.map(\.run), promising), uniquingKeysWith: { $0 || $1 })
    }
  }

  /// Whether the file is what these nights give.
  func holds(_ nights: [Night], from indexes: [KeyIndexFile]) throws(HistoryError) -> Bool {
    try withPages { found, pages throws(HistoryError) in
      guard found == nights else { return false }
      var keys = Column<KeyHash>(capacity: pages.count)
      try Self.forEachKey(of: indexes) { keys.append($0) }
      var next = 0
      try pages.walk { key in
        guard next < keys.count, keys[next] == key else { return false }
        next += 1
        return true
      }
      return next == keys.count && next == pages.count
    } ?? false
  }

  /// - Returns: what `body` gives; nil when there is no such file, or not a whole one.
  private func withPages<Value>(
    _ body: ([Night], inout KeyPages) throws(HistoryError) -> Value
  ) throws(HistoryError) -> Value? {
    guard access(path, F_OK) == 0 else { return nil }
    let file = try OpenFile(path)
    let head = try file.read(at: 0, Self.headSize + 31 * Self.nightSize)
    guard head.count >= Self.headSize, head.starts(with: Self.mark),
      let nights = Int(exactly: head.number(at: 8)), (1...31).contains(nights)
    else { return nil }
    let start = Self.headSize + nights * Self.nightSize
    guard head.count >= start, let count = Int(exactly: head.number(at: 16)),
      file.size >= start, count == (file.size - start) / KeyPages.narrow,
      file.size == start + count * KeyPages.narrow
    else { return nil }
    let found = stride(from: Self.headSize, to: start, by: Self.nightSize).map { offset in
      Night(
        run: Int64(bitPattern: head.number(at: offset)),
        size: Int(truncatingIfNeeded: head.number(at: offset + 8)))
    }
    var pages = KeyPages(file, from: start, count: count)
    return try body(found, &pages)
  }
}

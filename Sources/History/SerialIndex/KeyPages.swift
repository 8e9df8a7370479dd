internal import Foundation
internal import Payments

/// Sorted keys in a file, read a page or a part at a time: a single key tells about where it stands.
struct KeyPages {
  private let file: OpenFile
  /// Where the first key stands.
  private let start: Int
  let count: Int
  /// Bytes from one key to the next.
  let width: Int
  /// The page read last, and the index of its first key.
  private var page: [KeyHash] = []
  private var first = 0

  /// Bytes of a key that has nothing beside it.
  static let narrow = MemoryLayout<KeyHash>.size
  /// Keys on a page.
  private static let pageSize = 256
  /// To look for one key takes as long as to walk along so many.
  private static let walkedMeanwhile = 512

  /// - Parameters:
  ///   - start: offset of the first key.
  ///   - width: bytes from one key to the next, each of which begins with it.
  init(_ file: OpenFile, from start: Int, count: Int, width: Int = narrow) {
    self.file = file
    self.start = start
    self.count = count
    self.width = width
  }

  /// Whether any of the keys is here: few are looked for one by one, many in one walk.
  mutating func containAny(of wanted: SortedKeys) throws(HistoryError) -> Bool {
    if wanted.keys.count < count / Self.walkedMeanwhile {
      for key in wanted.keys {
        let index = try firstIndex(of: key)
        if index < count, try self.key(at: index) == key { return true }
      }
      return false
    }
    var isFound = false
    try walkParts { part in
      isFound = wanted.containAny(of: part, every: width)
      return !isFound
    }
    return isFound
  }

  /// Hands over all keys in order, for as long as `body` wants more.
  func walk(_ body: (KeyHash) -> Bool) throws(HistoryError) {
    try walkParts { part in
      for offset in stride(from: 0, to: part.count, by: width) {
        let key = part.loadUnaligned(fromByteOffset: offset, as: KeyHash.self)
        if !body(KeyHash(littleEndian: key)) { return false }
      }
      return true
    }
  }

  /// Hands over all keys as they lie in the file, a part at a time, for as long as `body` wants more.
  private func walkParts(
    _ body: (UnsafeRawBufferPointer) -> Bool
  ) throws(HistoryError) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { room.deallocate() }
    let end = start + count * width
    var offset = start
    while offset < end {
      let got = try file.read(at: offset, into: room, most: end - offset)
      // A read that is cut short may end inside a key.
      let whole = got / width * width
      guard whole > 0 else { throw file.unusable }
      if !body(UnsafeRawBufferPointer(rebasing: room[..<whole])) { return }
      offset += whole
    }
  }

  /// The first place whose key is not smaller.
  ///
  /// Fingerprints are spread evenly, so a key tells about where it stands: mostly the first page read is
  /// the right one. Keys that are not spread are found by halving.
  private mutating func firstIndex(of key: KeyHash) throws(HistoryError) -> Int {
    var (low, high) = (0, count)
    var (least, most) = (UInt64(0), UInt64.max)
    var turn = 0
    while high - low > 0 {
      let span = most - least
      let share =
        turn < 4 && span > 0
        ? span.dividingFullWidth(
          (min(max(key, least), most) - least).multipliedFullWidth(by: UInt64(high - low))
        ).quotient : UInt64(high - low) / 2
      turn += 1
      let guess = low + Int(share)
      let start = max(low, min(guess - Self.pageSize / 2, high - Self.pageSize))
      try load(start)
      let (front, back) = (page[0], page[page.count - 1])
      if front >= key {
        (high, most) = (start, front)
      } else if back < key {
        (low, least) = (start + page.count, back)
      } else {
        return start + (page.firstIndex { $0 >= key } ?? page.count)
      }
    }
    return high
  }

  /// - Precondition: there is such a key.
  mutating func key(at index: Int) throws(HistoryError) -> KeyHash {
    if index < first || index >= first + page.count { try load(index) }
    return page[index - first]
  }

  /// Reads the page that begins with a key there is.
  private mutating func load(_ index: Int) throws(HistoryError) {
    let length = min(Self.pageSize, count - index) * width
    let bytes = try file.read(at: start + index * width, length)
    guard bytes.count == length else { throw file.unusable }
    first = index
    page.removeAll(keepingCapacity: true)
    for offset in stride(from: 0, to: length, by: width) {
      page.append(bytes.number(at: offset))
    }
  }
}

/// The keys of an index one after the other, each once.
struct KeyReader {
  private let index: KeyIndexFile
  private var pages: KeyPages
  private var place = 0
  private var last: KeyHash?

  /// There are no more keys than this.
  var most: Int { pages.count }

  init(_ index: KeyIndexFile) throws(HistoryError) {
    self.index = index
    pages = try index.withPages { pages throws(HistoryError) in pages }
  }

  /// - Throws: ``HistoryError/damaged(path:problem:advice:)`` where keys are not in order: whatever is made
  ///   of them could not be looked through.
  mutating func next() throws(HistoryError) -> KeyHash? {
    while place < pages.count {
      let key = try pages.key(at: place)
      place += 1
      if let last, key < last { throw index.unsorted }
      if key != last {
        last = key
        return key
      }
    }
    return nil
  }
}

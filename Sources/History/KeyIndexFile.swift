internal import Foundation
internal import Payments

/// The serial index of one run: every key of every row, sorted, in a file of its own.
///
/// 16 bytes a key: the key's fingerprint, then 24 bits of statement and 40 of row. A key is found by
/// some twenty reads; all keys of a night are found in one walk over the file.
struct KeyIndexFile {
  private static let width = 16
  let path: String

  /// Writes the index of a run's rows.
  ///
  /// - Parameter place: the statement of each row and its row there; nil for rows left out.
  static func write(
    _ entries: EntryTable, to path: String, place: (Int) -> KeyPlace?
  ) throws(HistoryError) {
    var keys: [(key: UInt64, place: UInt64)] = []
    for row in 0..<entries.count {
      guard let place = place(row) else { continue }
      let packed = UInt64(place.statement) << 40 | UInt64(place.row)
      for key in KeyIndexFile.keys(entries, row) { keys.append((key, packed)) }
    }
    keys.sort { ($0.key, $0.place) < ($1.key, $1.place) }
    var bytes = [UInt8]()
    bytes.reserveCapacity(keys.count * width)
    for (key, place) in keys {
      withUnsafeBytes(of: key.littleEndian) { bytes.append(contentsOf: $0) }
      withUnsafeBytes(of: place.littleEndian) { bytes.append(contentsOf: $0) }
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unusable(path: path, problem: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    guard bytes.withUnsafeBytes({ writeAll(descriptor, $0) }), fsync(descriptor) == 0 else {
      throw .unusable(path: path, problem: String(cString: strerror(errno)))
    }
  }

  /// The keys by which a row may be asked for, each once.
  static func keys(_ entries: EntryTable, _ row: Int) -> Set<KeyHash> {
    var keys: Set<KeyHash> = [
      entries.order[row], entries.serial[row], entries.own[row], entries.account[row],
      entries.student[row],
    ]
    // A refund is found by the payment it returns, even one made before the first night.
    if let original = entries.original[Int32(row)] { keys.insert(original) }
    keys.remove(0)
    return keys
  }

  /// Where a key occurs.
  func places(of key: KeyHash) throws(HistoryError) -> [KeyPlace] {
    let descriptor = try openFile()
    defer { close(descriptor) }
    let count = Int(lseek(descriptor, 0, SEEK_END)) / Self.width
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if Self.read(descriptor, middle).key < key { low = middle + 1 } else { high = middle }
    }
    var found: [KeyPlace] = []
    while low < count, case let (stored, place) = Self.read(descriptor, low), stored == key {
      found.append(KeyPlace(statement: Int(place >> 40), row: Int(place & 0xFF_FFFF_FFFF)))
      low += 1
    }
    return found
  }

  /// Whether any of the sorted keys occurs.
  ///
  /// Few keys are looked for one by one, many in one walk over the file. The file is mapped, so a
  /// year of indexes is read from the page cache and copied nowhere.
  func containsAny(of keys: [KeyHash]) throws(HistoryError) -> Bool {
    let descriptor = try openFile()
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let count = size / Self.width
    guard count > 0 else { return false }
    guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED
    else { throw .unusable(path: path, problem: String(cString: strerror(errno))) }
    defer { munmap(map, size) }
    let raw = UnsafeRawBufferPointer(start: map, count: count * Self.width)
    if keys.count * 32 < count {
      return keys.contains { key in
        let place = Self.firstIndex(of: key, raw, count)
        return place < count && Self.key(raw, at: place) == key
      }
    }
    var (mine, theirs) = (0, 0)
    while mine < keys.count, theirs < count {
      let stored = Self.key(raw, at: theirs)
      if stored == keys[mine] { return true }
      if stored < keys[mine] { theirs += 1 } else { mine += 1 }
    }
    return false
  }

  @inline(__always)
  private static func key(_ raw: UnsafeRawBufferPointer, at index: Int) -> KeyHash {
    KeyHash(littleEndian: raw.loadUnaligned(fromByteOffset: index * width, as: KeyHash.self))
  }

  /// The first place whose key is not smaller.
  private static func firstIndex(
    of key: KeyHash, _ raw: UnsafeRawBufferPointer, _ count: Int
  ) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if Self.key(raw, at: middle) < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func openFile() throws(HistoryError) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unusable(path: path, problem: String(cString: strerror(errno)))
    }
    return descriptor
  }

  private static func read(_ descriptor: Int32, _ index: Int) -> (key: UInt64, place: UInt64) {
    var pair: (UInt64, UInt64) = (0, 0)
    _ = withUnsafeMutableBytes(of: &pair) {
      pread(descriptor, $0.baseAddress, width, off_t(index * width))
    }
    return (UInt64(littleEndian: pair.0), UInt64(littleEndian: pair.1))
  }
}

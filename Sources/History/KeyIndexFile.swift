internal import Foundation
internal import Payments

/// The serial index of one run: every key of every row, sorted, in a file of its own.
///
/// A head of 16 bytes (a mark and the number of keys), then 16 bytes a key: its fingerprint, then 24
/// bits of statement and 40 of row. The file is mapped, so a year of indexes is read from the page
/// cache and copied nowhere. It holds nothing that the archive does not hold: one that is gone or cut
/// short is written anew from there.
struct KeyIndexFile {
  private static let width = 16
  private static let mark = Array("CRKEYS01".utf8)
  let path: String

  /// The index of a run's rows.
  ///
  /// - Parameter place: the statement of each row and its row there; nil for rows left out.
  static func bytes(_ entries: EntryTable, place: (Int) -> KeyPlace?) -> [UInt8] {
    var keys: [(key: UInt64, place: UInt64)] = []
    for row in 0..<entries.count {
      guard let place = place(row) else { continue }
      let packed = UInt64(place.statement) << 40 | UInt64(place.row)
      for key in KeyIndexFile.keys(entries, row) { keys.append((key, packed)) }
    }
    keys.sort { ($0.key, $0.place) < ($1.key, $1.place) }
    var bytes = mark
    bytes.reserveCapacity((keys.count + 1) * width)
    func append(_ number: UInt64) {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    append(UInt64(keys.count))
    for (key, place) in keys {
      append(key)
      append(place)
    }
    return bytes
  }

  /// Writes an index, all of it or none.
  func write(_ bytes: [UInt8]) throws(HistoryError) {
    let temporary = path + ".partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw unusable(temporary) }
    defer { close(descriptor) }
    guard bytes.withUnsafeBytes({ writeAll(descriptor, $0) }), fsync(descriptor) == 0,
      rename(temporary, path) == 0
    else {
      let failure = unusable(path)
      unlink(temporary)
      throw failure
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
    try withKeys { keys throws(HistoryError) in
      var found: [KeyPlace] = []
      var index = keys.firstIndex(of: key)
      while index < keys.count, keys[index] == key {
        let place = keys.place(at: index)
        found.append(KeyPlace(statement: Int(place >> 40), row: Int(place & 0xFF_FFFF_FFFF)))
        index += 1
      }
      return found
    }
  }

  /// Whether any of the sorted keys occurs: few are looked for one by one, many in one walk.
  func containsAny(of wanted: [KeyHash]) throws(HistoryError) -> Bool {
    try withKeys { keys throws(HistoryError) in
      if wanted.count * 32 < keys.count {
        return wanted.contains { key in
          let index = keys.firstIndex(of: key)
          return index < keys.count && keys[index] == key
        }
      }
      var (mine, theirs) = (0, 0)
      while mine < wanted.count, theirs < keys.count {
        let stored = keys[theirs]
        if stored == wanted[mine] { return true }
        if stored < wanted[mine] { theirs += 1 } else { mine += 1 }
      }
      return false
    }
  }

  /// Whether the file is there and as long as its head says.
  var isWhole: Bool { (try? withKeys { _ throws(HistoryError) in true }) ?? false }

  private func withKeys<Value>(
    _ body: (Keys) throws(HistoryError) -> Value
  ) throws(HistoryError) -> Value {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT {
        throw damaged(Wording(zh: "流水号索引不见了。", en: "the serial index is gone."))
      }
      throw unusable(path)
    }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let short = Wording(
      zh: "流水号索引不完整。", en: "the serial index is incomplete.")
    guard size >= Self.width else { throw damaged(short) }
    guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED
    else { throw unusable(path) }
    defer { munmap(map, size) }
    let raw = UnsafeRawBufferPointer(start: map, count: size)
    let count = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    guard raw.prefix(8).elementsEqual(Self.mark),
      count == UInt64(size / Self.width - 1), size % Self.width == 0
    else { throw damaged(short) }
    return try body(Keys(raw: raw, count: Int(count)))
  }

  private func unusable(_ path: String) -> HistoryError {
    .unusable(path: path, problem: String(cString: strerror(errno)))
  }

  private func damaged(_ problem: Wording) -> HistoryError {
    .damaged(
      path: path, problem: problem,
      advice: Wording(
        zh: "下一次 cardrecon run 会从归档重建它。",
        en: "The next cardrecon run rebuilds it from the archive."))
  }

  /// The sorted keys of a mapped index.
  private struct Keys {
    let raw: UnsafeRawBufferPointer
    let count: Int

    subscript(index: Int) -> KeyHash { number(at: (index + 1) * width) }

    func place(at index: Int) -> UInt64 { number(at: (index + 1) * width + 8) }

    /// The first place whose key is not smaller.
    func firstIndex(of key: KeyHash) -> Int {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if self[middle] < key { low = middle + 1 } else { high = middle }
      }
      return low
    }

    @inline(__always)
    private func number(at offset: Int) -> UInt64 {
      UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }
}

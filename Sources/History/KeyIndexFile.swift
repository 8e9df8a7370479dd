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

  /// A key and where it occurs, packed as in the file: numbers lie there as in memory, the lowest byte
  /// first, as on every machine Swift runs on.
  struct Key: Fingerprinted {
    var hash: KeyHash
    var place: UInt64

    static func < (left: Key, right: Key) -> Bool {
      left.hash != right.hash ? left.hash < right.hash : left.place < right.place
    }
  }

  /// The keys of a run's rows, sorted.
  ///
  /// - Parameter place: the statement of each row and its row there; nil for rows left out. Asked on
  ///   several threads at once.
  static func keys(_ entries: EntryTable, place: (Int) -> KeyPlace?) -> Column<Key> {
    sortedBySpread(entries.count) { row, add in handOver(entries, row, place, add) }
  }

  private static func handOver(
    _ entries: EntryTable, _ row: Int, _ place: (Int) -> KeyPlace?, _ add: (Key) -> Void
  ) {
    guard let place = place(row) else { return }
    let packed = UInt64(place.statement) << 40 | UInt64(place.row)
    forEachKey(of: entries, row) { add(Key(hash: $0, place: packed)) }
  }

  /// Writes the index of a run's rows, all of it or none: what ``keys(_:place:)`` gives, a part at a time.
  ///
  /// - Parameters:
  ///   - most: keys that are in memory at a time, as far as they can be told apart.
  ///   - place: as for ``keys(_:place:)``.
  func write(
    _ entries: EntryTable, most: Int = 1 << 21, place: (Int) -> KeyPlace?
  ) throws(HistoryError) {
    let written = withoutActuallyEscaping(place) { place in
      Result { () throws(HistoryError) in
        let sorter = SpreadSorter<Key>(entries.count) { row, add in
          Self.handOver(entries, row, place, add)
        }
        var keys = Column<Key>()
        var passes = sorter.passes(most)[...]
        try write(sorter.total) {
          guard let pieces = passes.popFirst() else { return nil }
          sorter.sort(pieces, into: &keys)
          return keys
        }
      }
    }
    try written.get()
  }

  /// Writes an index, all of it or none.
  func write(_ keys: Column<Key>) throws(HistoryError) {
    var rest: Column<Key>? = keys
    try write(keys.count) {
      defer { rest = nil }
      return rest
    }
  }

  /// - Parameters:
  ///   - count: how many keys there are.
  ///   - part: the next of them, in order; nil after the last.
  private func write(_ count: Int, _ part: () -> Column<Key>?) throws(HistoryError) {
    let temporary = path + ".partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw unusable(temporary) }
    defer { close(descriptor) }
    var isWritten = Self.head(count).withUnsafeBytes { writeAll(descriptor, $0) }
    while isWritten, let keys = part() {
      isWritten = keys.withUnsafeBufferPointer { keys in
        writeAll(descriptor, UnsafeRawBufferPointer(keys))
      }
    }
    guard isWritten, fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      let failure = unusable(path)
      unlink(temporary)
      throw failure
    }
  }

  /// Whether the file is the index of exactly these keys.
  func holds(_ keys: Column<Key>) -> Bool {
    let found = try? withKeys { found throws(HistoryError) in
      found.count == keys.count
        && keys.withUnsafeBufferPointer { found.areEqual(to: UnsafeRawBufferPointer($0)) }
    }
    return found ?? false
  }

  private static func head(_ count: Int) -> [UInt8] {
    mark + withUnsafeBytes(of: UInt64(count).littleEndian, Array.init)
  }

  /// Calls `body` with each key by which a row may be asked for, once.
  private static func forEachKey(
    of entries: EntryTable, _ row: Int, _ body: (KeyHash) -> Void
  ) {
    let (order, serial, own) = (entries.order[row], entries.serial[row], entries.own[row])
    let (account, student) = (entries.account[row], entries.student[row])
    if order != 0 { body(order) }
    if serial != 0, serial != order { body(serial) }
    if own != 0, own != order, own != serial { body(own) }
    if account != 0, account != order, account != serial, account != own { body(account) }
    if student != 0, student != order, student != serial, student != own, student != account {
      body(student)
    }
    // A refund is found by the payment it returns, even one made before the first night.
    guard !entries.original.isEmpty, let original = entries.original[Int32(row)], original != 0,
      ![order, serial, own, account, student].contains(original)
    else { return }
    body(original)
  }

  /// Where a key occurs.
  func places(of key: KeyHash) throws(HistoryError) -> [KeyPlace] {
    try withPages { pages throws(HistoryError) in
      var found: [KeyPlace] = []
      var index = try pages.firstIndex(of: key)
      while index < pages.count, let here = try pages.key(at: index), here.hash == key {
        found.append(
          KeyPlace(statement: Int(here.place >> 40), row: Int(here.place & 0xFF_FFFF_FFFF)))
        index += 1
      }
      return found
    }
  }

  /// Whether any of the keys occurs: few are looked for one by one, many in one walk.
  func containsAny(of wanted: SortedKeys) throws(HistoryError) -> Bool {
    if wanted.keys.count <= Self.few {
      return try withPages { pages throws(HistoryError) in
        for key in wanted.keys {
          let index = try pages.firstIndex(of: key)
          if index < pages.count, try pages.key(at: index)?.hash == key { return true }
        }
        return false
      }
    }
    return try withKeys { keys throws(HistoryError) in
      if wanted.keys.count * 32 < keys.count {
        return wanted.keys.contains { key in
          let index = keys.firstIndex(of: key)
          return index < keys.count && keys[index] == key
        }
      }
      return (0..<keys.count).contains { wanted.contains(keys[$0]) }
    }
  }

  /// Up to so many keys are looked for by reading the pages they must be on: over ten years of nights,
  /// mapping every index takes longer than looking into it.
  private static let few = 64

  /// Whether the file is there and as long as its head says.
  var isWhole: Bool { (try? withKeys { _ throws(HistoryError) in true }) ?? false }

  private func withKeys<Value>(
    _ body: (Keys) throws(HistoryError) -> Value
  ) throws(HistoryError) -> Value {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw damaged(Self.gone) }
      throw unusable(path)
    }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    guard size >= Self.width else { throw damaged(Self.short) }
    guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED
    else { throw unusable(path) }
    defer { munmap(map, size) }
    let raw = UnsafeRawBufferPointer(start: map, count: size)
    let count = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    guard raw.prefix(8).elementsEqual(Self.mark),
      count == UInt64(size / Self.width - 1), size % Self.width == 0
    else { throw damaged(Self.short) }
    return try body(Keys(raw: raw, count: Int(count)))
  }

  /// Opens the index and checks its head.
  private func withPages<Value>(
    _ body: (inout Pages) throws(HistoryError) -> Value
  ) throws(HistoryError) -> Value {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw damaged(Self.gone) }
      throw unusable(path)
    }
    defer { close(descriptor) }
    var pages = Pages(descriptor: descriptor, failure: unusable)
    let head = try pages.read(at: 0, Self.width)
    guard head.count == Self.width, head.prefix(8).elementsEqual(Self.mark) else {
      throw damaged(Self.short)
    }
    let count = head.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    guard count == UInt64(max(0, size / Self.width - 1)), size % Self.width == 0 else {
      throw damaged(Self.short)
    }
    pages.count = Int(count)
    return try body(&pages)
  }

  private static let gone = Wording(zh: "流水号索引不见了。", en: "the serial index is gone.")
  private static let short = Wording(
    zh: "流水号索引不完整。", en: "the serial index is incomplete.")

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

    func areEqual(to others: UnsafeRawBufferPointer) -> Bool {
      guard let mine = raw.baseAddress, let theirs = others.baseAddress else { return count == 0 }
      return memcmp(mine + width, theirs, others.count) == 0
    }

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

  /// The sorted keys of an index, read page by page.
  private struct Pages {
    let descriptor: Int32
    let failure: (String) -> HistoryError
    var count = 0
    /// The page read last, and the index of its first key.
    private var page: [Key] = []
    private var first = 0
    /// Keys on a page of four kilobytes.
    private static let size = 256

    init(descriptor: Int32, failure: @escaping (String) -> HistoryError) {
      self.descriptor = descriptor
      self.failure = failure
    }

    /// The first place whose key is not smaller.
    ///
    /// Fingerprints are spread evenly, so a key tells about where it stands: mostly the first page read
    /// is the right one. Keys that are not spread are found by halving.
    mutating func firstIndex(of key: KeyHash) throws(HistoryError) -> Int {
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
        let start = max(low, min(guess - Pages.size / 2, high - Pages.size))
        try load(start)
        guard let front = page.first, let back = page.last else { return high }
        if front.hash >= key {
          (high, most) = (start, front.hash)
        } else if back.hash < key {
          (low, least) = (start + page.count, back.hash)
        } else {
          return start + (page.firstIndex { $0.hash >= key } ?? page.count)
        }
      }
      return high
    }

    mutating func key(at index: Int) throws(HistoryError) -> Key? {
      if index < first || index >= first + page.count { try load(index) }
      return index - first < page.count ? page[index - first] : nil
    }

    private mutating func load(_ start: Int) throws(HistoryError) {
      let bytes = try read(
        at: (start + 1) * width, min(Pages.size, max(0, count - start)) * width)
      first = start
      page = bytes.withUnsafeBytes { raw in
        stride(from: 0, to: raw.count - width + 1, by: width).map { offset in
          Key(
            hash: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
            place: UInt64(
              littleEndian: raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
        }
      }
    }

    func read(at offset: Int, _ length: Int) throws(HistoryError) -> [UInt8] {
      var failed = false
      let bytes = [UInt8](unsafeUninitializedCapacity: length) { room, filled in
        let got = pread(descriptor, room.baseAddress, length, off_t(offset))
        failed = got < 0
        filled = max(0, got)
      }
      if failed { throw failure("") }
      return bytes
    }
  }
}

internal import Foundation
internal import Payments

/// The serial index of one run: every key of every row, sorted, in a file of its own.
///
/// A head of 16 bytes (a mark and the number of keys), then 16 bytes a key: its fingerprint, then 24
/// bits of statement and 40 of row. It is read a page or a part at a time: a single key tells about where it
/// stands. It holds nothing that the archive does not hold: one that is gone or cut
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
  ///   - most: keys that are in memory at a time, as far as they can be told apart; but a sixth of all at
  ///     least, as every part goes through all rows again.
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
        var passes = sorter.passes(max(most, sorter.total / 6))[...]
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
    let found = try? withPages { pages throws(HistoryError) in
      guard pages.count == keys.count else { return false }
      var (offset, isSame) = (0, true)
      try pages.walk { part in
        isSame = keys.withUnsafeBufferPointer { keys in
          guard let mine = UnsafeRawPointer(keys.baseAddress), let theirs = part.baseAddress else {
            return part.isEmpty
          }
          return memcmp(mine + offset, theirs, part.count) == 0
        }
        offset += part.count
        return isSame
      }
      return isSame
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
    try withPages { pages throws(HistoryError) in
      if wanted.keys.count <= Self.few || wanted.keys.count * 32 < pages.count {
        for key in wanted.keys where try pages.holds(key) { return true }
        return false
      }
      return try pages.containAny(of: wanted)
    }
  }

  /// Up to so many keys are looked for by reading the pages they must be on.
  private static let few = 64

  /// Whether the file is there and as long as its head says.
  var isWhole: Bool { (try? withPages { _ throws(HistoryError) in true }) ?? false }

  private func withPages<Value>(
    _ body: (inout Pages) throws(HistoryError) -> Value
  ) throws(HistoryError) -> Value {
    try opened { descriptor, size throws(HistoryError) in
      var pages = Pages(descriptor: descriptor) { unusable(path) }
      let head = try pages.read(at: 0, Self.width)
      let found = head.withUnsafeBytes { raw in
        Result { () throws(HistoryError) in try count(in: raw, of: size) }
      }
      pages.count = try found.get()
      return try body(&pages)
    }
  }

  /// Opens the index; `body` is given its size too.
  private func opened<Value>(
    _ body: (Int32, Int) throws(HistoryError) -> Value
  ) throws(HistoryError) -> Value {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw damaged(Self.gone) }
      throw unusable(path)
    }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    guard size >= Self.width else { throw damaged(Self.short) }
    return try body(descriptor, size)
  }

  /// The number of keys as the head says and the size confirms.
  private func count(
    in head: UnsafeRawBufferPointer, of size: Int
  ) throws(HistoryError) -> Int {
    guard head.count >= Self.width, head.prefix(8).elementsEqual(Self.mark) else {
      throw damaged(Self.short)
    }
    let count = UInt64(littleEndian: head.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    guard count == UInt64(size / Self.width - 1), size % Self.width == 0 else {
      throw damaged(Self.short)
    }
    return Int(count)
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

  /// The sorted keys of an index, read page by page.
  private struct Pages {
    let descriptor: Int32
    let failure: () -> HistoryError
    var count = 0
    /// The page read last, and the index of its first key.
    private var page: [Key] = []
    private var first = 0
    /// Keys on a page of four kilobytes.
    private static let size = 256

    init(descriptor: Int32, failure: @escaping () -> HistoryError) {
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

    mutating func holds(_ key: KeyHash) throws(HistoryError) -> Bool {
      let index = try firstIndex(of: key)
      guard index < count, let found = try self.key(at: index) else { return false }
      return found.hash == key
    }

    /// Whether any of many keys is here, in one walk.
    func containAny(of wanted: SortedKeys) throws(HistoryError) -> Bool {
      var isFound = false
      try walk { part in
        isFound = wanted.containAny(of: part, every: width)
        return !isFound
      }
      return isFound
    }

    /// Hands over all keys as they lie in the file, a part at a time, for as long as `body` wants more.
    func walk(_ body: (UnsafeRawBufferPointer) -> Bool) throws(HistoryError) {
      let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
      defer { room.deallocate() }
      let end = (count + 1) * width
      var offset = width
      while offset < end {
        let got = pread(descriptor, room.baseAddress, min(room.count, end - offset), off_t(offset))
        // A read that is cut short may end inside a key.
        let whole = max(0, got) / width * width
        guard whole > 0 else { throw failure() }
        if !body(UnsafeRawBufferPointer(rebasing: room[..<whole])) { return }
        offset += whole
      }
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
      if failed { throw failure() }
      return bytes
    }
  }
}

internal import Columns
internal import Foundation
internal import Payments

/// The serial index of one run: every key of its own rows once, sorted, in a file of its own.
///
/// A head of 16 bytes (a mark and the number of keys), then 8 bytes a key: its fingerprint. Indexes of
/// before told the row of each key too, in 8 bytes more and as often as it occurred; they are read as they are. It
/// holds nothing that the archive does not hold: one that is gone or cut short is written anew from
/// there.
struct KeyIndexFile {
  private static let mark = Array("CRKEYS02".utf8)
  private static let markWithRows = Array("CRKEYS01".utf8)
  private static let headSize = 16
  let path: String

  init(path: String) { self.path = path }

  /// The name a new run's index gets: one that nothing has. A history that is restored or begun anew gives
  /// the numbers of runs again, and what another run wrote may be wanted again with it.
  static func newName(ofRun run: Int64, in folder: StateFolder) -> String {
    var name = usualName(ofRun: run)
    var turn = 0
    while access(folder.index(name), F_OK) == 0 {
      turn += 1
      name = "\(run)-\(turn).keys"
    }
    return name
  }

  /// What the index of a run is called unless there is another of that name.
  static func usualName(ofRun run: Int64) -> String { "\(run).keys" }

  // MARK: - Writing

  /// The keys of the rows for which `isOwn` holds, sorted, each once.
  ///
  /// - Parameter isOwn: whether a row is the run's own, and no context; asked on several threads at once.
  static func keys(_ entries: EntryTable, isOwn: (Int) -> Bool) -> Column<KeyHash> {
    var keys = sortedBySpread(entries.count) { row, add in
      if isOwn(row) { forEachKey(of: entries, row, add) }
    }
    keys.removeRepeated()
    return keys
  }

  /// Writes the index of a run's rows, all of it or none: what ``keys(_:isOwn:)`` gives, a part at a time.
  ///
  /// - Parameters:
  ///   - most: keys that are in memory at a time, as far as they can be told apart; as every part goes
  ///     through all rows again, there are two at most, or six where memory is short.
  ///   - isOwn: as for ``keys(_:isOwn:)``.
  func write(
    _ entries: EntryTable, most: Int = MemoryBudget.limit == .max ? 1 << 24 : 1 << 21,
    isOwn: (Int) -> Bool
  ) throws(HistoryError) {
    let parts = MemoryBudget.limit == .max ? 2 : 6
    let written = withoutActuallyEscaping(isOwn) { isOwn in
      Result { () throws(HistoryError) in
        let sorter = SpreadSorter<KeyHash>(entries.count) { row, add in
          if isOwn(row) { Self.forEachKey(of: entries, row, add) }
        }
        var keys = Column<KeyHash>()
        var passes = sorter.passes(max(most, sorter.total / parts))[...]
        try write {
          guard let pieces = passes.popFirst() else { return nil }
          sorter.sort(pieces, into: &keys)
          // Equal keys are in one piece.
          keys.removeRepeated()
          return keys
        }
      }
    }
    try written.get()
  }

  /// Writes an index, all of it or none.
  func write(_ keys: Column<KeyHash>) throws(HistoryError) {
    var rest: Column<KeyHash>? = keys
    try write {
      defer { rest = nil }
      return rest
    }
  }

  /// - Parameter part: the next keys, in order; nil after the last.
  private func write(_ part: () -> Column<KeyHash>?) throws(HistoryError) {
    let file = try IndexWriter(path)
    var count = 0
    // How many there are is known at the end.
    try file.append(Self.head(0))
    while let keys = part() {
      count += keys.count
      try file.append(keys)
    }
    try file.publish(head: Self.head(count))
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
    entries.forEachKeylessKey(row, body)
    // A refund is found by the payment it returns, even one made before the first night.
    guard !entries.original.isEmpty, let original = entries.original[Int32(row)], original != 0,
      ![order, serial, own, account, student].contains(original)
    else { return }
    body(original)
  }

  // MARK: - Asking

  /// Whether any of the keys occurs.
  func containsAny(of wanted: SortedKeys) throws(HistoryError) -> Bool {
    try withPages { pages throws(HistoryError) in try pages.containAny(of: wanted) }
  }

  /// Whether the file is the index of exactly these keys.
  func holds(_ keys: Column<KeyHash>) -> Bool {
    let found = try? withPages { pages throws(HistoryError) in
      var (next, isSame) = (0, true)
      var last: KeyHash?
      try pages.walk { key in
        // An index of before names a key as often as it occurs.
        if key == last, pages.width > KeyPages.narrow { return true }
        isSame = next < keys.count && keys[next] == key
        (next, last) = (next + 1, key)
        return isSame
      }
      return isSame && next == keys.count
    }
    return found ?? false
  }

  /// Whether the file is there and as long as its head says.
  var isWhole: Bool { (try? withPages { _ throws(HistoryError) in true }) ?? false }

  /// Whether it is whole and its keys follow each other as they should.
  var isInOrder: Bool {
    do {
      var keys = try KeyReader(self)
      while try keys.next() != nil {}
      return true
    } catch {
      return false
    }
  }

  /// Opens the index and hands over its keys.
  func withPages<Value>(
    _ body: (inout KeyPages) throws(HistoryError) -> Value
  ) throws(HistoryError) -> Value {
    guard access(path, F_OK) == 0 || errno != ENOENT else { throw damaged(Self.gone) }
    let file = try OpenFile(path)
    let head = try file.read(at: 0, Self.headSize)
    guard head.count == Self.headSize else { throw damaged(Self.short) }
    let width: Int
    switch Array(head[..<8]) {
    case Self.mark: width = KeyPages.narrow
    case Self.markWithRows: width = KeyPages.narrow * 2
    default: throw damaged(Self.short)
    }
    let count = (file.size - Self.headSize) / width
    guard UInt64(count) == head.number(at: 8), file.size == Self.headSize + count * width else {
      throw damaged(Self.short)
    }
    var pages = KeyPages(file, from: Self.headSize, count: count, width: width)
    return try body(&pages)
  }

  private static let gone = Wording(zh: "流水号索引不见了。", en: "the serial index is gone.")
  private static let short = Wording(
    zh: "流水号索引不完整。", en: "the serial index is incomplete.")

  /// Its keys do not follow each other as they should.
  var unsorted: HistoryError {
    .damaged(
      path: path, problem: Wording(zh: "流水号索引次序错乱。", en: "the serial index is out of order."),
      advice: Wording(
        zh: "删除它，下一次 cardrecon run 会从归档重建它。",
        en: "Delete it; the next cardrecon run rebuilds it from the archive."))
  }

  private func damaged(_ problem: Wording) -> HistoryError {
    .damaged(
      path: path, problem: problem,
      advice: Wording(
        zh: "下一次 cardrecon run 会从归档重建它。",
        en: "The next cardrecon run rebuilds it from the archive."))
  }
}

extension Column<KeyHash> {
  /// Leaves one of equal keys that lie side by side.
  fileprivate mutating func removeRepeated() {
    let kept = withUnsafeMutableBufferPointer { keys in
      guard var last = keys.first else { return 0 }
      var kept = 1
      for key in keys.dropFirst() where key != last {
        keys[kept] = key
        (kept, last) = (kept + 1, key)
      }
      return kept
    }
    removeLast(count - kept)
  }
}

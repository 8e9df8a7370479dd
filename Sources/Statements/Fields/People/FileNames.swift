internal import Columns
internal import Payments
internal import Synchronization

/// The names of three characters or more, or of two Latin words, in a file's columns of names, as fingerprints while it is read.
struct NameHarvest: Sendable {
  /// One a name at least; the same may stand there several times.
  private(set) var names: [KeyHash] = []
  /// The last name of each value of a fingerprint's low bits: most rows have been there before.
  private var recent = [KeyHash](repeating: 0, count: 256)

  /// Notes a column's value.
  ///
  /// - Parameter shortest: bytes of three Chinese characters.
  @inline(__always)
  mutating func note(_ text: UnsafeRawBufferPointer, shortest: Int) {
    guard let first = text.first else { return }
    if first >= 0x80 {
      if text.count < shortest { return }
    } else {
      // Two Latin words and more; one alone is a login as often as a name.
      guard (first | 0x20) &- 0x61 < 26, text.count >= 5, text.contains(0x20) else { return }
    }
    let name = fingerprint(text)
    let place = Int(truncatingIfNeeded: name & 255)
    if recent[place] == name { return }
    recent[place] = name
    names.append(name)
  }

  /// Adds those of the stretch of the file that follows.
  mutating func append(_ next: NameHarvest) { names += next.names }
}

/// The names of a file, for asking whether some characters are one; laid out when somebody first asks.
final class FileNames: Sendable {
  private let encoding: TextEncoding
  private let names: [KeyHash]
  private let table = Mutex<[KeyHash]>([])

  init(_ names: [KeyHash], _ encoding: TextEncoding) {
    (self.names, self.encoding) = (names, encoding)
  }

  /// Whether some UTF-8 text is a name.
  func holds(_ text: UnsafeRawBufferPointer) -> Bool {
    if names.isEmpty { return false }
    let name =
      encoding == .utf8
      ? fingerprint(text)
      : encoding.encode(String(decoding: text, as: UTF8.self)).withUnsafeBytes { fingerprint($0) }
    return table.withLock { table in
      if table.isEmpty { FileNames.fill(&table, names) }
      var place = FileNames.place(name, table.count)
      while table[place] != 0 {
        if table[place] == name { return true }
        place = (place + 1) & (table.count - 1)
      }
      return false
    }
  }

  private static func place(_ name: KeyHash, _ count: Int) -> Int {
    Int(truncatingIfNeeded: name >> 7) & (count - 1)
  }

  private static func fill(_ table: inout [KeyHash], _ names: [KeyHash]) {
    table = [KeyHash](
      repeating: 0, count: 1 << (Int.bitWidth - (names.count * 2).leadingZeroBitCount))
    for name in names where name != 0 {
      var place = place(name, table.count)
      while table[place] != 0, table[place] != name { place = (place + 1) & (table.count - 1) }
      table[place] = name
    }
  }
}

/// The orders and serials of a night, for asking whether digits in a text are one.
///
/// Few texts hold any that could be a person's; a table is made when the first does, and their columns are let go of.
/// It keeps 31 bits of a key where it stands by the others: one number in a billion is taken for a key that is none.
final class NightKeys: Sendable {
  private enum Keys {
    case columns([Column<KeyHash>])
    /// The upper halves of all keys by their lower halves, at least half of the places empty.
    case table([UInt32])
  }

  private let keys: Mutex<Keys>

  init(_ table: EntryTable) { keys = Mutex(.columns([table.order, table.serial, table.own])) }

  /// Whether digits, as UTF-8, are one.
  func hold(_ digits: UnsafeRawBufferPointer) -> Bool {
    let key = keyHash(digits, .utf8)
    guard key != 0 else { return false }
    return keys.withLock { keys in
      if case .columns(let columns) = keys { keys = .table(NightKeys.table(columns)) }
      guard case .table(let table) = keys else { return false }
      return table[NightKeys.place(of: key, in: table)] != 0
    }
  }

  /// What is kept of a key; never 0.
  private static func half(_ key: KeyHash) -> UInt32 { UInt32(truncatingIfNeeded: key >> 32) | 1 }

  /// Where a key stands, or would.
  private static func place(of key: KeyHash, in table: [UInt32]) -> Int {
    var place = Int(truncatingIfNeeded: key) & (table.count - 1)
    while table[place] != 0, table[place] != half(key) { place = (place + 1) & (table.count - 1) }
    return place
  }

  private static func table(_ columns: [Column<KeyHash>]) -> [UInt32] {
    let count = columns.reduce(1) { $0 + $1.count }
    var table = [UInt32](
      repeating: 0, count: 1 << (Int.bitWidth - (count * 2).leadingZeroBitCount))
    // Both books have the same orders: a key is kept once.
    for column in columns {
      for key in column where key != 0 { table[place(of: key, in: table)] = half(key) }
    }
    return table
  }
}

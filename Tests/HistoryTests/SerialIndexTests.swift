import Columns
import Foundation
import GRDB
import Payments
import Testing

@testable import History

/// Which nights know a serial: by their own indexes and by those of months.
@Suite("Serial indexes")
struct SerialIndexTests {
  private let folder: StateFolder

  init() throws {
    folder = try StateFolder(
      FileManager.default.temporaryDirectory.path + "/cardrecon-indexes-\(UUID())")
  }

  private func table(_ keys: [KeyHash]) -> EntryTable {
    var table = EntryTable()
    for key in keys { table.append(Entry(kind: .payment, fen: 1, time: 1, serial: key)) }
    return table
  }

  private func record(_ keys: [KeyHash], on day: BusinessDay, in store: HistoryStore) throws {
    var night = NightRecord(day: day, configuration: "c", program: "p", verdict: .balanced)
    night.reports = ["report.json": "\(keys)"]
    try store.record(night, entries: table(keys)) { _ in true }
  }

  private func day(_ text: String) throws -> BusinessDay { try #require(BusinessDay(text)) }

  /// Keys that differ from each other in no simple way.
  private func mixed(_ number: Int) -> KeyHash {
    var key = KeyHash(number + 1) &* 0x9E37_79B9_7F4A_7C15
    key ^= key >> 29
    return key &* 0xBF58_476D_1CE4_E5B9
  }

  @Test("A key is found in the nights it occurs in, a rerun replacing its night")
  func keys() throws {
    let store = try HistoryStore(folder)
    let (first, second) = (BusinessDay(number: 20_000), BusinessDay(number: 20_001))
    try record([7, 9, 9, 3], on: first, in: store)
    try record([9, .max], on: second, in: store)
    #expect(try store.serialIndexes().days(withAny: [9]) == [first, second])
    #expect(try store.serialIndexes().days(withAny: [.max]) == [second])
    #expect(try store.serialIndexes().days(withAny: [8]).isEmpty)
    #expect(try store.serialIndexes().days(withAny: [3, 8, .max]) == [first, second])
    #expect(try store.serialIndexes(before: first).days(withAny: [7]).isEmpty)
    try record([5], on: first, in: store)
    #expect(try store.serialIndexes().days(withAny: [7]).isEmpty)
    #expect(try store.days() == [first, second])
  }

  @Test("Context is not indexed")
  func context() throws {
    let keys = KeyIndexFile.keys(table([1, 2, 3])) { $0 != 1 }
    #expect(keys.elementsEqual([1, 3]))
  }

  @Test(
    "An index holds every key once, in order, however its keys are spread",
    arguments: [0, 1, 100, 70_000], [UInt64.max, 0xFF, 0, 0xFFFF_0000_0000_0000])
  func sorted(count: Int, mask: UInt64) throws {
    var keys: [KeyHash] = []
    for number in 0..<UInt64(count) {
      keys.append((number &* 0x9E37_79B9_7F4A_7C15 ^ number << 7) & mask)
    }
    var table = EntryTable()
    for key in keys { table.append(Entry(kind: .payment, fen: 1, time: 1, order: key)) }
    let found = KeyIndexFile.keys(table) { _ in true }
    let expected = Set(keys).subtracting([0]).sorted()
    #expect(found.elementsEqual(expected))
    #expect(SortedKeys(keys).keys.elementsEqual(expected))
    let file = KeyIndexFile(path: folder.index("tried.keys"))
    try file.write(found)
    #expect(file.isWhole && file.holds(found))
    // Written a part at a time it is the same.
    for most in [1, 1_000, .max] {
      try file.write(table, most: most) { _ in true }
      #expect(file.isWhole && file.holds(found))
    }
    // Every key is found, and none that is not there, however they are spread and many are asked for.
    let known = Set(keys)
    for key in expected.enumerated().filter({ $0.offset % 61 == 0 }).map(\.element) {
      #expect(try file.containsAny(of: SortedKeys([key])))
      for stranger in [key &+ 1, key &- 1] where stranger != 0 && !known.contains(stranger) {
        #expect(try !file.containsAny(of: SortedKeys([stranger])))
      }
    }
    let strangers = (0..<1_000).map { mixed($0) }.filter { !known.contains($0) }
    #expect(try !file.containsAny(of: SortedKeys(strangers)))
    if let last = expected.last {
      #expect(try file.containsAny(of: SortedKeys(strangers + [last])))
      var other = found
      other[other.count - 1] ^= 1
      #expect(!file.holds(other))
    }
  }

  @Test("An index of before, which told rows too, is read as it is")
  func indexWithRows() throws {
    let keys = (0..<3_000).map(mixed).sorted()
    var bytes = Array("CRKEYS01".utf8)
    func add(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    // Each key twice, in two rows.
    add(UInt64(keys.count * 2))
    for key in keys { for row in 0..<2 as Range<UInt64> { add(key); add(row) } }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.index("old.keys")))
    let file = KeyIndexFile(path: folder.index("old.keys"))
    #expect(file.isWhole && file.holds(Column(keys)))
    #expect(!file.holds(Column(keys.dropLast())))
    for key in [keys[0], keys[1_500], keys[2_999]] {
      #expect(try file.containsAny(of: SortedKeys([key])))
      #expect(try !file.containsAny(of: SortedKeys([key ^ 1])))
    }
    var reader = try KeyReader(file)
    var read: [KeyHash] = []
    while let key = try reader.next() { read.append(key) }
    #expect(read == keys)
  }

  @Test("Months that are over are put together, and answer as their nights do")
  func months() throws {
    let store = try HistoryStore(folder)
    let first = try day("2026-08-25")
    // Nights of 300 keys, of which one in three is the next night's too.
    let nights: [(day: BusinessDay, keys: [KeyHash])] = (0..<40).map { night in
      (first.adding(Int32(night)), (0..<300).map { mixed(night * 200 + $0) })
    }
    for night in nights { try record(night.keys, on: night.day, in: store) }
    // Two keys that agree in all the month's index keeps of them.
    let twin = nights[3].keys[10] ^ 1
    func days(_ keys: [KeyHash], before: BusinessDay? = nil) -> [BusinessDay] {
      nights.filter { night in
        before.map { night.day < $0 } ?? true && !Set(keys).isDisjoint(with: night.keys)
      }.map(\.day)
    }
    func expectAnswers() throws {
      for keys in [
        [nights[3].keys[10]], [twin], [nights[39].keys[299], nights[0].keys[0]],
        nights.map { $0.keys[0] }, (0..<2_000).map { mixed(3_950 + $0) }, [mixed(1 << 40)],
      ] {
        #expect(try store.serialIndexes().days(withAny: keys) == days(keys))
        let before = try day("2026-09-10")
        #expect(
          try store.serialIndexes(before: before).days(withAny: keys) == days(keys, before: before))
      }
    }
    try expectAnswers()
    func gathered() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/index").filter {
        $0.hasSuffix(".nights")
      }.sorted()
    }
    // A month is put together once it is over.
    #expect(try store.gatherIndexes(before: try day("2026-09-30")).isEmpty)
    #expect(try gathered() == ["2026-08.nights"])
    #expect(try store.gatherIndexes(before: try day("2026-10-04")).isEmpty)
    #expect(try gathered() == ["2026-08.nights", "2026-09.nights"])
    try expectAnswers()
    #expect(try store.verifyMonthIndexes() == [])
    #expect(try store.daysWithoutIndex().isEmpty)
    // Nights that are told not to know a key are not opened.
    let path = folder.index("2026-09.nights")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try FileManager.default.removeItem(atPath: folder.index("20.keys"))
    #expect(
      try store.serialIndexes().days(withAny: [nights[30].keys[5]]) == days([nights[30].keys[5]]))
    #expect(try store.daysWithoutIndex() == [nights[19].day])
    // What is built anew is put together anew.
    try store.rebuildIndex(of: nights[19].day, entries: table(nights[19].keys)) { _ in true }
    #expect(try gathered() == ["2026-08.nights"])
    #expect(try store.daysWithoutIndex().isEmpty)
    #expect(try store.gatherIndexes(before: try day("2026-10-04")).isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
    // One that is changed is found out, one that is cut short is not used.
    var changed = whole
    changed[whole.count - 1] ^= 1
    try changed.write(to: URL(fileURLWithPath: path))
    #expect(try store.verifyMonthIndexes().map(\.subject) == [path])
    // Of one that contradicts itself nothing is believed.
    changed = whole
    for place in 600..<800 { changed[place] = 0xFF }
    try changed.write(to: URL(fileURLWithPath: path))
    try expectAnswers()
    try whole.dropLast().write(to: URL(fileURLWithPath: path))
    try expectAnswers()
    try Data("CRMONTH1".utf8).write(to: URL(fileURLWithPath: path))
    try expectAnswers()
    #expect(try store.gatherIndexes(before: try day("2026-10-04")).isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
  }

  @Test("A night's index that is damaged is not put together with others, and is named")
  func damagedNight() throws {
    let store = try HistoryStore(folder)
    let first = try day("2026-09-01")
    for night in 0..<3 {
      try record(
        (0..<300).map { mixed(night * 300 + $0) }, on: first.adding(Int32(night)), in: store)
    }
    // A key in the middle is as large as none after it.
    let path = URL(fileURLWithPath: folder.index("2.keys"))
    let whole = try Data(contentsOf: path)
    var changed = whole
    changed[16 + 5 * 8 + 7] = 0xFF
    try changed.write(to: path)
    let later = try day("2026-10-01")
    #expect(try store.gatherIndexes(before: later) == [first.adding(1)])
    #expect(!FileManager.default.fileExists(atPath: folder.index("2026-09.nights")))
    try store.rebuildIndex(
      of: first.adding(1), entries: table((300..<600).map(mixed))
    ) { _ in true }
    #expect(try Data(contentsOf: path) == whole)
    #expect(try store.gatherIndexes(before: later).isEmpty)
    for night in 0..<3 {
      for key in 0..<300 {
        let found = try store.serialIndexes().days(withAny: [mixed(night * 300 + key)])
        #expect(found == [first.adding(Int32(night))])
      }
    }
    // One with a damaged head is found, though it is as long as it was.
    changed = whole
    changed[0] ^= 1
    try changed.write(to: path)
    #expect(try store.daysWithoutIndex() == [first.adding(1)])
  }

  @Test("A history that is put back finds what its own runs wrote")
  func putBack() throws {
    let first = try day("2026-09-01")
    let database = URL(fileURLWithPath: folder.database)
    var kept = Data()
    do {
      let store = try HistoryStore(folder)
      for night in 0..<3 { try record([mixed(night)], on: first.adding(Int32(night)), in: store) }
      kept = try Data(contentsOf: database)
    }
    try FileManager.default.removeItem(at: database)
    do {
      let other = try HistoryStore(folder)
      for night in 0..<3 {
        try record([mixed(50 + night)], on: first.adding(Int32(night)), in: other)
      }
      #expect(try other.serialIndexes().days(withAny: [mixed(51)]) == [first.adding(1)])
      #expect(try other.serialIndexes().days(withAny: [mixed(1)]).isEmpty)
    }
    try kept.write(to: database)
    let store = try HistoryStore(folder)
    for _ in 0..<2 {
      for night in 0..<3 {
        let found = try store.serialIndexes().days(withAny: [mixed(night)])
        #expect(found == [first.adding(Int32(night))])
      }
      #expect(try store.gatherIndexes(before: try day("2026-10-01")).isEmpty)
    }
  }

  @Test("An index that goes out of order after its month was put together is named")
  func disorder() throws {
    let store = try HistoryStore(folder)
    let first = try day("2026-09-01")
    for night in 0..<2 {
      try record((0..<9).map { mixed(night * 9 + $0) }, on: first.adding(Int32(night)), in: store)
    }
    #expect(try store.gatherIndexes(before: try day("2026-10-01")).isEmpty)
    let path = URL(fileURLWithPath: folder.index("2.keys"))
    var changed = try Data(contentsOf: path)
    changed[16 + 8 + 7] = 0xFF
    try changed.write(to: path)
    #expect(try store.verifyMonthIndexes().map(\.subject) == [path.path])
    try FileManager.default.removeItem(at: path)
    #expect(try store.daysWithoutIndex() == [first.adding(1)])
  }

  @Test("A history begun anew, or restored, does not believe what was put together for another")
  func begunAnew() throws {
    let first = try day("2026-09-01")
    let later = try day("2026-10-01")
    for keys in [0, 1_000, 2_000] {
      let store = try HistoryStore(folder)
      for night in 0..<30 {
        try record([mixed(keys + night)], on: first.adding(Int32(night)), in: store)
      }
      // The runs have the numbers they had before.
      for night in 0..<30 {
        #expect(
          try store.serialIndexes().days(withAny: [mixed(keys + night)])
            == [first.adding(Int32(night))])
      }
      #expect(try store.gatherIndexes(before: later).isEmpty)
      #expect(try store.verifyMonthIndexes() == [])
      #expect(
        try store.serialIndexes().days(withAny: [mixed(keys + 7)]) == [first.adding(7)])
      #expect(try store.serialIndexes().days(withAny: [mixed(keys + 500)]).isEmpty)
      try FileManager.default.removeItem(atPath: folder.database)
    }
  }

  @Test("A night run again is asked itself until its month is put together again")
  func rerun() throws {
    let store = try HistoryStore(folder)
    let first = try day("2026-09-01")
    for night in 0..<30 { try record([mixed(night)], on: first.adding(Int32(night)), in: store) }
    let later = try day("2026-10-01")
    #expect(try store.gatherIndexes(before: later).isEmpty)
    try record([mixed(100), mixed(29)], on: first, in: store)
    for _ in 0..<2 {
      #expect(try store.serialIndexes().days(withAny: [mixed(0)]).isEmpty)
      #expect(try store.serialIndexes().days(withAny: [mixed(100)]) == [first])
      #expect(try store.serialIndexes().days(withAny: [mixed(29)]) == [first, first.adding(29)])
      #expect(try store.verifyMonthIndexes() == [])
      #expect(try store.gatherIndexes(before: later).isEmpty)
    }
  }
}

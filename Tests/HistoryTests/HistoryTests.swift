import Foundation
import GRDB
import Payments
import Testing

@testable import History

/// The rooms of the history one by one: archive, lock, serial index, chain.
@Suite("History")
struct HistoryTests {
  private func folder() throws -> StateFolder {
    let path = FileManager.default.temporaryDirectory.path + "/cardrecon-history-\(UUID())"
    return try StateFolder(path)
  }

  private func night(_ number: Int32, _ anomalies: [ReportedAnomaly] = []) -> NightRecord {
    var night = NightRecord(
      day: BusinessDay(number: number), configuration: "c", program: "p", verdict: .balanced)
    night.anomalies = anomalies
    return night
  }

  private func anomaly(_ id: String, _ status: AnomalyStatus = .open) -> ReportedAnomaly {
    var anomaly = ReportedAnomaly(
      id: id, kind: .duplicateDebit, severity: .loss, amountFen: 5_000, owedTo: .student,
      basis: .order, firstSeen: BusinessDay(number: 20_000))
    anomaly.status = status
    return anomaly
  }

  private func table(_ keys: [KeyHash]) -> EntryTable {
    var table = EntryTable()
    for key in keys { table.append(Entry(kind: .payment, fen: 1, time: 1, serial: key)) }
    return table
  }

  @Test("A file is archived once, under its SHA-256, and its bytes stay")
  func archive() throws {
    let folder = try folder()
    let path = folder.path + "/in.csv"
    try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
    let archive = Archive(folder)
    let name = try archive.store(path)
    #expect(name == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(try archive.store(path) == name)
    #expect(archive.checksum(name) == name)
    try Data("abd".utf8).write(to: URL(fileURLWithPath: folder.archived(name)))
    #expect(archive.checksum(name) != name)
    #expect(archive.checksum(String(repeating: "0", count: 64)) == nil)
    #expect(throws: HistoryError.self) { try archive.store(folder.path + "/none") }
  }

  @Test("A second run is refused with who holds the lock; it is free again afterwards")
  func lock() throws {
    let folder = try folder()
    do {
      let first = try RunLock(folder, holder: "process 1 since noon")
      #expect(throws: HistoryError.locked(by: "process 1 since noon")) {
        _ = try RunLock(folder, holder: "process 2")
      }
      _ = consume first
    }
    let again = try RunLock(folder, holder: "process 3")
    _ = consume again
  }

  @Test("A key is found in the nights it occurs in, a rerun replacing its night")
  func keys() throws {
    let store = try HistoryStore(try folder())
    let place = { (row: Int) -> KeyPlace? in KeyPlace(statement: 1, row: row) }
    try store.record(night(20_000), entries: table([7, 9, 9, 3]), place: place)
    try store.record(night(20_001), entries: table([9, .max]), place: place)
    #expect(try store.places(of: 9).map(\.place.row) == [1, 2, 0])
    #expect(try store.places(of: .max).map(\.day.number) == [20_001])
    #expect(try store.places(of: 8).isEmpty)
    #expect(try store.days(withAny: [3, 8, .max]).map(\.number) == [20_000, 20_001])
    #expect(try store.days(withAny: [7], before: BusinessDay(number: 20_000)).isEmpty)
    try store.record(night(20_000), entries: table([5]), place: place)
    #expect(try store.places(of: 7).isEmpty)
    #expect(try store.days().map(\.number) == [20_000, 20_001])
  }

  @Test("An anomaly stands as its latest night says, and a decision settles it")
  func anomalies() throws {
    let store = try HistoryStore(try folder())
    let none = { (_: Int) -> KeyPlace? in nil }
    try store.record(
      night(20_000, [anomaly("a"), anomaly("b")]), entries: EntryTable(), place: none)
    try store.record(night(20_001, [anomaly("a", .closed)]), entries: EntryTable(), place: none)
    #expect(try store.anomalies().map(\.status) == [.closed, .open])
    let before = try store.state(before: BusinessDay(number: 20_001))
    #expect(before.open.map(\.id) == ["a", "b"])
    let decision = Decision(
      anomaly: "b", outcome: .refunded, who: "w", time: BusinessDay(number: 20_002).start)
    try store.record(decision)
    #expect(try store.anomaly("b")?.status == .resolved)
    #expect(throws: HistoryError.self) { try store.record(decision) }
    // The night of the day before did not know of it.
    #expect(try store.state(before: BusinessDay(number: 20_001)).open.map(\.id) == ["a", "b"])
    #expect(try store.state(before: BusinessDay(number: 20_003)).open.isEmpty)
    #expect(try store.verifyChain() == [])
  }

  @Test("What is open is added up as it is listed, through decisions taken and taken back")
  func openTallies() throws {
    let store = try HistoryStore(try folder())
    let none = { (_: Int) -> KeyPlace? in nil }
    func expectAgreement(_ rows: Int) throws {
      let listed = try store.openAnomalies()
      #expect(listed.count == rows)
      let tallies = listed.reduce(into: [Severity: Tally]()) { tallies, anomaly in
        tallies[anomaly.severity, default: Tally()].add(fen: anomaly.amountFen)
      }
      #expect(try store.openTallies() == tallies)
    }
    try expectAgreement(0)
    try store.record(
      night(20_000, [anomaly("a"), anomaly("b"), anomaly("c")]), entries: EntryTable(), place: none)
    try expectAgreement(3)
    try store.record(night(20_001, [anomaly("a", .closed)]), entries: EntryTable(), place: none)
    try expectAgreement(2)
    let time = BusinessDay(number: 20_002).start
    try store.record(Decision(anomaly: "b", outcome: .refunded, who: "w", time: time))
    try expectAgreement(1)
    try store.record(Decision(anomaly: "b", outcome: .reopened, who: "w", time: time))
    try expectAgreement(2)
  }

  @Test(
    "An index holds every key in order, however its keys are spread",
    arguments: [0, 1, 100, 70_000], [UInt64.max, 0xFF, 0, 0xFFFF_0000_0000_0000])
  func sortedKeys(count: Int, mask: UInt64) throws {
    var keys: [KeyHash] = []
    for number in 0..<UInt64(count) {
      keys.append((number &* 0x9E37_79B9_7F4A_7C15 ^ number << 7) & mask)
    }
    var table = EntryTable()
    for key in keys { table.append(Entry(kind: .payment, fen: 1, time: 1, order: key)) }
    let found = KeyIndexFile.keys(table) { KeyPlace(statement: 2, row: $0) }
    let expected = keys.enumerated().filter { $0.element != 0 }.map {
      KeyIndexFile.Key(hash: $0.element, place: 2 << 40 | UInt64($0.offset))
    }.sorted()
    #expect(found.elementsEqual(expected))
    #expect(SortedKeys(keys).keys.elementsEqual(Set(keys).subtracting([0]).sorted()))
    let file = KeyIndexFile(path: try folder().index("tried.keys"))
    try file.write(found)
    #expect(file.isWhole && file.holds(found))
    // Written a part at a time it is the same.
    for most in [1, 1_000, .max] {
      try file.write(table, most: most) { KeyPlace(statement: 2, row: $0) }
      #expect(file.isWhole && file.holds(found))
    }
    // Every key is found where it is, and none that is not there, however they are spread.
    let rows = Dictionary(grouping: keys.indices.filter { keys[$0] != 0 }) { keys[$0] }
    for key in rows.keys.sorted().enumerated().filter({ $0.offset % 61 == 0 }).map(\.element) {
      #expect(try file.places(of: key).map(\.row) == rows[key])
      #expect(try file.containsAny(of: SortedKeys([key])))
      for stranger in [key &+ 1, key &- 1] where rows[stranger] == nil {
        #expect(try file.places(of: stranger).isEmpty)
        #expect(try !file.containsAny(of: SortedKeys([stranger])))
      }
    }
    #expect(try file.places(of: .max).count == rows[.max]?.count ?? 0)
    if !found.isEmpty {
      var other = found
      other[other.count - 1].place ^= 1
      #expect(!file.holds(other))
    }
  }

  @Test("Nothing recorded can be changed or deleted, and a change past that is found")
  func chain() throws {
    let store = try HistoryStore(try folder())
    let none = { (_: Int) -> KeyPlace? in nil }
    try store.record(night(20_000, [anomaly("a")]), entries: EntryTable(), place: none)
    try store.record(night(20_001), entries: EntryTable(), place: none)
    for sql in [
      "UPDATE anomalies SET body = x''", "DELETE FROM runs", "UPDATE chain SET kind = 'x'",
    ] {
      #expect(throws: (any Error).self, "\(sql)") {
        try store.database.write { try $0.execute(sql: sql) }
      }
    }
    try store.database.write { database in
      try database.execute(sql: "DROP TRIGGER anomalies_UPDATE")
      try database.execute(
        sql: "UPDATE anomalies SET body = CAST(replace(body, '5000', '5') AS BLOB)")
    }
    #expect(try store.verifyChain().count == 1)
  }

  @Test("A damaged database is said to be damaged")
  func damage() throws {
    let folder = try folder()
    try Data(String(repeating: "x", count: 4_096).utf8).write(
      to: URL(fileURLWithPath: folder.path + "/history.sqlite"))
    #expect {
      _ = try HistoryStore(folder)
    } throws: { error in
      if case HistoryError.damaged = error { return true }
      return false
    }
  }
}

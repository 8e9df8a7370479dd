import Columns
import Files
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

  @Test("A long file is archived byte for byte, hashed beside the copying")
  func longFile() throws {
    let folder = try folder()
    let path = folder.path + "/in.csv"
    // Nine megabytes and some, no two blocks alike.
    var bytes: [UInt8] = []
    for number in 0..<UInt32(2_400_000) {
      withUnsafeBytes(of: number &* 2_654_435_761) { bytes += $0 }
    }
    bytes.append(7)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let archive = Archive(folder)
    // With no second thread it is copied and hashed by one.
    let limit = Workers.limit
    Workers.limit = 1
    let alone = try archive.put(path)
    Workers.limit = max(2, limit)
    #expect(alone.isNew && alone.sha256 == sha256(bytes))
    try FileManager.default.removeItem(atPath: folder.archived(alone.sha256))
    let stored = try archive.put(path)
    Workers.limit = limit
    #expect(stored.isNew && stored.sha256 == sha256(bytes))
    let copy = try Data(contentsOf: URL(fileURLWithPath: folder.archived(stored.sha256)))
    #expect(copy == Data(bytes))
    #expect(try !archive.put(path).isNew)
    // What a folder holds cannot be read as a file.
    #expect(throws: HistoryError.self) { try archive.put(folder.path) }
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

  @Test("An anomaly stands as its latest night says, and a decision settles it")
  func anomalies() throws {
    let store = try HistoryStore(try folder())
    let none = { (_: Int) in false }
    try store.record(
      night(20_000, [anomaly("a"), anomaly("b")]), entries: EntryTable(), isOwn: none)
    try store.record(night(20_001, [anomaly("a", .closed)]), entries: EntryTable(), isOwn: none)
    #expect(try store.anomalies().map(\.status) == [.closed, .open])
    let before = try store.state(before: BusinessDay(number: 20_001))
    #expect(before.open.map(\.id) == ["a", "b"])
    let decision = Decision(
      anomaly: "b", outcome: .refunded, who: "w", document: "v",
      time: BusinessDay(number: 20_002).start)
    try store.record([decision])
    #expect(try store.anomaly("b")?.status == .resolved)
    #expect(throws: HistoryError.self) { try store.record([decision]) }
    // Whatever night is told again knows of it, unless it is told as of before.
    let after = try store.state(before: BusinessDay(number: 20_001))
    #expect(after.open.map(\.id) == ["a"] && after.refunded.map(\.id) == ["b"])
    let earlier = try store.state(before: BusinessDay(number: 20_001), decidedUpTo: 0)
    #expect(earlier.open.map(\.id) == ["a", "b"])
    #expect(try store.state(before: BusinessDay(number: 20_003)).open.isEmpty)
    #expect(try store.decisionMark() == DecisionMark(number: 1, time: decision.time))
    #expect(try store.decisionMark(upTo: 0) == DecisionMark())
    #expect(try store.verifyChain() == [])
  }

  @Test("What is open is added up as it is listed, through decisions taken and taken back")
  func openTallies() throws {
    let store = try HistoryStore(try folder())
    let none = { (_: Int) in false }
    func expectAgreement(_ rows: Int) throws {
      let listed = try store.openAnomalies()
      #expect(listed.count == rows)
      let tallies = listed.reduce(into: [Severity: Tally]()) { tallies, anomaly in
        tallies[anomaly.severity, default: Tally()].add(fen: anomaly.leftFen)
      }
      #expect(try store.openTallies() == tallies)
    }
    try expectAgreement(0)
    try store.record(
      night(20_000, [anomaly("a"), anomaly("b"), anomaly("c")]), entries: EntryTable(), isOwn: none)
    try expectAgreement(3)
    try store.record(night(20_001, [anomaly("a", .closed)]), entries: EntryTable(), isOwn: none)
    try expectAgreement(2)
    let time = BusinessDay(number: 20_002).start
    try store.record([
      Decision(anomaly: "b", outcome: .refunded, who: "w", document: "v", time: time)
    ])
    try expectAgreement(1)
    try store.record([Decision(anomaly: "b", outcome: .reopened, who: "w", time: time)])
    try expectAgreement(2)
    var part = Decision(anomaly: "b", outcome: .credited, who: "w", document: "v", time: time)
    part.amountFen = 2_000
    try store.record([part])
    try expectAgreement(2)
    #expect(try store.openTallies()[.loss] == Tally(rows: 2, fen: 8_000))
  }

  @Test("Nothing recorded can be changed or deleted, and a change past that is found")
  func chain() throws {
    let store = try HistoryStore(try folder())
    let none = { (_: Int) in false }
    try store.record(night(20_000, [anomaly("a")]), entries: EntryTable(), isOwn: none)
    try store.record(night(20_001), entries: EntryTable(), isOwn: none)
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

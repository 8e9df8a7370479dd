import Columns
import Testing

@testable import Payments

/// Rows as columns: none of a row's fields is lost, whichever way tables are put together.
@Suite("Entry tables")
struct EntryTableTests {
  /// Rows `values`, all told by their amount; every other column but the times is zeros.
  private func table(_ values: Range<Int64>) -> EntryTable {
    var table = EntryTable()
    for value in values { table.append(Entry(kind: .payment, fen: value, time: value)) }
    return table
  }

  @Test("Tables are joined in their order, whatever their size", arguments: [0, 1, 10, 300_000])
  func joined(count: Int64) {
    #expect(EntryTable.joined([]).count == 0)
    // A table that was used before and emptied: what was in it must not come back.
    var used = table(0..<1_000)
    used.removeAll()
    used.append(Entry(kind: .credit, fen: 7, time: 0, order: 9))
    let last = table(count..<(count + 5))
    let all = EntryTable.joined([used, table(0..<count), last])
    #expect(all.count == Int(count) + 6)
    #expect(all.fen.first == 7 && all.kind.first == .credit && all.order.first == 9)
    #expect(all.fen.dropFirst().elementsEqual(0..<(count + 5)))
    #expect(all.time.dropFirst().elementsEqual((0..<(count + 5)).map { UInt32($0) }))
    #expect(all.kind.dropFirst().allSatisfy { $0 == .payment })
    #expect(all.order.dropFirst().allSatisfy { $0 == 0 })
    #expect(all.statement.allSatisfy { $0 == 0 })
  }

  @Test("No field of a row is lost on any way a table takes")
  func fields() {
    func entry(_ seed: UInt64) -> Entry {
      var entry = Entry(
        statement: UInt16(seed), kind: .refund, channel: .alipay, rule: .notBooked,
        fen: Int64(seed) + 1, time: Int64(seed) + 2, order: seed + 3, serial: seed + 4,
        own: seed + 5, account: seed + 6, student: seed + 7, payer: seed + 8, original: seed + 9,
        couponFen: Int64(seed) + 10, line: UInt32(seed) + 11, offset: seed + 12)
      entry.isDayOnly = true
      return entry
    }
    let entries = (1...40).map { entry($0 * 100) }
    var used = EntryTable()
    used.reserve(100)
    for other in entries.reversed() { used.append(other) }
    used.removeAll()
    #expect(used.count == 0 && used.original.isEmpty && used.dayOnly.isEmpty)
    for entry in entries { used.append(entry) }
    var appended = EntryTable()
    appended.append(used, lines: 0)
    appended.append(used, lines: 7)
    let joined = EntryTable.joined([used, appended, EntryTable(), used])
    for (row, entry) in entries.enumerated() {
      var moved = entry
      moved.line += 7
      #expect(used[row] == entry)
      #expect(appended[row] == entry && appended[row + 40] == moved)
      #expect(joined[row] == entry && joined[row + 40] == entry && joined[row + 80] == moved)
      #expect(joined[row + 120] == entry)
    }
    #expect(joined.count == 160)
  }

  @Test("Amounts of every size stay with their rows")
  func amounts() {
    let values: [Int64] = [
      0, 5_000, Int64(Int32.max), Int64(Int32.max) + 1, Int64(Int32.min), -1, .max, .min, 7,
    ]
    var table = EntryTable()
    for value in values { table.append(Entry(kind: .payment, fen: value, time: 1)) }
    var twice = table
    twice.append([table, table], lines: [0, 0])
    #expect(twice.fen.elementsEqual(values + values + values))
    #expect(EntryTable.joined([table, twice]).fen.elementsEqual(values + values + values + values))
    twice.removeAll()
    twice.append(Entry(kind: .payment, fen: 3, time: 1))
    #expect(twice.fen == [3])
  }

  @Test("A statement's number is every row's")
  func numbers() {
    var table = EntryTable()
    for value in 0..<5 { table.append(Entry(kind: .credit, fen: Int64(value), time: 1)) }
    table.number(300)
    #expect(table.statement.count == 5 && table.statement.allSatisfy { $0 == 300 })
  }
}

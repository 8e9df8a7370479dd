import Glibc
import Testing

@testable import Columns

/// The rows' memory: values as in an array, whatever memory they lie in.
@Suite("Columns")
struct ColumnTests {
  @Test("Values are kept through growth from the heap to huge pages")
  func growth() {
    var column: Column<Int> = []
    for value in 0..<600_000 { column.append(value &* 7) }
    #expect(column.count == 600_000)
    #expect(column.indices.allSatisfy { column[$0] == $0 &* 7 })
    #expect(column == Column((0..<600_000).map { $0 &* 7 }))
  }

  @Test("A copy does not see what the other writes")
  func copies() {
    var one: Column<Int32> = [1, 2, 3]
    var two = one
    two[1] = 9
    one.append(4)
    var three = two
    three.removeAll()
    three.append(contentsOf: one)
    three.withUnsafeMutableBufferPointer { $0[0] = 0 }
    #expect(one == [1, 2, 3, 4])
    #expect(two == [1, 9, 3])
    #expect(three == [0, 2, 3, 4])
  }

  @Test("Zeros are counted, and are there when others follow")
  func zeros() {
    var column = Column<UInt64>(repeating: 0, count: 5)
    column.append(contentsOf: Column(repeating: 0, count: 70_000))
    #expect(column.isZero)
    #expect(column.allSatisfy { $0 == 0 })
    [0, 0, 3].withUnsafeBufferPointer { column.append(contentsOf: $0) }
    #expect(!column.isZero)
    column.append(repeating: 0, count: 2)
    #expect(column.count == 70_010)
    #expect(column[70_007] == 3)
    #expect(column.reduce(0, +) == 3)
  }

  @Test("Memory that is used again holds nothing of what was in it")
  func again() {
    var column = Column((1...100).map { Int16($0) })
    column.removeAll()
    #expect(column.isEmpty)
    column.append(repeating: 0, count: 50)
    column.append(7)
    #expect(column.count == 51)
    #expect(column.dropLast().allSatisfy { $0 == 0 })
    #expect(column[50] == 7)
  }

  @Test("What a body leaves alone is zero")
  func body() {
    let column = Column<Int>(count: 100_000) { $0[99_999] = 5 }
    #expect(column.dropLast().allSatisfy { $0 == 0 })
    #expect(column[99_999] == 5)
  }

  @Test("No such row stops the program")
  func bounds() async {
    await #expect(processExitsWith: .failure) {
      let column: Column<Int> = [1]
      _ = column[1]
    }
    await #expect(processExitsWith: .failure) {
      var column: Column<Int> = [1]
      column[-1] = 0
    }
  }

  @Test("Beyond the budget values lie in temporary files that leave nothing behind")
  func spill() async {
    await #expect(processExitsWith: .success) {
      guard let folder = Self.emptyFolder() else { exit(3) }
      MemoryBudget.folder = folder
      MemoryBudget.limit = 1 << 20
      var columns: [Column<Int>] = []
      for start in 0..<8 {
        var column = Column<Int>()
        for value in 0..<500_000 { column.append(value &+ start) }
        columns.append(column)
      }
      // Each column has four megabytes; the watch lets go of them long before they are read again.
      usleep(50_000)
      for (start, column) in columns.enumerated() {
        guard column.indices.allSatisfy({ column[$0] == $0 &+ start }) else { exit(4) }
      }
      guard Self.maps().contains("cardrecon-rows-") else { exit(5) }
      columns.removeAll()
      guard !Self.maps().contains("cardrecon-rows-") else { exit(6) }
      // Nothing is left in the folder, so that it can be removed.
      exit(rmdir(folder) == 0 ? 0 : 7)
    }
  }

  @Test("A folder without room is said once, and the values are kept in memory")
  func noRoom() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      MemoryBudget.folder = "/nonexistent"
      MemoryBudget.limit = 1 << 20
      var column = Column<Int>()
      for value in 0..<500_000 { column.append(value) }
      exit(column.last == 499_999 ? 0 : 3)
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.contains("--memory") }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("/nonexistent") == true)
  }

  private static func emptyFolder() -> String? {
    var path = Array(("/tmp/columns-" + String(repeating: "X", count: 6)).utf8CString)
    return mkdtemp(&path).map { String(cString: $0) }
  }

  /// The memory map of this process.
  private static func maps() -> String {
    guard let file = fopen("/proc/self/maps", "r") else { return "" }
    defer { fclose(file) }
    var text: [UInt8] = []
    while true {
      let byte = getc(file)
      if byte == EOF { break }
      text.append(UInt8(truncatingIfNeeded: byte))
    }
    return String(decoding: text, as: UTF8.self)
  }
}

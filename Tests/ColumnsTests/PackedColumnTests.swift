import Testing

@testable import Columns

/// Columns that keep only what does not follow from the row before.
@Suite("Packed columns")
struct PackedColumnTests {
  @Test("Lines and statements are what was added, however they jump")
  func runs() {
    for step: UInt32 in [0, 1] {
      var column = RunColumn<UInt32>(step: step)
      var expected: [UInt32] = []
      for number in 0..<2_000 {
        let value = UInt32(number % 7 == 0 ? number / 3 : number)
        column.append(value)
        expected.append(value)
        if number % 100 == 0 {
          column.append(from: value, count: 5)
          expected += (0..<5).map { value &+ step &* UInt32($0) }
        }
      }
      #expect(column.elementsEqual(expected))
      var twice = column
      twice.append(contentsOf: column, shift: 9)
      #expect(twice.elementsEqual(expected + expected.map { $0 + 9 }))
      twice.shift(by: 1)
      #expect(twice.first == expected[0] + 1 && twice.last == expected[expected.count - 1] + 10)
      column.transform { $0 &* 2 }
      #expect(column.elementsEqual(expected.map { $0 &* 2 }))
      let told = column.stretches.flatMap { rows, value in
        rows.map { value &+ step &* UInt32($0 - rows.lowerBound) }
      }
      #expect(told == Array(column))
    }
  }

  @Test("Offsets beyond four gibibytes are whole, row by row and in batches")
  func offsets() {
    let expected = (0..<3_000).map { UInt64($0) * 5_000_003 }
    var column = OffsetColumn()
    for offset in expected[..<100] { column.append(offset) }
    var first = 100
    while first < expected.count {
      let batch = expected[first...].prefix(700)
      batch.map { UInt32(truncatingIfNeeded: $0) }.withUnsafeBufferPointer {
        column.append(rising: $0, from: batch[batch.startIndex])
      }
      first += batch.count
    }
    #expect(expected.last ?? 0 > 3 << 32)
    #expect(column.elementsEqual(expected))
  }

  @Test("Amounts of every size are kept, and stay with their rows")
  func amounts() {
    let values: [Int64] = [
      0, 5_000, Int64(Int32.max), Int64(Int32.max) + 1, Int64(Int32.min), -1, .max, .min, 7,
    ]
    var column = AmountColumn()
    for value in values { column.append(value) }
    #expect(column.elementsEqual(values))
  }
}

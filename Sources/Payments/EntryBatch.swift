/// A batch of rows on their way into an ``EntryTable``: written field by field into memory of its own,
/// appended column by column.
///
/// Appending row by row to fourteen columns asks each of them whether it is shared and has room; a
/// batch asks once for thousands of rows.
public final class EntryBatch {
  /// Rows a batch holds.
  public static let capacity = 2_048

  /// Rows written.
  public private(set) var count = 0
  private let kind = UnsafeMutablePointer<EntryKind>.allocate(capacity: capacity)
  private let channel = UnsafeMutablePointer<Channel>.allocate(capacity: capacity)
  private let rule = UnsafeMutablePointer<ExclusionRule>.allocate(capacity: capacity)
  private let fen = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
  private let time = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  private let keys = UnsafeMutablePointer<KeyHash>.allocate(capacity: capacity * 6)
  private let line = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  private let offset = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)

  /// Creates an empty batch.
  public init() {}

  deinit {
    kind.deallocate()
    channel.deallocate()
    rule.deallocate()
    fen.deallocate()
    time.deallocate()
    keys.deallocate()
    line.deallocate()
    offset.deallocate()
  }

  /// Whether no further row has room.
  @inlinable
  public var isFull: Bool { count == EntryBatch.capacity }

  /// Adds a row without an original, coupons or a day alone; those rows go to the table directly.
  public func append(_ entry: borrowing Entry) {
    let row = count
    kind[row] = entry.kind
    channel[row] = entry.channel
    rule[row] = entry.rule
    fen[row] = entry.fen
    time[row] = UInt32(truncatingIfNeeded: entry.time)
    keys[row] = entry.order
    keys[EntryBatch.capacity + row] = entry.serial
    keys[EntryBatch.capacity * 2 + row] = entry.own
    keys[EntryBatch.capacity * 3 + row] = entry.account
    keys[EntryBatch.capacity * 4 + row] = entry.student
    keys[EntryBatch.capacity * 5 + row] = entry.payer
    line[row] = entry.line
    offset[row] = entry.offset
    count = row + 1
  }

  /// Moves the rows to the end of a table; the batch is empty afterwards.
  public func flush(into table: inout EntryTable) {
    guard count > 0 else { return }
    func filled<Value>(_ column: UnsafeMutablePointer<Value>) -> UnsafeBufferPointer<Value> {
      UnsafeBufferPointer(start: column, count: count)
    }
    table.statement.append(repeating: 0, count: count)
    table.kind.append(contentsOf: filled(kind))
    table.channel.append(contentsOf: filled(channel))
    table.rule.append(contentsOf: filled(rule))
    table.fen.append(contentsOf: filled(fen))
    table.time.append(contentsOf: filled(time))
    table.order.append(contentsOf: filled(keys))
    table.serial.append(contentsOf: filled(keys + EntryBatch.capacity))
    table.own.append(contentsOf: filled(keys + EntryBatch.capacity * 2))
    table.account.append(contentsOf: filled(keys + EntryBatch.capacity * 3))
    table.student.append(contentsOf: filled(keys + EntryBatch.capacity * 4))
    table.payer.append(contentsOf: filled(keys + EntryBatch.capacity * 5))
    table.line.append(contentsOf: filled(line))
    table.offset.append(contentsOf: filled(offset))
    count = 0
  }
}

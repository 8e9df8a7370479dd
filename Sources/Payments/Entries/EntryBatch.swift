internal import Columns

/// A batch of rows that follow each other in one file, on their way into an ``EntryTable``: written field
/// by field into memory of its own, appended column by column.
///
/// Appending row by row to a dozen columns asks each of them whether it is shared and has room; a batch
/// asks once for thousands of rows. Whoever fills it writes row ``count`` of every field, then counts it.
public final class EntryBatch {
  /// Rows a batch holds.
  public static let capacity = 2_048

  /// Rows written.
  public var count = 0
  /// Byte offset of the first row.
  public var firstOffset: UInt64 = 0
  /// What each row says happened.
  public let kind = UnsafeMutablePointer<EntryKind>.allocate(capacity: capacity)
  /// The channel of each row.
  public let channel = UnsafeMutablePointer<Channel>.allocate(capacity: capacity)
  /// Why an excluded row is excluded.
  public let rule = UnsafeMutablePointer<ExclusionRule>.allocate(capacity: capacity)
  /// Amounts in fen, from 0 to `Int32.max`; rows beyond go to the table directly.
  public let fen = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
  /// Seconds since 1970-01-01T00:00:00Z.
  public let time = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  /// Order numbers.
  public let order = UnsafeMutablePointer<KeyHash>.allocate(capacity: capacity)
  /// Channel serials.
  public let serial = UnsafeMutablePointer<KeyHash>.allocate(capacity: capacity)
  /// Ledger and refund serials.
  public let own = UnsafeMutablePointer<KeyHash>.allocate(capacity: capacity)
  /// Card numbers.
  public let account = UnsafeMutablePointer<KeyHash>.allocate(capacity: capacity)
  /// Student and staff numbers.
  public let student = UnsafeMutablePointer<KeyHash>.allocate(capacity: capacity)
  /// Payers.
  public let payer = UnsafeMutablePointer<KeyHash>.allocate(capacity: capacity)
  /// Lines, counted from 1.
  public let flow = UnsafeMutablePointer<Flow>.allocate(capacity: capacity)
  /// Fees in 1/100,000 yuan.
  public let fee = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
  /// Rates in 1/100,000.
  public let rate = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  /// Lines, counted from 1.
  public let line = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  /// Lower halves of the byte offsets, which never fall.
  public let offset = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)

  /// Any more numbers of people, each with the place of its row in the batch; places ascend.
  public var others: [(place: Int32, number: NamedNumber)] = []

  /// Creates an empty batch.
  public init() {}

  deinit {
    kind.deallocate()
    channel.deallocate()
    rule.deallocate()
    fen.deallocate()
    time.deallocate()
    order.deallocate()
    serial.deallocate()
    own.deallocate()
    account.deallocate()
    student.deallocate()
    payer.deallocate()
    flow.deallocate()
    fee.deallocate()
    rate.deallocate()
    line.deallocate()
    offset.deallocate()
  }

  /// Adds a row that has nothing but what the fields here hold.
  ///
  /// - Returns: false when it is full or the row holds more; then the row goes to the table directly, after
  ///   those that are here.
  public func add(_ entry: borrowing Entry) -> Bool {
    guard count < EntryBatch.capacity, entry.statement == 0, !entry.isDayOnly, !entry.isForeign,
      !entry.isCompany, entry.original == 0, entry.couponFen == 0, entry.party == .unknown,
      (0...Int64(Int32.max)).contains(entry.fen), Int64(Int32(clamping: entry.fee)) == entry.fee,
      (0...Int64(UInt32.max)).contains(entry.time)
    else { return false }
    if count == 0 { firstOffset = entry.offset }
    kind[count] = entry.kind
    channel[count] = entry.channel
    rule[count] = entry.rule
    fen[count] = Int32(truncatingIfNeeded: entry.fen)
    time[count] = UInt32(truncatingIfNeeded: entry.time)
    order[count] = entry.order
    serial[count] = entry.serial
    own[count] = entry.own
    account[count] = entry.account
    student[count] = entry.student
    payer[count] = entry.payer
    flow[count] = entry.flow
    fee[count] = Int32(truncatingIfNeeded: entry.fee)
    rate[count] = entry.rate
    for number in entry.others { others.append((Int32(truncatingIfNeeded: count), number)) }
    line[count] = entry.line
    offset[count] = UInt32(truncatingIfNeeded: entry.offset)
    count += 1
    return true
  }

  /// Moves the rows to the end of a table; the batch is empty afterwards.
  public func flush(into table: inout EntryTable) {
    guard count > 0 else { return }
    func filled<Value>(_ column: UnsafeMutablePointer<Value>) -> UnsafeBufferPointer<Value> {
      UnsafeBufferPointer(start: column, count: count)
    }
    let first = Int32(truncatingIfNeeded: table.count)
    for (place, number) in others { table.others.append(number, row: first + place) }
    others.removeAll(keepingCapacity: true)
    table.statement.append(from: 0, count: count)
    table.kind.append(contentsOf: filled(kind))
    table.channel.append(contentsOf: filled(channel))
    table.rule.append(contentsOf: filled(rule))
    table.fen.small.append(contentsOf: filled(fen))
    table.time.append(contentsOf: filled(time))
    table.order.append(contentsOf: filled(order))
    table.serial.append(contentsOf: filled(serial))
    table.own.append(contentsOf: filled(own))
    table.account.append(contentsOf: filled(account))
    table.student.append(contentsOf: filled(student))
    table.payer.append(contentsOf: filled(payer))
    table.flow.append(contentsOf: filled(flow))
    table.fee.append(contentsOf: filled(fee))
    table.rate.append(contentsOf: filled(rate))
    if (1..<count).allSatisfy({ line[$0] == line[$0 - 1] &+ 1 }) {
      table.line.append(from: line[0], count: count)
    } else {
      for row in 0..<count { table.line.append(line[row]) }
    }
    table.offset.append(rising: filled(offset), from: firstOffset)
    count = 0
  }
}

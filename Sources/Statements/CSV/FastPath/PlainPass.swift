internal import CDelimiters
internal import Payments

/// The memory one pass over ordinary rows works in: where the fields of a block of text end, the rows
/// read and not yet in the table, what they add up to, the words met before.
final class PlainPass {
  /// Bytes indexed at a time: the block and its index stay in the second-level cache.
  static let block = 1 << 16

  let plan: PlainPlan
  let batch = EntryBatch()
  /// Offsets in the block of separators and line ends, and the index among them of each line end.
  let places = UnsafeMutablePointer<UInt32>.allocate(capacity: block + 64)
  let lines = UnsafeMutablePointer<UInt32>.allocate(capacity: block + 64)
  /// The row's amounts.
  let values: UnsafeMutablePointer<Int64>
  /// What the rows of the batch add up to: word by word, amount by amount; and how many they are.
  let totals: UnsafeMutablePointer<Int64>
  let counts: UnsafeMutablePointer<Int>
  /// Start of the indexed block in the buffer, and how many line ends it has.
  var start = 0
  var count = 0
  /// The next row of the block: the index of its line end.
  var next = 0
  /// Whether the block holds what a lost cell is told by.
  var hasMarks = false
  /// The merchant every ordinary row names.
  var merchant: PlainWord?
  private var channels: [(word: PlainWord, channel: Channel)] = []
  /// The rate met last: a bill has one, or a few.
  private var lastRate: (word: PlainWord, rate: UInt32)?

  init(_ plan: PlainPlan) {
    self.plan = plan
    let (words, amounts) = (plan.words.count, max(1, plan.amounts.count))
    values = .allocate(capacity: amounts)
    totals = .allocate(capacity: words * amounts)
    totals.initialize(repeating: 0, count: words * amounts)
    counts = .allocate(capacity: words)
    counts.initialize(repeating: 0, count: words)
  }

  deinit {
    places.deallocate()
    lines.deallocate()
    values.deallocate()
    totals.deallocate()
    counts.deallocate()
  }

  /// Forgets the buffer read last.
  func reset() {
    (start, count, next) = (0, 0, 0)
    merchant = nil
  }

  /// Where row `next` of the block starts in the buffer.
  var rowStart: Int { next == 0 ? start : start + Int(places[Int(lines[next - 1])]) + 1 }

  /// Indexes the block that starts at `offset`; no rows where it holds a quote that may mean
  /// something.
  func index(_ bytes: UnsafeRawBufferPointer, at offset: Int, quotes: Bool) {
    (start, count, next) = (offset, 0, 0)
    let length = min(Self.block, bytes.count - offset - PlainField.slack)
    guard length > 0, let base = bytes.baseAddress else { return }
    let found = cardrecon_index(
      (base + offset).assumingMemoryBound(to: UInt8.self), length, plan.separator,
      plan.separatorGuard, places, lines)
    if found.has_quote == 0 || !quotes { count = found.lines }
    hasMarks = LostCell.mayBe(in: UnsafeRawBufferPointer(start: base + offset, count: length))
  }

  /// A rate in 1/100,000; 0 where the field holds none.
  @inline(__always)
  func rate(_ field: PlainField) -> UInt32 {
    if let last = lastRate, field.isSame(last.word) { return last.rate }
    let rate = parseRate(field.bytes) ?? 0
    lastRate = PlainWord(field.bytes).map { ($0, rate) }
    return rate
  }

  /// The channel a ledger's word names; nil when it names none that is reconciled.
  @inline(__always)
  func channel(_ field: PlainField, _ layout: Layout) -> Channel? {
    if let last = channels.first, field.isSame(last.word) { return last.channel }
    return anotherChannel(field, layout)
  }

  @inline(never)
  private func anotherChannel(_ field: PlainField, _ layout: Layout) -> Channel? {
    if let known = channels.firstIndex(where: { field.isSame($0.word) }) {
      channels.swapAt(0, known)
      return channels[0].channel
    }
    let text = field.bytes
    guard let word = PlainWord(text),
      let found = layout.channel(named: text)
    else { return nil }
    if channels.count < 16 { channels.append((word, found)) }
    return found
  }
}

internal import Glibc
internal import Payments
internal import Synchronization

/// A file's rows, read in stretches side by side.
extension CSVReader {
  /// Stretches are cut at the first line end after a multiple of this.
  static let stretch = 1 << 20
  /// What is read beyond a cut: nearly every row ends within it.
  static let usualRow = 1 << 14
  /// A longer row is not a row of a statement.
  static let longestRow = 1 << 20

  /// Reads all rows, in stretches side by side when no quoted field can span a cut.
  func harvest(
    _ layout: Layout, head: CSVHead, until dataEnd: Int, keepsBalances: Bool = false
  ) async throws(StatementError) -> RowHarvest {
    var keeps = keepsBalances
    if !keeps { keeps = try hasBalances(layout, head, until: dataEnd) }
    let data = head.dataStart..<max(head.dataStart, dataEnd)
    let merged = try await harvest(layout, data, keepsBalances: keeps)
    if merged.needsWholeFile { return try whole(layout, data) }
    guard merged.skipsBalances, merged.hasBalance else { return merged }
    return try await harvest(layout, data, keepsBalances: true)
  }

  /// Reads every stretch and puts them together in file order as they are done.
  private func harvest(
    _ layout: Layout, _ data: Range<Int>, keepsBalances: Bool
  ) async throws(StatementError) -> RowHarvest {
    let cuts = stride(from: data.lowerBound, to: data.upperBound, by: CSVReader.stretch).map { $0 }
    let benches = Workbenches(layout)
    var merger = StretchMerger(layout, data.count, cuts.count)
    do {
      try await withThrowingTaskGroup(of: (Int, RowHarvest).self) { group in
        var (next, running) = (0, 0)
        while next < cuts.count || running > 0 {
          if next < cuts.count, running < max(1, threads) {
            let index = next
            group.addTask {
              let until = min(data.upperBound, cuts[index] + CSVReader.stretch)
              let part = try benches.withBench { bench throws(StatementError) in
                try stretch(
                  layout, from: cuts[index], until: until, in: data, bench, keepsBalances)
              }
              return (index, part)
            }
            next += 1
            running += 1
          } else if let (index, part) = try await group.next() {
            running -= 1
            merger.add(part, at: index) { benches.takeBack($0) }
          }
        }
      }
    } catch {
      throw error as? StatementError
        ?? StatementError.cannotRead(path: file.path, problem: String(describing: error))
    }
    return merger.result
  }

  /// Reads the rows that start in `[from, until)`.
  private func stretch(
    _ layout: Layout, from: Int, until: Int, in data: Range<Int>, _ bench: Workbench,
    _ keepsBalances: Bool
  ) throws(StatementError) -> RowHarvest {
    // One byte earlier, to see whether a row starts exactly at the cut.
    let isFirst = from == data.lowerBound
    let base = isFirst ? from : from - 1
    // Most rows end soon after the cut; one that does not is seen whole as long as a row may be.
    let limit = data.upperBound
    var raw = try bench.read(file, base..<min(limit, until + CSVReader.usualRow))
    if raw.count < limit - base, !raw.suffix(CSVReader.usualRow).contains(0x0A) {
      raw = try bench.read(file, base..<min(limit, until + CSVReader.longestRow + 2))
    }
    var reader = RowReader(
      layout, base: base, isWhole: false, keepsBalances: keepsBalances, pass: bench.pass)
    swap(&reader.harvest.table, &bench.table)
    var start = 0
    if !isFirst { start = raw.firstIndex(of: 0x0A).map { $0 + 1 } ?? raw.count }
    reader.read(raw, from: start, until: until - base)
    reader.checkEncoding(raw, from: start)
    progress(until - from)
    return reader.harvest
  }

  /// Whether the first rows of a ledger say their cards' balances: most ledgers do everywhere or
  /// nowhere.
  private func hasBalances(
    _ layout: Layout, _ head: CSVHead, until dataEnd: Int
  ) throws(StatementError) -> Bool {
    guard layout.side == .ledger, layout.balance >= 0 else { return false }
    let sample = try file.read(at: head.dataStart, count: min(1 << 14, dataEnd - head.dataStart))
    var reader = RowReader(layout, base: head.dataStart, isWhole: false)
    sample.withUnsafeBytes { reader.read($0, from: 0, until: $0.count) }
    return reader.harvest.hasBalance
  }

  private func whole(
    _ layout: Layout, _ data: Range<Int>
  ) throws(StatementError) -> RowHarvest {
    let bytes = try file.read(at: data.lowerBound, count: data.count)
    var reader = RowReader(layout, base: data.lowerBound, isWhole: true)
    bytes.withUnsafeBytes { raw in
      reader.read(raw, from: 0, until: raw.count)
      reader.checkEncoding(raw, from: 0)
    }
    return reader.harvest
  }
}

/// What one stretch is read with. The next stretch is read with it too: memory that was touched before
/// costs nothing, and a new page costs more than to fill it.
private final class Workbench {
  let pass: PlainPass?
  /// An empty table with room for the rows of a stretch.
  var table = EntryTable()
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  init(_ layout: Layout) {
    pass = layout.plain.map(PlainPass.init)
  }

  deinit { buffer.deallocate() }

  /// A part of a file; the bytes are good until the next call.
  func read(
    _ file: StatementFile, _ range: Range<Int>
  ) throws(StatementError) -> UnsafeRawBufferPointer {
    if buffer.count < range.count {
      buffer.deallocate()
      buffer = .allocate(byteCount: range.count, alignment: 64)
    }
    return UnsafeRawBufferPointer(
      try file.read(at: range.lowerBound, count: range.count, into: buffer))
  }
}

/// The benches of a file: as many as there are stretches read at once.
private final class Workbenches: Sendable {
  private struct Idle: @unchecked Sendable {
    var benches: [Workbench] = []
    var tables: [EntryTable] = []
  }

  private let layout: Layout
  private let idle = Mutex(Idle())

  init(_ layout: Layout) { self.layout = layout }

  /// Lets `body` work at a bench nobody else works at.
  func withBench(
    _ body: (Workbench) throws(StatementError) -> RowHarvest
  ) throws(StatementError) -> RowHarvest {
    let found = idle.withLock { Found(bench: $0.benches.popLast(), table: $0.tables.popLast()) }
    let bench = found.bench ?? Workbench(layout)
    bench.table = found.table ?? EntryTable()
    bench.pass?.reset()
    defer {
      let back = Found(bench: bench)
      idle.withLock { idle in if let bench = back.bench { idle.benches.append(bench) } }
    }
    return try body(bench)
  }

  /// Takes a table back whose rows were copied.
  func takeBack(_ table: consuming EntryTable) {
    var table = table
    table.removeAll()
    idle.withLock { [table] in $0.tables.append(table) }
  }

  private struct Found: @unchecked Sendable {
    var bench: Workbench?
    var table: EntryTable?
  }
}

/// Puts stretches together in file order, whatever the order they are done in.
private struct StretchMerger {
  private(set) var result = RowHarvest()
  private let bytes: Int
  private let count: Int
  private var next = 0
  private var waiting: [Int: RowHarvest] = [:]

  /// - Parameters:
  ///   - bytes: size of all stretches together.
  ///   - count: how many there are.
  init(_ layout: Layout, _ bytes: Int, _ count: Int) {
    self.bytes = bytes
    self.count = count
    result.sums = [Int128](repeating: 0, count: layout.sums.count)
  }

  /// Adds stretch `index`; its lines become lines of the data part.
  ///
  /// - Parameter emptied: given each table whose rows have been copied.
  mutating func add(_ part: consuming RowHarvest, at index: Int, _ emptied: (EntryTable) -> Void) {
    if count == 1 {
      result = part
      return
    }
    waiting[index] = part
    while var part = waiting.removeValue(forKey: next) {
      var table = EntryTable()
      swap(&table, &part.table)
      if next == 0 {
        // Rows are about as long everywhere: little is moved later, and what is not used is not touched.
        result.table.reserve(table.count * (bytes / CSVReader.stretch + 1) / 16 * 17)
      }
      result.table.append(table, lines: UInt32(truncatingIfNeeded: result.lines))
      emptied(table)
      result.append(part)
      next += 1
    }
  }
}

extension RowReader {
  /// Notes the first byte that is not valid in the file's encoding.
  mutating func checkEncoding(_ bytes: UnsafeRawBufferPointer, from start: Int) {
    let end = min(bytes.count, max(start, consumed))
    let read = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    // A zero byte is valid in every encoding and stands in no text.
    let zero = read.baseAddress.flatMap { base in
      memchr(base, 0, read.count).map { UnsafeRawPointer($0) - base }
    }
    let found = [layout.encoding.firstInvalid(in: read), zero].compactMap { $0 }
    guard let bad = found.min() else { return }
    let line = read[..<bad].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    harvest.invalid = (line, read[bad])
  }
}

extension RowHarvest {
  /// Appends what is known of the stretch of the file that follows this one, but for its rows.
  mutating func append(_ next: RowHarvest) {
    let offset = lines
    func moved(_ rejection: RowRejection) -> RowRejection {
      var copy = rejection
      copy.line += offset
      return copy
    }
    read += next.read
    lines += next.lines
    rejections += next.rejections.map(moved)
    unknownStatuses += next.unknownStatuses.map(moved)
    rejectedRows += next.rejectedRows
    unkeyed += next.unkeyed
    for index in sums.indices { sums[index] += next.sums[index] }
    hasUnreadableAmount = hasUnreadableAmount || next.hasUnreadableAmount
    hasUncutRow = hasUncutRow || next.hasUncutRow
    for count in next.days {
      if let index = days.firstIndex(where: { $0.day == count.day }) {
        days[index].rows += count.rows
      } else {
        days.append(count)
      }
    }
    func other(
      _ mine: [UInt8]?, _ known: (line: Int, text: [UInt8])?, _ theirs: [UInt8]?,
      _ found: (line: Int, text: [UInt8])?
    ) -> (line: Int, text: [UInt8])? {
      if let known { return known }
      if let mine, let theirs, mine != theirs { return (offset + 1, theirs) }
      return found.map { ($0.line + offset, $0.text) }
    }
    otherMerchant = other(merchant, otherMerchant, next.merchant, next.otherMerchant)
    if merchant == nil { merchant = next.merchant }
    otherSubMerchant = other(
      subMerchant, otherSubMerchant, next.subMerchant, next.otherSubMerchant)
    if subMerchant == nil { subMerchant = next.subMerchant }
    if scientific == nil { scientific = next.scientific.map { ($0.line + offset, $0.field) } }
    if invalid == nil { invalid = next.invalid.map { ($0.line + offset, $0.byte) } }
    if openQuoteLine == nil { openQuoteLine = next.openQuoteLine.map { $0 + offset } }
    chain.append(next.chain, lines: offset)
    numbers.append(next.numbers, lines: offset)
    cards += next.cards.map { card in
      var copy = card
      copy.line += offset
      return copy
    }
    fees += next.fees
    comments += next.comments.map { ($0.line + offset, $0.text) }
    needsWholeFile = needsWholeFile || next.needsWholeFile
    hasBalance = hasBalance || next.hasBalance
    skipsBalances = skipsBalances || next.skipsBalances
  }
}

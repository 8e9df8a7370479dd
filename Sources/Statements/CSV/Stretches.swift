internal import Columns
internal import Glibc
internal import Payments

/// A file's rows, read in stretches side by side.
extension CSVReader {
  /// Stretches are cut at the first line end after a multiple of this.
  static let stretch = 1 << 20
  /// What is read beyond a cut: nearly every row ends within it.
  static let usualRow = 1 << 14

  /// Stretches that are read before what they gave is put together, for each thread.
  static let turns = 8

  /// Reads all rows, in stretches side by side when no quoted field can span a cut.
  func harvest(
    _ layout: Layout, head: CSVHead, until dataEnd: Int
  ) throws(StatementError) -> RowHarvest {
    let keeps = try hasBalances(layout, head, until: dataEnd)
    let data = head.dataStart..<max(head.dataStart, dataEnd)
    let merged = try harvest(layout, data, keepsBalances: keeps)
    if merged.needsWholeFile { return try whole(layout, data) }
    guard merged.skipsBalances, merged.hasBalance else { return merged }
    return try harvest(layout, data, keepsBalances: true)
  }

  /// Reads every stretch, some at a time, and puts them together in file order.
  private func harvest(
    _ layout: Layout, _ data: Range<Int>, keepsBalances: Bool
  ) throws(StatementError) -> RowHarvest {
    let cuts = stride(from: data.lowerBound, to: data.upperBound, by: CSVReader.stretch).map { $0 }
    let strands = max(1, min(threads, cuts.count))
    let plan = PlainPlan(layout)
    let benches = (0..<strands).map { _ in Workbench(plan) }
    var tables = [EntryTable](
      repeating: EntryTable(), count: min(cuts.count, strands * CSVReader.turns))
    var result = RowHarvest()
    result.sums = [Int128](repeating: 0, count: layout.sums.count)
    for first in stride(from: 0, to: cuts.count, by: max(1, tables.count)) {
      var parts = try read(
        cuts[first...].prefix(tables.count), layout, data, benches, &tables, keepsBalances)
      if cuts.count == 1 { return parts[0] }
      var lines: [UInt32] = []
      for index in parts.indices {
        lines.append(UInt32(truncatingIfNeeded: result.lines))
        swap(&tables[index], &parts[index].table)
        result.append(parts[index])
      }
      if first == 0 {
        // Rows are about as long everywhere: little is moved later, and what is not used is not touched.
        let rows = tables.prefix(parts.count).reduce(0) { $0 + $1.count }
        result.table.reserve(rows * (cuts.count / parts.count + 1) / 16 * 17)
      }
      result.table.append(Array(tables.prefix(parts.count)), lines: lines)
      // Their memory is used again: to touch new memory costs more than to fill it.
      for index in parts.indices { tables[index].removeAll() }
    }
    return result
  }

  /// Reads some stretches side by side, each into a table of its own that is empty and taken.
  private func read(
    _ cuts: ArraySlice<Int>, _ layout: Layout, _ data: Range<Int>, _ benches: [Workbench],
    _ tables: inout [EntryTable], _ keepsBalances: Bool
  ) throws(StatementError) -> [RowHarvest] {
    // Every stretch has a table of its own.
    let read = tables.withUnsafeMutableBufferPointer { tables in
      concurrently(cuts.count, strands: benches.count) { strand, index in
        let from = cuts[cuts.startIndex + index]
        return Result { () throws(StatementError) in
          try readStretch(
            layout, from: from, until: min(data.upperBound, from + CSVReader.stretch), in: data,
            benches[strand], &tables[index], keepsBalances)
        }
      }
    }
    return try read.map { part throws(StatementError) in try part.get() }
  }

  /// Reads the rows that start in `[from, until)`.
  ///
  /// - Parameter table: empty; its memory goes into the harvest.
  private func readStretch(
    _ layout: Layout, from: Int, until: Int, in data: Range<Int>, _ bench: Workbench,
    _ table: inout EntryTable, _ keepsBalances: Bool
  ) throws(StatementError) -> RowHarvest {
    let base = base(of: from, in: data)
    var reader = RowReader(layout, base: base, isWhole: false, keepsBalances: keepsBalances)
    swap(&reader.harvest.table, &table)
    try readStretch(&reader, from: from, until: until, in: data, bench)
    return reader.harvest
  }

  /// One byte before a stretch, to see whether a row starts exactly at the cut.
  private func base(of from: Int, in data: Range<Int>) -> Int {
    from == data.lowerBound ? from : from - 1
  }

  private func readStretch(
    _ reader: inout RowReader, from: Int, until: Int, in data: Range<Int>, _ bench: Workbench
  ) throws(StatementError) {
    bench.pass?.reset()
    // Most rows end soon after the cut; one that does not is seen whole as long as a row may be.
    let (base, limit) = (base(of: from, in: data), data.upperBound)
    var raw = try bench.read(file, base..<min(limit, until + CSVReader.usualRow))
    if raw.count < limit - base, !raw.suffix(CSVReader.usualRow).contains(0x0A) {
      raw = try bench.read(file, base..<min(limit, until + RowReader.longestRow + 2))
    }
    var start = 0
    if base < from { start = raw.firstIndex(of: 0x0A).map { $0 + 1 } ?? raw.count }
    reader.read(raw, from: start, until: until - base, bench.pass)
    reader.checkEncoding(raw, from: start)
    progress(until - from)
  }

  /// Whether the first rows of a ledger say their cards' balances: most ledgers do everywhere or
  /// nowhere.
  private func hasBalances(
    _ layout: Layout, _ head: CSVHead, until dataEnd: Int
  ) throws(StatementError) -> Bool {
    guard layout.side == .ledger, layout[.balance] >= 0 else { return false }
    let sample = try file.read(at: head.dataStart, count: min(1 << 14, dataEnd - head.dataStart))
    var reader = RowReader(layout, base: head.dataStart, isWhole: false)
    let pass = PlainPlan(layout).map(PlainPass.init)
    sample.withUnsafeBytes { reader.read($0, from: 0, until: $0.count, pass) }
    return reader.harvest.hasBalance
  }

  private func whole(
    _ layout: Layout, _ data: Range<Int>
  ) throws(StatementError) -> RowHarvest {
    var reader = RowReader(layout, base: data.lowerBound, isWhole: true)
    try readWhole(&reader, data, PlainPlan(layout).map(PlainPass.init))
    return reader.harvest
  }

  private func readWhole(
    _ reader: inout RowReader, _ data: Range<Int>, _ pass: PlainPass?
  ) throws(StatementError) {
    let bytes = try file.read(at: data.lowerBound, count: data.count)
    bytes.withUnsafeBytes { raw in
      reader.read(raw, from: 0, until: raw.count, pass)
      reader.checkEncoding(raw, from: 0)
    }
  }
}

/// The rows of a file that tells of several accounts, read by account.
extension CSVReader {
  /// Reads all rows, those of each account into a harvest of their own; every row is looked at with care.
  func harvestByAccount(
    _ layout: Layout, _ data: Range<Int>
  ) throws(StatementError) -> AccountHarvests {
    let cuts = stride(from: data.lowerBound, to: data.upperBound, by: CSVReader.stretch).map { $0 }
    let strands = max(1, min(threads, cuts.count))
    let benches = (0..<strands).map { _ in Workbench(nil) }
    let batch = strands * CSVReader.turns
    var result = AccountHarvests(sums: layout.sums.count)
    for first in stride(from: 0, to: cuts.count, by: batch) {
      let some = cuts[first...].prefix(batch)
      let parts = concurrently(some.count, strands: strands) { strand, index in
        Result { () throws(StatementError) in
          let from = some[first + index]
          var reader = byAccount(
            RowReader(layout, base: base(of: from, in: data), isWhole: false))
          try readStretch(
            &reader, from: from, until: min(data.upperBound, from + CSVReader.stretch), in: data,
            benches[strand])
          return closed(&reader)
        }
      }
      for part in parts { result.append(try part.get()) }
    }
    guard result.needWholeFile else { return result }
    var reader = byAccount(RowReader(layout, base: data.lowerBound, isWhole: true))
    try readWhole(&reader, data, nil)
    return closed(&reader)
  }

  private func byAccount(_ reader: RowReader) -> RowReader {
    var reader = reader
    reader.accounts = AccountHarvests(sums: reader.layout.sums.count)
    return reader
  }

  private func closed(_ reader: inout RowReader) -> AccountHarvests {
    var accounts = reader.accounts ?? AccountHarvests(sums: 0)
    reader.accounts = nil
    accounts.close(&reader.harvest)
    return accounts
  }
}

/// What one stretch is read with, and the next one after it: memory that was touched before costs
/// nothing, and a new page costs more than to fill it.
private final class Workbench {
  let pass: PlainPass?
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  init(_ plan: PlainPlan?) {
    pass = plan.map(PlainPass.init)
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

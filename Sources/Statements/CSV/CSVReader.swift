internal import Glibc
internal import Payments

/// Reads one delimited statement with the profile that fits it.
struct CSVReader {
  let file: StatementFile
  let profiles: [Profile]
  /// How many stretches are read at once.
  let threads: Int
  /// The sub-merchants that are ours in a service provider's statements; none named: any.
  var subMerchants: [Channel: [String]] = [:]
  /// Called with the number of bytes done.
  let progress: @Sendable (Int) -> Void
  /// Where the records come from, when they were rendered from a workbook or an XML answer: the
  /// line of each in the file as delivered.
  var lines: [Int]?

  /// Stretches are cut at the first line end after a multiple of this.
  static let stretch = 4 << 20
  /// What is read beyond a cut: nearly every row ends within it.
  static let usualRow = 1 << 14
  /// A longer row is not a row of a statement.
  static let longestRow = 1 << 20

  /// Reads the file; what is wrong with it is in the reading's faults.
  func read(_ reading: inout Reading) async throws(StatementError) {
    let headBytes = try file.read(at: 0, count: CSVHead.longest)
    let head = CSVHead(headBytes, profiles: profiles, isRendered: lines != nil)
    guard let profile = head.profile, !head.hasBareReturns else {
      describeUnknown(head, &reading)
      return
    }
    reading.statement.format = profile.name
    reading.statement.side = Side(rawValue: profile.side) ?? .channel
    reading.statement.channel = Channel(name: profile.channel) ?? .other
    reading.view = profile.view ?? .trade
    if profile.view == .summary {
      reportSummary(profile, &reading)
      reading.summary = SummaryFigures(profile, head.preamble)
      return
    }
    reportDamagedHead(head, &reading)
    readPreamble(head, profile, &reading)
    let missing = Layout.missing(profile, in: head.header)
    if head.headerLine > 0, !missing.isEmpty {
      reportLayout(&reading, line: head.headerLine, missing: missing, head: head, profile)
      return
    }
    let fileDay = dayInName(reading.statement.file)
    if profile.dayFromName == true, fileDay == nil {
      reportNoDay(&reading)
      return
    }
    let layout = Layout(
      profile, header: head.header, encoding: head.encoding, dialect: head.dialect,
      fileDay: fileDay, subMerchants: subMerchants[Channel(name: profile.channel) ?? .other] ?? [])
    reading.layout = layout
    reading.because = because(profile, head.header)
    reading.twin = Layout(
      profile, header: head.header, encoding: .utf8, dialect: head.dialect, fileDay: fileDay)
    let tailStart = max(0, file.size - CSVTail.longest)
    let tail = CSVTail(
      try file.read(at: tailStart, count: CSVTail.longest), base: tailStart, size: file.size,
      profile: profile, head: head)
    let dataEnd = max(head.dataStart, tail.dataEnd)
    var harvest = try await harvest(layout, head: head, until: dataEnd)
    if harvest.invalid == nil, lines == nil {
      // Damage in the trailer: a total that cannot be found cannot be compared either.
      let after = try file.read(at: dataEnd, count: CSVTail.longest)
      let bad = after.withUnsafeBytes { head.encoding.firstInvalid(in: $0) }
      harvest.invalid = bad.map { place in
        (harvest.lines + after[..<place].count { $0 == 0x0A } + 1, after[place])
      }
    }
    settle(harvest, layout, head, tail, &reading)
  }

  // MARK: - Rows

  /// Reads all rows, in stretches side by side when no quoted field can span a cut.
  private func harvest(
    _ layout: Layout, head: CSVHead, until dataEnd: Int, keepsBalances: Bool = false
  ) async throws(StatementError) -> RowHarvest {
    var keeps = keepsBalances
    if !keeps { keeps = try hasBalances(layout, head, until: dataEnd) }
    let keepsBalances = keeps
    let cuts = stride(from: head.dataStart, to: dataEnd, by: CSVReader.stretch).map { $0 }
    var parts: [RowHarvest] = []
    do {
      parts = try await withThrowingTaskGroup(of: (Int, RowHarvest).self) { group in
        var found = [RowHarvest?](repeating: nil, count: cuts.count)
        var (next, running) = (0, 0)
        while next < cuts.count || running > 0 {
          if next < cuts.count, running < max(1, threads) {
            let index = next
            group.addTask {
              let until = min(dataEnd, cuts[index] + CSVReader.stretch)
              return (
                index,
                try stretch(
                  layout, from: cuts[index], until: until, limit: dataEnd,
                  isFirst: index == 0, keepsBalances: keepsBalances)
              )
            }
            next += 1
            running += 1
          } else if let (index, part) = try await group.next() {
            found[index] = part
            running -= 1
          }
        }
        return found.compactMap { $0 }
      }
    } catch {
      throw error as? StatementError
        ?? StatementError.cannotRead(path: file.path, problem: String(describing: error))
    }
    if parts.contains(where: \.needsWholeFile) {
      return try whole(layout, from: head.dataStart, until: dataEnd)
    }
    let merged = CSVReader.merged(consume parts, layout)
    guard merged.skipsBalances, merged.hasBalance else { return merged }
    return try await harvest(layout, head: head, until: dataEnd, keepsBalances: true)
  }

  /// Reads the rows that start in `[from, until)`.
  private func stretch(
    _ layout: Layout, from: Int, until: Int, limit: Int, isFirst: Bool, keepsBalances: Bool
  ) throws(StatementError) -> RowHarvest {
    // One byte earlier, to see whether a row starts exactly at the cut.
    let base = isFirst ? from : from - 1
    // Most rows end soon after the cut; one that does not is seen whole as long as a row may be.
    var bytes = try file.read(at: base, count: min(limit, until + CSVReader.usualRow) - base)
    if bytes.count < limit - base, !bytes.suffix(CSVReader.usualRow).contains(0x0A) {
      bytes = try file.read(at: base, count: min(limit, until + CSVReader.longestRow + 2) - base)
    }
    var reader = RowReader(layout, base: base, isWhole: false, keepsBalances: keepsBalances)
    bytes.withUnsafeBytes { raw in
      var start = 0
      if !isFirst {
        guard let lineEnd = raw.firstIndex(of: 0x0A) else { return }
        start = lineEnd + 1
      }
      reader.read(raw, from: start, until: until - base)
      reader.checkEncoding(raw, from: start)
    }
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
    _ layout: Layout, from: Int, until: Int
  ) throws(StatementError) -> RowHarvest {
    let bytes = try file.read(at: from, count: until - from)
    var reader = RowReader(layout, base: from, isWhole: true)
    bytes.withUnsafeBytes { raw in
      reader.read(raw, from: 0, until: raw.count)
      reader.checkEncoding(raw, from: 0)
    }
    return reader.harvest
  }

  /// Puts the stretches together in file order; lines become lines of the data part.
  private static func merged(_ parts: consuming [RowHarvest], _ layout: Layout) -> RowHarvest {
    guard parts.count != 1 else { return parts[0] }
    var parts = parts
    var result = RowHarvest()
    result.sums = [Int128](repeating: 0, count: layout.sums.count)
    var tables: [EntryTable] = []
    for index in parts.indices {
      let offset = UInt32(truncatingIfNeeded: result.lines)
      tables.append(parts[index].table)
      parts[index].table = EntryTable()
      for row in tables[index].line.indices { tables[index].line[row] += offset }
      result.append(parts[index])
    }
    result.table = EntryTable.joined(consume tables)
    return result
  }

  // MARK: - What the statement says about itself

  private func readPreamble(_ head: CSVHead, _ profile: Profile, _ reading: inout Reading) {
    guard let cuts = profile.preamble else { return }
    func find(_ name: String) -> String? {
      guard let cut = cuts[name] else { return nil }
      return head.preamble.lazy.compactMap { $0.cut(after: cut.after, until: cut.until) }.first
    }
    reading.statement.merchant = find("merchant")
    func day(_ text: String?, isEnd: Bool) -> BusinessDay? {
      guard let text else { return nil }
      let bytes = Array(text.utf8)
      let moment = bytes.withUnsafeBytes { parseAnyMoment($0, encoding: .utf8) }
      guard isUsable(moment.seconds ?? 0) else { return nil }
      switch moment {
      // "Up to midnight" means the day before.
      case .value(let seconds): return Timestamp(seconds: isEnd ? seconds - 1 : seconds).day
      case .day(let seconds): return Timestamp(seconds: seconds).day
      default: return nil
      }
    }
    if let from = day(find("from"), isEnd: false), let to = day(find("to"), isEnd: true),
      from <= to
    {
      reading.statement.from = from
      reading.statement.to = to
      reading.statesPeriod = true
    }
  }

  private func settle(
    _ harvest: RowHarvest, _ layout: Layout, _ head: CSVHead, _ tail: CSVTail,
    _ reading: inout Reading
  ) {
    reading.table = harvest.table
    reading.unkeyed = harvest.unkeyed
    reading.days = harvest.days
    reading.statement.read = harvest.read
    reading.statement.accepted = harvest.table.count
    reading.statement.feeHundredThousandths = Int64(
      clamping: layout.profile.feesAreNegative == true ? -harvest.fees : harvest.fees)
    reading.balances = harvest.chain.openingAndClosing
    for row in reading.table.line.indices {
      let line = Int(reading.table.line[row]) + head.headerLine
      reading.table.line[row] = UInt32(truncatingIfNeeded: original(line))
    }
    if let merchant = harvest.merchant {
      reading.statement.merchant = merchant.withUnsafeBytes(layout.encoding.decode)
    }
    let checks = CSVChecks(
      harvest: harvest, layout: layout, tail: tail, file: file,
      line: { original($0 + head.headerLine) })
    checks.run(&reading)
    reading.inferPeriod()
  }

  private func because(_ profile: Profile, _ header: [String]) -> Wording {
    if let fixed = profile.fixed {
      return Wording(
        zh: "每条记录 \(fixed.width) 字节", en: "records of \(fixed.width) bytes")
    }
    let names =
      profile.signature
      + (profile.signatureGroups ?? []).compactMap { group in
        group.first(where: header.contains)
      }
    return Wording(
      zh: "表头含 \(names.joined(separator: "、"))",
      en: "the header holds \(names.joined(separator: ", "))")
  }

  /// The line in the delivered file of a line of the records.
  private func original(_ line: Int) -> Int {
    guard let lines else { return line }
    return line >= 1 && line <= lines.count ? lines[line - 1] : line
  }

  /// The first eight digits of a file name that are a day: `XYK00002.20261101`.
  private func dayInName(_ name: String) -> Int64? {
    for run in name.split(whereSeparator: { !$0.isASCII || !$0.isNumber }) where run.count >= 8 {
      let digits = run.suffix(8)
      guard let number = Int(digits),
        let day = BusinessDay(
          year: number / 10_000, month: number / 100 % 100, day: number % 100)
      else { continue }
      return day.start.seconds
    }
    return nil
  }

  private func reportNoDay(_ reading: inout Reading) {
    reading.fault(
      .unreadable,
      zh: "此格式的日期只在文件名中（如 XYK00002.20261101），当前文件名没有日期。请恢复原文件名。",
      en: "this layout tells its day only in the file's name, such as XYK00002.20261101; this name "
        + "has none. Restore the original name.")
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

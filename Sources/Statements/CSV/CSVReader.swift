internal import Columns
internal import Glibc
internal import Payments

/// Reads one delimited statement with the profile that fits it.
struct CSVReader {
  let file: StatementFile
  let profiles: [Profile]
  /// How many stretches are read at once.
  let threads: Int
  /// What the school says about the words in its statements.
  var words = SchoolWords()
  /// Called with the number of bytes done.
  let progress: @Sendable (Int) -> Void
  /// Where the records come from, when they were rendered from a workbook or an XML answer: the
  /// line of each in the file as delivered.
  var lines: [Int]?
  /// The names of several sheets of a workbook that are one list; empty for anything else.
  var sheets: [String] = []

  /// Reads the file; what is wrong with it is in the readings' faults.
  ///
  /// - Parameter given: what is known of the file.
  /// - Returns: one reading, or one for each of the accounts the file tells of.
  func read(_ given: Reading) throws(StatementError) -> [Reading] {
    var reading = given
    let headBytes = try file.read(at: 0, count: CSVHead.longest)
    let head = CSVHead(headBytes, profiles: profiles, isRendered: lines != nil)
    guard let profile = head.profile, !head.hasBareReturns else {
      describeUnknown(head, &reading)
      return [reading]
    }
    reading.statement.format = profile.name
    reading.statement.side = Side(rawValue: profile.side) ?? .channel
    reading.statement.channel = Channel(name: profile.channel) ?? .other
    reading.view = profile.view ?? .trade
    reading.cut = profile.cut
    if profile.view == .summary {
      reportSummary(profile, &reading)
      reading.summary = SummaryFigures(profile, head.preamble)
      return [reading]
    }
    reportDamagedHead(head, &reading)
    readPreamble(head, profile, &reading)
    let missing = profile.missingColumns(in: head.header)
    if head.headerLine > 0, !missing.isEmpty {
      reportLayout(&reading, line: head.headerLine, missing: missing, head: head, profile)
      return [reading]
    }
    let fileDay = dayInName(reading.statement.file)
    if profile.dayFromName == true, fileDay == nil {
      reportNoDay(&reading)
      return [reading]
    }
    let layout = Layout(
      profile, header: head.header, encoding: head.encoding, dialect: head.dialect,
      fileDay: fileDay, words: words)
    describe(layout, &reading)
    return try readRows(layout, head, fileDay, reading)
  }

  private func readRows(
    _ given: Layout, _ head: CSVHead, _ fileDay: Int64?, _ known: Reading
  ) throws(StatementError) -> [Reading] {
    var (layout, reading) = (given, known)
    let tailStart = max(0, file.size - CSVTail.longest)
    let tail = CSVTail(
      try file.read(at: tailStart, count: CSVTail.longest), base: tailStart, size: file.size,
      profile: layout.profile, head: head)
    endAtExport(tail, head, layout.profile, &reading)
    let dataEnd = max(head.dataStart, tail.dataEnd)
    let sample = try sample(layout, head.dataStart..<dataEnd, &reading)
    layout.padding = sample.padding
    var harvest = try harvest(layout, head: head, until: dataEnd)
    if layout.padding > 0, harvest.hasUnpadded {
      // Not every row is written so: then a field too many may be a separator inside a text.
      layout.padding = 0
      harvest = try self.harvest(layout, head: head, until: dataEnd)
    }
    if harvest.invalid == nil, lines == nil {
      // Damage in the trailer: a total that cannot be found cannot be compared either.
      let after = try file.read(at: dataEnd, count: CSVTail.longest)
      let bad = after.withUnsafeBytes { head.encoding.firstInvalid(in: $0) }
      harvest.invalid = bad.map { place in
        (harvest.lines + after[..<place].count { $0 == 0x0A } + 1, after[place])
      }
    }
    let checks = Checks(
      layout: layout, tail: tail, sample: sample, quoter: quoter(layout, fileDay), head: head,
      data: head.dataStart..<dataEnd, name: reading.statement.file)
    reading.rows = checks.quoter
    return try settle(consume harvest, checks, reading)
  }

  /// What the rows are checked with once they are read.
  struct Checks {
    let layout: Layout
    let tail: CSVTail
    let sample: CSVSample
    let quoter: RowQuoter
    let head: CSVHead
    /// Where the rows are.
    let data: Range<Int>
    /// What reports call the file.
    let name: String
  }

  private func quoter(_ layout: Layout, _ fileDay: Int64?) -> RowQuoter {
    var twin = Layout(
      layout.profile, header: layout.header, encoding: .utf8, dialect: layout.dialect,
      fileDay: fileDay)
    twin.padding = layout.padding
    return RowQuoter(file, layout, twin, sheets: sheets)
  }

  /// Looks at the first rows: how they are written, and what the columns hold that nobody knows.
  private func sample(
    _ layout: Layout, _ data: Range<Int>, _ reading: inout Reading
  ) throws(StatementError) -> CSVSample {
    let count = min(CSVSample.longest.bytes, data.count)
    let strange =
      layout.missingKeys.isEmpty && layout.missingTexts.isEmpty ? [] : layout.strangeColumns
    let sample = CSVSample(
      try file.read(at: data.lowerBound, count: count), layout, isWhole: count == data.count,
      keysOf: strange)
    (reading.missingKeys, reading.missingTexts) = (layout.missingKeys, layout.missingTexts)
    reading.strangeColumns = strange.compactMap { field in
      sample.keys[field].map { (layout.header[field], $0) }
    }
    return sample
  }

  // MARK: - What the statement says about itself

  private func readPreamble(_ head: CSVHead, _ profile: Profile, _ reading: inout Reading) {
    guard let cuts = profile.preamble else { return }
    func find(_ name: String) -> String? {
      guard let cut = cuts[name] else { return nil }
      return head.preamble.lazy.compactMap { $0.cut(after: cut.after, until: cut.until) }.first
    }
    reading.statement.merchant = find("merchant")
    if let from = find("from"), let to = find("to"),
      let period = TimeSpan(statedFrom: from, to: to)
    {
      reading.take(stated: period)
    }
  }

  /// What was exported before its period was over says nothing of the rest, whatever its head claims.
  private func endAtExport(
    _ tail: CSVTail, _ head: CSVHead, _ profile: Profile, _ reading: inout Reading
  ) {
    guard let cut = profile.preamble?["exported"], let period = reading.statement.period,
      let text = (head.preamble + tail.lines).lazy
        .compactMap({ $0.cut(after: cut.after, until: cut.until) }).first,
      let exported = TimeSpan(readableIn: text)?.start, period.start < exported,
      exported < period.end
    else { return }
    reading.take(stated: TimeSpan(start: period.start, end: exported))
  }

  /// Makes a reading of rows.
  ///
  /// - Parameter whole: what all rows of the file gave, where these are some of them.
  func settle(
    _ given: consuming RowHarvest, of whole: WholeFile? = nil, _ with: Checks,
    _ reading: inout Reading
  ) {
    var harvest = given
    let (layout, head) = (with.layout, with.head)
    swap(&reading.table, &harvest.table)
    (reading.names, reading.namesEncoding) = (harvest.names.names, layout.encoding)
    reading.statement.content = layout.profile.content(
      header: head.header, file: with.name, kinds: reading.table.kind)
    reading.unkeyed = harvest.unkeyed
    reading.days = harvest.days
    reading.statement.read = harvest.read
    reading.statement.accepted = reading.table.count
    reading.statement.feeHundredThousandths = Int64(
      clamping: layout.profile.feesAreNegative == true ? -harvest.fees : harvest.fees)
    reading.balances = harvest.chain.openingAndClosing
    reading.table.line.shift(by: UInt32(truncatingIfNeeded: head.headerLine))
    if lines != nil {
      reading.table.line.transform { UInt32(truncatingIfNeeded: original(Int($0))) }
    }
    if let merchant = harvest.merchant {
      reading.statement.merchant = merchant.withUnsafeBytes(layout.encoding.decode)
    }
    let checks = CSVChecks(
      harvest: harvest, whole: whole ?? WholeFile(harvest), layout: layout, quoter: with.quoter,
      tail: with.tail,
      sample: with.sample, file: file,
      line: { original($0 + head.headerLine) })
    checks.run(&reading)
    reading.inferPeriod(timeColumn: layout[.time] >= 0 ? layout.header[layout[.time]] : nil)
    reading.settleHoles()
  }

  private func describe(_ layout: Layout, _ reading: inout Reading) {
    reading.recognition = Recognition(
      title: layout.profile.title.wording, reason: because(layout.profile, layout.header),
      encoding: layout.encoding.name, columns: layout.profile.roles(of: layout.header))
    let form =
      layout.profile.fixed == nil
      ? FileForm.text(separator: layout.dialect.separator) : .fixedText
    reading.recognition.form = form.told(of: reading.statement.file)
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

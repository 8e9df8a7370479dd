internal import Columns
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

  /// Reads the file; what is wrong with it is in the reading's faults.
  func read(_ reading: inout Reading) throws(StatementError) {
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
    let missing = profile.missingColumns(in: head.header)
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
    describe(layout, &reading)
    let twin = Layout(
      profile, header: head.header, encoding: .utf8, dialect: head.dialect, fileDay: fileDay)
    let quoter = RowQuoter(file, layout, twin)
    reading.rows = quoter
    let tailStart = max(0, file.size - CSVTail.longest)
    let tail = CSVTail(
      try file.read(at: tailStart, count: CSVTail.longest), base: tailStart, size: file.size,
      profile: profile, head: head)
    let dataEnd = max(head.dataStart, tail.dataEnd)
    var harvest = try harvest(layout, head: head, until: dataEnd)
    if harvest.invalid == nil, lines == nil {
      // Damage in the trailer: a total that cannot be found cannot be compared either.
      let after = try file.read(at: dataEnd, count: CSVTail.longest)
      let bad = after.withUnsafeBytes { head.encoding.firstInvalid(in: $0) }
      harvest.invalid = bad.map { place in
        (harvest.lines + after[..<place].count { $0 == 0x0A } + 1, after[place])
      }
    }
    settle(harvest, layout, quoter, head, tail, &reading)
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

  private func settle(
    _ given: consuming RowHarvest, _ layout: Layout, _ quoter: RowQuoter, _ head: CSVHead,
    _ tail: CSVTail, _ reading: inout Reading
  ) {
    var harvest = given
    swap(&reading.table, &harvest.table)
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
      harvest: harvest, layout: layout, quoter: quoter, tail: tail, file: file,
      line: { original($0 + head.headerLine) })
    checks.run(&reading)
    reading.inferPeriod(timeColumn: layout[.time] >= 0 ? layout.header[layout[.time]] : nil)
    reading.settleHoles()
  }

  private func describe(_ layout: Layout, _ reading: inout Reading) {
    reading.recognition = Recognition(
      title: layout.profile.title.wording, reason: because(layout.profile, layout.header),
      encoding: layout.encoding.name, columns: layout.profile.roles(of: layout.header))
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

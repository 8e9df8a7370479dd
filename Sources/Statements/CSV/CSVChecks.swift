internal import Columns
internal import Payments

/// What a delimited statement claims, held against what its rows say.
struct CSVChecks {
  let harvest: RowHarvest
  /// What all rows of the file say, where these are one account's of several.
  let whole: WholeFile
  let layout: Layout
  let quoter: RowQuoter
  let tail: CSVTail
  let sample: CSVSample
  let file: StatementFile
  /// The line in the delivered file of a line of the data part.
  let line: (Int) -> Int

  /// Runs every check; each failure becomes a fault of the reading.
  func run(_ reading: inout Reading) {
    checkBytes(&reading)
    checkEnd(&reading)
    checkTotals(&reading)
    checkBalances(&reading)
    checkCards(&reading)
    takeSerials(&reading)
    checkMerchants(&reading)
    checkNumbers(&reading)
    checkPeriod(&reading)
    reportRows(&reading)
  }

  private func checkBytes(_ reading: inout Reading) {
    if let invalid = whole.harvest.invalid {
      reading.fault(
        .encodingDamaged, byte: invalid.byte, line: line(invalid.line), encoding: layout.encoding)
    }
    let damaged = whole.harvest.damaged.merging(sample.damaged) { min($0, $1) }
    for (field, first) in damaged.sorted(by: { $0.key < $1.key }) {
      reading.fault(
        .spreadsheetDamaged, line: line(first), column: layout.header[field],
        zh: "\(layout.header[field]) 中的号码已变成科学计数法（如 1.23E+27）或末位被抹成 0，文件被表格软件重新保存过，"
          + "原号无法恢复。请使用渠道的原始文件。",
        en:
          "a number in \(layout.header[field]) has become scientific notation (1.23E+27) or has lost its "
          + "last digits to zeros: the file was re-saved by a spreadsheet and the number is lost. Use the "
          + "channel's original file.")
    }
  }

  private func checkEnd(_ reading: inout Reading) {
    if !tail.isPresent {
      reading.fault(
        .statementTruncated,
        zh: "缺少结尾的汇总行，文件不完整。请重新下载。",
        en: "the trailer with the totals is missing: the file is cut off. Download it again.")
    }
    if let opened = whole.harvest.openQuoteLine {
      reading.fault(
        .statementTruncated, line: line(opened),
        zh: "引号从本行起未闭合，文件被截断或损坏。请重新下载。",
        en: "a quote opened on this line is never closed: the file is cut off or damaged.")
    } else if layout.profile.trailer == nil, let last = whole.harvest.lastRejection,
      last.field == nil, last.line == whole.harvest.lines, !endsWithLineEnd
    {
      reading.fault(
        .statementTruncated, line: line(last.line),
        zh: "最后一行不完整，文件被截断。请重新导出。",
        en: "the last row is cut off. Export the file again.")
    } else if layout.profile.trailer == nil, layout.dialect.width == 0, whole.harvest.lines == 0,
      !endsWithLineEnd
    {
      reading.fault(
        .statementTruncated, line: line(0),
        zh: "文件在表头行中断，没有换行也没有记录。请重新导出。",
        en: "the file breaks off in its header line: no line end, no row. Export it again.")
    }
  }

  private var endsWithLineEnd: Bool {
    (try? file.read(at: max(0, file.size - 1), count: 1)) == [0x0A]
  }

  private func checkTotals(_ reading: inout Reading) {
    var problems: [(name: String, stated: String, computed: String)] = []
    var ties = false
    for (index, total) in layout.profile.controlTotals.enumerated() {
      let rule = layout.sums[index]
      guard let text = tail.stated[index] else { continue }
      if total.sum != nil, rule.amount == nil {
        // The file has no such column: the total may say what it will, but it must say something.
        if CSVChecks.number(text, decimals: 5) == nil { problems.append((total.name, text, "—")) }
        continue
      }
      let decimals = rule.amount.map { layout.amounts[$0].unit.scale } ?? 0
      let computed = whole.harvest.sums[index]
      let isMagnitude = rule.rows == .moneyIn || rule.rows == .moneyOut
      var stated = CSVChecks.number(text, decimals: decimals)
      if isMagnitude { stated = stated.map { abs($0) } }
      let toFen = decimals > 2 ? Int128(1_000) : 1
      reading.statement.totals.append(
        ControlTotal(
          name: total.name, stated: stated.map { Int64(clamping: $0 / toFen) },
          computed: Int64(clamping: computed / toFen), isCount: rule.amount == nil))
      if stated != nil, rule.amount != nil, whole.harvest.hasUnreadableAmount { continue }
      if stated != nil, rule.amount != nil || rule.rows != .all, whole.harvest.hasUncutRow {
        continue
      }
      if stated == computed {
        ties = true
      } else {
        let shown = rule.amount == nil ? "\(computed)" : Money.yuan(computed / toFen)
        problems.append((total.name, text.trimmedLine, shown))
      }
    }
    guard !problems.isEmpty else {
      reading.statement.provesStart = ties
      reading.statement.provesEnd = ties
      return
    }
    reading.fault(
      .controlTotalMismatch, column: problems[0].name,
      zh: problems.map { "\($0.name)：汇总为 \($0.stated)，明细合计 \($0.computed)" }
        .joined(separator: "；") + "。该文件暂不采用，请向渠道重新下载核对。",
      en: problems.map { "\($0.name) is stated as \($0.stated) but the rows give \($0.computed)" }
        .joined(separator: "; ") + ". The file is held; download it again and compare.")
  }

  /// A stated total in 10^−decimals: counts are written `45`, `45.0` or with a backtick.
  private static func number(_ text: String, decimals: Int) -> Int128? {
    var text = text
    let parsed = text.withUTF8 {
      parseAmount(trimmed(UnsafeRawBufferPointer($0)), decimals: decimals, encoding: .utf8)
    }
    guard case .value(let value) = parsed else { return nil }
    return Int128(value)
  }

  private func checkBalances(_ reading: inout Reading) {
    if harvest.chain.first != nil, let line = harvest.lostBalance.map(self.line) {
      reading.fault(
        .runningBalanceBreak, line: line, column: layout.header[layout[.balance]],
        zh: "第 \(line) 行的余额为空或无法读取，前后余额无从核对。请使用渠道的原始文件。",
        en:
          "the balance on line \(line) is empty or cannot be read: nothing to hold the rows around it "
          + "against. Use the channel's original file.")
      return
    }
    if let (before, after) = harvest.chain.firstBreak {
      reading.fault(
        .runningBalanceBreak, line: line(after.line), column: layout.header[layout[.balance]],
        zh: "第 \(line(before.line)) 行余额 \(Money.yuan(Int128(before.balance))) 与第 "
          + "\(line(after.line)) 行余额 \(Money.yuan(Int128(after.balance))) 接不上，其间可能缺行或被改动。",
        en: "the balance \(Money.yuan(Int128(before.balance))) on line \(line(before.line)) does "
          + "not lead to \(Money.yuan(Int128(after.balance))) on line \(line(after.line)): a row "
          + "is missing or was changed.")
    }
  }

  /// Balances of cards that do not follow from each other: evidence for people, no reason to hold the file.
  private func checkCards(_ reading: inout Reading) {
    // A row whose card nobody can read may be the missing link of any; of more than are kept nobody knows.
    guard harvest.unusedRows == harvest.rejections.count + harvest.unknownStatuses.count else {
      return
    }
    let nameless = (harvest.rejections + harvest.unknownStatuses)
      .filter { $0.unused.account == 0 && $0.unused.student == 0 }.map(\.line)
    reading.statement.cardBreaks = CardChains(harvest.cards).breaks.filter { link in
      let lines = min(link.before, link.after)...max(link.before, link.after)
      return !nameless.contains { lines.contains($0) }
    }.map { link in
      CardBreak(
        before: line(link.before), after: line(link.after), balanceBefore: link.balanceBefore,
        movement: link.movement, balanceAfter: link.balanceAfter,
        offset: reading.offset(ofLine: line(link.after)))
    }.sorted { $0.after < $1.after }
  }

  /// Hands on the numbers of a ledger's rows; all of its files together have no gaps.
  private func takeSerials(_ reading: inout Reading) {
    reading.serials = harvest.serials.map { ($0.number, line($0.line)) }
    reading.lostSerials = harvest.lostSerials
  }

  private func checkMerchants(_ reading: inout Reading) {
    if let other = harvest.otherSubMerchant {
      let text = other.text.withUnsafeBytes(layout.encoding.decode)
      reading.fault(
        .wrongAccountStatement, line: line(other.line), column: layout.header[layout[.subMerchant]],
        zh: "服务商账单中混有多个特约商户（如 \(text)），无法得知哪些属于本校。请在配置的 "
          + "sources.\(layout.channel.name).subMerchants 中写明本校的特约商户号。",
        en: "a service provider's bill of several sub-merchants, \(text) among them: whose are "
          + "ours? Name them under sources.\(layout.channel.name).subMerchants.")
    }
    guard let other = harvest.otherMerchant else { return }
    let column = layout.header[layout[.merchant]]
    switch whole.mixture {
    case .another:
      let text = other.text.withUnsafeBytes(layout.encoding.decode)
      reading.fault(
        .wrongAccountStatement, line: line(other.line), column: column,
        zh: "文件中混有另一个商户号或账号 \(text)。请分商户导出。",
        en: "the file mixes in another merchant or account, \(text). Export one at a time.")
    case .nameless(let row):
      reading.fault(
        .wrongAccountStatement, line: line(row), column: column,
        zh: "文件含有多个商户号或账号，第 \(line(row)) 行却没有可读的账号，无法得知属于谁，整个文件暂不采用。"
          + "请使用渠道的原始文件，或分账号导出。",
        en:
          "the file tells of several merchants or accounts, and line \(line(row)) names none that can be read: "
          + "it may be anybody's, and the whole file is held. Use the channel's original file, or export one at "
          + "a time.")
    case .tooMany:
      reading.fault(
        .wrongAccountStatement, column: column,
        zh: "\(column) 列中的商户号或账号超过 \(AccountHarvests.limit) 个的上限，整个文件暂不采用。"
          + "请分几次导出，或查看该列是否为本方账号。",
        en:
          "column \(column) names more than \(AccountHarvests.limit) merchants or accounts; the whole file is "
          + "held. Export fewer at a time, or see whether the column is that of the own account.")
    }
  }

  private func checkNumbers(_ reading: inout Reading) {
    let harvest = whole.areNumbersByAccount ? harvest : whole.harvest
    if let line = harvest.lostNumber.map(self.line) {
      reading.fault(
        .controlTotalMismatch, line: line, column: layout.header[layout[.sequence]],
        zh: "第 \(line) 行的明细序号为空或无法读取，是否缺行无从核对。请重新下载。",
        en:
          "the running number on line \(line) is empty or cannot be read: whether rows are missing "
          + "cannot be told. Download it again.")
      return
    }
    guard let (before, after) = harvest.numbers.firstBreak else { return }
    reading.fault(
      .statementTruncated, line: line(after.line), column: layout.header[layout[.sequence]],
      zh: "明细序号从第 \(line(before.line)) 行的 \(before.balance) 跳到第 \(line(after.line)) 行的 "
        + "\(after.balance)，其间缺行。请重新下载。",
      en: "the running number goes from \(before.balance) on line \(line(before.line)) to "
        + "\(after.balance) on line \(line(after.line)): rows are missing. Download it again.")
  }

  /// Rows outside the days the statement itself says it is for.
  private func checkPeriod(_ reading: inout Reading) {
    guard reading.statesPeriod, let from = reading.statement.from, let to = reading.statement.to,
      let stray = whole.harvest.days.map(\.day).sorted().first(where: { $0 < from || $0 > to })
    else { return }
    // Totals outrank dates: a row they count belongs here. Where none is of the period, it is another's.
    let hasOwn = whole.harvest.days.contains { from <= $0.day && $0.day <= to }
    if hasOwn, reading.statement.provesEnd { return }
    reading.fault(
      .wrongDay,
      zh: "文件自述账期为 \(from) 至 \(to)，却有 \(stray) 的记录。请核对账期后重新导出。",
      en: "the file says it is for \(from) to \(to) but holds rows of \(stray).")
  }

  private func reportRows(_ reading: inout Reading) {
    if let first = harvest.rejections.first {
      reading.fault(
        .rowRejected, line: line(first.line), column: first.field.map { layout.header[$0] },
        zh: "\(harvest.rejectedRows) 行无法解析，首行原因：\(first.reason.zh)。这些行单独列出，未参与对账。",
        en: "\(harvest.rejectedRows) rows could not be read; the first: \(first.reason.en). They "
          + "are listed and took no part.", holds: false, voidsCoverage: false)
    }
    for row in harvest.unknownStatuses.prefix(20) {
      reading.fault(
        .unknownStatus, line: line(row.line), column: row.field.map { layout.header[$0] },
        zh: row.reason.zh, en: row.reason.en, holds: false, voidsCoverage: false)
    }
    for row in harvest.rejections + harvest.unknownStatuses {
      var unused = row.unused
      unused.offset = UInt64(row.offset)
      unused.line = UInt32(truncatingIfNeeded: line(row.line))
      reading.note(unused: unused)
    }
    reading.unusedRows = max(reading.unusedRows, harvest.unusedRows)
    let name = reading.statement.file
    reading.rejections = (harvest.rejections + harvest.unknownStatuses).map { rejection($0, name) }
    reading.strangeLines = Set(harvest.strangeLines.map(line))
    reading.strange = harvest.strange.map { row in
      var unused = row.unused
      unused.offset = UInt64(row.offset)
      unused.line = UInt32(truncatingIfNeeded: line(row.line))
      return (unused, rejection(row, name))
    }
  }

  private func rejection(_ row: RowRejection, _ file: String) -> Rejection {
    let quoted = quoter.quote(row.bytes)
    let (part, line) = quoter.place(ofLine: line(row.line))
    return Rejection(
      file: file.with(part: part), line: line, column: row.field.map { $0 + 1 },
      field: row.field.map { layout.header[$0] }, offset: row.offset, reason: row.reason,
      text: quoted.text,
      known: quoted.known)
  }
}

extension Reading {
  /// Byte offset of the row on a line of the file; 0 where no row is an entry there.
  func offset(ofLine line: Int) -> UInt64 {
    var (low, high) = (0, table.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(table.line[middle]) < line { low = middle + 1 } else { high = middle }
    }
    return low < table.count && Int(table.line[low]) == line ? table.offset[low] : 0
  }
}

public import Payments

/// The report as text for a terminal: the verdict first, details after.
///
/// Serials and amounts are never cut. Text that came from statements is shown without control or
/// direction characters (``PlainText``), so nothing in a file can drive the terminal.
public enum TerminalReport {
  /// The whole report, ending in a line feed.
  public static func render(
    _ report: DayReport, options: ReportOptions = ReportOptions(),
    layout: TerminalLayout = TerminalLayout()
  ) -> String {
    var sections = TerminalSections(report: report, options: options, layout: layout)
    sections.verdict()
    sections.faults()
    sections.notes()
    sections.legs()
    sections.totals()
    for severity in Severity.allCases { sections.anomalies(severity) }
    sections.rejections()
    sections.pending()
    sections.weakMatches()
    sections.excluded()
    sections.statements()
    sections.conservation()
    return sections.page.text
  }

  /// The run in one line without a line feed, for a cron job's mail.
  public static func summaryLine(_ report: DayReport, language: Language = .zh) -> String {
    Headline(report, language).summary()
  }
}

/// The sections of a terminal report; each writes itself to the page, or nothing when it is empty.
struct TerminalSections {
  let report: DayReport
  let options: ReportOptions
  var page: TextPage

  init(report: DayReport, options: ReportOptions, layout: TerminalLayout) {
    self.report = report
    self.options = options
    page = TextPage(layout)
  }

  var language: Language { options.language }
  var isChinese: Bool { options.language == .zh }
  var phrases: Phrases { Phrases(language: options.language) }

  func column(_ column: ReportColumn, isRight: Bool = false, minimum: Int? = nil)
    -> TextTable.Column
  {
    TextTable.Column(column.label(language), isRight: isRight, minimum: minimum)
  }

  mutating func verdict() {
    let headline = Headline(report, language)
    let ink: Ink
    switch report.verdict {
    case .balanced: ink = .boldGreen
    case .unbalanced: ink = .boldRed
    case .incomplete: ink = .boldYellow
    }
    page.paragraph("", headline.sentence(), ink)
    if let owed = headline.owedInAll() { page.paragraph("", owed, .bold) }
    for line in report.standing(language) { page.paragraph("", line, .boldYellow) }
    if let mark = report.decidedUpTo { page.paragraph("", mark.sentence(language), .dim) }
  }

  /// Says how many items of a list are not shown, and where they are.
  mutating func remainder(_ hidden: Int) {
    guard hidden > 0 else { return }
    let listing = page.layout.fullListing
    page.paragraph(
      "  ",
      isChinese
        ? "另有 \(phrases.count(hidden)) 项未列出，见 \(listing)"
        : "\(phrases.count(hidden)) more not shown, see \(listing)", .dim)
  }

  // MARK: Statements

  mutating func faults() {
    let troubles = report.troubles
    guard !troubles.isEmpty else { return }
    page.section(isChinese ? "账单问题" : "Statement faults")
    for (fault, reported) in troubles.prefix(page.layout.limit) {
      self.fault(fault, of: reported.statement)
      if fault.kind == .statementReissued, let reissue = reported.reissue { changes(reissue) }
    }
    remainder(troubles.count - page.layout.limit)
  }

  /// What is worth knowing about statements, though nothing is wrong.
  mutating func notes() {
    let notes = report.statements.flatMap { reported in
      reported.statement.notes.map { (reported.statement, $0) }
    }
    guard !notes.isEmpty else { return }
    page.section(isChinese ? "账单说明" : "Notes on statements")
    for (statement, note) in notes.prefix(page.layout.limit) {
      page.paragraph("  ", PlainText.neutralised(name(of: statement)) + ":\(note.line)")
      page.paragraph("    ", options.words(note.detail))
    }
    remainder(notes.count - page.layout.limit)
  }

  private mutating func fault(_ fault: StatementFault, of statement: Statement) {
    var place = PlainText.neutralised(name(of: statement))
    if let line = fault.line { place += ":\(line)" }
    var sentence = fault.kind.label(language) + (isChinese ? "：" : ": ") + place
    if let column = fault.column.map(PlainText.neutralised) {
      sentence += isChinese ? "「\(column)」列" : ", column “\(column)”"
    }
    page.paragraph("  ", sentence, fault.holds || fault.voidsCoverage ? .red : .yellow)
    page.paragraph("    ", PlainText.neutralised(options.words(fault.detail)))
    // A statement that never came has no rows to speak of.
    guard statement.read.rows > 0 else { return }
    if fault.holds {
      page.paragraph("    ", isChinese ? "这份账单的行一律未采用" : "none of its rows is used")
    } else if fault.voidsCoverage {
      page.paragraph(
        "    ",
        isChinese ? "这份账单不能证明整个账期" : "it cannot speak for its whole period")
    }
  }

  /// The rows in which a statement differs from the issue before.
  private mutating func changes(_ reissue: Reissue) {
    for row in reissue.rows {
      let key = PlainText.neutralised(row.key)
      for (mark, line) in [("−", row.before), ("+", row.after)] {
        guard let line else { continue }
        let text = options.text(line.text, line.personal)
        page.paragraph(
          "      \(mark) ",
          "\(key) \(isChinese ? "第 \(line.line) 行" : "line \(line.line)") "
            + PlainText.neutralised(PlainText.clipped(text, to: 400)))
      }
    }
    remainder(reissue.count - reissue.rows.count)
  }

  /// The file, or for a statement that never came its source and day.
  private func name(of statement: Statement) -> String {
    guard statement.file.isEmpty else { return statement.file }
    let source =
      statement.side == .ledger ? Side.ledger.label(language) : statement.channel.label(language)
    return source + (period(of: statement).isEmpty ? "" : " " + period(of: statement))
  }

  private func period(of statement: Statement) -> String {
    guard let from = statement.from, let to = statement.to else {
      return (statement.from ?? statement.to)?.description ?? ""
    }
    return phrases.period(min(from, to)...max(from, to))
  }

  mutating func statements() {
    guard !report.statements.isEmpty else { return }
    page.section(isChinese ? "账单" : "Statements")
    var table = TextTable([
      column(.file, minimum: 24), column(.format, minimum: 10), column(.source, minimum: 8),
      column(.period), column(.rowsRead, isRight: true), column(.accepted, isRight: true),
    ])
    for reported in report.statements.prefix(page.layout.limit) {
      let statement = reported.statement
      let source = statement.side == .ledger ? Side.ledger.label : statement.channel.label
      table.rows.append([
        PlainText.neutralised(name(of: statement)), PlainText.neutralised(statement.format),
        source(language), period(of: statement), phrases.count(statement.read.rows),
        phrases.count(statement.accepted),
      ])
    }
    page.table(table)
    remainder(report.statements.count - page.layout.limit)
  }

  // MARK: Totals

  mutating func totals() {
    guard !report.sources.isEmpty else { return }
    page.section(
      isChinese ? "渠道与一卡通合计（笔数，元）" : "Channel against ledger (rows, CNY)")
    var table = TextTable(
      [column(.channel, minimum: 8)]
        + [.payments, .refunds, .credits, .reversals, .difference].map {
          column($0, isRight: true)
        })
    var sum = SourceLine(source: "")
    for line in report.sources {
      sum.payments += line.payments
      sum.refunds += line.refunds
      sum.credits += line.credits
      sum.reversals += line.reversals
      table.rows.append(row(line, Labels.source(line.source)(language)))
    }
    if report.sources.count > 1 { table.rows.append(row(sum, isChinese ? "合计" : "Total")) }
    page.table(table)
  }

  private func row(_ line: SourceLine, _ name: String) -> [String] {
    let tally = { (tally: Tally) in "\(phrases.count(tally.rows)) / \(Money.yuan(tally.fen))" }
    return [
      name, tally(line.payments), tally(line.refunds), tally(line.credits),
      tally(line.reversals), Money.yuan(line.differenceFen),
    ]
  }

  // MARK: Conservation

  /// `逐行守恒：读入 N 行 = …`, and the same for the money; a source that does not add up is named.
  mutating func conservation() {
    guard !report.conservation.isEmpty else { return }
    var all = ConservationLine(side: .channel, source: "", read: Tally(), buckets: [:])
    for line in report.conservation {
      all.read += line.read
      for (bucket, tally) in line.buckets { all.buckets[bucket, default: Tally()] += tally }
    }
    let broken = report.conservation.filter { !$0.isBalanced }
    guard broken.isEmpty else {
      page.section(isChinese ? "守恒不成立" : "Conservation is broken")
      for line in broken {
        let side = line.side.label(language)
        let source = Labels.source(line.source)(language)
        equations(line, of: source == side ? side : "\(side) \(source)", .boldRed)
      }
      return
    }
    page.section(isChinese ? "守恒" : "Conservation")
    equations(all, of: nil, nil)
  }

  private mutating func equations(_ line: ConservationLine, of source: String?, _ ink: Ink?) {
    let name = source.map { isChinese ? "（\($0)）" : " (\($0))" } ?? ""
    let rows = sum(line) { phrases.count($0.rows) }
    let money = sum(line) { phrases.yuan($0.fen) }
    let readRows = phrases.count(line.read.rows)
    let readMoney = phrases.yuan(line.read.fen)
    page.paragraph(
      "  ",
      isChinese
        ? "逐行守恒\(name)：读入 \(readRows) 行 \(rows)"
        : "Row by row\(name): \(readRows) rows read \(rows)", ink)
    page.paragraph(
      "  ",
      isChinese
        ? "金额守恒\(name)：读入 \(readMoney) \(money)"
        : "Fen by fen\(name): \(readMoney) read \(money)", ink)
  }

  /// `= 平账 2 + 差错 1`: the buckets that hold anything.
  private func sum(_ line: ConservationLine, _ say: (Tally) -> String) -> String {
    let used = Bucket.allCases.compactMap { bucket -> String? in
      guard let tally = line.buckets[bucket], tally != Tally() else { return nil }
      return "\(bucket.label(language)) \(say(tally))"
    }
    return (line.isBalanced ? "= " : "≠ ") + (used.isEmpty ? "0" : used.joined(separator: " + "))
  }
}

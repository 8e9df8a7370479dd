import Payments

/// The figures of a report that its first sentence needs.
struct Headline {
  let report: DayReport
  let phrases: Phrases

  init(_ report: DayReport, _ language: Language) {
    self.report = report
    phrases = Phrases(language: language)
  }

  /// Anomalies somebody still has to work on.
  func open(_ severity: Severity) -> Int {
    // By place: an anomaly has thirty fields to copy.
    let all = report.anomalies
    return all.indices.count { all[$0].severity == severity && all[$0].status.isOpen }
  }

  /// How many cases somebody has to work on.
  var toDo: Int { open(.loss) + open(.control) }

  /// The open cases with most money, losses before anything else.
  func worst(_ count: Int) -> [ReportedAnomaly] {
    let all = report.anomalies
    let open = all.indices.compactMap { place in
      all[place].status.isOpen && all[place].severity != .notice
        ? (severity: all[place].severity, fen: all[place].leftFen, place: place) : nil
    }
    return open.sorted { left, right in
      if left.severity != right.severity { return left.severity < right.severity }
      return (right.fen, left.place) < (left.fen, right.place)
    }.prefix(count).map { report.anomalies[$0.place] }
  }

  /// Statements with something wrong; a file delivered twice is no trouble.
  var troubled: Int {
    report.statements.count { reported in
      reported.statement.faults.contains { $0.kind != .statementDuplicate }
    }
  }

  /// What is owed to somebody by losses that are still open.
  func owed(to party: OwedTo) -> Tally {
    var tally = Tally()
    let all = report.anomalies
    for place in all.indices
    where all[place].owedTo == party && all[place].severity == .loss && all[place].status.isOpen {
      tally.add(fen: all[place].leftFen)
    }
    return tally
  }

  /// Rows whose place is sure, of those read.
  private var read: Tally {
    report.conservation.reduce(into: Tally()) { $0 += $1.read }
  }

  /// Cases with money in them that people have settled.
  private var settled: Tally {
    report.anomalies.reduce(into: Tally()) { tally, anomaly in
      guard anomaly.status == .resolved, anomaly.severity != .notice else { return }
      tally.add(fen: anomaly.amountFen)
    }
  }

  /// The verdict as one sentence.
  func sentence() -> String {
    if report.statements.isEmpty, report.decisions.contains(where: { $0.act == .withdraw }) {
      let day = phrases.period(report.days)
      return phrases.language == .zh
        ? "\(day) 的报告已撤回，这一天没有结论。" : "The report of \(day) is withdrawn; the day has no result."
    }
    return phrases.language == .zh ? chinese() : english()
  }

  private func chinese() -> String {
    let day = phrases.period(report.days)
    switch report.verdict {
    case .balanced:
      let settled = settled
      let agreement =
        settled.rows == 0
        ? "渠道与一卡通逐笔相符"
        : "差错 \(phrases.count(settled.rows)) 笔（\(phrases.yuan(settled.fen))）已有处理结果，其余逐笔相符"
      return "\(day) 账平：\(agreement)，共核对 \(phrases.count(read.rows)) 行；"
        + chineseCounts() + "。"
    case .unbalanced:
      return "\(day) 账不平：" + chineseCounts() + "。"
    case .incomplete:
      let statements =
        report.statements.isEmpty
        ? "没有账单" : "\(phrases.count(troubled)) 份账单缺失或有问题"
      return "\(day) 账单不全，不能结账：\(statements)；" + chineseCounts() + "。"
    }
  }

  private func chineseCounts() -> String {
    var parts = Severity.allCases.compactMap { severity -> String? in
      let count = open(severity)
      return count == 0 ? nil : "\(severity.label.zh) \(phrases.count(count)) 笔"
    }
    if parts.isEmpty { parts.append("没有待处理的差错") }
    if !report.pending.isEmpty { parts.append("在途 \(phrases.count(report.pending.count)) 笔") }
    return parts.joined(separator: "，")
  }

  private func english() -> String {
    let day = phrases.period(report.days)
    switch report.verdict {
    case .balanced:
      let settled = settled
      let agreement =
        settled.rows == 0
        ? "channel and ledger agree row by row"
        : "\(counted(settled.rows, "case")) (\(phrases.yuan(settled.fen))) settled, all else agrees row by row"
      return "\(day) balances: \(agreement), "
        + counted(read.rows, "row") + " checked; " + englishCounts() + "."
    case .unbalanced:
      return "\(day) does not balance: " + englishCounts() + "."
    case .incomplete:
      let statements =
        report.statements.isEmpty
        ? "no statements" : counted(troubled, "statement") + " missing or in doubt"
      return "\(day) is incomplete and cannot be closed: \(statements); " + englishCounts() + "."
    }
  }

  private func englishCounts() -> String {
    let nouns: [(Severity, String, String)] = [
      (.loss, "loss", "losses"), (.control, "control finding", "control findings"),
      (.notice, "notice", "notices"),
    ]
    var parts = nouns.compactMap { severity, one, many -> String? in
      let count = open(severity)
      return count == 0 ? nil : "\(phrases.count(count)) \(count == 1 ? one : many)"
    }
    if parts.isEmpty { parts.append("no open anomaly") }
    if !report.pending.isEmpty { parts.append("\(phrases.count(report.pending.count)) pending") }
    return parts.joined(separator: ", ")
  }

  /// `1 row`, `2 rows`.
  private func counted(_ count: Int, _ noun: String) -> String {
    "\(phrases.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Who owes whom in all, or nil when nobody does.
  func owedInAll() -> String? {
    let isChinese = phrases.language == .zh
    let parts = OwedTo.allCases.compactMap { party -> String? in
      let tally = owed(to: party)
      guard tally.rows > 0 else { return nil }
      let amount = phrases.yuan(tally.fen)
      let count = phrases.count(tally.rows)
      switch (party, isChinese) {
      case (.student, true): return "应付师生 \(amount)（\(count) 笔）"
      case (.school, true): return "应归学校 \(amount)（\(count) 笔）"
      case (.channel, true): return "应付渠道 \(amount)（\(count) 笔）"
      case (.unknown, true): return "归属待查 \(amount)（\(count) 笔）"
      case (.student, false): return "owed to students \(amount) (\(count))"
      case (.school, false): return "owed to the school \(amount) (\(count))"
      case (.channel, false): return "owed to channels \(amount) (\(count))"
      case (.unknown, false): return "owner unknown \(amount) (\(count))"
      case (.none, _): return nil
      }
    }
    return parts.isEmpty ? nil : parts.joined(separator: isChinese ? "；" : "; ")
  }
}

extension Headline {
  /// The run in one line.
  func summary() -> String {
    let isChinese = phrases.language == .zh
    var line = phrases.period(report.days) + " " + report.verdict.label(phrases.language)
    let separator = isChinese ? "，" : ", "
    line += isChinese ? "：" : ": "
    var parts = [
      (isChinese ? "读入 " : "read ") + phrases.count(read.rows) + (isChinese ? " 行" : " rows")
    ]
    for severity in Severity.allCases {
      let name = severity.label(phrases.language)
      parts.append((isChinese ? name : name.lowercased()) + " " + phrases.count(open(severity)))
    }
    parts.append((isChinese ? "在途 " : "pending ") + phrases.count(report.pending.count))
    if troubled > 0 {
      parts.append((isChinese ? "问题账单 " : "statements in doubt ") + phrases.count(troubled))
    }
    if let owed = owedInAll() { parts.append(owed) }
    line += parts.joined(separator: separator)
    return line
  }
}

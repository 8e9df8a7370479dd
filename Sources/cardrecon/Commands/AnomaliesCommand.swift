import ArgumentParser
import History
import Payments
import Reports
import Runs

/// `cardrecon anomalies`: the work list.
struct AnomaliesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anomalies",
    abstract: "列出待处理的差错。the work list",
    discussion: "默认只列未处理的；--all 列出全部。例：cardrecon anomalies --kind duplicate-debit")

  @Flag(help: "只列未处理的（默认）。open ones only, the default")
  var open = false

  @Flag(help: "全部，包括已处理和已结清的。all of them")
  var all = false

  @Option(help: "首次发现不早于 yyyy-MM-dd。first seen on or after")
  var since: String?

  @Option(help: "差错类型代码，如 duplicate-debit。kind")
  var kind: String?

  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if open, all { throw ValidationError("--open / --all") }
    if let since, BusinessDay(since) == nil {
      throw ValidationError("--since \(since): yyyy-MM-dd")
    }
    if let kind, AnomalyKind(rawValue: kind) == nil {
      let known = AnomalyKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--kind \(kind): \(known)")
    }
  }

  func run() throws {
    do {
      let (configuration, store) = try history.open()
      try output.recordUnmasking("anomalies", in: store)
      let from = since.flatMap { BusinessDay($0) }
      let found = try (all ? store.anomalies() : store.openAnomalies()).filter { anomaly in
        (kind.map { $0 == anomaly.kind.rawValue } ?? true)
          && (from.map { $0 <= anomaly.firstSeen } ?? true)
      }
      let sorted = found.inReportOrder()
      if output.json {
        var report = DayReport(days: nil, verdict: .unbalanced)
        report.anomalies = sorted
        let options = ReportOptions(
          language: output.lang, unmask: output.unmask, actions: configuration.actions)
        try Terminal.write(JSONReport.renderAnomalies(report, options: options))
        for line in try withoutBasis(store) { Terminal.complain(line) }
        return
      }
      try show(sorted)
      for line in try withoutBasis(store) {
        try Terminal.write(Array((PlainText.neutralised(line) + "\n").utf8))
      }
    } catch {
      throw ExitCodes.failure(error, output.lang)
    }
  }

  /// What was decided about cases that are gone: somebody may have to take the deed back.
  private func withoutBasis(_ store: HistoryStore) throws -> [String] {
    let isChinese = output.lang == .zh
    return try store.decisionsWithoutBasis().filter { $0.0.outcome != .reopened }.map {
      decision, anomaly in
      let parts = [
        decision.anomaly, anomaly?.kind.label(output.lang) ?? "",
        anomaly.map { "¥" + Money.yuan(Int128($0.amountFen)) } ?? "",
        decision.outcome.label(output.lang), decision.who, decision.document ?? "",
        decision.time.description,
      ].filter { !$0.isEmpty }
      return (isChinese ? "依据已变（该差错已不存在）：" : "basis changed (the case is gone): ")
        + parts.joined(separator: "  ")
    }
  }

  private func show(_ anomalies: [ReportedAnomaly]) throws {
    let (language, today) = (output.lang, Timestamp.now.day)
    func column(_ column: ReportColumn, isRight: Bool = false) -> TextTable.Column {
      TextTable.Column(column.label(language), isRight: isRight)
    }
    var table = TextTable([
      column(.id), column(.kind), column(.amount, isRight: true), column(.owedTo),
      column(.channel), column(.serial), column(.firstSeen), column(.age, isRight: true),
      column(.status),
    ])
    for anomaly in anomalies {
      table.rows.append([
        anomaly.id, anomaly.kind.label(language), Money.yuan(Int128(anomaly.amountFen)),
        anomaly.owedTo.label(language), anomaly.channel?.label(language) ?? "",
        PlainText.neutralised(
          anomaly.channelSerial ?? anomaly.ledgerSerial ?? anomaly.merchantOrder ?? ""),
        anomaly.firstSeen.description, "\(max(0, today.number - anomaly.firstSeen.number))",
        anomaly.statusWords(language),
      ])
    }
    let lines = table.lines(width: 1_000)
    let count = language == .zh ? "共 \(anomalies.count) 条" : "\(anomalies.count) in all"
    let text =
      anomalies.isEmpty
      ? (language == .zh ? "没有符合条件的差错。" : "none.")
      : ([lines.heading] + lines.rows + [count]).joined(separator: "\n")
    try Terminal.write(Array((text + "\n").utf8))
  }
}

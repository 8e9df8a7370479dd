import Payments

// The lists of a terminal report: anomalies, rejected rows, what waits, what was left out.

extension TerminalSections {
  /// The anomalies of one severity: a table whose rows are followed by what a clerk needs to act.
  mutating func anomalies(_ severity: Severity) {
    let found = report.anomalies.filter { $0.severity == severity }
    guard !found.isEmpty else { return }
    let title = severity.label(language)
    page.section(isChinese ? "\(title)（\(found.count)）" : "\(title) (\(found.count))")
    var table = TextTable([
      column(.number, isRight: true), column(.kind, minimum: 12), column(.amount, isRight: true),
      column(.owedTo, minimum: 6), column(.channel, minimum: 8), column(.time),
      column(.account),
    ])
    let shown = found.prefix(page.layout.limit)
    for (index, anomaly) in shown.enumerated() {
      table.rows.append([
        String(index + 1), anomaly.kind.label(language), Money.yuan(Int128(anomaly.amountFen)),
        anomaly.owedTo.label(language), anomaly.channel.known?.label(language) ?? "",
        anomaly.time?.description ?? "",
        PlainText.neutralised(options.account(anomaly.account) ?? ""),
      ])
    }
    let lines = table.lines(width: page.layout.width - 2)
    page.line("  " + lines.heading, .dim)
    for (anomaly, row) in zip(shown, lines.rows) {
      page.line("  " + row, severity == .loss ? .red : severity == .control ? .yellow : nil)
      details(anomaly)
    }
    remainder(found.count - shown.count)
  }

  private mutating func details(_ anomaly: ReportedAnomaly) {
    detail(isChinese ? "说明" : "what", anomaly.description(in: language))
    if let parties = anomaly.parties, !parties.isEmpty {
      detail(isChinese ? "各方" : "people", parties.told(phrases, options, in: language))
    }
    detail(isChinese ? "流水" : "serial", serials(anomaly))
    detail(
      isChinese ? "处理" : "action",
      anomaly.action(options.actions, reportDay: report.days?.upperBound, in: language))
    for line in anomaly.evidence.prefix(page.layout.evidenceLimit) { evidence(line) }
    let hidden = anomaly.evidence.count - page.layout.evidenceLimit
    if hidden > 0 {
      detail(
        isChinese ? "证据" : "proof",
        isChinese
          ? "另有 \(phrases.count(hidden)) 行，见 \(page.layout.fullListing)"
          : "\(phrases.count(hidden)) more rows, see \(page.layout.fullListing)")
    }
    var state = "\(PlainText.neutralised(anomaly.id))"
    state += isChinese ? "，首次发现 \(anomaly.firstSeen)" : ", first seen \(anomaly.firstSeen)"
    if anomaly.status != .open || !anomaly.progress.decisions.isEmpty {
      state += (isChinese ? "，" : ", ") + anomaly.statusWords(language)
    }
    if anomaly.basis == .weak || anomaly.basis == .payer {
      state += (isChinese ? "，" : ", ") + anomaly.basis.label(language)
    }
    detail(isChinese ? "编号" : "id", state)
    for decision in anomaly.progress.decisions {
      detail(isChinese ? "登记" : "done", decision.sentence(language))
    }
  }

  private mutating func detail(_ label: String, _ text: String) {
    guard !text.isEmpty else { return }
    page.paragraph(
      "      " + DisplayWidth.padded(label, to: isChinese ? 6 : 8),
      PlainText.neutralised(text))
  }

  private func serials(_ anomaly: ReportedAnomaly) -> String {
    let columns: [(ReportColumn, String?)] = [
      (.channelSerial, anomaly.channelSerial), (.merchantOrder, anomaly.merchantOrder),
      (.ledgerSerial, anomaly.ledgerSerial), (.refundSerial, anomaly.refundSerial),
    ]
    return columns.compactMap { column, serial in
      serial.map { "\(column.label(language)) \(PlainText.neutralised($0))" }
    }.joined(separator: isChinese ? "，" : ", ")
  }

  /// `渠道 wechat.csv:12`, and under it the quoted row.
  private mutating func evidence(_ line: EvidenceLine) {
    detail(
      isChinese ? "证据" : "proof",
      "\(line.side.label(language)) \(line.file):\(line.line)")
    let indent = isChinese ? 14 : 16
    let quoted = options.text(line.text, line.personal)
    // Far more than a line holds, so that a remark of megabytes costs nothing.
    let text = PlainText.neutralised(PlainText.clipped(quoted, to: 2_000))
    let room = max(20, page.layout.width - indent)
    for line in DisplayWidth.folded(text, to: room, limit: 6) {
      page.line(String(repeating: " ", count: indent) + line, .dim)
    }
  }

  // MARK: What is not an anomaly

  mutating func rejections() {
    guard !report.rejections.isEmpty else { return }
    let count = report.rejections.count
    page.section(isChinese ? "无法解析的行（\(count)）" : "Rows that cannot be read (\(count))")
    for rejection in report.rejections.prefix(page.layout.limit) {
      var place = "\(rejection.file):\(rejection.line)"
      if let column = rejection.column {
        place += isChinese ? " 第 \(column) 列" : " column \(column)"
      }
      if let field = rejection.field { place += isChinese ? "「\(field)」" : " “\(field)”" }
      page.paragraph("  ", PlainText.neutralised(place), .yellow)
      page.paragraph("    ", PlainText.neutralised(options.words(rejection.reason)))
      let quoted = options.text(rejection.text, rejection.personal)
      page.line(
        "    "
          + DisplayWidth.clipped(
            PlainText.neutralised(PlainText.clipped(quoted, to: 2_000)),
            to: max(20, page.layout.width - 4)), .dim)
    }
    remainder(count - page.layout.limit)
  }

  mutating func pending() {
    guard !report.pending.isEmpty else { return }
    let count = report.pending.count
    page.section(
      isChinese
        ? "\(Bucket.pending.label.zh)（\(count)）：等待后续账单判定"
        : "Pending (\(count)): later statements decide")
    var table = TextTable([
      column(.channel, minimum: 8), column(.amount, isRight: true), column(.time),
      column(.serial), column(.waitsFor), column(.decidedBy),
    ])
    for item in report.pending.prefix(page.layout.limit) {
      let serial = item.channelSerial ?? item.merchantOrder ?? item.ledgerSerial ?? ""
      table.rows.append([
        item.channel.known?.label(language) ?? "", Money.yuan(Int128(item.amountFen)),
        item.time.description, PlainText.neutralised(serial),
        item.waitsFor(language),
        item.decidedBy.description,
      ])
    }
    page.table(table)
    remainder(count - page.layout.limit)
  }

  mutating func weakMatches() {
    guard !report.weakMatches.isEmpty else { return }
    let count = report.weakMatches.count
    page.section(
      isChinese
        ? "凭弱证据配对（\(count)）：无自己的订单号或流水号可对，仅人（或批次）、金额、时间相符"
        : "Matched on weak evidence (\(count)): no serial of their own, only person (or batch), amount and time agree"
    )
    var table = TextTable([
      column(.channel, minimum: 8), column(.amount, isRight: true), column(.time),
      column(.serial), column(.time), column(.serial),
    ])
    for match in report.weakMatches.prefix(page.layout.limit) {
      table.rows.append([
        match.channel.known?.label(language) ?? "", Money.yuan(Int128(match.amountFen)),
        match.first.moment(language), PlainText.neutralised(match.first.serial ?? ""),
        match.second.moment(language), PlainText.neutralised(match.second.serial ?? ""),
      ])
    }
    page.table(table)
    remainder(count - page.layout.limit)
  }

  mutating func excluded() {
    guard !report.excluded.isEmpty else { return }
    page.section(isChinese ? "按规则排除" : "Excluded by rule")
    var table = TextTable([
      column(.rule, minimum: 12), column(.side), column(.source, minimum: 8),
      column(.rows, isRight: true), column(.amount, isRight: true),
    ])
    for line in report.excluded.prefix(page.layout.limit) {
      table.rows.append([
        line.rule.label(language), line.side.label(language),
        Labels.source(line.source)(language), phrases.count(line.tally.rows),
        Money.yuan(line.tally.fen),
      ])
    }
    page.table(table)
    remainder(report.excluded.count - page.layout.limit)
  }
}

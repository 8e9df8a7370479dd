public import Payments

/// A case sheet for the dispute desk: what a trace found of one serial, on paper, with places to sign.
public enum CasePage {
  /// The page as UTF-8 bytes.
  ///
  /// - Parameter today: ages and due dates are counted to it.
  public static func render(
    _ trace: Trace, today: BusinessDay, options: ReportOptions = ReportOptions(),
    school: String = ""
  ) -> [UInt8] {
    let page = Page(options.language)
    var model: [String: Any] = [
      "query": page.plain(trace.query), "today": today.description,
      "groups": trace.groups.map { CaseModel(page, options, today).group($0) },
      "candidates": trace.candidates.map(page.plain), "hasCandidates": !trace.candidates.isEmpty,
      "missing": trace.missing.map { page.plain($0.told(options.language)) },
      "hasMissing": !trace.missing.isEmpty,
      "sources": trace.sources.map { Labels.source($0)(options.language) }
        .joined(separator: options.language == .zh ? "、" : ", "),
      "searched": trace.searched.map { page.phrases.period($0) } ?? "—",
    ]
    if !school.isEmpty { model["school"] = page.plain(school) }
    return page.render("case", title: page.word(.life) + " " + page.plain(trace.query), model)
  }
}

/// A group's rows, findings and decisions as the template wants them.
private struct CaseModel {
  let page: Page
  let options: ReportOptions
  let today: BusinessDay

  init(_ page: Page, _ options: ReportOptions, _ today: BusinessDay) {
    (self.page, self.options, self.today) = (page, options, today)
  }

  func group(_ group: TraceGroup) -> [String: Any] {
    let language = options.language
    let open = group.anomalies.contains { $0.status.isOpen }
    return [
      "verdict": group.verdict(today: today)(language),
      "class": open ? "unbalanced" : (group.pending.isEmpty ? "balanced" : "incomplete"),
      "basis": group.basis.label(language),
      "rows": group.rows.map(row),
      "anomalies": group.anomalies.map(anomaly),
      "hasAnomalies": !group.anomalies.isEmpty,
      "reissued": group.reissued.map { page.change($0, options) },
      "hasReissued": !group.reissued.isEmpty,
      "decisions": group.decisions.map(decision), "hasDecisions": !group.decisions.isEmpty,
    ]
  }

  private func row(_ row: TraceRow) -> [String: Any] {
    let serials = [row.channelSerial, row.merchantOrder, row.ledgerSerial, row.refundSerial]
    return [
      "time": row.time.description, "what": row.what(options.language),
      "channel": page.channel(row.channel), "amount": page.phrases.yuan(row.amountFen),
      "bucket": row.bucket.label(options.language),
      "serials": page.plain(serials.compactMap { $0 }.joined(separator: " · ")),
      "place": page.plain("\(row.evidence.file):\(row.evidence.line)"), "sha": row.sha256,
      "text": page.plain(
        PlainText.clipped(options.text(row.evidence.text, row.evidence.personal), to: 2_000)),
    ]
  }

  private func anomaly(_ anomaly: ReportedAnomaly) -> [String: Any] {
    [
      "kind": anomaly.kind.label(options.language), "id": anomaly.id,
      "amount": page.phrases.yuan(anomaly.amountFen), "severity": anomaly.severity.rawValue,
      "status": anomaly.statusWords(options.language),
      "description": anomaly.description(in: options.language),
      "firstSeen": anomaly.firstSeen.description,
      "action": anomaly.action(options.actions, reportDay: today, in: options.language),
    ]
  }

  private func decision(_ decision: CaseDecision) -> [String: Any] {
    let amount = decision.amountFen.map { page.phrases.yuan($0) }
    let parts = [
      amount, decision.assignee, decision.reviewer, decision.document, decision.day?.description,
      decision.note,
    ]
    return [
      "time": decision.time.description, "outcome": decision.outcome.label(options.language),
      "who": page.plain(decision.who), "anomaly": decision.anomaly,
      "more": page.plain(parts.compactMap { $0 }.joined(separator: " · ")),
    ]
  }
}

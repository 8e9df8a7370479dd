public import Payments

/// The life of a payment, for the dispute desk: every row of both books in time order, what was found
/// wrong, what people did, what to do now.
public enum TraceReport {
  /// As text for a terminal, ending in a line feed.
  public static func render(
    _ trace: Trace, today: BusinessDay, options: ReportOptions = ReportOptions(),
    layout: TerminalLayout = TerminalLayout()
  ) -> String {
    var writing = TraceWriting(trace: trace, today: today, options: options, layout: layout)
    writing.write()
    return writing.page.text
  }
}

extension TraceGap {
  /// `day` or `first — last`.
  var period: String {
    days.lowerBound == days.upperBound
      ? "\(days.lowerBound)" : "\(days.lowerBound) — \(days.upperBound)"
  }

  /// What is missing, in words.
  func told(_ language: Language) -> String {
    func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
    guard let source else { return period + say(" 未对账", " not reconciled") }
    let name = "\(period) \(Labels.source(source)(language))"
    guard let file else { return name + say("账单缺失或不完整", ": no complete statement") }
    return name + say("账单未采用（\(file)）", ": statement not used (\(file))")
  }
}

extension TraceGroup {
  /// How the story stands, in one sentence.
  func verdict(today: BusinessDay) -> Wording {
    let open = anomalies.filter { $0.status == .open || $0.status == .reopened }
    if !open.isEmpty {
      return Wording(
        zh: open.map { $0.kind.label.zh }.joined(separator: "、") + "，尚未处理",
        en: open.map { $0.kind.label.en }.joined(separator: ", ") + ": not settled yet")
    }
    if let waiting = pending.map(\.decidedBy).max() {
      return Wording(
        zh: "在途，\(waiting) 的账单到齐后判定", en: "pending: decided by the statements of \(waiting)")
    }
    if anomalies.contains(where: { $0.status == .resolved }) {
      return Wording(zh: "曾有差错，已处理", en: "was wrong; dealt with")
    }
    if anomalies.contains(where: { $0.status == .closed }) {
      return Wording(zh: "曾有差错，后续账单已结清", en: "was wrong; settled by later statements")
    }
    let isTold = rows.contains { $0.bucket != .excluded && $0.bucket != .rejected }
    return isTold
      ? Wording(zh: "两边一致，没有差错", en: "both sides agree; nothing is wrong")
      : Wording(zh: "按规则排除，未参与核对", en: "excluded by rule; not matched")
  }
}

extension EntryKind {
  /// What a row says happened.
  public var label: Wording {
    switch self {
    case .payment: Wording(zh: "渠道扣款", en: "paid at the channel")
    case .refund: Wording(zh: "渠道退款", en: "refunded by the channel")
    case .failedPayment: Wording(zh: "付款未成功", en: "payment not made")
    case .credit: Wording(zh: "一卡通入账", en: "credited to the card")
    case .manualCredit: Wording(zh: "一卡通补录", en: "credited by hand")
    case .reversal: Wording(zh: "一卡通扣减", en: "taken off the card")
    case .unpostedCredit: Wording(zh: "入账未成功", en: "credit not posted")
    case .transferOut: Wording(zh: "转出旧卡", en: "moved off the old card")
    case .transferIn: Wording(zh: "转入新卡", en: "moved to the new card")
    case .excluded: Wording(zh: "其他业务", en: "other business")
    case .held: Wording(zh: "无法采用的行", en: "row that cannot be used")
    }
  }
}

extension ReportedWeakMatch.Row {
  /// What happened, and when.
  func moment(_ language: Language) -> String { kind.label(language) + " " + time.description }
}

/// A trace being written.
private struct TraceWriting {
  let trace: Trace
  let today: BusinessDay
  let options: ReportOptions
  var page: TextPage

  init(trace: Trace, today: BusinessDay, options: ReportOptions, layout: TerminalLayout) {
    self.trace = trace
    self.today = today
    self.options = options
    page = TextPage(layout)
  }

  private var language: Language { options.language }
  private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  mutating func write() {
    let query = PlainText.neutralised(trace.query)
    guard !trace.groups.isEmpty else {
      notFound(query)
      return
    }
    page.line(
      say("\(query)：共 \(trace.groups.count) 笔充值", "\(query): \(trace.groups.count) top-up(s)"),
      .bold)
    for (index, group) in trace.groups.enumerated() { write(group, index + 1) }
  }

  private mutating func notFound(_ query: String) {
    page.line(say("没有找到 \(query)。", "\(query) was not found."), .bold)
    if let searched = trace.searched {
      let days = Phrases(language: language).period(searched)
      let sources = trace.sources.map { Labels.source($0)(language) }
      page.paragraph(
        say("已查：", "searched: "), days + " " + sources.joined(separator: say("、", ", ")))
    } else {
      page.line(say("还没有任何一天对过账。", "no day has been reconciled yet."))
    }
    if !trace.missing.isEmpty {
      page.paragraph(
        say("缺少：", "missing: "),
        PlainText.neutralised(
          trace.missing.map { $0.told(language) }.joined(separator: say("；", "; ")))
          + say("。要查的记录可能在其中。", ". What you look for may be there."))
    }
    if trace.query.utf8.count < Trace.shortestEnd {
      page.paragraph(
        "",
        say(
          "只记得末尾几位时，请至少给出 \(Trace.shortestEnd) 位。",
          "The end of a serial is searched for from \(Trace.shortestEnd) characters on."))
    }
    if !trace.candidates.isEmpty {
      page.section(say("以它结尾的流水号", "Serials that end so"))
      for serial in trace.candidates { page.line("  " + PlainText.neutralised(serial)) }
    }
  }

  private mutating func write(_ group: TraceGroup, _ number: Int) {
    let verdict = group.verdict(today: today)(language)
    page.section("\(number). \(verdict)")
    page.line("  " + say("配对依据：", "joined by: ") + group.basis.label(language))
    for row in group.rows { write(row) }
    for anomaly in group.anomalies {
      let age = max(0, today.number - anomaly.firstSeen.number)
      page.line("")
      page.line(
        "  \(anomaly.kind.label(language)) ¥\(Money.yuan(Int128(anomaly.amountFen)))  "
          + "\(anomaly.id)  \(anomaly.statusWords(language))", .yellow)
      page.paragraph("    ", PlainText.neutralised(anomaly.description(in: language)))
      var dates = say(
        "首次发现 \(anomaly.firstSeen)，账龄 \(age) 天", "first seen \(anomaly.firstSeen), \(age) days old")
      if let closed = anomaly.closedDay {
        dates += say("，\(closed) 结清", ", closed by \(closed)")
      }
      page.paragraph("    ", dates)
      if anomaly.status == .open || anomaly.status == .reopened {
        page.paragraph(
          "    " + say("处理：", "do: "),
          PlainText.neutralised(
            anomaly.action(options.actions, reportDay: today, in: language)))
      }
      for line in anomaly.closing {
        page.line("    " + say("结清凭证 ", "closed by ") + "\(line.file):\(line.line)")
      }
    }
    for change in group.reissued {
      page.line("  " + say("账单重新下发 ", "issued again ") + PlainText.neutralised(change.key))
      for (mark, line) in [("−", change.before), ("+", change.after)] {
        let text = line.map { options.text($0.text, $0.personal) } ?? say("（无）", "(none)")
        page.paragraph("    \(mark) ", PlainText.neutralised(PlainText.clipped(text, to: 400)))
      }
    }
    for decision in group.decisions {
      page.paragraph("  " + say("处理记录 ", "decision "), decision.sentence(language))
    }
  }

  private mutating func write(_ row: TraceRow) {
    let channel = row.channel.known.map { " " + $0.label(language) } ?? ""
    page.line(
      "  \(row.time)  \(row.what(language))\(channel)  "
        + "¥\(Money.yuan(Int128(row.amountFen)))  \(row.bucket.label(language))", .bold)
    let place = "\(row.evidence.file):\(row.evidence.line)"
    page.line("    \(PlainText.neutralised(place))  SHA-256 \(row.sha256.prefix(16))…", .dim)
    let text = PlainText.neutralised(
      PlainText.clipped(options.text(row.evidence.text, row.evidence.personal), to: 2_000))
    for line in DisplayWidth.folded(text, to: max(20, page.layout.width - 6), limit: 8) {
      page.line("      " + line, .dim)
    }
  }
}

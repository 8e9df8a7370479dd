public import Payments

/// `month.html`: a month of nights for the head of finance and for auditors.
public enum MonthPage {
  /// The page as UTF-8 bytes.
  public static func render(
    _ month: MonthReport, options: ReportOptions = ReportOptions(), school: String = ""
  ) -> [UInt8] {
    let page = Page(options.language)
    let model = MonthModel(month, page, options).model(school: school)
    return page.render(
      "month", title: MonthWord.title.wording(options.language) + " " + month.name, model)
  }
}

/// Words of the month's page.
enum MonthWord: String, CaseIterable {
  case title, missed, feeRate, newLosses, carried, noneOpen, resolved, service, serviceNote, pairs
  case median, p95, worst, overTwo, overThirty, sample, maker, head, method

  var wording: Wording {
    switch self {
    case .title: Wording(zh: "校园卡充值对账月报", en: "Campus card top-ups, monthly report")
    case .missed: Wording(zh: "尚未对账的日子", en: "Days not reconciled yet")
    case .feeRate: Wording(zh: "实际费率", en: "Fee rate paid")
    case .newLosses: Wording(zh: "新发现资金差错", en: "New losses")
    case .carried: Wording(zh: "结转未结差错", en: "Open items carried over")
    case .noneOpen: Wording(zh: "月末没有未结差错。", en: "Nothing is open at the month's end.")
    case .resolved: Wording(zh: "本月已处理", en: "Dealt with this month")
    case .service: Wording(zh: "到账时效", en: "How quickly credits arrive")
    case .serviceNote:
      Wording(
        zh: "平账的付款从扣款到入账的时间；百分位按最近秩。承诺：微信、支付宝、云闪付 2 分钟，银行 30 分钟。",
        en: "From payment to credit of matched pairs; percentiles by nearest rank. Promised: 2 "
          + "minutes mobile, 30 minutes banks.")
    case .pairs: Wording(zh: "笔数", en: "Pairs")
    case .median: Wording(zh: "中位", en: "Median")
    case .p95: Wording(zh: "95 百分位", en: "95th percentile")
    case .worst: Wording(zh: "最慢", en: "Slowest")
    case .overTwo: Wording(zh: "超 2 分钟", en: "Over 2 min")
    case .overThirty: Wording(zh: "超 30 分钟", en: "Over 30 min")
    case .sample: Wording(zh: "审计抽样（平账记录）", en: "Audit sample of matched rows")
    case .maker: Wording(zh: "制表", en: "Prepared by")
    case .head: Wording(zh: "财务负责人", en: "Head of finance")
    case .method:
      Wording(
        zh:
          "种子 {seed}，从 {population} 对平账记录中抽取 {size} 对：按（种子，渠道流水号指纹）混合值从小到大取前 {size} 对；同一种子总得同一样本。",
        en: "Seed {seed}: {size} of {population} matched pairs, those with the smallest mix of the "
          + "seed and the channel serial's fingerprint; the same seed always draws the same.")
    }
  }
}

private struct MonthModel {
  let month: MonthReport
  let page: Page
  let options: ReportOptions

  init(_ month: MonthReport, _ page: Page, _ options: ReportOptions) {
    (self.month, self.page, self.options) = (month, page, options)
  }

  private var language: Language { options.language }

  func model(school: String) -> [String: Any] {
    let words = MonthWord.allCases.map { ($0.rawValue, $0.wording(language)) }
    let sample = month.sample
    let method = MonthWord.method.wording(language)
      .replacing("{seed}", with: "\(sample.seed)")
      .replacing("{population}", with: page.phrases.count(sample.population))
      .replacing("{size}", with: page.phrases.count(sample.pairs.count))
    var model: [String: Any] = [
      "m": Dictionary(uniqueKeysWithValues: words), "method": method,
      "cards": cards, "sources": month.sources.map(source), "nights": month.nights.map(night),
      "trend": trend, "ages": ages, "open": month.open.map(open), "hasOpen": !month.open.isEmpty,
      "resolved": month.resolved.map(resolved), "hasResolved": !month.resolved.isEmpty,
      "service": month.service.map(service), "sample": sample.pairs.map(pair),
    ]
    model.merge(LegTable(legs: month.legs, page: page).model) { first, _ in first }
    model["decided"] = month.decidedUpTo.sentence(language)
    if !school.isEmpty { model["school"] = page.plain(school) }
    if !month.missed.isEmpty {
      model["missed"] = month.missed.map(\.description).joined(separator: ", ")
    }
    return model
  }

  private var cards: [[String: Any]] {
    func card(_ label: String, _ value: Int, _ note: String, _ ink: String) -> [String: Any] {
      ["label": label, "value": page.phrases.count(value), "note": note, "class": ink]
    }
    let fen = month.open.reduce(Int128(0)) { $0 + Int128($1.leftFen) }
    let waiting = month.pending.reduce(Int128(0)) { $0 + Int128($1.amountFen) }
    return [.balanced, .unbalanced, .incomplete].map { (verdict: Verdict) in
      card(
        page.symbol(verdict) + " " + verdict.label(language),
        month.nights.count { $0.verdict == verdict }, page.word(.days),
        verdict == .unbalanced ? "loss" : (verdict == .incomplete ? "control" : ""))
    } + [
      card(
        MonthWord.carried.wording(language), month.open.count, page.phrases.yuan(fen), "loss"),
      card(page.word(.pending), month.pending.count, page.phrases.yuan(waiting), ""),
    ]
  }

  private func source(_ line: SourceLine) -> [String: Any] {
    // Fees over payments, in hundredths of a percent, to two decimals.
    let rate =
      line.payments.fen == 0 ? nil : Int128(line.feeFen) * 10_000 / line.payments.fen
    return [
      "name": Labels.source(line.source)(language), "payments": page.tally(line.payments),
      "refunds": page.tally(line.refunds), "fees": Money.yuan(Int128(line.feeFen)),
      "rate": rate.map { Money.yuan($0) + "%" } ?? "—", "credits": page.tally(line.credits),
      "reversals": page.tally(line.reversals), "difference": Money.yuan(line.differenceFen),
    ]
  }

  private func night(_ night: MonthNight) -> [String: Any] {
    let tags: [Verdict: String] = [.balanced: "good", .unbalanced: "bad", .incomplete: "wait"]
    return [
      "day": night.day.description, "class": tags[night.verdict] ?? "",
      "symbol": page.symbol(night.verdict), "word": night.verdict.label(language),
      "rows": page.phrases.count(night.rows), "losses": page.phrases.count(night.losses),
      "amount": page.phrases.yuan(night.lossFen),
    ]
  }

  private var trend: String {
    let bars = month.nights.map { night in
      Charts.Bar(
        label: String(night.day.description.suffix(2)), value: Int128(night.losses),
        note: "\(page.phrases.count(night.losses)) · \(page.phrases.yuan(night.lossFen))")
    }
    return Charts.columns(bars, title: page.word(.trend), labelEvery: 2)
  }

  private func age(_ anomaly: ReportedAnomaly) -> Int32 {
    max(0, month.days.upperBound.number - anomaly.firstSeen.number)
  }

  private var ages: String {
    let limits: [(String, ClosedRange<Int32>)] = [
      ("0–1", 0...1), ("2–7", 2...7), ("8–30", 8...30), ("31+", 31...Int32.max),
    ]
    let bars = limits.map { name, range in
      let mine = month.open.filter { range.contains(age($0)) }
      let fen = mine.reduce(Int128(0)) { $0 + Int128($1.amountFen) }
      return Charts.Bar(
        label: "\(name) \(page.word(.days))", value: Int128(mine.count),
        note: "\(page.phrases.count(mine.count)) · \(page.phrases.yuan(fen))")
    }
    return Charts.bars(bars, title: page.word(.byAge))
  }

  private func open(_ anomaly: ReportedAnomaly) -> [String: Any] {
    [
      "firstSeen": anomaly.firstSeen.description, "age": page.phrases.count(Int(age(anomaly))),
      "kind": anomaly.kind.label(language), "owedTo": anomaly.owedTo.label(language),
      "channel": page.channel(anomaly.channel),
      "serial": page.plain(anomaly.channelSerial ?? anomaly.ledgerSerial ?? anomaly.id),
      "amount": page.phrases.yuan(anomaly.amountFen),
    ]
  }

  private func resolved(_ item: MonthDecision) -> [String: Any] {
    let decision = item.decision
    let parts = [
      decision.outcome.label(language), decision.who, decision.reviewer, decision.document,
      decision.note,
    ]
    return [
      "time": decision.time.description, "kind": item.anomaly.kind.label(language),
      "id": item.anomaly.id, "amount": page.phrases.yuan(item.anomaly.amountFen),
      "what": page.plain(parts.compactMap { $0 }.joined(separator: " · ")),
    ]
  }

  private func service(_ line: ServiceLine) -> [String: Any] {
    let count = page.phrases.count
    return [
      "name": Labels.source(line.source)(language), "pairs": count(line.pairs),
      "median": page.phrases.duration(line.median), "p95": page.phrases.duration(line.p95),
      "worst": page.phrases.duration(line.worst), "two": count(line.overTwoMinutes),
      "thirty": count(line.overThirtyMinutes),
    ]
  }

  private func pair(_ pair: AuditPair) -> [String: Any] {
    let serials = [pair.channelSerial, pair.ledgerSerial].compactMap { $0 }
    return [
      "day": pair.day.description, "channel": page.channel(pair.channel),
      "serials": page.plain(serials.joined(separator: " · ")),
      "delay": page.phrases.duration(pair.delay), "amount": page.phrases.yuan(pair.amountFen),
      "evidence": pair.evidence.map { page.evidence($0, options) },
    ]
  }
}

public import Payments

/// `report.html`: a day on one page, for eyes: no network, no other file, opens from a memory stick.
///
/// The verdict and what to do first stand at the top; everything the other forms hold follows, with the
/// quoted rows folded away. Equal reports are equal bytes.
public enum DayPage {
  /// How many rejected rows are listed; the rest are in `report.json`.
  static let rejectionLimit = 500

  /// The page as UTF-8 bytes.
  public static func render(
    _ report: DayReport, options: ReportOptions = ReportOptions(), school: String = ""
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    render(report, options: options, school: school) { bytes += $0 }
    return bytes
  }

  /// The same bytes, handed over part by part.
  public static func render(
    _ report: DayReport, options: ReportOptions, school: String, to sink: ([UInt8]) -> Void
  ) {
    let model = DayModel(report, options)
    let page = model.page
    let (cases, groups) = (DayCases(report, options, page), model.places)
    page.render(
      "day", title: page.word(.report) + " " + page.phrases.period(report.days),
      model.model(school: school), to: sink
    ) { number in
      if groups.indices.contains(number) { cases.list(groups[number].places, to: sink) }
    }
  }
}

/// The day's values as the template wants them: words and numbers, nothing left to decide.
struct DayModel {
  let report: DayReport
  let options: ReportOptions
  let page: Page

  init(_ report: DayReport, _ options: ReportOptions) {
    self.report = report
    self.options = options
    page = Page(options.language)
  }

  private var language: Language { options.language }

  func model(school: String) -> [String: Any] {
    let headline = Headline(report, language)
    var model: [String: Any] = [
      "verdict": report.verdict.rawValue, "symbol": page.symbol(report.verdict),
      "verdictWord": report.verdict.label(language), "sentence": headline.sentence(),
      "cards": cards(headline), "sources": report.sources.map(source),
      "total": source(total), "charts": DayCharts(self).all,
      "groups": groups, "pending": report.pending.map(pending),
      "hasPending": !report.pending.isEmpty, "weak": report.weakMatches.map(weak),
      "hasWeak": !report.weakMatches.isEmpty, "statements": report.statements.map(statement),
      "buckets": Bucket.allCases.map { $0.label(language) },
      "conservation": report.conservation.map(conservation),
      "excluded": report.excluded.map(excluded), "hasExcluded": !report.excluded.isEmpty,
      "rejections": report.rejections.prefix(DayPage.rejectionLimit).map(rejection),
      "hasRejections": !report.rejections.isEmpty,
    ]
    if !school.isEmpty { model["school"] = page.plain(school) }
    if let owed = headline.owedInAll() { model["owed"] = owed }
    model["standing"] = report.standing(page.language).map { page.plain($0) }
    if let mark = report.decidedUpTo { model["decided"] = mark.sentence(language) }
    model.merge(LegTable(legs: report.legs, page: page).model) { first, _ in first }
    model["money"] = moneyTables
    let first = headline.worst(3)
    model["hasFirst"] = !first.isEmpty
    model["first"] = first.map(firstThing)
    let faults = report.troubles.map { fault($0.fault, $0.reported) }
    (model["faults"], model["hasFaults"]) = (faults, !faults.isEmpty)
    if report.rejections.count > DayPage.rejectionLimit {
      model["moreRejections"] = page.word(.moreRejections)
    }
    model.merge(filters) { first, _ in first }
    return model
  }

  /// What a filter may choose among: only what occurs.
  private var filters: [String: Any] {
    let anomalies = report.anomalies
    let (kinds, channels) = (Set(anomalies.map(\.kind)), Set(anomalies.map { $0.channel.known }))
    let (severities, statuses) = (Set(anomalies.map(\.severity)), Set(anomalies.map(\.status)))
    let order: [AnomalyStatus] = [.open, .reopened, .resolved, .closed]
    return [
      "kinds": AnomalyKind.allCases.filter(kinds.contains).map {
        page.choice($0.rawValue, $0.label(language))
      },
      "channels": Channel.all.filter { channels.contains($0) }.map {
        page.choice($0.name, $0.label(language))
      },
      "severities": Severity.allCases.filter(severities.contains).map {
        page.choice($0.rawValue, $0.label(language))
      },
      "statuses": order.filter(statuses.contains).map {
        page.choice($0.rawValue, $0.label(language))
      },
    ]
  }

  private func cards(_ headline: Headline) -> [[String: Any]] {
    func card(_ word: PageWord, _ value: String, _ note: String, _ ink: String = "")
      -> [String: Any]
    {
      ["label": page.word(word), "value": value, "note": note, "class": ink]
    }
    func amount(_ severity: Severity) -> String {
      let all = report.anomalies
      let fen = all.indices.reduce(Int128(0)) { sum, place in
        all[place].severity == severity && all[place].status.isOpen
          ? sum + Int128(all[place].leftFen) : sum
      }
      return page.phrases.yuan(fen)
    }
    let read = report.conservation.reduce(into: Tally()) { $0 += $1.read }
    let matched = report.conservation.reduce(into: Tally()) {
      $0 += $1.buckets[.matched] ?? Tally()
      $0 += $1.buckets[.matchedWithinTolerance] ?? Tally()
    }
    let waiting = report.pending.reduce(Int128(0)) { $0 + Int128($1.amountFen) }
    let count = page.phrases.count
    return [
      card(.openLosses, count(headline.open(.loss)), amount(.loss), "loss"),
      card(.openControls, count(headline.open(.control)), amount(.control), "control"),
      card(.notices, count(headline.open(.notice)), ""),
      card(.waiting, count(report.pending.count), page.phrases.yuan(waiting)),
      card(.rowsChecked, count(read.rows), "\(page.word(.matchedRows)) \(count(matched.rows))"),
    ]
  }

  // MARK: - Anomalies

  private func firstThing(_ anomaly: ReportedAnomaly) -> [String: Any] {
    [
      "anchor": anomaly.id, "kind": anomaly.kind.label(language),
      "amount": page.phrases.yuan(anomaly.leftFen), "action": action(anomaly),
      "serial": page.plain(anomaly.channelSerial ?? anomaly.ledgerSerial ?? ""),
    ]
  }

  private func action(_ anomaly: ReportedAnomaly) -> String {
    anomaly.action(options.actions, reportDay: report.days?.upperBound, in: language)
  }

  /// The places of the anomalies of each severity there is. By place: an anomaly has thirty fields to
  /// copy.
  var places: [(severity: Severity, places: [Int])] {
    let all = report.anomalies
    return Severity.allCases.compactMap { severity in
      let mine = all.indices.filter { all[$0].severity == severity }
      return mine.isEmpty ? nil : (severity, mine)
    }
  }

  private var groups: [[String: Any]] {
    places.enumerated().map { number, group in
      let count = page.phrases.count(group.places.count)
      return [
        "name": "\(group.severity.label(language)) (\(count))", "items": page.place(number),
      ]
    }
  }

  // MARK: - Tables

  private var total: SourceLine {
    report.sources.reduce(into: SourceLine(source: "")) { sum, line in
      sum.payments += line.payments
      sum.refunds += line.refunds
      sum.credits += line.credits
      sum.reversals += line.reversals
      sum.feeFen = sum.feeFen.addingReportingOverflow(line.feeFen).partialValue
    }
  }

  private func source(_ line: SourceLine) -> [String: Any] {
    [
      "name": line.source.isEmpty ? page.word(.total) : Labels.source(line.source)(language),
      "payments": page.tally(line.payments), "refunds": page.tally(line.refunds),
      "fees": Money.yuan(Int128(line.feeFen)), "credits": page.tally(line.credits),
      "reversals": page.tally(line.reversals), "difference": Money.yuan(line.differenceFen),
    ]
  }

  private func pending(_ item: ReportedPending) -> [String: Any] {
    [
      "decidedBy": item.decidedBy.description, "channelName": item.channel.known?.name ?? "",
      "waitsFor": page.plain(item.waitsFor(language)),
      "channel": page.channel(item.channel), "time": item.time.description,
      "serials": serials(item.channelSerial, item.merchantOrder, item.ledgerSerial),
      "amount": page.phrases.yuan(item.amountFen),
    ]
  }

  private func weak(_ match: ReportedWeakMatch) -> [String: Any] {
    [
      "channelName": match.channel.known?.name ?? "", "channel": page.channel(match.channel),
      "first": match.first.moment(language), "second": match.second.moment(language),
      "serials": serials(match.first.serial, match.second.serial),
      "amount": page.phrases.yuan(match.amountFen),
    ]
  }

  private func serials(_ parts: String?...) -> String {
    page.plain(parts.compactMap { $0 }.joined(separator: " · "))
  }

  private func statement(_ reported: ReportedStatement) -> [String: Any] {
    let statement = reported.statement
    let days = statement.from.flatMap { from in statement.to.map { min(from, $0)...max(from, $0) } }
    var model: [String: Any] = [
      "file": statement.file.isEmpty ? "—" : page.plain(statement.file),
      "format": page.plain(statement.format), "source": source(of: statement),
      "period": days.map { page.phrases.period($0) } ?? "—",
      "rows": page.phrases.count(statement.read.rows),
      "accepted": page.phrases.count(statement.accepted),
      "totals": statement.totals.map { total -> [String: Any] in
        func shown(_ value: Int64?) -> String {
          guard let value else { return "—" }
          return total.isCount ? page.phrases.count(Int(value)) : Money.yuan(Int128(value))
        }
        return [
          "name": page.plain(total.name), "stated": shown(total.stated),
          "computed": shown(total.computed),
          "mark": total.stated == nil ? "" : (total.stated == total.computed ? "✓" : "✗"),
        ]
      },
      "faultWords": statement.faults.map { $0.kind.label(language) },
      "notes": statement.notes.map { page.plain(options.words($0.detail)) },
    ]
    if !statement.sha256.isEmpty { model["sha"] = statement.sha256 }
    if statement.faults.isEmpty, statement.totals.isEmpty { model["fine"] = page.word(.allFine) }
    return model
  }

  private func source(of statement: Statement) -> String {
    statement.side == .ledger ? page.side(.ledger) : statement.channel.label(language)
  }

  private func fault(_ fault: StatementFault, _ reported: ReportedStatement) -> [String: Any] {
    let statement = reported.statement
    var place = statement.file.isEmpty ? source(of: statement) : page.plain(statement.file)
    if let line = fault.line { place += ":\(line)" }
    if let column = fault.column { place += " " + page.plain(column) }
    var model: [String: Any] = [
      "level": fault.holds || fault.voidsCoverage ? "loss" : "control",
      "kind": fault.kind.label(language), "place": place,
      "detail": page.plain(options.words(fault.detail)),
    ]
    if statement.read.rows > 0, fault.holds || fault.voidsCoverage {
      model["effect"] = page.word(fault.holds ? .heldEffect : .voidEffect)
    }
    if fault.kind == .statementReissued, let reissue = reported.reissue {
      model["changes"] = reissue.rows.map { page.change($0, options) }
      model["hasChanges"] = !reissue.rows.isEmpty
      if reissue.rows.count < reissue.count { model["moreChanges"] = page.word(.moreChanges) }
    }
    return model
  }

  private func conservation(_ line: ConservationLine) -> [String: Any] {
    [
      "side": page.side(line.side), "source": Labels.source(line.source)(language),
      "read": page.tally(line.read),
      "cells": Bucket.allCases.map { bucket in
        line.buckets[bucket].map { $0 == Tally() ? "·" : page.tally($0) } ?? "·"
      },
      "class": line.isBalanced ? "good" : "bad", "mark": line.isBalanced ? "✓" : "✗",
    ]
  }

  private func excluded(_ line: ExcludedLine) -> [String: Any] {
    [
      "rule": line.rule.label(language), "side": page.side(line.side),
      "source": Labels.source(line.source)(language), "rows": page.phrases.count(line.tally.rows),
      "amount": page.phrases.yuan(line.tally.fen),
    ]
  }

  private func rejection(_ row: Rejection) -> [String: Any] {
    [
      "place": page.plain("\(row.file):\(row.line)" + (row.column.map { ":\($0)" } ?? "")),
      "reason": page.plain(options.words(row.reason)),
      "text": page.plain(options.text(row.text, row.personal)),
    ]
  }
}

/// The day's charts.
struct DayCharts {
  private let report: DayReport
  private let page: Page
  private let language: Language

  init(_ model: DayModel) {
    report = model.report
    page = model.page
    language = model.options.language
  }

  var all: [[String: Any]] {
    guard !report.anomalies.isEmpty || !report.sources.isEmpty else { return [] }
    var charts = [byKind, byChannel]
    if !report.anomalies.isEmpty { charts += [byHour, byAge] }
    return charts.filter { !$0.isEmpty }
  }

  private func figure(_ word: PageWord, _ svg: String) -> [String: Any] {
    ["caption": page.word(word), "svg": svg]
  }

  private var byKind: [String: Any] {
    let all = report.anomalies
    var tallies: [AnomalyKind: Tally] = [:]
    for place in all.indices where all[place].status.isOpen {
      tallies[all[place].kind, default: Tally()].add(fen: all[place].amountFen)
    }
    let bars = AnomalyKind.allCases.compactMap { kind -> Charts.Bar? in
      guard let tally = tallies[kind] else { return nil }
      return Charts.Bar(
        label: kind.label(language), value: Int128(tally.rows),
        note: "\(page.phrases.count(tally.rows)) · \(page.phrases.yuan(tally.fen))")
    }
    return bars.isEmpty ? [:] : figure(.byKind, Charts.bars(bars, title: page.word(.byKind)))
  }

  private var byChannel: [String: Any] {
    let bars = report.sources.map { line in
      let (paid, credited) = (
        line.payments.fen - line.refunds.fen, line.credits.fen - line.reversals.fen
      )
      return Charts.Bar(
        label: Labels.source(line.source)(language), value: paid, note: page.phrases.yuan(paid),
        second: (credited, page.phrases.yuan(credited)))
    }
    guard !bars.isEmpty else { return [:] }
    var figure = figure(.byChannel, Charts.bars(bars, title: page.word(.byChannel)))
    figure["key"] = ["first": page.word(.channelNet), "second": page.word(.ledgerNet)]
    return figure
  }

  private var byHour: [String: Any] {
    var counts = [Int128](repeating: 0, count: 24)
    let all = report.anomalies
    for place in all.indices {
      guard let time = all[place].time else { continue }
      counts[Int(time.secondOfDay / 3_600)] += 1
    }
    let bars = counts.enumerated().map {
      Charts.Bar(label: "\($0.offset)", value: $0.element, note: "\($0.element)")
    }
    return figure(.byHour, Charts.columns(bars, title: page.word(.byHour), labelEvery: 3))
  }

  private var byAge: [String: Any] {
    let limits: [(String, ClosedRange<Int32>)] = [
      ("0–1", 0...1), ("2–7", 2...7), ("8–30", 8...30), ("31+", 31...Int32.max),
    ]
    let last = report.days?.upperBound.number ?? 0
    let all = report.anomalies
    let ages = all.indices.filter { all[$0].status.isOpen }.map {
      max(0, last - all[$0].firstSeen.number)
    }
    let bars = limits.map { name, range in
      let count = ages.count(where: range.contains)
      return Charts.Bar(
        label: "\(name) \(page.word(.days))", value: Int128(count), note: page.phrases.count(count))
    }
    return figure(.byAge, Charts.bars(bars, title: page.word(.byAge)))
  }
}

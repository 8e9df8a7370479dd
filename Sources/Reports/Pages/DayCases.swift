internal import Payments

/// The cases of a day as they stand on its page, one after the other.
struct DayCases {
  private let report: DayReport
  private let options: ReportOptions
  private let page: Page
  private let item: Stencil<ItemField>
  private let fact: Stencil<FactField>
  private let quote: Stencil<QuoteField>

  private enum ItemField: CaseIterable {
    case anchor, severity, kindName, kind, channelName, channel, status, statusWord, time, age
    case amount, description, action, facts, evidenceCount, evidence
  }
  private enum FactField: CaseIterable {
    case name, value
  }
  private enum QuoteField: CaseIterable {
    case side, place, text
  }

  init(_ report: DayReport, _ options: ReportOptions, _ page: Page) {
    self.report = report
    self.options = options
    self.page = page
    item = Stencil("item", on: page)
    fact = Stencil("fact", on: page)
    quote = Stencil("quote", on: page)
  }

  private var language: Language { options.language }

  /// Hands over cases one after the other.
  ///
  /// - Parameter places: which of the report's anomalies.
  func list(_ places: [Int], to sink: ([UInt8]) -> Void) {
    inPieces(places, to: sink) { append(report.anomalies[$0], to: &$1) }
  }

  private func append(_ anomaly: ReportedAnomaly, to bytes: inout [UInt8]) {
    item.fill(&bytes) { field, bytes in
      switch field {
      case .facts: appendFacts(anomaly, to: &bytes)
      case .evidence:
        for line in anomaly.evidence { append(line, to: &bytes) }
        for line in anomaly.closing { append(line, to: &bytes) }
      default: PageText.append(text(field, anomaly), to: &bytes)
      }
    }
  }

  private func text(_ field: ItemField, _ anomaly: ReportedAnomaly) -> String {
    switch field {
    case .anchor: return anomaly.id
    case .severity: return anomaly.severity.rawValue
    case .kindName: return anomaly.kind.rawValue
    case .kind: return anomaly.kind.label(language)
    case .channelName: return anomaly.channel.known?.name ?? ""
    case .channel: return page.channel(anomaly.channel)
    case .status: return anomaly.status.rawValue
    case .statusWord: return anomaly.statusWords(language)
    case .time: return anomaly.time?.description ?? ""
    case .age:
      let days = report.days.map { $0.upperBound.number - anomaly.firstSeen.number } ?? 0
      return days > 0 ? "\(page.phrases.count(Int(days))) \(page.word(.days))" : ""
    case .amount: return page.phrases.yuan(anomaly.amountFen)
    case .description: return anomaly.description(in: language)
    case .action:
      return anomaly.action(options.actions, reportDay: report.days?.upperBound, in: language)
    case .evidenceCount:
      return "\(page.word(.evidence)) (\(anomaly.evidence.count + anomaly.closing.count))"
    case .facts, .evidence: preconditionFailure("lists are written by themselves")
    }
  }

  private func appendFacts(_ anomaly: ReportedAnomaly, to bytes: inout [UInt8]) {
    let facts: [(ReportColumn, String?)] =
      [
        (.channelSerial, anomaly.channelSerial), (.merchantOrder, anomaly.merchantOrder),
        (.ledgerSerial, anomaly.ledgerSerial), (.refundSerial, anomaly.refundSerial),
        (.account, options.account(anomaly.account)), (.owedTo, anomaly.owedTo.label(language)),
        (.parties, anomaly.parties.map(parties)),
        (.basis, anomaly.basis.label(language)), (.firstSeen, anomaly.firstSeen.description),
        (.id, anomaly.id),
      ] + anomaly.progress.decisions.map { (.decision, $0.sentence(language)) }
    for (column, value) in facts {
      guard let value else { continue }
      fact.fill(&bytes) { field, bytes in
        PageText.append(
          field == .name ? column.label(language) : page.plain(value), to: &bytes)
      }
    }
  }

  /// Each person by account and what they are owed, or have and should not.
  private func parties(_ parties: [ReportedParty]) -> String {
    parties.told(page.phrases, options, in: language)
  }

  private func append(_ line: EvidenceLine, to bytes: inout [UInt8]) {
    quote.fill(&bytes) { field, bytes in
      switch field {
      case .side: PageText.append(page.side(line.side), to: &bytes)
      case .place: PageText.append(page.plain("\(line.file):\(line.line)"), to: &bytes)
      case .text:
        PageText.append(page.plain(options.text(line.text, line.personal)), to: &bytes)
      }
    }
  }
}

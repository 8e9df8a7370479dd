internal import History
internal import Payments

/// Tonight's cases beside those known: what is new, what stays, what closed, and what people did about each.
struct NightCases {
  let day: BusinessDay
  let store: HistoryStore
  /// Number of the last decision that counts.
  let decidedUpTo: Int64
  let focus: NightFocus
  /// Days within which a statement must show what a person refunded.
  let confirmWithin: Int32
  /// What is covered of tonight and the nights before.
  let coverage: Coverage

  /// Puts the report's cases beside those of the nights before.
  ///
  /// - Returns: those that are new or have changed, as they are recorded: without what people did.
  func settle(_ report: inout DayReport, _ prior: PriorState) throws -> [ReportedAnomaly] {
    var changed: [ReportedAnomaly] = []
    var listed: [ReportedAnomaly] = []
    var judged = Set<String>()
    let told = try store.anomalyIDs(before: day)
    func note(_ given: ReportedAnomaly) throws -> ReportedAnomaly {
      var anomaly = given
      judged.insert(anomaly.id)
      let known = told.contains(anomaly.id) ? try store.version(of: anomaly.id, before: day) : nil
      anomaly.firstSeen = known?.firstSeen ?? day
      if known == nil || known?.status == .closed || known?.evidence != anomaly.evidence
        || known?.amountFen != anomaly.amountFen
      {
        changed.append(anomaly)
      }
      return anomaly
    }
    for anomaly in report.anomalies { listed.append(try note(anomaly)) }
    for var known in prior.open + prior.refunded where !judged.contains(known.id) {
      let isOpen = known.status != .resolved
      if focus.touches(known) {
        known.status = .closed
        known.closedDay = day
        known.closing = try focus.closingRows(of: known)
        changed.append(known)
        listed.append(known)
        judged.insert(known.id)
      } else if isOpen, known.severity != .notice, known.kind != .resolvedUnconfirmed {
        listed.append(known)
      }
    }
    // As they are tonight.
    var refunded = (prior.open + prior.refunded).filter { $0.progress.refundedFen > 0 }
      .map { known in listed.first { $0.id == known.id } ?? known }
    try store.takeDecisions(&refunded, upTo: decidedUpTo)
    refunded.removeAll { $0.status == .closed || $0.progress.refundedFen == 0 }
    for known in refunded {
      guard let unconfirmed = unconfirmed(known) else { continue }
      listed.append(try note(unconfirmed))
    }
    // Nobody is asked about what was reopened, or done in another way.
    let asked = Set(refunded.map(NightCases.question))
    for var known in prior.open
    where known.kind == .resolvedUnconfirmed && !judged.contains(known.id)
      && !asked.contains(known.id)
    {
      (known.status, known.closedDay) = (.closed, day)
      changed.append(known)
      listed.append(known)
    }
    try store.takeDecisions(&listed, upTo: decidedUpTo)
    // What was settled on an earlier day is told in that day's report.
    listed.removeAll {
      $0.kind == .resolvedUnconfirmed && $0.status == .resolved && $0.firstSeen < day
    }
    report.anomalies = listed.inReportOrder()
    return changed
  }

  /// The id of the question where the refund of a case is.
  private static func question(about refunded: ReportedAnomaly) -> String { "ru-" + refunded.id }

  /// A case of which a person gave something back, days ago, that no bill shows, though the bills are there.
  private func unconfirmed(_ refunded: ReportedAnomaly) -> ReportedAnomaly? {
    guard refunded.kind != .resolvedUnconfirmed, let done = refunded.progress.refundDay,
      let channel = refunded.channel
    else { return nil }
    let last = done.adding(confirmWithin)
    guard last <= day else { return nil }
    let books = coverage.books.filter { $0.book.mayHold(channel, .refunds) }
    let span = TimeSpan(first: done, last: last)
    let areCovered = books.allSatisfy {
      $0.covers(from: span.start.seconds, to: span.end.seconds - 1)
    }
    guard !books.isEmpty, areCovered else { return nil }
    var found = ReportedAnomaly(
      id: NightCases.question(about: refunded), kind: .resolvedUnconfirmed,
      severity: AnomalyKind.resolvedUnconfirmed.severity,
      amountFen: refunded.progress.refundedFen, owedTo: .unknown, basis: refunded.basis,
      firstSeen: day)
    (found.channel, found.channelSerial) = (channel, refunded.channelSerial)
    (found.merchantOrder, found.ledgerSerial) = (refunded.merchantOrder, refunded.ledgerSerial)
    (found.account, found.time) = (refunded.account, refunded.time)
    (found.evidence, found.places) = (refunded.evidence, refunded.places)
    return found
  }
}

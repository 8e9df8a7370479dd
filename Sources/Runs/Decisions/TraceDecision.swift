internal import History
internal import Payments

extension TraceDecision {
  /// A recorded decision as reports tell it.
  init(_ decision: Decision) {
    self.init(
      anomaly: decision.anomaly, outcome: decision.outcome.label, who: decision.who,
      reviewer: decision.reviewer, note: decision.note, document: decision.document,
      day: decision.day, time: decision.time)
  }
}

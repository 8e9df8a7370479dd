internal import Payments

/// One file of one day, spoiled on purpose.
struct SpoiledFile: Sendable {
  var day: BusinessDay
  var fault: PlantedFault
  /// Rows that wait because of it.
  var waits: [Wait] = []

  /// Whether the day has no ledger.
  var holdsLedger: Bool { fault.holdsFile && fault.source == "ledger" }

  /// Whether a finding cannot be made without the file of a channel.
  func hides(_ finding: Finding) -> Bool {
    guard fault.holdsFile, !holdsLedger, finding.kind != .manualEntry else { return false }
    if finding.kind == .creditedNotDebited {
      return finding.channel.name == fault.source && finding.needs.contains(day)
    }
    return finding.trail.listings.contains { $0.channel.name == fault.source && $0.day == day }
  }

  /// Whether a row's partner lies in the file of a channel.
  func hides(_ wait: Wait) -> Bool {
    fault.holdsFile && !holdsLedger && wait.channel.name == fault.source
      && wait.needs.contains(day)
  }

  /// What a channel's own statement shows without any ledger.
  static let seenAtTheChannel: [AnomalyKind] = [
    .repeatedRow, .serialCollision, .orphanRefund, .refundExceedsPayment, .limitExceeded,
  ]
}

internal import Payments

/// One file of one day, spoiled on purpose.
struct SpoiledFile: Sendable {
  var day: BusinessDay
  var fault: PlantedFault
  /// Rows that wait because of it.
  var waits: [Wait] = []

  /// Whether a finding cannot be made without the file.
  func hides(_ finding: Finding) -> Bool {
    guard fault.holdsFile, finding.needs.contains(day) else { return false }
    if fault.source == "ledger" { return !SpoiledFile.seenAtTheChannel.contains(finding.kind) }
    return finding.kind != .manualEntry && finding.sources.contains { $0.name == fault.source }
  }

  /// Whether a row's partner lies in the file.
  func hides(_ wait: Wait) -> Bool {
    fault.holdsFile && (fault.source == "ledger" || wait.channel.name == fault.source)
  }

  /// What a channel's own statement shows without any ledger.
  private static let seenAtTheChannel: [AnomalyKind] = [
    .repeatedRow, .serialCollision, .orphanRefund, .refundExceedsPayment, .limitExceeded,
  ]
}

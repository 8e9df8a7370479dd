import Foundation
import Payments

/// What the page does not promise: damage that leaves a trace may accuse there, and schools are spared it
/// unless `CARDRECON_DAMAGE_GAPS` names it (`all`, or names with commas).
enum Gap: String, CaseIterable {
  /// Something is given or taken back on a later day than it was paid or posted.
  case lateReturns
  /// A credit later than the window of its channel: its payment is older than what a credit needs.
  case lateCredits
  /// Only a row of the ledger tells that two numbers are one person's.
  case links
  /// A refund or reversal without a shared key: what is lost may be what it took back, or another that took
  /// back the same.
  case keyless
  /// A surplus payment or credit whose twin is gone: it is accused by its more general name.
  case twins
  /// A file taken for another owner's while a file of its true owner is lost too: its rows ask the books of the
  /// wrong owner for what is lost.
  case mistaken

  private static let named: Set<Gap> = {
    let text = ProcessInfo.processInfo.environment["CARDRECON_DAMAGE_GAPS"] ?? ""
    if text == "all" { return Set(allCases) }
    return Set(text.split(separator: ",").compactMap { Gap(rawValue: String($0)) })
  }()

  /// Whether schools have it.
  var isOpen: Bool { Gap.named.contains(self) }
}

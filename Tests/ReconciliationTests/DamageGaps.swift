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
  /// Lists are missing, and a row is alone that a list would have brought together.
  case lists
  /// A hole whose amount is read, of a row whose amount differs from that of its partner.
  case amounts
  /// A hole whose order or serial is read, and no row of the other side bears it, or several of its own.
  case keys

  /// A hole whose account is read, of a row whose partner is another person's.
  case accounts
  /// A reversal whose credit or payment is gone: nothing says that it needs them.
  case strays
  /// A credit to a closed account whose group has a loss that waits.
  case closedAccounts
  /// Weak evidence for one of two, where the other may have been given or taken back.
  case weakTwins
  /// A refund of a payment that is gone, taken for one of another payment of its order.
  case refundsOfOthers
  /// A surplus payment or credit whose twin is gone: it is accused by its more general name.
  case twins

  private static let named: Set<Gap> = {
    let text = ProcessInfo.processInfo.environment["CARDRECON_DAMAGE_GAPS"] ?? ""
    if text == "all" { return Set(allCases) }
    return Set(text.split(separator: ",").compactMap { Gap(rawValue: String($0)) })
  }()

  /// Whether schools have it.
  var isOpen: Bool { Gap.named.contains(self) }
}

extension School {
  /// Every row, of every statement.
  private var rows: [Entry] { statements.flatMap(\.rows) }

  /// The rows that share a key with a row.
  private func partners(of row: Entry) -> [Entry] {
    rows.filter { other in
      other != row
        && ((row.order != 0 && row.order == other.order)
          || (row.serial != 0 && [other.serial, other.original].contains(row.serial))
          || (row.original != 0 && [other.serial, other.own].contains(row.original))
          || (row.own != 0 && row.own == other.original))
    }
  }

  /// Whether reading the amount of a row that cannot be used leads nobody astray.
  func mayReadAmount(of row: Entry) -> Bool {
    Gap.amounts.isOpen || partners(of: row).allSatisfy { $0.fen == row.fen }
  }

  /// Whether reading the account of a row that cannot be used leads nobody astray.
  func mayReadAccount(of row: Entry) -> Bool {
    let person = { (row: Entry) in row.names.map { $0 % 100 } }
    return Gap.accounts.isOpen
      || partners(of: row).allSatisfy { other in
        other.names.isEmpty || !Set(person(other)).isDisjoint(with: person(row))
      }
  }

  /// What can be read of a key of a row that cannot be used: one that no row of the other side bears is of
  /// no help, for weak evidence asks for none.
  func readable(_ key: KeyPath<Entry, KeyHash>, of row: Entry) -> KeyHash {
    guard !Gap.keys.isOpen else { return row[keyPath: key] }
    let bearing = rows.filter { $0.kind != .held && $0[keyPath: key] == row[keyPath: key] }
    let isBorne = bearing.contains { $0.side != row.side }
    let isAlone = bearing.filter { $0.kind == row.kind }.count == 1
    return isBorne && isAlone ? row[keyPath: key] : 0
  }
}

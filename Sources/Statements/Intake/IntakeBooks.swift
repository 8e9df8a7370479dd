internal import Columns
internal import Payments

// What each statement counts for beside the others: whose it is, and which of its rows are told twice.

extension Intake {
  static func excludeUnreconciled(
    _ readings: inout [Reading], _ reconciled: Set<Channel>?
  ) {
    guard let reconciled else { return }
    for index in readings.indices where readings[index].statement.side == .ledger {
      for row in readings[index].table.kind.indices {
        let channel = readings[index].table.channel[row]
        let kind = readings[index].table.kind[row]
        guard channel != .unknown, kind != .excluded, kind != .held,
          !reconciled.contains(where: { $0.fits(channel) })
        else { continue }
        readings[index].table.kind[row] = .excluded
        readings[index].table.rule[row] = .unreconciledChannel
      }
    }
  }

  /// An account statement tells the events of a trade statement again, with fees and withdrawals:
  /// where both speak for a channel's day, the trade statement does.
  static func excludeSecondViews(_ readings: inout [Reading]) {
    let accounts = readings.indices.filter { readings[$0].view == .account }
    for index in accounts where !readings[index].statement.isHeld {
      let trades = readings.filter { other in
        other.view == .trade && other.statement.side == .channel && other.statement.covers
          && other.statement.channel == readings[index].statement.channel
      }.compactMap(\.statement.period)
      for row in readings[index].table.kind.indices {
        let time = Int64(readings[index].table.time[row])
        let isTold = trades.contains { $0.start.seconds <= time && time < $0.end.seconds }
        guard isTold, readings[index].table.kind[row] != .excluded else { continue }
        readings[index].table.kind[row] = .excluded
        readings[index].table.rule[row] = .secondView
      }
    }
    for index in readings.indices {
      switch readings[index].view {
      case .personal:
        readings[index].statement.isPartial = true
        for row in readings[index].table.kind.indices
        where readings[index].table.kind[row] != .excluded {
          readings[index].table.kind[row] = .excluded
          readings[index].table.rule[row] = .personalBill
        }
      case .accounts, .replacements: readings[index].statement.isPartial = true
      case .trade, .account, .summary: break
      }
    }
  }

  static func checkMerchants(
    _ readings: inout [Reading], _ merchants: [Channel: [String]]
  ) {
    for index in readings.indices {
      let statement = readings[index].statement
      guard let expected = merchants[statement.channel], !expected.isEmpty,
        let found = statement.merchant, !expected.contains(found)
      else { continue }
      readings[index].fault(
        .wrongAccountStatement,
        zh: "商户号或账号为 \(found)，配置中为 \(expected.joined(separator: "、"))。请确认是否导错账户。",
        en: "merchant or account \(found); the configuration expects "
          + "\(expected.joined(separator: ", ")).")
    }
  }
}

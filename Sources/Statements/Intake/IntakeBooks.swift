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

  /// An account statement tells the events of a trade statement again, with fees and withdrawals: where a channel
  /// has bills, they do. So does a bank's statement beside its reports
  /// and notices of the same account.
  static func excludeSecondViews(_ readings: inout [Reading]) {
    var firsts = FirstViews(readings)
    for index in readings.indices where !readings[index].statement.isHeld {
      guard let view = firsts.view(before: readings[index]) else { continue }
      let covered = firsts.covered(by: view, readings)
      if readings[index].view == .account {
        readings[index].isToldByBills = firsts.hasBills(besides: readings[index], readings)
        if readings[index].isToldByBills { excludeAll(&readings[index]) }
        continue
      }
      let told = takeBatches(of: &readings, from: index, &firsts)
      exclude(&readings[index], toldBy: covered, but: told)
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
        readings[index].table.nameNobodyWhereExcluded()
      case .accounts, .replacements: readings[index].statement.isPartial = true
      case .trade, .account, .summary: break
      }
    }
  }

  /// Finds the payments of batches that statements tell without details among the rows of another message about
  /// the account: there they are told one by one, under the batch's reference and with its sum.
  ///
  /// - Returns: the references of these batches; the statements have no hole for them any more.
  private static func takeBatches(
    of readings: inout [Reading], from index: Int, _ firsts: inout FirstViews
  ) -> Set<KeyHash> {
    let batches = firsts.batches(of: FirstViews.Account(readings[index]))
    if batches.isEmpty { return [] }
    let table = readings[index].table
    var sums: [KeyHash: Int64] = [:]
    for row in 0..<table.count
    where table.serial[row] != 0 && table.kind[row].isChannelMoney
      && batches[table.serial[row]] != nil
    {
      sums[table.serial[row], default: 0] += table.fen[row]
    }
    var told = Set<KeyHash>()
    for (serial, fen) in sums {
      for batch in batches[serial] ?? [] where batch.fen == fen && batch.reading != index {
        let other = batch.reading
        let didCover = readings[other].statement.covers
        told.insert(serial)
        readings[other].statement.holes.removeAll { $0.line == batch.line }
        readings[other].rejections.removeAll { $0.line == Int(batch.line) }
        readings[other].forgetRowFaults()
        if readings[other].statement.covers != didCover { firsts.forgetSpans() }
      }
    }
    return told
  }

  /// Leaves out what an account's statement tells of payments and refunds: bills tell that. What of it cannot be
  /// read is missing on the account, and no bill's.
  private static func excludeAll(_ reading: inout Reading) {
    for row in reading.table.kind.indices where reading.table.kind[row] != .excluded {
      reading.table.kind[row] = .excluded
      reading.table.rule[row] = .secondView
    }
    reading.table.nameNobodyWhereExcluded()
  }

  /// Leaves out the rows of a second view that lie in these periods, and forgets what could not be read there.
  ///
  /// - Parameter batches: references of rows that only this view tells.
  private static func exclude(
    _ reading: inout Reading, toldBy periods: SpanIndex, but batches: Set<KeyHash>
  ) {
    if periods.isEmpty { return }
    for row in reading.table.kind.indices {
      let isTold = periods.holds(Timestamp(seconds: Int64(reading.table.time[row])))
      guard isTold, reading.table.kind[row] != .excluded,
        !batches.contains(reading.table.serial[row])
      else { continue }
      reading.table.kind[row] = .excluded
      reading.table.rule[row] = .secondView
    }
    reading.statement.holes.removeAll { periods.holds($0.span) }
    reading.forgetRowFaults()
    reading.table.nameNobodyWhereExcluded()
  }
}

extension Reading {
  /// Takes back what was said of rows that could not be used, when another statement tells them all.
  fileprivate mutating func forgetRowFaults() {
    guard statement.holes.isEmpty else { return }
    statement.faults.removeAll { $0.kind == .rowRejected || $0.kind == .unknownStatus }
  }
}

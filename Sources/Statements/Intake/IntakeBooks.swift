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
  /// where both speak for a channel's day, the trade statement does. So does a bank's statement beside its reports
  /// and notices of the same account.
  static func excludeSecondViews(_ readings: inout [Reading]) {
    var firsts = FirstViews(readings)
    for index in readings.indices where !readings[index].statement.isHeld {
      guard let view = firsts.view(before: readings[index]) else { continue }
      let covered = firsts.covered(by: view, readings)
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

  /// Says of each statement whose book it is.
  static func assignBooks(_ readings: inout [Reading], _ options: Options) {
    let ledgers = (options.books ?? []).filter { $0.book.side == .ledger }
    for index in readings.indices {
      let statement = readings[index].statement
      guard !statement.isPartial, readings[index].view != .summary else { continue }
      let entry = readings[index].entry
      var book = Book(
        side: statement.side, channel: statement.side == .ledger ? .unknown : statement.channel,
        content: statement.content)
      if statement.side == .ledger {
        let named = entry.flatMap { $0.side == .ledger ? $0.owner : nil }
        book.owner = named ?? (ledgers.count == 1 ? ledgers[0].book.owner : "")
      } else {
        book.owner = owner(of: statement, entry, options.merchants[statement.channel] ?? [])
      }
      readings[index].book = book
    }
    nameOwners(&readings, options)
  }

  /// A statement that tells no owner, as one without rows, is of the only owner its channel has.
  ///
  /// - Parameter arePlaced: whether answers that there is no bill have been placed.
  static func nameOwners(_ readings: inout [Reading], _ options: Options, arePlaced: Bool = false) {
    let books = readings.compactMap(\.book) + (options.books ?? []).map(\.book)
    let owners = books.reduce(into: [Channel: Set<String>]()) { owners, book in
      guard book.side == .channel, !book.owner.isEmpty else { return }
      owners[book.channel, default: []].insert(book.owner)
    }
    for index in readings.indices {
      // An answer that there is no bill may name its merchant; it is placed first.
      guard let book = readings[index].book, book.side == .channel, book.owner.isEmpty,
        !readings[index].isZeroDay || arePlaced, let known = owners[book.channel]
      else { continue }
      if known.count == 1 { readings[index].book?.owner = known.first ?? "" }
    }
  }

  /// Whose a channel's statement is: by its content, else by the entry of the configuration that named its
  /// file, else the only one there can be.
  private static func owner(
    of statement: Statement, _ entry: Book?, _ merchants: [String]
  ) -> String {
    let named = entry.flatMap { $0.channel.fits(statement.channel) ? $0.owner : nil } ?? ""
    guard !merchants.isEmpty else { return named.isEmpty ? statement.merchant ?? "" : named }
    if let merchant = statement.merchant, merchants.contains(merchant) { return merchant }
    if merchants.contains(named) { return named }
    return merchants.count == 1 ? merchants[0] : ""
  }
}

extension Reading {
  /// Takes back what was said of rows that could not be used, when another statement tells them all.
  fileprivate mutating func forgetRowFaults() {
    guard statement.holes.isEmpty else { return }
    statement.faults.removeAll { $0.kind == .rowRejected || $0.kind == .unknownStatus }
  }
}

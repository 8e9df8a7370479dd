internal import Payments

/// Turns a closed day into the files that would be delivered, and keeps the bank balances from one
/// day to the next.
struct ExportDesk: Sendable {
  let configuration: SchoolConfiguration
  let people: People
  /// Balance of each bank account before today's first movement.
  private(set) var openings: [Channel: Int64] = [.ccb: 318_442_671, .boc: 106_530_918]
  private var closings: [Channel: Int64] = [:]

  init(_ configuration: SchoolConfiguration, people: People) {
    self.configuration = configuration
    self.people = people
  }

  /// A desk that writes files of a day gone by.
  init(_ configuration: SchoolConfiguration, people: People, openings: [Channel: Int64]) {
    self.configuration = configuration
    self.people = people
    self.openings = openings
  }

  /// The books of the simulation's day, which moves the balances.
  mutating func books(_ simulation: inout Simulation) -> DayBooks {
    openings.merge(closings) { _, closing in closing }
    for (channel, opening) in openings {
      let rows = simulation.diary.channelRows.lazy.filter { $0.channel == channel }
      closings[channel] = opening + rows.reduce(0) { $0 + $1.bankMovement }
    }
    let ledger = simulation.diary.ledgerRows
    return DayBooks(
      day: simulation.today, channelRows: simulation.diary.channelRows, ledgerRows: ledger,
      balances: balances(ledger, &simulation), funds: simulation.funds?.days ?? [:],
      openings: openings)
  }

  /// The statement of a channel's own account of a day.
  func file(
    _ account: FundAccount, _ funds: FundDay, on day: BusinessDay, exported: Timestamp? = nil
  ) -> SimulatedFile {
    let accounts = configuration.accounts
    guard account.channel == .wechat else {
      var bill = AlipayAccountBill(
        account: accounts.alipayAccount, day: day,
        from: day.adding(-(configuration.funds?.statedBefore ?? 0)))
      bill.exported = exported
      return SimulatedFile(
        name: bill.name, source: "alipay-account", bytes: GB18030.encoded(bill.bytes(funds)))
    }
    let bill = WeChatFundBill(
      merchant: account.isSecond ? accounts.secondWeChatMerchant : accounts.wechatMerchant, day: day
    )
    return SimulatedFile(name: bill.name, source: "wechat-funds", bytes: bill.bytes(funds))
  }

  /// The files of the simulation's day, channels first.
  mutating func files(_ simulation: inout Simulation) -> [SimulatedFile] {
    let books = books(&simulation)
    var files = simulation.channels.map { entry in
      file(entry.channel, books.channelRows.filter { $0.channel == entry.channel }, on: books.day)
    }
    files += (simulation.funds?.ordered ?? []).compactMap { account in
      books.funds[account].map { file(account, $0, on: books.day) }
    }
    let bytes = CardLedger(people: people).bytes(
      books.ledgerRows, serials: simulation.diary.ledgerSerials, balances: books.balances)
    files.append(
      SimulatedFile(name: "card-ledger_\(books.day).csv", source: "ledger", bytes: bytes))
    if people.customs.hasList {
      let list = AccountList(people: people).bytes(
        cards: simulation.cards, since: simulation.cardsSince, closed: simulation.closed)
      files.append(
        SimulatedFile(name: "card-accounts_\(books.day).csv", source: "accounts", bytes: list))
    }
    return files
  }

  /// One channel's statement of a day.
  func file(_ channel: Channel, _ rows: [ChannelRow], on day: BusinessDay) -> SimulatedFile {
    let accounts = configuration.accounts
    switch channel {
    case .wechat:
      let bytes = WeChatBill(people: people, accounts: accounts).bytes(rows)
      return SimulatedFile(
        name: "wechat_\(accounts.wechatMerchant)_ALL_\(day).csv", source: "wechat", bytes: bytes)
    case .alipay: return alipay(rows, on: day)
    case .ccb:
      let bytes = CCBStatement(
        people: people, accounts: accounts, opening: openings[.ccb] ?? 0
      ).bytes(rows)
      return SimulatedFile(
        name: "ccb_\(day).csv", source: "ccb", bytes: GB18030.encoded(bytes))
    default:
      let bytes = CamtStatement(
        people: people, accounts: accounts, version: configuration.camtVersion, day: day,
        opening: openings[.boc] ?? 0
      ).bytes(rows)
      return SimulatedFile(name: "boc_camt053_\(day).xml", source: "boc", bytes: bytes)
    }
  }

  private func alipay(_ rows: [ChannelRow], on day: BusinessDay) -> SimulatedFile {
    let bill = AlipayBill(people: people, accounts: configuration.accounts, day: day)
    let detail = GB18030.encoded(bill.detail(rows))
    let detailName = bill.baseName + "_业务明细.csv"
    guard configuration.alipayZipped else {
      return SimulatedFile(name: detailName, source: "alipay", bytes: detail)
    }
    let summaryName = bill.baseName + "_业务明细(汇总).csv"
    let packed = ZipArchive.packed([
      (GB18030.encoded(Array(summaryName.utf8)), GB18030.encoded(bill.summary(rows))),
      (GB18030.encoded(Array(detailName.utf8)), detail),
    ])
    return SimulatedFile(name: bill.baseName + ".csv.zip", source: "alipay", bytes: packed)
  }

  private func balances(_ rows: [LedgerRow], _ simulation: inout Simulation) -> [Int64?] {
    rows.map { row in
      guard row.status == .done else { return nil }
      let after = simulation.move(
        row.person, card: row.card, by: row.kind.isUp ? row.fen : -row.fen)
      return configuration.ledgerBalances ? after : nil
    }
  }
}

extension Simulation {
  /// What was written today, per source in the order of reports.
  func totals() -> [SourceTotals] {
    let sources: [Channel] = [.wechat, .alipay, .ccb, .boc, .unknown]
    var totals = sources.map { SourceTotals(source: $0 == .unknown ? "none" : $0.name) }
    var previous: ChannelRow?
    for row in diary.channelRows {
      guard let place = sources.firstIndex(of: row.channel) else { continue }
      totals[place].channelRows += 1
      let isRepeated = previous.map(row.repeats) ?? false
      previous = row
      if isRepeated { continue }
      if row.kind == .payment {
        totals[place].payments += 1
        totals[place].paymentFen += row.fen
      } else if row.kind == .refund {
        totals[place].refunds += 1
        totals[place].refundFen += row.fen
      }
    }
    for row in diary.ledgerRows {
      guard let place = sources.firstIndex(of: row.channel) else { continue }
      totals[place].ledgerRows += 1
      guard row.status == .done else { continue }
      if row.kind.isCredit {
        totals[place].credits += 1
        totals[place].creditFen += row.fen
      } else if row.kind.isReversal {
        totals[place].reversals += 1
        totals[place].reversalFen += row.fen
      }
    }
    return totals
  }
}

extension ChannelRow {
  /// Whether the row before it is the same row.
  func repeats(_ other: ChannelRow) -> Bool {
    serial == other.serial && kind == other.kind && refund == other.refund
      && order == other.order && time == other.time && fen == other.fen
  }
}

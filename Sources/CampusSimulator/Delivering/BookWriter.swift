internal import Payments

/// Writes one book's file of one day.
struct BookWriter: Sendable {
  let configuration: SchoolConfiguration
  let people: People
  /// The 流水号 of each ledger row, by its id.
  let serials: [Serial]

  /// The right file.
  func file(_ book: DeliveredBook, _ day: DayBooks) -> SimulatedFile {
    let desk = desk(book, day)
    switch book {
    case .weChat: return desk.file(.wechat, channelRows(book, day), on: day.day)
    case .channel(let channel): return desk.file(channel, channelRows(book, day), on: day.day)
    case .funds(let account):
      return desk.file(account, day.funds[account] ?? FundDay(opening: 0, rows: []), on: day.day)
    case .ledger(let campus):
      return SimulatedFile(
        name: "card-ledger_\(campus.rawValue)_\(day.day).csv", source: book.source,
        bytes: ledger(campus, day, before: nil))
    }
  }

  /// The bytes of a file that was exported before its day was over; `end` in seconds since 1970.
  func bytes(_ book: DeliveredBook, _ day: DayBooks, before end: Int64) -> [UInt8] {
    let rows = channelRows(book, day).filter { $0.time < end }
    switch book {
    case .ledger(let campus): return ledger(campus, day, before: end)
    case .channel(.boc):
      var statement = CamtStatement(
        people: people, accounts: configuration.accounts, version: configuration.camtVersion,
        day: day.day, opening: day.openings[.boc] ?? 0)
      statement.end = Timestamp(seconds: end)
      return statement.bytes(rows)
    case .weChat: return desk(book, day).file(.wechat, rows, on: day.day).bytes
    case .funds(let account):
      guard var funds = day.funds[account] else { return [] }
      funds.rows.removeAll { $0.time >= end }
      return desk(book, day).file(
        account, funds, on: day.day, exported: Timestamp(seconds: end)
      ).bytes
    case .channel(let channel): return desk(book, day).file(channel, rows, on: day.day).bytes
    }
  }

  /// A WeChat bill of another type than ALL.
  func bill(_ merchant: String, _ day: DayBooks, of content: WeChatBill.Content) -> SimulatedFile {
    let bill = WeChatBill(people: people, accounts: accounts(merchant), content: content)
    return SimulatedFile(
      name: "wechat_\(merchant)_\(content.rawValue)_\(day.day).csv", source: "wechat",
      bytes: bill.bytes(channelRows(.weChat(merchant: merchant), day)))
  }

  /// The file as a table in UTF-8, one row a line after the header.
  func table(_ book: DeliveredBook, _ day: DayBooks) -> [UInt8] {
    guard book == .channel(.ccb) else { return file(book, day).bytes }
    return CCBStatement(
      people: people, accounts: configuration.accounts, opening: day.openings[.ccb] ?? 0
    ).bytes(channelRows(book, day))
  }

  /// The channel's rows, in the order of the file.
  func channelRows(_ book: DeliveredBook, _ day: DayBooks) -> [ChannelRow] {
    switch book {
    case .ledger, .funds: return []
    case .channel(let channel): return day.channelRows.filter { $0.channel == channel }
    case .weChat(let merchant):
      // A serial stands in one merchant's bill, whoever else it was given to.
      var owners: [Serial: Int32] = [:]
      let isSecond = merchant == configuration.accounts.secondWeChatMerchant
      return day.channelRows.filter { row in
        guard row.channel == .wechat else { return false }
        let owner = owners[row.serial] ?? row.person
        owners[row.serial] = owner
        return (SplitMix64.mixed(UInt64(owner) &+ 0x3E) % 2 == 1) == isSecond
      }
    }
  }

  /// The places of a campus's rows in the day's ledger, in the order of its file.
  func ledgerPlaces(_ campus: Campus, _ day: DayBooks) -> [Int] {
    day.ledgerRows.indices.filter { Campus(of: day.ledgerRows[$0].person) == campus }
  }

  private func ledger(_ campus: Campus, _ day: DayBooks, before end: Int64?) -> [UInt8] {
    let places = ledgerPlaces(campus, day).filter { place in
      end.map { day.ledgerRows[place].time < $0 } ?? true
    }
    return CardLedger(people: people).bytes(
      places.map { day.ledgerRows[$0] }, serials: serials,
      balances: places.map { day.balances[$0] })
  }

  private func accounts(_ merchant: String) -> SchoolAccounts {
    var accounts = configuration.accounts
    accounts.wechatMerchant = merchant
    return accounts
  }

  private func desk(_ book: DeliveredBook, _ day: DayBooks) -> ExportDesk {
    var configuration = configuration
    if case .weChat(let merchant) = book { configuration.accounts = accounts(merchant) }
    return ExportDesk(configuration, people: people, openings: day.openings)
  }
}

internal import Payments

/// Spoils one file of a day, as channels, cables and spreadsheets do.
struct Spoiler {
  let configuration: SchoolConfiguration
  let simulation: Simulation
  let desk: ExportDesk

  /// Spoils one of `files`, which are of the simulation's last day.
  ///
  /// - Returns: what was done, or nil when the school has no file this fault can happen to.
  func spoil(_ files: inout [SimulatedFile], by kind: FaultKind) -> SpoiledFile? {
    let source = configuration.faultSource ?? Spoiler.usualSource(kind)
    guard let place = files.firstIndex(where: { $0.source == source }) else { return nil }
    let original = files[place]
    var spoiled = SpoiledFile(
      day: simulation.today,
      fault: PlantedFault(
        file: original.name, kind: kind.rawValue, source: source,
        day: simulation.today.description, holdsFile: Spoiler.holds(kind), line: nil, note: ""))
    switch kind {
    case .statementMissing:
      files.remove(at: place)
      spoiled.fault.note = "never delivered"
    case .statementDuplicate:
      files.append(copy(of: original))
      spoiled.fault.note = "delivered a second time as \(files[files.count - 1].name)"
    case .statementReissued:
      guard let earlier = rewritten(source, rows: rows(source).dropLast()) else { return nil }
      files[place].bytes = earlier.bytes
      var later = copy(of: original)
      later.bytes = original.bytes
      files.append(later)
      spoiled.fault.note = "\(later.name) is a later version with one more row"
    case .rowRejected, .unknownStatus:
      guard damageRow(&files[place], kind, &spoiled) else { return nil }
    case .openingBalanceMismatch:
      guard simulation.span.lowerBound < simulation.today else { return nil }
      fallthrough
    case .controlTotalMismatch, .wrongDay, .wrongAccountStatement, .spreadsheetDamaged,
      .runningBalanceBreak:
      guard let other = rewrite(source, kind) else { return nil }
      files[place].bytes = other.bytes
      spoiled.fault.note = other.note
    case .statementTruncated, .layoutChanged, .encodingDamaged, .unreadable:
      guard let note = damageBytes(&files[place].bytes, kind) else { return nil }
      spoiled.fault.note = note
    // The other book raises these; what raises them is a delivery, not damage.
    case .statementEndsEarly, .statementStartsLate, .statementEmpty: return nil
    }
    return spoiled
  }

  /// The source a fault happens to unless the configuration names another.
  private static func usualSource(_ kind: FaultKind) -> String {
    switch kind {
    case .statementMissing, .wrongDay: "alipay"
    case .encodingDamaged, .runningBalanceBreak: "ccb"
    case .openingBalanceMismatch: "boc"
    default: "wechat"
    }
  }

  /// Whether the file's rows cannot be used. Of two versions the later one, with every row, can.
  private static func holds(_ kind: FaultKind) -> Bool {
    switch kind {
    case .statementDuplicate, .statementReissued, .rowRejected, .unknownStatus,
      .openingBalanceMismatch:
      false
    default: true
    }
  }

  private func copy(of file: SimulatedFile) -> SimulatedFile {
    let dot = file.name.firstIndex(of: ".") ?? file.name.endIndex
    return SimulatedFile(
      name: file.name[..<dot] + "(1)" + file.name[dot...], source: file.source,
      bytes: file.bytes)
  }

  private func rows(_ source: String) -> [ChannelRow] {
    simulation.diary.channelRows.filter { $0.channel.name == source }
  }

  private func rewritten(_ source: String, rows: some Sequence<ChannelRow>) -> SimulatedFile? {
    guard let channel = Channel(name: source) else { return nil }
    return desk.file(channel, Array(rows), on: simulation.today)
  }

  /// A file written again from the day's rows, but wrongly.
  private func rewrite(_ source: String, _ kind: FaultKind) -> (bytes: [UInt8], note: String)? {
    var accounts = configuration.accounts
    let people = simulation.people
    switch (kind, source) {
    case (.controlTotalMismatch, "wechat"):
      let bill = WeChatBill(people: people, accounts: accounts, overstated: 5_000)
      return (bill.bytes(rows(source)), "the trailer claims one row and 50.00 more")
    case (.spreadsheetDamaged, "wechat"):
      let bill = WeChatBill(people: people, accounts: accounts, isRoundedBySpreadsheet: true)
      return (bill.bytes(rows(source)), "微信订单号 as 4.20E+27")
    case (.wrongAccountStatement, "wechat"):
      accounts.wechatMerchant = "1699999999"
      let bill = WeChatBill(people: people, accounts: accounts)
      return (bill.bytes(rows(source)), "the bill of merchant 1699999999")
    case (.wrongDay, _):
      guard let channel = Channel(name: source) else { return nil }
      return wrongDay(channel)
    case (.runningBalanceBreak, "ccb"):
      let all = rows(source)
      guard all.count > 2 else { return nil }
      let statement = CCBStatement(
        people: people, accounts: accounts, opening: desk.openings[.ccb] ?? 0,
        omitted: all.count / 2)
      return (
        GB18030.encoded(statement.bytes(all)), "a row is missing before line \(all.count / 2 + 2)"
      )
    case (.openingBalanceMismatch, "boc"):
      let statement = CamtStatement(
        people: people, accounts: accounts, version: configuration.camtVersion,
        day: simulation.today, opening: (desk.openings[.boc] ?? 0) + 10_000)
      return (statement.bytes(rows(source)), "OPBD is 100.00 above the CLBD of the day before")
    default: return nil
    }
  }

  /// The statement of the day before the first, under the name of today's.
  private func wrongDay(_ channel: Channel) -> (bytes: [UInt8], note: String)? {
    var other = configuration
    other.seed ^= 0x0DAF
    other.fault = nil
    other.paymentsPerDay = min(other.paymentsPerDay, 200)
    let day = simulation.span.lowerBound.adding(-1)
    var before = Simulation(other, span: day...day)
    before.live()
    let rows = before.diary.channelRows.filter { $0.channel == channel }
    return (desk.file(channel, rows, on: day).bytes, "the statement of \(day)")
  }
}

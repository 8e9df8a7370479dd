internal import Payments

// What the bills of a day move on the channels' accounts, what these send to the bank, and what arrives there.
extension Simulation {
  /// Lives the channels' side of today, when nothing more is entered for it.
  mutating func liveFunds() {
    guard var office = funds else { return }
    office.open()
    drawFundPlants(&office)
    var seen = Set<FundedRow>()
    let owners = owners()
    for row in diary.channelRows where row.channel == .wechat || row.channel == .alipay {
      guard row.kind == .payment || row.kind == .refund, seen.insert(FundedRow(row)).inserted else {
        continue
      }
      book(row, account(of: row, owners, office), &office)
    }
    for account in office.ordered {
      plantAloneOnAccount(account, &office)
      withdraw(account, &office)
    }
    settle(&office)
    if let bank = office.bank {
      for arrival in office.arrivals.removeValue(forKey: today) ?? [] { enter(arrival, bank) }
    }
    office.close()
    funds = office
  }

  /// Whose each of WeChat's serials is: a serial stands in one merchant's bill, the first one's it was given to.
  private func owners() -> [Serial: Int32] {
    var owners: [Serial: (time: Int64, person: Int32)] = [:]
    for row in diary.channelRows where row.channel == .wechat {
      if let known = owners[row.serial], known.time <= row.time { continue }
      owners[row.serial] = (row.time, row.person)
    }
    return owners.mapValues(\.person)
  }

  private func account(
    of row: ChannelRow, _ owners: [Serial: Int32], _ office: FundsOffice
  ) -> FundAccount {
    var account = FundAccount(channel: row.channel)
    if row.channel == .wechat, office.hasTwoMerchants {
      let owner = owners[row.serial] ?? row.person
      account.isSecond = SplitMix64.mixed(UInt64(owner) &+ 0x3E) % 2 == 1
    }
    return account
  }

  private mutating func book(
    _ row: ChannelRow, _ account: FundAccount, _ office: inout FundsOffice
  ) {
    let settled = row.fen - row.couponFen
    let fee = (settled * 60 + 5_000) / 10_000
    let isWeChat = row.channel == .wechat
    guard row.kind == .payment else {
      let serial = isWeChat ? row.refund.text : row.serial.text
      var back = FundRow(
        kind: .refund, time: row.time + office.random.within(1...20), fen: settled,
        serial: serial ?? "", order: (isWeChat ? row.refundOrder.text : row.order.text) ?? "")
      office.book(back, account, today: today)
      guard isWeChat, fee > 0 else { return }
      (back.kind, back.fen) = (.feeReturned, fee)
      office.book(back, account, today: today)
      return
    }
    var paid = FundRow(
      kind: .payment, time: row.time + office.random.within(1...20), fen: settled,
      serial: row.serial.text ?? "", order: row.order.text ?? "")
    var charged = fee
    switch plantOnAccount(row, account, &office) {
    case .fundAbsent: return
    case .fundShort: paid.fen -= 1_00
    case .feeOff: charged += office.random.chance(500) ? 1 : -1
    case .feeRate: charged = (settled * 100 + 5_000) / 10_000
    default: break
    }
    note(plantedOnAccount, row, by: charged - fee)
    plantedOnAccount = nil
    office.book(paid, account, today: today)
    guard charged > 0 else { return }
    (paid.kind, paid.fen) = (.fee, charged)
    office.book(paid, account, today: today)
  }

  // MARK: - To the bank

  /// What an account sends to the bank today: what it held this morning, perhaps less a reserve.
  private mutating func withdraw(_ account: FundAccount, _ office: inout FundsOffice) {
    guard let state = office.accounts[account], today > span.lowerBound || office.settings.days == 0
    else { return }
    let isKept = office.random.chance(300) && office.settings.odds < 1_000
    let reserve = isKept ? 10_000_000 : office.random.within(1...50_000)
    var left = state.opening - reserve
    // At noon some of what came in the night may be there too.
    if office.random.chance(200) { left -= office.random.within(0...5_000) }
    let count = office.settings.withdrawals
    for turn in 0..<count {
      let part = turn == count - 1 ? left : left / Int64(count) + Int64(turn) * 137
      guard part > 0 else { continue }
      left -= part
      send(part, account, at: 32_400 + Int64(turn) * 7_200 + office.random.within(0...900), &office)
    }
  }

  private mutating func send(
    _ fen: Int64, _ account: FundAccount, at second: Int64, _ office: inout FundsOffice
  ) {
    let row = FundRow(
      kind: .withdrawal, time: today.start.seconds + second, fen: fen,
      serial: office.next("TX", on: today), order: office.next("T", on: today))
    office.book(row, account, today: today)
    let due = office.settings.calendar.due(today)
    office.accounts[account]?.due[due, default: []].append(row)
    guard due > today, office.bank != nil else { return }
    diary.note(
      Wait(
        row: .withdrawal, fen: fen, channel: account.channel, time: row.time,
        note: "arrives on \(due)", needs: [today], absent: due, told: row.serial,
        toldOrder: row.order))
  }

  /// Lets arrive what is due today, as banks do: one by one, put together, in parts; now and then wrongly.
  private mutating func settle(_ office: inout FundsOffice) {
    for account in office.ordered {
      guard let rows = office.accounts[account]?.due.removeValue(forKey: today) else { continue }
      let sent = plantOnPayout(rows, account, &office)
      func arrive(_ fen: Int64, for row: FundRow, since first: FundRow, _ office: inout FundsOffice)
      {
        let sent = Timestamp(seconds: row.time)
        let earliest = sent.day == today ? sent.secondOfDay + 1_200 : 36_000
        let arrival = FundsOffice.Arrival(
          channel: account.channel, fen: fen,
          second: earliest + office.random.within(0...3_600), serial: office.bankSerial(on: today),
          sentOn: Timestamp(seconds: first.time).day)
        office.arrivals[today, default: []].append(arrival)
      }
      if let first = sent.first, let last = sent.last, sent.count > 1, areInARow(sent, rows),
        office.random.chance(500)
      {
        arrive(sent.reduce(0) { $0 + $1.fen }, for: last, since: first, &office)
        continue
      }
      for row in sent {
        if row.fen > 400_000, office.random.chance(200) {
          let part = row.fen / 3 + 1
          arrive(part, for: row, since: row, &office)
          arrive(row.fen - part, for: row, since: row, &office)
        } else {
          arrive(row.fen, for: row, since: row, &office)
        }
      }
    }
  }

  /// Whether nothing is left out between the first and the last of some withdrawals.
  private func areInARow(_ sent: [FundRow], _ all: [FundRow]) -> Bool {
    guard let first = all.firstIndex(where: { $0.serial == sent[0].serial }) else { return false }
    return all[first...].prefix(sent.count).map(\.serial) == sent.map(\.serial)
  }

  mutating func enter(_ arrival: FundsOffice.Arrival, _ bank: Channel) {
    let time = today.start.seconds + min(arrival.second, 86_000)
    var row = ChannelRow(
      channel: bank, kind: .otherIn, time: time, fen: arrival.fen, serial: arrival.serial,
      order: .none, person: 0, naming: .nobody, payer: 0, created: time)
    row.party = arrival.channel == .wechat ? .wechatPayout : .alipayPayout
    diary.enter(row)
    guard arrival.sentOn < today else { return }
    diary.note(
      Wait(
        row: .payout, fen: row.fen, channel: bank, time: time, note: "sent on \(arrival.sentOn)",
        needs: [today], absent: arrival.sentOn, told: arrival.serial.text))
  }
}

/// What tells a row of a bill from another: one that is listed twice moves money once.
private struct FundedRow: Hashable {
  let serial: Serial
  let refund: Serial
  let order: Serial
  let time: Int64
  let fen: Int64
  let isRefund: Bool

  init(_ row: ChannelRow) {
    (serial, refund, order) = (row.serial, row.refund, row.order)
    (time, fen, isRefund) = (row.time, row.fen, row.kind == .refund)
  }
}

internal import Payments

// What goes wrong behind the bill, on purpose.
extension Simulation {
  /// How many of a plant are still to be planted today.
  mutating func takePlant(_ plant: Plant) -> Bool {
    guard let left = plantsLeft[plant], left > 0 else { return false }
    plantsLeft[plant] = left - 1
    return true
  }

  /// Draws how often each plant behind the bill is planted today.
  mutating func drawFundPlants(_ office: inout FundsOffice) {
    plantsLeft = [:]
    for plant in Plant.allCases where plant.needsFunds {
      guard let range = configuration.plants[plant], range.upperBound > 0 else { continue }
      let low = max(0, range.lowerBound)
      plantsLeft[plant] = low + office.random.below(range.upperBound - low + 1)
    }
  }

  /// What goes wrong with a payment on the account, if anything does: only with an ordinary one, in hours in which
  /// all of it is of today.
  mutating func plantOnAccount(
    _ row: ChannelRow, _ account: FundAccount, _ office: inout FundsOffice
  ) -> Plant? {
    plantedOnAccount = nil
    let minute = (row.time - today.start.seconds) / 60
    guard !isReserved(row.person), row.couponFen == 0, row.damage == .none, row.fen >= 1_000,
      (370...1_380).contains(minute), office.random.chance(office.settings.odds),
      diary.channelRows.filter({ $0.serial == row.serial }).count == 1
    else { return nil }
    let areFeesKnown = row.channel == .wechat || office.settings.hasContracts
    let plants: [Plant] = [.fundAbsent, .fundShort] + (areFeesKnown ? [.feeOff, .feeRate] : [])
    for plant in plants {
      // However a bill rounds, one fen is beyond it.
      guard plant != .feeOff || row.fen * 60 % 10_000 == 0, takePlant(plant) else { continue }
      plantedOnAccount = plant
      if plant == .fundAbsent { note(plant, row, by: 0) }
      return plant
    }
    return nil
  }

  /// Notes what was planted with a payment of the bill.
  ///
  /// - Parameter extra: what was taken beyond the fee.
  mutating func note(_ plant: Plant?, _ row: ChannelRow, by extra: Int64) {
    guard let plant, let kind = plant.kinds.first else { return }
    var found = Finding(
      kind: kind, basis: .serial, fen: row.fen, channel: row.channel, serial: row.serial,
      order: row.order, person: row.person, card: row.card, time: row.time, plant: plant,
      note: "", needs: [today])
    found.owed = .school
    switch plant {
    case .fundAbsent: found.note = "never reached the channel's account"
    case .fundShort: (found.fen, found.note) = (100, "reached the channel's account less 100 fen")
    default:
      guard extra != 0 else { return }
      (found.fen, found.owed) = (abs(extra), extra > 0 ? .school : .channel)
      found.note = "the fee is \(extra) fen beyond what the rate gives"
    }
    diary.note(found)
  }

  /// A payment on the account that no bill tells.
  mutating func plantAloneOnAccount(_ account: FundAccount, _ office: inout FundsOffice) {
    guard takePlant(.fundAlone) else { return }
    let time = today.start.seconds + office.random.within(22_200...66_600)
    let (serial, order) = (
      Serial(
        form: Serial.form(of: account.channel), day: today,
        number: 9_100_000_000 + UInt64(time % 86_400)),
      Serial(form: .order, day: today, number: 91_000_000 + UInt64(time % 86_400))
    )
    let row = FundRow(
      kind: .payment, time: time, fen: 8_700, serial: serial.text ?? "", order: order.text ?? "")
    office.book(row, account, today: today)
    var found = Finding(
      kind: .settlementMismatch, basis: .single, fen: row.fen, channel: account.channel,
      serial: serial, order: order, person: 0, time: time, plant: .fundAlone,
      note: "on the channel's account and on no bill", needs: [today])
    found.owed = .channel
    diary.note(found)
  }

  // MARK: - Payouts

  /// Lets one payout of an account go wrong, when none did for long enough that each is told for itself.
  ///
  /// - Returns: the withdrawals that arrive as they should.
  mutating func plantOnPayout(
    _ rows: [FundRow], _ account: FundAccount, _ office: inout FundsOffice
  ) -> [FundRow] {
    let calendar = office.settings.calendar
    let quiet = office.accounts[account]?.quietUntil ?? today
    let isSample = office.settings.days == 0
    guard let row = rows.last, row.fen > 10_000, office.bank != nil, isSample || today >= quiet
    else { return rows }
    let chosen =
      isSample
      ? (account.channel == .wechat
        ? [Plant.payoutAbsent] : [.payoutTwice, .payoutStray, .payoutShort])
      : office.random.chance(office.settings.wrongPayouts)
        ? [office.random.pick([Plant.payoutAbsent, .payoutShort, .payoutTwice, .payoutStray])] : []
    let plants = chosen.filter { takePlant($0) }
    if plants.isEmpty { return rows }
    office.accounts[account]?.quietUntil = calendar.day(12, after: today)
    var left = rows
    for plant in plants {
      let row = plant == .payoutTwice ? rows[0] : row
      plantPayout(plant, row, account, &office)
      if plant == .payoutAbsent || plant == .payoutShort {
        left.removeAll { $0.serial == row.serial }
      }
    }
    return left
  }

  private mutating func plantPayout(
    _ plant: Plant, _ row: FundRow, _ account: FundAccount, _ office: inout FundsOffice
  ) {
    let sent = Timestamp(seconds: row.time).day
    let early = office.settings.calendar.day(-4 - office.settings.days, after: today)
    let isStated = office.settings.statedBefore > 0 && account.channel == .alipay
    let first = isStated || plant == .payoutAbsent ? min(sent, today) : min(sent, early)
    let needs = (first.number...today.number).map(BusinessDay.init(number:))
    var found = Finding(
      kind: plant.kinds[0], basis: .single, fen: row.fen, channel: account.channel, person: 0,
      time: row.time, plant: plant, note: "", needs: needs)
    (found.told, found.toldOrder) = (row.serial, row.order)
    found.owed = .school
    // Where all is of one day, before the last withdrawal: it may not be that one's money.
    let isEarly = office.settings.days == 0 && plant != .payoutShort
    var line = FundsOffice.Arrival(
      channel: account.channel, fen: row.fen,
      second: (isEarly ? 39_600 : 61_200) + office.random.within(0...1_800),
      serial: office.bankSerial(on: today), sentOn: first)
    switch plant {
    case .payoutAbsent: found.note = "sent to the bank and never there"
    case .payoutShort:
      line.fen -= 5_000
      (found.fen, found.note) = (5_000, "5000 fen less arrived than was sent")
      // As long as the line may be paying others too, both wait.
      if first < sent {
        diary.note(
          Wait(
            row: .withdrawal, fen: row.fen, channel: account.channel, time: row.time,
            note: "something arrived that may be its money", needs: [sent, today], absent: first,
            told: row.serial, toldOrder: row.order))
      }
    default:
      if plant == .payoutStray { line.fen = 777_700 + office.random.within(1...90) }
      (found.told, found.toldOrder) = (line.serial.text, nil)
      (found.fen, found.channel) = (line.fen, office.bank ?? .ccb)
      found.owed = plant == .payoutTwice ? .channel : .unknown
      found.time = today.start.seconds + line.second
      found.note = plant == .payoutTwice ? "paid a second time" : "nobody sent it"
    }
    if plant != .payoutAbsent { office.arrivals[today, default: []].append(line) }
    // Until all of it is covered the line waits.
    guard span.contains(first) else { return }
    diary.note(found)
  }
}

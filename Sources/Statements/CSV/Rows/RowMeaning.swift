internal import Payments

// What a row means: when it happened, which way the money went, what its words say.

extension RowReader {
  // MARK: - Time

  mutating func readTime(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    if let day = layout.fileDay, layout[.time] < 0 {
      take(day, isDayOnly: true, &row)
      return
    }
    let text = timeText(bytes)
    let found =
      text.isEmpty
      ? moments.parse(dayText(bytes), encoding: layout.encoding)
      : text.withUnsafeBytes { moments.parse($0, encoding: layout.encoding) }
    let mayBeDay = layout[.timeOfDay] >= 0 || layout.profile.dayOnly == true
    switch found {
    case .value(let seconds) where isUsable(seconds):
      let isMidnight = Timestamp(seconds: seconds).secondOfDay == 0
      take(seconds, isDayOnly: isMidnight && layout.profile.midnightIsDay == true, &row)
    case .day(let seconds) where mayBeDay && isUsable(seconds):
      take(seconds, isDayOnly: true, &row)
    case .withoutSeconds:
      row.fail(layout[.time], Reasons.withoutSeconds(wholeTime(bytes)))
    default:
      row.fail(layout[.time], Reasons.time(wholeTime(bytes)))
    }
  }

  /// The time column as it is quoted: a piece of a telephone would be nobody's to the eye that masks.
  private func wholeTime(_ bytes: UnsafeRawBufferPointer) -> String {
    layout.encoding.decode(value(layout[.time], bytes))
  }

  private mutating func take(_ seconds: Int64, isDayOnly: Bool, _ row: inout RowDraft) {
    row.entry.time = seconds
    row.entry.isDayOnly = isDayOnly
    row.hasTime = true
    countDay(seconds)
  }

  /// The day a row tells, before its time is read in earnest.
  func day(_ bytes: UnsafeRawBufferPointer) -> BusinessDay? {
    bookedDay(dayText(bytes), layout.encoding, orElse: layout.fileDay)
  }

  /// The time column, as much of it as is time.
  func dayText(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let text = value(layout[.time], bytes)
    guard let length = layout.profile.timeLength, text.count > length else { return text }
    return UnsafeRawBufferPointer(rebasing: text[..<length])
  }

  /// Day and time of day put together; empty when the row has no time of day of its own.
  func timeText(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    guard layout[.timeOfDay] >= 0 else { return [] }
    let clock = value(layout[.timeOfDay], bytes)
    if isAbsent(clock) { return [] }
    // Some exports write day and time into the column of the time.
    return clock.count > 10 ? Array(clock) : Array(dayText(bytes)) + [0x20] + Array(clock)
  }

  // MARK: - Direction and kind

  mutating func readKind(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    row.entry.channel = layout.channel
    row.entry.isForeign =
      layout[.cardBank] >= 0 && ForeignCard.isBank(value(layout[.cardBank], bytes))
    if layout.profile.isList {
      readListed(bytes, &row)
      return
    }
    let hasDirection = layout.direction.moneyIn >= 0 || layout.direction.moneyBoth >= 0
    if hasDirection { readDirection(bytes, &row) }
    if layout.kinds.field >= 0 {
      readKindWord(bytes, &row)
    } else if hasDirection, layout.side == .ledger {
      readPosting(bytes, &row)
    } else if !hasDirection {
      row.fail(nil, Reasons.noAmountColumn)
    }
    if hasDirection, row.entry.fen == 0, row.entry.kind != .held, row.reason == nil {
      exclude(.notTopUp, &row)
    }
    leaveOutOtherBusiness(bytes, &row)
    readFlow(bytes, &row)
  }

  /// A row of a list: no money, but who is who, or whose account is closed.
  private func readListed(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    guard layout.profile.view == .accounts else {
      exclude(.cardReplacement, &row)
      if row.entry.account == 0 || row.entry.student == 0 {
        row.fail(layout[.student], Reasons.noAccount)
      }
      return
    }
    exclude(.accountList, &row)
    let word = value(layout.status.field, bytes)
    if layout.status.unposted.contains(where: word.elementsEqual) {
      exclude(.closedAccount, &row)
    } else if layout.status.person.contains(where: word.elementsEqual) {
      exclude(.personLeft, &row)
    } else if !layout.status.success.contains(where: word.elementsEqual) {
      row.isUnknown = true
      row.fail(layout.status.field, Reasons.unknownWord(layout.encoding.decode(word)))
    }
  }

  private func exclude(_ rule: ExclusionRule, _ row: inout RowDraft) {
    row.entry.kind = .excluded
    row.entry.rule = rule
  }

  /// A ledger of top-ups alone: what came on the card is a credit, what went off it a reversal.
  private mutating func readPosting(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    row.entry.kind = row.movement >= 0 ? .credit : .reversal
    row.moves = row.movement >= 0 ? .up : .down
    if layout.status.field >= 0 { readStatus(bytes, &row) }
    if layout[.channelWord] >= 0 { readChannel(bytes, &row) }
  }

  /// Money in is a payment, money out a refund; a negative amount is the other way round.
  private mutating func readDirection(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    if layout.direction.moneyIn < 0 {
      readOneColumn(bytes, &row)
    } else {
      let moneyIn = values[layout.direction.moneyIn]
      let moneyOut = layout.direction.moneyOut >= 0 ? values[layout.direction.moneyOut] : 0
      // Some exports write what went out with a minus in its own column.
      let out = layout.profile.sign == .absolute ? Int64(clamping: moneyOut.magnitude) : moneyOut
      row.movement = moneyIn.subtractingReportingOverflow(out).partialValue
      if moneyIn != 0, moneyOut != 0 {
        row.isAmountDoubtful = true
        row.fail(layout.amounts[layout.direction.moneyIn].field, Reasons.bothDirections)
      }
    }
    row.entry.kind = row.movement >= 0 ? .payment : .refund
    row.entry.fen = Int64(clamping: row.movement.magnitude)
  }

  /// One amount column: a word beside it tells the direction, else its sign.
  private mutating func readOneColumn(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    let amount = values[layout.direction.moneyBoth]
    row.movement = amount
    let bit = UInt64(1) << UInt64(min(layout.direction.moneyBoth, 63))
    if row.emptyAmounts & bit != 0 {
      row.fail(layout.amounts[layout.direction.moneyBoth].field, Reasons.emptyAmount)
    }
    guard layout.direction.flag >= 0 else { return }
    let word = value(layout.direction.flag, bytes)
    if layout.direction.flagOut.contains(where: word.elementsEqual) {
      row.movement = 0 - amount
    } else if !layout.direction.flagIn.contains(where: word.elementsEqual) {
      row.isUnknown = true
      row.fail(layout.direction.flag, Reasons.unknownWord(layout.encoding.decode(word)))
    }
  }

  /// Refuses a row that lost what says which payment it is, whose, or whether it is a top-up at all: it may
  /// be anybody's.
  func refuseLostCells(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    guard row.reason == nil, LostCell.mayBe(in: record(of: row, bytes)) else { return }
    let fields =
      [
        layout[.order], layout[.serial], layout[.own], layout[.original], layout[.account],
        layout[.student], layout[.channelWord], layout[.currency],
      ] + layout.otherOrders + layout.otherSerials
    for field in fields where field >= 0 && LostCell.isLost(value(field, bytes)) {
      row.fail(field, Reasons.lost(layout.encoding.decode(value(field, bytes))))
      return
    }
    // A text counts as lost when nothing else is in it; one that is damaged may still name the student.
    for field in layout.topUpFields + layout.accountTexts {
      let text = value(field, bytes)
      let isNamed = row.entry.account != 0 || row.entry.student != 0 || people.isNamed
      guard LostCell.isLost(text), !isNamed || row.isNobodys else { continue }
      row.fail(field, Reasons.lost(layout.encoding.decode(text)))
      return
    }
  }

  /// Rows of other business, and rows in other money.
  private func leaveOutOtherBusiness(
    _ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft
  ) {
    let isMoney = row.entry.kind == .payment || row.entry.kind == .refund
    guard isMoney else { return }
    if layout[.subMerchant] >= 0, isOfAnother(bytes) {
      exclude(.otherMerchant, &row)
      return
    }
    if layout[.currency] >= 0, !layout.yuanWords.isEmpty {
      let word = value(layout[.currency], bytes)
      if !isAbsent(word), !layout.yuanWords.contains(where: word.elementsEqual) {
        exclude(.otherCurrency, &row)
        return
      }
    }
    guard !layout.topUpWords.isEmpty else { return }
    let isTopUp = layout.topUpFields.contains { field in
      let text = value(field, bytes)
      return layout.topUpWords.contains { contains(text, $0, layout.encoding) }
    }
    let isBank = layout.profile.topUpWords != nil
    let isSettlement = isBank && isSettlement(bytes, isTopUp: isTopUp)
    if isSettlement {
      row.entry.rule = .settlement
      if !isTopUp { row.entry.kind = .excluded }
    } else if !isTopUp {
      // A key of the ledger may still tell what it is for; its texts do not.
      row.entry.rule = layout.otherBusiness
    } else if isBank, row.entry.kind == .refund, !saysReturn(bytes) {
      row.entry.rule = .outgoing
    } else if isBank, row.entry.kind == .payment {
      row.entry.isCompany = layout.parties.contains {
        layout.business.isOrganisation(value($0, bytes))
      }
    }
  }

  /// Whether a channel settles with the school.
  private func isSettlement(_ bytes: UnsafeRawBufferPointer, isTopUp: Bool) -> Bool {
    let business = layout.business
    return layout.parties.contains { business.isSettlementParty(value($0, bytes)) }
      || layout.topUpFields.contains { field in
        let text = value(field, bytes)
        return business.namesSettlementParty(text) || isTopUp && business.saysSettlement(text)
      }
  }

  private func saysReturn(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let fields = [layout.kinds.field] + layout.topUpFields + layout.accountTexts
    return fields.contains { $0 >= 0 && layout.business.saysReturn(value($0, bytes)) }
  }

  /// Whether a service provider's row is another school's.
  private func isOfAnother(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard !layout.ownSubMerchants.isEmpty else { return false }
    let name = value(layout[.subMerchant], bytes)
    return !isAbsent(name) && !layout.ownSubMerchants.contains(fingerprint(name))
  }

  private func kindRule(of word: UnsafeRawBufferPointer) -> Layout.KindRule? {
    let listed = layout.kinds.rules.first { rule in
      switch layout.kinds.match {
      case .exact: word.elementsEqual(rule.word)
      case .prefix: word.starts(with: rule.word)
      case .contains: rule.word.isEmpty ? word.isEmpty : contains(word, rule.word, layout.encoding)
      }
    }
    return listed ?? layout.kinds.others
  }

  private mutating func readKindWord(
    _ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft
  ) {
    let word = value(layout.kinds.field, bytes)
    guard let rule = kindRule(of: word) else {
      row.isUnknown = true
      row.entry.kind = .held
      // What it means is unknown, how much it is about is not.
      if let amount = layout.kinds.sharedAmount {
        row.entry.fen = Int64(clamping: values[amount].magnitude)
      }
      row.fail(layout.kinds.field, Reasons.unknownWord(layout.encoding.decode(word)))
      return
    }
    takeAmount(rule, &row)
    row.moves = rule.moves
    row.meaning = rule.meaning
    switch rule.meaning {
    case .payment: row.entry.kind = .payment
    case .refund:
      row.entry.kind = .refund
      row.entry.own = key(layout[.refundSerial], bytes, row.line)
      readRefundStatus(bytes, &row)
    case .credit: row.entry.kind = .credit
    case .manualCredit: row.entry.kind = .manualCredit
    case .reversal: row.entry.kind = .reversal
    case .reversalIfKeyed:
      let isKeyed = row.entry.order != 0 || row.entry.serial != 0 || row.entry.original != 0
      row.entry.kind = isKeyed ? .reversal : .excluded
    case .transferIn: row.entry.kind = .transferIn
    case .transferOut: row.entry.kind = .transferOut
    case .failed: row.entry.kind = .failedPayment
    case .fee, .feeReturned: exclude(.channelFee, &row)
    case .notTopUp, .withdrawal: exclude(.notTopUp, &row)
    case .unreconciledChannel: exclude(.unreconciledChannel, &row)
    }
    if layout.status.field >= 0 { readStatus(bytes, &row) }
    if layout.side == .channel, rule.amounts != nil { readMovement(rule, &row) }
    if layout[.channelWord] >= 0 { readChannel(bytes, &row) }
  }

  /// What a row moved on the account, where its word and not a column of its own tells.
  private func readMovement(_ rule: Layout.KindRule, _ row: inout RowDraft) {
    guard layout.direction.moneyIn < 0, layout.direction.moneyBoth < 0,
      row.entry.kind != .failedPayment
    else { return }
    switch (rule.moves, rule.meaning) {
    case (.up, _), (nil, .payment): row.movement = row.entry.fen
    case (.down, _), (nil, .refund): row.movement = -row.entry.fen
    default: row.movement = 0
    }
  }

  private mutating func takeAmount(_ rule: Layout.KindRule, _ row: inout RowDraft) {
    guard let amounts = rule.amounts else {
      // The direction columns have told it; without any, the row moves nothing.
      return
    }
    let chosen =
      rule.orNonZero ? amounts.first { values[$0] != 0 } ?? amounts.first : amounts.first
    guard let chosen else {
      row.fail(nil, Reasons.noAmountColumn)
      return
    }
    let (field, bit) = (layout.amounts[chosen].field, UInt64(1) << UInt64(min(chosen, 63)))
    if row.emptyAmounts & bit != 0 { row.fail(field, Reasons.emptyAmount) }
    if row.unreadableAmounts & bit != 0 { row.hasAmount = false }
    let fen = values[chosen]
    if fen < 0, layout.profile.sign != .absolute { row.fail(field, Reasons.negative) }
    row.entry.fen = fen == .min ? .max : abs(fen)
  }

  private mutating func readRefundStatus(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    guard layout.refundStatus.field >= 0 else { return }
    let word = value(layout.refundStatus.field, bytes)
    if layout.refundStatus.done.contains(where: word.elementsEqual) { return }
    if layout.refundStatus.failed.contains(where: word.elementsEqual) {
      exclude(.failedPayment, &row)
      return
    }
    row.isUnknown = true
    row.fail(layout.refundStatus.field, Reasons.unknownWord(layout.encoding.decode(word)))
  }

  private func readStatus(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    let word = value(layout.status.field, bytes)
    if layout.status.success.contains(where: word.elementsEqual) { return }
    if layout.status.unposted.contains(where: word.elementsEqual) {
      row.moves = nil
      row.isUnposted = true
      switch row.entry.kind {
      case .credit, .manualCredit: row.entry.kind = .unpostedCredit
      case .payment: row.entry.kind = .failedPayment
      case .reversal, .transferIn, .transferOut: exclude(.notPosted, &row)
      default: break
      }
      return
    }
    guard row.entry.kind != .excluded else { return }
    row.isUnknown = true
    row.fail(layout.status.field, Reasons.unknownWord(layout.encoding.decode(word)))
  }

  private func readChannel(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    row.entry.channel = .unknown
    let word = value(layout[.channelWord], bytes)
    if isAbsent(word) { return }
    if let found = layout.channel(named: word) {
      row.entry.channel = found
      return
    }
    switch row.entry.kind {
    case .credit, .manualCredit, .reversal:
      // The bills may know it all the same.
      row.entry.rule = .unreconciledChannel
      row.isStrange = !layout.unreconciledWords.contains { contains(word, $0, layout.encoding) }
    default: return
    }
  }
}

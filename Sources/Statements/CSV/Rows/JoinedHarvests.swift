internal import Payments

extension RowHarvest {
  /// Appends what is known of the stretch of the file that follows this one, but for its rows.
  mutating func append(_ next: RowHarvest) {
    let offset = lines
    func moved(_ rejection: RowRejection) -> RowRejection {
      var copy = rejection
      copy.line += offset
      return copy
    }
    read += next.read
    lines += next.lines
    rejections += next.rejections.prefix(Reading.keptRejections - rejections.count).map(moved)
    unknownStatuses += next.unknownStatuses.prefix(
      Reading.keptRejections - unknownStatuses.count
    ).map(moved)
    strange += next.strange.prefix(Reading.keptRejections - strange.count).map(moved)
    strangeLines += next.strangeLines.map { $0 + offset }
    lastRejection = next.lastRejection.map(moved) ?? lastRejection
    rejectedRows += next.rejectedRows
    unusedRows += next.unusedRows
    unkeyed += next.unkeyed
    names.append(next.names)
    for index in sums.indices { sums[index] += next.sums[index] }
    hasUnreadableAmount = hasUnreadableAmount || next.hasUnreadableAmount
    hasUncutRow = hasUncutRow || next.hasUncutRow
    for count in next.days {
      if let index = days.firstIndex(where: { $0.day == count.day }) {
        days[index].rows += count.rows
      } else {
        days.append(count)
      }
    }
    appendMerchants(next)
    damaged.merge(next.damaged.mapValues { $0 + offset }) { first, _ in first }
    hasUnpadded = hasUnpadded || next.hasUnpadded
    if invalid == nil { invalid = next.invalid.map { ($0.line + offset, $0.byte) } }
    if openQuoteLine == nil { openQuoteLine = next.openQuoteLine.map { $0 + offset } }
    chain.append(next.chain, lines: offset)
    numbers.append(next.numbers, lines: offset)
    if lostBalance == nil { lostBalance = next.lostBalance.map { $0 + offset } }
    if lostNumber == nil { lostNumber = next.lostNumber.map { $0 + offset } }
    serials += next.serials.map { ($0.number, $0.line + offset) }
    lostSerials += next.lostSerials
    cards += next.cards.map { card in
      var copy = card
      copy.line &+= UInt32(truncatingIfNeeded: offset)
      return copy
    }
    fees += next.fees
    comments += next.comments.map { ($0.line + offset, $0.text) }
    needsWholeFile = needsWholeFile || next.needsWholeFile
    hasBalance = hasBalance || next.hasBalance
    skipsBalances = skipsBalances || next.skipsBalances
  }

  private mutating func appendMerchants(_ next: RowHarvest) {
    let offset = lines - next.lines
    func other(
      _ mine: [UInt8]?, _ known: (line: Int, text: [UInt8])?, _ theirs: [UInt8]?,
      _ found: (line: Int, text: [UInt8])?
    ) -> (line: Int, text: [UInt8])? {
      if let known { return known }
      if let mine, let theirs, mine != theirs { return (offset + 1, theirs) }
      return found.map { ($0.line + offset, $0.text) }
    }
    otherMerchant = other(merchant, otherMerchant, next.merchant, next.otherMerchant)
    if merchant == nil { merchant = next.merchant }
    otherSubMerchant = other(
      subMerchant, otherSubMerchant, next.subMerchant, next.otherSubMerchant)
    if subMerchant == nil { subMerchant = next.subMerchant }
  }
}

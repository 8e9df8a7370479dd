internal import Payments

extension RowReader {
  /// Reads every row that starts in `bytes[from..<until]`, the ordinary ones in one pass; the last may
  /// end after `until`.
  ///
  /// - Parameter pass: nil for layouts whose rows are all looked at with care.
  mutating func read(
    _ bytes: UnsafeRawBufferPointer, from start: Int, until limit: Int, _ pass: PlainPass?
  ) {
    guard let pass else { return read(bytes, from: start, until: limit) }
    var offset = start
    while offset < limit {
      offset = readPlain(pass, bytes, from: offset, until: limit)
      guard offset < limit, let next = readRow(bytes, at: offset) else { return }
      offset = next
    }
  }

  /// Reads the rows from `offset` on for as long as they are ordinary: as many fields as the header,
  /// plain amounts, a plain time, known words, nothing odd anywhere.
  ///
  /// - Returns: where it stopped: at a row that wants care, or at `limit`.
  mutating func readPlain(
    _ pass: PlainPass, _ bytes: UnsafeRawBufferPointer, from offset: Int, until limit: Int
  ) -> Int {
    guard let base = bytes.baseAddress else { return offset }
    let plan = pass.plan
    var offset = offset
    defer { settle(pass) }
    while offset < limit {
      if pass.next >= pass.count || pass.rowStart != offset {
        // The careful path has read the row this one stopped at: go on behind it.
        while pass.next < pass.count, pass.rowStart < offset { pass.next += 1 }
        if pass.next >= pass.count || pass.rowStart != offset {
          pass.index(bytes, at: offset, quotes: layout.dialect.quotes)
          if pass.count == 0 { return offset }
        }
      }
      let text = base.assumingMemoryBound(to: UInt8.self) + pass.start
      let (count, places, lines) = (pass.count, pass.places, pass.lines)
      var (next, first) = (pass.next, pass.next == 0 ? 0 : Int(pass.lines[pass.next - 1]) + 1)
      defer { pass.next = next }
      while next < count, offset < limit {
        let last = Int(lines[next])
        let row = PlainRow(text: text, ends: places + first, start: offset - pass.start)
        let isMarked =
          pass.hasMarks
          && LostCell.mayBe(
            in: UnsafeRawBufferPointer(
              start: text + row.start, count: Int(places[last]) - row.start))
        guard !isMarked, last - first + 1 == plan.fields,
          readPlainRow(pass, plan, row, offset: offset)
        else {
          consumed = offset
          return offset
        }
        next += 1
        first = last + 1
        offset = pass.start + Int(places[last]) + 1
        harvest.lines += 1
        if pass.batch.count == EntryBatch.capacity { settle(pass) }
      }
      consumed = offset
    }
    return offset
  }

  /// Reads one row into the batch, or says that it wants care; nothing is noted of a row that does.
  @inline(__always)
  private mutating func readPlainRow(
    _ pass: PlainPass, _ plan: PlainPlan, _ row: PlainRow, offset: Int
  ) -> Bool {
    if let comment = plan.comment, row.text[row.start] == comment { return false }
    guard let empty = readPlainAmounts(pass, plan, row) else { return false }
    let values = pass.values
    // What it is.
    let kind = row[plan.kind]
    var number = 0
    while !kind.isSame(plan.words[number].text) {
      number += 1
      if number == plan.words.count { return false }
    }
    let word = plan.words[number]
    let fen = values[word.amount]
    guard empty & (1 << UInt64(word.amount)) == 0, fen >= 0, fen <= Int64(Int32.max) else {
      return false
    }
    if plan.status >= 0 {
      let status = row[plan.status]
      guard plan.success.contains(where: { status.isSame($0) }) else { return false }
    }
    var channel = plan.channel
    if plan.channelWord >= 0 {
      let field = row[plan.channelWord]
      channel = .unknown
      if !field.isAbsent {
        guard let found = pass.channel(field, layout) else { return false }
        channel = found
      }
    }
    if plan.currency >= 0, word.kind == .payment {
      let field = row[plan.currency]
      guard field.isSame(plan.currencyWord) || field.isAbsent else { return false }
    }
    guard let fee = plainFee(values, plan) else { return false }
    // When it was.
    guard case .value(let seconds) = moments.parsePlain(row[plan.time].bytes), isUsable(seconds)
    else { return false }
    let (batch, place) = (pass.batch, pass.batch.count)
    guard readPlainKeys(pass, plan, row, batch, place, word.kind) else { return false }
    for index in 0..<plan.names.count {
      harvest.names.note(row[plan.names[index]].bytes, shortest: plan.shortestName)
    }
    batch.channel[place] = channel
    batch.flow[place] = .none
    batch.fee[place] = fee
    batch.rate[place] = plan.rate >= 0 ? pass.rate(row[plan.rate]) : 0
    take(pass, plan, number, seconds, offset)
    if plan.balanceAmount >= 0 {
      let isKnown = empty & (1 << UInt64(plan.balanceAmount)) == 0
      let card = batch.account[place] != 0 ? batch.account[place] : batch.student[place]
      noteBalance(
        row[plan.own], card: card, time: seconds,
        balance: isKnown ? values[plan.balanceAmount] : nil,
        movement: word.moves == 0 ? nil : word.moves * values[word.amount])
    }
    return true
  }

  /// What the channel took for a row, in 1/100,000 yuan; nil where that is no ordinary fee.
  @inline(__always)
  private func plainFee(_ values: UnsafeMutablePointer<Int64>, _ plan: PlainPlan) -> Int32? {
    plan.feeAmount >= 0 ? Int32(exactly: values[plan.feeAmount] * plan.feeUnit) : 0
  }

  /// Reads every column that must hold an amount.
  ///
  /// - Returns: a bit for each that is empty; nil when one wants care.
  @inline(__always)
  private func readPlainAmounts(_ pass: PlainPass, _ plan: PlainPlan, _ row: PlainRow) -> UInt64? {
    var empty: UInt64 = 0
    let values = pass.values
    for index in 0..<plan.amounts.count {
      let amount = plan.amounts[index]
      let field = row[amount.field]
      if field.count == 0 {
        empty |= 1 << UInt64(index)
        values[index] = 0
      } else {
        guard let value = field.amount(amount.decimals) else { return nil }
        values[index] = value
      }
    }
    return empty
  }

  /// Counts a row in which nothing can go wrong any more.
  ///
  /// - Parameter number: of its word.
  @inline(__always)
  private mutating func take(
    _ pass: PlainPass, _ plan: PlainPlan, _ number: Int, _ seconds: Int64, _ offset: Int
  ) {
    let (batch, place, word) = (pass.batch, pass.batch.count, plan.words[number])
    if place == 0 { batch.firstOffset = UInt64(base + offset) }
    batch.line[place] = UInt32(truncatingIfNeeded: harvest.lines + 1)
    batch.kind[place] = word.kind
    batch.rule[place] = word.rule
    batch.fen[place] = Int32(truncatingIfNeeded: pass.values[word.amount])
    batch.time[place] = UInt32(truncatingIfNeeded: seconds)
    batch.offset[place] = UInt32(truncatingIfNeeded: base + offset)
    batch.count = place + 1
    pass.counts[number] += 1
    let totals = pass.totals + number * plan.amounts.count
    for index in 0..<plan.amounts.count { totals[index] &+= pass.values[index] }
    countDay(seconds)
  }

  /// Who and which: the keys of an ordinary row.
  @inline(__always)
  private mutating func readPlainKeys(
    _ pass: PlainPass, _ plan: PlainPlan, _ row: PlainRow, _ batch: EntryBatch, _ place: Int,
    _ kind: EntryKind
  ) -> Bool {
    let encoding = layout.encoding
    guard let order = row.key(plan.order, encoding), let serial = row.key(plan.serial, encoding),
      let own = row.key(plan.own, encoding), row.key(plan.original, encoding) == 0,
      let account = row.person(plan.account, encoding),
      let student = row.person(plan.student, encoding), let payer = row.payer(plan.payer)
    else { return false }
    if order == 0, plan.hasOtherOrders || plan.hasOrderTexts { return false }
    if serial == 0, plan.hasOtherSerials || plan.needsSerial && kind == .payment { return false }
    if own == 0, plan.hasOtherOwns { return false }
    if plan.isLedger, account == 0, student == 0 { return false }
    for index in 0..<plan.coupons.count {
      let field = row[plan.coupons[index]]
      guard field.count == 0 || field.amount(2) == 0 else { return false }
    }
    if plan.cardBank >= 0, ForeignCard.isBank(row[plan.cardBank].bytes) { return false }
    if plan.subMerchant >= 0, !row[plan.subMerchant].isAbsent { return false }
    if plan.merchant >= 0 {
      if pass.merchant == nil { pass.merchant = harvest.merchant.flatMap { PlainWord($0) } }
      guard let merchant = pass.merchant, row[plan.merchant].isSame(merchant) else { return false }
    }
    (batch.account[place], batch.student[place]) = (account, student)
    if !plan.isLedger {
      readPlainPeople(
        plan, row, batch, place, besides: RowKeys(order: order, serial: serial, own: own),
        isLeftOut: kind == .excluded)
    }
    batch.order[place] = order
    batch.serial[place] = serial
    batch.own[place] = own
    batch.payer[place] = payer
    return true
  }

  /// Whom an ordinary row of a channel is for: what its columns say, else its texts.
  @inline(__always)
  private mutating func readPlainPeople(
    _ plan: PlainPlan, _ row: PlainRow, _ batch: EntryBatch, _ place: Int, besides keys: RowKeys,
    isLeftOut: Bool
  ) {
    if isLeftOut { (batch.account[place], batch.student[place]) = (0, 0) }
    guard !isLeftOut, batch.account[place] == 0, batch.student[place] == 0 else { return }
    people.reset()
    var index = 0
    while index < plan.accountTexts.count, !people.isLabelled {
      people.read(row[plan.accountTexts[index]].bytes, finder, besides: keys)
      index += 1
    }
    (batch.account[place], batch.student[place]) = (people.account, people.student)
    if !people.others.isEmpty {
      for number in people.others {
        batch.others.append((Int32(truncatingIfNeeded: place), number))
      }
    }
  }

  @inline(never)
  private mutating func noteBalance(
    _ own: PlainField, card: KeyHash, time: Int64, balance: Int64?, movement: Int64?
  ) {
    harvest.hasBalance = harvest.hasBalance || balance != nil
    guard keepsBalances else {
      harvest.skipsBalances = true
      return
    }
    harvest.cards.append(
      CardBalance(
        card: card, number: CardBalance.number(of: own.bytes), time: time, line: harvest.lines + 1,
        balance: balance, movement: movement))
  }

  /// Moves the batch to the table and what it adds up to into the harvest.
  private mutating func settle(_ pass: PlainPass) {
    let plan = pass.plan
    for (number, word) in plan.words.enumerated() where pass.counts[number] > 0 {
      let totals = pass.totals + number * plan.amounts.count
      harvest.read.rows += pass.counts[number]
      harvest.read.fen += Int128(totals[word.amount])
      for (index, rule) in plan.sums.enumerated()
      where rule.rows == .all || rule.rows == .payment && word.kind == .payment {
        harvest.sums[index] += Int128(
          rule.amount < 0 ? Int64(pass.counts[number]) : totals[rule.amount])
      }
      if plan.feeAmount >= 0 { harvest.fees += Int128(totals[plan.feeAmount]) * plan.feeFactor }
      totals.update(repeating: 0, count: plan.amounts.count)
      pass.counts[number] = 0
    }
    pass.batch.flush(into: &harvest.table)
  }
}

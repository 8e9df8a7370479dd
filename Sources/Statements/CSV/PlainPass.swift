internal import CDelimiters
internal import Payments

/// The memory one pass over ordinary rows works in: where the fields of a block of text end, the rows
/// read and not yet in the table, the words met before.
final class PlainPass {
  /// Bytes indexed at a time: the block and its index stay in the second-level cache.
  static let block = 1 << 16

  let plan: PlainPlan
  let batch = EntryBatch()
  /// Offsets in the block of separators and line ends, and the index among them of each line end.
  let places = UnsafeMutablePointer<UInt32>.allocate(capacity: block + 64)
  let lines = UnsafeMutablePointer<UInt32>.allocate(capacity: block + 64)
  let values: UnsafeMutablePointer<Int64>
  /// Start of the indexed block in the buffer, and how many line ends it has.
  var start = 0
  var count = 0
  /// The next row of the block: the index of its line end.
  var next = 0
  var merchant: [UInt8] = []
  private var channels: [(word: [UInt8], channel: Channel?)] = []

  init(_ plan: PlainPlan) {
    self.plan = plan
    values = .allocate(capacity: max(1, plan.amounts.count))
  }

  deinit {
    places.deallocate()
    lines.deallocate()
    values.deallocate()
  }

  /// Forgets the buffer read last.
  func reset() {
    (start, count, next) = (0, 0, 0)
    merchant = []
  }

  /// Where row `next` of the block starts in the buffer.
  var rowStart: Int { next == 0 ? start : start + Int(places[Int(lines[next - 1])]) + 1 }

  /// Indexes the block that starts at `offset`; no rows where it holds a quote that may mean
  /// something.
  func index(_ bytes: UnsafeRawBufferPointer, at offset: Int, quotes: Bool) {
    (start, count, next) = (offset, 0, 0)
    // One byte is left over for the guard to be looked at.
    let length = min(Self.block, bytes.count - offset - (plan.separatorGuard == 0 ? 0 : 1))
    guard length > 0, let base = bytes.baseAddress else { return }
    let found = cardrecon_index(
      (base + offset).assumingMemoryBound(to: UInt8.self), length, plan.separator,
      plan.separatorGuard, places, lines)
    if found.has_quote == 0 || !quotes { count = found.lines }
  }

  /// The channel a ledger's word names; nil when it names none that is reconciled.
  func channel(_ word: UnsafeRawBufferPointer, _ layout: Layout) -> Channel? {
    for known in channels where known.word.count == word.count && word.elementsEqual(known.word) {
      return known.channel
    }
    let found = layout.channelWords.first { contains(word, $0.word, layout.encoding) }?.channel
    if channels.count < 16 { channels.append((Array(word), found)) }
    return found
  }
}

extension RowReader {
  /// Reads the rows from `offset` on for as long as they are ordinary: as many fields as the header,
  /// plain amounts, a plain time, known words, nothing odd anywhere.
  ///
  /// - Returns: where it stopped: at a row that wants care, or at `limit`.
  mutating func readPlain(
    _ pass: PlainPass, _ bytes: UnsafeRawBufferPointer, from offset: Int, until limit: Int
  ) -> Int {
    var offset = offset
    let plan = pass.plan
    while offset < limit {
      if pass.next >= pass.count || pass.rowStart != offset {
        // The careful path has read the row this one stopped at: go on behind it.
        while pass.next < pass.count, pass.rowStart < offset { pass.next += 1 }
        if pass.next >= pass.count || pass.rowStart != offset {
          pass.index(bytes, at: offset, quotes: layout.dialect.quotes)
          if pass.count == 0 { return offset }
        }
      }
      let line = pass.next
      let first = line == 0 ? 0 : Int(pass.lines[line - 1]) + 1
      let last = Int(pass.lines[line])
      guard last - first + 1 == plan.fields,
        readPlainRow(pass, bytes, offset: offset, first: first)
      else { return offset }
      pass.next += 1
      offset = pass.start + Int(pass.places[last]) + 1
      consumed = offset
      harvest.lines += 1
      if pass.batch.isFull { pass.batch.flush(into: &harvest.table) }
    }
    return offset
  }

  /// Reads one row, or says that it wants care; nothing is noted of a row that does.
  private mutating func readPlainRow(
    _ pass: PlainPass, _ bytes: UnsafeRawBufferPointer, offset: Int, first: Int
  ) -> Bool {
    let plan = pass.plan
    if let comment = plan.comment, bytes[offset] == comment { return false }
    var entry = Entry(kind: .held, channel: plan.channel, fen: 0, time: 0)
    let field = PlainFields(
      bytes: bytes, offset: offset, start: pass.start, ends: pass.places + first)
    // Amounts: every column that must hold one is read on every row.
    var empty: UInt64 = 0
    for index in plan.amounts.indices {
      let (place, decimals) = plan.amounts[index]
      let text = field(place)
      if text.isEmpty {
        empty |= 1 << UInt64(index)
        pass.values[index] = 0
      } else {
        guard let value = plainAmount(text, decimals) else { return false }
        pass.values[index] = value
      }
    }
    // What it is.
    let kindText = field(plan.kind)
    guard let word = plan.words.first(where: { isSame(kindText, $0.text) }),
      empty & (1 << UInt64(word.amount)) == 0
    else { return false }
    entry.kind = word.kind
    entry.rule = word.rule
    entry.fen = pass.values[word.amount]
    guard entry.fen >= 0 else { return false }
    if plan.status >= 0 {
      let status = field(plan.status)
      guard plan.success.contains(where: { isSame(status, $0) }) else { return false }
    }
    if plan.channelWord >= 0 {
      let text = field(plan.channelWord)
      entry.channel = .unknown
      if !isAbsent(text) {
        guard let channel = pass.channel(text, layout) else { return false }
        entry.channel = channel
      }
    }
    if plan.currency >= 0, entry.kind == .payment {
      let text = field(plan.currency)
      guard isAbsent(text) || isSame(text, plan.currencyWord) else { return false }
    }
    guard readPlainKeys(pass, plan, &entry, field) else { return false }
    // When it was.
    guard case .value(let seconds) = moments.parsePlain(field(plan.time)), isUsable(seconds) else {
      return false
    }
    entry.time = seconds
    entry.line = UInt32(truncatingIfNeeded: harvest.lines + 1)
    entry.offset = UInt64(base + offset)
    note(entry, word, pass, hasBalance: empty & (1 << UInt64(max(0, plan.balanceAmount))) == 0)
    return true
  }

  /// Who and which: the keys of an ordinary row.
  @inline(__always)
  private mutating func readPlainKeys(
    _ pass: PlainPass, _ plan: PlainPlan, _ entry: inout Entry,
    _ field: PlainFields
  ) -> Bool {
    func key(_ index: Int) -> KeyHash? {
      guard index >= 0 else { return 0 }
      let text = field(index)
      if isAbsent(text) { return 0 }
      return isScientific(text) ? nil : fingerprint(text)
    }
    guard let order = key(plan.order), let serial = key(plan.serial), let own = key(plan.own),
      key(plan.original) == 0, let account = key(plan.account), let student = key(plan.student),
      let payer = key(plan.payer)
    else { return false }
    if order == 0, plan.hasOtherOrders || plan.hasOrderTexts { return false }
    if serial == 0, plan.hasOtherSerials || plan.needsSerial && entry.kind == .payment {
      return false
    }
    if own == 0, plan.hasOtherOwns { return false }
    (entry.order, entry.serial, entry.own, entry.payer) = (order, serial, own, payer)
    (entry.account, entry.student) = account == 0 ? (student, 0) : (account, student)
    for text in plan.accountTexts where entry.account == 0 {
      let text = field(text)
      if let range = finder.find(text) {
        entry.account = fingerprint(UnsafeRawBufferPointer(rebasing: text[range]))
      }
    }
    if plan.isLedger, entry.account == 0 { return false }
    for coupon in plan.coupons {
      let text = field(coupon)
      guard text.isEmpty || plainAmount(text, 2) == 0 else { return false }
    }
    if plan.subMerchant >= 0, !isAbsent(field(plan.subMerchant)) { return false }
    if plan.merchant >= 0 {
      let text = field(plan.merchant)
      if pass.merchant.isEmpty { pass.merchant = harvest.merchant ?? [] }
      guard !pass.merchant.isEmpty, isSame(text, pass.merchant) else { return false }
    }
    return true
  }

  /// Counts a row that is certain and adds it to the batch.
  @inline(__always)
  private mutating func note(
    _ entry: Entry, _ word: PlainPlan.Word, _ pass: PlainPass, hasBalance: Bool
  ) {
    let plan = pass.plan
    harvest.read.rows += 1
    harvest.read.fen += Int128(entry.fen)
    countDay(entry.time)
    for (index, rule) in plan.sums.enumerated() {
      switch rule.rows {
      case .all: break
      case .payment: guard entry.kind == .payment else { continue }
      default: continue
      }
      harvest.sums[index] += rule.amount < 0 ? 1 : Int128(pass.values[rule.amount])
    }
    if plan.feeAmount >= 0 {
      harvest.fees += Int128(pass.values[plan.feeAmount]) * plan.feeFactor
    }
    if plan.balanceAmount >= 0 {
      harvest.hasBalance = harvest.hasBalance || hasBalance
      if keepsBalances {
        harvest.cards.append(
          CardBalance(
            card: entry.account, time: entry.time, line: Int(entry.line),
            balance: hasBalance ? pass.values[plan.balanceAmount] : nil,
            movement: word.moves == 0 ? nil : word.moves * entry.fen))
      } else {
        harvest.skipsBalances = true
      }
    }
    pass.batch.append(entry)
  }
}

/// The fields of one row between the places where they end.
private struct PlainFields {
  let bytes: UnsafeRawBufferPointer
  let offset: Int
  let start: Int
  let ends: UnsafeMutablePointer<UInt32>

  /// A field without what exports put around it.
  @inline(__always)
  func callAsFunction(_ field: Int) -> UnsafeRawBufferPointer {
    let low = field == 0 ? offset : start + Int(ends[field - 1]) + 1
    let high = start + Int(ends[field])
    return trimmed(UnsafeRawBufferPointer(rebasing: bytes[low..<high]))
  }
}

/// Whether a field is exactly a word.
@inline(__always)
private func isSame(_ text: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
  guard text.count == word.count else { return false }
  for index in 0..<word.count where text[index] != word[index] { return false }
  return true
}

/// Digits, a dot and exactly the column's decimals, with a minus or without a sign; nil for every other
/// way to write an amount.
@inline(__always)
private func plainAmount(_ bytes: UnsafeRawBufferPointer, _ decimals: Int) -> Int64? {
  let count = bytes.count
  // Most columns of most rows: coupons, refunds.
  if count == 4, decimals == 2, bytes.loadUnaligned(as: UInt32.self).littleEndian == 0x3030_2E30 {
    return 0
  }
  guard count > decimals + 1, count <= 17, bytes[count - decimals - 1] == 0x2E else { return nil }
  let start = bytes[0] == 0x2D ? 1 : 0
  guard count > decimals + 1 + start else { return nil }
  var value: Int64 = 0
  for index in start..<(count - decimals - 1) {
    let digit = bytes[index] &- 0x30
    if digit > 9 { return nil }
    value = value &* 10 &+ Int64(digit)
  }
  for index in (count - decimals)..<count {
    let digit = bytes[index] &- 0x30
    if digit > 9 { return nil }
    value = value &* 10 &+ Int64(digit)
  }
  return start == 0 ? value : -value
}

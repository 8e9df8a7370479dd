internal import Payments

/// Reads the rows of one layout out of a buffer.
struct RowReader {
  let layout: Layout
  /// Offset of the buffer's first byte in the file.
  let base: Int
  /// Whether quoted fields may hold line ends, so that the buffer must be the whole file.
  let isWhole: Bool
  /// Whether the balances of cards are kept, for a ledger that has them.
  let keepsBalances: Bool
  var harvest = RowHarvest()
  /// The harvests of the accounts it tells of, where the file is read by account.
  var accounts: AccountHarvests?
  private var scanner: RecordScanner
  var moments = MomentParser()
  let finder: PeopleFinder
  /// Those the row at hand names; one for all rows, as it keeps its memory.
  var people = RowPeople()
  private let orders: OrderFinder
  var values: [Int64]
  /// Index of the day last counted, and its first second: neighbours share it.
  var lastDay = -1
  var dayStart: Int64 = 0
  /// Offset after the last row read.
  var consumed = 0

  /// A longer row is not a row of a statement.
  static let longestRow = 1 << 20

  init(_ layout: Layout, base: Int, isWhole: Bool, keepsBalances: Bool = true) {
    self.layout = layout
    self.base = base
    self.isWhole = isWhole
    self.keepsBalances = keepsBalances
    scanner = RecordScanner(layout.dialect)
    finder = PeopleFinder(layout.encoding)
    orders = OrderFinder(layout.encoding)
    values = [Int64](repeating: 0, count: layout.amounts.count)
    harvest = RowHarvest(sums: layout.sums.count)
  }

  /// Reads every row that starts in `bytes[from..<until]`; the last may end after `until`.
  mutating func read(_ bytes: UnsafeRawBufferPointer, from start: Int, until limit: Int) {
    var offset = start
    while offset < limit, let next = readRow(bytes, at: offset) { offset = next }
  }

  /// Reads the row that starts at `offset`, with care.
  ///
  /// - Returns: where the next one starts; nil when the file must be read as a whole.
  mutating func readRow(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
    let end = scanner.scan(bytes, at: offset)
    if scanner.isQuoted, !isWhole, scanner.innerLines > 0 || end == .openQuote {
      harvest.needsWholeFile = true
      return nil
    }
    let line = harvest.lines + 1
    if end == .openQuote { harvest.openQuoteLine = line }
    harvest.lines += 1 + scanner.innerLines
    readRecord(bytes, line: line, offset: offset)
    // A row too long to be seen whole may be cut inside a character.
    let isCut = isTooLong(offset) && scanner.next == bytes.count
    consumed = isCut ? offset : scanner.next
    return scanner.next
  }

  private mutating func readRecord(_ bytes: UnsafeRawBufferPointer, line: Int, offset: Int) {
    if scanner.isBlank(bytes, at: offset) { return }
    if let mark = layout.profile.commentPrefix?.utf8.first, bytes[offset] == mark {
      harvest.comments.append((line, Array(bytes[offset..<scanner.end])))
      return
    }
    var row = RowDraft(line: line, offset: offset)
    if isTooLong(offset) {
      row.fail(nil, Reasons.tooLong)
    } else if holdsSeveralRows(bytes, offset) {
      row.fail(nil, Reasons.strayQuote(lines: scanner.innerLines + 1))
    }
    let isCut = row.reason == nil && fitFields(bytes, &row)
    if accounts != nil { turnToAccount(bytes, row, isCut: isCut) }
    harvest.read.rows += 1
    if layout.numbersRows { noteSerial(bytes, line, isCut: isCut) }
    if !isCut {
      noteUncut()
      reject(bytes, row)
      return
    }
    row.hasFields = true
    readAmounts(bytes, &row)
    readKeys(bytes, &row)
    readKind(bytes, &row)
    readTime(bytes, &row)
    readPeople(bytes, &row)
    addSums(bytes, row)
    addFee(&row)
    for field in layout.names {
      harvest.names.note(value(field, bytes), shortest: layout.shortestName)
    }
    finish(bytes, row)
  }

  /// A row whose fields are not known counts as a row; what else it would add nobody can say.
  private mutating func noteUncut() {
    harvest.hasUncutRow = true
    for (index, rule) in layout.sums.enumerated() where rule.amount == nil && rule.rows == .all {
      harvest.sums[index] += 1
    }
  }

  private func isTooLong(_ offset: Int) -> Bool { scanner.end - offset > RowReader.longestRow }

  /// Whether a quote that was never meant to open a field has joined rows into one: the record has
  /// line ends inside and the separators of two rows.
  private func holdsSeveralRows(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
    guard scanner.innerLines > 0, layout.header.count > 1 else { return false }
    let separators = bytes[offset..<scanner.end].count { $0 == layout.dialect.separator }
    return separators >= 2 * (layout.header.count - 1)
  }

  // MARK: - Fields

  @inline(__always)
  func value(_ field: Int, _ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard field >= 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let text = trimmed(scanner.field(field, of: bytes))
    return scanner.isQuoted ? RowReader.bare(text) : text
  }

  /// All bytes of the row read now.
  func record(of row: RowDraft, _ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[row.offset..<scanner.end])
  }

  /// Takes quotes and `="…"` guards off a trimmed field.
  static func bare(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var text = text
    for _ in 0..<3 {
      guard text.count >= 2, text[0] == 0x22, text[text.count - 1] == 0x22 else { return text }
      text = trimmed(UnsafeRawBufferPointer(rebasing: text[1..<(text.count - 1)]))
    }
    return text
  }

  /// Makes the record's fields as many as the header's, or says why that cannot be.
  private mutating func fitFields(
    _ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft
  ) -> Bool {
    let (expected, found) = (layout.header.count, scanner.count)
    if scanner.count == expected {
      harvest.hasUnpadded = true
      return true
    }
    if scanner.count > expected {
      let padded = expected + layout.padding
      let isPadded = (padded - layout.padding..<padded).allSatisfy {
        trimmed(scanner.field($0 + scanner.count - padded, of: bytes)).isEmpty
      }
      if scanner.count == padded, isPadded { return true }
      // With a bare carriage return inside it is two rows, not a text with separators.
      if layout.freeText >= 0, scanner.count > padded, isPadded,
        !bytes[row.offset..<scanner.end].contains(0x0D)
      {
        scanner.merge(layout.freeText, extra: scanner.count - padded)
        if looksLikeTime(bytes) { return true }
      }
    }
    // Cells of a workbook have places: those behind the last are empty.
    let isShort = layout.mayBeShort
    if isShort, scanner.count > 1, scanner.count < expected {
      scanner.pad(to: expected)
      return true
    }
    row.fail(
      nil,
      layout.dialect.width > 0
        ? Reasons.width(expected: layout.dialect.width, found: scanner.end - row.offset)
        : Reasons.fieldCount(expected: expected, found: found))
    return false
  }

  /// Whether the time stands in its column, so that a field too many was a separator inside a free text and
  /// not one somewhere else.
  private func looksLikeTime(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard layout[.time] >= 0 else { return true }
    return value(layout[.time], bytes).first.map { $0 &- 0x30 <= 9 } ?? false
  }

  private mutating func readAmounts(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    for index in layout.amounts.indices {
      let (field, unit) = layout.amounts[index]
      let text = value(field, bytes)
      let isEmpty = isBlank(text)
      switch isEmpty ? .empty : parse(text, unit) {
      case .value(let amount): values[index] = amount
      case .empty:
        values[index] = 0
        row.emptyAmounts |= 1 << UInt64(min(index, 63))
      case let problem:
        values[index] = 0
        row.unreadableAmounts |= 1 << UInt64(min(index, 63))
        row.fail(
          field, Reasons.amount(problem, layout.encoding.decode(text), decimals: unit.decimals))
      }
    }
  }

  private mutating func addFee(_ row: inout RowDraft) {
    guard layout[.fee] >= 0, row.entry.kind != .excluded || row.entry.rule != .otherMerchant,
      let index = layout.amounts.firstIndex(where: { $0.field == layout[.fee] })
    else { return }
    let factor: Int64 = layout.amounts[index].unit.scale == 5 ? 1 : 1_000
    let fee = values[index].multipliedReportingOverflow(by: factor)
    harvest.fees += Int128(values[index]) * Int128(factor)
    guard !fee.overflow else { return }
    row.entry.fee = layout.profile.feesAreNegative == true ? 0 - fee.partialValue : fee.partialValue
  }

  /// A dash stands for "nothing" in many exports.
  @inline(__always)
  private func isBlank(_ text: UnsafeRawBufferPointer) -> Bool {
    text.count <= 2 && text.allSatisfy { $0 == 0x2D }
  }

  /// An amount of fen may carry a letter: C for what the merchant receives, D for what it pays.
  @inline(__always)
  private func parse(
    _ text: UnsafeRawBufferPointer, _ unit: Profile.AmountUnit
  ) -> AmountField {
    guard unit.isFen, let mark = text.first, mark == 0x43 || mark == 0x44 else {
      return parseAmount(text, decimals: unit.decimals, encoding: layout.encoding)
    }
    let digits = UnsafeRawBufferPointer(rebasing: text.dropFirst())
    let field = parseAmount(digits, decimals: 0, encoding: layout.encoding)
    guard case .value(let fen) = field, mark == 0x44 else { return field }
    return .value(-fen)
  }

  private mutating func readKeys(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    row.entry.order = key(layout[.order], or: layout.otherOrders, bytes, row.line)
    if row.entry.order == 0 { readOrderText(bytes, &row) }
    row.entry.serial = key(layout[.serial], or: layout.otherSerials, bytes, row.line)
    if layout[.own] >= 0 {
      row.entry.own = key(layout[.own], or: layout.otherOwns, bytes, row.line)
    }
    if layout[.original] >= 0 { row.entry.original = key(layout[.original], bytes, row.line) }
    if layout[.account] >= 0 { row.entry.account = person(layout[.account], bytes, row.line) }
    if layout[.student] >= 0 { row.entry.student = person(layout[.student], bytes, row.line) }
    if layout[.payer] >= 0 { row.entry.payer = payer(bytes, row.line) }
    for field in layout.coupons {
      if case .value(let fen) = parseAmount(
        value(field, bytes), decimals: 2, encoding: layout.encoding)
      {
        row.entry.couponFen = row.entry.couponFen.addingReportingOverflow(abs(fen)).partialValue
      }
    }
    for field in layout.sideKeys where isScientific(value(field, bytes)) {
      harvest.damaged[field] = harvest.damaged[field] ?? row.line
    }
    if layout[.rate] >= 0 { row.entry.rate = parseRate(value(layout[.rate], bytes)) ?? 0 }
    checkMerchant(bytes, row.line)
    checkSubMerchant(bytes, row.line)
    noteNumber(bytes, row.line)
  }

  private mutating func readOrderText(_ bytes: UnsafeRawBufferPointer, _ row: inout RowDraft) {
    for field in layout.orderTexts where row.entry.order == 0 {
      let text = value(field, bytes)
      if let range = orders.find(text, on: { day(bytes) }) {
        row.entry.order = keyHash(
          UnsafeRawBufferPointer(rebasing: text[range]), layout.encoding)
      }
    }
  }

  /// The first of a role's columns that says something.
  @inline(__always)
  private mutating func key(
    _ field: Int, or others: [Int], _ bytes: UnsafeRawBufferPointer, _ line: Int
  ) -> KeyHash {
    var found = key(field, bytes, line)
    if found == 0, !others.isEmpty {
      for other in others where found == 0 { found = key(other, bytes, line) }
    }
    return found
  }

  @inline(__always)
  mutating func key(
    _ field: Int, _ bytes: UnsafeRawBufferPointer, _ line: Int
  ) -> KeyHash {
    identity(field, bytes, line).map { keyHash($0, layout.encoding) } ?? 0
  }

  /// The number of a person that a column holds.
  private mutating func person(
    _ field: Int, _ bytes: UnsafeRawBufferPointer, _ line: Int
  ) -> KeyHash {
    identity(field, bytes, line).map { personHash($0, layout.encoding) } ?? 0
  }

  /// Payers are only ever held against payers of the same channel: they stand as they are written.
  private mutating func payer(_ bytes: UnsafeRawBufferPointer, _ line: Int) -> KeyHash {
    identity(layout[.payer], bytes, line).map { fingerprint($0) } ?? 0
  }

  /// What a column says that tells which row it is or whose, nil where it says nothing; notes what a
  /// spreadsheet has damaged.
  @inline(__always)
  private mutating func identity(
    _ field: Int, _ bytes: UnsafeRawBufferPointer, _ line: Int
  ) -> UnsafeRawBufferPointer? {
    let text = value(field, bytes)
    if isAbsent(text) || LostCell.isLost(text) { return nil }
    if isScientific(text) { harvest.damaged[field] = harvest.damaged[field] ?? line }
    return text
  }

  // MARK: - Ends of a row

  private mutating func addSums(_ bytes: UnsafeRawBufferPointer, _ row: RowDraft) {
    for (index, rule) in layout.sums.enumerated() {
      switch rule.rows {
      case .all: break
      case .payment: guard row.entry.kind == .payment else { continue }
      case .refund: guard row.entry.kind == .refund else { continue }
      case .moneyIn: guard row.movement > 0 else { continue }
      case .moneyOut: guard row.movement < 0 else { continue }
      }
      let isMagnitude = rule.rows == .moneyIn || rule.rows == .moneyOut
      harvest.sums[index] +=
        rule.amount.map { isMagnitude ? Int128(values[$0].magnitude) : Int128(values[$0]) } ?? 1
    }
    if row.unreadableAmounts != 0 { harvest.hasUnreadableAmount = true }
    guard layout[.balance] >= 0,
      let index = layout.amounts.firstIndex(where: { $0.field == layout[.balance] })
    else { return }
    let isKnown = (row.emptyAmounts | row.unreadableAmounts) & (1 << UInt64(min(index, 63))) == 0
    if layout.side == .channel, layout.tellsMovement {
      if isKnown {
        harvest.chain.add(balance: values[index], movement: row.movement, line: row.line)
      } else if harvest.lostBalance == nil {
        harvest.lostBalance = row.line
      }
    } else if layout.side == .ledger {
      let signed = row.moves.map { $0 == .up ? row.entry.fen : -row.entry.fen }
      harvest.cards.append(
        CardBalance(
          card: row.entry.account != 0 ? row.entry.account : row.entry.student,
          number: CardBalance.number(of: value(layout[.own], bytes)),
          time: row.entry.time, line: row.line,
          balance: isKnown ? values[index] : nil, movement: row.isUnposted ? 0 : signed))
      harvest.hasBalance = harvest.hasBalance || isKnown
    }
  }

  private mutating func finish(_ bytes: UnsafeRawBufferPointer, _ row: RowDraft) {
    var row = row
    refuseLostCells(bytes, &row)
    if row.reason == nil, layout.side == .ledger, row.entry.kind != .excluded,
      row.entry.account == 0, row.entry.student == 0
    {
      row.fail(layout[.account] >= 0 ? layout[.account] : layout[.student], Reasons.noAccount)
    }
    if row.reason == nil, layout.needsSerial, row.entry.kind == .payment,
      row.entry.serial == 0, !row.entry.rule.isOtherBusiness
    {
      row.fail(layout[.serial], Reasons.noSerial)
    }
    guard row.reason == nil else {
      reject(bytes, row)
      return
    }
    if layout.side == .channel, row.isNobodys { row.entry.nameNobody() }
    if row.isStrange { noteStrange(bytes, row) }
    row.entry.line = UInt32(truncatingIfNeeded: row.line)
    row.entry.offset = UInt64(base + row.offset)
    harvest.read.fen += Int128(row.entry.fen)
    harvest.table.append(row.entry)
  }
}

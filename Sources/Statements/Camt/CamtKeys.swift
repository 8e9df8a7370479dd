internal import Payments

// Which transaction one is, and whom it is for.

extension CamtEntries {
  /// Reads which transaction it is.
  func readKeys(_ transaction: borrowing CamtTransaction, _ entry: inout Entry) {
    func key(_ text: CamtTransaction.Text) -> KeyHash {
      keyHash(trimmed(UnsafeRawBufferPointer(text)), .utf8)
    }
    func order(in text: CamtTransaction.Text) -> KeyHash {
      let bytes = UnsafeRawBufferPointer(text)
      return orders.find(bytes, on: { day }).map {
        keyHash(UnsafeRawBufferPointer(rebasing: bytes[$0]), .utf8)
      } ?? 0
    }
    let day = entry.time > 0 ? Timestamp(seconds: entry.time).day : nil
    entry.order = key(transaction.endToEndID)
    if entry.order == 0 { entry.order = order(in: transaction.remittance) }
    if entry.order == 0 { entry.order = order(in: transaction.entryText) }
    entry.serial = key(transaction.servicerReference)
    if entry.serial == 0 { entry.serial = key(transaction.transactionID) }
    if entry.serial == 0 { entry.serial = key(transaction.instructionID) }
    if entry.serial == 0 { entry.serial = key(transaction.entryReference) }
    // The bank's reference is one for a whole batch: its details differ by what else they name.
    if transaction.detailCount > 1 {
      entry.own = fingerprint(
        "\(transaction.detailIndex) \(String(transaction.endToEndID)) "
          + String(transaction.transactionID))
    }
    let isCredit = CamtWords.isCredit(transaction.indicator)
    let payer = trimmed(
      UnsafeRawBufferPointer(isCredit ? transaction.debtorAccount : transaction.creditorAccount))
    entry.payer = isAbsent(payer) ? 0 : fingerprint(payer)
  }

  /// Reads whom a transaction is for; one that is left out is for nobody.
  func readPeople(_ transaction: borrowing CamtTransaction, _ entry: inout Entry) {
    guard entry.kind != .excluded, !entry.rule.isOtherBusiness else { return }
    var named = RowPeople()
    let keys = RowKeys(entry)
    named.read(UnsafeRawBufferPointer(transaction.remittance), people, besides: keys)
    if !named.isLabelled {
      named.read(UnsafeRawBufferPointer(transaction.text), people, besides: keys)
    }
    if !named.isLabelled {
      named.read(UnsafeRawBufferPointer(transaction.entryText), people, besides: keys)
    }
    (entry.account, entry.student, entry.others) = (named.account, named.student, named.others)
  }

  /// As much of a transaction as can be read.
  ///
  /// - Parameter isBatch: whether it stands for several that are not told: any of its day, of whatever amount.
  static func remains(
    _ transaction: borrowing CamtTransaction, _ entry: Entry, isBatch: Bool
  ) -> UnusedRow {
    var span = entry.time > 0 ? TimeSpan(second: entry.time, isDayOnly: entry.isDayOnly) : nil
    if span == nil { span = TimeSpan(readableIn: String(transaction.bookingDate)) }
    if span == nil { span = TimeSpan(readableIn: String(transaction.valueDate)) }
    if isBatch {
      let day = span?.start.day
      return UnusedRow(
        span: day.map { TimeSpan(first: $0, last: $0) }, upTo: entry.fen, offset: entry.offset,
        line: entry.line)
    }
    return UnusedRow(
      span: span, fen: entry.fen > 0 ? entry.fen : nil, order: entry.order, serial: entry.serial,
      account: entry.account, student: entry.student, offset: entry.offset, line: entry.line)
  }

  /// How many payments or refunds an entry says it stands for without telling any; nil where it tells them, or
  /// is none of top-ups.
  static func hiddenDetails(_ transaction: borrowing CamtTransaction, _ entry: Entry) -> Int? {
    // What came in may be anything: the words of top-ups would stand in the details.
    let mayBeTopUps = entry.kind == .payment || !entry.rule.isOtherBusiness
    guard transaction.detailCount == 0, entry.kind.isChannelMoney, mayBeTopUps,
      entry.rule != .settlement
    else { return nil }
    let counts = String(transaction.batchCount).split(separator: " ").compactMap { Int($0) }
    let count = counts.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    return count > 1 ? count : nil
  }

  /// Counts a row to its day; neighbours share it.
  mutating func countDay(_ seconds: Int64) {
    let index = readings.count - 1
    if seconds < current.dayStart || seconds >= current.dayStart + 86_400 {
      let day = Timestamp(seconds: seconds).day
      current.dayStart = day.start.seconds
      let known = readings[index].days.firstIndex { $0.day == day }
      current.day = known ?? readings[index].days.count
      if known == nil { readings[index].days.append(DayCount(day: day, rows: 0)) }
    }
    readings[index].days[current.day].rows += 1
  }
}

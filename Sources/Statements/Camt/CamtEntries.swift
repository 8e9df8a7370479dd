internal import Columns
internal import Payments

/// Turns camt transactions into entries and checks what a camt statement states about itself.
struct CamtEntries: CamtSink {
  /// One reading per statement of the file.
  var readings: [Reading] = []
  /// What each statement that has ended says of itself, what its entries add up to, and whether it said
  /// all of itself before its first entry.
  var ended: [(statement: CamtStatement, sums: Sums, isPlain: Bool)] = []
  /// Whether every statement has ended.
  var isComplete: Bool { !readings.isEmpty && ended.count == readings.count }
  private let file: StatementFile
  private let name: String
  let people = PeopleFinder.utf8
  let orders = OrderFinder(.utf8)
  private var moments = MomentParser()
  /// Rows on their way into the table of the statement at hand.
  private let batch = EntryBatch()
  let business: BankBusiness
  /// The school's own words of top-ups by bank, and the usual ones.
  let ownTopUps: [Channel: [[UInt8]]]
  static let topUps = ["校园卡", "一卡通"].map { Array($0.utf8) }
  private var kind: CamtKind?
  private var format: String { kind.map { "camt." + $0.rawValue } ?? "camt" }
  /// Names of people in the statement at hand.
  private var names = NameHarvest()
  var current = Sums()
  /// What the statement at hand said before its first entry.
  private var announced = CamtStatement()

  /// What is being added up for the statement at hand.
  struct Sums {
    var entryIndex = -1
    var entryFen: Int64?
    var detailFen = Int128(0)
    /// Charges the bank states it took out of the entry or its details.
    var chargesFen = Int128(0)
    var hasForeignDetail = false
    var detailCount = 0
    var line = 0
    /// Σ of booked entries, signed, and whether every one of them could be read.
    var booked = Int128(0)
    var isReadable = true
    var credits = Tally()
    var debits = Tally()
    var currency = ""
    var isYuan = false
    /// Whether an entry had no currency.
    var lacksCurrency = false
    var unequal: (line: Int, entry: Int64, details: Int128)?
    var rejectedRows = 0
    var unknownLine: (line: Int, text: String)?
    /// The day last counted: its place and its first second.
    var day = 0
    var dayStart = Int64.min / 2

    /// Adds the sums of the entries that follow in the same statement.
    mutating func add(_ next: Sums) {
      booked += next.booked
      isReadable = isReadable && next.isReadable
      credits += next.credits
      debits += next.debits
      if unequal == nil { unequal = next.unequal }
      rejectedRows += next.rejectedRows
      if unknownLine == nil { unknownLine = next.unknownLine }
    }
  }

  init(file: StatementFile, name: String, words: SchoolWords) {
    self.file = file
    self.name = name
    business = BankBusiness(.utf8, parties: words.payoutParties)
    ownTopUps = words.topUps.filter { !$0.value.isEmpty }.mapValues { $0.map { Array($0.utf8) } }
  }

  mutating func begin(_ document: CamtDocument) {
    kind = document.kind
  }

  mutating func begin(_ statement: CamtStatement) {
    var reading = Reading(
      statement: Statement(
        file: name, sha256: "", format: format, side: .channel,
        channel: channelOfBank(bic: statement.servicerBIC, name: statement.servicerName)),
      path: file.path)
    reading.rows = CamtRows(file: file)
    if let kind {
      reading.recognition.title = kind.title
      reading.recognition.form = FileForm.message.told(of: reading.statement.file)
      reading.recognition.reason = Wording(
        zh: "根元素 Document 中有 \(kind.element)", en: "Document holds \(kind.element)")
    }
    reading.member = "\(readings.count)"
    readings.append(reading)
    announced = statement.content
    current = Sums()
  }

  mutating func take(_ transaction: borrowing CamtTransaction) -> Bool {
    let index = readings.count - 1
    guard index >= 0 else { return false }
    startEntry(transaction)
    readings[index].statement.read.rows += 1
    var entry = Entry(kind: .held, channel: readings[index].statement.channel, fen: 0, time: 0)
    entry.line = UInt32(truncatingIfNeeded: transaction.line)
    entry.offset = UInt64(transaction.offset ?? 0)
    var problem: (column: String, reason: Wording)?
    let currency = transaction.currency
    let isForeign = !currency.isEmpty && !CamtWords.isYuan(currency)
    current.hasForeignDetail = current.hasForeignDetail || isForeign
    if transaction.detailCount == 1 { current.chargesFen = CamtEntries.charges(transaction) }
    if !isForeign {
      switch CamtEntries.fen(transaction.amount) {
      case .value(let fen) where fen >= 0:
        entry.fen = fen
        current.detailFen += Int128(fen)
      case let other:
        problem = (
          "Amt", Reasons.amount(other, String(transaction.amount), decimals: 2)
        )
      }
    }
    readTime(transaction, &entry, &problem)
    // Behind its time: what is an order may depend on the day.
    readKeys(transaction, &entry)
    if problem == nil, !CamtWords.isKnown(transaction.status) {
      let word = String(transaction.status)
      problem = ("Sts", Reasons.unknownWord(word))
      if current.unknownLine == nil { current.unknownLine = (transaction.line, word) }
    }
    let isCredit = CamtWords.isCredit(transaction.indicator)
    if !isCredit, !CamtWords.isDebit(transaction.indicator), problem == nil {
      problem = ("CdtDbtInd", Reasons.unknownWord(String(transaction.indicator)))
    }
    entry.kind = isCredit ? .payment : .refund
    exclude(transaction, isForeign: isForeign, &entry)
    readPeople(transaction, &entry)
    names.note(UnsafeRawBufferPointer(transaction.debtorName), shortest: 9)
    names.note(UnsafeRawBufferPointer(transaction.creditorName), shortest: 9)
    if problem == nil, let count = CamtEntries.hiddenDetails(transaction, entry) {
      problem = ("NtryDtls", Reasons.batchWithoutDetails(count))
    }
    readings[index].statement.read.fen += Int128(entry.fen)
    if let column = problem?.column, column != "NtryDtls", entry.rule.isOtherBusiness {
      entry.kind = .excluded
    }
    if let problem, entry.kind != .excluded {
      reject(transaction, entry, problem, index)
    } else {
      add(entry)
    }
    return true
  }

  private mutating func add(_ entry: Entry) {
    if batch.add(entry) { return }
    flush()
    if !batch.add(entry) { readings[readings.count - 1].table.append(entry) }
  }

  private mutating func flush() {
    if batch.count > 0 { batch.flush(into: &readings[readings.count - 1].table) }
  }

  mutating func end(_ statement: CamtStatement) {
    guard !readings.isEmpty else { return }
    finishEntry()
    flush()
    readings[readings.count - 1].names += names.names
    names = NameHarvest()
    ended.append((statement, current, statement.content == announced))
  }

  /// Holds every statement that has ended against its own totals; called once, when all is read.
  mutating func check() {
    // A statement that did not end has rows on their way.
    flush()
    for (index, end) in ended.enumerated() { check(index, end.statement, end.sums) }
  }

  private mutating func check(_ index: Int, _ statement: CamtStatement, _ current: Sums) {
    readings[index].statement.merchant = statement.account.isEmpty ? nil : statement.account
    if readings[index].statement.channel == .bank {
      let channel = channelOfBank(bic: statement.servicerBIC, name: statement.servicerName)
      readings[index].statement.channel = channel
      for row in readings[index].table.channel.indices {
        readings[index].table.channel[row] = channel
      }
    }
    readings[index].statement.accepted = readings[index].table.count
    let checks = CamtChecks(statement: statement, format: format)
    checks.period(&readings[index])
    checks.balances(&readings[index], booked: current.booked, isReadable: current.isReadable)
    checks.summary(
      &readings[index], credits: current.credits, debits: current.debits,
      isReadable: current.isReadable)
    checks.strays(&readings[index])
    if let unequal = current.unequal {
      readings[index].fault(
        .controlTotalMismatch, line: unequal.line, column: "TxDtls/Amt",
        zh: "Ntry 金额 \(Money.yuan(Int128(unequal.entry))) 与其 TxDtls 合计 "
          + "\(Money.yuan(unequal.details)) 不等。该文件暂不采用，请向银行核对。",
        en: "the entry is \(Money.yuan(Int128(unequal.entry))) but its details add up to "
          + "\(Money.yuan(unequal.details)). The file is held; ask the bank.")
    }
    if let unknown = current.unknownLine {
      let reason = Reasons.unknownWord(unknown.text)
      readings[index].fault(
        .unknownStatus, line: unknown.line, column: "Sts", zh: reason.zh, en: reason.en,
        holds: false, voidsCoverage: false)
    }
    let refused = readings[index].rejections.first { $0.field != "Sts" }
    if current.rejectedRows > 0, let first = refused {
      readings[index].fault(
        .rowRejected, line: first.line, column: first.field,
        zh: "\(current.rejectedRows) 笔无法解析，首笔原因：\(first.reason.zh)",
        en: "\(current.rejectedRows) transactions could not be read; the first: "
          + first.reason.en, holds: false, voidsCoverage: false)
    }
    readings[index].inferPeriod(timeColumn: "BookgDt")
    readings[index].settleHoles()
  }
}

// MARK: - One transaction

extension CamtEntries {
  /// An amount's text as fen; more than two decimals only when they are zeros.
  static func fen(_ text: CamtTransaction.Text) -> AmountField {
    parseAmount(UnsafeRawBufferPointer(text), decimals: 2, encoding: .utf8)
  }

  /// The charges a transaction states, in fen; 0 when it states none.
  private static func charges(_ transaction: borrowing CamtTransaction) -> Int128 {
    let stated =
      transaction.chargesTotal.isEmpty ? transaction.charges : transaction.chargesTotal
    if stated.isEmpty { return 0 }
    let total = String(stated)
    return total.split(separator: " ").reduce(Int128(0)) { sum, text in
      let field = Array(text.utf8).withUnsafeBytes {
        parseAmount($0, decimals: 2, encoding: .utf8)
      }
      guard case .value(let fen) = field else { return sum }
      return sum + Int128(fen)
    }
  }

  private mutating func startEntry(_ transaction: borrowing CamtTransaction) {
    guard transaction.entryIndex != current.entryIndex else { return }
    finishEntry()
    current.entryIndex = transaction.entryIndex
    current.detailCount = transaction.detailCount
    current.line = transaction.line
    current.detailFen = 0
    current.chargesFen = 0
    current.hasForeignDetail = false
    current.entryFen = nil
    let isBooked = CamtWords.isBooked(transaction.status)
    if !CamtWords.isKnown(transaction.status) { current.isReadable = false }
    guard case .value(let fen) = CamtEntries.fen(transaction.entryAmount), fen >= 0 else {
      current.isReadable = false
      return
    }
    current.entryFen = fen
    noteCurrency(transaction.entryCurrency)
    guard isBooked else { return }
    if CamtWords.isCredit(transaction.entryIndicator) {
      current.booked += Int128(fen)
      current.credits.add(fen: fen)
    } else {
      current.booked -= Int128(fen)
      current.debits.add(fen: fen)
    }
  }

  /// Notes an entry's currency; one that is another's than the first's makes the sums mean nothing.
  private mutating func noteCurrency(_ currency: CamtTransaction.Text) {
    if current.isYuan, CamtWords.isYuan(currency) { return }
    if currency.isEmpty { current.lacksCurrency = true }
    if current.currency.isEmpty {
      current.currency = String(currency)
      current.isYuan = CamtWords.isYuan(currency)
    }
    if !currency.elementsEqual(current.currency.utf8) { current.isReadable = false }
  }

  /// Σ of an entry's details is the entry, or differs from it by the charges the bank states.
  private mutating func finishEntry() {
    let difference = Int128(current.entryFen ?? 0) - current.detailFen
    guard current.detailCount > 0, !current.hasForeignDetail,
      current.chargesFen == 0 || difference.magnitude != current.chargesFen.magnitude,
      let entry = current.entryFen, current.unequal == nil,
      current.currency.isEmpty || current.currency == "CNY", current.detailFen != Int128(entry)
    else { return }
    current.unequal = (current.line, entry, current.detailFen)
  }

  private mutating func readTime(
    _ transaction: borrowing CamtTransaction, _ entry: inout Entry,
    _ problem: inout (column: String, reason: Wording)?
  ) {
    let booked = UnsafeRawBufferPointer(transaction.bookingDate)
    let exact = UnsafeRawBufferPointer(transaction.transactionTime)
    let valued = UnsafeRawBufferPointer(transaction.valueDate)
    func isExact(_ text: UnsafeRawBufferPointer) -> Bool { text.count > 10 }
    let chosen = isExact(booked) || !isExact(exact) ? (booked.isEmpty ? valued : booked) : exact
    guard let seconds = moments.parseISO(chosen).seconds, isUsable(seconds) else {
      if problem == nil { problem = ("BookgDt", Reasons.time(String(transaction.bookingDate))) }
      return
    }
    entry.time = seconds
    entry.isDayOnly = !isExact(booked) && !isExact(exact)
    countDay(seconds)
  }

  private mutating func reject(
    _ transaction: borrowing CamtTransaction, _ entry: Entry,
    _ problem: (column: String, reason: Wording), _ index: Int
  ) {
    if problem.column != "Sts" { current.rejectedRows += 1 }
    let isBatch = CamtEntries.hiddenDetails(transaction, entry) != nil
    readings[index].note(unused: CamtEntries.remains(transaction, entry, isBatch: isBatch))
    var held = entry
    held.kind = .held
    if isBatch {
      // A batch's reference is none of its payments'.
      readings[index].batches.append((entry.serial, entry.fen, entry.line))
      (held.order, held.serial) = (0, 0)
    }
    if held.order != 0 || held.serial != 0 {
      add(held)
    } else {
      readings[index].unkeyed.add(fen: held.fen)
    }
    guard readings[index].rejections.count < Reading.keptRejections else { return }
    let quoted = (try? readings[index].quote(entry)) ?? QuotedRow()
    readings[index].rejections.append(
      Rejection(
        file: name, line: transaction.detailLine, field: problem.column,
        offset: transaction.offset ?? 0, reason: problem.reason, text: quoted.text,
        known: quoted.known))
  }
}

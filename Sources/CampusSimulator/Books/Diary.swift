internal import Payments

/// Something a judge must find, as it was planted: serials are written out only for the days that
/// are judged.
struct Finding: Sendable {
  var kind: AnomalyKind
  var explanation: Explanation?
  var basis: Basis
  var fen: Int64
  var channel: Channel
  var serial: Serial = .none
  var order: Serial = .none
  var ledger: [Int] = []
  var refund: Serial = .none
  var person: Int32
  var card: UInt8 = 0
  var time: Int64
  var plant: Plant
  var note: String
  /// Days that must be judged together for it to be found.
  var needs: [BusinessDay]
  /// A day whose statements would show something else.
  var absent: BusinessDay?
  /// Whose money it is, where the kind alone does not say.
  var owed: OwedTo?
  /// Who is owed what, where two people are touched.
  var parties: [Share] = []
  /// The serial and the order it is told by, where they are of no bill and no ledger.
  var told: String?
  var toldOrder: String?
  /// Every row of the case it belongs to.
  var trail = Trail()

  /// What one person is owed, in fen; less than zero for what somebody has too much.
  struct Share: Sendable {
    var person: Int32
    var card: UInt8
    var fen: Int64
  }

  /// Whose money it is.
  var owedTo: OwedTo {
    if let owed { return owed }
    switch kind {
    case .debitedNotCredited, .duplicateDebit, .wrongAccount, .reversalNotRefunded,
      .closedAccountCredit, .moveIncomplete, .amountMismatch, .refundAmountMismatch:
      return .student
    case .creditedNotDebited, .duplicateCredit, .refundNotReversed, .refundExceedsPayment,
      .fundRowMissing, .settlementMissing, .settlementMismatch, .feeMismatch:
      return .school
    case .unidentifiedBankCredit, .resolvedUnconfirmed, .orphanRefund, .ambiguousMatch,
      .serialCollision, .keyConflict,
      .cardBalanceBreak,
      .unexplained, .suspectedDuplicateDebit:
      return .unknown
    case .timeImpossible, .manualEntry, .lateCredit, .repeatedRow, .limitExceeded, .serialGap:
      return .none
    }
  }
}

/// The rows entered for one case.
struct Trail: Sendable {
  /// Where a row of a channel was listed.
  struct Listing: Hashable, Sendable {
    var channel: Channel
    var day: BusinessDay
  }

  private(set) var listings: [Listing] = []
  private(set) var serials: [Serial] = []
  private(set) var ledger: [Int] = []

  fileprivate mutating func follow(_ row: ChannelRow) {
    listings.append(
      Listing(channel: row.channel, day: Timestamp(seconds: row.time).day))
    serials.append(row.kind == .refund && !row.refund.isNone ? row.refund : row.serial)
  }

  fileprivate mutating func follow(_ row: LedgerRow) {
    ledger.append(row.id)
  }
}

/// A row that has to wait, under the same conditions as a ``Finding``.
struct Wait: Sendable {
  enum Row: String, Sendable {
    case payment, credit, refund, reversal, withdrawal, payout
  }

  var row: Row
  var fen: Int64
  var channel: Channel
  var serial: Serial = .none
  var order: Serial = .none
  var ledger: [Int] = []
  var refund: Serial = .none
  var time: Int64
  var note: String
  var needs: [BusinessDay]
  var absent: BusinessDay?
  /// The serial and the order it is told by, where they are of no bill and no ledger.
  var told: String?
  var toldOrder: String?
}

/// What happened at a school, day by day: the rows of the day being written, what is already known
/// of the next one, and the answer sheet.
struct Diary: Sendable {
  private(set) var today: BusinessDay
  private(set) var channelRows: [ChannelRow] = []
  private(set) var ledgerRows: [LedgerRow] = []
  private var channelRowsTomorrow: [ChannelRow] = []
  private var ledgerRowsTomorrow: [LedgerRow] = []
  private(set) var findings: [Finding] = []
  private(set) var waits: [Wait] = []
  /// The 流水号 of each ledger row ever posted, by its id; none until its day is closed.
  private(set) var ledgerSerials: [Serial] = []
  /// The rows of the case being entered, when one is.
  private var trail: Trail?
  private var caseStart = 0

  init(today: BusinessDay) {
    self.today = today
  }

  /// Enters a channel's row, today or tomorrow by its time; rows of other days are of statements
  /// nobody has, and are dropped.
  mutating func enter(_ row: ChannelRow) {
    trail?.follow(row)
    let day = Timestamp(seconds: row.time).day
    if day == today { channelRows.append(row) }
    if day == today.adding(1) { channelRowsTomorrow.append(row) }
  }

  /// Makes room for a ledger row that will be entered later.
  mutating func nextLedgerID() -> Int {
    ledgerSerials.append(.none)
    return ledgerSerials.count - 1
  }

  mutating func enter(_ row: LedgerRow) {
    trail?.follow(row)
    let day = Timestamp(seconds: row.time).day
    precondition(day == today || day == today.adding(1), "a posting is of today or tomorrow")
    if day == today { ledgerRows.append(row) } else { ledgerRowsTomorrow.append(row) }
  }

  /// Enters a case: everything noted in it knows all its rows.
  mutating func beginCase() {
    trail = Trail()
    caseStart = findings.count
  }

  mutating func endCase() {
    if let trail { for place in findings[caseStart...].indices { findings[place].trail = trail } }
    trail = nil
  }

  mutating func note(_ finding: Finding) {
    findings.append(finding)
  }

  mutating func note(_ wait: Wait) {
    waits.append(wait)
  }

  mutating func reserve(channelRows rows: Int, ledgerRows credits: Int) {
    channelRows.reserveCapacity(rows)
    ledgerRows.reserveCapacity(credits)
    ledgerSerials.reserveCapacity(credits)
  }

  /// Sorts the day's rows by time and numbers the ledger's: afterwards the day can be written.
  ///
  /// - Parameter isLate: Whether a row reaches the ledger only at the end of the day.
  mutating func close(late isLate: ((LedgerRow) -> Bool)? = nil) {
    channelRows = inOrder(channelRows, time: \.time)
    ledgerRows = inOrder(ledgerRows, time: \.time)
    if let isLate {
      ledgerRows = ledgerRows.filter { !isLate($0) } + ledgerRows.filter(isLate)
    }
    for (place, row) in ledgerRows.enumerated() {
      ledgerSerials[row.id] = Serial(form: .ledger, day: today, number: UInt64(place) + 1)
    }
  }

  /// Opens the next day with the rows already known of it.
  mutating func turn() {
    today = today.adding(1)
    (channelRows, channelRowsTomorrow) = (channelRowsTomorrow, [])
    (ledgerRows, ledgerRowsTomorrow) = (ledgerRowsTomorrow, [])
  }

  /// By time, and rows of one second in the order they were entered.
  private func inOrder<Row>(_ rows: [Row], time: KeyPath<Row, Int64>) -> [Row] {
    let start = today.start.seconds
    var keys = rows.indices.map { UInt64(rows[$0][keyPath: time] - start) << 32 | UInt64($0) }
    keys.sort()
    return keys.map { rows[Int($0 & 0xFFFF_FFFF)] }
  }
}

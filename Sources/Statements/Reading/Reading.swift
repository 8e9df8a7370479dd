internal import Payments

/// One statement as read, before it is known beside which others it stands.
struct Reading: Sendable {
  var statement: Statement
  var table = EntryTable()
  /// What kind of book it is.
  var view = BookView.trade
  /// Whether it is an account's statement and bills tell everything it tells of payments and refunds.
  var isToldByBills = false
  /// Rejected rows without a usable key.
  var unkeyed = Tally()
  var rejections: [Rejection] = []
  /// The first of the rows that cannot be used, and how many they are.
  var unused: [UnusedRow] = []
  var unusedRows = 0
  /// Entries that stand for several payments and tell none: their reference, sum and line.
  var batches: [(serial: KeyHash, fen: Int64, line: UInt32)] = []
  /// Rows whose word for a channel is nobody's, the first of them, and the lines of all.
  var strange: [(row: UnusedRow, rejection: Rejection)] = []
  var strangeLines: Set<Int> = []
  /// Names of people in its columns of names, and how they are spelled.
  var names: [KeyHash] = []
  var namesEncoding = TextEncoding.utf8
  /// Reads its rows again when they must be quoted; nil for what has none.
  var rows: (any RowSource)?
  /// What its file was taken for.
  var recognition = Recognition()
  /// Place of its file among those given.
  var source = 0
  /// Whether it is another day's statement, here for context.
  var isContext = false
  /// The book of the configuration's entry that named its file; nil without a configuration.
  var entry: Book?
  /// Whether it is an answer that a day has no bill, which has neither rows nor a day of its own.
  var isZeroDay = false
  /// The day its file's name tells by the configured pattern.
  var namedDay: BusinessDay?
  /// How many files the configuration has a day for its merchant.
  var billsADay = 1
  /// Whether it is of somebody the school does not reconcile.
  var isStrangers = false
  /// Whose book it is; nil for lists.
  var book: Book?
  /// Which part of its file it is: a member of an archive, a statement of a message.
  var member = ""
  /// Where its file was found.
  let path: String
  /// Rows per business day.
  var days: [DayCount] = []
  /// Where the days of its source end.
  var cut = DayCut.midnight
  /// Whether the statement itself says which days it is for.
  var statesPeriod = false
  /// Whether it is another issue that waits for a person to say whether it counts.
  var isHeldForPerson = false
  /// Columns of order numbers or serials that the layout names and the header lacks.
  var missingKeys: [String] = []
  /// Text columns that may hold such, and accounts, which the layout names and the header lacks.
  var missingTexts: [String] = []
  /// Columns nobody knows, with some of their values, where a key column is missing.
  var strangeColumns: [(name: String, keys: Set<KeyHash>)] = []
  /// Which page of an answer it is.
  var page: Page?
  /// The running numbers of a ledger's rows with their lines, and how many rows tell none.
  var serials: [(number: Int64, line: Int)] = []
  var lostSerials = 0
  /// What a summary says of the detail statement beside it.
  var summary: SummaryFigures?
  /// Account balances before the first and after the last row, where the statement has them.
  var balances: (opening: Int64, closing: Int64)?

  /// At most this many rejected rows keep their text.
  static let keptRejections = 1_000

  /// Starts with what is known of a statement.
  init(statement: Statement, path: String) {
    self.statement = statement
    self.path = path
  }

  /// Starts with nothing known but what reports call the file.
  init(named name: String, path: String) {
    self.init(
      statement: Statement(file: name, sha256: "", format: "", side: .channel, channel: .unknown),
      path: path)
  }

  /// A file that is no statement, or none that can be read.
  init(refused name: String, path: String, _ kind: FaultKind, _ detail: Wording, line: Int? = nil) {
    self.init(named: name, path: path)
    statement.faults = [StatementFault(kind, line: line, detail: detail)]
  }

  /// A file that is no statement, or none that can be read.
  init(refused name: String, path: String, _ refusal: Refusal) {
    self.init(refused: name, path: path, refusal.fault, refusal.reason, line: refusal.line)
  }

  /// Reads a row again.
  func quote(_ entry: Entry) throws(StatementError) -> QuotedRow {
    try rows?.quote(
      RowPlace(
        offset: entry.offset, order: entry.order, serial: entry.serial, account: entry.account,
        student: entry.student, time: entry.time, others: entry.others.map(\.key)))
      ?? QuotedRow()
  }

  /// Adds a fault.
  mutating func fault(
    _ kind: FaultKind, line: Int? = nil, column: String? = nil, zh: String, en: String,
    holds: Bool = true, voidsCoverage: Bool = true
  ) {
    statement.faults.append(
      StatementFault(
        kind, line: line, column: column, detail: Wording(zh: zh, en: en), holds: holds,
        voidsCoverage: voidsCoverage))
  }
}

/// What a file was taken for, and why.
struct Recognition: Sendable {
  /// What its layout is called; nil where none fits.
  var title: Wording?
  /// Why its format was chosen.
  var reason = Wording(zh: "没有符合的格式定义", en: "no profile fits")
  /// How its text is spelled; nil where the form tells.
  var encoding: String?
  /// How the file is written (``FileForm``).
  var form: Wording?
  /// Whether a spreadsheet's letters name its columns.
  var hasLetters = false
  /// How many accounts its file tells of, each a statement by itself.
  var accounts = 1
  /// Header names and what each is read as; none for XML messages.
  var columns: [(header: String, role: String?)] = []

  /// Says of a file that it is several statements.
  static func wording(accounts: Int) -> Wording {
    Wording(
      zh: "文件含 \(accounts) 个账号或商户号的记录，读作 \(accounts) 份账单，每个账号一份。",
      en:
        "the file tells of \(accounts) accounts or merchants and was read as \(accounts) statements, one each."
    )
  }
}

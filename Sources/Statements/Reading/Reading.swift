internal import Payments

/// One statement as read, before it is known beside which others it stands.
struct Reading: Sendable {
  var statement: Statement
  var table = EntryTable()
  /// What kind of book it is.
  var view = Profile.View.trade
  /// Rejected rows without a usable key.
  var unkeyed = Tally()
  var rejections: [Rejection] = []
  /// How the file's columns are laid out; nil for XML.
  var layout: Layout?
  /// Reads the file's rows again when they must be quoted; nil for XML.
  var quoter: RowQuoter?
  /// Place of its file among those given.
  var source = 0
  /// Whether it is another day's statement, here for context.
  var isContext = false
  /// How its text is spelled, when that is not the layout's encoding.
  var encodingName: String?
  /// Why its format was chosen.
  var because = Wording(zh: "没有符合的格式定义", en: "no profile fits")
  /// Which part of its file it is: a member of an archive, a statement of a message.
  var member = ""
  /// Where rows are read from again.
  var file: StatementFile
  /// Rows per business day.
  var days: [RowHarvest.DayCount] = []
  /// Whether the statement itself says which days it is for.
  var statesPeriod = false
  /// Which page of an answer it is.
  var page: Page?
  /// What a summary says of the detail statement beside it.
  var summary: SummaryFigures?
  /// Account balances before the first and after the last row, where the statement has them.
  var balances: (opening: Int64, closing: Int64)?

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

  /// The days most rows fall on: the fullest day and its neighbours, leaving out strays such as a
  /// row posted seconds after midnight or dated in another century.
  mutating func inferPeriod() {
    guard !statesPeriod, let fullest = days.max(by: { ($0.rows, $1.day) < ($1.rows, $0.day) })
    else { return }
    let counts = Dictionary(days.map { ($0.day, $0.rows) }, uniquingKeysWith: +)
    func isDense(_ day: BusinessDay) -> Bool { (counts[day] ?? 0) * 50 >= fullest.rows }
    var (from, to) = (fullest.day, fullest.day)
    while isDense(from.adding(-1)), counts[from.adding(-1)] != nil { from = from.adding(-1) }
    while isDense(to.adding(1)), counts[to.adding(1)] != nil { to = to.adding(1) }
    statement.from = from
    statement.to = to
  }
}

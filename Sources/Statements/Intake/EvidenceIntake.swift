public import Columns
public import Payments

/// What is left of an intake once its rows are judged: enough to add them up and to quote them.
///
/// What rows are joined by is half of the memory; nobody can ask for it here.
public struct EvidenceIntake: Sendable {
  /// Every file given, and every statement that is missing.
  public let statements: [IntakeStatement]
  /// The rows of all accepted statements.
  public let entries: QuotableRows
  /// Rows that could not be read.
  public let rejections: [Rejection]
  /// First and last day the run is about.
  public let days: ClosedRange<BusinessDay>?
  private let coverage: Coverage
  private let keys: NightKeys?

  /// Keeps of an intake what is told of its rows; the rest is freed unless somebody else holds it.
  public init(_ intake: consuming Intake) {
    // A bank message's own order and people are found again by their fingerprints.
    let keepsKeys = intake.statements.contains { $0.quotesByKeys }
    entries = QuotableRows(intake.entries, keepsKeys: keepsKeys)
    (statements, rejections, days) = (intake.statements, intake.rejections, intake.days)
    (coverage, keys) = (intake.coverage, intake.keys)
  }

  /// Reads a row that is at `offset` of a statement, by its number, as text.
  public func evidence(
    at offset: UInt64, line: Int, of statement: Int
  ) throws(StatementError) -> RowEvidence {
    try statements.evidence(
      statement, RowPlace(offset: offset), kind: .excluded,
      line: line, keys)
  }

  /// The stretches each book covers and the rows of it that cannot be used.
  public var books: [BookCoverage] { coverage.books }

  /// Reads row `row` of ``entries`` again, as text.
  public func evidence(_ row: Int) throws(StatementError) -> RowEvidence {
    try statements.evidence(
      Int(entries.statement[row]), entries.place(row), kind: entries.kind[row],
      line: Int(entries.line[row]), keys)
  }
}

/// Judged rows as columns: what they are, how much, when, and where they lie.
public struct QuotableRows: Sendable {
  /// Index into the run's statements.
  public let statement: RunColumn<UInt16>
  /// What each row says happened.
  public let kind: Column<EntryKind>
  /// The channel of each row.
  public let channel: Column<Channel>
  /// Amounts in fen, never negative.
  public let fen: AmountColumn
  /// Seconds since 1970-01-01T00:00:00Z.
  public let time: Column<UInt32>
  /// Channel serials.
  public let serial: Column<KeyHash>
  /// What rows moved on accounts that money lies on.
  public let flow: Column<Flow>
  let line: RunColumn<UInt32>
  private let offset: OffsetColumn
  /// Order numbers and people, where rows are quoted by them.
  private let keys: Keys?

  private struct Keys {
    let order: Column<KeyHash>
    let account: Column<KeyHash>
    let student: Column<KeyHash>
  }

  /// Numbers without a label that are somebody's.
  private let others: NumberColumn

  fileprivate init(_ table: EntryTable, keepsKeys: Bool) {
    (statement, kind, channel) = (table.statement, table.kind, table.channel)
    (fen, time, serial, flow) = (table.fen, table.time, table.serial, table.flow)
    (line, offset) = (table.line, table.offset)
    keys =
      keepsKeys
      ? Keys(order: table.order, account: table.account, student: table.student) : nil
    others = table.others
  }

  /// Number of rows.
  public var count: Int { kind.count }

  /// Where a row lies.
  fileprivate func place(_ row: Int) -> RowPlace {
    RowPlace(
      offset: offset[row], order: keys?.order[row] ?? 0, serial: serial[row],
      account: keys?.account[row] ?? 0, student: keys?.student[row] ?? 0, time: Int64(time[row]),
      others: others.of(Int32(row)).map(\.key))
  }
}

internal import Payments
internal import Statements

/// Turns a judgement over rows into a report of text: reads the rows concerned again from their
/// files, adds up the buckets, and proves that no row was lost.
struct ReportAssembly {
  let intake: EvidenceIntake
  let judgement: Judgement
  let legs: SettledLegs
  /// Whether the report is about a row, when others were read for context; nil for all rows.
  var concerns: ((Int) -> Bool)?
  /// Where rows stand, for findings that are recorded; nil where nothing is.
  var places: RowPlaces?
  /// Where the days of books end that do not end at midnight.
  let cuts: [Book: DayCut]

  init(
    intake: EvidenceIntake, judgement: Judgement, legs: SettledLegs,
    concerns: ((Int) -> Bool)? = nil,
    places: RowPlaces? = nil
  ) {
    (self.intake, self.judgement, self.legs) = (intake, judgement, legs)
    (self.concerns, self.places) = (concerns, places)
    cuts = Dictionary(
      intake.books.filter { $0.cut != .midnight }.map { ($0.book, $0.cut) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Builds the report.
  ///
  /// - Throws: ``BrokenPromise`` when the buckets of a statement do not add up to what was read.
  func report() throws -> DayReport {
    var report = DayReport(days: intake.days, verdict: .balanced)
    report.statements = try statements()
    report.conservation = conservation(report.statements)
    report.sources = sources()
    report.anomalies = try anomalies()
    report.legs = legReports()
    report.accounts = accountReports()
    report.adjustments = adjustments()
    report.payouts = try payoutReports()
    report.fees = feeReports()
    report.pending = try pending()
    report.books = books()
    report.weakMatches = try weakMatches()
    report.excluded = excluded()
    report.rejections = intake.rejections
    report.verdict = verdict(report)
    return report
  }

  /// The result in one word.
  func verdict(_ report: DayReport) -> Verdict {
    lazy var covered = coveredDays
    let isIncomplete =
      ownStatements.isEmpty
      || intake.statements.contains { given in
        !given.isContext
          && given.statement.faults.contains { fault in
            switch fault.kind {
            case .statementDuplicate: false
            case .statementReissued:
              fault.holds && (given.isHeldForPerson || !covered.contains(BookDays(given)))
            default: true
            }
          }
      }
    if isIncomplete { return .incomplete }
    return report.hasOpenCases ? .unbalanced : .balanced
  }

  /// The statements the report is about.
  var ownStatements: [Statement] {
    intake.statements.filter { !$0.isContext }.map(\.statement)
  }

  /// The books and days for which a statement speaks, so that another may be left out.
  private var coveredDays: Set<BookDays> {
    Set(intake.statements.filter(\.statement.covers).map(BookDays.init))
  }
}

/// What a statement is of.
private struct BookDays: Hashable {
  let book: Book?
  let from: BusinessDay?
  let to: BusinessDay?

  init(_ given: IntakeStatement) {
    book = given.book
    (from, to) = (given.statement.from, given.statement.to)
  }
}

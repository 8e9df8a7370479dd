internal import Columns
public import Payments

/// All statements of a run, read, checked and put beside each other.
///
/// Statements are in canonical order (side, channel, period, name), whatever order they were given
/// in; rows of held statements are not among the entries.
public struct Intake: Sendable {
  /// Every file given, and every statement that is missing; entries name them by their place here.
  public internal(set) var statements: [IntakeStatement] = []
  /// The rows of all accepted statements.
  public private(set) var entries = EntryTable()
  /// Their orders and serials.
  private(set) var keys: NightKeys?
  /// Rows that could not be read.
  public private(set) var rejections: [Rejection] = []
  /// First and last day the run is about.
  public private(set) var days: ClosedRange<BusinessDay>?
  /// Books that lack statements, or have held ones only, and the stretches they lack.
  var unanswered: [Book: [TimeSpan]] = [:]
  /// Retired books and the days on which they have nothing to tell.
  var retirements: [(book: ExpectedBook, days: ClosedRange<BusinessDay>)] = []
  /// Whether every list that is expected is there.
  let hasLists: Bool
  /// Files, by SHA-256, that a person took for whole, and the days.
  private let accepted: [String: Set<BusinessDay>]
  /// Books that have no rows on a day, because a person said so and no statement says otherwise.
  public private(set) var emptyDays: [(book: Book, day: BusinessDay)] = []
  /// Where the days of each channel end, as far as its statements and the configuration tell; asked of
  /// ``emptyDays`` only.
  let cuts: [Channel: DayCut]

  /// Statements of a run: rows name theirs by a number of sixteen bits.
  static let mostStatements = Int(UInt16.max)

  /// Refuses more statements than a run can number.
  static func check(statements count: Int) throws(StatementError) {
    guard count > mostStatements else { return }
    throw .tooManyStatements(count, most: mostStatements)
  }

  /// Puts readings beside each other.
  init(_ given: consuming [Reading], options: Options) {
    var readings = given
    (hasLists, accepted) = (options.hasLists, options.accepted)
    Intake.holdReissues(&readings, options.heldFiles)
    Intake.markRepeatedFiles(&readings)
    Intake.checkPages(&readings)
    Intake.verifyBySummaries(&readings)
    Intake.markReissues(&readings, options.accepted)
    Intake.takeEntries(&readings, options.reconciled)
    Intake.nameBanks(&readings)
    Intake.holdRenamedKeys(&readings)
    Intake.moveDays(&readings, options.cutoffs)
    readings.sort(by: Intake.canonical)
    Intake.settleChannels(&readings)
    Intake.excludeUnreconciled(&readings, options.reconciled)
    Intake.excludeSecondViews(&readings)
    Intake.checkMerchants(&readings, options.merchants)
    Intake.leaveOpen(strangersOf: &readings)
    Intake.assignBooks(&readings, options)
    Intake.placeZeroDays(&readings, options)
    days = Intake.settleDays(&readings, options.days)
    Intake.holdTornBooks(&readings)
    Intake.checkBalancesAcrossDays(&readings)
    cuts = options.emptyDays.isEmpty ? [:] : Intake.cuts(readings, options)
    Intake.findSerialGaps(&readings)
    assemble(&readings)
    emptyDays = options.emptyDays.filter { empty in
      let span = cut(of: empty.book).span(first: empty.day, last: empty.day)
      return !statements.contains { $0.speaks(of: empty.book, in: span) }
    }
    noteMissing(options)
  }

  private static func canonical(_ left: Reading, _ right: Reading) -> Bool {
    let (a, b) = (left.statement, right.statement)
    if a.side != b.side { return a.side < b.side }
    if a.channel != b.channel { return a.channel < b.channel }
    if a.from != b.from { return (a.from?.number ?? .max) < (b.from?.number ?? .max) }
    return (a.file, a.sha256, left.member) < (b.file, b.sha256, right.member)
  }

  /// Moves the rows of all accepted readings into one table.
  private mutating func assemble(_ readings: inout [Reading]) {
    var tables: [EntryTable] = []
    var numbers: [UInt16] = []
    var rejectedBy: [Int] = []
    precondition(readings.count <= Self.mostStatements, "ReadFiles lets no more through")
    for index in readings.indices {
      statements.append(IntakeStatement(readings[index]))
      if !readings[index].isContext {
        rejections.append(contentsOf: readings[index].rejections)
        rejectedBy += repeatElement(index, count: readings[index].rejections.count)
      }
      if !readings[index].statement.isHeld {
        tables.append(readings[index].table)
        numbers.append(UInt16(index))
      }
      readings[index].table = EntryTable()
    }
    for index in tables.indices { tables[index].number(numbers[index]) }
    entries = EntryTable.joined(consume tables)
    let keys = NightKeys(entries)
    self.keys = keys
    mask(rejectedBy, keys)
    rejections.sort { ($0.file, $0.line) < ($1.file, $1.line) }
  }

  /// Hides whom the reasons, faults and notes of statements name: all words about them leave here.
  ///
  /// - Parameter rejectedBy: the statement of each of ``rejections``.
  private mutating func mask(_ rejectedBy: [Int], _ keys: NightKeys) {
    let scans = statements.map { $0.people(keys) }
    var names = [Set<String>](repeating: [], count: statements.count)
    for (place, statement) in rejectedBy.enumerated() {
      names[statement].formUnion(rejections[place].names)
      rejections[place].mask(scans[statement])
    }
    for index in statements.indices { statements[index].mask(scans[index], names[index].sorted()) }
  }

  /// What each statement claims and proves, for asking the other book about it.
  public var edges: [StatementEdges] {
    statements.map { statement in
      guard let book = statement.book, !book.content.isDisjoint(with: .both),
        !statement.statement.isHeld
      else { return StatementEdges(span: nil) }
      let days = accepted[statement.statement.sha256] ?? []
      let isAccepted = days.contains(where: statement.statement.touches)
      return StatementEdges(
        span: statement.covered, provesStart: statement.statement.provesStart || isAccepted,
        provesEnd: statement.statement.provesEnd || isAccepted)
    }
  }

  /// SHA-256 of every file, those read for context too, and the days it tells of.
  public var files: [String: Set<BusinessDay>] {
    statements.reduce(into: [:]) { files, given in
      let statement = given.statement
      guard let from = statement.from, let to = statement.to, from <= to else { return }
      files[statement.sha256, default: []].formUnion(
        (from.number...to.number).map(BusinessDay.init(number:)))
    }
  }

  /// Forgets the numbers without a label that turned out to be nobody's: rows are told by the others.
  public mutating func keep(knownNumbers: NumberColumn) { entries.others = knownNumbers }

  /// Reads row `row` of ``entries`` again, as text.
  public func evidence(_ row: Int) throws(StatementError) -> RowEvidence {
    try statements.evidence(
      Int(entries.statement[row]),
      RowPlace(
        offset: entries.offset[row], order: entries.order[row], serial: entries.serial[row],
        account: entries.account[row], student: entries.student[row],
        time: Int64(entries.time[row]),
        others: entries.others.of(Int32(row)).map(\.key)),
      kind: entries.kind[row], line: Int(entries.line[row]), keys)
  }
}

internal import Columns
public import Payments

/// All statements of a run, read, checked and put beside each other.
///
/// Statements are in canonical order (side, channel, period, name), whatever order they were given
/// in; rows of held statements are not among the entries.
public struct Intake: Sendable {
  /// Every file given, and every statement that is missing; entries name them by their place here.
  public private(set) var statements: [IntakeStatement] = []
  /// The rows of all accepted statements.
  public private(set) var entries = EntryTable()
  /// Rows that could not be read.
  public private(set) var rejections: [Rejection] = []
  /// First and last day the run is about.
  public private(set) var days: ClosedRange<BusinessDay>?

  /// Puts readings beside each other.
  init(_ given: consuming [Reading], options: Options) {
    var readings = given
    Intake.holdReissues(&readings, options.heldFiles)
    Intake.markRepeatedFiles(&readings)
    Intake.checkPages(&readings)
    Intake.verifyBySummaries(&readings)
    Intake.markReissues(&readings)
    Intake.nameBanks(&readings)
    Intake.holdRenamedKeys(&readings)
    readings.sort(by: Intake.canonical)
    Intake.excludeUnreconciled(&readings, options.reconciled)
    Intake.excludeSecondViews(&readings)
    Intake.checkMerchants(&readings, options.merchants)
    days = Intake.settleDays(&readings, options.days)
    Intake.checkBalancesAcrossDays(&readings)
    assemble(&readings)
    noteMissing(expected: options.expected)
  }

  private static func canonical(_ left: Reading, _ right: Reading) -> Bool {
    let (a, b) = (left.statement, right.statement)
    if a.side != b.side { return a.side < b.side }
    if a.channel != b.channel { return a.channel < b.channel }
    if a.from != b.from { return (a.from?.number ?? .max) < (b.from?.number ?? .max) }
    return (a.file, a.sha256) < (b.file, b.sha256)
  }

  /// Moves the rows of all accepted readings into one table.
  private mutating func assemble(_ readings: inout [Reading]) {
    var tables: [EntryTable] = []
    var numbers: [UInt16] = []
    for index in readings.indices {
      statements.append(IntakeStatement(readings[index]))
      if !readings[index].isContext { rejections.append(contentsOf: readings[index].rejections) }
      if !readings[index].statement.isHeld {
        tables.append(readings[index].table)
        numbers.append(UInt16(clamping: index))
      }
      readings[index].table = EntryTable()
    }
    for index in tables.indices { tables[index].number(numbers[index]) }
    entries = EntryTable.joined(consume tables)
    rejections.sort { ($0.file, $0.line) < ($1.file, $1.line) }
  }

  /// Sources the ledger names, or the configuration expects, that no statement speaks for.
  private mutating func noteMissing(expected: Set<Channel>) {
    guard let days else { return }
    var expected = expected
    var named = [Bool](repeating: false, count: 256)
    for row in 0..<entries.count where entries.kind[row].isCredit {
      named[Int(entries.channel[row].number)] = true
    }
    expected.formUnion(Channel.all.filter { $0 != .unknown && named[Int($0.number)] })
    for channel in expected.sorted() {
      let mine = statements.map(\.statement).filter {
        $0.side == .channel && $0.channel.fits(channel) && !$0.isPartial
      }
      for day in Intake.uncovered(days, by: mine) {
        statements.append(IntakeStatement(missing: .channel, channel, day))
      }
    }
    let ledgers = statements.map(\.statement).filter { $0.side == .ledger && !$0.isPartial }
    for day in Intake.uncovered(days, by: ledgers) {
      statements.append(IntakeStatement(missing: .ledger, .unknown, day))
    }
  }

  /// Which stretches of time have an accepted statement.
  public var coverage: Coverage {
    var ledger: [TimeSpan] = []
    var channels: [Channel: [TimeSpan]] = [:]
    for statement in statements.map(\.statement) where statement.covers {
      guard let from = statement.from, let to = statement.to else { continue }
      let span = statement.period ?? TimeSpan(first: from, last: to)
      if statement.side == .ledger {
        ledger.append(span)
      } else {
        channels[statement.channel, default: []].append(span)
      }
    }
    return Coverage(ledger: ledger, channels: channels)
  }

  /// Reads row `row` of ``entries`` again, as text.
  public func evidence(_ row: Int) throws(StatementError) -> RowEvidence {
    try statements.evidence(
      Int(entries.statement[row]),
      RowPlace(
        offset: entries.offset[row], order: entries.order[row], serial: entries.serial[row],
        account: entries.account[row]),
      kind: entries.kind[row], line: Int(entries.line[row]))
  }
}

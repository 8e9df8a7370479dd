internal import Columns
public import Payments

/// All statements of a run, read, checked and put beside each other.
///
/// Statements are in canonical order (side, channel, period, name), whatever order they were given
/// in; rows of held statements are not among the entries.
public struct Intake: Sendable {
  /// Every file given, and every statement that is missing.
  public private(set) var statements: [Statement] = []
  /// The rows of all accepted statements.
  public private(set) var entries = EntryTable()
  /// Per statement: rows that no entry stands for, because they were rejected or the statement is
  /// held.
  public private(set) var rejected: [Tally] = []
  /// Per statement: rows left out as a whole because the same file was given twice.
  public private(set) var repeated: [Tally] = []
  /// Per statement: whether it is another day's, here for context.
  public private(set) var isContext: [Bool] = []
  /// Per statement: which part of its file it is, for files that hold several.
  public private(set) var members: [String] = []
  /// Rows that could not be read.
  public private(set) var rejections: [Rejection] = []
  /// First and last day the run is about.
  public private(set) var days: ClosedRange<BusinessDay>?
  private var readings: [Reading] = []
  var givenReadings: [Reading] { readings }

  /// How a run's statements are read.
  public struct Options: Sendable {
    /// How many stretches of a file are read at once.
    public var threads = 2
    /// The days the run is about; nil to learn them from the files.
    public var days: ClosedRange<BusinessDay>?
    /// Sources whose absence is a fault, besides those the ledger's rows name.
    public var expected: Set<Channel> = []
    /// Channels that are not reconciled: ledger rows that name them are excluded. Nil for none.
    public var reconciled: Set<Channel>?
    /// The merchant or account numbers each channel's statements must carry; empty: any.
    public var merchants: [Channel: [String]] = [:]
    /// Whose rows are ours in a service provider's statements; a channel without any: all rows.
    public var subMerchants: [Channel: [String]] = [:]
    /// Folder of the school's own layouts; they go before the built-in ones.
    public var profileFolder: String?
    /// A layout file that alone is tried, for seeing what it would read.
    public var onlyProfile: String?
    /// Files, by SHA-256, that are held because they replace another issue and a person must look first.
    public var heldFiles: Set<String> = []
    /// Called with bytes done and bytes in all, from any thread.
    public var progress: (@Sendable (Int, Int) -> Void)?

    /// Creates the defaults.
    public init() {}
  }

  /// Reads the files at `paths`.
  ///
  /// - Throws: ``StatementError`` when a file cannot be read at all; what is wrong inside a file is
  ///   a fault of its statement.
  public init(paths: [String], options: Options) async throws(StatementError) {
    try await self.init(sources: paths.map { Source(path: $0) }, options: options)
  }

  /// Reads the files of a run together with those of other days that give it context.
  ///
  /// - Throws: ``StatementError`` when a file cannot be read at all.
  public init(sources: [Source], options: Options) async throws(StatementError) {
    self.init(try await ReadFiles(sources, options: options), options: options)
  }

  /// Puts files that were read beside each other.
  public init(_ files: consuming ReadFiles, options: Options) {
    self.init(files.takeReadings(), options: options)
  }

  /// Puts readings beside each other.
  init(_ given: consuming [Reading], options: Options) {
    var readings = given
    Intake.holdReissues(&readings, options.heldFiles)
    Intake.markRepeatedFiles(&readings)
    Intake.checkPages(&readings)
    Intake.verifyBySummaries(&readings)
    Intake.markReissues(&readings)
    Intake.nameBanks(&readings)
    readings.sort(by: Intake.canonical)
    self.readings = consume readings
    excludeUnreconciled(options.reconciled)
    excludeSecondViews()
    checkMerchants(options.merchants)
    settleDays(options)
    checkBalancesAcrossDays()
    assemble()
    noteMissing(options)
  }

  // MARK: - Statements beside each other

  private static func canonical(_ left: Reading, _ right: Reading) -> Bool {
    let (a, b) = (left.statement, right.statement)
    if a.side != b.side { return a.side < b.side }
    if a.channel != b.channel { return a.channel < b.channel }
    if a.from != b.from { return (a.from?.number ?? .max) < (b.from?.number ?? .max) }
    return (a.file, a.sha256) < (b.file, b.sha256)
  }

  /// The same bytes twice: the first by name counts.
  private static func markRepeatedFiles(_ readings: inout [Reading]) {
    // What was used on another day stays used.
    readings.sort {
      ($0.isContext ? 0 : 1, $0.statement.file, $0.file.path)
        < ($1.isContext ? 0 : 1, $1.statement.file, $1.file.path)
    }
    var seen: [String: String] = [:]
    for index in readings.indices {
      let key = readings[index].statement.sha256 + "#" + readings[index].member
      if let first = seen[key] {
        readings[index].fault(
          .statementDuplicate,
          zh: "与 \(first) 内容完全相同，只采用一份。",
          en: "the same bytes as \(first); one of them is used.")
      } else {
        seen[key] = readings[index].statement.file
      }
    }
  }

  /// A bank statement that does not name its bank takes the one bank name the ledger uses and no
  /// other statement speaks for.
  private static func nameBanks(_ readings: inout [Reading]) {
    let nameless = readings.indices.filter { readings[$0].statement.channel == .bank }
    guard !nameless.isEmpty else { return }
    var wanted = Set<Channel>()
    for reading in readings where reading.statement.side == .ledger {
      wanted.formUnion(reading.table.channel.filter { $0.isBank && $0 != .bank })
    }
    wanted.subtract(readings.map(\.statement.channel))
    guard wanted.count == 1, let bank = wanted.first else { return }
    for index in nameless {
      readings[index].statement.channel = bank
      for row in readings[index].table.channel.indices { readings[index].table.channel[row] = bank }
    }
  }

  private mutating func excludeUnreconciled(_ reconciled: Set<Channel>?) {
    guard let reconciled else { return }
    for index in readings.indices where readings[index].statement.side == .ledger {
      for row in readings[index].table.kind.indices {
        let channel = readings[index].table.channel[row]
        let kind = readings[index].table.kind[row]
        guard channel != .unknown, kind != .excluded, kind != .held,
          !reconciled.contains(where: { $0.fits(channel) })
        else { continue }
        readings[index].table.kind[row] = .excluded
        readings[index].table.rule[row] = .unreconciledChannel
      }
    }
  }

  /// An account statement tells the events of a trade statement again, with fees and withdrawals:
  /// where both speak for a channel's day, the trade statement does.
  private mutating func excludeSecondViews() {
    let accounts = readings.indices.filter { readings[$0].view == .account }
    for index in accounts where !readings[index].statement.isHeld {
      let trades = readings.filter { other in
        other.view == .trade && other.statement.side == .channel && other.statement.covers
          && other.statement.channel == readings[index].statement.channel
      }.compactMap { other in
        other.statement.from.flatMap { from in
          other.statement.to.map { TimeSpan(first: from, last: max(from, $0)) }
        }
      }
      for row in readings[index].table.kind.indices {
        let time = Int64(readings[index].table.time[row])
        let isTold = trades.contains { $0.start.seconds <= time && time < $0.end.seconds }
        guard isTold, readings[index].table.kind[row] != .excluded else { continue }
        readings[index].table.kind[row] = .excluded
        readings[index].table.rule[row] = .secondView
      }
    }
    for index in readings.indices {
      switch readings[index].view {
      case .personal:
        readings[index].statement.isPartial = true
        for row in readings[index].table.kind.indices
        where readings[index].table.kind[row] != .excluded {
          readings[index].table.kind[row] = .excluded
          readings[index].table.rule[row] = .personalBill
        }
      case .accounts, .replacements: readings[index].statement.isPartial = true
      case .trade, .account, .summary: break
      }
    }
  }

  private mutating func checkMerchants(_ merchants: [Channel: [String]]) {
    for index in readings.indices {
      let statement = readings[index].statement
      guard let expected = merchants[statement.channel], !expected.isEmpty,
        let found = statement.merchant, !expected.contains(found)
      else { continue }
      readings[index].fault(
        .wrongAccountStatement,
        zh: "商户号或账号为 \(found)，配置中为 \(expected.joined(separator: "、"))。请确认是否导错账户。",
        en: "merchant or account \(found); the configuration expects "
          + "\(expected.joined(separator: ", ")).")
    }
  }

  // MARK: - Days

  /// Learns which days the run is about and gives statements without rows theirs.
  private mutating func settleDays(_ options: Options) {
    let usable = readings.filter {
      !$0.statement.isHeld && !$0.statement.isPartial && !$0.isContext && $0.statement.from != nil
    }
    let ledgers = usable.filter { $0.statement.side == .ledger }
    let base = ledgers.isEmpty ? usable : ledgers
    let from = options.days?.lowerBound ?? base.compactMap(\.statement.from).min()
    let to = options.days?.upperBound ?? base.compactMap(\.statement.to).max()
    guard var from, var to, from <= to else { return }
    if options.days == nil { (from, to) = Intake.widened(from...to, by: usable) }
    days = from...to
    for index in readings.indices
    where !readings[index].statement.isHeld && !readings[index].statement.isPartial
      && !readings[index].isContext
    {
      guard let first = readings[index].statement.from, let last = readings[index].statement.to
      else {
        readings[index].statement.from = from
        readings[index].statement.to = to
        continue
      }
      if last < from || first > to {
        readings[index].fault(
          .wrongDay,
          zh: "本次对账日为 \(Intake.span(from, to))，文件却是 \(Intake.span(first, last)) 的。请导出正确账期。",
          en: "the run is about \(Intake.span(from, to)), the file about "
            + "\(Intake.span(first, last)). Export the right day.")
      }
    }
  }

  private static func span(_ from: BusinessDay, _ to: BusinessDay) -> String {
    from == to ? "\(from)" : "\(from)—\(to)"
  }

  /// The opening balance of a day is the closing balance of the day before.
  private mutating func checkBalancesAcrossDays() {
    for index in readings.indices {
      let mine = readings[index].statement
      guard let balances = readings[index].balances, let from = mine.from else { continue }
      let before = readings.first { other in
        other.statement.side == mine.side && other.statement.channel == mine.channel
          && other.statement.merchant == mine.merchant && other.statement.to == from.adding(-1)
          && other.balances != nil
      }
      guard let before, let closing = before.balances?.closing, closing != balances.opening else {
        continue
      }
      readings[index].fault(
        .openingBalanceMismatch,
        zh: "期初余额 \(Money.yuan(Int128(balances.opening))) 不等于 \(before.statement.file) 的期末余额 "
          + "\(Money.yuan(Int128(closing)))，两日之间可能缺少记录。",
        en:
          "opens with \(Money.yuan(Int128(balances.opening))) but \(before.statement.file) closed "
          + "with \(Money.yuan(Int128(closing))): rows between the two are missing.")
    }
  }

  // MARK: - Entries

  private mutating func assemble() {
    var tables: [EntryTable] = []
    var numbers: [UInt16] = []
    for index in readings.indices {
      let reading = readings[index]
      statements.append(reading.statement)
      isContext.append(reading.isContext)
      members.append(reading.member)
      if !reading.isContext { rejections.append(contentsOf: reading.rejections) }
      let isRepeated = reading.statement.faults.contains {
        $0.holds && ($0.kind == .statementDuplicate || $0.kind == .statementReissued)
      }
      if reading.statement.isHeld {
        repeated.append(isRepeated ? reading.statement.read : Tally())
        rejected.append(isRepeated ? Tally() : reading.statement.read)
        statements[index].accepted = 0
      } else {
        repeated.append(Tally())
        rejected.append(reading.unkeyed)
        tables.append(reading.table)
        numbers.append(UInt16(clamping: index))
      }
      readings[index].table = EntryTable()
    }
    for index in tables.indices { tables[index].number(numbers[index]) }
    entries = EntryTable.joined(consume tables)
    rejections.sort { ($0.file, $0.line) < ($1.file, $1.line) }
  }

  /// Sources the ledger names, or the configuration expects, that no statement speaks for.
  private mutating func noteMissing(_ options: Options) {
    guard let days else { return }
    var expected = options.expected
    var named = [Bool](repeating: false, count: 256)
    for row in 0..<entries.count where entries.kind[row].isCredit {
      named[Int(entries.channel[row].rawValue)] = true
    }
    expected.formUnion(Channel.allCases.filter { $0 != .unknown && named[Int($0.rawValue)] })
    for channel in expected.sorted() {
      let mine = statements.filter {
        $0.side == .channel && $0.channel.fits(channel) && !$0.isPartial
      }
      for day in Intake.uncovered(days, by: mine) {
        statements.append(Intake.missing(.channel, channel, day))
      }
    }
    let ledgers = statements.filter { $0.side == .ledger && !$0.isPartial }
    for day in Intake.uncovered(days, by: ledgers) {
      statements.append(Intake.missing(.ledger, .unknown, day))
    }
    let added = statements.count - readings.count
    isContext.append(contentsOf: repeatElement(false, count: added))
    members.append(contentsOf: repeatElement("", count: added))
    rejected.append(contentsOf: repeatElement(Tally(), count: added))
    repeated.append(contentsOf: repeatElement(Tally(), count: added))
  }

  private static func missing(_ side: Side, _ channel: Channel, _ day: BusinessDay) -> Statement {
    var statement = Statement(file: "", sha256: "", format: "", side: side, channel: channel)
    statement.from = day
    statement.to = day
    statement.faults = [
      StatementFault(
        .statementMissing,
        detail: Wording(
          zh: "\(day) 的对账文件缺失，对方账目无法核对，暂不判定。请补齐后重跑。",
          en: "no statement for \(day): the other side cannot be judged. Supply it and run again."))
    ]
    return statement
  }

  /// Which stretches of time have an accepted statement.
  public var coverage: Coverage {
    var ledger: [TimeSpan] = []
    var channels: [Channel: [TimeSpan]] = [:]
    for statement in statements where statement.covers {
      guard let from = statement.from, let to = statement.to else { continue }
      let span = TimeSpan(first: from, last: to)
      if statement.side == .ledger {
        ledger.append(span)
      } else {
        channels[statement.channel, default: []].append(span)
      }
    }
    return Coverage(ledger: ledger, channels: channels)
  }

  // MARK: - Evidence

  /// Lets go of what rows are joined by, once they are judged: what ``evidence(_:)`` and sums need stays.
  public mutating func forgetKeys() {
    // A bank message's own order and account are found again by their fingerprints.
    let quotesXML = readings.contains { $0.quoter == nil && $0.statement.accepted > 0 }
    entries.forgetKeys(butOrdersAndAccounts: quotesXML)
  }

  /// Reads row `row` of ``entries`` again, as text.
  public func evidence(_ row: Int) throws(StatementError) -> RowEvidence {
    let number = Int(entries.statement[row])
    let quoted =
      if let quoter = readings[number].quoter {
        try quoter.quote(entries.offset[row], of: readings[number].file)
      } else {
        try readings[number].quoteXML(
          Entry(
            kind: entries.kind[row], fen: 0, time: 0, order: entries.order[row],
            serial: entries.serial[row], account: entries.account[row],
            offset: entries.offset[row]))
      }
    return RowEvidence(
      line: EvidenceLine(
        side: statements[number].side, file: statements[number].file,
        line: Int(entries.line[row]), text: quoted.text, personal: quoted.personal),
      order: quoted.order, serial: quoted.serial, ledgerSerial: quoted.own,
      refundSerial: entries.kind[row] == .refund ? quoted.refundSerial : nil,
      account: quoted.account)
  }
}

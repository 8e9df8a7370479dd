public import Payments

/// One statement of a run, beside the others.
public struct IntakeStatement: Sendable {
  /// What it is, and what is wrong with it.
  public private(set) var statement: Statement
  /// Whose book it is; nil for lists and for what is missing.
  public let book: Book?
  /// The book of which it is missing.
  public let missingBook: Book?
  /// The stretch that is missing of it.
  let missingStretch: TimeSpan?
  /// The configuration's entry that named its file, where it is a list.
  let listEntry: Book?
  /// Where the days of its source end.
  let cut: DayCut
  /// The stretch it covers, after doubts; nil for none.
  public private(set) var covered: TimeSpan?
  /// What it claims and does not cover, after doubts: nobody else of its book covers that either.
  private(set) var lost: [TimeSpan] = []
  /// Which part of its file it is, for files that hold several.
  public let member: String
  /// Whether it waits for a person to say whether it counts.
  public let isHeldForPerson: Bool
  /// Whether it is another day's, here for context.
  public let isContext: Bool
  /// Whether it is of an account that money lies on, and no bill.
  public let isOfAccount: Bool
  /// Whether it is of somebody the school does not reconcile.
  let isStrangers: Bool
  /// Rows that no entry stands for, because they were rejected or the statement is held.
  public let rejected: Tally
  /// Rows left out as a whole because the same file was given twice.
  public let repeated: Tally
  /// What its file was taken for; nil when the statement is missing.
  let recognition: Recognition?
  /// Names in its columns of names.
  private let names: FileNames?
  /// Reads its rows again.
  fileprivate let rows: (any RowSource)?

  /// A statement that was given.
  init(_ reading: Reading) {
    var statement = reading.statement
    statement.balances = reading.balances.map {
      StatementBalances(opening: $0.opening, closing: $0.closing)
    }
    if statement.isHeld {
      let isRepeated = statement.isRepeated
      repeated = isRepeated ? statement.read : Tally()
      rejected = isRepeated ? Tally() : statement.read
      statement.accepted = 0
    } else {
      repeated = Tally()
      rejected = reading.unkeyed
    }
    self.statement = statement
    book = reading.book
    (missingBook, missingStretch) = (nil, nil)
    listEntry = statement.isPartial ? reading.entry : nil
    covered = statement.covers ? statement.claim : nil
    cut = reading.cut
    member = reading.member
    (isContext, isHeldForPerson) = (reading.isContext, reading.isHeldForPerson)
    (isStrangers, isOfAccount) = (reading.isStrangers, reading.view == .account)
    recognition = reading.recognition
    rows = reading.rows
    names = FileNames(reading.names, reading.namesEncoding)
  }

  /// A statement that nobody gave.
  ///
  /// - Parameters:
  ///   - stretch: the part of the day that is missing; nil for all of it.
  ///   - credits: how many credits name its channel although it is retired.
  init(
    missing expected: ExpectedBook, _ day: BusinessDay, _ stretch: TimeSpan?, credits: Int? = nil
  ) {
    let book = expected.book
    var statement = Statement(
      file: "", sha256: "", format: "", side: book.side, channel: book.channel)
    statement.from = day
    statement.to = day
    statement.merchant = book.owner.isEmpty || book.side == .ledger ? nil : book.owner
    statement.content = book.content
    let retired = IntakeStatement.named(expected, day, credits)
    statement.faults = [retired ?? IntakeStatement.missing(expected, day, stretch)]
    self.statement = statement
    (self.book, missingBook, listEntry, covered) = (nil, book, nil, nil)
    missingStretch = stretch ?? TimeSpan(first: day, last: day)
    (member, isContext, isHeldForPerson, rejected, repeated) = ("", false, false, Tally(), Tally())
    (recognition, rows, cut, names) = (nil, nil, .midnight, nil)
    (isStrangers, isOfAccount) = (false, !book.content.isDisjoint(with: .accounts))
  }

  /// A statement that came and cannot be read.
  init(unreadable file: Intake.UnreadableFile, of expected: ExpectedBook, _ day: BusinessDay) {
    self.init(missing: expected, day, nil)
    statement.file = file.name
    statement.faults = [
      StatementFault(
        .statementMissing,
        detail: Wording(
          zh: "文件已到，但无法读取（\(file.problem)）：等同缺失，对方账目暂不判定。请检查权限或重新下载后重跑。",
          en:
            "it has come and cannot be read (\(file.problem)): as good as missing, the other side "
            + "cannot be judged. Check its permissions or fetch it again, then run again."))
    ]
  }

  private static func missing(
    _ expected: ExpectedBook, _ day: BusinessDay, _ stretch: TimeSpan?
  ) -> StatementFault {
    let book = expected.book
    let hours = stretch.map { " " + $0.hours(of: day) } ?? ""
    let (zhWhat, enWhat) = what(book)
    let names = expected.lookedFor
    return StatementFault(
      .statementMissing,
      detail: Wording(
        zh: "\(day)\(hours) 的对账文件\(zhWhat)缺失，对方账目无法核对，暂不判定。请补齐后重跑。"
          + (names.isEmpty ? "" : "查找的文件：\(names.joined(separator: "、"))。"),
        en: "no statement\(enWhat) for \(day)\(hours): the other side cannot be judged. Supply it "
          + "and run again."
          + (names.isEmpty ? "" : " Looked for \(names.joined(separator: ", "))."))
    )
  }

  /// What is said of a retired channel that credits name; nil of any other.
  private static func named(
    _ expected: ExpectedBook, _ day: BusinessDay, _ credits: Int?
  ) -> StatementFault? {
    guard let credits, let retired = expected.retired else { return nil }
    let name = expected.book.channel.name
    return StatementFault(
      .statementMissing,
      detail: Wording(
        zh: "配置写明 \(name) 自 \(retired) 起停用（retired），\(day) 的台账却有 \(credits) 笔入账记名该渠道，"
          + "没有对账单可核对，暂不判定。若仍在使用，请改配置并补齐对账单；若渠道记错，请在一卡通系统更正。",
        en: "\(name) is retired since \(retired) in the configuration, yet \(credits) credits of "
          + "\(day) name it, with no statement to judge them by. If it is still in use, correct the "
          + "configuration and supply its statement; if they name the wrong channel, have the card "
          + "system correct them."))
  }

  /// Which book of its channel or of the ledger is meant, where that needs saying.
  private static func what(_ book: Book) -> (zh: String, en: String) {
    var (zh, en): ([String], [String]) = ([], [])
    if !book.owner.isEmpty {
      let isLedger = book.side == .ledger
      zh.append((isLedger ? "台账分册 " : "商户号或账号 ") + book.owner)
      en.append((isLedger ? "part " : "merchant or account ") + book.owner)
    }
    switch book.content {
    case .refunds:
      zh.append("退款账单")
      en.append("its refunds")
    case .payments:
      zh.append("付款账单")
      en.append("its payments")
    case .funds:
      zh.append("资金账单")
      en.append("its fund bill")
    case .operation:
      zh.append("运营账户资金账单")
      en.append("the fund bill of its operation account")
    case .fees:
      zh.append("手续费账户资金账单")
      en.append("the fund bill of its fee account")
    default: break
    }
    guard !zh.isEmpty else { return ("", "") }
    return (
      "（\(zh.joined(separator: "，"))）", " of \(en.joined(separator: ", "))"
    )
  }

  /// Notes that the other book says it ended, or began, elsewhere.
  mutating func note(_ doubt: Doubt) {
    let before = covered
    covered = covered.flatMap { doubt.covered(of: $0) }
    lost += [before].compactMap(\.self).without([covered].compactMap(\.self))
    statement.faults.append(
      StatementFault(
        doubt.kind, detail: statement.wording(of: doubt), holds: false, voidsCoverage: false))
  }

  /// Notes what is worth knowing about it.
  mutating func note(_ note: StatementNote) { statement.notes.append(note) }

  /// Whether its rows are quoted by the fingerprints of their keys.
  var quotesByKeys: Bool { rows?.needsKeys == true && statement.accepted > 0 }
}

extension IntakeStatement {
  /// Finds who is named in texts of its rows.
  func people(_ keys: NightKeys?) -> PersonalScan {
    let names = names
    return PersonalScan(
      day: statement.to ?? statement.from, isKey: { keys?.hold($0) ?? false },
      isName: { names?.holds($0) ?? false })
  }

  /// Hides whom its faults and notes name.
  ///
  /// - Parameters:
  ///   - scan: its own.
  ///   - rows: the names of its rows that were refused, which faults quote.
  mutating func mask(_ scan: PersonalScan, _ rows: [String]) {
    let known = PersonalScan.Known(names: rows)
    for index in statement.faults.indices {
      statement.faults[index].detail = scan.masked(statement.faults[index].detail, known)
      statement.faults[index].column = statement.faults[index].column.map {
        scan.masked($0, known)
      }
    }
    for index in statement.notes.indices {
      statement.notes[index].detail = scan.masked(statement.notes[index].detail, known)
    }
  }
}

extension [IntakeStatement] {
  /// Reads a row of one of them again, as text.
  ///
  /// - Parameter keys: the night's orders and serials, which name nobody.
  func evidence(
    _ number: Int, _ place: RowPlace, kind: EntryKind, line: Int, _ keys: NightKeys?
  ) throws(StatementError) -> RowEvidence {
    // Field by field: a statement as a whole is too much to copy for a row.
    var quoted = try self[number].rows?.quote(place) ?? QuotedRow()
    quoted.personal = self[number].people(keys).spans(of: quoted.text, quoted.known)
    let (part, line) = self[number].rows?.place(ofLine: line) ?? (nil, line)
    return RowEvidence(
      line: EvidenceLine(
        side: self[number].statement.side, file: self[number].statement.file.with(part: part),
        line: line,
        text: quoted.text, personal: quoted.personal),
      order: quoted.order, serial: quoted.serial, ledgerSerial: quoted.own,
      refundSerial: kind == .refund ? quoted.refundSerial : nil, account: quoted.account,
      isPart: quoted.isPart)
  }
}

/// One row read again for a report.
public struct RowEvidence: Hashable, Sendable {
  /// The row as text, with its place.
  public var line: EvidenceLine
  /// The school's order number.
  public var order: String?
  /// The channel's serial.
  public var serial: String?
  /// The ledger's own serial.
  public var ledgerSerial: String?
  /// The refund's serial.
  public var refundSerial: String?
  /// Card or student number.
  public var account: String?
  /// Whether it is one of several details of a bank's entry, which may share its serial.
  public var isPart = false
}

extension Statement {
  /// A doubt in words: both readings of it, rows and money, and what to do.
  fileprivate func wording(of doubt: Doubt) -> Wording {
    let isLedger = side == .ledger
    let money = "¥" + Money.yuan(doubt.fen)
    let moment = Timestamp(seconds: doubt.at)
    let (zhRows, enRows) = isLedger ? ("笔付款", "payments") : ("笔入账", "credits")
    let (zhLack, enLack) = isLedger ? ("全部未入账", "are credited") : ("全部没有付款", "are paid for")
    switch doubt.kind {
    case .statementEmpty:
      return Wording(
        zh: "文件没有任何记录，另一方却有 \(doubt.rows) \(zhRows)（\(money)）需要它：可能导出有误，或当日确实没有记录。"
          + "请重新导出；确认无误后再采用。",
        en:
          "it holds no row, while \(doubt.rows) \(enRows) (\(money)) need it: a failed export, or a "
          + "day without rows. Export it again.")
    case .statementStartsLate:
      return Wording(
        zh: "第一笔 \(moment)，此前 \(doubt.rows) \(zhRows)（\(money)）\(zhLack)：可能导出时漏了开头，"
          + "或 \(moment) 之前业务中断。请重新导出完整的文件。",
        en: "its first row is of \(moment); of \(doubt.rows) \(enRows) (\(money)) before it none "
          + "\(enLack): the export begins too late, or business began then. Export all of it.")
    default:
      return Wording(
        zh: "最后一笔 \(moment)，其后 \(doubt.rows) \(zhRows)（\(money)）\(zhLack)：可能导出过早，"
          + "或自 \(moment) 起业务中断。请重新导出完整的文件。",
        en: "its last row is of \(moment); of \(doubt.rows) \(enRows) (\(money)) after it none "
          + "\(enLack): exported too early, or an outage since then. Export all of it.")
    }
  }
}

extension Timestamp {
  /// The time of day, `17:59`.
  fileprivate var clock: String {
    let minutes = secondOfDay / 60
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return two(minutes / 60) + ":" + two(minutes % 60)
  }
}

extension TimeSpan {
  /// A stretch of a day as `17:00—24:00`; with its date where it begins on another one.
  fileprivate func hours(of day: BusinessDay) -> String {
    let last =
      end == start.day.adding(1).start
      ? "24:00" : (end.day == start.day ? "" : "\(end.day) ") + end.clock
    return start.day == day
      ? "\(start.clock)—\(last)" : "(\(start.day) \(start.clock)—\(last))"
  }
}

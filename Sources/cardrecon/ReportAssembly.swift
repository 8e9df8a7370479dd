import Columns
import Files
import History
import Payments
import Statements

/// Turns a judgement over rows into a report of text: reads the rows concerned again from their
/// files, adds up the buckets, and proves that no row was lost.
struct ReportAssembly {
  let intake: EvidenceIntake
  let judgement: Judgement
  let rules: Rules
  /// Which rows the report is about, when others were read for context; nil for all.
  var focus: NightFocus?

  /// Builds the report.
  ///
  /// - Throws: ``BrokenPromise`` when the buckets of a statement do not add up to what was read.
  func report() throws -> DayReport {
    var report = DayReport(days: intake.days, verdict: .balanced)
    report.statements = try statements()
    report.conservation = conservation(report.statements)
    report.sources = sources()
    report.anomalies = try anomalies()
    report.pending = try pending()
    report.weakMatches = try weakMatches()
    report.excluded = excluded()
    report.rejections = intake.rejections
    report.verdict = verdict(report)
    return report
  }

  /// The result in one word.
  func verdict(_ report: DayReport) -> Verdict {
    let isIncomplete =
      ownStatements.isEmpty
      || ownStatements.contains { statement in
        statement.faults.contains { fault in
          switch fault.kind {
          case .statementDuplicate: false
          case .statementReissued: fault.holds && !isCovered(statement)
          default: true
          }
        }
      }
    if isIncomplete { return .incomplete }
    let isOpen = report.anomalies.contains {
      $0.severity != .notice && ($0.status == .open || $0.status == .reopened)
    }
    return isOpen ? .unbalanced : .balanced
  }

  /// The statements the report is about.
  private var ownStatements: [Statement] {
    intake.statements.filter { !$0.isContext }.map(\.statement)
  }

  /// Whether another statement speaks for the source and days of one that is not used.
  private func isCovered(_ statement: Statement) -> Bool {
    intake.statements.map(\.statement).contains { other in
      other.covers && other.side == statement.side && other.channel == statement.channel
        && other.from == statement.from && other.to == statement.to
    }
  }

  // MARK: - The proof

  private func statements() throws -> [ReportedStatement] {
    // Bucket by bucket for one statement after the other.
    let kinds = Bucket.allCases.count
    var tallies = [Tally](repeating: Tally(), count: intake.statements.count * kinds)
    let (entries, buckets) = (intake.entries, judgement.buckets)
    let parts = inPieces { rows, statement in
      var tallies = [Tally](repeating: Tally(), count: kinds)
      for row in rows { tallies[Int(buckets[row].rawValue)].add(fen: entries.fen[row]) }
      return (statement: statement, tallies: tallies)
    }
    for part in parts {
      for (kind, tally) in part.tallies.enumerated() {
        tallies[part.statement * kinds + kind] += tally
      }
    }
    return try intake.statements.enumerated().filter { !$0.element.isContext }.map { index, given in
      let statement = given.statement
      var tallies = Array(tallies[(index * kinds)...].prefix(kinds))
      tallies[Int(Bucket.rejected.rawValue)] += given.rejected
      tallies[Int(Bucket.excluded.rawValue)] += given.repeated
      guard tallies.reduce(Tally(), +) == statement.read else {
        throw BrokenPromise(
          description: "\(statement.file): rows read and rows accounted for differ; "
            + "nothing is published. 逐行守恒不成立，未发布任何结果。")
      }
      let buckets = zip(Bucket.allCases, tallies).map { ($0, $1) }
      return ReportedStatement(
        statement: statement, buckets: Dictionary(uniqueKeysWithValues: buckets))
    }
  }

  /// Calls `body` with all rows, in pieces of one statement each, several at once.
  private func inPieces<Part>(_ body: (Range<Int>, _ statement: Int) -> Part) -> [Part] {
    let piece = 1 << 17
    let pieces = intake.entries.statement.stretches.flatMap { rows, statement in
      stride(from: rows.lowerBound, to: rows.upperBound, by: piece).map { first in
        (first..<min(rows.upperBound, first + piece), Int(statement))
      }
    }
    return concurrently(pieces.count) { body(pieces[$0].0, pieces[$0].1) }
  }

  private func conservation(_ statements: [ReportedStatement]) -> [ConservationLine] {
    var lines: [ConservationLine] = []
    for reported in statements where !reported.statement.file.isEmpty {
      let (side, source) = (reported.statement.side, source(of: reported.statement))
      if let index = lines.firstIndex(where: { $0.side == side && $0.source == source }) {
        lines[index].read += reported.statement.read
        lines[index].buckets.merge(reported.buckets, uniquingKeysWith: +)
      } else {
        lines.append(
          ConservationLine(
            side: side, source: source, read: reported.statement.read, buckets: reported.buckets))
      }
    }
    return lines
  }

  private func source(of statement: Statement) -> String {
    statement.side == .ledger ? "ledger" : statement.channel.name
  }

  private func sources() -> [SourceLine] {
    var lines = [SourceLine?](repeating: nil, count: 256)
    func line(_ channel: Channel) -> Int {
      let index = Int(channel.rawValue)
      if lines[index] == nil { lines[index] = SourceLine(source: channel.name) }
      return index
    }
    // Per channel: payments, refunds, credits, reversals.
    var tallies = [Tally](repeating: Tally(), count: 256 * 4)
    let (entries, buckets) = (intake.entries, judgement.buckets)
    let isContext = intake.statements.map(\.isContext)
    let parts = inPieces { rows, statement in
      var tallies = [Tally](repeating: Tally(), count: 256 * 4)
      for row in rows where buckets[row] != .excluded && !isContext[statement] {
        let place: Int
        switch entries.kind[row] {
        case .payment: place = 0
        case .refund: place = 1
        case .credit, .manualCredit: place = 2
        case .reversal: place = 3
        default: continue
        }
        tallies[Int(entries.channel[row].rawValue) * 4 + place].add(fen: entries.fen[row])
      }
      return tallies
    }
    for part in parts {
      for place in part.indices { tallies[place] += part[place] }
    }
    for channel in Channel.allCases {
      let own = tallies[(Int(channel.rawValue) * 4)...].prefix(4)
      guard own.contains(where: { $0.rows > 0 }) else { continue }
      let index = line(channel)
      lines[index]?.payments = own[own.startIndex]
      lines[index]?.refunds = own[own.startIndex + 1]
      lines[index]?.credits = own[own.startIndex + 2]
      lines[index]?.reversals = own[own.startIndex + 3]
    }
    for statement in ownStatements where statement.side == .channel && !statement.isHeld {
      let fee = statement.feeHundredThousandths
      lines[line(statement.channel)]?.feeFen += (fee + (fee < 0 ? -500 : 500)) / 1_000
    }
    return lines.compactMap { $0 }
  }

  private func excluded() -> [ExcludedLine] {
    var tallies: [String: ExcludedLine] = [:]
    func add(_ rule: ExclusionRule, _ statement: Statement, _ tally: Tally) {
      let source = source(of: statement)
      let key = "\(statement.side.rawValue) \(source) \(rule.name)"
      tallies[
        key,
        default: ExcludedLine(
          rule: rule, side: statement.side, source: source, tally: Tally())
      ].tally += tally
    }
    let (entries, isContext) = (intake.entries, intake.statements.map(\.isContext))
    for row in 0..<entries.count
    where judgement.buckets[row] == .excluded && !isContext[Int(entries.statement[row])] {
      let statement = intake.statements[Int(entries.statement[row])].statement
      add(judgement.rules[row], statement, Tally(rows: 1, fen: Int128(entries.fen[row])))
    }
    for given in intake.statements where given.repeated.rows > 0 && !given.isContext {
      add(.repeatedStatement, given.statement, given.repeated)
    }
    return tallies.sorted { $0.key < $1.key }.map(\.value)
  }

  // MARK: - Findings

  private func anomalies() throws -> [ReportedAnomaly] {
    let concerned = judgement.anomalies.filter { focus?.concerns($0) ?? true }
    return ReportAssembly.sorted(try concerned.describedInParallel(describe))
  }

  /// Anomalies as every report lists them, with ids that tell equal ones apart.
  static func sorted(_ anomalies: [ReportedAnomaly]) -> [ReportedAnomaly] {
    let rank = Dictionary(
      uniqueKeysWithValues: AnomalyKind.allCases.enumerated().map { ($0.element, $0.offset) })
    // What is sorted is small: an anomaly has thirty fields to copy.
    let places = anomalies.indices.map { place in
      let severity = Severity.allCases.firstIndex(of: anomalies[place].severity) ?? 0
      return (
        class: severity << 16 | (rank[anomalies[place].kind] ?? 0),
        time: anomalies[place].time?.seconds ?? 0, place: place
      )
    }.sorted { left, right in
      if left.class != right.class { return left.class < right.class }
      if left.time != right.time { return left.time < right.time }
      let (mine, other) = (anomalies[left.place].id, anomalies[right.place].id)
      return (mine, left.place) < (other, right.place)
    }
    var reported = places.map { anomalies[$0.place] }
    var counts: [String: Int] = [:]
    for index in reported.indices {
      let count = counts[reported[index].id, default: 0] + 1
      counts[reported[index].id] = count
      if count > 1 { reported[index].id += "-\(count)" }
    }
    return reported
  }

  private func describe(_ anomaly: Anomaly) throws -> ReportedAnomaly {
    let entries = intake.entries
    let rows = anomaly.rows.map(Int.init)
    let quoted = try rows.map(intake.evidence)
    func evidence(_ row: Int) -> RowEvidence? { rows.firstIndex(of: row).map { quoted[$0] } }
    let subject = Int(anomaly.subject)
    func first(_ kinds: [EntryKind], where fits: (Int) -> Bool = { _ in true }) -> Int? {
      if kinds.contains(entries.kind[subject]) { return subject }
      return rows.first { kinds.contains(entries.kind[$0]) && fits($0) }
    }
    let isLone = [.debitedNotCredited, .duplicateDebit].contains(anomaly.kind)
    let refund = first([.refund])
    // The payment a refund belongs to or a credit quotes, where the group has several.
    let named = entries.serial[refund ?? subject]
    let payment = first([.payment]) { entries.serial[$0] == named } ?? first([.payment])
    let credit = isLone ? nil : first([.credit, .manualCredit])
    let ledgerRow = isLone ? first([.unpostedCredit]) : first([.reversal]) ?? credit
    let told = [subject, payment, refund, ledgerRow, credit].compactMap { $0 }
    func tell(_ field: (RowEvidence) -> String?) -> String? {
      for row in told {
        if let found = evidence(row).flatMap(field) { return found }
      }
      return nil
    }
    var reported = ReportedAnomaly(
      id: "", kind: anomaly.kind, severity: anomaly.severity, amountFen: anomaly.amountFen,
      owedTo: anomaly.owedTo, basis: anomaly.basis,
      firstSeen: Timestamp(seconds: Int64(entries.time[subject])).day)
    reported.channel = told.lazy.map { entries.channel[$0] }.first { $0 != .unknown }
    // A bank's refund is a line of its own: its serial is the refund's, not the payment's.
    let isOwnLine = refund.map { evidence($0)?.refundSerial == nil && entries.channel[$0].isBank }
    let quoting = told.filter { $0 != refund || isOwnLine != true }
    // What the ledger quotes may be nobody's serial: the channel's own row goes before it.
    reported.channelSerial =
      payment.flatMap { evidence($0)?.serial }
      ?? quoting.lazy.compactMap { evidence($0)?.serial }.first
    reported.merchantOrder = tell(\.order)
    reported.ledgerSerial =
      entries.kind[subject].isLedger
      ? evidence(subject)?.ledgerSerial : ledgerRow.flatMap { evidence($0)?.ledgerSerial }
    reported.refundSerial = refund.flatMap {
      evidence($0)?.refundSerial ?? (isOwnLine == true ? evidence($0)?.serial : nil)
    }
    reported.account = tell(\.account)
    reported.time = Timestamp(seconds: Int64(entries.time[subject]))
    reported.explanation = anomaly.explanation
    reported.paidFen = payment.map { entries.fen[$0] }
    reported.creditedFen = credit.map { entries.fen[$0] }
    if let payment, let credit {
      reported.delaySeconds = Int64(entries.time[credit]) - Int64(entries.time[payment])
    }
    reported.evidence = quoted.map(\.line)
    reported.places = focus.map { focus in rows.map(focus.place).sorted() } ?? []
    reported.id = id(of: reported)
    return reported
  }

  /// The same anomaly has the same id in every rerun: it is made of its kind and serials.
  private func id(of anomaly: ReportedAnomaly) -> String {
    let parts = [
      anomaly.kind.rawValue, anomaly.channel?.name ?? "", anomaly.channelSerial ?? "",
      anomaly.merchantOrder ?? "", anomaly.ledgerSerial ?? "", anomaly.refundSerial ?? "",
    ]
    // Without any serial only the content is left to tell it apart.
    let content =
      anomaly.channelSerial == nil && anomaly.ledgerSerial == nil && anomaly.refundSerial == nil
      ? ["\(anomaly.amountFen)", anomaly.time?.description ?? "", anomaly.account ?? ""] : []
    var checksum = Checksum()
    checksum.update((parts + content).joined(separator: "\n"))
    let digest = hexadecimal(checksum.bytes.prefix(6))
    return (ReportAssembly.initials[anomaly.kind] ?? "") + "-" + digest
  }

  /// The first letters of every kind's words: `dd` of `duplicate-debit`.
  private static let initials = Dictionary(
    uniqueKeysWithValues: AnomalyKind.allCases.map { kind in
      (kind, String(kind.rawValue.split(separator: "-").compactMap(\.first)))
    })

  private func pending() throws -> [ReportedPending] {
    var items: [ReportedPending] = []
    for item in judgement.pending where focus?.concerns(Int(item.row)) ?? true {
      items.append(try describe(item))
    }
    return items.sorted { left, right in
      if left.time != right.time { return left.time < right.time }
      let (a, b) = (
        [left.channelSerial, left.ledgerSerial, left.merchantOrder].map { $0 ?? "" },
        [right.channelSerial, right.ledgerSerial, right.merchantOrder].map { $0 ?? "" }
      )
      if a != b { return a.lexicographicallyPrecedes(b) }
      return left.amountFen < right.amountFen
    }
  }
}

extension ReportAssembly {
  /// A row that waits, with its serials.
  func describe(_ item: Pending) throws -> ReportedPending {
    let entries = intake.entries
    let row = Int(item.row)
    let evidence = try intake.evidence(row)
    let channel = entries.channel[row]
    return ReportedPending(
      channel: channel == .unknown ? nil : channel, channelSerial: evidence.serial,
      merchantOrder: evidence.order, ledgerSerial: evidence.ledgerSerial,
      amountFen: entries.fen[row], time: Timestamp(seconds: Int64(entries.time[row])),
      decidedBy: item.decidedBy, waitsForLedger: item.waitsForLedger)
  }

  fileprivate func weakMatches() throws -> [ReportedWeakMatch] {
    let entries = intake.entries
    let concerned = judgement.weakMatches.filter { match in
      focus?.concerns(Int(match.payment)) ?? true
    }
    let items = try concerned.map { match in
      let (payment, credit) = (Int(match.payment), Int(match.credit))
      let channel = entries.channel[payment]
      return ReportedWeakMatch(
        channel: channel == .unknown ? nil : channel,
        channelSerial: try intake.evidence(payment).serial,
        ledgerSerial: try intake.evidence(credit).ledgerSerial, amountFen: entries.fen[payment],
        paidAt: Timestamp(seconds: Int64(entries.time[payment])),
        creditedAt: Timestamp(seconds: Int64(entries.time[credit])))
    }
    return items.sorted { left, right in
      if left.paidAt != right.paidAt { return left.paidAt < right.paidAt }
      let a = (left.channelSerial ?? "", left.ledgerSerial ?? "")
      return a < (right.channelSerial ?? "", right.ledgerSerial ?? "")
    }
  }
}

extension EntryKind {
  /// Whether the row stands in the card system's ledger.
  var isLedger: Bool {
    switch self {
    case .credit, .manualCredit, .reversal, .unpostedCredit, .transferIn, .transferOut: true
    default: false
    }
  }
}

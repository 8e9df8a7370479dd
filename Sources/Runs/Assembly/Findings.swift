internal import Columns
internal import Files
internal import Payments
internal import Statements

// Anomalies with their serials and rows, read back from the statements.

extension ReportAssembly {
  func anomalies() throws -> [ReportedAnomaly] {
    let concerned = judgement.anomalies.filter { anomaly in
      concerns.map { concerns in anomaly.rows.contains { concerns(Int($0)) } } ?? true
    }
    return (try concerned.describedInParallel(describe) + cardBreaks() + serialGaps())
      .inReportOrder()
  }

  /// One finding a book of the ledger whose cards' balances break, with the row after each break.
  private func cardBreaks() throws -> [ReportedAnomaly] {
    var found: [Book: ReportedAnomaly] = [:]
    for (index, given) in intake.statements.enumerated() where !given.isContext {
      guard let book = given.book, !given.statement.isHeld else { continue }
      for broken in given.statement.cardBreaks {
        let evidence = try intake.evidence(at: broken.offset, line: broken.after, of: index)
        var anomaly =
          found[book]
          ?? ReportedAnomaly(
            id: "", kind: .cardBalanceBreak, severity: .control, amountFen: 0, owedTo: .unknown,
            basis: .single, firstSeen: given.statement.from ?? BusinessDay(number: 0))
        let difference = Int64(clamping: broken.differenceFen.magnitude)
        anomaly.amountFen = anomaly.amountFen.addingReportingOverflow(difference).partialValue
        anomaly.account = anomaly.account ?? evidence.account
        anomaly.ledgerSerial = anomaly.ledgerSerial ?? evidence.ledgerSerial
        anomaly.evidence.append(evidence.line)
        found[book] = anomaly
      }
    }
    return found.sorted { $0.key < $1.key }.map { _, anomaly in
      var anomaly = anomaly
      anomaly.id = id(of: anomaly)
      return anomaly
    }
  }

  /// One finding for each gap in the ledger's numbers, when every part of the ledger is there.
  private func serialGaps() throws -> [ReportedAnomaly] {
    let isLedgerMissing = intake.statements.contains { $0.missingBook?.side == .ledger }
    if isLedgerMissing { return [] }
    return try intake.statements.enumerated().flatMap { index, given in
      try given.statement.serialGaps.map { gap in
        let evidence = try intake.evidence(at: gap.offset, line: gap.line, of: index)
        var anomaly = ReportedAnomaly(
          id: "", kind: .serialGap, severity: .control, amountFen: 0, owedTo: .none,
          basis: .single, firstSeen: given.statement.from ?? BusinessDay(number: 0))
        anomaly.ledgerSerial = evidence.ledgerSerial.map { $0.lowered(by: gap.count) }
        anomaly.gap = gap.count
        anomaly.evidence = [evidence.line]
        anomaly.id = id(of: anomaly)
        return anomaly
      }
    }
  }

  /// What each book covers of the days the report is about.
  func books() -> [BookCoverage] {
    guard let days = intake.days else { return [] }
    let reach = TimeSpan(first: days.lowerBound, last: days.upperBound)
    return intake.books.map { book in
      BookCoverage(
        book.book,
        spans: book.spans.compactMap { span in
          let (start, end) = (max(span.start, reach.start), min(span.end, reach.end))
          return start < end ? TimeSpan(start: start, end: end) : nil
        }, holes: book.holes.filter { $0.span.start < reach.end && $0.span.end > reach.start })
    }
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
    let isLone = anomaly.kind.isOfLonePayment
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
    let isOfReversal = anomaly.kind == .wrongAccount && entries.kind[subject] == .reversal
    reported.subject = isOfReversal ? "reversal" : nil
    reported.account = anomaly.owner.flatMap { evidence($0)?.account } ?? tell(\.account)
    reported.parties = anomaly.parties.reported { evidence($0)?.account }
    reported.time = Timestamp(seconds: Int64(entries.time[subject]))
    reported.explanation = anomaly.explanation
    reported.leg = anomaly.leg?.rawValue
    reported.paidFen = payment.map { entries.fen[$0] }
    reported.creditedFen = credit.map { entries.fen[$0] }
    if let payment, let credit {
      reported.delaySeconds = Int64(entries.time[credit]) - Int64(entries.time[payment])
    }
    reported.evidence = quoted.map(\.line)
    reported.places = places.map { rows.map($0.place).sorted() } ?? []
    reported.id = id(of: reported, part: part([payment, refund], evidence))
    return reported
  }

  /// Details of one entry share its serial: the person, else the amount, tells them apart.
  private func part(_ rows: [Int?], _ evidence: (Int) -> RowEvidence?) -> String? {
    let part = rows.lazy.compactMap(\.self).first { evidence($0)?.isPart == true }
    return part.map { evidence($0)?.account ?? "\(intake.entries.fen[$0])" }
  }

  /// The same anomaly has the same id in every rerun: it is made of its kind and serials.
  ///
  /// - Parameter part: what tells a detail of a bank's entry from the others under its serial.
  private func id(of anomaly: ReportedAnomaly, part: String? = nil) -> String {
    // A payment nothing answers is the same one whether or not the card system tells that it tried.
    let hidesLedger = anomaly.kind.isOfLonePayment && anomaly.channelSerial != nil
    let ledgerSerial = hidesLedger ? nil : anomaly.ledgerSerial
    // And a payment or credit the same one whether or not a part of it was given back.
    let hidesRefund =
      anomaly.kind.isOfPaymentOrCredit && (anomaly.channelSerial != nil || ledgerSerial != nil)
    let refundSerial = hidesRefund ? nil : anomaly.refundSerial
    let parts = [
      anomaly.kind.rawValue, anomaly.channel?.name ?? "", anomaly.channelSerial ?? "",
      anomaly.merchantOrder ?? "", ledgerSerial ?? "", refundSerial ?? "",
    ]
    // Without any serial only the content is left to tell it apart.
    let content =
      anomaly.channelSerial == nil && anomaly.ledgerSerial == nil && anomaly.refundSerial == nil
      ? ["\(anomaly.amountFen)", anomaly.time?.description ?? "", anomaly.account ?? ""] : []
    var checksum = Checksum()
    let told = anomaly.merchantOrder == nil ? [part].compactMap(\.self) : []
    checksum.update((parts + content + told).joined(separator: "\n"))
    let digest = hexadecimal(checksum.bytes.prefix(6))
    return (ReportAssembly.initials[anomaly.kind] ?? "") + "-" + digest
  }

  /// The first letters of every kind's words: `dd` of `duplicate-debit`.
  private static let initials = Dictionary(
    uniqueKeysWithValues: AnomalyKind.allCases.map { kind in
      (kind, String(kind.rawValue.split(separator: "-").compactMap(\.first)))
    })
}

extension [Party] {
  /// The people by their accounts; nil where there are none.
  fileprivate func reported(account: (Int) -> String?) -> [ReportedParty]? {
    isEmpty ? nil : map { ReportedParty(account: account(Int($0.row)), fen: $0.fen) }
  }
}

extension AnomalyKind {
  /// Whether it is about a payment that nothing answers.
  fileprivate var isOfLonePayment: Bool { self == .debitedNotCredited || self == .duplicateDebit }

  /// Whether it is about a payment or a credit, whatever was given or taken back of it.
  fileprivate var isOfPaymentOrCredit: Bool {
    switch self {
    case .debitedNotCredited, .duplicateDebit, .amountMismatch, .wrongAccount,
      .creditedNotDebited, .duplicateCredit, .closedAccountCredit:
      true
    default: false
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

extension Anomaly {
  /// A row that names whose money it is, where that is not who the subject names.
  fileprivate var owner: Int? {
    kind == .wrongAccount ? nil : parties.first { $0.fen != 0 }.map { Int($0.row) }
  }
}

extension String {
  /// A number with some less in its last digits, as wide as it is.
  fileprivate func lowered(by count: Int64) -> String {
    let digits = String(reversed().prefix { $0.isASCII && $0.isNumber }.prefix(18).reversed())
    guard let number = Int64(digits), number >= count else { return self }
    let lower = String(number - count)
    return dropLast(digits.count) + String(repeating: "0", count: digits.count - lower.count)
      + lower
  }
}

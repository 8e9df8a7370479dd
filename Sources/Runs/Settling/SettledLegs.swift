internal import Columns
internal import Payments
internal import Reconciliation
internal import Statements

/// The legs behind the bill, judged account by account.
struct SettledLegs {
  /// One account of a channel and what its money came to.
  struct Account {
    let channel: Channel
    let owner: String
    let hasBills: Bool
    let hasFunds: Bool
    let hasBanks: Bool
    let judgement: SettlementJudgement
  }

  let accounts: [Account]
  let calendar: SettlementCalendar
  /// Rows of both ends that a night joined.
  let groups: [[Int32]]

  /// Nothing was judged.
  static let none = SettledLegs(accounts: [], calendar: SettlementCalendar(), groups: [])

  private init(accounts: [Account], calendar: SettlementCalendar, groups: [[Int32]]) {
    (self.accounts, self.calendar, self.groups) = (accounts, calendar, groups)
  }

  /// Judges every account of a run's channels, and says so in the run's judgement: what was found, where rows of
  /// accounts and of banks ended, what waits.
  ///
  /// - Parameter night: which rows are asked about; nil for all.
  init(
    _ intake: Intake, _ judgement: inout Judgement, _ coverage: Coverage,
    _ terms: SettlementTerms, _ night: SettlementNight?
  ) {
    // Where everything is context, as for a trace, all days that are told of are asked about.
    let told = intake.statements.map(\.statement)
    let first = intake.days?.lowerBound ?? told.compactMap(\.from).min()
    let last = intake.days?.upperBound ?? told.compactMap(\.to).max()
    guard let first, let last, first <= last else {
      self = .none
      return
    }
    let days = first...last
    let night = night ?? SettlementNight(days)
    let entries = intake.entries
    let books = SettlementBooks(intake, judgement, coverage, terms, night).accounts
    calendar = terms.calendar
    accounts = books.map { account in
      Account(
        channel: account.channel, owner: account.owner, hasBills: !account.trade.isEmpty,
        hasFunds: account.hasFunds, hasBanks: !account.bankSpans.isEmpty,
        judgement: settle(entries, account, terms.calendar, night))
    }
    groups = accounts.flatMap { account in
      account.judgement.payouts.map { $0.sent + $0.arrived } + account.judgement.lateGroups
    }
    for account in accounts { SettledLegs.tell(account, entries, &judgement) }
  }

  private static func tell(_ account: Account, _ entries: EntryTable, _ judgement: inout Judgement)
  {
    /// Rows of bills and of the ledger stay where their own leg put them.
    func move(_ rows: [Int32], to bucket: Bucket) {
      for row in rows.map(Int.init)
      where judgement.buckets[row] == .excluded && entries.flow[row] != .none {
        judgement.buckets[row] = bucket
      }
    }
    let found = account.judgement
    for finding in found.findings {
      // The payment of a wrong fee is there; its fee is what is wrong.
      move(
        finding.rows.filter { row in
          let flow = entries.flow[Int(row)]
          return finding.kind != .feeMismatch || flow == .fee || flow == .feeReturned
        }, to: .anomalous)
      var anomaly = Anomaly(
        kind: finding.kind, amountFen: finding.fen, owedTo: finding.owedTo,
        basis: finding.rows.count > 1 ? .serial : .single, subject: finding.subject,
        rows: finding.rows)
      anomaly.leg = finding.leg
      judgement.anomalies.append(anomaly)
    }
    move(found.arrivedRows, to: .matched)
    for wait in found.waits where wait.leg == .bank {
      move([wait.row], to: .pending)
      let book =
        wait.book == .bank
        ? Book(side: .channel, channel: .bank)
        : Book(side: .channel, channel: account.channel, owner: account.owner, content: .funds)
      judgement.pending.append(
        Pending(
          row: wait.row, decidedBy: Timestamp(seconds: wait.to).day, waitsForLedger: false,
          want: Want(book, from: wait.from, to: wait.to)))
    }
  }
}

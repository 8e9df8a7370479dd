internal import Columns
internal import Payments
internal import Statements

// The legs behind the bill, told with serials.

extension ReportAssembly {
  /// Both ends of every leg of every account, and which book a leg lacks.
  func legReports() -> [LegReport] {
    legs.accounts.flatMap { account -> [LegReport] in
      guard account.hasBills || account.hasFunds else { return [] }
      // What is not on the account cannot have gone on from there.
      let hasBank = account.hasFunds || account.judgement.sums[.bank] != nil
      return (hasBank ? Leg.allCases : [.account]).map { leg in
        var report = LegReport(channel: account.channel, owner: account.owner, leg: leg)
        report.sums = account.judgement.sums[leg] ?? LegSums()
        if !account.hasFunds {
          // What the bills' days come to explains what arrived all the same.
          report.lacks = leg == .bank && report.sums.matched.rows > 0 ? nil : .funds
        } else if leg == .bank, !account.hasBanks {
          report.lacks = .bank
        } else if leg == .account, !account.hasBills, report.sums.sent.rows == 0 {
          report.lacks = report.sums.arrived.rows > 0 ? .trade : nil
        }
        return report
      }
    }
  }

  func feeReports() -> [ReportedFees] {
    legs.accounts.flatMap { account in
      account.judgement.fees.map {
        ReportedFees(channel: account.channel, owner: account.owner, line: $0)
      }
    }
  }

  /// Every withdrawal and bank line the run is about, in order of time.
  func payoutReports() throws -> [ReportedPayout] {
    try legs.accounts.flatMap { account -> [ReportedPayout] in
      var payouts: [ReportedPayout] = []
      func add(_ sent: [Int32], _ arrived: [Int32], _ state: ReportedPayout.State) throws {
        let ends = try (sent.map(end), arrived.map(end))
        let due = ends.0.map { legs.calendar.due($0.time.day) }.max()
        payouts.append(
          ReportedPayout(
            channel: account.channel, owner: account.owner, sent: ends.0, arrived: ends.1, due: due,
            state: state))
      }
      for match in account.judgement.payouts { try add(match.sent, match.arrived, .arrived) }
      for net in account.judgement.nets {
        let line = try end(net.line)
        let days = net.days.map {
          ReportedPayout.End(serial: nil, time: $0.day.start, fen: $0.fen)
        }
        payouts.append(
          ReportedPayout(
            channel: account.channel, owner: account.owner, sent: days, arrived: [line],
            due: net.days.map { legs.calendar.due($0.day) }.max(),
            state: days.isEmpty ? .notProven : .arrived))
      }
      for wait in account.judgement.waits where wait.leg == .bank {
        let isLine = intake.entries.flow[Int(wait.row)] == .settlementIn
        let isDue = intake.days.map { Timestamp(seconds: wait.to).day <= $0.upperBound } ?? false
        try add(
          isLine ? [] : [wait.row], isLine ? [wait.row] : [],
          isLine || isDue ? .notProven : .inTransit)
      }
      for finding in account.judgement.findings where finding.leg == .bank {
        switch finding.kind {
        case .ambiguousMatch: continue
        case .settlementMissing: try add(finding.rows, [], .missing)
        case .settlementMismatch: try add([finding.rows[0]], [finding.rows[1]], .mismatch)
        default: try add([], [finding.subject], .unidentified)
        }
      }
      return payouts.sorted { left, right in
        let (a, b) = (left.sent + left.arrived, right.sent + right.arrived)
        return (a[0].time, a[0].serial ?? "", left.fen) < (b[0].time, b[0].serial ?? "", right.fen)
      }
    }
  }

  private func end(_ row: Int32) throws -> ReportedPayout.End {
    let evidence = try intake.evidence(Int(row))
    return ReportedPayout.End(
      serial: evidence.serial ?? evidence.order,
      time: Timestamp(seconds: Int64(intake.entries.time[Int(row)])),
      fen: intake.entries.fen[Int(row)])
  }
}

extension ReportAssembly {
  /// What moved on every account of a channel, by the run's own statements.
  func accountReports() -> [ReportedAccount] {
    var accounts: [Book: ReportedAccount] = [:]
    for (rows, statement) in intake.entries.statement.stretches {
      let given = intake.statements[Int(statement)]
      guard !given.isContext, given.isOfAccount, let book = given.book else { continue }
      let part = book.telling(book.content.intersection(.accounts))
      var account = accounts[part] ?? ReportedAccount(book: part)
      for row in rows {
        let flow = intake.entries.flow[row]
        guard flow != .none else { continue }
        account.flows[flow, default: Tally()].add(fen: intake.entries.fen[row])
      }
      if let balances = given.statement.balances {
        // Statements stand in order of their periods.
        account.balances = StatementBalances(
          opening: account.balances?.opening ?? balances.opening, closing: balances.closing)
      }
      accounts[part] = account
    }
    return accounts.values.sorted { $0.book < $1.book }
  }
}

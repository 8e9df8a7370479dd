internal import Columns
internal import Payments

/// Leg 3 of a channel without a fund book: what the bank got is explained by what the bills of its days come to
/// (page *Settlement*). Nobody is accused by it: what is kept back, or paid out the same day, makes another sum of it.
struct NetLeg {
  /// What a settlement day comes to: payments less refunds less fees.
  struct Net: Hashable {
    let day: BusinessDay
    var fen: Int64
  }

  private let calendar: SettlementCalendar
  /// Days that the bills tell whole, in order.
  private(set) var nets: [Net]

  /// Days one line may pay besides those that share one due day.
  static let longest = 4

  init(_ table: EntryTable, _ account: SettlementAccount, _ calendar: SettlementCalendar) {
    self.calendar = calendar
    var found: [BusinessDay: Net] = [:]
    for row in account.trade {
      let day = account.cut.day(of: Timestamp(seconds: Int64(table.time[Int(row)])))
      let gross = table.fen[Int(row)]
      let signed = table.kind[Int(row)] == .refund ? -gross : gross
      var net = found[day] ?? Net(day: day, fen: 0)
      net.fen += signed - wholeFen(ofFee: table.fee(of: Int(row)))
      found[day] = net
    }
    nets = found.values.filter { net in
      let span = account.cut.span(first: net.day, last: net.day)
      return account.covers(
        account.tradeSpans, from: span.start.seconds, to: span.end.seconds - 1)
    }.sorted { $0.day < $1.day }
  }

  /// The runs of days that a line may be the money of: one day, up to four in a row, or all that share a due day; of
  /// those that are due on its day, else of those that are late.
  func runs(paidBy line: PayoutLeg.Item) -> [ArraySlice<Net>] {
    let before = nets[..<nets.firstPlace { $0.day >= line.day }]
    let due = before.filter { calendar.due($0.day) == line.day }
    let onTime = runs(of: due, summing: line.fen)
    if !onTime.isEmpty { return onTime }
    let late = before.filter {
      line.day <= calendar.day(PayoutLeg.late, after: calendar.due($0.day))
    }
    return runs(of: late, summing: line.fen)
  }

  private func runs(of known: [Net], summing fen: Int64) -> [ArraySlice<Net>] {
    known.indices.flatMap { start -> [ArraySlice<Net>] in
      var (sum, found): (Int64, [ArraySlice<Net>]) = (0, [])
      for end in start..<known.count {
        if end > start, known[end - 1].day.adding(1) != known[end].day { break }
        sum += known[end].fen
        let run = known[start...end]
        let areDueTogether =
          calendar.due(known[start].day) == calendar.due(known[end].day)
          && (start == 0 || calendar.due(known[start - 1].day) != calendar.due(known[start].day))
        if sum == fen, run.count <= NetLeg.longest || areDueTogether { found.append(run) }
      }
      return found
    }
  }

  /// Takes out days that were paid.
  mutating func remove(_ run: ArraySlice<Net>) { nets.removeAll(where: run.contains) }
}

extension PayoutJudge {
  /// Explains the lines of a channel without a fund book.
  mutating func judgeNets() {
    let lines = table.payouts(account.lines.filter { night.isOwn($0) })
    guard !lines.isEmpty, !account.trade.isEmpty else { return }
    var leg = NetLeg(table, account, calendar)
    var sums = LegSums()
    for line in lines {
      let runs = leg.runs(paidBy: line)
      sums.arrived = sums.arrived + Tally(rows: 1, fen: Int128(line.fen))
      if runs.count == 1, let run = runs.first {
        let tally = Tally(rows: run.count, fen: Int128(line.fen))
        (sums.sent, sums.matched) = (sums.sent + tally, sums.matched + tally)
        note(explained: line, by: run.map { ($0.day, $0.fen) })
        leg.remove(run)
      } else {
        note(explained: line, by: [])
        if runs.count > 1 { noteAmbiguous(line) }
      }
    }
    finish(nets: sums)
  }
}

internal import Columns
internal import Payments
internal import Statements

// Where every row ended, added up per statement, side and source: the proof that none was lost.

extension ReportAssembly {
  func statements() throws -> [ReportedStatement] {
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

  func conservation(_ statements: [ReportedStatement]) -> [ConservationLine] {
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

  func sources() -> [SourceLine] {
    var lines = [SourceLine?](repeating: nil, count: 256)
    func line(_ channel: Channel) -> Int {
      let index = Int(channel.number)
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
        tallies[Int(entries.channel[row].number) * 4 + place].add(fen: entries.fen[row])
      }
      return tallies
    }
    for part in parts {
      for place in part.indices { tallies[place] += part[place] }
    }
    for channel in Channel.all {
      let own = tallies[(Int(channel.number) * 4)...].prefix(4)
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

  func excluded() -> [ExcludedLine] {
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
}

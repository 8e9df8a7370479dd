import Columns
import Payments
import Reconciliation

/// Asks the engine.
func judgement(_ entries: [Entry], coverage: Coverage, rules: Rules) -> Judgement {
  var table = EntryTable()
  for entry in entries { table.append(entry) }
  return reconcile(table, coverage: coverage, rules: rules)
}

/// Asks the engine, and puts its judgement in the oracle's words.
func engine(_ entries: [Entry], coverage: Coverage, rules: Rules) -> OracleResult {
  let judgement = judgement(entries, coverage: coverage, rules: rules)
  var ruleOf: [ExclusionRule?] = []
  for (row, bucket) in judgement.buckets.enumerated() {
    ruleOf.append(bucket == .excluded ? judgement.rules[row] : nil)
  }
  return OracleResult(
    buckets: Array(judgement.buckets), rules: ruleOf,
    findings: judgement.anomalies.map {
      Finding(
        kind: $0.kind, amountFen: $0.amountFen, owedTo: $0.owedTo, explanation: $0.explanation,
        basis: $0.basis, subject: Int($0.subject), rows: $0.rows.map(Int.init).sorted(),
        parties: $0.parties.map { Finding.Share(row: Int($0.row), fen: $0.fen) })
    },
    waiting: judgement.pending.map {
      WaitingRow(
        row: Int($0.row), decidedBy: $0.decidedBy, waitsForLedger: $0.waitsForLedger,
        want: $0.want)
    }, unmet: judgement.unmet.map(Int.init))
}

extension OracleResult {
  /// The findings in one order, whoever found them.
  var sortedFindings: [Finding] {
    findings.sorted { ($0.subject, $0.kind.rawValue) < ($1.subject, $1.kind.rawValue) }
  }

  /// The waiting rows in row order.
  var sortedWaiting: [WaitingRow] { waiting.sorted { $0.row < $1.row } }

  /// Whether two judges say the same.
  func agrees(with other: OracleResult) -> Bool {
    buckets == other.buckets && rules == other.rules && counts(findings) == counts(other.findings)
      && counts(waiting) == counts(other.waiting) && unmet == other.unmet
  }

  private func counts<Element: Hashable>(_ some: [Element]) -> [Element: Int] {
    Dictionary(some.map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// The same result for rows in another order: row `i` here is row `places[i]` there.
  func moved(to places: [Int]) -> OracleResult {
    var moved = self
    for row in buckets.indices {
      moved.buckets[places[row]] = buckets[row]
      moved.rules[places[row]] = rules[row]
    }
    moved.findings = findings.map {
      var finding = $0
      finding.subject = places[$0.subject]
      for index in finding.parties.indices {
        finding.parties[index].row = places[finding.parties[index].row]
      }
      finding.rows = $0.rows.map { places[$0] }.sorted()
      return finding
    }
    moved.waiting = waiting.map {
      var waiting = $0
      waiting.row = places[$0.row]
      return waiting
    }
    moved.unmet = unmet.map { places[$0] }.sorted()
    return moved
  }
}

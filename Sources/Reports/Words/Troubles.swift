import Payments

extension DayReport {
  /// A fault and the statement it is of.
  typealias Trouble = (fault: StatementFault, reported: ReportedStatement)

  /// What is wrong with statements, as somebody works it: first which file to get, then which to get again,
  /// then what is doubted, then what is only to be known.
  var troubles: [Trouble] {
    let all = statements.flatMap { reported in
      reported.statement.faults.map { (fault: $0, reported: reported) }
    }
    // Within a rank the order of statements stays.
    return (0...3).flatMap { rank in all.filter { $0.fault.rank == rank } }
  }
}

extension StatementFault {
  fileprivate var rank: Int {
    if kind == .statementMissing { return 0 }
    if holds || voidsCoverage { return 1 }
    return kind.isDoubt ? 2 : 3
  }
}

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

extension ReportedPending {
  /// What it waits for: the ledger or the channel, and which book of it where there are several.
  func waitsFor(_ language: Language) -> String {
    let side = (waitsForLedger ? Side.ledger : Side.channel).label(language)
    guard let want = waitsFor else { return side }
    guard let book = want.book else {
      return language == .zh ? "账户、换卡清单" : "lists of accounts"
    }
    return book.owner.isEmpty ? side : side + " " + PlainText.neutralised(book.owner)
  }
}

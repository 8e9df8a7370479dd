import Payments

extension RandomDay {
  /// The days that lack one row, one hole, or one stretch of a book of this one.
  private var smaller: [RandomDay] {
    var days = entries.indices.map { row in
      var day = self
      day.entries.remove(at: row)
      return day
    }
    for row in entries.indices {
      for other in entries[row].others.indices {
        var day = self
        day.entries[row].others.remove(at: other)
        days.append(day)
      }
    }
    for (place, book) in coverage.books.enumerated() {
      for hole in book.holes.indices {
        var some = book
        some.holes.remove(at: hole)
        days.append(replacingBook(place, by: some))
      }
    }
    return days
  }

  private func replacingBook(_ place: Int, by book: BookCoverage) -> RandomDay {
    var day = self
    var books = coverage.books
    books[place] = book
    day.coverage = Coverage(
      books: books,
      statements: coverage.bookOfStatement.map { $0 < 0 ? nil : coverage.books[$0].book },
      hasLists: coverage.hasLists)
    return day
  }

  /// Drops rows and holes, one by one, as long as `fails` still holds.
  func minimised(while fails: (RandomDay) -> Bool) -> RandomDay {
    var day = self
    while let less = day.smaller.first(where: fails) { day = less }
    return day
  }

  /// The rows, one a line: time, kind, amount and the keys they carry.
  var dump: String {
    let lines = entries.enumerated().map { row, entry in
      var keys: [String] = []
      func key(_ name: String, _ value: KeyHash) {
        if value != 0 { keys.append("\(name)=\(value)") }
      }
      key("order", entry.order)
      key("serial", entry.serial)
      key("own", entry.own)
      key("account", entry.account)
      key("student", entry.student)
      key("payer", entry.payer)
      key("original", entry.original)
      for other in entry.others { keys.append("\(other.kind)/\(other.way)=\(other.key)") }
      if entry.kind == .excluded { keys.append("rule=\(entry.rule.name)") }
      if entry.couponFen != 0 { keys.append("coupon=\(entry.couponFen)") }
      keys.append("statement=\(entry.statement)")
      return "  \(row): \(Timestamp(seconds: entry.time)) \(entry.kind) \(entry.channel) "
        + "\(entry.fen) \(keys.joined(separator: " "))"
    }
    return (lines + [rulesDump, coverageDump]).joined(separator: "\n")
  }

  private var rulesDump: String {
    let usual = Rules()
    var changed: [String] = []
    func note<Value: Equatable>(_ name: String, _ path: KeyPath<Rules, Value>) {
      if rules[keyPath: path] != usual[keyPath: path] {
        changed.append("\(name)=\(rules[keyPath: path])")
      }
    }
    note("maintenance", \.maintenance)
    note("duplicateWindow", \.duplicateWindowSeconds)
    note("mobileWindow", \.mobileWindowSeconds)
    note("clockTolerance", \.clockToleranceSeconds)
    note("refundWindow", \.refundWindowSeconds)
    note("refundReach", \.refundReachSeconds)
    note("limit", \.singleLimitFen)
    note("dailyLimit", \.dailyLimitFen)
    note("foreignDailyLimit", \.foreignDailyLimitFen)
    note("moveWindow", \.moveWindowSeconds)
    note("surcharge", \.surchargePerHundredThousand)
    note("fees", \.bankFeesFen)
    note("replacements", \.replacements)
    return "  rules: " + (changed.isEmpty ? "default" : changed.joined(separator: " "))
  }

  private var coverageDump: String {
    let statements = coverage.bookOfStatement.map(String.init).joined(separator: " ")
    return
      (["  statements: \(statements), lists: \(coverage.hasLists)"]
      + coverage.books.enumerated().map { "  book \($0): \($1.dump)" }).joined(separator: "\n")
  }
}

extension BookCoverage {
  /// The book, its stretches and its holes.
  var dump: String {
    func text(_ span: TimeSpan) -> String { "\(span.start)..<\(span.end)" }
    let holes = holes.map { hole in
      "\n    hole \(hole.line): \(text(hole.span)) fen=\(hole.fen.map(String.init) ?? "?") "
        + "order=\(hole.order) serial=\(hole.serial) account=\(hole.account) "
        + "student=\(hole.student)"
    }
    return "\(book.side) \(book.name) " + spans.map(text).joined(separator: ", ")
      + holes.joined()
  }
}

extension Want {
  /// The book and the stretch.
  var dump: String {
    "\(book?.name ?? "lists") \(Timestamp(seconds: from))...\(Timestamp(seconds: to))"
      + (line == 0 ? "" : " line \(line)")
  }
}

extension OracleResult {
  /// Buckets, findings and waiting rows in a few lines.
  var dump: String {
    let rows = buckets.enumerated().map { row, bucket in
      "\(row):\(bucket.name)" + (rules[row].map { "(\($0.name))" } ?? "")
    }
    let said = sortedFindings.map { finding in
      "  \(finding.kind.rawValue) \(finding.amountFen) → \(finding.owedTo)"
        + (finding.explanation.map { " (\($0))" } ?? "")
        + " basis \(finding.basis) subject \(finding.subject) rows \(finding.rows)"
        + finding.parties.map { ", row \($0.row) \($0.fen)" }.joined()
    }
    let late = sortedWaiting.map { waiting in
      "\(waiting.row) until \(waiting.decidedBy) "
        + (waiting.waitsForLedger ? "(ledger)" : "(channel)")
        + (waiting.want.map { " for \($0.dump)" } ?? "")
    }
    return
      (["  " + rows.joined(separator: " ")] + said
      + [
        "  waiting: " + (late.isEmpty ? "none" : late.joined(separator: ", ")), "  unmet: \(unmet)",
      ])
      .joined(separator: "\n")
  }
}

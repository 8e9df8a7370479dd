import Payments

extension RandomDay {
  /// The day without one row.
  func dropping(_ row: Int) -> RandomDay {
    var smaller = self
    smaller.entries.remove(at: row)
    return smaller
  }

  /// Drops rows, one by one, as long as `fails` still holds.
  func minimised(while fails: (RandomDay) -> Bool) -> RandomDay {
    var day = self
    var row = 0
    while row < day.entries.count {
      let smaller = day.dropping(row)
      if fails(smaller) {
        day = smaller
        row = 0
      } else {
        row += 1
      }
    }
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
      if entry.couponFen != 0 { keys.append("coupon=\(entry.couponFen)") }
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
    note("limit", \.singleLimitFen)
    note("dailyLimit", \.dailyLimitFen)
    note("surcharge", \.surchargePerHundredThousand)
    note("fees", \.bankFeesFen)
    note("replacements", \.replacements)
    return "  rules: " + (changed.isEmpty ? "default" : changed.joined(separator: " "))
  }

  private var coverageDump: String {
    func text(_ spans: [TimeSpan]) -> String {
      spans.map { "\($0.start.day)..<\($0.end.day)" }.joined(separator: ",")
    }
    let channels = coverage.channels.sorted { $0.key < $1.key }
    return
      (["  covered: ledger \(text(coverage.ledger))"]
      + channels.map { "\($0.key) \(text($0.value))" }).joined(separator: "; ")
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
    }
    let late = sortedWaiting.map { waiting in
      "\(waiting.row) until \(waiting.decidedBy) "
        + (waiting.waitsForLedger ? "(ledger)" : "(channel)")
    }
    return
      (["  " + rows.joined(separator: " ")] + said
      + ["  waiting: " + (late.isEmpty ? "none" : late.joined(separator: ", "))])
      .joined(separator: "\n")
  }
}

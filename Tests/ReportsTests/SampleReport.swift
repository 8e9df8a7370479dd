import Payments
import Reports

/// A small school's 2 November 2026 (a Monday): two duplicate-free WeChat payments, one that never
/// arrived, one paid twice at the bank.
enum Sample {
  static let day = BusinessDay(number: 20_759)

  static func time(_ hour: Int64, _ minute: Int64, _ second: Int64) -> Timestamp {
    day.start.adding(seconds: hour * 3_600 + minute * 60 + second)
  }

  static func report() -> DayReport {
    var report = DayReport(days: day...day, verdict: .unbalanced)
    report.statements = [wechatStatement(), ledgerStatement()]
    report.conservation = [
      ConservationLine(
        side: .channel, source: "wechat", read: Tally(rows: 3, fen: 15_000),
        buckets: [.matched: Tally(rows: 2, fen: 10_000), .anomalous: Tally(rows: 1, fen: 5_000)]),
      ConservationLine(
        side: .ledger, source: "ledger", read: Tally(rows: 3, fen: 11_500),
        buckets: [.matched: Tally(rows: 2, fen: 10_000), .excluded: Tally(rows: 1, fen: 1_500)]),
    ]
    var line = SourceLine(source: "wechat")
    line.payments = Tally(rows: 3, fen: 15_000)
    line.feeFen = 90
    line.credits = Tally(rows: 2, fen: 10_000)
    report.sources = [line]
    report.anomalies = [debited(), mismatch()]
    report.pending = [
      ReportedPending(
        channel: .unknown, channelSerial: nil, merchantOrder: "CC20261102235900",
        ledgerSerial: "L0099", amountFen: 2_000, time: time(23, 59, 0), decidedBy: day.adding(1),
        waitsForLedger: false)
    ]
    report.excluded = [
      ExcludedLine(
        rule: .notTopUp, side: .ledger, source: "ledger", tally: Tally(rows: 1, fen: 1_500))
    ]
    report.rejections = [
      Rejection(
        file: "ledger.csv", line: 77, column: 5, field: "金额", offset: 9_000,
        reason: Wording(zh: "应为两位小数的金额，读到 5O.00", en: "expected an amount, found 5O.00"),
        text: "L0077,2023010188,张三,5O.00",
        known: .init(personal: [span(6, 16, false), span(17, 23, true)]))
    ]
    return report
  }

  static func span(_ from: Int, _ to: Int, _ isName: Bool) -> PersonalSpan {
    PersonalSpan(utf8: from..<to, isName: isName)
  }

  static func debited() -> ReportedAnomaly {
    var anomaly = ReportedAnomaly(
      id: "d-7f3a90", kind: .debitedNotCredited, severity: .loss, amountFen: 5_000,
      owedTo: .student, basis: .single, firstSeen: day)
    anomaly.channel = .wechat
    anomaly.channelSerial = "4200002345202611020000000001"
    anomaly.merchantOrder = "CC20261102100000"
    anomaly.account = "2023010188"
    anomaly.time = time(10, 0, 5)
    anomaly.paidFen = 5_000
    anomaly.evidence = [
      EvidenceLine(
        side: .channel, file: "微信账单.csv", line: 12,
        text: "10:00:05,`4200002345202611020000000001,张三,2023010188,50.00",
        personal: [span(39, 45, true), span(46, 56, false)])
    ]
    return anomaly
  }

  static func mismatch() -> ReportedAnomaly {
    var anomaly = ReportedAnomaly(
      id: "m-11c0de", kind: .amountMismatch, severity: .notice, amountFen: 200, owedTo: .none,
      basis: .order, firstSeen: day.adding(-1))
    anomaly.channel = .icbc
    anomaly.merchantOrder = "CC20261102110000"
    anomaly.ledgerSerial = "L0042"
    anomaly.time = time(11, 0, 0)
    anomaly.explanation = .fee
    anomaly.paidFen = 5_200
    anomaly.creditedFen = 5_000
    anomaly.status = .reopened
    anomaly.evidence = [
      EvidenceLine(side: .ledger, file: "ledger.csv", line: 3, text: "L0042,50.00", personal: [])
    ]
    return anomaly
  }

  static func wechatStatement() -> ReportedStatement {
    var statement = Statement(
      file: "微信账单.csv", sha256: String(repeating: "ab", count: 32), format: "wechat-trade",
      side: .channel, channel: .wechat)
    statement.from = day
    statement.to = day
    statement.read = Tally(rows: 3, fen: 15_000)
    statement.accepted = 3
    statement.totals = [
      ControlTotal(name: "总交易单数", stated: 3, computed: 3, isCount: true),
      ControlTotal(name: "订单总金额", stated: nil, computed: 15_000, isCount: false),
      ControlTotal(name: "订单总金额", stated: 15_000, computed: 15_000, isCount: false),
    ]
    return ReportedStatement(
      statement: statement,
      buckets: [.matched: Tally(rows: 2, fen: 10_000), .anomalous: Tally(rows: 1, fen: 5_000)])
  }

  static func ledgerStatement() -> ReportedStatement {
    var statement = Statement(
      file: "ledger.csv", sha256: String(repeating: "cd", count: 32), format: "card-ledger",
      side: .ledger, channel: .unknown)
    statement.from = day
    statement.to = day
    statement.read = Tally(rows: 3, fen: 11_500)
    statement.accepted = 2
    statement.faults = [
      StatementFault(
        .rowRejected, line: 77, column: "金额",
        detail: Wording(zh: "第 77 行的金额读不出来", en: "line 77 has no readable amount"),
        holds: false, voidsCoverage: false)
    ]
    return ReportedStatement(
      statement: statement,
      buckets: [.matched: Tally(rows: 2, fen: 10_000), .excluded: Tally(rows: 1, fen: 1_500)])
  }

  /// A statement nobody delivered.
  static func missingStatement() -> ReportedStatement {
    var statement = Statement(
      file: "", sha256: "", format: "", side: .channel, channel: .alipay)
    statement.from = day
    statement.to = day
    statement.faults = [
      StatementFault(
        .statementMissing,
        detail: Wording(zh: "请从商家平台下载当日账单", en: "download the day's statement"))
    ]
    return ReportedStatement(statement: statement, buckets: [:])
  }

  /// One open anomaly of every kind.
  static func everyKind(owedTo: OwedTo = .student) -> [ReportedAnomaly] {
    AnomalyKind.allCases.map { kind in
      var anomaly = debited()
      anomaly.id = kind.rawValue
      anomaly.kind = kind
      anomaly.severity = kind.severity
      anomaly.owedTo = owedTo
      anomaly.creditedFen = 4_000
      anomaly.delaySeconds = 320
      anomaly.explanation = kind == .amountMismatch ? Explanation.none : nil
      return anomaly
    }
  }
}

import Payments
import Testing

/// The two judges every settled case is put to.
enum Judge: String, CaseIterable, CustomTestStringConvertible {
  case plain = "oracle"
  case fast = "engine"

  var testDescription: String { rawValue }

  func callAsFunction(_ entries: [Entry], _ coverage: Coverage, _ rules: Rules) -> OracleResult {
    switch self {
    case .plain: oracle(entries, coverage: coverage, rules: rules)
    case .fast: engine(entries, coverage: coverage, rules: rules)
    }
  }
}

/// An amount written as yuan (`50`) or as fen (`.fen(5_001)`).
struct Yuan: ExpressibleByIntegerLiteral {
  var fen: Int64

  init(integerLiteral yuan: Int64) { fen = yuan * 100 }

  private init(wholeFen: Int64) { fen = wholeFen }

  static func fen(_ fen: Int64) -> Yuan { Yuan(wholeFen: fen) }
}

/// Which statements were accepted. The day of every case is Tuesday 2026-03-10.
enum Accepted {
  /// Yesterday, today, tomorrow and the day after, of the ledger and every usual channel.
  case allDays
  /// Today alone.
  case today
  /// Today's channels, but no ledger.
  case noLedger
  /// Today's ledger, but no channel.
  case noChannel

  var coverage: Coverage {
    let today = RandomDay.firstDay
    let span =
      self == .allDays
      ? TimeSpan(first: today.adding(-1), last: today.adding(2))
      : TimeSpan(first: today, last: today)
    let channels: [Channel] = [.wechat, .alipay, .unionpay, .ccb, .icbc]
    return Coverage(
      ledger: self == .noLedger ? [] : [span],
      channels: self == .noChannel
        ? [:] : Dictionary(channels.map { ($0, [span]) }, uniquingKeysWith: { first, _ in first }))
  }
}

/// Puts a case to a judge and compares all it says.
///
/// A finding reads `kind amount → owedTo (explanation) by basis about row`; rows count from 0 in
/// the order written. `waits` reads `row until day`.
func expect(
  _ judge: Judge, _ rows: [Entry], says expected: [String] = [], buckets: [Bucket],
  waits: [String] = [], accepted: Accepted = .allDays, rules: Rules = Rules(),
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var entries = rows
  for row in entries.indices {
    entries[row].line = UInt32(row + 2)
    let needsSerial = entries[row].side == .ledger && entries[row].own == 0
    if needsSerial { entries[row].own = key("ledger serial of row \(row)") }
  }
  let result = judge(entries, accepted.coverage, rules)
  #expect(result.said.sorted() == expected.sorted(), sourceLocation: sourceLocation)
  #expect(result.buckets == buckets, sourceLocation: sourceLocation)
  #expect(
    result.sortedWaiting.map { "\($0.row) until \($0.decidedBy)" } == waits,
    sourceLocation: sourceLocation)
}

extension OracleResult {
  /// The findings as one line each.
  var said: [String] {
    findings.map { finding in
      "\(finding.kind.rawValue) \(Money(fen: finding.amountFen)) → \(finding.owedTo)"
        + (finding.explanation.map { " (\($0))" } ?? "")
        + " by \(finding.basis) about \(finding.subject)"
        + finding.parties.map { ", row \($0.row) \(Money(fen: $0.fen))" }.joined()
    }
  }
}

// MARK: Rows

/// The fingerprint of a key (FNV-1a); an empty text is no key.
func key(_ text: String) -> KeyHash {
  guard !text.isEmpty else { return 0 }
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in text.utf8 {
    hash ^= UInt64(byte)
    hash = hash &* 0x100_0000_01B3
  }
  return hash
}

/// `HH:mm:ss` of the case's day, or `+1 HH:mm:ss` of a later (or earlier) one.
func moment(_ text: String) -> Int64 {
  let parts = text.split(separator: " ")
  let days = parts.count == 2 ? Int32(parts[0]) ?? 0 : 0
  let clock = (parts.last ?? "").split(separator: ":").compactMap { Int64($0) }
  precondition(clock.count == 3, "a time reads HH:mm:ss")
  return RandomDay.firstDay.adding(days).start.seconds + clock[0] * 3_600 + clock[1] * 60
    + clock[2]
}

/// A row of either book; the functions below name the kinds.
private func row(
  _ kind: EntryKind, _ amount: Yuan, _ time: String, _ channel: Channel, _ keys: RowKeys
) -> Entry {
  Entry(
    kind: kind, channel: channel, fen: amount.fen, time: moment(time), order: key(keys.order),
    serial: key(keys.serial), own: key(keys.own), account: key(keys.account),
    student: key(keys.student), payer: key(keys.payer), original: key(keys.original))
}

private struct RowKeys {
  var order = ""
  var serial = ""
  var own = ""
  var account = ""
  var student = ""
  var payer = ""
  var original = ""
}

/// A successful payment at the channel.
func payment(
  _ amount: Yuan, at time: String, _ channel: Channel = .wechat, order: String = "",
  serial: String = "", own: String = "", account: String = "", student: String = "",
  payer: String = "", coupon: Yuan = 0
) -> Entry {
  var entry = row(
    .payment, amount, time, channel,
    RowKeys(
      order: order, serial: serial, own: own, account: account, student: student, payer: payer))
  entry.couponFen = coupon.fen
  return entry
}

/// A payment that did not succeed.
func failedPayment(
  _ amount: Yuan, at time: String, order: String = "", serial: String = ""
) -> Entry {
  row(.failedPayment, amount, time, .wechat, RowKeys(order: order, serial: serial))
}

/// Money the channel gave back; `serial` is the payment's, `own` the refund's.
func refund(
  _ amount: Yuan, at time: String, _ channel: Channel = .wechat, order: String = "",
  serial: String = "", own: String = "", account: String = "", original: String = ""
) -> Entry {
  row(
    .refund, amount, time, channel,
    RowKeys(order: order, serial: serial, own: own, account: account, original: original))
}

/// Money put on a card; `serial` is the channel serial the ledger quotes.
func credit(
  _ amount: Yuan, at time: String, _ channel: Channel = .wechat, order: String = "",
  serial: String = "", account: String = "", student: String = "", own: String = ""
) -> Entry {
  row(
    .credit, amount, time, channel,
    RowKeys(order: order, serial: serial, own: own, account: account, student: student))
}

/// Money put on a card by hand.
func manualCredit(
  _ amount: Yuan, at time: String, order: String = "", account: String = ""
) -> Entry {
  row(.manualCredit, amount, time, .wechat, RowKeys(order: order, account: account))
}

/// Money taken back off a card; `original` is the ledger serial it reverses.
func reversal(
  _ amount: Yuan, at time: String, order: String = "", account: String = "", original: String = ""
) -> Entry {
  row(
    .reversal, amount, time, .wechat,
    RowKeys(order: order, account: account, original: original))
}

/// A top-up the card system did not post.
func unposted(_ amount: Yuan, at time: String, order: String = "") -> Entry {
  row(.unpostedCredit, amount, time, .wechat, RowKeys(order: order))
}

/// Money moving off a lost card.
func transferOut(_ amount: Yuan, at time: String, account: String, own: String) -> Entry {
  row(.transferOut, amount, time, .unknown, RowKeys(own: own, account: account))
}

/// The same money moving onto its replacement.
func transferIn(
  _ amount: Yuan, at time: String, account: String, student: String = "", original: String
) -> Entry {
  row(
    .transferIn, amount, time, .unknown,
    RowKeys(account: account, student: student, original: original))
}

/// A row set aside by a rule of its layout.
func excluded(_ amount: Yuan, at time: String, by rule: ExclusionRule) -> Entry {
  var entry = row(.excluded, amount, time, .unknown, RowKeys())
  entry.rule = rule
  return entry
}

/// A row that could not be used but whose keys can be read.
func held(_ amount: Yuan, at time: String, order: String = "", serial: String = "") -> Entry {
  row(.held, amount, time, .wechat, RowKeys(order: order, serial: serial))
}

import CampusSimulator
import Foundation

/// What a report says held against what was planted: by kind, amount and serials.
struct Score: Sendable {
  var planted: [String: Int] = [:]
  var found: [String: Int] = [:]
  var matched: [String: Int] = [:]
  /// Every disagreement as a sentence.
  var complaints: [String] = []

  init() {}

  init(_ report: ReportFile, _ truth: Truth, name: String) {
    var missed = truth.anomalies
    for anomaly in report.anomalies {
      found[anomaly.kind, default: 0] += 1
      if let place = missed.firstIndex(where: { $0.agrees(with: anomaly) }) {
        missed.remove(at: place)
        matched[anomaly.kind, default: 0] += 1
      } else {
        complaints.append("\(name): invented \(anomaly.told)")
      }
    }
    for anomaly in truth.anomalies { planted[anomaly.kind, default: 0] += 1 }
    complaints += missed.map { "\(name): missed \($0.told)" }
    comparePending(report, truth, name)
  }

  private mutating func comparePending(_ report: ReportFile, _ truth: Truth, _ name: String) {
    let kind = "(pending)"
    var missed = truth.pending
    for item in report.pending {
      found[kind, default: 0] += 1
      if let place = missed.firstIndex(where: { $0.agrees(with: item) }) {
        missed.remove(at: place)
        matched[kind, default: 0] += 1
      } else {
        complaints.append("\(name): pending for nothing \(item)")
      }
    }
    planted[kind, default: 0] += truth.pending.count
    complaints += missed.map { "\(name): not pending \($0.row) \($0.note) \($0.time)" }
  }

  mutating func add(_ other: Score) {
    planted.merge(other.planted, uniquingKeysWith: +)
    found.merge(other.found, uniquingKeysWith: +)
    matched.merge(other.matched, uniquingKeysWith: +)
    complaints += other.complaints
  }

  func precision(_ kind: String) -> (right: Int, of: Int) {
    (matched[kind] ?? 0, found[kind] ?? 0)
  }

  func recall(_ kind: String) -> (right: Int, of: Int) {
    (matched[kind] ?? 0, planted[kind] ?? 0)
  }

  /// Whether recall and precision of a kind are at least so many in a thousand.
  func reaches(_ thousandths: Int, _ kind: String) -> Bool {
    [precision(kind), recall(kind)].allSatisfy { $0.right * 1_000 >= $0.of * thousandths }
  }

  /// Kinds that were planted or found.
  var kinds: [String] { Set(planted.keys).union(found.keys).sorted() }

  /// A line for each kind: planted, found, invented, missed, recall, precision.
  var table: String {
    func cell(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    /// Five decimals, rounded down: only what is whole is 1.
    func ratio(_ part: (right: Int, of: Int)) -> String {
      if part.right == part.of { return "1" }
      let digits = String(part.right * 100_000 / part.of)
      return "0." + String(repeating: "0", count: 5 - digits.count) + digits
    }
    let heads = ["planted", "found", "invented", "missed", "recall", "precision"]
    let head = "kind".padded(to: 28) + heads.map { cell($0, 11) }.joined()
    let lines = kinds.map { kind in
      let (all, seen, right) = (planted[kind] ?? 0, found[kind] ?? 0, matched[kind] ?? 0)
      let cells = [
        "\(all)", "\(seen)", "\(seen - right)", "\(all - right)", ratio(recall(kind)),
        ratio(precision(kind)),
      ]
      return kind.padded(to: 28) + cells.map { cell($0, 11) }.joined()
    }
    return ([head] + lines).joined(separator: "\n")
  }
}

extension String {
  /// Without what keeps spreadsheets away from a number.
  fileprivate var unguarded: String {
    trimmingCharacters(in: CharacterSet(charactersIn: "'\t \u{00A0}\u{200B}"))
  }

  /// A person's number as it is the same on both sides: capital letters, no leading zeros.
  fileprivate var bareNumber: String { String(unguarded.uppercased().drop { $0 == "0" }) }

  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

extension PlantedAnomaly {
  var told: String {
    "\(kind) (\(plant)) \(amountFen) fen \(channelSerial ?? "-") \(merchantOrder ?? "-")"
      + " \(ledgerSerials) \(refundSerial ?? "-") \(explanation ?? "") \(account) \(card)"
      + (owedTo.map { ", owed to \($0)" } ?? "")
  }

  /// Whether a reported anomaly is this one: same kind, reason, amount, serials and person.
  func agrees(with other: ReportFile.Anomaly) -> Bool {
    kind == other.kind && explanation == other.explanation && amountFen == other.amountFen
      && isPayment(other.channelSerial) && merchantOrder == other.merchantOrder?.unguarded
      && refundSerial == other.refundSerial && isLedgerRow(other.ledgerSerial)
      && isPerson(other.account) && (owedTo ?? other.owedTo) == other.owedTo
      && isShared(other.parties)
  }

  /// Who is owed what, where the sheet says it: the same people, in any order.
  private func isShared(_ shares: [ReportFile.Party]) -> Bool {
    guard let parties else { return true }
    return parties.count == shares.count
      && parties.allSatisfy { party in
        shares.contains { share in
          share.fen == party.fen
            && [party.account, party.card].contains { $0.bareNumber == share.account?.bareNumber }
        }
      }
  }

  /// A bank's refund line does not say whose payment it returns: an orphan's is nobody's.
  private func isPayment(_ serial: String?) -> Bool {
    let isUntold = serial == nil && kind == "orphan-refund" && ["ccb", "boc"].contains(channel)
    return serial == channelSerial || isUntold
  }

  /// Where the sheet names no ledger row, the report may name one of the case's own.
  private func isLedgerRow(_ serial: String?) -> Bool {
    guard let serial else { return ledgerSerials.isEmpty }
    return (ledgerSerials.isEmpty ? rowSerials : ledgerSerials).contains(serial)
  }

  /// Who topped up; a wrong account is told by where the money went.
  private func isPerson(_ number: String?) -> Bool {
    guard let number = number?.bareNumber else { return true }
    return [account, card].contains { $0.bareNumber == number } == (kind != "wrong-account")
  }
}

extension PlantedPending {
  func agrees(with other: ReportFile.Pending) -> Bool {
    amountFen == other.amountFen && time == other.time && channelSerial == other.channelSerial
      && merchantOrder == other.merchantOrder?.unguarded
      && (other.ledgerSerial.map { ledgerSerials == [$0] } ?? ledgerSerials.isEmpty)
  }
}

extension ReportFile.Anomaly {
  var told: String {
    "\(kind) \(amountFen) fen \(channelSerial ?? "-") \(merchantOrder ?? "-")"
      + " \(ledgerSerial ?? "-") \(refundSerial ?? "-") \(explanation ?? "") \(account ?? "-")"
      + ", owed to \(owedTo)" + parties.map { " \($0.account ?? "-"): \($0.fen)" }.joined()
  }
}

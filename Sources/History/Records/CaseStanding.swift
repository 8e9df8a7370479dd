internal import Files
internal import Foundation
public import Payments

/// How a case stands by the decisions about it (Nights, "What people do about cases").
struct CaseStanding {
  /// What counts of a decision.
  struct Step {
    var outcome: Decision.Outcome
    /// How much of the case it is about; nil for all that was left.
    var fen: Int64?
    /// How much money it moved; nil where that is not known.
    var movedFen: Int64?
    var caseFen: Int64?
    var caseEvidence: String?
  }

  private(set) var status = AnomalyStatus.open
  private(set) var doneFen: Int64 = 0
  private(set) var change: CaseProgress.Change?
  /// What was given back and is not seen in the case's amount yet, in fen.
  private(set) var refundedFen: Int64 = 0
  /// What was given back since the case was opened.
  private var refunds: [Int64] = []
  /// What it is while something is left to do.
  private var unresolved = AnomalyStatus.open
  private let fen: Int64
  private let evidence: String?

  /// - Parameters:
  ///   - fen: the case's amount now.
  ///   - evidence: the fingerprint of its evidence now; nil where that is not known.
  init(fen: Int64, evidence: String?, _ steps: [Step]) {
    (self.fen, self.evidence) = (fen, evidence)
    let since = steps.lastIndex { $0.outcome == .reopened }
    if since != nil { (status, unresolved) = (.reopened, .reopened) }
    let steps = steps[(since.map { $0 + 1 } ?? 0)...].filter(\.outcome.settles)
    refunds = steps.filter { $0.outcome == .refunded }.compactMap { $0.movedFen ?? $0.fen }
    var shown: Int64 = 0
    for step in steps {
      // Somebody at it again, or a note, changes nothing: only what settles is gone through.
      guard let seen = seen(step) else { continue }
      shown = max(shown, seen)
      change = nil
      let left = fen + shown - doneFen
      let part = min(step.fen ?? left, left)
      doneFen += part
      if step.outcome == .refunded { refundedFen += part }
      status = part == left ? .resolved : unresolved
    }
    (doneFen, refundedFen) = (max(0, doneFen - shown), max(0, refundedFen - shown))
  }

  /// What of the money given back the case's amount shows since a decision: nothing where the case is what it
  /// was.
  ///
  /// - Returns: nil, and the case is reopened, where it is not as it was when somebody decided.
  private mutating func seen(_ step: Step) -> Int64? {
    let less = (step.caseFen ?? fen) - fen
    let isOther = step.caseEvidence.map { then in evidence.map { $0 != then } ?? false } ?? false
    if less > 0, isOther || evidence == nil, isSum(less) { return less }
    guard less != 0 || isOther else { return 0 }
    (status, unresolved, doneFen, refundedFen) = (.reopened, .reopened, 0, 0)
    change = less != 0 ? .amount : .evidence
    return nil
  }

  /// Whether some of what was given back are just an amount.
  private func isSum(_ fen: Int64) -> Bool {
    var sums: Set<Int64> = [0]
    // Nobody gives a payment back in more than a few parts; their sums double with each.
    for part in refunds.prefix(12) { sums.formUnion(sums.map { $0 + part }) }
    return sums.contains(fen)
  }
}

extension CaseStanding.Step {
  init(_ decision: Decision) {
    self.init(
      outcome: decision.outcome, fen: decision.amountFen, movedFen: decision.movedFen,
      caseFen: decision.caseFen, caseEvidence: decision.caseEvidence)
  }
}

extension ReportedAnomaly {
  /// A fingerprint of its rows, by book and text: the same rows in another file, or in another order, are the
  /// same evidence.
  public var evidenceMark: String {
    var checksum = Checksum()
    for line in evidence.map({ $0.side.rawValue + "\n" + $0.text + "\n" }).sorted() {
      checksum.update(line)
    }
    return String(checksum.hexadecimal.prefix(16))
  }

  /// Lets decisions about it, in the order they were recorded, say how it stands; a case that later statements
  /// closed is closed.
  mutating func take(_ decisions: [(number: Int64, decision: Decision)]) {
    guard !decisions.isEmpty else { return }
    progress.decisions = decisions.map { CaseDecision($0.decision, number: $0.number) }
    guard status != .closed else { return }
    let standing = CaseStanding(
      fen: amountFen, evidence: evidenceMark,
      decisions.map { CaseStanding.Step($0.decision) })
    status = standing.status
    progress.doneFen = standing.status == .resolved ? 0 : standing.doneFen
    progress.change = standing.change
    progress.refundedFen = standing.refundedFen
    // Of what was done before it was reopened nothing counts.
    let counting = decisions.map(\.decision).reversed().prefix { $0.outcome != .reopened }
    progress.refundDay =
      counting.filter { $0.outcome == .refunded }.map { $0.day ?? $0.time.day }.max()
  }
}

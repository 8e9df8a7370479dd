internal import Files
internal import Foundation
public import Payments

/// How a case stands by the decisions about it (Nights, "What people do about cases").
struct CaseStanding {
  /// What counts of a decision.
  struct Step {
    var number: Int64
    var outcome: Decision.Outcome
    /// How much of the case it is about; nil for all that was left.
    var fen: Int64?
    var caseFen: Int64?
    var caseEvidence: String?
  }

  private(set) var status = AnomalyStatus.open
  private(set) var doneFen: Int64 = 0
  private(set) var change: CaseProgress.Change?
  /// The outcome that resolved it.
  private(set) var outcome: Decision.Outcome?

  /// - Parameters:
  ///   - fen: the case's amount now.
  ///   - evidence: the fingerprint of its evidence now; nil where that is not known.
  init(fen: Int64, evidence: String?, _ steps: [Step]) {
    for step in steps {
      switch step.outcome {
      case .note: continue
      case .inProgress, .awaitingPerson:
        // Somebody is at it again: what was reopened need not be told any more.
        continue
      case .reopened: (status, doneFen, change, outcome) = (.reopened, 0, nil, nil)
      case .refunded, .credited, .corrected, .writtenOff, .notAnError:
        if let changed = changed(step, fen, evidence) {
          (status, doneFen, change, outcome) = (.reopened, 0, changed, nil)
          continue
        }
        change = nil
        if let part = step.fen, part < fen - doneFen {
          doneFen += part
        } else {
          (status, doneFen, outcome) = (.resolved, fen, step.outcome)
        }
      }
    }
  }

  /// What is not any more as it was when somebody decided.
  private func changed(
    _ step: Step, _ fen: Int64, _ evidence: String?
  ) -> CaseProgress.Change? {
    if let then = step.caseFen, then != fen { return .amount }
    if let then = step.caseEvidence, let evidence, then != evidence { return .evidence }
    return nil
  }
}

extension CaseStanding.Step {
  init(_ decision: Decision, number: Int64) {
    self.init(
      number: number, outcome: decision.outcome, fen: decision.amountFen,
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
      decisions.map { CaseStanding.Step($0.decision, number: $0.number) })
    status = standing.status
    progress.doneFen = standing.status == .resolved ? 0 : standing.doneFen
    progress.change = standing.change
  }
}

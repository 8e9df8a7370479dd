public import Payments

/// What a person did about an anomaly.
public struct Decision: Codable, Hashable, Sendable {
  /// What was done.
  public typealias Outcome = DecisionOutcome

  /// The anomaly's id.
  public var anomaly: String
  /// What was done.
  public var outcome: Outcome
  /// Who did it.
  public var who: String
  /// Who checked it; nil when nobody did.
  public var reviewer: String?
  /// Who is to go on with it; nil for who did it.
  public var assignee: String?
  /// In words.
  public var note: String?
  /// Number of the voucher.
  public var document: String?
  /// How much of the case it is about, in fen; nil for all that was left.
  public var amountFen: Int64?
  /// The day it was done, when that is known.
  public var day: BusinessDay?
  /// When it was recorded.
  public var time: Timestamp
  /// How much money it moved or gave up, in fen; nil where it moves none, and in decisions of before.
  public var movedFen: Int64?
  /// The case's amount when it was recorded; nil in decisions of before.
  public var caseFen: Int64?
  /// The fingerprint of the case's evidence then (``Payments/ReportedAnomaly/evidenceMark``).
  public var caseEvidence: String?

  /// Describes a decision.
  public init(
    anomaly: String, outcome: Outcome, who: String, reviewer: String? = nil, note: String? = nil,
    document: String? = nil, day: BusinessDay? = nil, time: Timestamp
  ) {
    self.day = day
    self.anomaly = anomaly
    self.outcome = outcome
    self.who = who
    self.reviewer = reviewer
    self.note = note
    self.document = document
    self.time = time
  }

  /// The same as nobody has recorded it yet: without when, and without what the case was then.
  public var asGiven: Decision {
    var given = self
    given.time = Timestamp(seconds: 0)
    (given.movedFen, given.caseFen, given.caseEvidence) = (nil, nil, nil)
    return given
  }
}

extension CaseDecision {
  /// A recorded decision as reports tell it.
  public init(_ decision: Decision, number: Int64) {
    self.init(
      number: number, anomaly: decision.anomaly, outcome: decision.outcome, who: decision.who,
      time: decision.time)
    (amountFen, day) = (decision.movedFen ?? decision.amountFen, decision.day)
    (reviewer, note, document) = (decision.reviewer, decision.note, decision.document)
    if decision.outcome == .inProgress { assignee = decision.assignee ?? decision.who }
  }
}

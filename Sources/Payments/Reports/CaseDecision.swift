/// What a person did about a case.
public enum DecisionOutcome: String, Codable, Hashable, Sendable, CaseIterable {
  case refunded, credited, corrected
  case writtenOff = "written-off"
  case notAnError = "not-an-error"
  /// Somebody is at it.
  case inProgress = "in-progress"
  /// The person concerned has to come or to answer.
  case awaitingPerson = "awaiting-person"
  case reopened
  /// Something worth knowing; the case stands as it stood.
  case note

  /// What it is called.
  public var label: Wording {
    switch self {
    case .refunded: Wording(zh: "已退款", en: "refunded")
    case .credited: Wording(zh: "已补入账", en: "credited")
    case .corrected: Wording(zh: "已更正", en: "corrected")
    case .writtenOff: Wording(zh: "已核销", en: "written off")
    case .notAnError: Wording(zh: "不是差错", en: "not an error")
    case .inProgress: Wording(zh: "跟进中", en: "in progress")
    case .awaitingPerson: Wording(zh: "待本人", en: "awaiting the person")
    case .reopened: Wording(zh: "重新打开", en: "reopened")
    case .note: Wording(zh: "备注", en: "note")
    }
  }

  /// Whether it ends the case, or its part of it.
  public var settles: Bool {
    switch self {
    case .refunded, .credited, .corrected, .writtenOff, .notAnError: true
    case .inProgress, .awaitingPerson, .reopened, .note: false
    }
  }

  /// Whether money moves or is given up, which needs a voucher.
  public var movesMoney: Bool { settles && self != .notAnError }
}

/// What a person did about a case, as reports tell it.
public struct CaseDecision: Hashable, Sendable {
  /// Its number: decisions are counted from 1 in the order they were recorded.
  public var number: Int64
  /// Id of the case.
  public var anomaly: String
  /// What was done.
  public var outcome: DecisionOutcome
  /// How much money it moved or gave up, in fen; nil where it moves none, or where that was not recorded.
  public var amountFen: Int64?
  /// Who did it.
  public var who: String
  /// Who is to go on with it.
  public var assignee: String?
  /// Who checked it.
  public var reviewer: String?
  /// In words.
  public var note: String?
  /// Number of the voucher.
  public var document: String?
  /// The day it was done, when that is known.
  public var day: BusinessDay?
  /// When it was recorded.
  public var time: Timestamp

  /// Describes a decision by what it always has.
  public init(
    number: Int64, anomaly: String, outcome: DecisionOutcome, who: String, time: Timestamp
  ) {
    (self.number, self.anomaly, self.outcome) = (number, anomaly, outcome)
    (self.who, self.time) = (who, time)
  }
}

/// The last decision that a report knows of.
public struct DecisionMark: Hashable, Sendable {
  /// How many decisions were recorded by then; 0 for none.
  public var number: Int64
  /// When the last of them was recorded.
  public var time: Timestamp?

  /// Knows of none unless told.
  public init(number: Int64 = 0, time: Timestamp? = nil) {
    (self.number, self.time) = (number, time)
  }
}

/// How a case stands by what people did about it.
public struct CaseProgress: Hashable, Sendable {
  /// Every decision about it that the report knows of, in the order they were recorded.
  public var decisions: [CaseDecision] = []
  /// What is done of it already while the rest is open, in fen.
  public var doneFen: Int64 = 0
  /// What people gave back of it and no bill has shown yet, in fen.
  public var refundedFen: Int64 = 0
  /// The last day a person gave something of it back.
  public var refundDay: BusinessDay?
  /// What has changed since it was resolved, so that it is open again.
  public var change: Change?

  /// What changed of a case.
  public enum Change: String, Hashable, Sendable {
    case amount, evidence
  }

  /// Nothing was done.
  public init() {}

  /// The last decision that is more than a note.
  public var last: CaseDecision? { decisions.last { $0.outcome != .note } }
}

extension ReportedAnomaly {
  /// What is left of it to do, in fen.
  public var leftFen: Int64 { amountFen - progress.doneFen }
}

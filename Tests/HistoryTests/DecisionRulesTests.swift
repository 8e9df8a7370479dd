import Payments
import Testing

@testable import History

/// Who may decide what, and with which papers: the same from the command line, a sheet or a program.
@Suite("Decision rules")
struct DecisionRulesTests {
  private static let day = BusinessDay(number: 20_000)

  private func decision(
    _ outcome: Decision.Outcome = .refunded, who: String = "王会计", reviewer: String? = nil,
    document: String? = "2026-1107", day: BusinessDay? = nil
  ) -> Decision {
    Decision(
      anomaly: "dd-1", outcome: outcome, who: who, reviewer: reviewer, document: document,
      day: day, time: Self.day.start)
  }

  private func anomaly(_ status: AnomalyStatus = .open) -> ReportedAnomaly {
    var anomaly = ReportedAnomaly(
      id: "dd-1", kind: .duplicateDebit, severity: .loss, amountFen: 5_000, owedTo: .student,
      basis: .order, firstSeen: Self.day)
    anomaly.status = status
    return anomaly
  }

  private func fields(
    _ decision: Decision, _ status: AnomalyStatus? = .open, needsReview: Bool = false
  ) -> [DecisionRules.Field] {
    DecisionRules(needsReview: needsReview)
      .problems(of: decision.tidied, about: status.map(anomaly)).map(\.field)
  }

  @Test("Wherever money moves or is given up a voucher is needed, and nowhere else")
  func vouchers() {
    for outcome in Decision.Outcome.allCases where outcome != .note {
      let status: AnomalyStatus = outcome == .reopened ? .resolved : .open
      let needsVoucher =
        ![.notAnError, .reopened, .inProgress, .awaitingPerson].contains(outcome)
      for none in [nil, "", "  ", "\u{3000}\u{200B}"] {
        #expect(
          fields(decision(outcome, document: none), status) == (needsVoucher ? [.document] : []))
      }
      #expect(fields(decision(outcome), status) == [])
    }
  }

  @Test("A note needs words and changes nothing; only what is in progress is somebody's")
  func notes() {
    var note = decision(.note, document: nil)
    #expect(fields(note) == [.note])
    note.note = "问过本人"
    for status in [AnomalyStatus.open, .resolved, .closed, .reopened] {
      #expect(fields(note, status, needsReview: true) == [])
    }
    var mine = decision(.inProgress, document: nil)
    mine.assignee = "李会计"
    #expect(fields(mine, needsReview: true) == [])
    mine.outcome = .awaitingPerson
    #expect(fields(mine) == [.assignee])
  }

  @Test("A part is more than nothing and at most what is left")
  func parts() {
    for (fen, isRight) in [
      (Int64(1), true), (5_000, true), (0, false), (5_001, false), (-1, false),
    ] {
      var part = decision()
      part.amountFen = fen
      #expect(fields(part) == (isRight ? [] : [.amount]), "\(fen)")
    }
    var nothing = decision(.notAnError, document: nil)
    nothing.amountFen = 100
    #expect(fields(nothing) == [.amount])
  }

  @Test("Nobody decides without a name", arguments: ["", " ", "\t\u{3000}", "\u{200B}\u{FEFF}"])
  func names(who: String) {
    #expect(fields(decision(who: who)) == [.who])
  }

  @Test(
    "Who checks is somebody else, however the name is typed",
    arguments: [
      ("王会计", "王会计"), ("王会计", " 王会计 "), ("Li Ming", "LI MING"), ("Li Ming", "ｌｉ　ｍｉｎｇ"),
      ("liming", "Li\u{200B}Ming"),
    ])
  func reviewers(who: String, reviewer: String) {
    #expect(fields(decision(who: who, reviewer: reviewer)) == [.reviewer])
    #expect(fields(decision(who: who, reviewer: "李主任"), needsReview: true) == [])
  }

  @Test("A second person is demanded where the school wants one; a blank is nobody")
  func review() {
    for nobody in [nil, "", " \u{3000}"] {
      #expect(fields(decision(reviewer: nobody), needsReview: true) == [.reviewer])
      #expect(fields(decision(reviewer: nobody)) == [])
    }
  }

  @Test("What is decided is reopened before it is decided again")
  func states() {
    for status in [AnomalyStatus.open, .reopened] {
      #expect(fields(decision(), status) == [])
      #expect(fields(decision(.reopened), status) == [.outcome])
    }
    #expect(fields(decision(), .resolved) == [.outcome])
    #expect(fields(decision(.reopened), .resolved) == [])
    // What statements closed is not a person's to open.
    for outcome in Decision.Outcome.allCases where outcome != .note {
      #expect(fields(decision(outcome), .closed) == [.outcome])
    }
    var note = decision(.note, document: nil)
    note.note = "问过本人"
    #expect(fields(note, .closed) == [])
    #expect(fields(decision(), nil) == [.anomaly])
  }

  @Test("A day that has not come is no day on which anything was done")
  func days() {
    #expect(fields(decision(day: Self.day)) == [])
    #expect(fields(decision(day: Self.day.adding(1))) == [.day])
  }

  @Test("Everything that is wrong is said at once")
  func all() {
    let bad = decision(who: " ", document: nil, day: Self.day.adding(1))
    #expect(fields(bad, nil, needsReview: true) == [.who, .reviewer, .document, .day, .anomaly])
  }

  @Test("Texts are kept without blanks around them")
  func tidied() {
    var given = decision(who: " 王 会计\u{3000}", reviewer: "\t李主任 ", document: " ")
    given.note = "\u{200B}"
    let tidied = given.tidied
    #expect(tidied.who == "王 会计" && tidied.reviewer == "李主任")
    #expect(tidied.document == nil && tidied.note == nil)
  }
}

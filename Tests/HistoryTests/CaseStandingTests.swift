import Payments
import Testing

@testable import History

@Suite("How a case stands by what people did")
struct CaseStandingTests {
  private func step(
    _ outcome: Decision.Outcome, part: Int64? = nil, of fen: Int64? = 5_000,
    _ evidence: String? = "e"
  ) -> CaseStanding.Step {
    CaseStanding.Step(
      outcome: outcome, fen: part, movedFen: outcome.movesMoney ? part ?? fen : nil,
      caseFen: outcome.settles ? fen : nil,
      caseEvidence: outcome.settles ? evidence : nil)
  }

  private func stand(
    _ steps: [CaseStanding.Step], fen: Int64 = 5_000, _ evidence: String? = "e"
  ) -> CaseStanding {
    CaseStanding(fen: fen, evidence: evidence, steps)
  }

  @Test("Nobody has done anything, or somebody is at it: it is open")
  func open() {
    #expect(stand([]).status == .open)
    #expect(stand([step(.inProgress), step(.note), step(.awaitingPerson)]).status == .open)
  }

  @Test("Whatever ends it resolves it, until it is reopened")
  func resolved() {
    for outcome in Decision.Outcome.allCases where outcome.settles {
      #expect(stand([step(outcome)]).status == .resolved)
      #expect(stand([step(outcome), step(.note)]).status == .resolved)
      #expect(stand([step(outcome), step(.reopened)]).status == .reopened)
      #expect(stand([step(outcome), step(.reopened), step(outcome)]).status == .resolved)
    }
  }

  @Test("Parts are added up; all of them resolve it")
  func parts() {
    let first = stand([step(.refunded, part: 2_000)])
    #expect(first.status == .open && first.doneFen == 2_000)
    #expect(
      stand([step(.refunded, part: 2_000), step(.credited, part: 3_000)]).status == .resolved)
    #expect(stand([step(.refunded, part: 2_000), step(.credited)]).status == .resolved)
    #expect(stand([step(.refunded, part: 2_000), step(.reopened)]).doneFen == 0)
  }

  @Test(
    "Another amount or other evidence reopens it; what is decided about these resolves it again")
  func changed() {
    let amount = stand([step(.refunded)], fen: 3_000)
    #expect(amount.status == .reopened && amount.change == .amount)
    let evidence = stand([step(.refunded)], "other")
    #expect(evidence.status == .reopened && evidence.change == .evidence)
    let again = stand([step(.refunded), step(.credited, of: 3_000)], fen: 3_000)
    #expect(again.status == .resolved && again.change == nil)
    // A part of what it was is no part of what it is.
    #expect(stand([step(.refunded, part: 2_000)], fen: 3_000).doneFen == 0)
    // Nor where the rows are the same: no refund can have come in.
    #expect(stand([step(.refunded, part: 2_000)], fen: 3_000).change == .amount)
    // Nothing is known to have changed of what was recorded before that was kept.
    #expect(stand([step(.refunded, of: nil, nil)], fen: 3_000, "other").status == .resolved)
    #expect(stand([step(.refunded)], nil).status == .resolved)
  }

  @Test("A part given back that the bill shows is seen, not done twice; the rest still counts")
  func shown() {
    let parts = [step(.refunded, part: 2_000), step(.credited, part: 3_000)]
    #expect(stand(parts).refundedFen == 2_000)
    let seen = stand(parts, fen: 3_000, "with the refund")
    #expect(seen.status == .resolved && seen.refundedFen == 0 && seen.change == nil)
    let half = stand([parts[0]], fen: 3_000, "with the refund")
    #expect(half.status == .open && half.doneFen == 0 && half.change == nil)
    // Decided about what was left then.
    let rest = [parts[0], step(.credited, of: 3_000, "with the refund")]
    #expect(stand(rest, fen: 3_000, "with the refund").status == .resolved)
    // One of two.
    let two = [step(.refunded, part: 2_000), step(.refunded, part: 1_000)]
    let one = stand(two, fen: 4_000, "with the refund")
    #expect(one.status == .open && one.doneFen == 2_000 && one.refundedFen == 2_000)
    // Another amount than any that was given back.
    #expect(stand(two, fen: 3_500, "with another refund").change == .amount)
    #expect(stand(two, fen: 6_000, "more").change == .amount)
    // What was reopened by hand starts anew.
    #expect(
      stand(parts + [step(.reopened)], fen: 3_000, "with the refund").status == .reopened)
  }

  @Test("What was given back and no bill shows is known, whatever else was done")
  func refunded() {
    #expect(stand([step(.refunded)]).refundedFen == 5_000)
    #expect(stand([step(.refunded, part: 2_000), step(.writtenOff)]).refundedFen == 2_000)
    #expect(stand([step(.credited)]).refundedFen == 0)
    #expect(stand([step(.refunded), step(.reopened)]).refundedFen == 0)
    #expect(stand([step(.refunded)], fen: 3_000, "other").refundedFen == 0)
  }
}

import CampusSimulator
import Foundation
import Payments
import Testing

/// Found, invented and missed over many simulated days: the program against the answer sheets.
@Suite("Accuracy over simulated school days")
struct AccuracyTests {
  /// What nobody can leave undone: each of them must be found, and nothing else called so.
  private static let core = ["debited-not-credited", "duplicate-debit", "amount-mismatch"]

  @Test(
    "Recall and precision are 1 for the core kinds, at least 0.99 for each",
    .timeLimit(.minutes(10)))
  func accuracy() async throws {
    var score = Score()
    for run in try await SimulatedRuns.all.value {
      score.add(Score(try ReportFile(run.json), run.truth, name: run.name))
    }
    print("\(SimulatedRuns.count) calls of `cardrecon check`\n" + score.table)
    for complaint in score.complaints { print("↳ \(complaint)") }
    for kind in score.kinds {
      let isCore = Self.core.contains(kind)
      let isReached = score.reaches(isCore ? 1_000 : 990, kind)
      #expect(isReached, "\(kind) is invented or missed")
    }
    for core in Self.core { #expect((score.planted[core] ?? 0) >= 100) }
    for kind in Set(Plant.allCases.flatMap(\.kinds)) {
      #expect((score.planted[kind.rawValue] ?? 0) > 0, "\(kind.rawValue) is never planted")
    }
  }

  @Test("The exit code says whether somebody is needed", .timeLimit(.minutes(10)))
  func exitCodes() async throws {
    for run in try await SimulatedRuns.all.value {
      let report = try ReportFile(run.json)
      #expect(report.verdict == ["balanced", "unbalanced", "incomplete"][Int(run.code)])
      #expect(run.code < 2, "\(run.name)")
      #expect(run.code == 1 || run.truth.anomalies.allSatisfy { $0.kind == "late-credit" })
    }
  }

  @Test("Every report of them satisfies the schema", .timeLimit(.minutes(10)))
  func schema() async throws {
    for run in try await SimulatedRuns.all.value.prefix(12) { try expectSchema(run.json) }
  }

  @Test("Rows and fen add up, per file, per side and source, to what was read and written")
  func conservation() async throws {
    for run in try await SimulatedRuns.all.value {
      let report = try ReportFile(run.json)
      var read: [String: (rows: Int, fen: Int, buckets: [String: ReportFile.Tally])] = [:]
      for statement in report.statements {
        #expect(statement.rows == statement.buckets.values.reduce(0) { $0 + $1.rows })
        #expect(statement.buckets.count == 6)
        let key = statement.side + " " + statement.source
        var sum = read[key] ?? (0, 0, [:])
        sum.rows += statement.rows
        sum.fen += statement.buckets.values.reduce(0) { $0 + $1.fen }
        sum.buckets.merge(statement.buckets) {
          ReportFile.Tally(rows: $0.rows + $1.rows, fen: $0.fen + $1.fen)
        }
        read[key] = sum
      }
      #expect(report.conservation.count == read.count)
      for line in report.conservation {
        let sum = try #require(read[line.side + " " + line.source])
        #expect(line.balanced)
        #expect(line.rowsRead == sum.rows && line.fenRead == sum.fen, "\(run.name)")
        #expect(line.buckets == sum.buckets, "\(run.name)")
      }
      // Once more with the writer's own count, which knows nothing of buckets.
      let written = run.truth.totals.reduce(0) { $0 + $1.ledgerRows }
      let ledger = try #require(read["ledger ledger"])
      let listed = report.statements.filter { $0.format == "card-accounts" }
      #expect(ledger.rows - listed.reduce(0) { $0 + $1.rows } == written, "\(run.name)")
    }
  }
}

import CampusSimulator
import Foundation
import Payments
import Testing

/// Damaged, foreign and missing statements: the day stays open, and nobody is accused for it.
@Suite("A statement that cannot be used")
struct FaultTests {
  @Test(
    "It is named with its fault, the day is incomplete, and what others prove is still found",
    arguments: FaultKind.allCases)
  func fault(_ kind: FaultKind) async throws {
    var school = SchoolConfiguration()
    (school.seed, school.students, school.paymentsPerDay) = (31, 900, 90)
    school.plants = school.plants.mapValues { _ in 1...1 }
    school.fault = kind
    let span = School(school).days(from: BusinessDay(number: 20_759), count: 2)
    guard let planted = span.truth.faults.first else { return }
    let scratch = try Scratch()
    let files = span.days.flatMap(\.files)
    for file in files { try scratch.write(file.bytes, to: file.name) }
    let run = try await cardrecon(
      ["check"] + files.map(\.name) + ["--json", "--unmask"], in: scratch)
    let report = try ReportFile(run.outBytes)
    let said = report.statements.filter { $0.faults.contains { $0.kind == planted.kind } }
    #expect(
      said.contains { $0.source == planted.source || $0.file?.hasPrefix(planted.file) == true })
    #expect(run.code == (kind == .statementDuplicate ? 1 : 2))
    var score = Score(report, span.truth, name: kind.rawValue)
    score.complaints.removeAll { $0.contains("pending") }
    #expect(score.complaints == [])
    try expectSchema(run.outBytes)
  }
}

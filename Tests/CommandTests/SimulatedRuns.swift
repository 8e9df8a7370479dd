import CampusSimulator
import Foundation
import Payments
import Testing

/// School days of many seeds and sizes, each judged by `cardrecon check` as its clerk would.
enum SimulatedRuns {
  /// One call of the program, with what it should have found.
  struct Run: Sendable {
    var name: String
    var code: Int32
    var json: [UInt8]
    var truth: Truth
  }

  /// How many calls; `CARDRECON_ACCURACY_DAYS` asks for more.
  static let count =
    ProcessInfo.processInfo.environment["CARDRECON_ACCURACY_DAYS"].flatMap(Int.init) ?? 30

  /// Judged once for all tests that look at them.
  static let all = Task { try await judged() }

  private static func judged() async throws -> [Run] {
    try await withThrowingTaskGroup(of: (Int, Run).self) { group in
      var runs = [Run?](repeating: nil, count: count)
      var started = 0
      let width = max(2, ProcessInfo.processInfo.activeProcessorCount)
      while started < min(width, count) {
        let index = started
        group.addTask { (index, try await judge(index)) }
        started += 1
      }
      for try await (index, run) in group {
        runs[index] = run
        guard started < count else { continue }
        let next = started
        group.addTask { (next, try await judge(next)) }
        started += 1
      }
      return runs.compactMap { $0 }
    }
  }

  /// Every fifth call is given three days at once.
  private static func judge(_ index: Int) async throws -> Run {
    let days = index % 5 == 4 ? 3 : 1
    let first = BusinessDay(number: 20_759 + Int32(index * 11))
    let span = School(configuration(index)).days(from: first, count: days)
    let scratch = try Scratch()
    let files = span.days.flatMap(\.files)
    for file in files { try scratch.write(file.bytes, to: file.name) }
    let run = try await cardrecon(
      ["check"] + files.map(\.name) + ["--json", "--unmask"], in: scratch)
    let naming = span.truth.people.map { " (\($0))" } ?? ""
    return Run(
      name: "call \(index) of \(first)\(naming)", code: run.code, json: run.outBytes,
      truth: span.truth)
  }

  /// Schools big and small, with and without banks, zips, balances, anomalies; two of three name
  /// people in their own way.
  static func configuration(_ index: Int) -> SchoolConfiguration {
    var school = SchoolConfiguration()
    school.seed = UInt64(1_000 + index * 7)
    school.students = 900 + 150 * (index % 4)
    school.staff = 20 + 30 * (index % 3)
    school.paymentsPerDay = 60 + 90 * (index % 5)
    school.camtVersion = index % 2 == 0 ? .eight : .two
    school.alipayZipped = index % 3 != 0
    school.ledgerBalances = index % 4 != 3
    school.people = index % 3 == 0 ? .plain : .mixed
    school.ordinaryCases = index % 3 == 0 ? 1...2 : 1...1
    switch index % 6 {
    case 1: school.mix.boc = 0
    case 2: (school.mix.wechat, school.mix.ccb) = (30, 32)
    case 3: (school.mix.ccb, school.mix.boc) = (0, 0)
    default: break
    }
    // What the channels' accounts tell is of every second school.
    if index % 2 == 0 {
      var funds = FundSettings()
      (funds.statedBefore, funds.wrongPayouts) = (8, 1_000)
      school.funds = funds
    }
    let core: [AnomalyKind] = [.debitedNotCredited, .duplicateDebit, .amountMismatch]
    switch index % 10 {
    case 6: school.plants = SchoolConfiguration.planting(.nothing)
    case 7, 8:
      school.plants = SchoolConfiguration.planting(.only(core, edges: true))
        .mapValues { _ in 2...4 }
    default: school.plants = school.plants.mapValues { _ in 1...2 }
    }
    return school
  }
}

import Foundation
import Payments
import Testing

/// Nobody is owed what he has: for each person the signed sum of what is found is what is true.
@Suite("Nobody is owed what he has")
struct PeopleTests {
  /// How many random days to judge; `CARDRECON_PEOPLE_DAYS` asks for more.
  static let days =
    ProcessInfo.processInfo.environment["CARDRECON_PEOPLE_DAYS"].flatMap(UInt64.init) ?? 2_000

  /// How many failures of each part are printed; `CARDRECON_PEOPLE_SHOWN` asks for more.
  static let shown =
    ProcessInfo.processInfo.environment["CARDRECON_PEOPLE_SHOWN"].flatMap(Int.init) ?? 2

  @Test("What is found of each adds up to what is true", arguments: 0..<4)
  func truth(part: Int) {
    var failures = 0
    for seed in stride(from: UInt64(part), to: Self.days, by: 4) {
      let day = PeopleDay(seed: seed)
      let found = Self.judged(day)
      let wrong = Self.contradictions(day, found)
      guard !wrong.isEmpty else { continue }
      failures += 1
      guard failures <= Self.shown else { continue }
      let small = day.minimised { Self.contradictions($0, Self.judged($0)) == wrong }
      Issue.record(
        """
        Day \(seed): \(wrong.joined(separator: "; "))
        \(RandomDay(entries: small.entries, coverage: small.coverage, rules: small.rules).dump)
        persons: \(small.persons.map { $0.map(String.init) ?? "-" }.joined(separator: " "))
        engine:
        \(Self.judged(small).dump)
        """)
    }
    #expect(failures == 0, "\(failures) of the days of part \(part) owe somebody what he has")
  }

  private static func judged(_ day: PeopleDay) -> OracleResult {
    engine(day.entries, coverage: day.coverage, rules: day.rules)
  }

  /// Of whom more or less is said than is true, beyond what waits or is left open.
  static func contradictions(_ day: PeopleDay, _ result: OracleResult) -> [String] {
    var said: [Int: Int64] = [:]
    var open: [Int: Int64] = [:]
    func leaveOpen(_ row: Int) {
      if let person = day.persons[row] { open[person, default: 0] += day.entries[row].fen }
    }
    for waiting in result.waiting { leaveOpen(waiting.row) }
    for finding in result.findings {
      let isOpen = finding.owedTo == .unknown && finding.kind.severity != .notice
      if isOpen || finding.isBenign { finding.rows.forEach(leaveOpen) }
      for share in finding.parties {
        if let person = day.persons[share.row] { said[person, default: 0] += share.fen }
      }
      guard finding.parties.isEmpty, let person = day.persons[finding.subject] else { continue }
      switch finding.owedTo {
      case .student: said[person, default: 0] += finding.amountFen
      case .school: said[person, default: 0] -= finding.amountFen
      default: break
      }
    }
    return Set(said.keys).union(day.owed.keys).sorted().compactMap { person in
      let (true_, told) = (day.owed[person] ?? 0, said[person] ?? 0)
      guard abs(true_ - told) > open[person] ?? 0 else { return nil }
      return "person \(person) is owed \(true_), found \(told)"
    }
  }
}

extension RandomDay {
  /// A day as another has it, for printing it.
  init(entries: [Entry], coverage: Coverage, rules: Rules) {
    self.init(seed: 0)
    (self.entries, self.coverage, self.rules) = (entries, coverage, rules)
  }
}

extension PeopleDay {
  /// The day without the rows that matter nothing to what is wrong with it; rows of one story go one by one.
  fileprivate func minimised(while isWrong: (PeopleDay) -> Bool) -> PeopleDay {
    var day = self
    var row = 0
    while row < day.entries.count {
      var less = day
      let (entry, person) = (less.entries.remove(at: row), less.persons.remove(at: row))
      if let person {
        switch entry.kind {
        case .payment, .reversal: less.owed[person, default: 0] -= entry.fen
        case .refund, .credit, .manualCredit: less.owed[person, default: 0] += entry.fen
        default: break
        }
      }
      if isWrong(less) { day = less } else { row += 1 }
    }
    return day
  }
}

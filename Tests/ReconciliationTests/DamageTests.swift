import Foundation
import Payments
import Testing

/// What is said of a row, whatever statement and line it stands in.
struct Accusation: Hashable {
  var kind: AnomalyKind
  var owedTo: OwedTo
  var amountFen: Int64
  var row: Entry

  init(_ finding: Finding, _ entries: [Entry]) {
    (kind, owedTo, amountFen) = (finding.kind, finding.owedTo, finding.amountFen)
    row = entries[finding.subject]
    (row.statement, row.line) = (0, 0)
  }

  /// The same, whether the row has a twin or not: the twin may be what is gone.
  var withoutTwin: Accusation {
    guard !Gap.twins.isOpen else { return self }
    var other = self
    if kind == .duplicateDebit { other.kind = .debitedNotCredited }
    if kind == .duplicateCredit { other.kind = .creditedNotDebited }
    return other
  }
}

/// A school whole and damaged, both judged by one judge.
struct DamagedSchool {
  var whole: School
  var damaged: Damaged
  var judge: Judge = .fast

  init(seed: UInt64, leavesTrace: Bool = true) {
    whole = School(seed: seed)
    damaged = Damaged(whole)
    var source = SeededGenerator(seed: seed &+ 0x5EED)
    if leavesTrace {
      damaged.damage(&source)
    } else {
      damaged.damageWithoutTrace(&source)
    }
  }

  /// The losses said of a school.
  private func losses(of school: School) -> [Accusation] {
    let (entries, coverage) = school.judged
    return judge(entries, coverage, school.rules).findings
      .filter { $0.kind.severity == .loss && !$0.isBenign }
      .map { Accusation($0, entries) }
  }

  /// Losses the damaged set is accused of and the whole one is not.
  var falseAccusations: [Accusation] {
    let right = Set(losses(of: whole).map(\.withoutTwin))
    return losses(of: damaged.school).filter { !right.contains($0.withoutTwin) }
  }

  /// What is said of a school: of everybody, and of rows nothing of whose windows is damaged.
  private func said(of school: School) -> (all: Set<Accusation>, untouched: Set<Accusation>) {
    let (entries, coverage) = school.judged
    let findings = judge(entries, coverage, school.rules).findings
    let untouched = findings.filter { $0.rows.allSatisfy { !isTouched(entries[$0]) } }
    return (
      Set(findings.map { Accusation($0, entries).withoutTwin }),
      Set(untouched.map { Accusation($0, entries).withoutTwin })
    )
  }

  /// Whether what a row needs of any book may touch what is lost: a wide guess, on the safe side.
  private func isTouched(_ row: Entry) -> Bool {
    let day = Timestamp(seconds: row.time).day
    let from = day.adding(-1).start.seconds
    let to = max(day.adding(1).start.seconds, row.time + 20_000)
    return damaged.losses.contains { loss in
      let isMeant =
        loss.book.side == .ledger || row.side == .ledger
        || loss.book.channel.fits(row.channel)
      return isMeant && loss.span.start.seconds <= to && from <= loss.span.end.seconds
    }
  }

  /// Findings far from all damage that are said of one set and not of the other.
  var changedFindings: Set<Accusation> {
    guard !damaged.hasLostLists else { return [] }
    let (before, after) = (said(of: whole), said(of: damaged.school))
    return before.untouched.subtracting(after.all)
      .union(after.untouched.subtracting(before.all))
  }

  var dump: String {
    let (entries, coverage) = damaged.school.judged
    let (before, covered) = whole.judged
    var day = RandomDay(seed: 0)
    (day.rules, day.entries, day.coverage) = (whole.rules, before, covered)
    var text = "WHOLE\n\(day.dump)\n\(judge(before, covered, whole.rules).dump)"
    (day.entries, day.coverage) = (entries, coverage)
    text += "\nDAMAGED: \(damaged.story.joined(separator: "; "))\n\(day.dump)\n"
    return text + judge(entries, coverage, whole.rules).dump
  }
}

@Suite("Damage that leaves a trace never accuses")
struct DamageTests {
  /// How many schools to damage; `CARDRECON_DAMAGE_DAYS` asks for more.
  static let schools =
    ProcessInfo.processInfo.environment["CARDRECON_DAMAGE_DAYS"].flatMap(UInt64.init) ?? 2_000

  /// The schools by their seeds: the first ones, or those `CARDRECON_DAMAGE_SEEDS` lists with commas.
  static let seeds: [UInt64] = {
    let text = ProcessInfo.processInfo.environment["CARDRECON_DAMAGE_SEEDS"]
    return text?.split(separator: ",").compactMap { UInt64($0) } ?? Array(0..<schools)
  }()

  /// How many failures are printed; `CARDRECON_DAMAGE_SHOWN` asks for more.
  static let shown =
    ProcessInfo.processInfo.environment["CARDRECON_DAMAGE_SHOWN"].flatMap(Int.init) ?? 3

  @Test("Whatever is lost, cut, garbled, split, doubled or taken for another's")
  func trace() {
    var failures = 0
    for seed in Self.seeds {
      let school = DamagedSchool(seed: seed)
      guard !school.falseAccusations.isEmpty else { continue }
      failures += 1
      guard failures <= Self.shown else { continue }
      let small = school.minimised { !$0.falseAccusations.isEmpty }
      Issue.record("School \(seed) accuses \(small.falseAccusations)\n\(small.dump)")
    }
    #expect(failures == 0, "\(failures) of \(Self.seeds.count) damaged schools accuse somebody")
  }

  @Test("Far from the damage the same is said as before")
  func elsewhere() {
    var failures = 0
    for seed in 0..<(Self.schools / 2) {
      let school = DamagedSchool(seed: seed)
      guard !school.changedFindings.isEmpty else { continue }
      failures += 1
      guard failures <= Self.shown else { continue }
      let small = school.minimised { !$0.changedFindings.isEmpty }
      Issue.record("School \(seed) differs in \(small.changedFindings)\n\(small.dump)")
    }
    #expect(
      failures == 0,
      "\(failures) of \(Self.schools / 2) schools are judged differently elsewhere"
    )
  }

  @Test("Damage without a trace accuses at most once a side for each damaged row")
  func traceless() {
    var accusations = 0
    var damaged = 0
    var most: [Int: Int] = [:]
    var failures = 0
    for seed in 0..<(Self.schools / 2) {
      let school = DamagedSchool(seed: seed, leavesTrace: false)
      let count = school.falseAccusations.count
      accusations += count
      damaged += school.damaged.traceless
      most[max(0, count - school.damaged.traceless), default: 0] += 1
      // A changed digit parts two rows that nothing but the amount joined: each stands alone then.
      guard count > 2 * school.damaged.traceless else { continue }
      failures += 1
      guard failures <= Self.shown else { continue }
      let small = school.minimised {
        $0.falseAccusations.count > 2 * $0.damaged.traceless
      }
      Issue.record("School \(seed) accuses \(small.falseAccusations)\n\(small.dump)")
    }
    #expect(failures == 0, "\(failures) schools accuse more often than rows were damaged")
    print("\(damaged) rows damaged without a trace: \(accusations) accusations")
    print("more accusations than damaged rows, and in how many schools: \(most)")
  }
}

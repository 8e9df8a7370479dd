import CampusSimulator
import Foundation
import Payments
import TestSupport
import Testing

@testable import Runs

/// Days in a row of a school with fund bills, account bills and payouts, where nothing is wrong but a file.
@Suite("Damage behind the bill") struct FundDamageTests {
  private static let count =
    ProcessInfo.processInfo.environment["CARDRECON_FUND_DAMAGES"].flatMap(Int.init) ?? 48

  /// What happens to a file.
  private enum Damage: CaseIterable {
    case none, cut, lineLost, lineTwice, cellGarbled, fileLost, headOnly, yesterdays
  }

  private func days(_ seed: Int) -> [SimulatedDay] {
    var school = SchoolConfiguration()
    (school.seed, school.students, school.staff, school.paymentsPerDay) = (UInt64(seed), 300, 0, 24)
    school.plants = SchoolConfiguration.planting(.nothing)
    (school.ordinaryCases, school.alipayZipped) = (0...1, false)
    var funds = FundSettings()
    funds.wrongPayouts = 0
    funds.holidays = [BusinessDay(year: 2026, month: 11, day: 5) ?? BusinessDay(number: 0)]
    school.funds = funds
    let monday = BusinessDay(year: 2026, month: 11, day: 2) ?? BusinessDay(number: 0)
    return School(school).days(from: monday, count: 9).days
  }

  private func damaged(
    _ bytes: [UInt8], _ damage: Damage, _ numbers: inout SeededNumbers
  ) -> [UInt8] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    let place = Int.random(in: 1..<max(2, lines.count - 1), using: &numbers) % lines.count
    switch damage {
    case .cut: return Array(bytes.prefix(Int.random(in: 0..<max(1, bytes.count), using: &numbers)))
    case .lineLost: lines.remove(at: place)
    case .lineTwice: lines.insert(lines[place], at: place)
    case .cellGarbled:
      var cells = lines[place].split(separator: 0x2C, omittingEmptySubsequences: false).map(
        Array.init)
      cells[Int.random(in: 0..<cells.count, using: &numbers)] = Array("??".utf8)
      lines[place] = Array(cells.joined(separator: [0x2C]))
    case .headOnly: lines = Array(lines.prefix(1))
    default: break
    }
    return Array(lines.joined(separator: [0x0A]))
  }

  @Test("Damage accuses nobody on any leg, and every leg adds up", arguments: 1...count)
  func damage(_ seed: Int) async throws {
    var numbers = SeededNumbers(state: UInt64(seed))
    let damage = Damage.allCases[seed % Damage.allCases.count]
    let days = days(seed / Damage.allCases.count + 1)
    let folder = NSTemporaryDirectory() + "cardrecon-funds-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let hurt = Int.random(in: 1..<days.count, using: &numbers)
    let sources = ["wechat-funds", "alipay-account", "ccb", "boc", "wechat", "alipay"]
    let source = sources[Int.random(in: 0..<sources.count, using: &numbers)]
    var paths: [String] = []
    for (place, day) in days.enumerated() {
      for file in day.files {
        var bytes = file.bytes
        if place == hurt, file.source == source {
          if damage == .fileLost { continue }
          let before = days[place - 1].files.first { $0.source == source }
          bytes =
            damage == .yesterdays
            ? before?.bytes ?? [] : damaged(bytes, damage, &numbers)
        }
        paths.append(folder + "/" + file.name)
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + file.name))
      }
    }
    let report = try await JudgedDay(paths: paths).report()
    let losses = report.anomalies.filter { $0.severity == .loss || $0.leg != nil }
    #expect(
      losses.map { "\($0.kind.rawValue) \($0.amountFen) \($0.channelSerial ?? "-")" } == [],
      "\(damage) of \(source) on \(days[hurt].day)")
    #expect(report.legs.allSatisfy { $0.sums.isConserved })
    #expect(report.adjustments.allSatisfy { $0.restFen == 0 })
    if damage == .none {
      let matched = report.legs.map { $0.sums.matched.rows }
      #expect(matched.count == 4 && matched.allSatisfy { $0 > 0 }, "\(matched)")
      let left = report.adjustments.flatMap(\.items).filter { $0.reason == .unexplained }
      #expect(left == [])
    }
  }
}

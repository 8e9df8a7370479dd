import CampusSimulator
import Foundation
import Payments
import Testing

/// `scripts/school-year` asks for a whole year; the test suite lives a short one.
@Suite("A school's year")
struct SchoolYearTests {
  static func setting(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? usual
  }

  @Test("After missed, repeated and corrected nights what was found is what was planted")
  func year() async throws {
    let nights = Self.setting("CARDRECON_YEAR_NIGHTS", 12)
    let payments = Self.setting("CARDRECON_YEAR_PAYMENTS", 100)
    let clock = ContinuousClock()
    var year = try await SchoolYear(nights: nights, payments: payments)
    let start = clock.now
    try await year.live()
    let total = clock.now - start
    let last = try #require(year.days.last)
    let listed = try await year.run(
      ["anomalies", "--all", "--json", "--unmask", "--by", "审计", "--unmask-reason", "核对"],
      after: last)
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.outBytes)) as? [[String: Any]])
    let (found, planted) = (WhatIsLeft(all, ["open", "resolved"]), WhatIsLeft(year.truth))
    let invented = found.lines.difference(from: planted.lines).insertions.count
    let missed = planted.lines.difference(from: found.lines).insertions.count
    #expect(invented == 0 && missed == 0, "\(found.lines.difference(from: planted.lines))")
    #expect(planted.lines.count > 2 * nights)
    let account = year.account
    print(
      """
      school-year: \(nights) nights × \(payments) payments in \(total); \(account.missed) missed, \
      \(account.rerun) run again, \(account.reissued) issued again, \(account.late) late, \
      \(account.decided) decided
      school-year: planted \(planted.lines.count), invented \(invented), missed \(missed), \
      settled by later rows \(all.count - found.lines.count)
      """)
    printTimes(account)
    printSizes(year)
    try await trace(year, last)
    let quick = nights > 40 ? ["--quick"] : []
    let verified = try await year.run(["verify"] + quick, after: last, seconds: 3_600)
    #expect(verified.code == 0, "\(verified.out)")
    print("school-year: \(verified.out)", terminator: "")
  }

  private func printTimes(_ account: SchoolYear.Account) {
    func shown(_ seconds: Double) -> String { String(format: "%.2f s", seconds) }
    func median(_ seconds: ArraySlice<Double>) -> Double {
      seconds.isEmpty ? 0 : seconds.sorted()[seconds.count / 2]
    }
    let (all, tenth) = (account.seconds, max(1, account.seconds.count / 10))
    print(
      "school-year: a night took \(shown(account.quantile(500))) (median),",
      "\(shown(account.quantile(950))) (95 %), \(shown(all.max() ?? 0)) (worst);",
      "first tenth \(shown(median(all.prefix(tenth)))),",
      "last tenth \(shown(median(all.suffix(tenth))))")
  }

  private func printSizes(_ year: SchoolYear) {
    func megabytes(_ path: String) -> String {
      let manager = FileManager.default
      let names = (try? manager.subpathsOfDirectory(atPath: year.scratch[path])) ?? []
      let bytes = ([path] + names.map { path + "/" + $0 }).reduce(0) { sum, name in
        let found = try? manager.attributesOfItem(atPath: year.scratch[name])
        guard found?[.type] as? FileAttributeType == .typeRegular else { return sum }
        return sum + ((found?[.size] as? NSNumber)?.intValue ?? 0)
      }
      return String(format: "%.1f MB", Double(bytes) / 1_000_000)
    }
    print(
      "school-year: database \(megabytes("state/history.sqlite")),",
      "index \(megabytes("state/index")), archive \(megabytes("state/archive")),",
      "reports \(megabytes("reports/.published"))")
  }

  // MARK: - Tracing

  /// A credited top-up as the ledger tells it.
  private struct Credit {
    var own: String
    var order: String
    var serial: String
  }

  /// Traces ordinary top-ups by each of their serials, and planted ones, from anywhere in the year.
  private func trace(_ year: SchoolYear, _ last: BusinessDay) async throws {
    var random = SystemRandomNumberGenerator()
    let special = Set(year.truth.anomalies.flatMap { $0.rowSerials + $0.ledgerSerials })
      .union(year.truth.pending.flatMap(\.ledgerSerials))
    let clock = ContinuousClock()
    var times: [Duration] = []
    for index in 0..<75 {
      let credits = try credits(year, year.days.randomElement(using: &random), special)
      let credit = try #require(credits.randomElement(using: &random))
      let query = [credit.own, credit.order, credit.serial][index % 3]
      let start = clock.now
      let found = try await year.run(["trace", query, "--json"], after: last)
      times.append(clock.now - start)
      let text = found.out
      #expect(found.code == 0, "\(query)")
      #expect(text.contains("\"ledgerSerial\": \"\(credit.own)\""), "\(query): the credit")
      #expect(
        text.contains("\"side\": \"channel\"") && text.contains("\"side\": \"ledger\"")
          && (text.contains("\"\(credit.order)\"") || text.contains("\"\(credit.serial)\"")),
        "\(query): the payment")
    }
    for planted in year.truth.anomalies.filter({ $0.channelSerial != nil }).shuffled().prefix(25) {
      let query = planted.channelSerial ?? ""
      let start = clock.now
      let found = try await year.run(["trace", query, "--json"], after: last)
      times.append(clock.now - start)
      #expect(found.code == 0 && found.out.contains("\"\(planted.kind)\""), "\(planted.told)")
      for serial in planted.rowSerials where !serial.isEmpty {
        #expect(found.out.contains(serial), "\(planted.told): \(serial)")
      }
    }
    times.sort()
    print(
      "school-year: \(times.count) serials traced: median \(times[times.count / 2]),",
      "worst \(times[times.count - 1])")
  }

  private func credits(
    _ year: SchoolYear, _ day: BusinessDay?, _ special: Set<String>
  ) throws -> [Credit] {
    let day = try #require(day)
    return try year.scratch.text("all/card-ledger_\(day).csv").split(separator: "\r\n")
      .compactMap { line in
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard fields.count > 11, fields[2] == "充值", fields[4] == "成功", !fields[9].isEmpty,
          !fields[10].isEmpty, special.isDisjoint(with: [fields[0], fields[9], fields[10]])
        else { return nil }
        return Credit(own: fields[0], order: fields[9], serial: fields[10])
      }
  }
}

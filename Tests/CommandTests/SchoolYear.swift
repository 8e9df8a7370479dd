import CampusSimulator
import Foundation
import Payments
import Testing

/// A school's year as it is lived: nights under a simulated clock, nights missed and made up for, nights
/// run again, a ledger delivered short and issued again, a bank's file that comes late, and a clerk who
/// works the list every week.
struct SchoolYear {
  /// What happened, and how long it took.
  struct Account {
    var seconds: [Double] = []
    var (missed, rerun, reissued, late, decided) = (0, 0, 0, 0, 0)

    /// The share of nights, in thousandths, that took no longer.
    func quantile(_ share: Int) -> Double {
      let sorted = seconds.sorted()
      return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * share / 1_000)]
    }
  }

  /// Runs a program under another clock; without it nobody decides anything.
  static let clock = Program(path: "/usr/bin/faketime")
  static var hasClock: Bool { access(clock.path, X_OK) == 0 }

  let scratch: Scratch
  let truth: Truth
  let days: [BusinessDay]
  var account = Account()

  init(nights: Int, payments: Int) async throws {
    scratch = try Scratch()
    let first = try #require(BusinessDay("2025-09-01"))
    days = (0..<nights).map { first.adding(Int32($0)) }
    let made = try await Program.simulator(
      [
        "--seed", "2025", "--days", "\(nights)", "--payments", "\(payments)", "--students",
        "\(max(600, payments * 3))", "--each", "1", "--day", "\(first)", "--funds", "--contracts",
        "--holidays",
        "2025-10-01/2025-10-08", "--workdays", "2025-09-28,2025-10-11", "--out", scratch["all"],
      ], seconds: 3_600)
    try #require(made.code == 0, "\(made.err)")
    truth = try Truth(json: try scratch.read("all/truth.json"))
    try scratch.write([], to: "incoming/.keep")
    try scratch.write(
      """
      incoming: incoming
      sources:
        wechat:
          files: ["wechat_*_{yyyy-MM-dd}.csv", {pattern: "wxfund_*_{yyyy-MM-dd}.csv", account: basic}]
        alipay:
          files:
            - "2088*_{yyyyMMdd}*"
            - {pattern: "alipay-account_*_{yyyy-MM-dd}.csv", account: basic}
          fee: {rate: 0.6%, refund: kept}
        ccb: { files: "ccb_{yyyy-MM-dd}.csv" }
        boc: { files: "boc_*_{yyyy-MM-dd}.xml" }
      settlement: {holidays: 2025-10-01/2025-10-08, workdays: [2025-09-28, 2025-10-11]}
      ledger: { files: "card-ledger_{yyyy-MM-dd}.csv" }

      """, to: "cardrecon.yaml")
  }

  /// Runs the program as if it were ten in the morning (Shanghai) of the day after `day`.
  func run(
    _ arguments: [String], after day: BusinessDay, seconds: Int = 600
  ) async throws -> Program.Finished {
    let program = Self.hasClock ? Self.clock : Program.cardrecon
    let clock = ["-f", "\(day.adding(1)) 02:00:00", Program.cardrecon.path]
    return try await program(
      (Self.hasClock ? clock : []) + arguments, in: scratch.path, environment: ["TZ": "UTC"],
      seconds: seconds)
  }

  /// Lives all days.
  mutating func live() async throws {
    var skipped: BusinessDay?
    for (index, day) in days.enumerated() {
      let isLast = index == days.count - 1
      if index % 29 == 3 || index % 29 == 4, !isLast {
        try deliver(day)
        if skipped == nil { skipped = day }
        account.missed += 1
        continue
      }
      let isShort = index % 23 == 6 && !isLast
      let isLate = index % 31 == 8 && !isLast
      try deliver(day, isLedgerShort: isShort, without: isLate ? "boc_" : nil)
      try await night(
        skipped.map { ["--from", "\($0)", "--to", "\(day)"] } ?? ["--date", "\(day)"], day)
      skipped = nil
      if isShort || isLate {
        try deliver(day)
        account.reissued += isShort ? 1 : 0
        account.late += isLate ? 1 : 0
        try await night(["--date", "\(day)"], day.adding(1))
      }
      if index % 17 == 9 {
        account.rerun += 1
        try await night(["--date", "\(days[index - 3])"], day)
      }
      if index % 7 == 5 { try await work(day) }
    }
  }

  private mutating func night(_ which: [String], _ day: BusinessDay) async throws {
    let clock = ContinuousClock()
    let start = clock.now
    let run = try await run(["run"] + which, after: day)
    let elapsed = (clock.now - start).components
    try #require(run.code <= 2, "\(which): \(run.err)")
    if which.first == "--date", which[1] == "\(day)" {
      account.seconds.append(
        Double(elapsed.seconds) + Double(elapsed.attoseconds / 1_000_000_000_000_000) / 1_000)
    }
  }

  /// Puts a day's files where the run looks for them.
  private func deliver(
    _ day: BusinessDay, isLedgerShort: Bool = false, without: String? = nil
  ) throws {
    let compact = "\(day)".replacing("-", with: "")
    let manager = FileManager.default
    for name in try scratch.names("all")
    where name.contains("_\(day)") || name.contains("_\(compact)") {
      if let without, name.hasPrefix(without) { continue }
      let target = scratch["incoming/" + name]
      try? manager.removeItem(atPath: target)
      if isLedgerShort, name.hasPrefix("card-ledger") {
        let text = try scratch.text("all/" + name)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let kept = lines.dropLast(lines.count / 20 + 2)
        try scratch.write(kept.joined(separator: "\r\n") + "\r\n", to: "incoming/" + name)
      } else {
        try manager.createSymbolicLink(atPath: target, withDestinationPath: scratch["all/" + name])
      }
    }
  }

  /// The clerk's week: everything that is open for seven days is dealt with.
  private mutating func work(_ day: BusinessDay) async throws {
    guard Self.hasClock else { return }
    let listed = try await run(["anomalies", "--json"], after: day)
    let open = try JSONSerialization.jsonObject(with: Data(listed.outBytes)) as? [[String: Any]]
    let due = (open ?? []).compactMap { anomaly -> String? in
      let seen = (anomaly["firstSeen"] as? String).flatMap { BusinessDay($0) }
      guard let seen, seen <= day.adding(-7) else { return nil }
      return anomaly["id"] as? String
    }
    guard !due.isEmpty else { return }
    let done = try await run(
      ["resolve"] + due + ["--as", "refunded", "--by", "王会计", "--document", "1107"], after: day)
    try #require(done.code == 0, "\(done.err)")
    account.decided += due.count
  }
}

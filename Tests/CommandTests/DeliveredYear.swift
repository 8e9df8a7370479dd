import CampusSimulator
import Foundation
import Payments
import Testing

/// Nights of a school whose files come morning by morning, badly or not, as
/// `campus-simulator --deliveries` tells it.
struct DeliveredYear {
  let scratch: Scratch
  let truth: Truth
  let days: [BusinessDay]
  /// Losses no answer sheet knows, each told once, with the first night that said so.
  var accusations: [String] = []
  private var told: Set<String> = []
  /// What may be said of a loss: the final truth, and what a day shows until the next day's ledger.
  private let planted: [String: [PlantedAnomaly]]

  init(_ deliveries: String, nights: Int, payments: Int) async throws {
    scratch = try Scratch()
    let first = try #require(BusinessDay("2025-09-01"))
    days = (0..<nights).map { first.adding(Int32($0)) }
    let made = try await Program.simulator(
      [
        "--seed", "2025", "--days", "\(nights)", "--payments", "\(payments)", "--students",
        "\(max(600, payments * 3))", "--each", "1", "--day", "\(first)", "--deliveries",
        deliveries, "--funds", "--contracts", "--holidays", "2025-10-01/2025-10-08", "--workdays",
        "2025-09-28,2025-10-11", "--out", scratch["all"],
      ], seconds: 3_600)
    try #require(made.code == 0, "\(made.err)")
    truth = try Truth(json: try scratch.read("all/truth.json"))
    var known = truth.anomalies
    for day in days {
      known += try Truth(json: try scratch.read("all/truth-\(day).json")).anomalies
        .filter { $0.kind == "debited-not-credited" }
    }
    planted = Dictionary(grouping: known) { "\($0.kind) \($0.amountFen)" }
    try scratch.write([], to: "incoming/.keep")
    try scratch.write(
      """
      incoming: incoming
      sources:
        wechat:
          files: ["wechat_*_{yyyy-MM-dd}.csv", {pattern: "wxfund_*_{yyyy-MM-dd}.csv", account: basic}]
          merchants: ["1601959334", "1605550218"]
        alipay:
          files:
            - "2088*_{yyyyMMdd}*"
            - {pattern: "alipay-account_*_{yyyy-MM-dd}.csv", account: basic}
          fee: {rate: 0.6%, refund: kept}
        ccb: { files: "ccb_{yyyy-MM-dd}.csv" }
        boc: { files: "boc_*_{yyyy-MM-dd}.xml" }
      settlement: {holidays: 2025-10-01/2025-10-08, workdays: [2025-09-28, 2025-10-11]}
      ledger:
        files: ["card-ledger_north_{yyyy-MM-dd}.csv", "card-ledger_south_{yyyy-MM-dd}.csv"]

      """, to: "cardrecon.yaml")
  }

  /// A year with all its nights behind it.
  static func lived(
    _ deliveries: String, nights: Int, payments: Int
  ) async throws -> DeliveredYear {
    var year = try await DeliveredYear(deliveries, nights: nights, payments: payments)
    try await year.live()
    return year
  }

  /// Lives all nights: each morning's files are put where the run looks for them, and nobody runs a day twice:
  /// what comes late is taken by the night after.
  mutating func live() async throws {
    for day in days {
      try receive(day.adding(1))
      try await run(["--date", "\(day)"])
      try collectAccusations(after: day)
    }
  }

  private func run(_ which: [String]) async throws {
    let run = try await Program.cardrecon(["run"] + which, in: scratch.path, seconds: 3_600)
    try #require(run.code <= 2, "\(which): \(run.err)")
  }

  private func receive(_ morning: BusinessDay) throws {
    for delivery in truth.deliveries ?? [] where delivery.right == "\(morning)" {
      for name in delivery.withdrawn { try scratch.remove("incoming/" + name) }
    }
    for name in try scratch.names("all/\(morning)") {
      try scratch.write(try scratch.read("all/\(morning)/\(name)"), to: "incoming/" + name)
    }
  }

  /// What the reports say of people who are in no answer sheet.
  private mutating func collectAccusations(after night: BusinessDay) throws {
    // No older report is published again: nothing of its days still comes.
    let oldest = night.adding(-Int32(DeliveryKind.longest) - 2)
    for day in days where oldest <= day && day <= night {
      for found in try report(day).anomalies
      where found.severity == "loss" && found.status == "open" && !isPlanted(found) {
        guard told.insert(found.told).inserted else { continue }
        let untidy = (truth.deliveries ?? []).filter {
          $0.right > "\(night.adding(1))" && $0.day <= "\(day.adding(1))"
        }.map { "\($0.kind) \($0.file)" }
        accusations.append("night \(night), report \(day): \(found.told); \(untidy)")
      }
    }
  }

  private func isPlanted(_ found: ReportFile.Anomaly) -> Bool {
    let serials = [found.channelSerial, found.ledgerSerial, found.refundSerial].compactMap { $0 }
    return planted["\(found.kind) \(found.amountFen)", default: []].contains { planted in
      let rows =
        planted.rowSerials + planted.ledgerSerials
        + [planted.channelSerial, planted.refundSerial].compactMap { $0 }
      return !Set(rows).isDisjoint(with: serials)
    }
  }

  private func report(_ day: BusinessDay) throws -> ReportFile {
    try ReportFile(try scratch.read("reports/\(day)/report.json"))
  }

  /// What is left open at the end.
  func found() async throws -> WhatIsLeft {
    let listed = try await Program.cardrecon(
      [
        "anomalies", "--all", "--json", "--unmask", "--by", "审计", "--unmask-reason", "核对",
      ], in: scratch.path)
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.outBytes)) as? [[String: Any]])
    return WhatIsLeft(all, ["open", "resolved"])
  }

  /// What was published otherwise than in another year, as `day/name`.
  ///
  /// Where a file was issued again the reports say so, and nothing else may differ: the tables have
  /// the same bytes, and so has `report.json` without those words. The manifest holds that of the
  /// day before, so it differs with the first report that does.
  func reportsUnlike(_ other: DeliveredYear) throws -> [String] {
    try days.flatMap { day in
      let folder = "reports/\(day)/"
      let isReissued = try scratch.text(folder + "report.json").contains("statement-reissued")
      let told = ["report.html", "report.xlsx", "report.txt", "report-mail.txt", "statements.csv"]
      let names = Set(try scratch.names(folder) + other.scratch.names(folder)).sorted()
      return try names.filter { name in
        let tellsHowItCame = name == "manifest.sha256" || name == "anchor.txt"
        if tellsHowItCame || isReissued && told.contains(name) { return false }
        if name == "report.json" { return try withoutReissues(day) != other.withoutReissues(day) }
        return try scratch.read(folder + name) != other.scratch.read(folder + name)
      }.map { "\(day)/\($0)" }
    }
  }

  /// `report.json` without what it says of statements that were issued again.
  private func withoutReissues(_ day: BusinessDay) throws -> [UInt8] {
    let json = try scratch.read("reports/\(day)/report.json")
    var report = try #require(
      try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    let statements = report["statements"] as? [[String: Any]] ?? []
    report["statements"] = statements.map { statement in
      var rest = statement
      rest["reissue"] = nil
      rest["faults"] = (statement["faults"] as? [[String: Any]] ?? []).filter {
        $0["kind"] as? String != "statement-reissued"
      }
      return rest
    }
    return try [UInt8](
      JSONSerialization.data(withJSONObject: report, options: [.sortedKeys]))
  }
}

import CampusSimulator
import Foundation
import Payments
import Testing

/// A school's nights, one after the other: what is known before, what closes later, what is left.
@Suite("Nights that follow each other")
struct NightsTests {
  /// A week of a small school with its configuration.
  struct School: Sendable {
    let scratch: Scratch
    let truth: Truth
    let days: [String]

    init(_ count: Int = 6, seed: UInt64 = 77) throws {
      var school = SchoolConfiguration()
      (school.seed, school.students, school.paymentsPerDay) = (seed, 300, 120)
      school.plants = school.plants.mapValues { _ in 0...1 }
      let first = BusinessDay(number: 20_759)
      let span = CampusSimulator.School(school).days(from: first, count: count)
      truth = span.truth
      scratch = try Scratch()
      for file in span.days.flatMap(\.files) {
        try scratch.write(file.bytes, to: "incoming/" + file.name)
      }
      days = (0..<count).map { first.adding(Int32($0)).description }
      try scratch.write(
        """
        incoming: incoming
        sources:
          wechat: { files: "wechat_*_{yyyy-MM-dd}.csv" }
          alipay: { files: "2088*_{yyyyMMdd}*" }
          ccb: { files: "ccb_{yyyy-MM-dd}.csv" }
          boc: { files: "boc_*_{yyyy-MM-dd}.xml" }
        ledger: { files: "card-ledger_{yyyy-MM-dd}.csv" }

        """, to: "cardrecon.yaml")
    }

    func run(_ arguments: String...) async throws -> Program.Finished {
      try await Program.cardrecon(arguments, in: scratch.path)
    }

    func runAll() async throws {
      for day in days { _ = try await run("run", "--date", day) }
    }

    /// Everything published, by day and name.
    func published(_ some: ArraySlice<String>? = nil) throws -> [String: [UInt8]] {
      var found: [String: [UInt8]] = [:]
      for day in some ?? days[...] {
        // An anchor tells how the history came to be, which two that agree may not share.
        for name in try scratch.names("reports/" + day) where name != "anchor.txt" {
          found[day + "/" + name] = try scratch.read("reports/\(day)/\(name)")
        }
      }
      return found
    }

    /// All anomalies as `anomalies --all --json` lists them.
    func anomalies() async throws -> [[String: Any]] {
      let out = try await run(
        "anomalies", "--all", "--json", "--unmask", "--by", "审计", "--unmask-reason", "核对"
      ).outBytes
      return try JSONSerialization.jsonObject(with: Data(out)) as? [[String: Any]] ?? []
    }
  }

  @Test("Night by night what stays open is what was planted, and nothing else")
  func accuracy() async throws {
    for seed in [77, 78, 79] as [UInt64] {
      let school = try School(seed: seed)
      try await school.runAll()
      let open = WhatIsLeft(try await school.anomalies(), ["open"])
      #expect(open == WhatIsLeft(school.truth), "seed \(seed)")
      #expect(open.lines.count > 20)
    }
  }

  @Test("A range at once, and a day run again, publish the same bytes as night by night")
  func sameBytes() async throws {
    let (nights, range) = (try School(), try School())
    try await nights.runAll()
    _ = try await range.run("run", "--from", range.days[0], "--to", range.days[5])
    let first = try nights.published()
    #expect(try range.published() == first)
    _ = try await nights.run("run", "--date", nights.days[2])
    #expect(try nights.published() == first)
    #expect(try await nights.run("verify").code == 0)
    let check = try await Program.shell(
      "-c", "cd reports/\(nights.days[4]) && sha256sum -c manifest.sha256", in: nights.scratch.path)
    #expect(check.code == 0, "\(check.out)")
  }

  @Test("A run killed at any moment leaves nothing that the next run does not put right")
  func killed() async throws {
    let (calm, rough) = (try School(3), try School(3))
    try await calm.runAll()
    var deaths = 0
    for (index, day) in rough.days.enumerated() {
      for step in 0..<6 {
        let delay = String(format: "0.%03d", 20 + (step * 67 + index * 31) % 400)
        let call = "'\(Program.cardrecon.path)' run --date \(day)"
        let code = try await Program.shell(
          "-c", "exec timeout -s KILL \(delay) \(call)", in: rough.scratch.path
        ).code
        if code > 128 { deaths += 1 }
      }
      _ = try await rough.run("run", "--date", day)
    }
    #expect(deaths > 0)
    #expect(try rough.published() == (try calm.published()))
    #expect(try await rough.run("verify").code == 0)
  }

  @Test("Of twenty runs at once one works and the others say so; traces answer meanwhile")
  func concurrent() async throws {
    let school = try School(2)
    _ = try await school.run("run", "--date", school.days[0])
    let planted = try #require(
      school.truth.anomalies.first { $0.kind == "debited-not-credited" }?.channelSerial)
    let before = try await school.run("trace", planted, "--json").out
    let (codes, traces) = try await withThrowingTaskGroup(of: (Int32, String?).self) { group in
      for index in 0..<30 {
        group.addTask {
          guard index % 3 == 2 else {
            return (try await school.run("run", "--date", school.days[1]).code, nil)
          }
          let traced = try await school.run("trace", planted, "--json")
          return (traced.code, traced.out)
        }
      }
      var (codes, traces): ([Int32], [String]) = ([], [])
      for try await (code, out) in group {
        if let out { traces.append(out) } else { codes.append(code) }
      }
      return (codes, traces)
    }
    #expect(codes.count == 20 && codes.allSatisfy { $0 == 1 || $0 == 75 }, "\(codes)")
    #expect(codes.contains(1) && codes.contains(75))
    let after = try await school.run("trace", planted, "--json").out
    #expect(traces.count == 10 && traces.allSatisfy { $0 == before || $0 == after })
    #expect(try await school.run("verify").code == 0)
  }

  @Test("A serial is traced, a decision is kept, tampering is found")
  func traceAndDecide() async throws {
    let school = try School(3)
    try await school.runAll()
    let planted = try #require(school.truth.anomalies.first { $0.kind == "duplicate-debit" })
    let serial = try #require(planted.channelSerial)
    let found = try await school.run("trace", serial)
    #expect(found.code == 0 && found.out.contains("重复扣款"))
    #expect(try await school.run("trace", String(serial.suffix(9))).out.contains(serial))
    // Nobody quotes the serial of a payment that was not credited, and Alipay's bill comes packed.
    let lone = try #require(
      school.truth.anomalies.first {
        $0.kind == "debited-not-credited" && $0.channel == "alipay" && $0.channelSerial != nil
      }?.channelSerial)
    #expect(try await school.run("trace", String(lone.suffix(9))).out.contains(lone))
    // As it is copied out of a bill.
    #expect(try await school.run("trace", "`\(serial)\t").out == found.out)
    #expect(try await school.run("trace", String(serial.suffix(4))).out.contains("至少给出 8 位"))
    let unknown = try await school.run("trace", "0000111122223333", "--lang", "en")
    #expect(unknown.code == 1 && unknown.out.contains("searched: \(school.days[0])"))
    let all = try await school.anomalies()
    let id = try #require(
      all.first { $0["channelSerial"] as? String == serial }?["id"] as? String)
    #expect(
      try await school.run("resolve", id, "--as", "refunded", "--by", "王", "--document", "1").code
        == 0)
    #expect(
      try await school.run("resolve", id, "--as", "refunded", "--by", "王", "--document", "1").code
        == 64)
    #expect(
      try await school.run("resolve", "x-1", "--as", "refunded", "--by", "王", "--document", "1")
        .code == 64)
    #expect(try await school.run("trace", id).out.contains("已退款"))
    #expect(try await !school.run("anomalies").out.contains(id))
    #expect(try await school.run("verify").code == 0)
    let report = "reports/\(school.days[1])/report.json"
    try school.scratch.write(try school.scratch.read(report) + [0x0A], to: report)
    let verified = try await school.run("verify", "--lang", "en")
    #expect(verified.code == 1 && verified.out.contains("the published file was changed"))
  }
}

/// What is left after all nights, one line each: kind, fen, order number.
struct WhatIsLeft: Equatable {
  var lines: [String]

  /// What a school planted.
  init(_ truth: Truth) {
    lines = truth.anomalies.map { Self.line($0.kind, $0.amountFen, $0.merchantOrder) }.sorted()
  }

  /// What `anomalies --all --json` lists with one of these statuses.
  init(_ anomalies: [[String: Any]], _ statuses: Set<String>) {
    lines = anomalies.filter { statuses.contains($0["status"] as? String ?? "") }.map {
      Self.line(
        $0["kind"] as? String ?? "", ($0["amountFen"] as? NSNumber)?.int64Value ?? -1,
        $0["merchantOrder"] as? String)
    }.sorted()
  }

  private static func line(_ kind: String, _ amount: Int64, _ order: String?) -> String {
    "\(kind) \(amount) \(order ?? "-")"
  }
}

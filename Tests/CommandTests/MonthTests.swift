import Foundation
import Testing

/// The month's report adds up what its nights said, and a day published again is the same day.
@Suite("Months and pages")
struct MonthTests {
  private struct Month: Decodable {
    struct Night: Decodable { var day: String, verdict: String, rows: Int, losses: Int }
    struct Source: Decodable { var source: String, paymentsFen: Int, creditsFen: Int }
    struct Item: Decodable { var id: String }
    struct Service: Decodable { var source: String, pairs: Int, worstSeconds: Int }
    struct Sample: Decodable {
      struct Pair: Decodable, Equatable { var channelSerial: String?, ledgerSerial: String? }
      var size: Int, population: Int
      var pairs: [Pair]
    }
    var nights: [Night], missed: [String], sources: [Source], open: [Item], resolved: [Item]
    var service: [Service]
    var sample: Sample
  }

  private func month(_ school: NightsTests.School, _ arguments: String...) async throws -> Month {
    let run = try await Program.cardrecon(
      ["report", "--month", "2026-11", "--json"] + arguments, in: school.scratch.path)
    #expect(run.code == 0, "\(run.err)")
    return try JSONDecoder().decode(Month.self, from: Data(run.outBytes))
  }

  @Test("A month is the sum of its nights; its sample can be drawn again")
  func sums() async throws {
    let school = try NightsTests.School(4)
    try await school.runAll()
    let open = try await school.anomalies().filter {
      ["open", "reopened"].contains($0["status"] as? String)
        && $0["severity"] as? String != "notice"
    }.compactMap { $0["id"] as? String }
    let solved = try #require(open.sorted().first)
    _ = try await school.run(
      "resolve", solved, "--as", "refunded", "--by", "李会计", "--document", "2026-1107")
    let month = try await month(school)
    #expect(month.nights.map(\.day) == school.days)
    #expect(Set(month.open.map(\.id)).isSuperset(of: Set(open).subtracting([solved])))
    var paid: [String: Int] = [:]
    for (night, day) in zip(month.nights, school.days) {
      let text = try school.scratch.read("reports/\(day)/report.json")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
      #expect(report["verdict"] as? String == night.verdict)
      let lines = report["conservation"] as? [[String: Any]] ?? []
      #expect(lines.compactMap { $0["rowsRead"] as? Int }.reduce(0, +) == night.rows)
      for source in report["sources"] as? [[String: Any]] ?? [] {
        let payments = source["payments"] as? [String: Any]
        paid[source["source"] as? String ?? "", default: 0] += payments?["fen"] as? Int ?? 0
      }
    }
    #expect(
      month.sources.map { [$0.source: $0.paymentsFen] }.reduce(into: [:]) { $0.merge($1) { $1 } }
        == paid)
    #expect(month.sample.size == 20 && month.sample.pairs.count == 20)
    #expect(month.sample.population == month.service.reduce(0) { $0 + $1.pairs })
    let again = try await self.month(school)
    #expect(again.sample.pairs == month.sample.pairs)
    let other = try await self.month(school, "--seed", "2", "--sample", "5")
    #expect(other.sample.pairs.count == 5)
    #expect(other.sample.pairs != Array(month.sample.pairs.prefix(5)))
    let manifest = try await Program.shell(
      "-c", "cd reports/2026-11 && sha256sum -c manifest.sha256", in: school.scratch.path)
    #expect(manifest.code == 0, "\(manifest.err)")
    let index = try school.scratch.text("reports/index.html")
    #expect(index.contains("2026-11/month.html"))
    for day in school.days { #expect(index.contains("\(day)/report.html")) }
  }

  @Test("A day published again has the same bytes; one never run is refused by name")
  func again() async throws {
    let school = try NightsTests.School(2)
    try await school.runAll()
    let before = try school.published()
    #expect(try await school.run("report", "--date", school.days[0]).code == 0)
    let isSame = try school.published() == before
    #expect(isSame)
    let unknown = try await school.run("report", "--date", "2026-01-01", "--lang", "en")
    #expect(unknown.code == 64)
    #expect(unknown.err.contains("2026-01-01 has not been reconciled"))
    let empty = try await school.run("report", "--month", "2025-01")
    #expect(empty.code == 64 && empty.err.contains("2025-01"))
    #expect(try await school.run("report", "--month", "2025-13").code == 64)
    #expect(try await school.run("report").code == 64)
  }

  @Test("A case sheet holds the rows, the finding and room to sign")
  func sheet() async throws {
    let copy = try Sample.copy()
    let arguments = ["--config", "samples/cardrecon.yaml"]
    _ = try await cardrecon(["run", "--date", Sample.day] + arguments, in: copy)
    let serial = "BOC202611020002374490"
    let run = try await cardrecon(["trace", serial, "--html", "case.html"] + arguments, in: copy)
    #expect(run.code == 0)
    let sheet = try copy.text("case.html")
    for words in [serial, "boc_camt053_2026-11-02.xml:186", "扣款成功未到账", "经办", "复核", "SHA-256"] {
      #expect(sheet.contains(words), "\(words)")
    }
    #expect(try copy.permissions("")["case.html"] == 0o600)
    let nobody = try await cardrecon(
      ["trace", "nosuchserial", "--html", "none.html", "--lang", "en"] + arguments, in: copy)
    #expect(nobody.code == 1)
    #expect(try copy.text("none.html").contains("Not found."))
  }
}

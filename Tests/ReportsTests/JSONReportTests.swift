import Foundation
import Payments
import Reports
import TestSupport
import Testing

@Suite("report.json")
struct JSONReportTests {
  private func object(
    _ report: DayReport, _ options: ReportOptions = ReportOptions()
  ) throws -> [String: Any] {
    let bytes = JSONReport.render(report, options: options)
    let value = try JSONSerialization.jsonObject(with: Data(bytes))
    return try #require(value as? [String: Any])
  }

  private func list(_ object: [String: Any], _ key: String) -> [[String: Any]] {
    object[key] as? [[String: Any]] ?? []
  }

  @Test("Fields stand in the order the contract lists them")
  func fieldOrder() {
    let text = String(decoding: JSONReport.render(Sample.report()), as: UTF8.self)
    func names(indent: Int, after marker: String) -> [String] {
      let start = String(repeating: " ", count: indent) + "\""
      guard let range = text.range(of: marker) else { return [] }
      var names: [String] = []
      for line in text[range.upperBound...].split(separator: "\n").dropFirst(0) {
        if line.hasPrefix(start) {
          names.append(String(line.dropFirst(start.count).prefix { $0 != "\"" }))
        } else if line == String(repeating: " ", count: indent - 2) + "}"
          || line == String(repeating: " ", count: indent - 2) + "},"
        {
          break
        }
      }
      return names
    }
    #expect(
      names(indent: 2, after: "{") == [
        "schema", "day", "verdict", "statements", "conservation", "sources", "legs",
        "accounts", "payouts", "fees", "adjustments", "anomalies", "pending", "books", "excluded",
        "rejections", "weakMatches",
      ])
    #expect(
      names(indent: 6, after: "\"statements\": [") == [
        "file", "sha256", "format", "source", "side", "from", "to", "rows", "accepted", "faults",
        "totalsStated", "totalsComputed", "buckets",
      ])
    #expect(
      names(indent: 6, after: "\"anomalies\": [") == [
        "id", "kind", "label", "severity", "amountFen", "owedTo", "channel", "channelSerial",
        "merchantOrder", "ledgerSerial", "refundSerial", "account", "parties", "time", "leg", "gap",
        "explanation", "description", "basis", "evidence", "action", "firstSeen", "status",
        "closedDay", "closedBy",
      ])
    #expect(
      names(indent: 6, after: "\"conservation\": [") == [
        "side", "source", "rowsRead", "buckets", "fenRead", "balanced",
      ])
    #expect(
      names(indent: 6, after: "\"sources\": [") == [
        "source", "payments", "refunds", "fees", "credits", "reversals", "differenceFen",
      ])
    #expect(
      names(indent: 6, after: "\"pending\": [") == [
        "channel", "channelSerial", "merchantOrder", "ledgerSerial", "amountFen", "time",
        "decidedBy", "waitsFor",
      ])
    #expect(
      names(indent: 6, after: "\"rejections\": [") == [
        "file", "line", "column", "field", "reason", "text",
      ])
  }

  @Test("An anomaly says everything a program needs, and null where there is nothing")
  func anomalies() throws {
    let report = try object(Sample.report())
    #expect(report["schema"] as? String == "cardrecon.report/1")
    #expect(report["day"] as? String == "2026-11-02")
    #expect(report["from"] == nil)
    let found = list(report, "anomalies")
    let first = try #require(found.first)
    #expect(first["kind"] as? String == "debited-not-credited")
    #expect(first["label"] as? String == "扣款成功未到账")
    #expect(first["amountFen"] as? Int == 5_000)
    #expect(first["owedTo"] as? String == "student")
    #expect(first["channel"] as? String == "wechat")
    #expect(first["channelSerial"] as? String == "4200002345202611020000000001")
    #expect(first["ledgerSerial"] is NSNull)
    #expect(first["account"] as? String == "2023****88")
    #expect(first["time"] as? String == "2026-11-02 10:00:05")
    #expect(first["explanation"] is NSNull)
    #expect(
      first["description"] as? String
        == "渠道已扣款 ¥50.00（2026-11-02 10:00:05），一卡通未入账；应付师生 ¥50.00")
    #expect(first["action"] as? String == "核实后补入账 ¥50.00，或原路退款；保留付款凭证")
    #expect(first["status"] as? String == "open")
    let evidence = try #require(list(first, "evidence").first)
    #expect(evidence["file"] as? String == "微信账单.csv")
    #expect(evidence["line"] as? Int == 12)
    #expect(
      evidence["text"] as? String
        == "10:00:05,`4200002345202611020000000001,张*,2023****88,50.00")
    let second = try #require(found.last)
    #expect(second["explanation"] as? String == "fee")
    #expect(second["severity"] as? String == "notice")
    #expect(second["status"] as? String == "reopened")
    #expect(second["firstSeen"] as? String == "2026-11-01")
  }

  @Test("A mismatch without a known reason says none; other kinds say null")
  func explanations() throws {
    var report = Sample.report()
    report.anomalies = Sample.everyKind()
    report.anomalies.append(Sample.mismatch())
    report.anomalies[report.anomalies.count - 1].explanation = nil
    for anomaly in list(try object(report), "anomalies") {
      let expected = anomaly["kind"] as? String == "amount-mismatch" ? "none" : nil
      #expect(anomaly["explanation"] as? String == expected)
    }
  }

  @Test("Statements show their totals by name, a repeated name told apart")
  func statements() throws {
    var report = Sample.report()
    report.statements.append(Sample.missingStatement())
    let statements = list(try object(report), "statements")
    let stated = try #require(statements[0]["totalsStated"] as? [String: Any])
    #expect(stated["总交易单数"] as? Int == 3)
    #expect(stated["订单总金额"] is NSNull)
    #expect(stated["订单总金额 (2)"] as? Int == 15_000)
    #expect((statements[0]["totalsComputed"] as? [String: Int])?["订单总金额"] == 15_000)
    #expect((statements[0]["buckets"] as? [String: Any])?.count == 6)
    #expect(statements[0]["source"] as? String == "wechat")
    #expect(statements[1]["source"] as? String == "ledger")
    let fault = try #require(list(statements[1], "faults").first)
    #expect(fault["kind"] as? String == "row-rejected")
    #expect(fault["line"] as? Int == 77)
    #expect(fault["column"] as? String == "金额")
    #expect(statements[2]["sha256"] is NSNull)
    #expect(statements[2]["file"] is NSNull)
    #expect(statements[2]["format"] is NSNull)
  }

  @Test("Totals, pending, excluded and rejected rows are told with their numbers")
  func otherLists() throws {
    let report = try object(Sample.report())
    let source = try #require(list(report, "sources").first)
    #expect(source["differenceFen"] as? Int == 5_000)
    #expect((source["payments"] as? [String: Int]) == ["rows": 3, "fen": 15_000])
    #expect((source["fees"] as? [String: Any])?["fen"] as? Int == 90)
    #expect((source["fees"] as? [String: Any])?["rows"] is NSNull)
    #expect(list(report, "conservation").allSatisfy { $0["balanced"] as? Bool == true })
    let pending = try #require(list(report, "pending").first)
    #expect(pending["channel"] is NSNull)
    #expect(pending["decidedBy"] as? String == "2026-11-03")
    #expect(list(report, "excluded").first?["rule"] as? String == "not-top-up")
    let rejection = try #require(list(report, "rejections").first)
    #expect(rejection["column"] as? Int == 5)
    #expect(rejection["field"] as? String == "金额")
    #expect(rejection["text"] as? String == "L0077,2023****88,张*,5O.00")
  }

  @Test("Numbers and names are written out only when asked")
  func unmasked() throws {
    let masked = String(decoding: JSONReport.render(Sample.report()), as: UTF8.self)
    #expect(!masked.contains("张三") && !masked.contains("2023010188"))
    let report = try object(Sample.report(), ReportOptions(unmask: true))
    let first = try #require(list(report, "anomalies").first)
    #expect(first["account"] as? String == "2023010188")
    #expect((list(first, "evidence").first?["text"] as? String)?.contains("张三") == true)
  }

  @Test("A report of several days has from and to instead of day")
  func severalDays() throws {
    var report = Sample.report()
    report.days = Sample.day...Sample.day.adding(28)
    let parsed = try object(report, ReportOptions(language: .en))
    #expect(parsed["day"] == nil)
    #expect(parsed["from"] as? String == "2026-11-02")
    #expect(parsed["to"] as? String == "2026-11-30")
    #expect(list(parsed, "anomalies").first?["label"] as? String == "Debited, not credited")
  }

  @Test("Sums wider than 64 bits are whole numbers in the file")
  func wideSums() {
    var report = Sample.report()
    report.conservation[0].read.fen = 92_233_720_368_547_758_070_000
    let text = String(decoding: JSONReport.render(report), as: UTF8.self)
    #expect(text.contains("\"fenRead\": 92233720368547758070000,"))
    #expect(text.contains("\"balanced\": false"))
  }

  @Test("Every report fits the schema, in both languages", arguments: Language.allCases)
  func schema(language: Language) throws {
    let schema = try SchemaCheck(JSONReport.schema)
    var full = Sample.report()
    full.statements.append(Sample.missingStatement())
    full.anomalies += Sample.everyKind(owedTo: .unknown)
    full.anomalies += Channel.known.map { channel in
      var anomaly = Sample.debited()
      anomaly.channel = channel
      return anomaly
    }
    full.excluded = ExclusionRule.allCases.map {
      ExcludedLine(rule: $0, side: .channel, source: "bank", tally: Tally())
    }
    full.statements[0].statement.faults = FaultKind.allCases.map {
      StatementFault($0, detail: Wording(zh: "甲", en: "a"))
    }
    var month = DayReport(days: Sample.day...Sample.day.adding(5), verdict: .incomplete)
    let empty = DayReport(days: Sample.day...Sample.day, verdict: .balanced)
    month.sources = full.sources
    for report in [full, month, empty] {
      let parsed = try object(report, ReportOptions(language: language))
      #expect(schema.faults(in: parsed) == [])
    }
  }

  @Test("The schema check finds what is wrong")
  func schemaCheckWorks() throws {
    let schema = try SchemaCheck(JSONReport.schema)
    var parsed = try object(Sample.report())
    parsed["from"] = "2026-11-02"
    parsed["to"] = "2026-11-02"
    parsed["extra"] = 1
    parsed["verdict"] = "fine"
    var anomalies = list(parsed, "anomalies")
    anomalies[0]["time"] = "10:00"
    anomalies[0]["status"] = nil
    anomalies[0]["amountFen"] = "50.00"
    parsed["anomalies"] = anomalies
    #expect(schema.faults(in: parsed).count == 6)
  }

  @Test("Fifteen thousand anomalies are no trouble")
  func manyAnomalies() throws {
    var report = Sample.report()
    report.anomalies = Array(repeating: Sample.debited(), count: 15_000)
    let clock = ContinuousClock()
    var bytes: [UInt8] = []
    let duration = clock.measure { bytes = JSONReport.render(report) }
    // Generous: unoptimised builds on shared machines run this too.
    #expect(duration < .seconds(30))
    #expect(list(try object(report), "anomalies").count == 15_000)
    #expect(bytes == JSONReport.render(report))
  }
}

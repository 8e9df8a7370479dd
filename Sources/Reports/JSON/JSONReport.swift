public import Payments

/// `report.json`: the machine twin of the report, schema `cardrecon.report/1`.
///
/// A public contract, described in full by ``schema``. Amounts are whole fen, times
/// `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai, absent values null; fields and lists keep one order, so
/// equal reports are equal bytes. Serials are never masked; accounts and quoted rows are, unless
/// ``ReportOptions/unmask`` is set.
public enum JSONReport {
  /// The name and version of the form.
  public static let schemaName = "cardrecon.report/1"

  /// The JSON Schema (draft 2020-12) every report satisfies.
  public static var schema: [UInt8] { PackageResources.report_schema_json }

  /// The report as UTF-8 bytes, pretty-printed, ending in a line feed.
  public static func render(
    _ report: DayReport, options: ReportOptions = ReportOptions()
  ) -> [UInt8] {
    var json = JSONWriter(capacity: 4_096 + 2_048 * report.anomalies.count)
    write(report, options, to: &json)
    return json.finish()
  }

  /// The same bytes, handed over part by part, so that those of a long report are never in memory
  /// together.
  public static func render(
    _ report: DayReport, options: ReportOptions, to sink: @escaping @Sendable ([UInt8]) -> Void
  ) {
    var json = JSONWriter(sink: sink)
    write(report, options, to: &json)
    sink(json.finish())
  }

  private static func write(
    _ report: DayReport, _ options: ReportOptions, to json: inout JSONWriter
  ) {
    let rendering = Rendering(report: report, options: options)
    json.object { json in
      json.field("schema", schemaName)
      if let days = report.days, days.lowerBound != days.upperBound {
        json.field("from", days.lowerBound.description)
        json.field("to", days.upperBound.description)
      } else {
        json.field("day", report.days?.lowerBound.description)
      }
      json.field("verdict", report.verdict.rawValue)
      if let mark = report.decidedUpTo {
        json.object("decidedUpTo") { json in
          json.field("number", Int(mark.number))
          json.field("time", mark.time?.description)
        }
      }
      if let missed = report.missedNights {
        json.object("missedNights") { json in
          json.field("from", missed.lowerBound.description)
          json.field("to", missed.upperBound.description)
        }
      }
      if !report.openNights.isEmpty {
        json.array("openNights", of: report.openNights, rendering.openNight)
      }
      if !report.decisions.isEmpty {
        json.array("decisions", of: report.decisions, rendering.decision)
      }
      if !report.configurationChanges.isEmpty {
        json.array("configurationChanges", of: report.configurationChanges) { json, change in
          json.object { json in
            json.field("key", change.key)
            json.field("before", change.before)
            json.field("after", change.after)
          }
        }
      }
      json.array("statements", of: report.statements, rendering.statement)
      json.array("conservation", of: report.conservation, rendering.conservation)
      json.array("sources", of: report.sources, rendering.source)
      MoneyJSON(report: report).write(to: &json)
      json.longArray("anomalies", of: report.anomalies, rendering.anomaly)
      json.longArray("pending", of: report.pending, rendering.pending)
      json.array("books", of: report.books, rendering.book)
      json.array("excluded", of: report.excluded, rendering.excluded)
      json.longArray("rejections", of: report.rejections, rendering.rejection)
      json.longArray("weakMatches", of: report.weakMatches, rendering.weakMatch)
    }
  }

  /// The anomalies of a report alone, as a list in the same form.
  public static func renderAnomalies(
    _ report: DayReport, options: ReportOptions = ReportOptions()
  ) -> [UInt8] {
    let rendering = Rendering(report: report, options: options)
    var json = JSONWriter(capacity: 4_096 + 2_048 * report.anomalies.count)
    json.array(of: report.anomalies, rendering.anomaly)
    return json.finish()
  }
}

/// The elements of the report's lists, each written by one function. A class, as it stands beside every
/// element and a report has many fields to copy.
private final class Rendering {
  let report: DayReport
  let options: ReportOptions

  init(report: DayReport, options: ReportOptions) {
    self.report = report
    self.options = options
  }

  func openNight(_ json: inout JSONWriter, _ night: OpenNight) {
    json.object { json in
      json.field("day", night.day.description)
      json.field("withdrawn", night.isWithdrawn)
      json.array("books", of: night.books) { json, book in
        json.object { json in
          json.field("book", book.book.name)
          json.field("state", book.state.rawValue)
          json.field("fault", book.fault?.rawValue)
        }
      }
    }
  }

  func decision(_ json: inout JSONWriter, _ decision: NightDecision) {
    json.object { json in
      json.field("act", decision.act.rawValue)
      json.array("days", of: decision.days) { json, day in json.element(day.description) }
      json.field("file", decision.file)
      json.field("sha256", decision.sha256)
      json.field("book", decision.book?.name)
      json.field("manifest", decision.manifest)
      json.field("by", decision.who)
      json.field("reviewer", decision.reviewer)
      json.field("note", decision.note)
      json.field("time", decision.time.description)
    }
  }

  func statement(_ json: inout JSONWriter, _ reported: ReportedStatement) {
    let statement = reported.statement
    let source = statement.side == .ledger ? Side.ledger.rawValue : statement.channel.name
    json.object { json in
      json.field("file", statement.file.nonEmpty)
      json.field("sha256", statement.sha256.nonEmpty)
      json.field("format", statement.format.nonEmpty)
      json.field("source", source)
      json.field("side", statement.side.rawValue)
      json.field("from", statement.from?.description)
      json.field("to", statement.to?.description)
      json.field("rows", statement.read.rows)
      json.field("accepted", statement.accepted)
      json.array("faults", of: statement.faults, fault)
      json.object("totalsStated") { json in
        for (name, total) in named(statement.totals) { json.field(name, total.stated) }
      }
      json.object("totalsComputed") { json in
        for (name, total) in named(statement.totals) { json.field(name, total.computed) }
      }
      buckets(&json, reported.buckets)
      if !statement.notes.isEmpty {
        json.array("notes", of: statement.notes) { json, note in
          json.object { json in
            json.field("line", note.line)
            json.field("detail", options.words(note.detail))
          }
        }
      }
      if let reissue = reported.reissue { self.reissue(&json, reissue) }
    }
  }

  private func reissue(_ json: inout JSONWriter, _ reissue: Reissue) {
    json.object("reissue") { json in
      json.field("earlier", reissue.earlier)
      json.field("added", reissue.added)
      json.field("removed", reissue.removed)
      json.field("changed", reissue.changed)
      json.array("rows", of: reissue.rows) { json, row in
        json.object { json in json.change(row, options) }
      }
    }
  }

  /// Totals under names that differ: a statement may give one total twice, JSON may not.
  private func named(_ totals: [ControlTotal]) -> [(String, ControlTotal)] {
    var seen: [String: Int] = [:]
    return totals.map { total in
      let count = (seen[total.name] ?? 0) + 1
      seen[total.name] = count
      return (count == 1 ? total.name : "\(total.name) (\(count))", total)
    }
  }

  private func fault(_ json: inout JSONWriter, _ fault: StatementFault) {
    json.object { json in
      json.field("kind", fault.kind.rawValue)
      json.field("label", fault.kind.label(options.language))
      json.field("line", fault.line)
      json.field("column", fault.column)
      json.field("detail", options.words(fault.detail))
    }
  }

  private func buckets(_ json: inout JSONWriter, _ buckets: [Bucket: Tally]) {
    json.object("buckets") { json in
      for bucket in Bucket.allCases { tally(&json, bucket.name, buckets[bucket] ?? Tally()) }
    }
  }

  private func tally(_ json: inout JSONWriter, _ key: String, _ tally: Tally) {
    json.object(key) { json in
      json.field("rows", tally.rows)
      json.field("fen", tally.fen)
    }
  }

  func conservation(_ json: inout JSONWriter, _ line: ConservationLine) {
    json.object { json in
      json.field("side", line.side.rawValue)
      json.field("source", line.source)
      json.field("rowsRead", line.read.rows)
      buckets(&json, line.buckets)
      json.field("fenRead", line.read.fen)
      json.field("balanced", line.isBalanced)
    }
  }

  func source(_ json: inout JSONWriter, _ line: SourceLine) {
    json.object { json in
      json.field("source", line.source)
      tally(&json, "payments", line.payments)
      tally(&json, "refunds", line.refunds)
      json.object("fees") { json in
        // Fees stand on the payments' own rows: there are no fee rows to count.
        json.field("rows", Int?.none)
        json.field("fen", line.feeFen)
      }
      tally(&json, "credits", line.credits)
      tally(&json, "reversals", line.reversals)
      json.field("differenceFen", line.differenceFen)
    }
  }

  func anomaly(_ json: inout JSONWriter, _ anomaly: ReportedAnomaly) {
    let language = options.language
    let explanation =
      anomaly.kind == .amountMismatch ? (anomaly.explanation ?? .none).rawValue : nil
    json.object { json in
      json.field("id", anomaly.id)
      json.field("kind", anomaly.kind.rawValue)
      json.field("label", anomaly.kind.label(language))
      json.field("severity", anomaly.severity.rawValue)
      json.field("amountFen", anomaly.amountFen)
      json.field("owedTo", anomaly.owedTo.rawValue)
      json.field("channel", anomaly.channel.known?.name)
      json.field("channelSerial", anomaly.channelSerial)
      json.field("merchantOrder", anomaly.merchantOrder)
      json.field("ledgerSerial", anomaly.ledgerSerial)
      json.field("refundSerial", anomaly.refundSerial)
      json.field("account", options.account(anomaly.account))
      json.array("parties", of: anomaly.parties ?? []) { json, party in
        json.object { json in
          json.field("account", options.account(party.account))
          json.field("fen", party.fen)
        }
      }
      json.field("time", anomaly.time?.description)
      json.field("leg", anomaly.leg)
      json.field("gap", anomaly.gap)
      json.field("explanation", explanation)
      json.field("description", anomaly.description(in: language))
      json.field("basis", anomaly.basis.rawValue)
      json.array("evidence", of: anomaly.evidence, evidence)
      json.field(
        "action", anomaly.action(options.actions, reportDay: report.days?.upperBound, in: language))
      json.field("firstSeen", anomaly.firstSeen.description)
      json.field("status", anomaly.status.rawValue)
      json.field("closedDay", anomaly.closedDay?.description)
      json.array("closedBy", of: anomaly.closing, evidence)
      progress(&json, anomaly.progress)
    }
  }

  private func progress(_ json: inout JSONWriter, _ progress: CaseProgress) {
    if progress.doneFen > 0 { json.field("doneFen", progress.doneFen) }
    if let change = progress.change { json.field("reopenedBy", change.rawValue) }
    guard !progress.decisions.isEmpty else { return }
    json.array("decisions", of: progress.decisions) { json, decision in
      json.object { json in json.decision(decision, options.language) }
    }
  }

  private func evidence(_ json: inout JSONWriter, _ line: EvidenceLine) {
    json.object { json in
      json.field("side", line.side.rawValue)
      json.field("file", line.file)
      json.field("line", line.line)
      json.field("text", options.text(line.text, line.personal))
    }
  }

  func pending(_ json: inout JSONWriter, _ item: ReportedPending) {
    json.object { json in
      json.field("channel", item.channel.known?.name)
      json.field("channelSerial", item.channelSerial)
      json.field("merchantOrder", item.merchantOrder)
      json.field("ledgerSerial", item.ledgerSerial)
      json.field("amountFen", item.amountFen)
      json.field("time", item.time.description)
      json.field("decidedBy", item.decidedBy.description)
      guard let want = item.waitsFor else { return json.field("waitsFor", nil as String?) }
      json.object("waitsFor") { json in
        json.field("book", want.book?.name ?? "lists")
        json.field("from", Timestamp(seconds: want.from).description)
        json.field("to", Timestamp(seconds: want.to).description)
        json.field("line", want.line == 0 ? nil : Int(want.line))
      }
    }
  }

  func book(_ json: inout JSONWriter, _ coverage: BookCoverage) {
    json.object { json in
      json.field("book", coverage.book.name)
      json.field("side", coverage.book.side.rawValue)
      json.field(
        "channel", coverage.book.channel == .unknown ? nil : coverage.book.channel.name)
      json.field("owner", coverage.book.owner.isEmpty ? nil : coverage.book.owner)
      json.field("content", coverage.book.content.name)
      json.array("covers", of: coverage.spans) { json, span in
        json.object { json in
          json.field("from", span.start.description)
          json.field("to", span.end.description)
        }
      }
      json.field("holes", coverage.holes.count)
    }
  }

  func weakMatch(_ json: inout JSONWriter, _ match: ReportedWeakMatch) {
    json.object { json in
      json.field("channel", match.channel.known?.name)
      json.field("channelSerial", match.channelSerial)
      json.field("ledgerSerial", match.ledgerSerial)
      json.field("amountFen", match.amountFen)
      json.field("paidAt", match.paidAt?.description)
      json.field("creditedAt", match.creditedAt?.description)
      json.array("rows", of: [match.first, match.second]) { json, row in
        json.object { json in
          json.field("kind", String(describing: row.kind))
          json.field("serial", row.serial)
          json.field("time", row.time.description)
        }
      }
    }
  }

  func excluded(_ json: inout JSONWriter, _ line: ExcludedLine) {
    json.object { json in
      json.field("rule", line.rule.name)
      json.field("side", line.side.rawValue)
      json.field("source", line.source)
      json.field("rows", line.tally.rows)
      json.field("fen", line.tally.fen)
    }
  }

  func rejection(_ json: inout JSONWriter, _ rejection: Rejection) {
    json.object { json in
      json.field("file", rejection.file)
      json.field("line", rejection.line)
      json.field("column", rejection.column)
      json.field("field", rejection.field)
      json.field("reason", options.words(rejection.reason))
      json.field("text", options.text(rejection.text, rejection.personal))
    }
  }
}

extension String {
  /// Nil for the empty text by which values say "absent".
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

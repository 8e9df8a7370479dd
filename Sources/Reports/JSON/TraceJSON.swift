public import Payments

extension TraceReport {
  /// As JSON (`cardrecon.trace/1`).
  public static func renderJSON(
    _ trace: Trace, today: BusinessDay, options: ReportOptions = ReportOptions()
  ) -> [UInt8] {
    let rendering = TraceRendering(options: options, today: today)
    var json = JSONWriter()
    json.object { json in
      json.field("schema", "cardrecon.trace/1")
      json.field("query", trace.query)
      json.field("found", !trace.groups.isEmpty)
      json.array("groups", of: trace.groups, rendering.group)
      json.array("candidates", of: trace.candidates) { json, serial in json.element(serial) }
      json.field("searchedFrom", trace.searched?.lowerBound.description)
      json.field("searchedTo", trace.searched?.upperBound.description)
      json.array("sources", of: trace.sources) { json, source in json.element(source) }
      json.array("missing", of: trace.missing) { json, gap in
        json.element(
          ([gap.period] + [gap.source, gap.file].compactMap(\.self)).joined(separator: " "))
      }
    }
    return json.finish()
  }
}

/// How the parts of a trace become JSON.
private struct TraceRendering {
  let options: ReportOptions
  let today: BusinessDay

  func group(_ json: inout JSONWriter, _ group: TraceGroup) {
    json.object { json in
      json.field("verdict", group.verdict(today: today)(options.language))
      json.field("basis", group.basis.rawValue)
      json.array("rows", of: group.rows, row)
      json.array("anomalies", of: group.anomalies, anomaly)
      json.array("reissued", of: group.reissued, change)
      json.array("decisions", of: group.decisions) { json, decision in
        json.object { json in json.decision(decision, options.language) }
      }
    }
  }

  private func row(_ json: inout JSONWriter, _ row: TraceRow) {
    json.object { json in
      json.field("time", row.time.description)
      json.field("what", row.what(options.language))
      json.field("channel", row.channel.known?.name)
      json.field("amountFen", row.amountFen)
      json.field("bucket", row.bucket.name)
      json.field("channelSerial", row.channelSerial)
      json.field("merchantOrder", row.merchantOrder)
      json.field("ledgerSerial", row.ledgerSerial)
      json.field("refundSerial", row.refundSerial)
      json.field("account", options.account(row.account))
      json.field("side", row.evidence.side.rawValue)
      json.field("file", row.evidence.file)
      json.field("line", row.evidence.line)
      json.field("sha256", row.sha256)
      json.field("text", options.text(row.evidence.text, row.evidence.personal))
    }
  }

  private func anomaly(_ json: inout JSONWriter, _ anomaly: ReportedAnomaly) {
    json.object { json in
      json.field("id", anomaly.id)
      json.field("kind", anomaly.kind.rawValue)
      json.field("amountFen", anomaly.amountFen)
      json.field("owedTo", anomaly.owedTo.rawValue)
      json.field("status", anomaly.status.rawValue)
      json.field("firstSeen", anomaly.firstSeen.description)
      json.field("closedDay", anomaly.closedDay?.description)
      json.field("description", anomaly.description(in: options.language))
      json.field(
        "action", anomaly.action(options.actions, reportDay: today, in: options.language))
    }
  }

  private func change(_ json: inout JSONWriter, _ change: RowChange) {
    json.object { json in json.change(change, options) }
  }
}

extension JSONWriter {
  /// Writes the fields of what a person did about a case.
  mutating func decision(_ decision: CaseDecision, _ language: Language) {
    field("number", Int(decision.number))
    field("anomaly", decision.anomaly)
    field("outcome", decision.outcome.rawValue)
    field("label", decision.outcome.label(language))
    field("amountFen", decision.amountFen)
    field("who", decision.who)
    field("assignee", decision.assignee)
    field("reviewer", decision.reviewer)
    field("document", decision.document)
    field("note", decision.note)
    field("day", decision.day?.description)
    field("time", decision.time.description)
  }

  /// Writes the fields of a row as two issues of a statement have it.
  mutating func change(_ change: RowChange, _ options: ReportOptions) {
    func text(_ line: EvidenceLine?) -> String? {
      line.map { options.text($0.text, $0.personal) }
    }
    field("key", change.key)
    field("before", text(change.before))
    field("after", text(change.after))
  }
}

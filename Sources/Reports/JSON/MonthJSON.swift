public import Payments

/// `month.json`: a month for machines (`cardrecon.month/1`); amounts in fen, delays in seconds.
public enum MonthJSON {
  /// Renders a month.
  public static func render(
    _ month: MonthReport, options: ReportOptions = ReportOptions()
  ) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("schema", "cardrecon.month/1")
      json.field("month", month.name)
      json.object("decidedUpTo") { json in
        json.field("number", Int(month.decidedUpTo.number))
        json.field("time", month.decidedUpTo.time?.description)
      }
      json.array("nights", of: month.nights) { json, night in
        json.object { json in
          json.field("day", night.day.description)
          json.field("verdict", night.verdict.rawValue)
          json.field("rows", night.rows)
          json.field("losses", night.losses)
          json.field("lossFen", night.lossFen)
        }
      }
      json.array("missed", of: month.missed) { json, day in json.element(day.description) }
      json.array("sources", of: month.sources) { json, line in
        json.object { json in
          json.field("source", line.source)
          json.field("paymentsFen", line.payments.fen)
          json.field("refundsFen", line.refunds.fen)
          json.field("feesFen", line.feeFen)
          json.field("creditsFen", line.credits.fen)
          json.field("reversalsFen", line.reversals.fen)
          json.field("differenceFen", line.differenceFen)
        }
      }
      MoneyJSON.write(month.legs, to: &json)
      json.array("open", of: month.open) { json, anomaly in
        json.object { json in
          json.field("id", anomaly.id)
          json.field("kind", anomaly.kind.rawValue)
          json.field("amountFen", anomaly.amountFen)
          json.field("firstSeen", anomaly.firstSeen.description)
        }
      }
      json.array("resolved", of: month.resolved) { json, item in
        json.object { json in
          json.field("id", item.anomaly.id)
          json.field("amountFen", item.anomaly.amountFen)
          json.field("outcome", item.decision.outcome.label(options.language))
          json.field("who", item.decision.who)
          json.field("time", item.decision.time.description)
        }
      }
      writeEvidence(month, &json)
    }
    return json.finish()
  }

  /// How quickly credits arrived, and what was drawn for an auditor.
  private static func writeEvidence(_ month: MonthReport, _ json: inout JSONWriter) {
    json.array("service", of: month.service) { json, line in
      json.object { json in
        json.field("source", line.source)
        json.field("pairs", line.pairs)
        json.field("medianSeconds", line.median)
        json.field("p95Seconds", line.p95)
        json.field("worstSeconds", line.worst)
        json.field("overTwoMinutes", line.overTwoMinutes)
        json.field("overThirtyMinutes", line.overThirtyMinutes)
      }
    }
    json.object("sample") { json in
      json.field("seed", Int128(month.sample.seed))
      json.field("size", month.sample.pairs.count)
      json.field("population", month.sample.population)
      json.array("pairs", of: month.sample.pairs) { json, pair in
        json.object { json in
          json.field("day", pair.day.description)
          json.field("channel", pair.channel.name)
          json.field("channelSerial", pair.channelSerial)
          json.field("ledgerSerial", pair.ledgerSerial)
          json.field("amountFen", pair.amountFen)
          json.field("delaySeconds", pair.delay)
        }
      }
    }
  }
}

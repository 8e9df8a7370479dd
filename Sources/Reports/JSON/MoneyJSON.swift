import Payments

/// The legs behind the bill, the channels' accounts, payouts, fees and adjustments, in a report's JSON.
struct MoneyJSON {
  let report: DayReport

  func write(to json: inout JSONWriter) {
    MoneyJSON.write(report.legs, to: &json)
    json.array("accounts", of: report.accounts, MoneyJSON.account)
    json.array("payouts", of: report.payouts, MoneyJSON.payout)
    json.array("fees", of: report.fees, MoneyJSON.fee)
    json.array("adjustments", of: report.adjustments, MoneyJSON.adjustment)
  }

  /// The legs alone, as the field `legs`.
  static func write(_ legs: [LegReport], to json: inout JSONWriter) {
    json.array("legs", of: legs, leg)
  }

  private static func tally(_ json: inout JSONWriter, _ key: String, _ tally: Tally) {
    json.object(key) { json in
      json.field("rows", tally.rows)
      json.field("fen", tally.fen)
    }
  }

  private static func owner(_ json: inout JSONWriter, _ channel: Channel, _ owner: String) {
    json.field("channel", channel.name)
    json.field("owner", owner.isEmpty ? nil : owner)
  }

  private static func leg(_ json: inout JSONWriter, _ leg: LegReport) {
    json.object { json in
      owner(&json, leg.channel, leg.owner)
      json.field("leg", leg.leg.rawValue)
      let lacks: String? = leg.lacks.map { book in
        switch book {
        case .trade: "bill"
        case .funds: "funds"
        case .bank: "bank"
        }
      }
      json.field("lacks", lacks)
      tally(&json, "opening", leg.sums.opening)
      tally(&json, "sent", leg.sums.sent)
      tally(&json, "arrived", leg.sums.arrived)
      tally(&json, "matched", leg.sums.matched)
      tally(&json, "inTransit", leg.sums.inTransit)
      tally(&json, "notProven", leg.sums.notProven)
      tally(&json, "open", leg.sums.open)
      tally(&json, "late", leg.sums.late)
      tally(&json, "unexplained", leg.sums.unexplained)
    }
  }

  private static func account(_ json: inout JSONWriter, _ account: ReportedAccount) {
    json.object { json in
      json.field("book", account.book.name)
      json.field("openingFen", account.balances?.opening)
      json.field("closingFen", account.balances?.closing)
      json.object("flows") { json in
        for flow in Flow.allCases {
          if let moved = account.flows[flow] { tally(&json, flow.name, moved) }
        }
      }
      if let isBalanced = account.isBalanced {
        json.field("balanced", isBalanced)
      } else {
        json.field("balanced", nil as String?)
      }
    }
  }

  private static func payout(_ json: inout JSONWriter, _ payout: ReportedPayout) {
    json.object { json in
      owner(&json, payout.channel, payout.owner)
      json.field("state", payout.state.rawValue)
      json.field("due", payout.due?.description)
      for (key, ends) in [("sent", payout.sent), ("arrived", payout.arrived)] {
        json.array(key, of: ends) { json, end in
          json.object { json in
            json.field("serial", end.serial)
            json.field("time", end.time.description)
            json.field("fen", end.fen)
          }
        }
      }
    }
  }

  private static func fee(_ json: inout JSONWriter, _ fees: ReportedFees) {
    json.object { json in
      owner(&json, fees.channel, fees.owner)
      json.field("day", fees.line.day.description)
      json.field("rate", Int(fees.line.rate))
      json.field("contract", fees.line.isContract)
      json.field("rows", fees.line.rows)
      json.field("grossFen", fees.line.grossFen)
      json.field("expectedFen", fees.line.expectedFen)
      json.field("actualFen", fees.line.actualFen)
    }
  }

  private static func adjustment(_ json: inout JSONWriter, _ adjustment: Adjustment) {
    json.object { json in
      json.field("channel", adjustment.channel.name)
      json.field("channelFen", adjustment.channelFen)
      json.field("ledgerFen", adjustment.ledgerFen)
      json.array("items", of: adjustment.items) { json, item in
        json.object { json in
          json.field("reason", item.reason.name)
          json.field("rows", item.tally.rows)
          json.field("fen", item.tally.fen)
          json.field("oldest", item.oldest.description)
        }
      }
    }
  }
}

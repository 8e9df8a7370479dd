import Payments

// The way of the money on a day's page: the legs first, payouts, fees, accounts and adjustments below.

/// The legs as a table: both ends of each, as rows and yuan.
struct LegTable {
  let legs: [LegReport]
  let page: Page

  var rows: [[String: Any]] {
    legs.map { leg in
      let sums = leg.sums
      func tally(_ tally: Tally) -> String {
        tally == Tally() && leg.lacks != nil ? "" : page.tally(tally)
      }
      let isWrong = sums.open.rows > 0 || sums.unexplained.rows > 0
      let isFine = leg.lacks == nil && !isWrong && sums.notProven.rows == 0
      return [
        "channel": page.channel(leg.channel), "owner": page.plain(leg.owner),
        "leg": leg.leg.label(page.language), "state": leg.state(page.language),
        "class": isWrong ? "bad" : isFine ? "good" : "wait", "opening": tally(sums.opening),
        "sent": tally(sums.sent), "arrived": tally(sums.arrived), "matched": tally(sums.matched),
        "transit": tally(sums.inTransit), "notProven": tally(sums.notProven),
        "open": tally(sums.open), "late": tally(sums.late), "unasked": tally(sums.unexplained),
      ]
    }
  }

  /// What a template needs of it.
  var model: [String: Any] {
    let words: [(String, PaperWord)] = [
      ("merchant", .merchant), ("leg", .leg), ("state", .state), ("opening", .opening),
      ("sent", .sent), ("arrived", .arrived), ("matched", .matchedFen), ("transit", .inTransit),
      ("notProven", .notProven), ("open", .openFen), ("late", .late), ("unasked", .unasked),
    ]
    let headings = words.map { ($0, $1.label(page.language)) }
    return [
      "legs": rows, "hasLegs": !legs.isEmpty,
      "l": Dictionary(uniqueKeysWithValues: headings),
    ]
  }
}

extension DayModel {
  /// The papers of the way of the money that have rows, as tables.
  var moneyTables: [[String: Any]] {
    let papers = Papers(report: report, options: options, context: PaperContext())
    let names: [PaperName] = [.payouts, .fees, .accounts, .adjustment]
    return names.map(papers.paper).filter { !$0.rows.isEmpty }.map { paper in
      [
        "title": paper.name.label(page.language), "anchor": paper.name.rawValue,
        "head": paper.columns.map { column -> [String: Any] in
          ["text": column.label(page.language), "class": column.isSummed ? "n" : ""]
        },
        "rows": paper.rows.map { row -> [String: Any] in
          ["cells": row.map { cell -> [String: Any] in self.cell(cell) }]
        },
      ]
    }
  }

  private func cell(_ cell: PaperCell) -> [String: Any] {
    switch cell {
    case .empty, .entry: ["text": "", "class": ""]
    case .text(let text): ["text": page.plain(text), "class": ""]
    case .serial(let serial): ["text": page.plain(serial ?? ""), "class": "serial"]
    case .count(let count): ["text": page.phrases.count(count), "class": "n"]
    case .amount(let fen): ["text": fen.map { Money.yuan($0) } ?? "", "class": "n"]
    case .day(let day): ["text": day?.description ?? "", "class": ""]
    case .time(let time): ["text": time?.description ?? "", "class": ""]
    }
  }
}

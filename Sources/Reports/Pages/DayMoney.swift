import Payments

// The way of the money on a day's page: the legs first, payouts, fees, accounts and adjustments below.

/// The legs as a table: both ends of each, as rows and yuan; columns in which there is nothing are left out.
struct LegTable {
  let legs: [LegReport]
  let page: Page

  private static var columns: [(word: PaperWord, sum: KeyPath<LegSums, Tally>, isKept: Bool)] {
    [
      (.opening, \.opening, false), (.sent, \.sent, true), (.arrived, \.arrived, true),
      (.matchedFen, \.matched, true), (.inTransit, \.inTransit, false),
      (.notProven, \.notProven, false), (.openFen, \.open, true), (.late, \.late, false),
      (.unasked, \.unexplained, false),
    ]
  }

  /// What a template needs of it.
  var model: [String: Any] {
    let columns = LegTable.columns.filter { column in
      column.isKept || legs.contains { $0.sums[keyPath: column.sum] != Tally() }
    }
    return [
      "hasLegs": !legs.isEmpty,
      "l": [
        "leg": PaperWord.leg.label(page.language), "state": PaperWord.state.label(page.language),
      ],
      "legHead": columns.map { $0.word.label(page.language) },
      "legs": legs.map { leg in
        let sums = leg.sums
        let isWrong = sums.open.rows > 0 || sums.unexplained.rows > 0
        let isFine = leg.lacks == nil && !isWrong && sums.notProven.rows == 0
        return [
          "channel": page.channel(leg.channel), "owner": page.plain(leg.owner),
          "leg": leg.leg.label(page.language), "state": leg.state(page.language),
          "class": isWrong ? "bad" : isFine ? "good" : "wait",
          "cells": columns.map { column in
            let tally = sums[keyPath: column.sum]
            return tally == Tally() ? "—" : page.tally(tally)
          },
        ] as [String: Any]
      },
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

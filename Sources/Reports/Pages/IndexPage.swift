public import Payments

/// One published day as the index tells it.
public struct IndexDay: Hashable, Sendable {
  /// The day.
  public var day: BusinessDay
  /// Its verdict when it was published last.
  public var verdict: Verdict
  /// Losses first seen that day.
  public var losses: Int
  /// Their amounts in fen.
  public var lossFen: Int128

  /// Describes a day.
  public init(day: BusinessDay, verdict: Verdict, losses: Int, lossFen: Int128) {
    self.day = day
    self.verdict = verdict
    self.losses = losses
    self.lossFen = lossFen
  }
}

/// `index.html` over all published days: a calendar of verdicts, the trend, what is open now.
public enum IndexPage {
  /// Days the chart and the list reach back.
  static let reach = 62

  /// The page as UTF-8 bytes.
  ///
  /// - Parameters:
  ///   - days: every published day, in order.
  ///   - open: how many anomalies of each severity are open now, and their amounts.
  ///   - months: months with a report of their own, as `2026-11`.
  ///   - grid: books and the last days.
  ///   - news: which of them were judged again, and why; a line each.
  ///   - head: the last link of the chain the page knows of, as a sentence.
  public static func render(
    _ days: [IndexDay], open: [(severity: Severity, tally: Tally)], months: Set<String> = [],
    grid: BookGrid = BookGrid(days: [], rows: []), news: [String] = [], head: String? = nil,
    options: ReportOptions = ReportOptions(), school: String = ""
  ) -> [UInt8] {
    let page = Page(options.language)
    let recent = Array(days.suffix(reach))
    var model: [String: Any] = [
      "hasDays": !days.isEmpty, "days": recent.reversed().map { day(page, $0) },
      "cards": cards(page, open), "months": calendars(page, days, months),
      "trend": trend(page, recent),
      "legend": [Verdict.balanced, .unbalanced, .incomplete].map {
        ["class": tag($0), "symbol": page.symbol($0), "label": $0.label(options.language)]
      },
    ]
    model.merge(table(page, grid)) { $1 }
    (model["hasNews"], model["news"]) = (!news.isEmpty, news.map { page.plain($0) })
    if let head { model["head"] = page.plain(head) }
    if let last = days.last { model["latest"] = day(page, last) }
    if !school.isEmpty { model["school"] = page.plain(school) }
    return page.render("index", title: page.word(.index), model)
  }

  /// Books and days, and what to ask whom for.
  private static func table(_ page: Page, _ grid: BookGrid) -> [String: Any] {
    func tag(_ mark: BookGrid.Mark) -> String {
      switch mark {
      case .inTime, .accepted: "good"
      case .late, .awaited, .none: ""
      case .missing, .notRun, .withdrawn: "bad"
      case .held, .doubted: "wait"
      }
    }
    let asks = grid.asks
    return [
      "hasGrid": !grid.rows.isEmpty,
      "gridDays": grid.days.map { ["day": "\($0)", "short": String($0.description.suffix(5))] },
      "gridRows": grid.rows.map { row in
        [
          "book": row.book.label(page.language),
          "cells": row.cells.map { cell in
            [
              "class": tag(cell.mark), "word": cell.mark.label(page.language),
              "title": page.plain(
                (cell.files + [cell.who].compactMap(\.self)).joined(separator: ", ")),
            ]
          },
        ] as [String: Any]
      },
      "hasAsks": !asks.isEmpty, "asks": asks.map { $0.sentence(page.language) },
    ]
  }

  private static func tag(_ verdict: Verdict) -> String {
    switch verdict {
    case .balanced: "good"
    case .unbalanced: "bad"
    case .incomplete: "wait"
    }
  }

  private static func day(_ page: Page, _ one: IndexDay) -> [String: Any] {
    [
      "day": one.day.description, "verdict": one.verdict.rawValue, "class": tag(one.verdict),
      "symbol": page.symbol(one.verdict), "word": one.verdict.label(page.language),
      "losses": page.phrases.count(one.losses), "amount": page.phrases.yuan(one.lossFen),
    ]
  }

  private static func cards(
    _ page: Page, _ open: [(severity: Severity, tally: Tally)]
  ) -> [[String: Any]] {
    [(Severity.loss, "loss"), (.control, "control")].map { severity, ink in
      let mine = open.filter { $0.severity == severity }.reduce(Tally()) { $0 + $1.tally }
      return [
        "label": "\(page.word(.openNow)): \(severity.label(page.language))",
        "value": page.phrases.count(mine.rows), "note": page.phrases.yuan(mine.fen), "class": ink,
      ]
    }
  }

  private static func trend(_ page: Page, _ days: [IndexDay]) -> String {
    let bars = days.map { one in
      Charts.Bar(
        label: String(one.day.description.suffix(5)), value: Int128(one.losses),
        note: "\(page.phrases.count(one.losses)) · \(page.phrases.yuan(one.lossFen))")
    }
    return Charts.columns(bars, title: page.word(.trend), labelEvery: max(1, days.count / 8))
  }

  private static func calendars(
    _ page: Page, _ days: [IndexDay], _ months: Set<String>
  ) -> [[String: Any]] {
    var names: [String] = []
    for day in days where names.last != String(day.day.description.prefix(7)) {
      names.append(String(day.day.description.prefix(7)))
    }
    let known = Dictionary(days.map { ($0.day, $0) }, uniquingKeysWith: { first, _ in first })
    return names.reversed().compactMap { name in
      guard let first = BusinessDay(name + "-01") else { return nil }
      var calendar: [String: Any] = [
        "name": name, "weeks": weeks(page, first, known),
        "weekdays": (0..<7).map { page.phrases.shortWeekday($0) },
      ]
      if months.contains(name) { calendar["report"] = name }
      return calendar
    }
  }

  private static func weeks(
    _ page: Page, _ first: BusinessDay, _ known: [BusinessDay: IndexDay]
  ) -> [[String: Any]] {
    var cells: [[String: Any]] = (1..<first.weekday).map { _ in ["number": "", "class": ""] }
    let month = first.description.prefix(7)
    var day = first
    while day.description.hasPrefix(month) {
      var cell: [String: Any] = ["number": String(day.description.suffix(2)), "class": ""]
      if let one = known[day] {
        cell["class"] = one.verdict.rawValue
        cell["link"] = day.description
        cell["symbol"] = page.symbol(one.verdict)
        cell["title"] = "\(day) \(one.verdict.label(page.language))"
      }
      cells.append(cell)
      day = day.adding(1)
    }
    while cells.count % 7 != 0 { cells.append(["number": "", "class": ""]) }
    return stride(from: 0, to: cells.count, by: 7).map { ["cells": Array(cells[$0..<($0 + 7)])] }
  }
}

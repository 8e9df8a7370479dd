internal import Files
internal import History
internal import Payments
internal import Reports

/// `index.html` over every published day; it holds nothing that is not in the history, and its hash is a link of
/// the chain.
package struct CalendarPage {
  let configuration: Configuration
  let store: HistoryStore
  let options: ReportOptions

  /// Days the page shows books of.
  private static let gridDays = 14

  /// Its name in the output folder.
  package static let name = "index.html"

  /// Writes the page, then records it. Cut short in between, the next run writes it anew.
  package func publish() throws {
    let page = try page()
    try publishFile(page, to: configuration.output + "/" + CalendarPage.name)
    try store.record(PublishedPage(path: CalendarPage.name, sha256: sha256(page)))
  }

  private func page() throws -> [UInt8] {
    let nights = try store.calendar()
    let days = nights.map {
      IndexDay(
        day: $0.day, verdict: $0.verdict, losses: $0.losses, lossFen: Int128($0.lossFen))
    }
    let open = try store.openTallies().map { (severity: $0.key, tally: $0.value) }
    let months = Set(nights.map { String($0.day.description.prefix(7)) }).filter {
      ReportFolder(configuration.output + "/" + $0).shown != nil
    }
    let recent = nights.map(\.day).suffix(CalendarPage.gridDays)
    let grid = try GridAssembly(store, configuration).grid(Array(recent), now: nil)
    // What was judged late or again, the latest day first.
    let changes = try recent.reversed().compactMap { day in
      try store.earlierBasis(of: day).map { before in
        NightChange(day, from: before, to: try store.basis(of: day))
      }
    }
    return IndexPage.render(
      days, open: open, months: months, grid: grid,
      news: changes.filter(\.isTold).map { $0.sentence(options.language) },
      head: try store.headBesidePages()?.sentence(options.language), options: options,
      school: configuration.school)
  }
}

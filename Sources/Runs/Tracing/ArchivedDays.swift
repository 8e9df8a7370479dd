internal import History
internal import Payments
internal import Statements

/// The statements of archived days, each read once.
struct ArchivedDays {
  let options: Intake.Options
  private(set) var days = Set<BusinessDay>()
  private(set) var files = ReadFiles()
  private var seen = Set<String>()

  init(options: Intake.Options) { self.options = options }

  /// Reads those of the days that were not read yet.
  mutating func read(_ wanted: Set<BusinessDay>, from store: HistoryStore) async throws {
    var sources: [Intake.Source] = []
    for day in wanted.subtracting(days).sorted() {
      for record in try store.statements(of: day)
      where !record.isHeld && !record.sha256.isEmpty && seen.insert(record.sha256).inserted {
        sources.append(
          Intake.Source(
            path: store.folder.archived(record.sha256), name: record.delivered, isContext: true))
      }
    }
    days.formUnion(wanted)
    try await files.read(archived: sources, options: options)
  }
}

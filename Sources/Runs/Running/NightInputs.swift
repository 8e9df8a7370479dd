internal import Columns
internal import History
package import Payments
internal import Statements

/// What a night is run on.
struct NightInputs {
  /// The files it reads.
  var sources: [Intake.Source] = []
  /// Delivered files that a person refused: names by SHA-256.
  var leftOut: [String: String] = [:]
  /// Delivered files that cannot be read.
  var unreadable: [Intake.UnreadableFile] = []
  /// Names of files that are no longer delivered and were taken from the archive.
  var fromArchive: [String] = []
}

extension NightRun {
  /// The files delivered for a day, put into the archive, and those of its last run that nothing delivered
  /// stands for any more.
  ///
  /// - Parameter isDry: whether nothing is put into the archive.
  func inputs(
    of day: BusinessDay, delivered files: [String], isDry: Bool = false
  ) async throws -> NightInputs {
    let archive = Archive(store.folder)
    let names = Intake.displayNames(files)
    let refused = try store.nightDecisions().refused
    var inputs = NightInputs()
    let stored = concurrently(files.count) { index in
      Result { () throws(HistoryError) in
        try isDry
          ? (sha256: try Archive.checksum(of: files[index]), isNew: true)
          : archive.put(files[index])
      }
    }
    for (index, stored) in stored.enumerated() {
      let name = names[index]
      switch stored {
      case .success(let file) where refused.contains(file.sha256):
        inputs.leftOut[file.sha256] = name
      case .success(let file):
        // What was there already is looked at again: it may have been changed since.
        inputs.sources.append(
          source(
            isDry ? files[index] : store.folder.archived(file.sha256), name, day,
            sha256: file.isNew ? file.sha256 : nil))
      case .failure(.unusable(files[index], let problem)):
        inputs.unreadable.append(unreadable(name, problem, day))
      case .failure(let error): throw error
      }
    }
    let known = try recordedInputs(of: day)
    let delivered = Set(
      stored.compactMap { try? $0.get().sha256 }.map { store.folder.archived($0) })
    let archived = try await served(
      known.sources.filter { !delivered.contains($0.path) }, inputs, day)
    inputs.fromArchive = archived.compactMap(\.name)
    inputs.sources += archived
    return inputs
  }

  /// The files a day was last run on, from the archive; those refused since are left out, those no longer
  /// refused are back.
  func recordedInputs(of day: BusinessDay) throws -> NightInputs {
    let basis = try store.basis(of: day)
    let refused = try store.nightDecisions().refused
    var inputs = NightInputs()
    var known: [(sha256: String, name: String)] = []
    for record in try store.statements(of: day)
    where !known.contains(where: { $0 == (record.sha256, record.delivered) }) {
      known.append((record.sha256, record.delivered))
    }
    known += (basis?.leftOut ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for (sha256, name) in known {
      if refused.contains(sha256) {
        inputs.leftOut[sha256] = name
        continue
      }
      inputs.sources.append(
        source(store.folder.archived(sha256), name, day))
    }
    inputs.unreadable = (basis?.unreadable ?? [:]).sorted { $0.key < $1.key }.map {
      unreadable($0.key, $0.value, day)
    }
    return inputs
  }

  /// A file of a day, with what the configuration knows by its name.
  private func source(
    _ path: String, _ name: String, _ day: BusinessDay, sha256: String? = nil
  ) -> Intake.Source {
    Intake.Source(
      path: path, name: name, sha256: sha256, entry: configuration.entry(named: name, on: day),
      day: configuration.tellsDay(name, day) ? day : nil,
      billsADay: configuration.billsADay(besides: name, on: day))
  }

  private func unreadable(
    _ name: String, _ problem: String, _ day: BusinessDay
  ) -> Intake.UnreadableFile {
    Intake.UnreadableFile(
      name: name, problem: problem, entry: configuration.entry(named: name, on: day))
  }

  /// Those archived files whose book and day nothing delivered speaks of, by content: a folder that was tidied
  /// up, or yesterday's file under today's name, takes nothing away.
  private func served(
    _ archived: [Intake.Source], _ inputs: NightInputs, _ day: BusinessDay
  ) async throws -> [Intake.Source] {
    guard !archived.isEmpty else { return [] }
    if inputs.sources.isEmpty { return archived }
    let delivered = try await Intake(archived: inputs.sources, options: try options(day...day))
      .statements
    let records = try store.statements(of: day)
    return archived.filter { source in
      records.contains { record in
        guard store.folder.archived(record.sha256) == source.path, !record.isHeld else {
          return false
        }
        let span = record.span
        return !delivered.contains { given in
          span.map { given.speaks(of: record.book, in: $0) }
            ?? (given.statement.file == record.file)
        }
      }
    }
  }
}

/// What a night came to, and what it was run on.
package struct NightResult: Sendable {
  /// Its report.
  package var report: DayReport
  /// Whether it was stored; a rerun that changes nothing is not.
  package var isStored = true
  /// Names of files that are no longer delivered and were taken from the archive.
  package var fromArchive: [String]
  /// Names of delivered files that a person refused.
  package var leftOut: [String]

  init(report: DayReport, inputs: NightInputs) {
    self.report = report
    fromArchive = inputs.fromArchive.sorted()
    leftOut = inputs.leftOut.values.sorted()
  }
}

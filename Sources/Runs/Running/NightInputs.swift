internal import Columns
internal import History
package import Payments
internal import Statements

/// What a night is run on.
struct NightInputs {
  /// The files it reads.
  var sources: [Intake.Source] = []
  /// Delivered files that a person refused: SHA-256 by name.
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
    let decisions = try store.nightDecisions()
    var inputs = NightInputs()
    let stored = concurrently(files.count) { index in
      Result { () throws(HistoryError) in
        try isDry
          ? (sha256: try Archive.checksum(of: files[index]), isNew: true)
          : archive.put(files[index])
      }
    }
    var delivered = Set<[String]>()
    for (index, stored) in stored.enumerated() {
      let name = names[index]
      switch stored {
      case .success(let file) where decisions.refuses(file.sha256, named: name):
        inputs.leftOut[name] = file.sha256
      case .success(let file):
        delivered.insert([file.sha256, name])
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
    let known = try recordedInputs(of: day).sources.filter { source in
      // Under another name the same rows are delivered; without rows a name is all that tells files apart.
      let sha256 = source.archivedSHA256
      let isRowless = try isRowless(sha256, on: day)
      return !delivered.contains { $0[0] == sha256 && (!isRowless || $0[1] == source.name) }
    }
    let archived = try await served(known, inputs, day)
    inputs.fromArchive = archived.compactMap(\.name)
    inputs.sources += archived
    return inputs
  }

  /// The files a day was last run on, from the archive. One that was refused since is left out, and the issue of
  /// it that counted before comes back; one that is no longer refused is back.
  func recordedInputs(of day: BusinessDay) throws -> NightInputs {
    let basis = try store.basis(of: day)
    let decisions = try store.nightDecisions()
    var inputs = NightInputs()
    var known: [(sha256: String, name: String)] = []
    for record in try store.lastStatements(of: day)
    where !known.contains(where: { $0 == (record.sha256, record.delivered) }) {
      known.append((record.sha256, record.delivered))
    }
    known += (basis?.leftOut ?? [:]).sorted { $0.key < $1.key }.map { ($0.value, $0.key) }
    for (sha256, name) in known {
      guard decisions.refuses(sha256, named: name) else {
        inputs.sources.append(source(store.folder.archived(sha256), name, day))
        continue
      }
      inputs.leftOut[name] = sha256
      let before = try store.usedIssues(of: name, on: day).last {
        !decisions.refuses($0, named: name)
      }
      if let before, !known.contains(where: { $0.sha256 == before }) {
        inputs.sources.append(source(store.folder.archived(before), name, day))
      }
    }
    try takeBack(&inputs, of: day)
    inputs.unreadable = (basis?.unreadable ?? [:]).sorted { $0.key < $1.key }.map {
      unreadable($0.key, $0.value, day)
    }
    return inputs
  }

  /// Where an issue waits for a person, the one that counted before it still counts.
  private func takeBack(_ inputs: inout NightInputs, of day: BusinessDay) throws {
    guard configuration.holdsReissues else { return }
    let decisions = try store.nightDecisions()
    let held = try NightIssues(day: day, store: store).reissued(inputs.sources)
    for source in inputs.sources where held.contains(source.archivedSHA256) {
      guard let name = source.name, !held.isEmpty,
        decisions.accepted[source.archivedSHA256]?.contains(day) != true
      else { continue }
      let before = try store.usedIssues(of: name, on: day).last {
        !held.contains($0) && !decisions.refuses($0, named: name)
      }
      guard let before else { continue }
      let path = store.folder.archived(before)
      if !inputs.sources.contains(where: { $0.path == path }) {
        inputs.sources.append(self.source(path, name, day))
      }
    }
  }

  private func isRowless(_ sha256: String, on day: BusinessDay) throws -> Bool {
    try store.lastStatements(of: day).contains { $0.sha256 == sha256 && $0.rows == 0 }
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
      name: name,
      problem: name.contains("\u{FFFD}")
        ? "文件名不是 UTF-8 编码，请改名 / the name is not UTF-8, rename the file" : problem,
      entry: configuration.entry(named: name, on: day))
  }

  /// Those archived files whose book and day nothing delivered speaks of that can be used, by content: a folder
  /// that was tidied up, yesterday's file under today's name, or one that is damaged, takes nothing away.
  private func served(
    _ archived: [Intake.Source], _ inputs: NightInputs, _ day: BusinessDay
  ) async throws -> [Intake.Source] {
    guard !archived.isEmpty else { return [] }
    if inputs.sources.isEmpty { return archived }
    let delivered = try await night(of: day, inputs).intake(inputs.sources).statements
    let records = try store.lastStatements(of: day)
    return archived.filter { source in
      records.contains { record in
        guard source.archivedSHA256 == record.sha256, source.name == record.delivered,
          !record.isHeld
        else { return false }
        guard let span = record.span else {
          return !delivered.contains { $0.statement.file == record.file }
        }
        // A bill says nothing of the channel's account.
        return record.book.parts.contains { book in
          book.content != .standIn
            && !delivered.contains { !$0.statement.isHeld && $0.speaks(of: book, in: span) }
        }
      }
    }
  }
}

extension Intake.Source {
  /// The SHA-256 by which it lies in the archive.
  var archivedSHA256: String { path.split(separator: "/").last.map(String.init) ?? "" }
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
    leftOut = inputs.leftOut.keys.sorted()
  }
}

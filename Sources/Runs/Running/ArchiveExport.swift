internal import Files
internal import Foundation
package import History
package import Payments
internal import Statements

/// A file of the archive, and the night it was delivered for.
package struct ArchivedFile: Hashable, Sendable {
  /// The night.
  package var day: BusinessDay
  /// Its name as delivered.
  package var name: String
  /// Its SHA-256.
  package var sha256: String
  /// Whether none of its rows is used.
  package var isLeftOut: Bool
}

/// Gives archived files back.
package struct ArchiveExport {
  private let store: HistoryStore

  /// Prepares exports from a history.
  package init(_ store: HistoryStore) { self.store = store }

  /// The files of the nights in force, by day and name; of one day where it is given.
  package func files(of day: BusinessDay? = nil) throws -> [ArchivedFile] {
    var found: [ArchivedFile] = []
    for night in try day.map({ [$0] }) ?? store.days() {
      var seen = Set<String>()
      for record in try store.lastStatements(of: night)
      where seen.insert(record.sha256 + record.delivered).inserted {
        found.append(
          ArchivedFile(
            day: night, name: record.delivered, sha256: record.sha256, isLeftOut: record.isHeld))
      }
      for (name, sha256) in try store.basis(of: night)?.leftOut ?? [:] {
        found.append(ArchivedFile(day: night, name: name, sha256: sha256, isLeftOut: true))
      }
    }
    return found.sorted { ($0.day, $0.name, $0.sha256) < ($1.day, $1.name, $1.sha256) }
  }

  /// The files whose SHA-256 begins so, those of issues and runs no longer in force too.
  package func files(sha256 prefix: String) throws -> [ArchivedFile] {
    let recorded = try store.delivered(sha256: prefix).map {
      ArchivedFile(day: $0.day, name: $0.name, sha256: $0.sha256, isLeftOut: false)
    }
    let refused = try files().filter { $0.sha256.hasPrefix(prefix.lowercased()) }
    return recorded + refused.filter { file in !recorded.contains { $0.sha256 == file.sha256 } }
  }

  /// Copies files out of the archive, under their names as delivered.
  ///
  /// - Throws: `HistoryError.refused` when another file of such a name is there: nothing is overwritten, and
  ///   nothing written.
  /// - Returns: where they lie now.
  package func write(_ files: [ArchivedFile], to folder: String) throws -> [String] {
    for file in files {
      let there = try? Archive.checksum(of: target(file, in: folder))
      guard there == nil || there == file.sha256 else {
        let path = target(file, in: folder)
        throw HistoryError.refused(
          Wording(
            zh: "\(path) 已有另一份文件，不覆盖；请用 --to 换一个文件夹。",
            en: "another file is at \(path); nothing is overwritten. Name another folder with --to."
          ))
      }
    }
    return try files.map { try write($0, to: folder) }
  }

  private func target(_ file: ArchivedFile, in folder: String) -> String {
    // The name may say in which folder the file lay.
    folder + "/" + (file.name.split(separator: "/").last.map(String.init) ?? file.name)
  }

  private func write(_ file: ArchivedFile, to folder: String) throws -> String {
    let target = target(file, in: folder)
    guard let bytes = FileManager.default.contents(atPath: store.folder.archived(file.sha256)),
      sha256(Array(bytes)) == file.sha256
    else {
      throw HistoryError.damaged(
        path: store.folder.archived(file.sha256),
        problem: Wording(zh: "归档文件不见了或被改动。", en: "the archived file is gone or was changed."))
    }
    if FileManager.default.contents(atPath: target) == bytes { return target }
    do throws(FileProblem) { try Folders.make(folder) } catch { throw PublishingError(error) }
    try publishFile(Array(bytes), to: target)
    return target
  }
}

internal import Foundation
internal import History
internal import Payments
internal import Statements

extension ReadFiles {
  /// Reads files of the archive, which must be there and be what they were when they were put there:
  /// a night judged on other rows would accuse or acquit by them.
  init(archived sources: [Intake.Source], options: Intake.Options) async throws {
    try await self.init([], options: options)
    try await read(archived: sources, options: options)
  }

  /// Reads more files of the archive.
  mutating func read(archived sources: [Intake.Source], options: Intake.Options) async throws {
    let archived = sources.filter(\.isArchived)
    for source in archived where access(source.path, F_OK) != 0 && errno == ENOENT {
      throw HistoryError.damaged(
        path: source.path,
        problem: Wording(
          zh: "归档文件（\(source.name ?? "")）不见了。",
          en: "the archived file (\(source.name ?? "")) is gone."))
    }
    try await read(sources, options: options)
    let found = hashes
    let changed = archived.first {
      !found.contains(URL(fileURLWithPath: $0.path).lastPathComponent)
    }
    guard let changed else { return }
    throw HistoryError.damaged(
      path: changed.path,
      problem: Wording(
        zh: "归档文件（\(changed.name ?? "")）内容被改动，与其 SHA-256 不符。",
        en: "the archived file (\(changed.name ?? "")) was changed: it is not what its SHA-256 "
          + "says."))
  }
}

extension Intake.Source {
  /// Whether it lies in the archive, where files are called by their SHA-256; a dry run reads them where they
  /// were delivered.
  fileprivate var isArchived: Bool {
    let name = URL(fileURLWithPath: path).lastPathComponent
    return name.count == 64 && name.allSatisfy(\.isHexDigit)
  }
}

extension Intake {
  /// Reads files of the archive and puts them beside each other.
  init(archived sources: [Source], options: Options) async throws {
    self.init(try await ReadFiles(archived: sources, options: options), options: options)
  }
}

internal import Files
internal import Glibc
package import Payments

/// A result could not be written.
package struct PublishingError: Error {
  /// Where it was to be written.
  package var path: String
  /// Why it could not.
  package var problem: String

  /// Describes a failure.
  package init(path: String, problem: String) { (self.path, self.problem) = (path, problem) }

  /// What happened, where, and what to do next.
  package var wording: Wording {
    Wording(
      zh: "无法写入 \(path)：\(problem)。请检查磁盘空间与权限；先前的结果未被改动。",
      en: "cannot write \(path): \(problem). Check space and permissions; earlier results stand.")
  }
}

extension PublishingError {
  /// What the system would not do with a file.
  init(_ problem: FileProblem) { self.init(path: problem.path, problem: problem.problem) }
}

/// Writes one file so that a reader sees the old one or the new one, for the owner's eyes only.
///
/// - Throws: ``PublishingError``.
package func publishFile(_ bytes: [UInt8], to path: String) throws {
  do throws(FileProblem) {
    let file = try DurableFile(path + ".partial-\(getpid())", isTemporary: true)
    try file.append(bytes)
    try file.finish(as: path)
  } catch {
    throw PublishingError(path: path, problem: error.problem)
  }
}

import Foundation
import History
import Payments
import Statements

extension Intake {
  /// Reads files of the archive, which must be there and be what they were when they were put there:
  /// a night judged on other rows would accuse or acquit by them.
  init(archived sources: [Source], options: Options) async throws {
    for source in sources where access(source.path, F_OK) != 0 && errno == ENOENT {
      throw HistoryError.damaged(
        path: source.path,
        problem: Wording(
          zh: "归档文件（\(source.name ?? "")）不见了。",
          en: "the archived file (\(source.name ?? "")) is gone."))
    }
    try await self.init(sources: sources, options: options)
    let found = Set(statements.map(\.sha256))
    let expected = Set(sources.map { URL(fileURLWithPath: $0.path).lastPathComponent })
    guard !found.subtracting(expected).subtracting([""]).isEmpty else { return }
    let changed = sources.first {
      !found.contains(URL(fileURLWithPath: $0.path).lastPathComponent)
    }
    throw HistoryError.damaged(
      path: changed?.path ?? "",
      problem: Wording(
        zh: "归档文件（\(changed?.name ?? "")）内容被改动，与其 SHA-256 不符。",
        en: "the archived file (\(changed?.name ?? "")) was changed: it is not what its SHA-256 "
          + "says."))
  }
}

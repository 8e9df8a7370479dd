internal import Synchronization

/// Counts bytes done from several threads.
final class Meter: Sendable {
  private let total: Int
  private let done = Atomic<Int>(0)
  private let report: (@Sendable (Int, Int) -> Void)?

  init(total: Int, report: (@Sendable (Int, Int) -> Void)?) {
    self.total = total
    self.report = report
  }

  /// Adds `bytes` and reports.
  func add(_ bytes: Int) {
    let now = done.add(bytes, ordering: .relaxed).newValue
    report?(min(now, total), total)
  }
}

import Foundation
import Synchronization

/// A progress bar on standard error, shown only when a person watches and the work is long.
final class ProgressBar: Sendable {
  private let title: String
  private let started = ContinuousClock.now
  private let shown = Atomic<Int>(-1)
  private let isVisible: Bool

  init(_ title: String) {
    self.title = title
    isVisible = isatty(STDERR_FILENO) == 1
  }

  /// Shows `done` of `total` bytes.
  func update(_ done: Int, _ total: Int) {
    guard isVisible, total > 0, ContinuousClock.now - started > .milliseconds(300) else { return }
    let percent = done * 100 / total
    guard shown.exchange(percent, ordering: .relaxed) != percent else { return }
    let filled = percent * 30 / 100
    let bar =
      String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    Terminal.mention("\r\(title) \(bar) \(percent)%")
  }

  /// Wipes the bar.
  func finish() {
    guard isVisible, shown.load(ordering: .relaxed) >= 0 else { return }
    Terminal.mention("\r\u{1B}[2K")
  }
}

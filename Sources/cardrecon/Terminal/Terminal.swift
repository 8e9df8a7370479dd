import Foundation
import Reports
import Runs
import Synchronization

/// What is known of the terminal, if there is one.
enum Terminal {
  /// Whether a person reads standard output.
  static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of the terminal, 100 when there is none.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
    return Int(size.ws_col)
  }

  /// Writes bytes to standard output; a disk that is full must not look like a short report.
  static func write(_ bytes: [UInt8]) throws {
    var offset = 0
    try bytes.withUnsafeBytes { raw in
      while offset < raw.count {
        let written = Foundation.write(
          STDOUT_FILENO, raw.baseAddress.map { $0 + offset }, raw.count - offset)
        if written < 0, errno == EINTR { continue }
        if written <= 0 {
          throw PublishingError(path: "stdout", problem: String(cString: strerror(errno)))
        }
        offset += written
      }
    }
  }

  /// Writes to standard output what `body` hands over part by part.
  static func write(_ body: (@escaping @Sendable ([UInt8]) -> Void) -> Void) throws {
    let failure = FirstFailure()
    body { part in
      guard !failure.hasHappened else { return }
      do { try write(part) } catch { failure.note(error) }
    }
    try failure.rethrow()
  }

  /// The first thing that went wrong in a row of steps none of which can throw.
  private final class FirstFailure: Sendable {
    private let first = Mutex<(any Error)?>(nil)

    var hasHappened: Bool { first.withLock { $0 != nil } }

    func note(_ error: any Error) { first.withLock { $0 = $0 ?? error } }

    func rethrow() throws {
      if let error = first.withLock({ $0 }) { throw error }
    }
  }

  /// Writes one line to standard error; names of files cannot drive the terminal.
  static func complain(_ text: String) {
    mention(PlainText.neutralised(text) + "\n")
  }

  /// Writes to standard error. A log on a full disk loses the line; the exit code still tells.
  static func mention(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes {
      Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count)
    }
  }
}

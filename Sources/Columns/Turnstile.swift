internal import Dispatch
internal import Synchronization

/// A step that others wait for: how it went, once it is done.
public final class Turnstile: Sendable {
  private let outcome = Mutex<Result<Void, any Error>?>(nil)
  private let isOpen = DispatchSemaphore(value: 0)

  /// Creates one for a step that is not done.
  public init() {}

  /// Tells how the step went; once.
  public func open(_ result: Result<Void, any Error>) {
    outcome.withLock { $0 = result }
    isOpen.signal()
  }

  /// Waits for the step, and throws what ended it.
  public func pass() throws {
    isOpen.wait()
    isOpen.signal()
    try outcome.withLock { $0 }?.get()
  }
}

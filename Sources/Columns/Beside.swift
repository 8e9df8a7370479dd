internal import Glibc
internal import Synchronization

/// What `other` gives, which runs while `body` does and may wait for it.
///
/// On a thread of its own, so that ``concurrently(_:_:)`` in `body` has all of its own. Where
/// ``Workers/limit`` is one, or the system gives no thread, it runs after `body`.
///
/// - Parameter body: told whether it is alone: then nobody takes what it hands over before it has ended.
public func beside<Value: Sendable>(
  _ body: (_ isAlone: Bool) -> Void, waiting other: @escaping @Sendable () -> Value
) -> Value {
  guard Workers.limit > 1 else {
    body(true)
    return other()
  }
  let errand = Errand(other)
  var thread = pthread_t()
  let problem = pthread_create(
    &thread, nil,
    { errand in
      if let errand { Unmanaged<ErrandOfAnyKind>.fromOpaque(errand).takeRetainedValue().run() }
      return nil
    }, Unmanaged<ErrandOfAnyKind>.passRetained(errand).toOpaque())
  body(problem != 0)
  if problem == 0 {
    pthread_join(thread, nil)
  } else {
    // Nobody has taken the errand.
    Unmanaged<ErrandOfAnyKind>.passUnretained(errand).release()
    errand.run()
  }
  guard let value = errand.value.withLock({ $0 }) else {
    preconditionFailure("an errand that has run has its value")
  }
  return value
}

/// The same for a body that does not care whether it is alone.
public func beside<Value: Sendable>(
  _ body: () -> Void, waiting other: @escaping @Sendable () -> Value
) -> Value {
  beside({ _ in body() }, waiting: other)
}

/// What a thread is started for.
private class ErrandOfAnyKind {
  func run() {}
}

private final class Errand<Value: Sendable>: ErrandOfAnyKind {
  let value = Mutex<Value?>(nil)
  private let body: @Sendable () -> Value

  init(_ body: @escaping @Sendable () -> Value) { self.body = body }

  override func run() {
    let found = body()
    value.withLock { $0 = found }
  }
}

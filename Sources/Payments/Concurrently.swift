internal import Dispatch
internal import Glibc
internal import Synchronization

/// How many threads ``concurrently(_:_:)`` may use; a property of the process, set once at its start.
public enum Workers {
  private static let most = Atomic<Int>(.max)

  /// At most this many pieces of work run at once; at least one. As many as there are cores unless set.
  public static var limit: Int {
    get { most.load(ordering: .relaxed) }
    set { most.store(max(1, newValue), ordering: .relaxed) }
  }
}

/// The values `body` gives for `0..<count`, in order; several at once, up to ``Workers/limit``.
///
/// For work that is cut into independent pieces: the result does not depend on how many run at once.
/// The compiler does not see that they are: what one piece writes, no other may read or write before all
/// are done.
public func concurrently<Value>(_ count: Int, _ body: (Int) -> Value) -> [Value] {
  concurrently(count, strands: .max) { _, index in body(index) }
}

/// The same on at most so many strands, each with a number from 0 on: what `body` keeps by that number is
/// used by one piece of work after the other.
public func concurrently<Value>(
  _ count: Int, strands: Int, _ body: (_ strand: Int, _ index: Int) -> Value
) -> [Value] {
  let strands = min(count, Workers.limit, strands, 64)
  guard strands > 1 else { return (0..<count).map { body(0, $0) } }
  return [Value](unsafeUninitializedCapacity: count) { slots, filled in
    let next = Atomic<Int>(0)
    // Safe: every index is handed out once, so that a slot is filled by one turn, and nobody reads
    // before concurrentPerform has returned.
    nonisolated(unsafe) let slots = slots
    withoutActuallyEscaping(body) { body in
      // Safe as far as the caller keeps what is asked above; the one door through which it is asked.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: strands) { strand in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          slots.initializeElement(at: index, to: body(strand, index))
        }
      }
    }
    filled = count
  }
}

/// What two pieces of work give that do not need each other; at once, if ``Workers/limit`` allows.
public func both<First, Second>(
  _ first: () -> First, _ second: () -> Second
) -> (First, Second) {
  let halves = concurrently(2) { index -> (left: First?, right: Second?) in
    if index == 0 { return (first(), nil) }
    return (nil, second())
  }
  guard let left = halves[0].left, let right = halves[1].right else {
    preconditionFailure("the halves are given in their order")
  }
  return (left, right)
}

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

/// Blocks of a file on their way from the thread that reads it to the one that hashes it; a few at a time.
public final class Conveyor: Sendable {
  /// Bytes of a block.
  public static let size = 1 << 20
  private let empties = Mutex<[[UInt8]]>([])
  private let filled = Mutex<[(block: [UInt8], count: Int)]>([])
  private let isEmptyThere = DispatchSemaphore(value: 0)
  private let isFilledThere = DispatchSemaphore(value: 0)

  /// Has all blocks to be filled.
  public init() {
    for _ in 0..<4 { isEmptyThere.signal() }
  }

  /// A block to be filled; waits for one.
  public func empty() -> [UInt8] {
    isEmptyThere.wait()
    return empties.withLock { $0.popLast() } ?? [UInt8](repeating: 0, count: Conveyor.size)
  }

  /// Sends a block with so many bytes in it; none to say that it was the last.
  public func send(_ block: [UInt8], _ count: Int) {
    filled.withLock { $0.append((block, count)) }
    isFilledThere.signal()
  }

  /// The block that was sent next; waits for it.
  public func next() -> (block: [UInt8], count: Int) {
    isFilledThere.wait()
    return filled.withLock { $0.removeFirst() }
  }

  /// Gives a block back to be filled again.
  public func giveBack(_ block: [UInt8]) {
    empties.withLock { $0.append(block) }
    isEmptyThere.signal()
  }
}

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

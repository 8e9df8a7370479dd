internal import Dispatch
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
public func concurrently<Value>(_ count: Int, _ body: (Int) -> Value) -> [Value] {
  let strands = min(count, Workers.limit)
  guard strands > 1 else { return (0..<count).map(body) }
  return [Value](unsafeUninitializedCapacity: count) { slots, filled in
    let next = Atomic<Int>(0)
    // Every turn fills its own slot and touches no other.
    nonisolated(unsafe) let slots = slots
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: min(strands, 64)) { _ in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          slots.initializeElement(at: index, to: body(index))
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

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
    // before concurrentPerform has returned. Pointers are never Sendable, and a lock a slot would be asked for
    // at every piece.
    nonisolated(unsafe) let slots = slots
    withoutActuallyEscaping(body) { body in
      // Safe as far as the caller keeps what is asked above. A @Sendable body would ask no less: pieces write
      // to their own stretches of one memory, which no type tells apart, so that every caller would have to
      // make this promise for types of its own. Here it is made once.
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

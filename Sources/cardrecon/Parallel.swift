import Dispatch

extension Array where Element: Sendable {
  /// The elements told by `describe`, in order; several at once when there are many, as each means
  /// reading rows again.
  func describedInParallel<Told: Sendable>(
    _ describe: (Element) throws -> Told
  ) throws -> [Told] {
    let piece = 256
    guard count > piece else { return try map(describe) }
    let pieces = (count + piece - 1) / piece
    var told = [Result<[Told], any Error>?](repeating: nil, count: pieces)
    told.withUnsafeMutableBufferPointer { slots in
      // Every piece writes its own slot and nothing else.
      nonisolated(unsafe) let slots = slots
      withoutActuallyEscaping(describe) { describe in
        nonisolated(unsafe) let describe = describe
        DispatchQueue.concurrentPerform(iterations: pieces) { index in
          let range = (index * piece)..<Swift.min(count, (index + 1) * piece)
          slots[index] = Result { try self[range].map(describe) }
        }
      }
    }
    return try told.flatMap { try $0?.get() ?? [] }
  }
}

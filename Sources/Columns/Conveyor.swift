internal import Dispatch
internal import Synchronization

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

import Synchronization
import Testing

@testable import Columns

/// Work that runs side by side gives what it gives one after the other.
@Suite("Side by side")
struct ConcurrentlyTests {
  @Test("Values come in order, and a strand does one thing at a time", arguments: [1, 2, 3, 64])
  func strands(most: Int) {
    let busy = (0..<64).map { _ in Busy() }
    let values = concurrently(1_000, strands: most) { strand, index in
      #expect(strand < most)
      let wasIdle = busy[strand].enter()
      #expect(wasIdle)
      busy[strand].leave()
      return index * index
    }
    #expect(values == (0..<1_000).map { $0 * $0 })
    #expect(concurrently(0, strands: most) { _, index in index } == [])
  }

  private final class Busy: Sendable {
    private let isBusy = Atomic<Bool>(false)

    func enter() -> Bool { !isBusy.exchange(true, ordering: .acquiringAndReleasing) }
    func leave() { isBusy.store(false, ordering: .releasing) }
  }

  private struct Refused: Error, Equatable {}

  @Test(
    "What waits goes on once the step is done, and is told how it went", arguments: [true, false])
  func waiting(succeeds: Bool) {
    for _ in 0..<50 {
      let step = Turnstile()
      let done = Atomic<Bool>(false)
      let seen = Mutex<Bool?>(nil)
      let outcome = beside {
        done.store(true, ordering: .releasing)
        step.open(succeeds ? .success(()) : .failure(Refused()))
      } waiting: {
        Result { try step.pass() }
      }
      seen.withLock { $0 = done.load(ordering: .acquiring) }
      #expect(seen.withLock { $0 } == true)
      switch outcome {
      case .success: #expect(succeeds)
      case .failure(let error): #expect(!succeeds && error is Refused)
      }
      // Whoever comes later passes too.
      #expect((try? step.pass()) != nil || !succeeds)
    }
  }
}

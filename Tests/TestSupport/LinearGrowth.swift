import Glibc

/// Whether six times as much takes about six times as long, of the processor's time that the calling thread gets;
/// what grows with the square would take thirty-six times. Asked up to three times: the machine does other things
/// too.
///
/// - Parameter work: prepares so much and gives back what is measured.
public func growsLinearly(_ work: (_ count: Int) -> () -> Void) -> Bool {
  func nanoseconds(_ count: Int) -> Int {
    let body = work(count)
    let start = threadTime()
    body()
    return threadTime() - start
  }
  return (0..<3).contains { _ in nanoseconds(1_500) < 8 * nanoseconds(250) }
}

private func threadTime() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

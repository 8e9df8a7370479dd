internal import Glibc
internal import Synchronization

/// How much memory the rows of a run may take; a property of the process, set once at its start.
public enum MemoryBudget {
  private static let most = Atomic<Int>(.max)
  private static let place = Mutex("/var/tmp")

  /// Bytes of memory the process is to stay within; as much as it takes unless set.
  ///
  /// Rows beyond it lie in temporary files that are mapped, and are let go of whenever the process has
  /// grown to the limit. What is held of every *case* found stays in memory.
  public static var limit: Int {
    get { most.load(ordering: .relaxed) }
    set { most.store(max(1, newValue), ordering: .relaxed) }
  }

  /// The folder of the temporary files, on a disk; `/var/tmp` unless set.
  public static var folder: String {
    get { place.withLock { $0 } }
    set { place.withLock { $0 = newValue } }
  }
}

/// Memory for the values of one column: zeros until written.
///
/// Small ones come from the heap. Large ones are mapped straight from the system, with huge pages — the
/// first touch of a small page costs more than filling it — and go back to it at once; beyond
/// ``MemoryBudget/limit`` they are mapped from a temporary file.
///
/// Unchecked, as no Swift type holds mapped memory: it is changed only through a ``Column`` that holds
/// it alone (`isKnownUniquelyReferenced`), or by pieces of work that `concurrently` keeps apart; whoever
/// shares it only reads.
@usableFromInline
final class RowMemory: @unchecked Sendable {
  /// What empty columns share.
  @usableFromInline static let none = RowMemory(bytes: 0)

  @usableFromInline let base: UnsafeMutableRawPointer
  /// Bytes that may be used.
  @usableFromInline private(set) var capacity: Int
  private let origin: Origin
  /// Bytes of addresses from ``base`` on that nothing else gets: addresses cost nothing, so that
  /// memory can become larger where it is.
  private let reserved: Int

  private enum Origin {
    case heap, pages, file
  }

  /// From this many bytes on memory is mapped.
  private static let mapped = 1 << 18
  private static let hugePage = 1 << 21
  /// How often its size mapped memory can grow to without a move.
  private static let growth = 4
  /// Bytes mapped from no file.
  private static let inMemory = Atomic<Int>(0)

  /// Takes memory for at least `bytes` bytes.
  @usableFromInline
  init(bytes: Int) {
    guard bytes >= RowMemory.mapped else {
      capacity = bytes
      guard let room = calloc(1, max(16, bytes)) else { RowMemory.giveUp(capacity) }
      (base, origin, reserved) = (room, .heap, bytes)
      return
    }
    let page = RowMemory.page(bytes)
    capacity = (bytes + page - 1) & ~(page - 1)
    let limit = MemoryBudget.limit
    if limit != .max, RowMemory.inMemory.load(ordering: .relaxed) + capacity > limit / 4,
      let room = Spill.shared.map(capacity)
    {
      (base, origin, reserved) = (room, .file, capacity)
      return
    }
    RowMemory.inMemory.add(capacity, ordering: .relaxed)
    for factor in [RowMemory.growth, 1] {
      guard let room = RowMemory.pages(capacity * factor, alignedTo: page) else { continue }
      if page == RowMemory.hugePage { madvise(room, capacity * factor, MADV_HUGEPAGE) }
      (base, origin, reserved) = (room, .pages, capacity * factor)
      return
    }
    RowMemory.giveUp(capacity)
  }

  /// Makes the memory at least `bytes` large where it is; false where that cannot be.
  @usableFromInline
  func grow(to bytes: Int) -> Bool {
    let page = RowMemory.page(bytes)
    let wider = (bytes + page - 1) & ~(page - 1)
    guard origin == .pages, wider <= reserved else { return false }
    let limit = MemoryBudget.limit
    let more = wider - capacity
    guard limit == .max || RowMemory.inMemory.load(ordering: .relaxed) + more <= limit / 4 else {
      return false
    }
    RowMemory.inMemory.add(more, ordering: .relaxed)
    capacity = wider
    return true
  }

  /// The size of the pages that many bytes are mapped in.
  private static func page(_ bytes: Int) -> Int { bytes >= hugePage ? hugePage : 1 << 12 }

  deinit {
    switch origin {
    case .heap: free(base)
    case .pages:
      munmap(base, reserved)
      RowMemory.inMemory.subtract(capacity, ordering: .relaxed)
    case .file: Spill.shared.unmap(base, capacity)
    }
  }

  /// Untouched pages at a multiple of `alignment`.
  private static func pages(_ bytes: Int, alignedTo alignment: Int) -> UnsafeMutableRawPointer? {
    let room = mmap(
      nil, bytes + alignment, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let room, room != MAP_FAILED else { return nil }
    let before = (alignment - Int(bitPattern: room) & (alignment - 1)) & (alignment - 1)
    if before > 0 { munmap(room, before) }
    if alignment > before { munmap(room + before + bytes, alignment - before) }
    return room + before
  }

  /// Whether bytes are all zero.
  @usableFromInline
  static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress, let first = bytes.first else { return true }
    // A run of equal bytes equals itself moved by one.
    return first == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
  }

  /// Writes a line of the program to standard error.
  fileprivate static func say(_ text: String) {
    _ = "cardrecon: \(text)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
  }

  private static func giveUp(_ bytes: Int) -> Never {
    RowMemory.say("no memory for \(bytes) bytes of rows")
    abort()
  }
}

/// Rows that lie in temporary files, and the watch that keeps the process within its budget.
private final class Spill: Sendable {
  static let shared = Spill()
  private let maps = Mutex<[UInt: Int]>([:])
  private let isWatched = Atomic<Bool>(false)
  private let hasWarned = Atomic<Bool>(false)

  /// Memory over a new temporary file without a name; nil, after a warning, when there is no room for it.
  func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let name = "cardrecon-rows-" + String(repeating: "X", count: 6)
    var path = Array((MemoryBudget.folder + "/" + name).utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { return warn(errno) }
    defer { close(file) }
    unlink(path)
    // Every block is taken now: a mapped file that finds the disk full later ends the process.
    let problem = posix_fallocate(file, 0, off_t(bytes))
    guard problem == 0 else { return warn(problem) }
    let room = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    guard let room, room != MAP_FAILED else { return warn(errno) }
    maps.withLock { $0[UInt(bitPattern: room)] = bytes }
    if !isWatched.exchange(true, ordering: .relaxed) { watch() }
    return room
  }

  func unmap(_ room: UnsafeMutableRawPointer, _ bytes: Int) {
    maps.withLock { maps in
      maps[UInt(bitPattern: room)] = nil
      _ = munmap(room, bytes)
    }
  }

  /// Says once that the limit cannot be kept.
  private func warn(_ problem: Int32) -> UnsafeMutableRawPointer? {
    guard !hasWarned.exchange(true, ordering: .relaxed) else { return nil }
    RowMemory.say(
      "--memory 无法遵守 / cannot be kept: \(MemoryBudget.folder): "
        + String(cString: strerror(problem)))
    return nil
  }

  /// Looks at the size of the process for as long as it lives.
  private func watch() {
    var thread = pthread_t()
    let problem = pthread_create(
      &thread, nil,
      { _ in
        let status = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard status >= 0 else { return nil }
        while true {
          usleep(2_000)
          if Spill.resident(status) > MemoryBudget.limit / 8 * 7 { Spill.shared.letGo() }
        }
      }, nil)
    if problem == 0 { pthread_detach(thread) }
  }

  /// Lets go of every mapped page: what was written stays in the file, what is asked for again is mapped
  /// again.
  private func letGo() {
    maps.withLock { maps in
      for (room, bytes) in maps {
        madvise(UnsafeMutableRawPointer(bitPattern: room), bytes, MADV_DONTNEED)
      }
    }
  }

  /// Bytes of the process that are in memory.
  private static func resident(_ status: Int32) -> Int {
    withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { text in
      let count = pread(status, text.baseAddress, text.count, 0)
      guard count > 0 else { return 0 }
      let fields = text[..<count].split(separator: 0x20, maxSplits: 2)
      guard fields.count > 1 else { return 0 }
      return fields[1].reduce(0) { $0 * 10 + Int($1 &- 0x30) } << 12
    }
  }
}

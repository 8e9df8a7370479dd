internal import Glibc

/// A file open for reading, closed when nobody holds it.
///
/// Read in blocks, not mapped: a mapped gigabyte counts as a gigabyte of memory, and a file that shrinks
/// under a mapping kills the process.
public final class ReadableFile: Sendable {
  /// Where it lies.
  public let path: String
  /// Number of bytes when it was opened.
  public let size: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: ``FileProblem`` when it cannot be opened, or is a folder, a pipe or a device.
  public init(_ path: String) throws(FileProblem) {
    self.path = path
    // Without waiting: a named pipe nobody writes to would hold the caller forever.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw FileProblem(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileProblem(path: path, problem: "not a regular file / 不是普通文件")
    }
    size = Int(status.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reads up to `count` bytes at `offset` into memory that has room for them.
  ///
  /// - Returns: how many were read; fewer only at the end of the file.
  public func read(
    at offset: Int, count: Int, into room: UnsafeMutableRawBufferPointer
  ) throws(FileProblem) -> Int {
    var filled = 0
    while filled < count {
      let got = pread(
        descriptor, room.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw FileProblem(path) }
      if got == 0 { break }
      filled += got
    }
    return filled
  }

  /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
  public func read(at offset: Int, count: Int) throws(FileProblem) -> [UInt8] {
    var problem: FileProblem?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      do throws(FileProblem) {
        filled = try read(at: offset, count: count, into: UnsafeMutableRawBufferPointer(room))
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return bytes
  }

  /// Reads the bytes from `offset` on into the front of a block.
  ///
  /// - Returns: how many were read; fewer than the block holds only at the end of the file.
  public func read(at offset: Int, into block: inout [UInt8]) throws(FileProblem) -> Int {
    let read = block.withUnsafeMutableBytes { room in
      Result { () throws(FileProblem) in try self.read(at: offset, count: room.count, into: room) }
    }
    return try read.get()
  }

  /// Lets the process hold as many files open as the system allows it to: cron gives it 1,024 at first.
  public static func allowMany() {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(files, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(files, &limit)
  }

  /// Size in bytes of the file at `path`; nil when there is none.
  public static func size(_ path: String) -> Int? {
    var found = stat()
    return stat(path, &found) == 0 ? Int(found.st_size) : nil
  }
}

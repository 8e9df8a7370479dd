internal import Crypto
internal import Glibc
internal import Payments

/// The bytes of one statement: a file read in blocks where it lies, or what an archive held.
///
/// Blocks, not a mapping: a mapped gigabyte counts as a gigabyte of memory, and a file that shrinks
/// under a mapping kills the process.
final class StatementFile: Sendable {
  /// Where it was found.
  let path: String
  /// Number of bytes.
  let size: Int
  private let descriptor: Int32
  private let memory: [UInt8]?

  /// Opens a file.
  init(path: String) throws(StatementError) {
    self.path = path
    // Without waiting: a named pipe nobody writes to would hold the run forever.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw StatementError.cannotRead(path: path, problem: String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw StatementError.cannotRead(path: path, problem: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw StatementError.cannotRead(path: path, problem: "not a regular file / 不是普通文件")
    }
    size = Int(status.st_size)
    memory = nil
  }

  /// Wraps bytes that were unpacked or transcoded.
  init(path: String, bytes: [UInt8]) {
    self.path = path
    descriptor = -1
    memory = bytes
    size = bytes.count
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
  func read(at offset: Int, count: Int) throws(StatementError) -> [UInt8] {
    let wanted = max(0, min(count, size - offset))
    guard wanted > 0 else { return [] }
    if let memory { return Array(memory[offset..<(offset + wanted)]) }
    var problem: StatementError?
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
      do throws(StatementError) {
        let room = UnsafeMutableRawBufferPointer(buffer)
        filled = try read(at: offset, count: wanted, into: room).count
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return bytes
  }

  /// Reads up to `count` bytes at `offset` into memory that has room for them.
  ///
  /// - Returns: the part of `room` that was filled; smaller only at the end of the file.
  func read(
    at offset: Int, count: Int, into room: UnsafeMutableRawBufferPointer
  ) throws(StatementError) -> UnsafeMutableRawBufferPointer {
    let wanted = max(0, min(count, size - offset))
    var filled = 0
    if let memory {
      room.copyBytes(from: memory[offset..<(offset + wanted)])
      filled = wanted
    }
    while filled < wanted {
      let got = pread(
        descriptor, room.baseAddress.map { $0 + filled }, wanted - filled, off_t(offset + filled))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        throw StatementError.cannotRead(path: path, problem: String(cString: strerror(errno)))
      }
      if got == 0 { break }
      filled += got
    }
    return UnsafeMutableRawBufferPointer(rebasing: room[..<filled])
  }

  /// SHA-256 of all bytes, in lower-case hexadecimal.
  func sha256() throws(StatementError) -> String {
    var hash = SHA256()
    var offset = 0
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { room.deallocate() }
    while offset < size {
      let block = try read(at: offset, count: room.count, into: room)
      if block.isEmpty { break }
      hash.update(bufferPointer: UnsafeRawBufferPointer(block))
      offset += block.count
    }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

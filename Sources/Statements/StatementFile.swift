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
    var problem: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
      while filled < wanted {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled,
          off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { problem = errno }
        if got <= 0 { return }
        filled += got
      }
    }
    guard problem == 0 else {
      throw StatementError.cannotRead(path: path, problem: String(cString: strerror(problem)))
    }
    return bytes
  }

  /// SHA-256 of all bytes, in lower-case hexadecimal.
  func sha256() throws(StatementError) -> String {
    var hash = SHA256()
    var offset = 0
    while offset < size {
      let block = try read(at: offset, count: 1 << 20)
      if block.isEmpty { break }
      block.withUnsafeBytes { hash.update(bufferPointer: $0) }
      offset += block.count
    }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

internal import Glibc
internal import Synchronization

/// A file without a name that bytes of many owners lie in, in pieces of one size; it is gone with the process.
///
/// One file for all: a thousand unpacked statements would otherwise hold a thousand descriptors.
public final class ScratchFile: Sendable {
  /// Bytes of a piece.
  public static let pieceSize = 1 << 20

  private let folder: String
  private let descriptor: Int32
  private let places: Mutex<(free: [Int], count: Int)> = Mutex(([], 0))

  /// Creates a file on the disk of a folder.
  public init(in folder: String) throws(FileProblem) {
    self.folder = folder
    var path = Array((folder + "/cardrecon-" + String(repeating: "X", count: 6)).utf8CString)
    descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw FileProblem(folder) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(path)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes a piece of at most ``pieceSize`` bytes.
  ///
  /// - Returns: its number.
  /// - Throws: ``FileProblem`` where the disk has no room for it.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileProblem) -> Int {
    precondition(bytes.count <= Self.pieceSize, "a piece has \(Self.pieceSize) bytes at most")
    let piece = places.withLock { places in
      if let free = places.free.popLast() { return free }
      places.count += 1
      return places.count - 1
    }
    var written = 0
    while written < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written,
        off_t(piece * Self.pieceSize + written))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let problem = FileProblem(folder)
        free([piece])
        throw problem
      }
      written += count
    }
    return piece
  }

  /// Reads bytes of a piece.
  public func read(
    _ piece: Int, at offset: Int, into room: UnsafeMutableRawBufferPointer
  ) throws(FileProblem) {
    precondition(offset >= 0 && offset + room.count <= Self.pieceSize, "a piece ends there")
    var filled = 0
    while filled < room.count {
      let count = pread(
        descriptor, room.baseAddress.map { $0 + filled }, room.count - filled,
        off_t(piece * Self.pieceSize + offset + filled))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileProblem(folder) }
      filled += count
    }
  }

  /// Gives pieces back: others are written over them.
  public func free(_ pieces: [Int]) { places.withLock { $0.free += pieces } }
}

internal import Glibc
internal import Synchronization

/// A new file, for the owner's eyes only, that is on the disk when it is finished.
///
/// Written either where it stays or, so that nobody sees half of it, under a temporary name it is moved
/// away from when all of it is there; one that never was is removed.
public final class DurableFile: Sendable {
  /// Where the bytes lie until the file is finished.
  public let path: String
  private let isTemporary: Bool
  private let descriptor: Int32
  private let isShown = Atomic<Bool>(false)

  /// Creates a file, in place of one that may be there.
  ///
  /// - Parameter isTemporary: whether it is shown under another name with ``finish(as:)`` or not at all.
  public init(_ path: String, isTemporary: Bool = false) throws(FileProblem) {
    self.path = path
    self.isTemporary = isTemporary
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileProblem(path) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if isTemporary, !isShown.load(ordering: .relaxed) { unlink(path) }
  }

  /// Adds the bytes that follow.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(FileProblem) {
    var rest = bytes
    while !rest.isEmpty {
      let count = write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileProblem(path) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  /// Adds the bytes that follow: the first `count`, or all.
  public func append(_ bytes: [UInt8], _ count: Int? = nil) throws(FileProblem) {
    let written = bytes.withUnsafeBytes { bytes in
      Result { () throws(FileProblem) in
        try append(UnsafeRawBufferPointer(rebasing: bytes[..<(count ?? bytes.count)]))
      }
    }
    try written.get()
  }

  /// Writes bytes over those the file begins with.
  public func overwrite(head: [UInt8]) throws(FileProblem) {
    guard pwrite(descriptor, head, head.count, 0) == head.count else { throw FileProblem(path) }
  }

  /// Waits until all of it is on the disk.
  public func finish() throws(FileProblem) {
    guard fsync(descriptor) == 0 else { throw FileProblem(path) }
  }

  /// Waits until all of it is on the disk and shows it under its own name, in place of what was there.
  public func finish(as name: String) throws(FileProblem) {
    try finish()
    guard rename(path, name) == 0 else { throw FileProblem(name) }
    isShown.store(true, ordering: .relaxed)
  }
}

internal import Crypto
internal import Foundation
internal import Payments

/// The input files, each once, under the name of its SHA-256. Nothing is ever changed or deleted.
public struct Archive: Sendable {
  let folder: StateFolder

  /// The archive of a state folder.
  public init(_ folder: StateFolder) {
    self.folder = folder
  }

  /// Copies a file into the archive unless it is there already.
  ///
  /// - Returns: its SHA-256 in lower-case hexadecimal.
  public func store(_ path: String) throws(HistoryError) -> String { try put(path).sha256 }

  /// The same, and whether it was copied.
  public func put(_ path: String) throws(HistoryError) -> (sha256: String, isNew: Bool) {
    let source = open(path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw failure(path) }
    defer { close(source) }
    // Several files are stored at once.
    let temporary = folder.path + "/archive/.partial-\(getpid())-\(source)"
    let target = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard target >= 0 else { throw failure(temporary) }
    defer {
      close(target)
      unlink(temporary)
    }
    let sha256 = try copy(source, path, to: target, temporary)
    let final = folder.archived(sha256)
    guard access(final, F_OK) != 0 else { return (sha256, false) }
    mkdir((final as NSString).deletingLastPathComponent, 0o700)
    guard fsync(target) == 0, rename(temporary, final) == 0 else { throw failure(final) }
    try sync((final as NSString).deletingLastPathComponent)
    return (sha256, true)
  }

  /// Removes what runs that died had begun to copy. Only for a run that holds the lock.
  public func discardUnfinished() {
    let top = folder.path + "/archive"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: top)) ?? []
    where name.hasPrefix(".partial-") {
      unlink(top + "/" + name)
    }
  }

  /// Copies a file and hashes what was copied: a long one on two threads, as each takes as long as the
  /// other.
  private func copy(
    _ source: Int32, _ from: String, to target: Int32, _ to: String
  ) throws(HistoryError) -> String {
    var found = stat()
    guard fstat(source, &found) == 0, found.st_size > Archive.long else {
      return try copyAlone(source, from, to: target, to)
    }
    let belt = Conveyor()
    var copied: Result<String?, HistoryError> = .success(nil)
    let hashed = beside { isAlone in
      copied = Result { () throws(HistoryError) in
        // The belt holds no file that nobody takes from it.
        guard !isAlone else { return try copyAlone(source, from, to: target, to) }
        while true {
          var block = belt.empty()
          let count = try copyBlock(&block, source, from, to: target, to)
          guard count > 0 else { return nil }
          belt.send(block, count)
        }
      }
      belt.send([], 0)
    } waiting: {
      var checksum = Checksum()
      while true {
        let (block, count) = belt.next()
        guard count > 0 else { return checksum.hexadecimal }
        checksum.update(block, count)
        belt.giveBack(block)
      }
    }
    return try copied.get() ?? hashed
  }

  /// Longer files are hashed beside being copied.
  private static let long = 1 << 23

  /// Copies a file and hashes what was copied, on this thread.
  private func copyAlone(
    _ source: Int32, _ from: String, to target: Int32, _ to: String
  ) throws(HistoryError) -> String {
    var checksum = Checksum()
    var block = [UInt8](repeating: 0, count: Conveyor.size)
    while true {
      let count = try copyBlock(&block, source, from, to: target, to)
      guard count > 0 else { return checksum.hexadecimal }
      checksum.update(block, count)
    }
  }

  /// Copies the next bytes of a file.
  ///
  /// - Returns: how many; none at its end.
  private func copyBlock(
    _ block: inout [UInt8], _ source: Int32, _ from: String, to target: Int32, _ to: String
  ) throws(HistoryError) -> Int {
    let count = readBlock(source, &block)
    guard count >= 0 else { throw failure(from) }
    let isWritten = block.withUnsafeBytes {
      writeAll(target, UnsafeRawBufferPointer(rebasing: $0[..<count]))
    }
    guard isWritten else { throw failure(to) }
    return count
  }

  /// The SHA-256 of an archived file as it is now; nil when it is gone, or cannot be read to its end.
  public func checksum(_ sha256: String) -> String? {
    let file = open(folder.archived(sha256), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var checksum = Checksum()
    var block = [UInt8](repeating: 0, count: Conveyor.size)
    while true {
      let count = readBlock(file, &block)
      guard count >= 0 else { return nil }
      if count == 0 { return checksum.hexadecimal }
      checksum.update(block, count)
    }
  }

  private func failure(_ path: String) -> HistoryError {
    .unusable(path: path, problem: String(cString: strerror(errno)))
  }

  private func sync(_ folder: String) throws(HistoryError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder) }
  }
}

/// Reads the next bytes of a file.
///
/// - Returns: how many; none at its end, fewer than none when it cannot be read.
private func readBlock(_ descriptor: Int32, _ block: inout [UInt8]) -> Int {
  while true {
    let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count >= 0 || errno != EINTR { return count }
  }
}

func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
  var rest = bytes
  while !rest.isEmpty {
    let count = write(descriptor, rest.baseAddress, rest.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return false }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
  }
  return true
}

/// Bytes as lower-case hexadecimal.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
  var text: [UInt8] = []
  text.reserveCapacity(64)
  for byte in bytes {
    text.append(digit(byte >> 4))
    text.append(digit(byte & 15))
  }
  return String(decoding: text, as: UTF8.self)
}

/// The SHA-256 of some bytes in lower-case hexadecimal.
public func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

/// The SHA-256 of bytes that are given part by part.
public struct Checksum: Sendable {
  private var hash = SHA256()

  /// Has been given none.
  public init() {}

  /// Adds the bytes that follow: the first `count`, or all.
  public mutating func update(_ bytes: [UInt8], _ count: Int? = nil) {
    bytes.withUnsafeBytes {
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<(count ?? $0.count)]))
    }
  }

  /// The checksum of all bytes given, in lower-case hexadecimal.
  public var hexadecimal: String { History.hexadecimal(hash.finalize()) }
}

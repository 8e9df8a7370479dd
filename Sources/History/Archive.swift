internal import Crypto
internal import Foundation
internal import Payments
internal import Synchronization

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

  /// Copies a file and hashes what was copied.
  private func copy(
    _ source: Int32, _ from: String, to target: Int32, _ to: String
  ) throws(HistoryError) -> String {
    var found = stat()
    let isLong = fstat(source, &found) == 0 && found.st_size > 1 << 23
    if isLong, Workers.limit > 1 { return try copyBesideHashing(source, from, to: target, to) }
    var hash = SHA256()
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = block.withUnsafeMutableBytes { readBlock(source, $0) }
      guard count >= 0 else { throw failure(from) }
      if count == 0 { return hexadecimal(hash.finalize()) }
      let isWritten = block.withUnsafeBytes {
        let bytes = UnsafeRawBufferPointer(rebasing: $0[..<count])
        hash.update(bufferPointer: bytes)
        return writeAll(target, bytes)
      }
      guard isWritten else { throw failure(to) }
    }
  }

  /// The same on two threads: to hash a file takes as long as to copy it.
  private func copyBesideHashing(
    _ source: Int32, _ from: String, to target: Int32, _ to: String
  ) throws(HistoryError) -> String {
    let belt = Conveyor()
    var problem: HistoryError?
    let sha256 = beside {
      var isMore = true
      while isMore {
        var block = belt.empty()
        let count = block.withUnsafeMutableBytes { readBlock(source, $0) }
        if count < 0 { problem = failure(from) }
        let isWritten = block.withUnsafeBytes {
          count <= 0 || writeAll(target, UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        if !isWritten { problem = failure(to) }
        isMore = count > 0 && problem == nil
        belt.send(block, isMore ? count : 0)
      }
    } waiting: {
      var hash = SHA256()
      while true {
        let (block, count) = belt.next()
        guard count > 0 else { return hexadecimal(hash.finalize()) }
        block.withUnsafeBytes {
          hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        belt.giveBack(block)
      }
    }
    if let problem { throw problem }
    return sha256
  }

  /// The SHA-256 of an archived file as it is now; nil when it is gone.
  public func checksum(_ sha256: String) -> String? {
    guard let data = FileManager.default.contents(atPath: folder.archived(sha256)) else {
      return nil
    }
    return hexadecimal(SHA256.hash(data: data))
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

/// Blocks of a file on their way from the thread that reads it to the one that hashes it; a few at a time.
private final class Conveyor: Sendable {
  private let empties = Mutex<[[UInt8]]>([])
  private let filled = Mutex<[(block: [UInt8], count: Int)]>([])
  private let isEmptyThere = DispatchSemaphore(value: 0)
  private let isFilledThere = DispatchSemaphore(value: 0)

  init() {
    for _ in 0..<4 { isEmptyThere.signal() }
  }

  /// A block to be filled; waits for one.
  func empty() -> [UInt8] {
    isEmptyThere.wait()
    return empties.withLock { $0.popLast() } ?? [UInt8](repeating: 0, count: 1 << 20)
  }

  /// Sends a block with so many bytes in it; none to say that it was the last.
  func send(_ block: [UInt8], _ count: Int) {
    filled.withLock { $0.append((block, count)) }
    isFilledThere.signal()
  }

  /// The block that was sent next; waits for it.
  func next() -> (block: [UInt8], count: Int) {
    isFilledThere.wait()
    return filled.withLock { $0.removeFirst() }
  }

  /// Gives a block back to be filled again.
  func giveBack(_ block: [UInt8]) {
    empties.withLock { $0.append(block) }
    isEmptyThere.signal()
  }
}

/// Reads the next bytes of a file; as many as it gives, none at its end, -1 when it cannot be read.
private func readBlock(_ descriptor: Int32, _ room: UnsafeMutableRawBufferPointer) -> Int {
  while true {
    let count = read(descriptor, room.baseAddress, room.count)
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

  /// Adds the bytes that follow.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  /// The checksum of all bytes given, in lower-case hexadecimal.
  public var hexadecimal: String { History.hexadecimal(hash.finalize()) }
}

internal import Files
internal import Payments

/// The bytes of one statement: a file read in blocks where it lies, or what an archive held.
final class StatementFile: Sendable {
  /// Where it was found.
  let path: String
  /// Number of bytes.
  let size: Int
  private let bytes: Bytes

  private enum Bytes: Sendable {
    case file(ReadableFile)
    case memory([UInt8])
  }

  /// Opens a file.
  init(path: String) throws(StatementError) {
    self.path = path
    let file = try readable { () throws(FileProblem) in try ReadableFile(path) }
    size = file.size
    bytes = .file(file)
  }

  /// Wraps bytes that were unpacked or transcoded.
  init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = .memory(bytes)
    size = bytes.count
  }

  /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
  func read(at offset: Int, count: Int) throws(StatementError) -> [UInt8] {
    let wanted = max(0, min(count, size - offset))
    guard wanted > 0 else { return [] }
    switch bytes {
    case .memory(let memory): return Array(memory[offset..<(offset + wanted)])
    case .file(let file):
      return try readable { () throws(FileProblem) in try file.read(at: offset, count: wanted) }
    }
  }

  /// Reads up to `count` bytes at `offset` into memory that has room for them.
  ///
  /// - Returns: the part of `room` that was filled; smaller only at the end of the file.
  func read(
    at offset: Int, count: Int, into room: UnsafeMutableRawBufferPointer
  ) throws(StatementError) -> UnsafeMutableRawBufferPointer {
    let wanted = max(0, min(count, size - offset))
    var filled = wanted
    switch bytes {
    case .memory(let memory):
      if wanted > 0 { room.copyBytes(from: memory[offset..<(offset + wanted)]) }
    case .file(let file):
      filled = try readable { () throws(FileProblem) in
        try file.read(at: offset, count: wanted, into: room)
      }
    }
    return UnsafeMutableRawBufferPointer(rebasing: room[..<filled])
  }

  /// SHA-256 of all bytes, in lower-case hexadecimal.
  func sha256() throws(StatementError) -> String {
    var checksum = Checksum()
    var offset = 0
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { room.deallocate() }
    while offset < size {
      let block = try read(at: offset, count: room.count, into: room)
      if block.isEmpty { break }
      checksum.update(UnsafeRawBufferPointer(block))
      offset += block.count
    }
    return checksum.hexadecimal
  }
}

/// Does something with a file.
///
/// - Throws: ``StatementError/cannotRead(path:problem:)`` where the system would not.
private func readable<Value>(
  _ body: () throws(FileProblem) -> Value
) throws(StatementError) -> Value {
  do throws(FileProblem) {
    return try body()
  } catch {
    throw StatementError.cannotRead(path: error.path, problem: error.problem)
  }
}

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
    case kept(KeptBytes)
  }

  /// Opens a file.
  init(path: String) throws(StatementError) {
    self.path = path
    let file = try readable { () throws(FileProblem) in try ReadableFile(path) }
    size = file.size
    bytes = .file(file)
  }

  /// Wraps a few bytes.
  init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = .memory(bytes)
    size = bytes.count
  }

  /// Wraps bytes that were unpacked, transcoded or rendered.
  init(path: String, _ kept: KeptBytes) {
    (self.path, size) = (path, kept.count)
    bytes = .kept(kept)
  }

  /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
  func read(at offset: Int, count: Int) throws(StatementError) -> [UInt8] {
    let wanted = max(0, min(count, size - offset))
    guard wanted > 0 else { return [] }
    switch bytes {
    case .memory(let memory): return Array(memory[offset..<(offset + wanted)])
    case .file(let file):
      return try readable { () throws(FileProblem) in try file.read(at: offset, count: wanted) }
    case .kept:
      var room = [UInt8](repeating: 0, count: wanted)
      try room.withUnsafeMutableBytes { raw in
        Result { () throws(StatementError) in _ = try read(at: offset, count: wanted, into: raw) }
      }.get()
      return room
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
    case .kept(let kept):
      try readable { () throws(FileProblem) in
        try kept.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: room[..<wanted]))
      }
    }
    return UnsafeMutableRawBufferPointer(rebasing: room[..<filled])
  }

  /// Hands over all bytes, block by block, until the taker returns false.
  func forEachBlock(
    from start: Int = 0, of size: Int = 1 << 18, _ take: (UnsafeRawBufferPointer) -> Bool
  ) throws(StatementError) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    defer { room.deallocate() }
    var offset = start
    while offset < self.size {
      let block = try read(at: offset, count: size, into: room)
      if block.isEmpty || !take(UnsafeRawBufferPointer(block)) { return }
      offset += block.count
    }
  }

  /// SHA-256 of all bytes, in lower-case hexadecimal.
  func sha256() throws(StatementError) -> String {
    var checksum = Checksum()
    try forEachBlock { block in
      checksum.update(block)
      return true
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

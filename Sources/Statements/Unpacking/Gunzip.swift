import CLibZip

/// zlib's inflating stream: owns its memory and frees it.
private struct InflateStream: ~Copyable {
  // zlib remembers the address, so the structure must not move.
  let stream: UnsafeMutablePointer<z_stream>

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let gzipOnly: Int32 = 15 + 16
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, gzipOnly, ZLIB_VERSION, size) == Z_OK else {
      preconditionFailure("out of memory: zlib cannot start")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }
}

/// A file's bytes through a window that moves on.
private struct Window: ~Copyable {
  let file: StatementFile
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
  private var start = 0
  private var count = 0

  init(_ file: StatementFile) { self.file = file }

  deinit { room.deallocate() }

  /// The bytes from `offset` on, as far as the window goes; none at the end of the file.
  mutating func bytes(from offset: Int) throws(UnpackError) -> UnsafeRawBufferPointer {
    if !(start..<(start + count)).contains(offset) {
      do throws(StatementError) {
        count = try file.read(at: offset, count: room.count, into: room).count
      } catch {
        throw .unreadable(error)
      }
      start = offset
    }
    return UnsafeRawBufferPointer(rebasing: room[(offset - start)..<count])
  }
}

/// Unpacks gzip data of one or more members.
///
/// Zero bytes after the end are padding; anything else there is damage, never left out silently.
func gunzip(
  _ file: StatementFile, limits: UnpackLimits = UnpackLimits()
) throws(UnpackError) -> StatementFile {
  let inflating = InflateStream()
  let stream = inflating.stream
  var input = Window(file)
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
  defer { output.deallocate() }
  let keeper = BytesKeeper()
  var start = 0
  repeat {
    inflateReset(stream)
    var memberEnded = false
    while !memberEnded {
      let result = inflateStep(stream, try input.bytes(from: start), into: output, &start)
      let made = output.count - Int(stream.pointee.avail_out)
      keeper.append(UnsafeRawBufferPointer(rebasing: output[..<made]))
      try limits.check(keeper, packed: file.size)
      switch result {
      case Z_STREAM_END: memberEnded = true
      case Z_OK where made > 0 || start < file.size: break
      case Z_OK, Z_BUF_ERROR: throw .truncated()
      default: throw inflateError(stream)
      }
    }
  } while try isMember(&input, at: start)
  try checkPadding(&input, from: start, of: file.size)
  return try limits.finish(keeper, path: file.path)
}

/// Whether another gzip member follows.
private func isMember(_ input: inout Window, at start: Int) throws(UnpackError) -> Bool {
  guard let first = try input.bytes(from: start).first, first == 0x1F else { return false }
  return try input.bytes(from: start + 1).first == 0x8B
}

private func checkPadding(
  _ input: inout Window, from start: Int, of size: Int
) throws(UnpackError) {
  var offset = start
  while offset < size {
    let rest = try input.bytes(from: offset)
    guard !rest.isEmpty, rest.allSatisfy({ $0 == 0 }) else { throw .trailing(size - start) }
    offset += rest.count
  }
}

/// Inflates as much as there is room for, and moves `start` behind what was taken.
private func inflateStep(
  _ stream: UnsafeMutablePointer<z_stream>, _ bytes: UnsafeRawBufferPointer,
  into output: UnsafeMutableRawBufferPointer, _ start: inout Int
) -> Int32 {
  stream.pointee.next_in = bytes.baseAddress.map {
    UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
  }
  stream.pointee.avail_in = UInt32(bytes.count)
  stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
  stream.pointee.avail_out = UInt32(output.count)
  let result = inflate(stream, Z_NO_FLUSH)
  start += bytes.count - Int(stream.pointee.avail_in)
  return result
}

/// zlib tells a wrong checksum from other damage only by its message.
private func inflateError(_ stream: UnsafeMutablePointer<z_stream>) -> UnpackError {
  let message = stream.pointee.msg.map { String(cString: $0) } ?? ""
  let isCheck = message == "incorrect data check" || message == "incorrect length check"
  return isCheck ? .checksum() : .damaged()
}

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

/// Unpacks gzip data of one or more members, handing out chunks until the taker returns false.
///
/// Zero bytes after the end are padding; anything else there is damage, never left out silently.
func gunzip(
  _ bytes: UnsafeRawBufferPointer, limits: UnpackLimits = UnpackLimits(),
  take: (UnsafeRawBufferPointer) -> Bool
) throws(UnpackError) {
  let inflating = InflateStream()
  let stream = inflating.stream
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
  defer { output.deallocate() }
  var start = 0
  var unpacked = 0
  while true {
    inflateReset(stream)
    var memberEnded = false
    while !memberEnded {
      let given = min(bytes.count - start, 1 << 30)
      let result = inflateStep(stream, bytes[start..<start + given], into: output)
      start += given - Int(stream.pointee.avail_in)
      let made = output.count - Int(stream.pointee.avail_out)
      unpacked += made
      guard unpacked <= limits.totalBytes else { throw .tooLarge(nil, limit: limits.totalBytes) }
      try limits.check(nil, unpacked: unpacked, packed: bytes.count)
      if made > 0, !take(UnsafeRawBufferPointer(rebasing: output[..<made])) { return }
      switch result {
      case Z_STREAM_END: memberEnded = true
      case Z_OK where made > 0 || start < bytes.count: break
      case Z_OK, Z_BUF_ERROR: throw .truncated()
      default: throw inflateError(stream)
      }
    }
    let rest = bytes[start...]
    if rest.count >= 2, rest[start] == 0x1F, rest[start + 1] == 0x8B { continue }
    guard rest.allSatisfy({ $0 == 0 }) else { throw .trailing(rest.count) }
    return
  }
}

/// Unpacks gzip data in memory.
func gunzip(
  _ bytes: UnsafeRawBufferPointer, limits: UnpackLimits = UnpackLimits()
) throws(UnpackError) -> [UInt8] {
  var contents: [UInt8] = []
  // The last four bytes state the last member's size: a hint, believed within reason.
  if bytes.count >= 18 {
    let stated = bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)
    contents.reserveCapacity(min(Int(stated.littleEndian), bytes.count * 32, limits.memberBytes))
  }
  try gunzip(bytes, limits: limits) { chunk in
    contents.append(contentsOf: chunk)
    return true
  }
  return contents
}

private func inflateStep(
  _ stream: UnsafeMutablePointer<z_stream>, _ input: Slice<UnsafeRawBufferPointer>,
  into output: UnsafeMutableRawBufferPointer
) -> Int32 {
  let bytes = UnsafeRawBufferPointer(rebasing: input)
  stream.pointee.next_in = bytes.baseAddress.map {
    UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
  }
  stream.pointee.avail_in = UInt32(bytes.count)
  stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
  stream.pointee.avail_out = UInt32(output.count)
  return inflate(stream, Z_NO_FLUSH)
}

/// zlib tells a wrong checksum from other damage only by its message.
private func inflateError(_ stream: UnsafeMutablePointer<z_stream>) -> UnpackError {
  let message = stream.pointee.msg.map { String(cString: $0) } ?? ""
  let isCheck = message == "incorrect data check" || message == "incorrect length check"
  return isCheck ? .checksum() : .damaged()
}

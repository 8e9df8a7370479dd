import CLibZip

/// A file as libzip reads it: in blocks, wherever its bytes lie.
final class ZipContents {
  private let file: StatementFile
  private var offset = 0
  private var failure = zip_error_t()

  init(_ file: StatementFile) {
    self.file = file
    zip_error_init(&failure)
  }

  deinit { zip_error_fini(&failure) }

  /// Answers libzip; it holds the reference until it asks to have it freed.
  static let answer: zip_source_callback = { state, data, length, command in
    guard let state else { return -1 }
    let contents = Unmanaged<ZipContents>.fromOpaque(state)
    if command == ZIP_SOURCE_FREE {
      contents.release()
      return 0
    }
    return contents.takeUnretainedValue().answer(command, data, length)
  }

  private func answer(
    _ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: UInt64
  ) -> Int64 {
    switch command {
    case ZIP_SOURCE_OPEN:
      offset = 0
      return 0
    case ZIP_SOURCE_READ: return read(data, Int(clamping: length))
    case ZIP_SOURCE_CLOSE: return 0
    case ZIP_SOURCE_STAT: return stat(data, length)
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&failure, data, length)
    case ZIP_SOURCE_SEEK:
      let target = zip_source_seek_compute_offset(
        UInt64(offset), UInt64(file.size), data, length, &failure)
      if target < 0 { return -1 }
      offset = Int(target)
      return 0
    case ZIP_SOURCE_TELL: return Int64(offset)
    case ZIP_SOURCE_SUPPORTS: return Self.supported
    default:
      zip_error_set(&failure, ZIP_ER_OPNOTSUPP, 0)
      return -1
    }
  }

  private func read(_ data: UnsafeMutableRawPointer?, _ length: Int) -> Int64 {
    let room = UnsafeMutableRawBufferPointer(
      start: data, count: min(length, max(0, file.size - offset)))
    guard !room.isEmpty else { return 0 }
    guard let count = try? file.read(at: offset, count: room.count, into: room).count else {
      zip_error_set(&failure, ZIP_ER_READ, 0)
      return -1
    }
    offset += count
    return Int64(count)
  }

  private func stat(_ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
    let size = MemoryLayout<zip_stat_t>.size
    guard let data, length >= size else { return -1 }
    let status = data.assumingMemoryBound(to: zip_stat_t.self)
    zip_stat_init(status)
    status.pointee.size = UInt64(file.size)
    status.pointee.valid = UInt64(ZIP_STAT_SIZE)
    return Int64(size)
  }

  /// The commands above as bits.
  private static let supported: Int64 = [
    ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
    ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
  ].reduce(0) { $0 | 1 << Int64($1.rawValue) }
}

private import CLibZip

/// A zip in memory, as Alipay delivers it: member names are bytes without the UTF-8 flag.
enum ZipArchive {
  /// Packs members in the order given.
  ///
  /// - Parameter members: Names as bytes, and contents.
  static func packed(_ members: [(name: [UInt8], bytes: [UInt8])]) -> [UInt8] {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let target = zip_source_buffer_create(nil, 0, 0, &error),
      let archive = zip_open_from_source(target, ZIP_TRUNCATE, &error)
    else { preconditionFailure("libzip opens an archive in memory") }
    zip_source_keep(target)
    defer { zip_source_free(target) }
    // The sources are read when the archive is closed: their bytes must live until then.
    let copies = members.map { member in
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: member.bytes.count, alignment: 1)
      copy.copyBytes(from: member.bytes)
      return copy
    }
    defer { for copy in copies { copy.deallocate() } }
    for (member, copy) in zip(members, copies) {
      guard let source = zip_source_buffer(archive, copy.baseAddress, UInt64(copy.count), 0) else {
        preconditionFailure("libzip reads from memory")
      }
      let name = (member.name + [0]).map(CChar.init(bitPattern:))
      let index = zip_file_add(archive, name, source, ZIP_FL_ENC_RAW)
      precondition(index >= 0, "libzip adds a member")
      // A fixed date, so that the bytes depend on nothing else: 2026-01-01 00:00.
      zip_file_set_dostime(archive, UInt64(index), 0, (46 << 9) | (1 << 5) | 1, 0)
    }
    precondition(zip_close(archive) == 0, "libzip writes an archive in memory")
    return contents(target)
  }

  private static func contents(_ source: OpaquePointer) -> [UInt8] {
    var status = zip_stat_t()
    precondition(
      zip_source_stat(source, &status) == 0 && zip_source_open(source) == 0,
      "libzip reads back what it wrote")
    defer { zip_source_close(source) }
    var bytes = [UInt8](repeating: 0, count: Int(status.size))
    let read = bytes.withUnsafeMutableBytes {
      zip_source_read(source, $0.baseAddress, UInt64($0.count))
    }
    precondition(read == Int64(bytes.count), "libzip reads back what it wrote")
    return bytes
  }
}

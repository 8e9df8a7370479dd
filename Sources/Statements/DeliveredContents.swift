extension Intake {
  /// Hands over the bytes a delivered file holds once it is unpacked, for searching in them: its own, some
  /// lines at a time, those of an archive's members, those of a workbook's parts.
  ///
  /// Of a file that cannot be read or unpacked there is nothing: whoever reads it as a statement is told.
  public static func forEachContent(
    of path: String, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    guard let file = try? StatementFile(path: path), let head = try? file.read(at: 0, count: 4)
    else { return }
    guard head.withUnsafeBytes({ packagingOf($0) }) != .plain else {
      return forEachLines(file, body)
    }
    guard let unpacked = try? unpack(file) else { return }
    switch consume unpacked {
    case .members(let members): for member in members { forEachLines(member.file, body) }
    case .workbook(let archive):
      for part in archive.names where part.hasSuffix(".xml") {
        if let file = try? archive.part(part) { forEachLines(file, body) }
      }
    case .plain: return
    }
  }

  /// Whole lines of a file, some megabytes at a time; of markup, which may be one line, whole tags.
  ///
  /// - Parameter block: bytes at a time.
  static func forEachLines(
    _ file: StatementFile, block: Int = 1 << 24, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    let isWide = (try? file.read(at: 0, count: 2)).map(isWide) ?? false
    var offset = 0
    while offset < file.size, var bytes = try? file.read(at: offset, count: block), !bytes.isEmpty {
      if offset + bytes.count < file.size,
        let end = bytes.lastIndex(where: { $0 == 0x0A || $0 == 0x3C }), end > 0
      {
        bytes.removeSubrange((bytes[end] == 0x0A ? end + 1 : end)...)
      }
      offset += bytes.count
      search(bytes, isWide: isWide, body)
    }
  }

  private static func search(
    _ bytes: [UInt8], isWide wide: Bool? = nil, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    // Text of two bytes a character, as far as it is ASCII.
    (wide ?? isWide(bytes) ? bytes.filter { $0 != 0 } : bytes).withUnsafeBytes(body)
  }

  private static func isWide(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
  }
}

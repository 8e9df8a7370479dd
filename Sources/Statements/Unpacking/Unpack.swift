/// How a delivered file is packed.
enum Packaging: Hashable, Sendable {
  /// Not at all.
  case plain
  /// gzip: one file.
  case gzip
  /// zip: any number of files.
  case zip
  /// An Excel workbook, which is a zip of its own.
  case spreadsheet
}

/// What may come out of a packed file at most.
struct UnpackLimits: Hashable, Sendable {
  /// Bytes of all members together.
  var totalBytes = 8 << 30
  /// Bytes of one member.
  var memberBytes = 4 << 30
  /// Unpacked bytes for one packed byte.
  var ratio = 200
  /// Unpacked bytes up to which the ratio does not matter.
  var ratioFreeBytes = 10 << 20
  /// Members of a zip, folders included.
  var members = 1000

  /// Refuses what passes the limits. `packed` is what the `unpacked` bytes came from.
  func check(_ member: String?, unpacked: Int, packed: Int) throws(UnpackError) {
    guard unpacked <= memberBytes else { throw .tooLarge(member, limit: memberBytes) }
    guard unpacked <= ratioFreeBytes || unpacked / ratio <= packed else {
      throw .suspiciousRatio(member, ratio: ratio)
    }
  }
}

/// One file out of a packed file.
struct UnpackedMember: Hashable, Sendable {
  /// Its name with its folders, decoded; empty for gzip.
  var name: String
  /// Its name as the archive writes it.
  var rawName: [UInt8]
  /// Its contents.
  var bytes: [UInt8]

  /// How it is packed itself. A packed file inside a packed file is not unpacked further.
  var packaging: Packaging { bytes.withUnsafeBytes { packagingOf($0) } }
}

/// What a delivered file unpacks to.
enum Unpacked: Hashable, Sendable {
  /// It was not packed: use its own bytes.
  case plain
  /// The files inside, in the archive's order, folders left out.
  case members([UnpackedMember])
  /// An Excel workbook.
  case spreadsheet
}

/// How a file is packed, by its first bytes. A workbook's are those of any zip.
func packagingOf(_ prefix: UnsafeRawBufferPointer) -> Packaging {
  guard prefix.count >= 2 else { return .plain }
  if prefix[0] == 0x1F, prefix[1] == 0x8B { return .gzip }
  guard prefix.count >= 4, prefix[0] == 0x50, prefix[1] == 0x4B else { return .plain }
  // A member, an empty archive's end, a split archive's mark.
  switch (prefix[2], prefix[3]) {
  case (3, 4), (5, 6), (7, 8): return .zip
  default: return .plain
  }
}

/// Unpacks a delivered file, one layer deep, in memory.
func unpack(
  _ bytes: UnsafeRawBufferPointer, limits: UnpackLimits = UnpackLimits()
) throws(UnpackError) -> Unpacked {
  switch packagingOf(bytes) {
  case .plain, .spreadsheet: return .plain
  case .gzip:
    let contents = try gunzip(bytes, limits: limits)
    return .members([UnpackedMember(name: "", rawName: [], bytes: contents)])
  case .zip:
    let archive = try ZipArchive(bytes, limits: limits)
    if archive.isSpreadsheet { return .spreadsheet }
    return .members(try archive.readAll())
  }
}

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
    guard let bytes = try? file.read(at: 0, count: file.size) else { return }
    switch try? bytes.withRaw({ raw throws(UnpackError) in try unpack(raw) }) {
    case .members(let members): for member in members { search(member.bytes, body) }
    case .spreadsheet:
      let parts = try? bytes.withRaw { raw throws(UnpackError) in try ZipArchive(raw).readAll() }
      for part in parts ?? [] where part.name.hasSuffix(".xml") { search(part.bytes, body) }
    case .plain, nil: return
    }
  }

  /// Whole lines of a plain file, some megabytes at a time.
  private static func forEachLines(
    _ file: StatementFile, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    let isWide = (try? file.read(at: 0, count: 2)).map(isWide) ?? false
    var offset = 0
    while offset < file.size, var bytes = try? file.read(at: offset, count: 1 << 24), !bytes.isEmpty
    {
      if offset + bytes.count < file.size, let end = bytes.lastIndex(of: 0x0A) {
        bytes.removeSubrange((end + 1)...)
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

import CLibZip

/// A member as the archive lists it.
struct ZipMember: Hashable, Sendable {
  /// Place in the archive.
  var index: Int
  /// Its name with its folders, decoded.
  var name: String
  /// Bytes it states to unpack to.
  var size: Int
  /// Bytes it is packed in.
  var packedSize: Int
  /// Whether it needs a password.
  var isEncrypted: Bool
}

/// A zip file, read through libzip where it lies: owns the handle and closes it.
struct ZipArchive: ~Copyable {
  /// Its files in the archive's order. Folders and what macOS adds for itself are left out.
  let members: [ZipMember]
  /// Whether it is an Excel workbook.
  let isSpreadsheet: Bool

  private let handle: OpaquePointer
  private let limits: UnpackLimits
  private let path: String
  private let packedSize: Int
  private let passwords: [String]

  /// Opens an archive and checks its list of members against the limits.
  ///
  /// - Parameter passwords: tried in order where a member needs one.
  init(
    _ file: StatementFile, limits: UnpackLimits = UnpackLimits(), passwords: [String] = []
  ) throws(UnpackError) {
    let handle = try Self.open(file)
    do {
      let listed = try Self.list(handle, limits: limits)
      let names = Set(listed.map(\.name))
      isSpreadsheet =
        names.contains("[Content_Types].xml") && names.contains { $0.hasPrefix("xl/") }
      members = listed.filter { !$0.name.hasSuffix("/") && !Self.isResourceFork($0.name) }
    } catch {
      zip_discard(handle)
      throw error
    }
    self.handle = handle
    (self.limits, self.passwords) = (limits, passwords)
    (path, packedSize) = (file.path, file.size)
  }

  deinit {
    zip_discard(handle)
  }

  /// Unpacks one member.
  func read(_ member: ZipMember) throws(UnpackError) -> StatementFile {
    guard member.isEncrypted else { return try read(member, with: nil) }
    // A wrong password may show in the contents only.
    for password in passwords {
      if let contents = try? read(member, with: password) { return contents }
    }
    throw .encrypted(member.name)
  }

  private func read(
    _ member: ZipMember, with password: String?
  ) throws(UnpackError) -> StatementFile {
    let keeper = BytesKeeper()
    let file = try open(member, with: password)
    defer { zip_fclose(file) }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { room.deallocate() }
    while true {
      let count = Int(zip_fread(file, room.baseAddress, UInt64(room.count)))
      if count < 0 { throw Self.error(zip_file_get_error(file), member.name) }
      if count == 0 { break }
      keeper.append(UnsafeRawBufferPointer(rebasing: room[..<count]))
      guard keeper.count <= member.size else { throw .damaged(member.name) }
      if let problem = keeper.problem { throw .noRoom(problem) }
    }
    guard keeper.count == member.size else { throw .damaged(member.name) }
    return try limits.finish(keeper, path: path)
  }

  /// Unpacks all members.
  func readAll() throws(UnpackError) -> [UnpackedMember] {
    let total = members.reduce(0) { $0 + $1.size }
    guard total <= limits.totalBytes else { throw .tooLarge(nil, limit: limits.totalBytes) }
    // Members that share their packed bytes pass one by one, not together.
    guard total <= limits.ratioFreeBytes || total / limits.ratio <= packedSize else {
      throw .suspiciousRatio(nil, ratio: limits.ratio)
    }
    var read: [UnpackedMember] = []
    for member in members {
      read.append(UnpackedMember(name: member.name, file: try self.read(member)))
    }
    return read
  }

  private func open(
    _ member: ZipMember, with password: String? = nil
  ) throws(UnpackError) -> OpaquePointer {
    if member.isEncrypted, password == nil { throw .encrypted(member.name) }
    try limits.check(member.name, unpacked: member.size, packed: member.packedSize)
    guard let file = zip_fopen_index_encrypted(handle, UInt64(member.index), 0, password) else {
      throw Self.error(zip_get_error(handle), member.name)
    }
    return file
  }
}

// MARK: - Opening and listing

extension ZipArchive {
  private static func open(_ file: StatementFile) throws(UnpackError) -> OpaquePointer {
    var failure = zip_error_t()
    zip_error_init(&failure)
    defer { zip_error_fini(&failure) }
    let contents = Unmanaged.passRetained(ZipContents(file)).toOpaque()
    guard let source = zip_source_function_create(ZipContents.answer, contents, &failure) else {
      Unmanaged<ZipContents>.fromOpaque(contents).release()
      throw error(&failure, nil)
    }
    guard let handle = zip_open_from_source(source, ZIP_RDONLY, &failure) else {
      zip_source_free(source)
      throw error(&failure, nil)
    }
    return handle
  }

  private static func list(
    _ handle: OpaquePointer, limits: UnpackLimits
  ) throws(UnpackError) -> [ZipMember] {
    let count = Int(zip_get_num_entries(handle, 0))
    guard count <= limits.members else {
      throw .tooManyMembers(count, limit: limits.members)
    }
    var members: [ZipMember] = []
    for index in 0..<count {
      var status = zip_stat_t()
      zip_stat_init(&status)
      guard zip_stat_index(handle, UInt64(index), 0, &status) == 0,
        let raw = zip_get_name(handle, UInt64(index), ZIP_FL_ENC_RAW)
      else { throw error(zip_get_error(handle), nil) }
      let rawName = [UInt8](UnsafeRawBufferPointer(start: raw, count: length(of: raw)))
      let name = decodeMemberName(rawName)
      guard !leadsOut(name) else { throw .unsafeName(name) }
      guard status.size <= limits.memberBytes, status.comp_size <= Int.max else {
        throw .tooLarge(name, limit: limits.memberBytes)
      }
      members.append(
        ZipMember(
          index: index, name: name, size: Int(status.size),
          packedSize: Int(status.comp_size),
          isEncrypted: status.encryption_method != UInt16(ZIP_EM_NONE)))
    }
    return members
  }

  private static func length(of text: UnsafePointer<CChar>) -> Int {
    var end = text
    while end.pointee != 0 { end += 1 }
    return end - text
  }

  /// Whether a name would land outside the folder it is unpacked in, on any system.
  private static func leadsOut(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    if bytes.isEmpty || bytes.contains(0) { return true }
    if bytes[0] == UInt8(ascii: "/") || bytes[0] == UInt8(ascii: "\\") { return true }
    if bytes.count >= 2, bytes[1] == UInt8(ascii: ":") { return true }
    return name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains("..")
  }

  /// What macOS packs beside the files it was asked to pack.
  private static func isResourceFork(_ name: String) -> Bool {
    name.hasPrefix("__MACOSX/") || name == ".DS_Store" || name.hasSuffix("/.DS_Store")
  }

  private static func error(
    _ failure: UnsafeMutablePointer<zip_error_t>, _ member: String?
  ) -> UnpackError {
    switch zip_error_code_zip(failure) {
    case ZIP_ER_CRC: .checksum(member)
    case ZIP_ER_NOZIP, ZIP_ER_EOF, ZIP_ER_SEEK, ZIP_ER_READ: .truncated(member)
    case ZIP_ER_COMPNOTSUPP, ZIP_ER_ENCRNOTSUPP, ZIP_ER_MULTIDISK, ZIP_ER_OPNOTSUPP:
      .unsupported(member ?? "zip")
    case ZIP_ER_NOPASSWD, ZIP_ER_WRONGPASSWD: .encrypted(member ?? "zip")
    default: .damaged(member)
    }
  }
}

/// A member's name: UTF-8 when it is UTF-8, as the flag would say where it is set; otherwise
/// GB18030, which Chinese channels write without saying so.
func decodeMemberName(_ raw: [UInt8]) -> String {
  let isUTF8 = raw.withUnsafeBytes { firstInvalidUTF8(in: $0) == nil }
  if isUTF8 { return String(decoding: raw, as: UTF8.self) }
  return decodeGB18030(raw) ?? String(decoding: raw, as: UTF8.self)
}

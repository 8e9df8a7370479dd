import CLibZip

/// A member as the archive lists it.
struct ZipMember: Hashable, Sendable {
  /// Place in the archive.
  var index: Int
  /// Its name with its folders, decoded.
  var name: String
  /// Its name as the archive writes it.
  var rawName: [UInt8]
  /// Bytes it states to unpack to.
  var size: Int
  /// Bytes it is packed in.
  var packedSize: Int
  /// Whether it needs a password.
  var isEncrypted: Bool
}

/// A zip file in memory, read through libzip: owns the handle and closes it.
///
/// The bytes must stay where they are as long as the archive lives.
struct ZipArchive: ~Copyable {
  /// Its files in the archive's order. Folders and what macOS adds for itself are left out.
  let members: [ZipMember]
  /// Whether it is an Excel workbook.
  let isSpreadsheet: Bool

  private let handle: OpaquePointer
  private let limits: UnpackLimits
  private let packedSize: Int
  private let passwords: [String]

  /// Opens an archive and checks its list of members against the limits.
  ///
  /// - Parameter passwords: tried in order where a member needs one.
  init(
    _ bytes: UnsafeRawBufferPointer, limits: UnpackLimits = UnpackLimits(),
    passwords: [String] = []
  ) throws(UnpackError) {
    let handle = try Self.open(bytes)
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
    packedSize = bytes.count
  }

  deinit {
    zip_discard(handle)
  }

  /// Unpacks one member.
  func read(_ member: ZipMember) throws(UnpackError) -> [UInt8] {
    guard member.isEncrypted else { return try read(member, with: nil) }
    // A wrong password may show in the contents only.
    for password in passwords {
      if let contents = try? read(member, with: password) { return contents }
    }
    throw .encrypted(member.name)
  }

  private func read(_ member: ZipMember, with password: String?) throws(UnpackError) -> [UInt8] {
    let file = try open(member, with: password)
    defer { zip_fclose(file) }
    // One more byte than stated: whoever fills it has lied.
    var failure: UnpackError?
    let contents = [UInt8](unsafeUninitializedCapacity: member.size + 1) { buffer, filled in
      while filled < buffer.count, let base = buffer.baseAddress {
        let count = zip_fread(file, base + filled, UInt64(buffer.count - filled))
        if count < 0 { failure = Self.error(zip_file_get_error(file), member.name) }
        if count <= 0 { return }
        filled += Int(count)
      }
    }
    if let failure { throw failure }
    guard contents.count == member.size else { throw .damaged(member.name) }
    return contents
  }

  /// Unpacks one member, handing out chunks until the taker returns false.
  func read(
    _ member: ZipMember, take: (UnsafeRawBufferPointer) -> Bool
  ) throws(UnpackError) {
    let file = try open(member)
    defer { zip_fclose(file) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { return }
    var unpacked = 0
    while true {
      let count = Int(zip_fread(file, base, UInt64(buffer.count)))
      if count < 0 { throw Self.error(zip_file_get_error(file), member.name) }
      unpacked += count
      guard unpacked <= member.size else { throw .damaged(member.name) }
      if count == 0 { break }
      if !take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { return }
    }
    guard unpacked == member.size else { throw .damaged(member.name) }
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
      let bytes = try self.read(member)
      read.append(UnpackedMember(name: member.name, rawName: member.rawName, bytes: bytes))
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
  private static func open(_ bytes: UnsafeRawBufferPointer) throws(UnpackError) -> OpaquePointer {
    var failure = zip_error_t()
    zip_error_init(&failure)
    defer { zip_error_fini(&failure) }
    let size = UInt64(bytes.count)
    guard let source = zip_source_buffer_create(bytes.baseAddress, size, 0, &failure) else {
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
          index: index, name: name, rawName: rawName, size: Int(status.size),
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

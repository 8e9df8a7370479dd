/// What a delivered file unpacks to.
enum Unpacked: Hashable, Sendable {
  /// It was not packed: use its own bytes.
  case plain
  /// The files inside, in the archive's order, folders left out.
  case members([UnpackedMember])
  /// An Excel workbook.
  case spreadsheet
}

/// Unpacks a delivered file, one layer deep, in memory.
///
/// - Parameter passwords: of zip files that need one.
func unpack(
  _ bytes: UnsafeRawBufferPointer, limits: UnpackLimits = UnpackLimits(), passwords: [String] = []
) throws(UnpackError) -> Unpacked {
  switch packagingOf(bytes) {
  case .plain, .spreadsheet: return .plain
  case .gzip:
    let contents = try gunzip(bytes, limits: limits)
    return .members([UnpackedMember(name: "", rawName: [], bytes: contents)])
  case .zip:
    let archive = try ZipArchive(bytes, limits: limits, passwords: passwords)
    if archive.isSpreadsheet { return .spreadsheet }
    return .members(try archive.readAll())
  }
}

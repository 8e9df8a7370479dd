/// What a delivered file unpacks to.
enum Unpacked: ~Copyable {
  /// It was not packed: use its own bytes.
  case plain
  /// The files inside, in the archive's order, folders left out.
  case members([UnpackedMember])
  /// An Excel workbook.
  case workbook(ZipArchive)
}

/// Unpacks a delivered file, one layer deep.
///
/// - Parameter passwords: of zip files that need one.
func unpack(
  _ file: StatementFile, limits: UnpackLimits = UnpackLimits(), passwords: [String] = []
) throws(UnpackError) -> Unpacked {
  let head: [UInt8]
  do throws(StatementError) {
    head = try file.read(at: 0, count: 4)
  } catch {
    throw .unreadable(error)
  }
  switch head.withUnsafeBytes({ packagingOf($0) }) {
  case .plain: return .plain
  case .gzip:
    return .members([UnpackedMember(name: "", file: try gunzip(file, limits: limits))])
  case .zip:
    let archive = try ZipArchive(file, limits: limits, passwords: passwords)
    if archive.isSpreadsheet { return .workbook(archive) }
    return .members(try archive.readAll())
  }
}

/// How a delivered file is packed.
enum Packaging: Hashable, Sendable {
  /// Not at all.
  case plain
  /// gzip: one file.
  case gzip
  /// zip: any number of files, or an Excel workbook, which is a zip of its own.
  case zip
}

/// One file out of a packed file.
struct UnpackedMember: Sendable {
  /// Its name with its folders, decoded; empty for gzip.
  var name: String
  /// Its contents.
  var file: StatementFile
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

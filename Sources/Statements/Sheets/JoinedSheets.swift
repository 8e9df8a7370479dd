/// Sheets of a workbook that are pages of one list: they have the same header, and the rows of each follow those of the
/// sheet before.
///
/// Lines stay in order and tell the sheet: they are counted from ``stride`` times the place of the sheet on.
struct JoinedSheets {
  /// Rows of a sheet are fewer than these.
  private static let stride = 1 << 21

  /// The records of all of them, the header once.
  private(set) var bytes: [UInt8]
  /// The line of every record.
  private(set) var lines: [Int]
  /// The sheets' names.
  private(set) var names: [String]
  private let header: [String]

  /// Begins with the first.
  ///
  /// - Parameter header: its header as its layout reads it.
  init(_ first: Sheet, header: [String]) {
    (bytes, lines, names) = (first.bytes, first.rows, [first.name])
    self.header = header.map(normalisedHeader)
  }

  /// Adds the rows behind a sheet's header.
  ///
  /// - Returns: whether it has that header.
  mutating func append(_ sheet: Sheet) -> Bool {
    guard let first = sheet.firstRow(behind: header) else { return false }
    let base = names.count * JoinedSheets.stride
    bytes += sheet.bytes[first.offset...]
    lines += sheet.rows[first.row...].map { base + $0 }
    names.append(sheet.name)
    return true
  }

  /// The sheet of a line, where there are several, and the row's number there.
  static func place(ofLine line: Int, of names: [String]) -> (part: String?, line: Int) {
    let sheet = line / stride
    guard names.count > 1, names.indices.contains(sheet) else { return (nil, line) }
    return (names[sheet], line % stride)
  }
}

extension Sheet {
  /// Where the rows behind a header begin; nil where no row is that header.
  fileprivate func firstRow(behind header: [String]) -> (row: Int, offset: Int)? {
    guard !header.isEmpty else { return nil }
    var offset = 0
    // A header stands below a few lines at most.
    for (row, line) in bytes.split(separator: 0x0A, maxSplits: 64, omittingEmptySubsequences: false)
      .prefix(64).enumerated() where row < rows.count
    {
      offset += line.count + 1
      let cells = line.split(separator: 0x1F, omittingEmptySubsequences: false).map {
        normalisedHeader(String(decoding: $0, as: UTF8.self))
      }
      if cells.starts(with: header), cells[header.count...].allSatisfy(\.isEmpty) {
        return (row + 1, offset)
      }
    }
    return nil
  }
}

extension String {
  /// A file's name with that of its part.
  func with(part: String?) -> String { part.map { self + "/" + $0 } ?? self }
}

/// Sheets of a workbook that are pages of one list: they have the same header, and the rows of each follow those of the
/// sheet before.
///
/// Lines stay in order and tell the sheet: they are counted from ``stride`` times the place of the sheet on.
struct JoinedSheets {
  /// Rows of a sheet are fewer than these.
  private static let stride = 1 << 21

  /// The line of every record of all of them, the header once.
  private(set) var lines: [Int]
  /// The sheets' names.
  private(set) var names: [String]
  private let header: [String]
  /// Where the records of each begin.
  private var parts: [(file: StatementFile, offset: Int)]

  /// Begins with the first.
  ///
  /// - Parameter header: its header as its layout reads it.
  init(_ first: Sheet, header: [String]) {
    (lines, names, parts) = (first.rows, [first.name], [(first.file, 0)])
    self.header = header.map(normalisedHeader)
  }

  /// Adds the rows behind a sheet's header.
  ///
  /// - Returns: whether it has that header.
  mutating func append(_ sheet: Sheet) -> Bool {
    guard let first = sheet.firstRow(behind: header) else { return false }
    let base = names.count * JoinedSheets.stride
    lines += sheet.rows[first.row...].map { base + $0 }
    names.append(sheet.name)
    parts.append((sheet.file, first.offset))
    return true
  }

  /// The records of all of them.
  func file() throws(Refusal) -> StatementFile {
    guard parts.count > 1 else { return parts[0].file }
    let keeper = BytesKeeper()
    for (file, offset) in parts {
      do throws(StatementError) {
        try file.forEachBlock(from: offset) { block in
          keeper.append(block)
          return true
        }
      } catch {
        throw Refusal(error)
      }
    }
    return try keeper.file(path: parts[0].file.path)
  }

  /// The sheet of a line, of those that are named, and the row's number there.
  static func place(ofLine line: Int, of names: [String]) -> (part: String?, line: Int) {
    let sheet = line / stride
    guard names.indices.contains(sheet) else { return (nil, line) }
    return (names[sheet], line % stride)
  }
}

extension Sheet {
  /// Where the rows behind a header begin; nil where no row is that header.
  fileprivate func firstRow(behind header: [String]) -> (row: Int, offset: Int)? {
    guard !header.isEmpty else { return nil }
    var offset = 0
    // A header stands below a few lines at most.
    for (row, line) in firstLines(64).enumerated() {
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

internal import Payments

/// One sheet of a workbook, whatever wrote it: its rows as records (``Dialect/rendered``).
struct Sheet: Sendable {
  /// Its name.
  let name: String
  /// Whether the workbook does not show it.
  let isHidden: Bool
  /// How many cells hold formulas: what they were when the file was saved is what is read.
  let formulas: Int
  /// How many cells stand too far to the right to be read.
  let farCells: Int
  /// The rows, a line each.
  let file: StatementFile
  /// The row number of every line, counted from 1.
  let rows: [Int]

  /// The first lines, as cells.
  func firstLines(_ count: Int) -> [ArraySlice<UInt8>] {
    let head = (try? file.read(at: 0, count: 1 << 20)) ?? []
    return Array(
      head.split(separator: 0x0A, maxSplits: count, omittingEmptySubsequences: false)
        .prefix(min(count, rows.count)))
  }
}

/// A sheet while its rows come.
struct SheetWriter {
  /// Its name.
  let name: String
  /// Whether the workbook does not show it.
  var isHidden = false
  /// How many cells hold formulas.
  var formulas = 0
  /// How many cells stand too far to the right to be read.
  var farCells = 0
  private let keeper = BytesKeeper()
  private var rows: [Int] = []
  private var line: [UInt8] = []

  /// Begins a sheet without rows.
  init(name: String, isHidden: Bool = false) { (self.name, self.isHidden) = (name, isHidden) }

  /// What its rows come to: their bytes, and eight for the number of each.
  var size: Int { keeper.count + 8 * rows.count }

  /// Adds a row.
  mutating func append(_ cells: [[UInt8]], row: Int) {
    line.removeAll(keepingCapacity: true)
    for (index, cell) in cells.enumerated() {
      if index > 0 { line.append(0x1F) }
      Dialect.append(cell, to: &line)
    }
    line.append(0x0A)
    keeper.append(line)
    rows.append(row)
  }

  /// The sheet with the rows that came.
  ///
  /// - Parameter path: the file it is of.
  func sheet(path: String) throws(Refusal) -> Sheet {
    Sheet(
      name: name, isHidden: isHidden, formulas: formulas, farCells: farCells,
      file: try keeper.file(path: path),
      rows: rows)
  }
}

extension [SheetWriter] {
  /// The sheets with the rows that came.
  func sheets(path: String) throws(Refusal) -> [Sheet] {
    var sheets: [Sheet] = []
    for writer in self { sheets.append(try writer.sheet(path: path)) }
    return sheets
  }
}

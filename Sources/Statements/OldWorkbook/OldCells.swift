/// The cells of a sheet in whatever order they were written.
struct OldCells {
  private struct Cell {
    var row: UInt16
    var column: UInt16
    var start: UInt32
    var count: UInt32
  }

  /// How many cells stand too far to the right to be read.
  private(set) var farCells = 0
  private let limit: Int
  private var cells: [Cell] = []
  private var texts: [UInt8] = []
  private var isSorted = true
  /// Bytes of a sheet's cells in memory, twelve of each for its place.
  private static let most = 64 << 20

  /// Holds none.
  ///
  /// - Parameter limit: bytes they may come to.
  init(limit: Int = 0) { self.limit = min(limit, Self.most) }

  /// Adds a cell; an empty one is none, and what stands far to the right of everything is no column of a statement.
  mutating func add(
    _ row: Int, _ column: Int, _ text: some Collection<UInt8>
  ) throws(OldWorkbookError) {
    guard !text.isEmpty else { return }
    guard column < SheetLimits.columns else { return farCells += 1 }
    guard texts.count + text.count + 12 * (cells.count + 1) <= limit else {
      throw .tooLarge(limit)
    }
    let cell = Cell(
      row: UInt16(row), column: UInt16(column), start: UInt32(texts.count),
      count: UInt32(text.count))
    if let last = cells.last, !Self.isOrdered(last, cell) { isSorted = false }
    cells.append(cell)
    texts.append(contentsOf: text)
  }

  private static func isOrdered(_ left: Cell, _ right: Cell) -> Bool {
    (left.row, left.column, left.start) < (right.row, right.column, right.start)
  }

  /// Adds them to a sheet, row by row; of two in one place the later one counts.
  mutating func append(to sheet: inout SheetWriter) {
    if !isSorted { cells.sort(by: Self.isOrdered) }
    var row: [[UInt8]] = []
    for (place, cell) in cells.enumerated() {
      while row.count <= Int(cell.column) { row.append([]) }
      row[Int(cell.column)] = Array(texts[Int(cell.start)..<Int(cell.start + cell.count)])
      guard place + 1 == cells.count || cells[place + 1].row != cell.row else { continue }
      sheet.append(row, row: Int(cell.row) + 1)
      row = []
    }
  }
}

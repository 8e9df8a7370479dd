internal import Payments

/// One sheet of a workbook, whatever wrote it: its rows as records (``Dialect/rendered``).
struct Sheet {
  /// Its name.
  var name: String
  /// Whether the workbook does not show it.
  var isHidden = false
  /// How many cells hold formulas: what they were when the file was saved is what is read.
  var formulas = 0
  /// The rows, a line each.
  private(set) var bytes: [UInt8] = []
  /// The row number of every line, counted from 1.
  private(set) var rows: [Int] = []

  /// Creates a sheet without rows.
  init(name: String, isHidden: Bool = false) { (self.name, self.isHidden) = (name, isHidden) }

  /// Adds a row whose cells are parted already.
  mutating func append(rendered cells: some Sequence<UInt8>, row: Int) {
    bytes.append(contentsOf: cells)
    bytes.append(0x0A)
    rows.append(row)
  }

  /// Adds a row.
  mutating func append(_ cells: [[UInt8]], row: Int) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(0x1F) }
      Dialect.append(cell, to: &bytes)
    }
    bytes.append(0x0A)
    rows.append(row)
  }
}

/// What a workbook may come to; statements are far from it.
enum SheetLimits {
  /// Bytes of all rendered cells.
  static let bytes = 256 << 20
  /// Cells of a row.
  static let columns = 512
  /// Bytes of a cell of a web page or an XML spreadsheet.
  static let cell = 1 << 20
  /// Sheets of a workbook.
  static let sheets = 256

  /// What the cells of a file may come to at most, by its size: a few bytes can name a long text any number of
  /// times.
  static func bytes(ofPacked count: Int) -> Int { min(bytes, 16 << 20 + 40 * count) }

  /// What is said of a workbook that comes to more.
  static func told(_ limit: Int) -> Wording {
    Wording(
      zh: "工作表内容超过 \(limit >> 20) MiB 的上限（单个单元格 \(cell >> 20) MiB），不是对账单",
      en:
        "the sheets come to more than \(limit >> 20) MiB, or a cell to more than \(cell >> 20) MiB: no statement "
        + "is that long")
  }
}

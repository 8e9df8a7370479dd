internal import Payments

/// What a workbook may come to; statements are far from it.
enum SheetLimits {
  /// Bytes of all rendered cells.
  static let bytes = 256 << 20
  /// Bytes of the texts that cells share.
  static let texts = 96 << 20
  /// Cells of a row.
  static let columns = 512
  /// Bytes of a cell.
  static let cell = 1 << 20
  /// Sheets of a workbook.
  static let sheets = 256
  /// Bytes of a file that must lie in memory as a whole: an old workbook, a web page.
  static let file = 48 << 20

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

  /// A workbook has more sheets than it may.
  static let tooManySheets = Refusal(
    .unreadable,
    Wording(
      zh: "工作簿（网页）中的工作表（表格）超过 \(sheets) 个的上限，不予读取。请分开导出。",
      en:
        "the workbook, or the page, has more than \(sheets) sheets, or tables. Export them by themselves."
    ))

  /// Refuses a file that is too long to be read as a whole.
  static func check(_ file: StatementFile) throws(Refusal) {
    guard file.size > self.file else { return }
    throw Refusal(
      .unreadable,
      Wording(
        zh: "文件超过 \(self.file >> 20) MiB：这种格式（.xls、网页）不会这么大。请分段导出，或导出 CSV、.xlsx。",
        en:
          "the file is longer than \(self.file >> 20) MiB, the most of an .xls or a web page. Export shorter "
          + "periods, or CSV or .xlsx."))
  }
}

/// Texts that cells refer to by number, side by side in one piece of memory.
struct SharedTexts {
  private var bytes: [UInt8] = []
  private var ends: [Int32] = []

  /// How many there are.
  var count: Int { ends.count }

  /// Whether they come to more than they may.
  var isTooLong: Bool { bytes.count + 4 * ends.count > SheetLimits.texts }

  /// Adds an empty text.
  mutating func begin() { if !isTooLong { ends.append(Int32(bytes.count)) } }

  /// Adds to the last text.
  mutating func extend(_ text: some Collection<UInt8>) {
    guard !ends.isEmpty, !isTooLong, text.count <= SheetLimits.texts else { return }
    bytes.append(contentsOf: text)
    ends[ends.count - 1] = Int32(bytes.count)
  }

  /// The text of a number; nil where there is none.
  subscript(_ number: Int) -> ArraySlice<UInt8>? {
    guard ends.indices.contains(number) else { return nil }
    return bytes[(number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])]
  }
}

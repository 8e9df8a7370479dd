/// Rows of text in columns that line up in a terminal.
public struct TextTable: Sendable {
  /// A column.
  public struct Column: Sendable {
    /// Heading.
    public var title: String
    /// Whether cells stand at the right edge, as numbers do.
    public var isRight: Bool
    /// Columns the cell may be cut to when the table is too wide; nil: never cut.
    public var minimum: Int?

    /// Describes a column.
    public init(_ title: String, isRight: Bool = false, minimum: Int? = nil) {
      self.title = title
      self.isRight = isRight
      self.minimum = minimum
    }
  }

  /// The columns.
  public var columns: [Column]
  /// The rows: one cell for each column.
  public var rows: [[String]] = []

  /// Creates a table without rows.
  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// The heading and every row, each one line without trailing spaces.
  ///
  /// A table wider than `width` first narrows the columns that may be cut, widest first; when that
  /// is not enough it is wider than asked, for a number is never cut.
  public func lines(width: Int) -> (heading: String, rows: [String]) {
    let widths = columnWidths(limit: width)
    return (line(columns.map(\.title), widths), rows.map { line($0, widths) })
  }

  private func columnWidths(limit: Int) -> [Int] {
    var widths = columns.map { DisplayWidth.of($0.title) }
    for row in rows {
      for (index, cell) in row.enumerated().prefix(widths.count) {
        widths[index] = max(widths[index], DisplayWidth.of(cell))
      }
    }
    var excess = widths.reduce(0, +) + 2 * max(0, widths.count - 1) - limit
    let shrinkable = columns.indices.filter { columns[$0].minimum != nil }
      .sorted { (widths[$0], $1) > (widths[$1], $0) }
    for index in shrinkable where excess > 0 {
      let least = max(columns[index].minimum ?? 0, DisplayWidth.of(columns[index].title))
      let cut = min(excess, max(0, widths[index] - least))
      widths[index] -= cut
      excess -= cut
    }
    return widths
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var result = ""
    for (index, cell) in cells.enumerated().prefix(widths.count) {
      if index > 0 { result += "  " }
      let fitting =
        columns[index].minimum == nil ? cell : DisplayWidth.clipped(cell, to: widths[index])
      result += DisplayWidth.padded(
        fitting, to: widths[index], alignedRight: columns[index].isRight)
    }
    while result.last == " " { result.removeLast() }
    return result
  }
}

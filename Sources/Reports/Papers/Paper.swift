public import Payments

/// The papers a finance office keeps of a day, each a sheet of the workbook, a CSV file, or both.
public enum PaperName: String, Hashable, Sendable, CaseIterable {
  case summary, flow, anomalies, pending, payouts, fees, accounts, adjustment, statements, aging,
    notes,
    conservation

  /// The sheets of the workbook, in order; ``conservation`` is a CSV file alone.
  public static let sheets: [PaperName] = allCases.filter { $0 != .conservation }
}

/// What the papers say that the report does not: who the school is, which outcomes there are.
public struct PaperContext: Hashable, Sendable {
  /// The school's name; empty when the configuration gives none.
  public var school: String
  /// What a clerk may choose in 处理结果, in the order of the drop-down list.
  public var outcomes: [Wording]

  /// Creates a context.
  public init(school: String = "", outcomes: [Wording] = []) {
    self.school = school
    self.outcomes = outcomes
  }
}

/// A cell, before any program's form of it.
enum PaperCell: Hashable {
  case empty
  case text(String)
  /// A number that is a name: never rounded, never shown as 4.2E+27.
  case serial(String?)
  case count(Int)
  /// Fen.
  case amount(Int128?)
  case day(BusinessDay?)
  case time(Timestamp?)
  /// For the clerk to fill in.
  case entry
}

/// A column of a paper.
struct PaperColumn {
  var label: Wording
  /// Width on a screen of 96 dots an inch; a figure takes 7.
  var pixels: Int
  /// Whether 页小计 and 合计 add it up.
  var isSummed = false
  /// What the clerk fills in, if it is that.
  var entry: ClerkColumn?

  init(_ label: Wording, _ pixels: Int, isSummed: Bool = false) {
    (self.label, self.pixels, self.isSummed) = (label, pixels, isSummed)
  }

  init(_ column: ReportColumn, _ pixels: Int, isSummed: Bool = false) {
    self.init(column.label, pixels, isSummed: isSummed)
  }

  init(_ column: ClerkColumn, _ pixels: Int) {
    self.init(column.label, pixels)
    entry = column
  }
}

/// One paper: columns, rows, and whether it is a list of cases, which has 页小计.
struct Paper {
  var name: PaperName
  var columns: [PaperColumn]
  var rows: [[PaperCell]]
  /// Whether pages carry subtotals.
  var isList = false
  /// The summed column whose total is written in words (大写金额), if one is.
  var capitals: Int?
  /// Height of a row on a screen.
  var rowPixels = 20
  /// Said instead of rows when there are none.
  var absence: Wording?

  init(_ name: PaperName, _ columns: [PaperColumn], rows: [[PaperCell]] = []) {
    (self.name, self.columns, self.rows) = (name, columns, rows)
  }

  /// The sums of `rows`: counts and amounts of the summed columns, nothing elsewhere.
  func sums(_ rows: ArraySlice<[PaperCell]>) -> [PaperCell] {
    columns.indices.map { column in
      guard columns[column].isSummed else { return .empty }
      var (fen, count, isAmount) = (Int128(0), 0, false)
      for row in rows {
        switch row[column] {
        case .amount(let value): (fen, isAmount) = (fen + (value ?? 0), true)
        case .count(let value): count += value
        default: continue
        }
      }
      if rows.isEmpty { return .empty }
      return isAmount ? .amount(fen) : .count(count)
    }
  }
}

internal import CXlsxWriter

typealias CellFormat = UnsafeMutablePointer<lxw_format>

/// The looks of a workbook's cells, made once.
struct WorkbookStyles {
  /// What a line of a sheet is.
  enum Line: Hashable, CaseIterable {
    case row, entry, pageSubtotal, total
  }

  /// How a cell's value is shown.
  enum Kind: String, Hashable, CaseIterable {
    case text = ""
    case serial = "@"
    case count = "#,##0"
    case ordinal = "0"
    case amount = "#,##0.00;[Red]-#,##0.00"
    case day = "yyyy-mm-dd"
    case time = "yyyy-mm-dd hh:mm:ss"
  }

  let title: CellFormat?
  let subtitle: CellFormat?
  let heading: CellFormat?
  let remark: CellFormat?
  private var cells: [Line: [Kind: CellFormat]] = [:]

  init(_ file: borrowing WorkbookFile, font: String) {
    func format(_ style: (CellFormat) -> Void) -> CellFormat? {
      guard let format = file.addFormat() else { return nil }
      format_set_font_name(format, font)
      format_set_font_size(format, 10)
      format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
      style(format)
      return format
    }
    title = format {
      format_set_bold($0)
      format_set_font_size($0, 16)
      format_set_align($0, UInt8(LXW_ALIGN_CENTER.rawValue))
    }
    subtitle = format { format_set_align($0, UInt8(LXW_ALIGN_LEFT.rawValue)) }
    remark = format { format_set_text_wrap($0) }
    heading = format {
      format_set_bold($0)
      format_set_text_wrap($0)
      format_set_border($0, UInt8(LXW_BORDER_THIN.rawValue))
      format_set_align($0, UInt8(LXW_ALIGN_CENTER.rawValue))
      format_set_bg_color($0, 0xD9E1F2)
    }
    for line in Line.allCases {
      for kind in Kind.allCases {
        cells[line, default: [:]][kind] = format { Self.style($0, line, kind) }
      }
    }
  }

  private static func style(_ format: CellFormat, _ line: Line, _ kind: Kind) {
    format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue))
    switch kind {
    case .text, .serial:
      format_set_text_wrap(format)
      format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
      format_set_indent(format, 1)
    case .ordinal:
      let align = line == .row ? LXW_ALIGN_CENTER : LXW_ALIGN_LEFT
      format_set_align(format, UInt8(align.rawValue))
    case .day, .time: format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
    case .count, .amount: format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
    }
    if !kind.rawValue.isEmpty { format_set_num_format(format, kind.rawValue) }
    switch line {
    case .row: break
    case .entry: format_set_bg_color(format, 0xFFF9DB)
    case .pageSubtotal:
      format_set_bold(format)
      format_set_bg_color(format, 0xF2F2F2)
    case .total:
      format_set_bold(format)
      format_set_bg_color(format, 0xE2EFDA)
      format_set_top(format, UInt8(LXW_BORDER_MEDIUM.rawValue))
    }
  }

  /// The look of one cell.
  func callAsFunction(_ line: Line, _ kind: Kind) -> CellFormat? { cells[line]?[kind] }
}

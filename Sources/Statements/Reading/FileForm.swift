internal import Payments

/// How a file is written, in words one can read to the bank.
enum FileForm: Hashable, Sendable {
  /// Fields with a byte between them.
  case text(separator: UInt8)
  /// Fields of a fixed width.
  case fixedText
  /// An Excel workbook of now.
  case workbook
  /// An Excel workbook of 97 to 2003, or of 95.
  case oldWorkbook
  /// The tables of a web page.
  case page
  /// A workbook in XML.
  case xmlWorkbook
  /// A bank's or a channel's message in XML.
  case message

  /// What it is called, and whether its name says otherwise.
  ///
  /// - Parameters:
  ///   - name: the file's.
  ///   - sheets: the names of the sheets that are read, of a workbook.
  func told(of name: String, sheets: [String] = []) -> Wording {
    var told = words
    let said = name.lowercased()
    let isNamedSo: Bool? =
      said.hasSuffix(".xlsx")
      ? self == .workbook : said.hasSuffix(".xls") ? self == .oldWorkbook : nil
    if isNamedSo == false {
      let ending = said.hasSuffix(".xlsx") ? ".xlsx" : ".xls"
      told.zh += "，文件名却写作 \(ending)"
      told.en += ", though its name ends in \(ending)"
    }
    if !sheets.isEmpty, self != .page {
      told.zh += "；读取工作表：\(sheets.joined(separator: "、"))"
      told.en += "; the sheets read: \(sheets.joined(separator: ", "))"
    }
    return told
  }

  private var words: Wording {
    switch self {
    case .text(let separator): Self.text(separator)
    case .fixedText: Wording(zh: "定长字段的文本", en: "text with fields of a fixed width")
    case .workbook: Wording(zh: "Excel 工作簿（.xlsx）", en: "an Excel workbook (.xlsx)")
    case .oldWorkbook:
      Wording(zh: "Excel 97—2003 工作簿（.xls）", en: "an Excel 97–2003 workbook (.xls)")
    case .page: Wording(zh: "网页（HTML）中的表格", en: "the tables of a web page (HTML)")
    case .xmlWorkbook:
      Wording(zh: "XML 电子表格（Excel 2003）", en: "a spreadsheet in XML (Excel 2003)")
    case .message: Wording(zh: "XML 报文", en: "a message in XML")
    }
  }

  private static func text(_ separator: UInt8) -> Wording {
    switch separator {
    case UInt8(ascii: ","): Wording(zh: "逗号分隔的文本（CSV）", en: "text parted by commas (CSV)")
    case 0x09: Wording(zh: "制表符分隔的文本（TSV）", en: "text parted by TABs (TSV)")
    default:
      Wording(
        zh: "以“\(Character(UnicodeScalar(separator)))”分隔的文本",
        en: "text parted by “\(Character(UnicodeScalar(separator)))”")
    }
  }
}

extension Reading {
  /// Names the cells of faults and rejected rows as a spreadsheet does: `F12`, `F`.
  mutating func tellCells() {
    recognition.hasLetters = true
    for index in statement.faults.indices {
      let line = statement.faults[index].line.map(String.init) ?? ""
      statement.faults[index].column = statement.faults[index].column.map { column in
        // Behind the sheet's name, where there is one.
        var parts = column.split(separator: " / ").map(String.init)
        if let letters = parts.last.flatMap(cellColumn) {
          parts[parts.count - 1] = letters + line + " " + parts[parts.count - 1]
        }
        return parts.joined(separator: " / ")
      }
    }
    for index in rejections.indices {
      guard let column = rejections[index].column, let field = rejections[index].field else {
        continue
      }
      rejections[index].field = "\(columnLetters(column - 1))\(rejections[index].line) \(field)"
    }
  }

  /// The letters of a column that its header names.
  private func cellColumn(of header: String) -> String? {
    recognition.columns.firstIndex { $0.header == header }.map(columnLetters)
  }
}

/// What a spreadsheet calls its columns: `A` to `Z`, then `AA`.
func columnLetters(_ number: Int) -> String {
  let letter = String(UnicodeScalar(UInt8(0x41 + number % 26)))
  return number < 26 ? letter : columnLetters(number / 26 - 1) + letter
}

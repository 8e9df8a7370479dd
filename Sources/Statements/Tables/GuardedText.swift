/// Text whose cells are written as formulas, `="20230212"`, so that a spreadsheet leaves them alone; often parted by
/// TABs and called .xls.
enum GuardedText {
  /// Whether a file's first line has such cells.
  static func isOne(_ head: [UInt8]) -> Bool {
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let line = head[start...].prefix { $0 != 0x0A }
    return line.starts(with: "=\"".utf8) && line.contains(0x09)
  }

  /// The lines as rows of one sheet; nil when the text is in no encoding that is known.
  static func sheet(_ bytes: [UInt8]) -> Sheet? {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    let encoding = text.withUnsafeBytes { raw -> TextEncoding? in
      [TextEncoding.utf8, .gb18030].first { $0.firstInvalid(in: raw) == nil }
    }
    guard let encoding else { return nil }
    var sheet = Sheet(name: "1")
    for (place, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    {
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      let content = line.last == 0x0D ? line.dropLast() : line
      var cells = content.split(separator: 0x09, omittingEmptySubsequences: false).map { cell in
        Array(unguarded(cell).withUnsafeBytes { encoding.decode($0) }.utf8)
      }
      while cells.last?.isEmpty == true { cells.removeLast() }
      sheet.append(cells, row: place + 1)
    }
    return sheet
  }

  private static func unguarded(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard cell.count >= 3, cell.starts(with: "=\"".utf8), cell.last == UInt8(ascii: "\"") else {
      return cell
    }
    return cell.dropFirst(2).dropLast()
  }
}

internal import Payments

/// What the first rows of a delimited file show of its columns, before all rows are read.
struct CSVSample {
  /// Empty fields that every row has behind those of the header.
  private(set) var padding = 0
  /// Key columns a spreadsheet has rewritten, each with the line of the first value that tells.
  private(set) var damaged: [Int: Int] = [:]
  /// Values of the columns asked for, as keys; each value once.
  private(set) var keys: [Int: Set<KeyHash>] = [:]

  /// Rows and bytes that are looked at.
  static let longest = (rows: 400, bytes: 1 << 18)

  private let layout: Layout
  private var scanner: RecordScanner
  private var long: [Int: Rounding] = [:]

  /// What the long numbers of one column look like.
  private struct Rounding {
    var values = 0
    var rounded = 0
    /// Zeros of the rounded ones behind their fifteenth digit, and the line of the first.
    var zeros = 0
    var line = 0
    var digits = 0
    /// A value that ends in at least six such zeros, and whether there is another.
    var flat: KeyHash = 0
    var isFlatTwice = false
  }

  /// - Parameters:
  ///   - bytes: the data part's first bytes.
  ///   - isWhole: whether it ends with them.
  ///   - columns: whose values are wanted as keys.
  init(
    _ bytes: [UInt8], _ layout: Layout, isWhole: Bool, keysOf columns: [Int] = []
  ) {
    self.layout = layout
    scanner = RecordScanner(layout.dialect)
    bytes.withUnsafeBytes { read($0, isWhole, columns) }
  }

  private mutating func read(
    _ bytes: UnsafeRawBufferPointer, _ isWhole: Bool, _ columns: [Int]
  ) {
    let comment = layout.profile.commentPrefix?.utf8.first
    var (offset, line, rows, surplus) = (0, 1, 0, Int.max)
    var shifted = Set<Int>()
    while offset < bytes.count, rows < CSVSample.longest.rows {
      let end = scanner.scan(bytes, at: offset)
      guard end == .record, isWhole || scanner.next < bytes.count else { break }
      let isData = !scanner.isBlank(bytes, at: offset) && bytes[offset] != comment
      if isData, scanner.count >= layout.header.count {
        rows += 1
        surplus = min(surplus, emptySurplus(bytes))
        if surplus > 0, isShifted(bytes) { shifted.insert(scanner.count) }
        for field in layout.keyColumns { look(at: field, bytes, line) }
        for field in columns {
          let text = value(field, bytes)
          guard !isAbsent(text) else { continue }
          for word in [text] + words(in: text) {
            // It may hold keys or people.
            keys[field, default: []].insert(keyHash(word, layout.encoding))
            keys[field, default: []].insert(personHash(word, layout.encoding))
          }
          keys[field]?.remove(0)
        }
      }
      offset = scanner.next
      line += 1 + scanner.innerLines
    }
    // One row may well have a separator inside a text; that all have one, and nothing else moved, is how
    // the file is written.
    if rows >= 2, surplus > 0, !shifted.contains(layout.header.count + surplus) {
      padding = surplus
    }
    for (field, seen) in long where isRounded(seen) { damaged[field] = damaged[field] ?? seen.line }
  }

  private func value(
    _ field: Int, _ bytes: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    RowReader.bare(trimmed(scanner.field(field, of: bytes)))
  }

  /// The runs of letters, digits and hyphens in a text that are long enough for an order or an account.
  private func words(in text: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
    var found: [UnsafeRawBufferPointer] = []
    var start = 0
    for end in 0...text.count {
      if end < text.count {
        let byte = text[end]
        let isLetter = (byte | 0x20) &- 0x61 < 26
        if isLetter || byte &- 0x30 <= 9 || byte == UInt8(ascii: "-") { continue }
      }
      if end - start >= 6, end - start < text.count {
        found.append(UnsafeRawBufferPointer(rebasing: text[start..<end]))
      }
      start = end + 1
    }
    return found
  }

  private func emptySurplus(_ bytes: UnsafeRawBufferPointer) -> Int {
    var count = 0
    while scanner.count - count > layout.header.count,
      value(scanner.count - count - 1, bytes).isEmpty
    {
      count += 1
    }
    return count
  }

  /// Whether a column holds what it is not for while the one that many fields behind it holds that: keys,
  /// amounts, a channel's word.
  private func isShifted(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let extra = scanner.count - layout.header.count
    func isShifted(_ field: Int, _ fits: (UnsafeRawBufferPointer) -> Bool) -> Bool {
      let (here, there) = (value(field, bytes), value(field + extra, bytes))
      return !isAbsent(here) && !fits(here) && !isAbsent(there) && fits(there)
    }
    let isAmount = { (field: Int, unit: Profile.AmountUnit) in
      isShifted(field) { text in
        if case .value = parseAmount(text, decimals: unit.decimals, encoding: layout.encoding) {
          return true
        }
        return false
      }
    }
    return layout.keyColumns.contains { isShifted($0, isWellFormedKey) }
      || layout.amounts.contains { !$0.unit.isFen && isAmount($0.field, $0.unit) }
      || layout[.channelWord] >= 0
        && isShifted(layout[.channelWord]) { word in
          layout.channelWords.contains { contains(word, $0.word, layout.encoding) }
        }
  }

  /// Looks whether a spreadsheet has been at a key.
  private mutating func look(at field: Int, _ bytes: UnsafeRawBufferPointer, _ line: Int) {
    let text = value(field, bytes)
    if isScientific(text) {
      damaged[field] = damaged[field] ?? line
      return
    }
    guard text.count > 15, text.first != 0x30, text.allSatisfy({ $0 &- 0x30 <= 9 }) else { return }
    var seen = long[field] ?? Rounding()
    seen.values += 1
    let zeros = text.count - 15
    if text[15...].allSatisfy({ $0 == 0x30 }) {
      if seen.rounded == 0 { (seen.line, seen.digits) = (line, text.count) }
      seen.rounded += 1
      seen.zeros += zeros
      let key = fingerprint(text)
      if zeros >= 6 {
        seen.isFlatTwice = seen.isFlatTwice || seen.flat != 0 && seen.flat != key
        seen.flat = key
      }
    }
    long[field] = seen
  }

  /// Whether long numbers end in zeros where a spreadsheet's precision ends, more than by chance: all of
  /// them, several that end in many, or a single one that ends in ten.
  private func isRounded(_ seen: Rounding) -> Bool {
    if seen.isFlatTwice { return true }
    guard seen.rounded == seen.values else { return false }
    return seen.values >= 2
      ? seen.zeros >= 6 && seen.flat == 0
      : seen.digits >= 25
  }
}

extension RecordScanner {
  /// Whether the record says nothing: separators and blanks only, in quotes or not.
  func isBlank(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    for position in offset..<end {
      switch bytes[position] {
      case 0x20, 0x09, 0x0D, 0x0A, 0x22, 0x60: continue
      case let byte where byte == separator && separator != 0: continue
      default: return false
      }
    }
    return true
  }
}

/// Cuts delimited text into records and fields without allocating per row.
///
/// Works on bytes: in UTF-8 and in GB18030 no byte of a multi-byte character equals a comma, a TAB, a
/// semicolon, a quote or a line end, so the cut needs no decoding; a `|` in GB18030 is looked at
/// twice. Positions are offsets in the scanned buffer.
struct RecordScanner {
  /// How a record ended.
  enum End: Hashable {
    /// At a line end; or at the end of the buffer, when nothing follows it in the file.
    case record
    /// A quoted field was still open at the end of the buffer.
    case openQuote
  }

  private let dialect: Dialect
  /// The byte between two fields; 0 for records of fixed width.
  var separator: UInt8 { dialect.width > 0 ? 0 : dialect.separator }
  /// Start and end of every field of the current record, quotes included.
  private(set) var starts: [Int32]
  private(set) var ends: [Int32]
  /// Number of fields of the current record.
  private(set) var count = 0
  /// Offset after the current record's line end.
  private(set) var next = 0
  /// Offset of the current record's end, before its line end.
  private(set) var end = 0
  /// Line ends inside the current record's quoted fields.
  private(set) var innerLines = 0
  /// Whether any field of the current record is quoted.
  private(set) var isQuoted = false

  init(_ dialect: Dialect) {
    self.dialect = dialect
    starts = [Int32](repeating: 0, count: 64)
    ends = [Int32](repeating: 0, count: 64)
  }

  /// Scans the record that starts at `offset`.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> End {
    count = 0
    innerLines = 0
    isQuoted = false
    if dialect.width > 0 { return scanFixed(bytes, at: offset) }
    let (separator, separatorGuard) = (dialect.separator, dialect.separatorGuard)
    let quotes = dialect.quotes
    var fieldStart = offset
    var position = offset
    let limit = bytes.count
    let separators = RecordScanner.spread(separator)
    let lineFeeds = RecordScanner.spread(0x0A)
    while true {
      if quotes, position == fieldStart {
        var quote = position
        while quote < limit, bytes[quote] == 0x20 || bytes[quote] == 0x09 { quote += 1 }
        if quote < limit, bytes[quote] == 0x22 {
          guard let closed = skipQuoted(bytes, quote) else {
            finish(fieldStart, limit, next: limit)
            return .openQuote
          }
          position = closed
        }
      }
      // Eight bytes at a time until one of them is a separator or a line end.
      while position + 8 <= limit {
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        let hits =
          RecordScanner.zeroBytes(word ^ separators) | RecordScanner.zeroBytes(word ^ lineFeeds)
        if hits != 0 {
          position += hits.trailingZeroBitCount >> 3
          break
        }
        position += 8
      }
      while position < limit, bytes[position] != separator, bytes[position] != 0x0A {
        position += 1
      }
      if position >= limit {
        finish(fieldStart, limit, next: limit)
        return .record
      }
      if bytes[position] == 0x0A {
        finish(fieldStart, position, next: position + 1, bytes)
        return .record
      }
      if dialect.isAmbiguous, let end = RecordScanner.characterEnd(bytes, fieldStart, position) {
        position = end
        continue
      }
      if separatorGuard == 0 || position + 1 < limit && bytes[position + 1] == separatorGuard {
        add(fieldStart, position)
        fieldStart = position + 1
      }
      position += 1
    }
  }

  /// The bytes of field `index`, quotes included.
  @inline(__always)
  func field(_ index: Int, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[Int(starts[index])..<Int(ends[index])])
  }

  /// Joins `extra` fields after `index` into it: a free text held separators of its own.
  mutating func merge(_ index: Int, extra: Int) {
    ends[index] = ends[index + extra]
    for position in (index + 1)..<(count - extra) {
      starts[position] = starts[position + extra]
      ends[position] = ends[position + extra]
    }
    count -= extra
  }

  /// Adds empty fields until there are `total`.
  mutating func pad(to total: Int) {
    while count < total { add(end, end) }
  }

  /// A record of fixed width; one of another width is a single field.
  private mutating func scanFixed(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> End {
    let lineEnd = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
    next = min(bytes.count, lineEnd + 1)
    end = lineEnd > offset && bytes[lineEnd - 1] == 0x0D ? lineEnd - 1 : lineEnd
    guard end - offset == dialect.width else {
      add(offset, end)
      return .record
    }
    for range in dialect.ranges { add(offset + range.lowerBound, offset + range.upperBound) }
    return .record
  }

  private mutating func finish(
    _ start: Int, _ fieldEnd: Int, next: Int, _ bytes: UnsafeRawBufferPointer? = nil
  ) {
    var fieldEnd = fieldEnd
    if let bytes, fieldEnd > start, bytes[fieldEnd - 1] == 0x0D { fieldEnd -= 1 }
    add(start, fieldEnd)
    self.next = next
    end = fieldEnd
  }

  @inline(__always)
  private mutating func add(_ start: Int, _ end: Int) {
    if count == starts.count {
      starts.append(contentsOf: repeatElement(0, count: count))
      ends.append(contentsOf: repeatElement(0, count: count))
    }
    starts[count] = Int32(truncatingIfNeeded: start)
    ends[count] = Int32(truncatingIfNeeded: end)
    count += 1
  }

  /// The offset after the closing quote of the field that opens at `quote`; nil when it never
  /// closes. Where text follows the closing quote, the opening one was no quote but part of the
  /// text: the offset after it, so that a stray quote joins no rows.
  private mutating func skipQuoted(_ bytes: UnsafeRawBufferPointer, _ quote: Int) -> Int? {
    let (wasQuoted, linesBefore) = (isQuoted, innerLines)
    isQuoted = true
    var position = quote + 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x0A { innerLines += 1 }
      if byte == 0x22 {
        guard position + 1 < bytes.count, bytes[position + 1] == 0x22 else {
          if endsField(bytes, position + 1) { return position + 1 }
          (isQuoted, innerLines) = (wasQuoted, linesBefore)
          return quote + 1
        }
        position += 1
      }
      position += 1
    }
    return nil
  }

  /// Whether nothing but spaces and TABs stands between `offset` and the field's end.
  private func endsField(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
    var offset = offset
    while offset < bytes.count, bytes[offset] != dialect.separator {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0D: offset += 1
      case 0x0A: return true
      default: return false
      }
    }
    return true
  }

  /// The end of the GB18030 character that `position` is inside of, walking from `start`; nil when
  /// a character begins there.
  private static func characterEnd(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ position: Int
  ) -> Int? {
    var boundary = start
    while boundary < position {
      boundary += TextEncoding.gb18030.characterLength(bytes, at: boundary)
    }
    return boundary > position ? boundary : nil
  }

  @inline(__always)
  private static func spread(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// A high bit in every byte of `word` that is zero; bytes above the first may be false.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }
}

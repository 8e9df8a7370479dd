/// The records of an old workbook's stream ([MS-XLS] 2.4, BIFF8, and BIFF5 of Excel 95), one after the other.
///
/// A record is a kind, a length and as many bytes; what is too long for one goes on in records of the kind
/// ``continuation``.
struct BinaryRecords {
  /// The kinds that are read.
  enum Kind {
    static let formula = 0x0006, endOfPart = 0x000A, dates = 0x0022, password = 0x002F
    static let continuation = 0x003C, codePage = 0x0042, sheet = 0x0085, severalNumbers = 0x00BD
    static let richText = 0x00D6, cellFormat = 0x00E0, sharedTexts = 0x00FC, sharedText = 0x00FD
    static let number = 0x0203, text = 0x0204, truth = 0x0205, formulaText = 0x0207
    static let shortNumber = 0x027E, numberFormat = 0x041E, part = 0x0809
  }

  /// The stream.
  let bytes: [UInt8]
  /// Where the next record begins.
  private(set) var next: Int
  /// The kind of the record read last, and where its contents lie.
  private(set) var kind = 0
  private(set) var range = 0..<0

  /// Begins at a place of the stream.
  init(_ bytes: [UInt8], at offset: Int = 0) { (self.bytes, next) = (bytes, offset) }

  /// Reads the next record.
  ///
  /// - Returns: false at the end of the stream.
  /// - Throws: ``OldWorkbookError/damaged(at:)`` when the record goes on behind it.
  mutating func advance() throws(OldWorkbookError) -> Bool {
    guard next >= 0, next + 4 <= bytes.count else { return false }
    kind = u16(next)
    let length = u16(next + 2)
    guard next + 4 + length <= bytes.count else { throw .damaged(at: next) }
    range = (next + 4)..<(next + 4 + length)
    next = range.upperBound
    return true
  }

  /// Sixteen bits of the stream; 0 outside of it.
  func u16(_ offset: Int) -> Int {
    guard offset >= 0, offset + 2 <= bytes.count else { return 0 }
    return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
  }

  /// Thirty-two bits of the stream; 0 outside of it.
  func u32(_ offset: Int) -> UInt32 {
    UInt32(u16(offset)) | UInt32(u16(offset + 2)) << 16
  }

  /// Sixty-four bits of the stream; 0 outside of it.
  func u64(_ offset: Int) -> UInt64 { UInt64(u32(offset)) | UInt64(u32(offset + 4)) << 32 }

  /// The contents of the record and of those that continue it, piece by piece.
  mutating func pieces() throws(OldWorkbookError) -> [Range<Int>] {
    var pieces = [range]
    while u16(next) == Kind.continuation, next + 4 <= bytes.count {
      guard try advance() else { break }
      pieces.append(range)
    }
    return pieces
  }
}

/// Reads texts out of contents that are cut into pieces: a text may go on in the next one, where a byte in front says
/// how its characters are written from there on ([MS-XLS] 2.5.293).
struct BinaryTexts {
  private let bytes: [UInt8]
  private let pieces: [Range<Int>]
  private var piece = 0
  private var place: Int

  /// - Parameter offset: where the first text begins in the first piece.
  init(_ bytes: [UInt8], _ pieces: [Range<Int>], skipping offset: Int) {
    (self.bytes, self.pieces) = (bytes, pieces)
    place = (pieces.first?.lowerBound ?? 0) + offset
  }

  /// Whether everything was read.
  private mutating func moveOn() -> Bool {
    while pieces.indices.contains(piece), place >= pieces[piece].upperBound {
      piece += 1
      if pieces.indices.contains(piece) { place = pieces[piece].lowerBound }
    }
    return pieces.indices.contains(piece)
  }

  private mutating func byte() -> Int? {
    guard moveOn() else { return nil }
    defer { place += 1 }
    return Int(bytes[place])
  }

  private mutating func u16() -> Int? {
    guard let low = byte(), let high = byte() else { return nil }
    return low | high << 8
  }

  private mutating func skip(_ count: Int) -> Bool {
    var left = count
    while left > 0 {
      guard moveOn() else { return false }
      let step = min(left, pieces[piece].upperBound - place)
      place += step
      left -= step
    }
    return true
  }

  /// The next text in UTF-8; nil when there is no more.
  mutating func next() -> [UInt8]? {
    guard let count = u16(), let flags = byte() else { return nil }
    var (runs, extra) = (0, 0)
    if flags & 8 != 0 {
      guard let count = u16() else { return nil }
      runs = count
    }
    if flags & 4 != 0 {
      guard let low = u16(), let high = u16() else { return nil }
      extra = low | high << 16
    }
    guard let text = characters(count, isWide: flags & 1 != 0) else { return nil }
    return skip(4 * runs) && skip(extra) ? text : nil
  }

  private mutating func characters(_ count: Int, isWide: Bool) -> [UInt8]? {
    var units: [UInt16] = []
    units.reserveCapacity(min(count, 4_096))
    var isWide = isWide
    while units.count < count {
      if place >= (pieces.indices.contains(piece) ? pieces[piece].upperBound : 0) {
        // The piece that follows says anew whether its characters are of one byte.
        guard let flags = byte() else { return nil }
        isWide = flags & 1 != 0
      }
      guard let unit = isWide ? u16() : byte() else { return nil }
      units.append(UInt16(unit))
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}

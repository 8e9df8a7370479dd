internal import Payments

/// The beginning of a delimited statement: encoding, preamble, header, and which profile fits.
struct CSVHead {
  var encoding: TextEncoding
  /// Layout found, or nil.
  var profile: Profile?
  /// How the file is cut into fields.
  var dialect = Dialect(separator: 0x2C)
  /// Header cells, normalised.
  var header: [String] = []
  /// Line of the header, counted from 1; 0 when there is none.
  var headerLine = 0
  /// Offset of the first byte after the header.
  var dataStart = 0
  /// Decoded lines before the header.
  var preamble: [String] = []
  /// A profile most of whose columns are there: its header has changed.
  var nearest: (profile: Profile, missing: [String], appeared: [String], line: Int)?

  /// Whether the first line or the header is several, parted by bare carriage returns.
  var hasBareReturns = false
  /// The first byte up to the header's end that is not valid in the encoding, with its line.
  var invalid: (line: Int, byte: UInt8)?

  /// How much of a file's beginning is looked at.
  static let longest = 1 << 18
  /// How many lines may precede a header.
  static let longestPreamble = 60

  /// Reads the head of a file; `bytes` are its first bytes.
  init(_ bytes: [UInt8], profiles: [Profile], isRendered: Bool = false) {
    let offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let complete = (bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count)
    encoding = bytes.withUnsafeBytes { raw in
      let head = UnsafeRawBufferPointer(rebasing: raw[offset..<max(offset, complete)])
      return CSVHead.encoding(of: head)
    }
    if !isRendered, chooseFixed(profiles, bytes) { return }
    let candidates = profiles.filter { $0.fixed == nil && $0.xml == nil }
    findHeader(
      bytes, from: offset, candidates.filter { $0.headerless == nil }, isRendered: isRendered)
    if profile == nil {
      chooseHeaderless(
        candidates.filter { $0.headerless != nil }, bytes, from: offset, isRendered: isRendered)
    }
    let end = profile == nil ? complete : dataStart
    let read = bytes[offset..<max(offset, end)]
    if let bad = read.withUnsafeBytes({ encoding.firstInvalid(in: $0) }) {
      invalid = (read.prefix(bad).count { $0 == 0x0A } + 1, read[offset + bad])
    }
  }

  private mutating func findHeader(
    _ bytes: [UInt8], from start: Int, _ candidates: [Profile], isRendered: Bool
  ) {
    var offset = start
    var line = 0
    while offset < bytes.count, line < CSVHead.longestPreamble {
      let end = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
      // A line that goes on beyond what is looked at is no header.
      if end == bytes.count, bytes.count >= CSVHead.longest { break }
      let text = bytes[offset..<end].withUnsafeBytes { encoding.decode($0) }
      line += 1
      if line == 1 { hasBareReturns = CSVHead.hasBareReturn(bytes[offset..<end]) }
      let next = min(bytes.count, end + 1)
      if choose(candidates, text, line, isRendered: isRendered) {
        hasBareReturns = hasBareReturns || CSVHead.hasBareReturn(bytes[offset..<end])
        headerLine = line
        dataStart = next
        return
      }
      preamble.append(text)
      offset = next
    }
    // An Alipay file of an empty day may lack its header altogether.
    let first = preamble.first ?? ""
    if nearest == nil,
      let found = candidates.first(where: { $0.firstLine.map(first.contains) ?? false })
    {
      profile = found
      dialect = found.dialects(isRendered: isRendered)[0]
      dataStart = bytes.count
    }
  }

  private static func hasBareReturn(_ line: ArraySlice<UInt8>) -> Bool {
    guard let last = line.lastIndex(where: { $0 != 0x0D }) else { return false }
    return line[...last].contains(0x0D)
  }

  /// The encoding the bytes are in, damaged ones too: a bad byte in a row must not hide the header.
  ///
  /// GB18030 text is hardly ever valid UTF-8 for more than a few characters, the reverse is common.
  private static func encoding(of head: UnsafeRawBufferPointer) -> TextEncoding {
    guard let wide = firstInvalidUTF8(in: head) else { return .utf8 }
    if head.prefix(wide).count(where: { $0 >= 0x80 }) >= 24 { return .utf8 }
    guard let chinese = firstInvalidGB18030(in: head) else { return .gb18030 }
    if chinese > wide { return .gb18030 }
    // Both stumble over the same byte: the damage. The right one stumbles less often.
    return damages(head, .gb18030) < damages(head, .utf8) ? .gb18030 : .utf8
  }

  /// How often an encoding meets a byte that is not valid; up to a hundred times.
  private static func damages(_ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> Int {
    var (count, start) = (0, 0)
    while count < 100, start < bytes.count,
      let bad = encoding.firstInvalid(in: UnsafeRawBufferPointer(rebasing: bytes[start...]))
    {
      (count, start) = (count + 1, start + bad + 1)
    }
    return count
  }

  /// Whether the file is one of records of fixed width: the first line tells.
  private mutating func chooseFixed(_ profiles: [Profile], _ bytes: [UInt8]) -> Bool {
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    guard let found = profiles.first(where: { $0.fixed?.fits(line) ?? false }),
      let fixed = found.fixed
    else { return false }
    profile = found
    dialect = found.dialects(isRendered: false)[0]
    header = fixed.sortedFields.map(\.name)
    return true
  }

  /// Whether `line` is the header of one of the profiles.
  private mutating func choose(
    _ profiles: [Profile], _ line: String, _ number: Int, isRendered: Bool
  ) -> Bool {
    var cells: [UInt8: [String]] = [:]
    for profile in profiles {
      for dialect in profile.dialects(isRendered: isRendered) {
        let names = cells[dialect.separator] ?? CSVHead.cells(line, dialect)
        cells[dialect.separator] = names
        guard names.count >= 3 else { continue }
        if profile.fits(names) {
          let isBetter = profile.marks > (self.profile?.marks ?? 0)
          guard isBetter else { continue }
          self.profile = profile
          self.dialect = dialect
          header = names
        } else {
          noteNearMiss(profile, names, number)
        }
      }
    }
    return profile != nil
  }

  /// Remembers a header that has more than half of a profile's columns, but not all it must have.
  private mutating func noteNearMiss(_ profile: Profile, _ cells: [String], _ line: Int) {
    if profile.generic == true { return }
    let missing = profile.signature.filter { !cells.contains($0) }
    guard (profile.signature.count - missing.count) * 2 > profile.signature.count else { return }
    let known = profile.knownHeaders
    let named = cells.filter { !$0.isEmpty }
    guard named.filter(known.contains).count * 2 > named.count else { return }
    if let nearest, nearest.missing.count <= missing.count { return }
    nearest = (profile, missing, named.filter { !known.contains($0) }, line)
  }

  /// Header cells of a line, normalised for comparison.
  static func cells(_ line: String, _ dialect: Dialect) -> [String] {
    let mark = Character(Unicode.Scalar(dialect.separator))
    return line.split(separator: mark, omittingEmptySubsequences: false).map {
      normalisedHeader(String($0))
    }
  }
}

// MARK: - Files without a header

extension CSVHead {
  /// Takes the layout whose columns fit the first record, where that is a row: as many fields, a day where it must
  /// stand, amounts that are some.
  private mutating func chooseHeaderless(
    _ candidates: [Profile], _ bytes: [UInt8], from start: Int, isRendered: Bool
  ) {
    for candidate in candidates {
      for dialect in candidate.dialects(isRendered: isRendered) {
        let isRow = bytes[start...].withUnsafeBytes { raw in
          var scanner = RecordScanner(dialect)
          _ = scanner.scan(raw, at: 0)
          return candidate.fits(scanner, raw, encoding)
        }
        guard isRow else { continue }
        (profile, self.dialect) = (candidate, dialect)
        (header, dataStart, preamble) = (candidate.headerless ?? [], start, [])
        return
      }
    }
  }
}

extension Profile {
  /// Whether a record can be a row of a layout without a header.
  fileprivate func fits(
    _ record: RecordScanner, _ raw: UnsafeRawBufferPointer, _ encoding: TextEncoding
  ) -> Bool {
    guard let headerless, record.count == headerless.count else { return false }
    func values(_ names: some Sequence<String>) -> [UnsafeRawBufferPointer] {
      names.compactMap { headerless.firstIndex(of: $0) }.map {
        RowReader.bare(trimmed(record.field($0, of: raw)))
      }
    }
    let days = values(columns["time"] ?? [])
    guard days.contains(where: { TimeSpan(readableIn: encoding.decode($0)) != nil }) else {
      return false
    }
    // As exact as any column may be.
    let money = values(amounts.keys).map { parseAmount($0, decimals: 5, encoding: encoding) }
      .filter { $0 != .empty }
    return !money.isEmpty
      && money.allSatisfy { if case .value = $0 { true } else { false } }
  }
}

internal import Payments

/// The beginning of a delimited statement: encoding, preamble, header, and which profile fits.
struct CSVHead {
  var encoding: TextEncoding
  /// Layout found, or nil.
  var profile: Profile?
  /// Header cells, normalised.
  var header: [String] = []
  /// Line of the header, counted from 1; 0 when there is none.
  var headerLine = 0
  /// Offset of the first byte after the header.
  var dataStart = 0
  /// Decoded lines before the header.
  var preamble: [String] = []
  /// A profile most of whose columns are there: its header has changed.
  var nearest: (profile: Profile, missing: [String], appeared: [String])?

  /// How many lines may precede a header.
  static let longestPreamble = 60

  /// Reads the head of a file; `bytes` are its first bytes.
  init(_ bytes: [UInt8], profiles: [Profile]) {
    var offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let complete = (bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count)
    encoding = bytes.withUnsafeBytes { raw in
      let head = UnsafeRawBufferPointer(rebasing: raw[offset..<max(offset, complete)])
      return firstInvalidUTF8(in: head) == nil || firstInvalidGB18030(in: head) != nil
        ? .utf8 : .gb18030
    }
    var line = 0
    while offset < bytes.count, line < CSVHead.longestPreamble {
      let end = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
      let text = bytes[offset..<end].withUnsafeBytes { encoding.decode($0) }
      line += 1
      let next = min(bytes.count, end + 1)
      if choose(profiles, text) {
        headerLine = line
        dataStart = next
        return
      }
      preamble.append(text)
      offset = next
    }
    // An Alipay file of an empty day may lack its header altogether.
    let first = preamble.first ?? ""
    if let found = profiles.first(where: { $0.firstLine.map(first.hasPrefix) ?? false }) {
      profile = found
      dataStart = bytes.count
    }
  }

  /// Whether `line` is the header of one of the profiles.
  private mutating func choose(_ profiles: [Profile], _ line: String) -> Bool {
    for profile in profiles {
      let cells = CSVHead.cells(line, separator: profile.separator)
      guard cells.count >= 3 else { continue }
      if profile.signature.allSatisfy(cells.contains) {
        if let chosen = self.profile, chosen.signature.count >= profile.signature.count { continue }
        self.profile = profile
        header = cells
      } else {
        noteNearMiss(profile, cells)
      }
    }
    return profile != nil
  }

  /// Remembers a header that has more than half of a profile's columns, but not all it must have.
  private mutating func noteNearMiss(_ profile: Profile, _ cells: [String]) {
    let known = profile.knownHeaders
    let present = cells.filter(known.contains)
    guard present.count * 2 > profile.signature.count, present.count * 2 > cells.count else {
      return
    }
    if let nearest, nearest.missing.count <= profile.signature.count - present.count { return }
    nearest = (
      profile, profile.signature.filter { !cells.contains($0) },
      cells.filter { !known.contains($0) && !$0.isEmpty }
    )
  }

  /// Header cells of a line, normalised for comparison.
  static func cells(_ line: String, separator: String) -> [String] {
    let mark = separator.first ?? ","
    return line.split(separator: mark, omittingEmptySubsequences: false).map {
      normalisedHeader(String($0))
    }
  }
}

/// A header name without the differences that mean nothing: spaces, quotes, a byte-order mark or what
/// is left of a lost one, full-width parentheses, 帐 for 账.
func normalisedHeader(_ name: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in name.unicodeScalars {
    switch scalar {
    case " ", "\t", "\r", "\"", "`", "\u{FEFF}", "\u{3000}", "?", "\u{FFFD}": continue
    case "（": result.append("(")
    case "）": result.append(")")
    case "帐": result.append("账")
    default: result.append(scalar)
    }
  }
  return String(result)
}

extension Profile {
  /// Every header name the profile gives a meaning to.
  var knownHeaders: Set<String> {
    var names = Set(signature)
    for list in columns.values { names.formUnion(list) }
    names.formUnion(amounts.keys)
    names.formUnion(kinds?.column ?? [])
    names.formUnion(status?.column ?? [])
    names.formUnion(refundStatus?.column ?? [])
    names.formUnion(personal ?? [])
    names.formUnion(personalNumbers ?? [])
    return names
  }

  /// The profile with all header names in their normalised spelling.
  func normalised() -> Profile {
    func all(_ names: [String]) -> [String] { names.map(normalisedHeader) }
    var copy = self
    copy.signature = all(signature)
    copy.columns = columns.mapValues(all)
    copy.freeText = freeText.map(normalisedHeader)
    copy.amounts = Dictionary(
      amounts.map { (normalisedHeader($0.key), $0.value) }, uniquingKeysWith: max)
    copy.personal = personal.map(all)
    copy.personalNumbers = personalNumbers.map(all)
    copy.kinds?.column = all(kinds?.column ?? [])
    for (word, kind) in kinds?.values ?? [:] { copy.kinds?.values[word]?.amount = all(kind.amount) }
    copy.status?.column = all(status?.column ?? [])
    copy.refundStatus?.column = all(refundStatus?.column ?? [])
    copy.direction?.moneyIn = all(direction?.moneyIn ?? [])
    copy.direction?.moneyOut = all(direction?.moneyOut ?? [])
    copy.topUpWords?.columns = all(topUpWords?.columns ?? [])
    for index in (trailer?.totals ?? []).indices {
      copy.trailer?.totals?[index].sum = trailer?.totals?[index].sum.map(normalisedHeader)
    }
    for index in (trailer?.lines ?? []).indices {
      copy.trailer?.lines?[index].sum = trailer?.lines?[index].sum.map(normalisedHeader)
    }
    return copy
  }
}

internal import Payments

/// Reads the entries of a camt file again.
struct CamtRows: RowSource {
  let file: StatementFile

  /// The details of a batch lie in one element: their fingerprints tell them apart.
  var needsKeys: Bool { true }

  /// Reads one `Ntry` element again: its text on one line, its keys, and what names a person.
  ///
  /// The keys are found by their fingerprints, so that the right detail of a batch is told.
  func quote(_ entry: RowPlace) throws(StatementError) -> QuotedRow {
    var row = QuotedRow()
    guard entry.offset > 0 else { return row }
    row.text = try elementText(at: Int(entry.offset))
    let text = Array(row.text.utf8)
    var people = QuotedPeople()
    let elements = elements(of: text)
    for element in elements.leaves {
      let value = String(decoding: text[element.range], as: UTF8.self).trimmedLine
      let key = value.isEmpty ? 0 : fingerprint(value)
      if key != 0, key == entry.serial, row.serial == nil { row.serial = value }
      if key != 0, key == entry.order, row.order == nil { row.order = value }
      if value == row.serial || value == row.order { row.keyColumns.append(element.range) }
      switch String(decoding: text[element.name], as: UTF8.self) {
      case "Nm": row.personal.append(PersonalSpan(utf8: element.range, isName: true))
      case "IBAN", "Id": row.personal.append(PersonalSpan(utf8: element.range, isName: false))
      case "Ustrd", "AddtlTxInf", "AddtlNtryInf":
        let start = element.range.lowerBound
        noteText(Array(text[element.range]), at: start, entry, &people, &row)
      default: break
      }
    }
    row.account = people.account
    row.isPart = elements.details > 1
    row.numbers += people.spans
    return row
  }

  /// An element as one line; what is longer than 64 KiB is cut off.
  private func elementText(at offset: Int) throws(StatementError) -> String {
    // Nearly every entry is short.
    let usual = 1 << 12
    var bytes = try file.read(at: offset, count: usual)
    var end = CamtRows.elementEnd(bytes)
    if end == nil, bytes.count == usual {
      bytes = try file.read(at: offset, count: 1 << 16)
      end = CamtRows.elementEnd(bytes)
    }
    return CamtRows.oneLine(bytes[..<(end ?? bytes.count)])
  }

  /// Where the element that starts the bytes ends; its own name tells its end tag, `</Ntry>` or
  /// `</ns:Ntry>`.
  private static func elementEnd(_ bytes: [UInt8]) -> Int? {
    let name = bytes.dropFirst().prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") }
    let tag = Array("</".utf8) + name + Array(">".utf8)
    var position = 0
    while let next = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
      if bytes[next...].starts(with: tag) { return next + tag.count }
      position = next + 1
    }
    return nil
  }

  /// Lines without their outer spaces, one after the other.
  private static func oneLine(_ bytes: ArraySlice<UInt8>) -> String {
    // The line ends outside ASCII begin with one of these; looking at characters takes ten times as long.
    if bytes.contains(where: { $0 == 0xC2 || $0 == 0xE2 }) {
      return String(decoding: bytes, as: UTF8.self)
        .split(whereSeparator: \.isNewline).map { String($0).trimmedLine }.joined()
    }
    return bytes.split { (0x0A...0x0D).contains($0) }
      .map { String(decoding: $0.drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self).trimmedLine }
      .joined()
  }

  private func noteText(
    _ text: [UInt8], at start: Int, _ entry: RowPlace, _ people: inout QuotedPeople,
    _ row: inout QuotedRow
  ) {
    text.withUnsafeBytes { bytes in
      // The details of a batch lie in one element: only this one's numbers count.
      people.read(bytes, at: start, besides: RowKeys(), known: entry.others) { found in
        let key = found.key
        if found.isLabelled {
          return key == entry.account || key == entry.student || entry.others.contains(key)
        }
        return entry.account == 0 && entry.student == 0 && entry.others.contains(key)
      }
      if row.order == nil,
        let range = OrderFinder.utf8.find(bytes, on: { entry.day })
      {
        let order = UnsafeRawBufferPointer(rebasing: bytes[range])
        if keyHash(order, .utf8) == entry.order {
          row.order = String(decoding: order, as: UTF8.self)
        }
      }
    }
  }

  /// Elements without children, by their local names and texts, and how many details of an entry there are.
  private func elements(
    of text: [UInt8]
  ) -> (leaves: [(name: Range<Int>, range: Range<Int>)], details: Int) {
    var result: (leaves: [(name: Range<Int>, range: Range<Int>)], details: Int) = ([], 0)
    var open: (name: Range<Int>, from: Int)?
    var position = 0
    while let left = text[position...].firstIndex(of: UInt8(ascii: "<")),
      let right = text[left...].firstIndex(of: UInt8(ascii: ">"))
    {
      let inner = text[(left + 1)..<right]
      position = right + 1
      if inner.first == UInt8(ascii: "/") {
        if let found = open { result.leaves.append((found.name, found.from..<left)) }
        if localName(inner.dropFirst()).elementsEqual("TxDtls".utf8) { result.details += 1 }
        open = nil
      } else if inner.last == UInt8(ascii: "/") {
        open = nil
      } else {
        let name = localName(inner)
        open = (name.startIndex..<name.endIndex, position)
      }
    }
    return result
  }

  /// What a tag is called, without its prefix.
  private func localName(_ inner: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let tag = inner.prefix { $0 > 0x20 }
    let colon = tag.lastIndex(of: UInt8(ascii: ":"))
    return colon.map { tag[($0 + 1)...] } ?? tag
  }
}

internal import Payments

extension Reading {
  /// Longest entry that is quoted.
  private static let longestEntry = 1 << 16

  /// Reads one `Ntry` element again: its text on one line, its keys, and what names a person.
  ///
  /// The keys are found by their fingerprints, so that the right detail of a batch is told.
  func quoteXML(_ entry: Entry) throws(StatementError) -> QuotedRow {
    var row = QuotedRow()
    guard entry.offset > 0 else { return row }
    let bytes = try file.read(at: Int(entry.offset), count: Reading.longestEntry)
    let snippet = String(decoding: bytes, as: UTF8.self)
    // The element's own name tells its end tag: `</Ntry>` or `</ns:Ntry>`.
    let name = snippet.dropFirst().prefix { $0 != ">" && !$0.isWhitespace }
    let end = snippet.firstRange(of: "</\(name)>")?.upperBound ?? snippet.endIndex
    row.text = snippet[..<end].split(whereSeparator: \.isNewline)
      .map { String($0).trimmedLine }.joined()
    let finder = AccountFinder.utf8
    for element in leaves(of: row.text) {
      let value = String(row.text[element.range]).trimmedLine
      let key = value.isEmpty ? 0 : fingerprint(value)
      let start = row.text.utf8.distance(
        from: row.text.startIndex, to: element.range.lowerBound)
      let span = start..<(start + row.text[element.range].utf8.count)
      if key == entry.serial, row.serial == nil { row.serial = value }
      if key == entry.order, row.order == nil { row.order = value }
      switch element.name {
      case "Nm": row.personal.append(PersonalSpan(utf8: span, isName: true))
      case "IBAN", "Id": row.personal.append(PersonalSpan(utf8: span, isName: false))
      case "Ustrd", "AddtlTxInf", "AddtlNtryInf":
        noteText(Array(row.text[element.range].utf8), at: start, entry, finder, &row)
      default: break
      }
    }
    return row
  }

  private func noteText(
    _ text: [UInt8], at start: Int, _ entry: Entry, _ finder: AccountFinder,
    _ row: inout QuotedRow
  ) {
    text.withUnsafeBytes { bytes in
      if let range = finder.find(bytes) {
        row.personal.append(
          PersonalSpan(
            utf8: (start + range.lowerBound)..<(start + range.upperBound), isName: false))
        let account = UnsafeRawBufferPointer(rebasing: bytes[range])
        if row.account == nil, fingerprint(account) == entry.account {
          row.account = String(decoding: account, as: UTF8.self)
        }
      }
      if row.order == nil, let range = OrderFinder.utf8.find(bytes) {
        let order = UnsafeRawBufferPointer(rebasing: bytes[range])
        if fingerprint(order) == entry.order { row.order = String(decoding: order, as: UTF8.self) }
      }
    }
  }

  /// Elements without children: local name and the range of their text.
  private func leaves(of text: String) -> [(name: String, range: Range<String.Index>)] {
    var result: [(name: String, range: Range<String.Index>)] = []
    var open: (name: String, from: String.Index)?
    var position = text.startIndex
    while let left = text[position...].firstIndex(of: "<"),
      let right = text[left...].firstIndex(of: ">")
    {
      let inner = text[text.index(after: left)..<right]
      let after = text.index(after: right)
      if inner.hasPrefix("/") {
        if let found = open { result.append((found.name, found.from..<left)) }
        open = nil
      } else {
        let tag = inner.split(whereSeparator: { $0 == " " || $0 == "/" }).first ?? ""
        let local = tag.split(separator: ":").last.map(String.init) ?? ""
        open = inner.hasSuffix("/") ? nil : (local, after)
      }
      position = after
    }
    return result
  }
}

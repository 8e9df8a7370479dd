internal import Columns
internal import Payments

/// A large camt file cut between entries of its statement, so that its parts are read side by side.
///
/// Every part is read as a whole document: the file's beginning up to the first entry, the part's
/// entries, and — but for the last part — end tags for what is open there. A file that cannot be read
/// that way, for whatever reason, is read in one piece: a comment or CDATA with an entry inside, a cut
/// that is none, a second statement in the middle make a part that is no well-formed document or tells of
/// two statements. Where a file is cut depends on the file alone, so that the number of threads never
/// shows.
struct CamtParts {
  private let file: StatementFile
  private let name: String
  private let words: SchoolWords
  /// From the file's first byte to the first entry.
  private let head: [UInt8]
  /// End tags of what is open there.
  private let tail: [UInt8]
  /// Where parts start; behind the last, where the file ends.
  private let cuts: [Int]

  /// Finds where to cut; nil when the file is to be read in one piece.
  ///
  /// - Parameters:
  ///   - parts: how many parts there are, at most.
  ///   - smallest: bytes of a part, at least: smaller files are read sooner than cut.
  init?(
    _ file: StatementFile, name: String, words: SchoolWords, parts: Int = 16,
    smallest: Int = 4 << 20
  ) throws(StatementError) {
    let parts = min(parts, file.size / smallest)
    guard parts > 1 else { return nil }
    let start = try file.read(at: 0, count: 1 << 16)
    // The reader settles the encoding by as many bytes: they must be the head's.
    let encoding = start.withUnsafeBytes { XMLEncoding(prefix: $0) }
    guard encoding.converter == nil, let opening = CamtOpening(start), opening.length >= 1_024
    else { return nil }
    var cuts = [opening.length]
    for part in 1..<parts {
      let wanted = opening.length + (file.size - opening.length) / parts * part
      guard
        let found = try CamtParts.next(
          opening.entry, in: file, from: max(wanted, cuts[part - 1] + 1))
      else { return nil }
      cuts.append(found)
    }
    self.file = file
    self.name = name
    self.words = words
    head = Array(start[..<opening.length])
    tail = opening.ends
    self.cuts = cuts + [file.size]
  }

  /// Where the next entry starts.
  private static func next(
    _ tag: [UInt8], in file: StatementFile, from start: Int
  ) throws(StatementError) -> Int? {
    let block = try file.read(at: start, count: 1 << 20)
    return block.firstRange(of: tag).map { start + $0.lowerBound }
  }

  /// Reads all parts, several at once, and puts them together; nil when the file is to be read in one
  /// piece.
  func read(strands: Int) throws(StatementError) -> CamtEntries? {
    // A part's lines are counted from what stands before it.
    let counted = concurrently(cuts.count - 2, strands: strands) { _, part in
      Result { () throws(StatementError) in try lines(cuts[part]..<cuts[part + 1]) }
    }
    var before = [0]
    for count in counted { before.append(try count.get() + (before.last ?? 0)) }
    let read = concurrently(cuts.count - 1, strands: strands) { _, part in
      Result { () throws(StatementError) in try self.read(part, linesBefore: before[part]) }
    }
    var whole: CamtEntries?
    for (index, part) in read.enumerated() {
      guard let part = try part.get() else { return nil }
      let isLast = index == read.count - 1
      guard part.readings.count == 1 || isLast else { return nil }
      if whole == nil {
        whole = part
      } else if whole?.absorb(part) != true {
        return nil
      }
    }
    return whole
  }

  private func lines(_ range: Range<Int>) throws(StatementError) -> Int {
    var (count, offset) = (0, range.lowerBound)
    while offset < range.upperBound {
      let block = try file.read(at: offset, count: min(1 << 18, range.upperBound - offset))
      if block.isEmpty { break }
      count += block.count { $0 == 0x0A }
      offset += block.count
    }
    return count
  }

  /// Reads a part; nil when it is no document of its own.
  private func read(
    _ part: Int, linesBefore: Int
  ) throws(StatementError) -> CamtEntries? {
    var entries = CamtEntries(file: file, name: name, words: words)
    var reader = CamtReader()
    func feed(_ bytes: [UInt8]) -> Bool {
      let outcome = Result { () throws(XMLReadError) in
        try bytes.withRaw { raw throws(XMLReadError) in try reader.feed(raw, into: &entries) }
      }
      return (try? outcome.get()) == true
    }
    guard feed(head) else { return nil }
    reader.jump(bytes: cuts[part] - head.count, lines: linesBefore)
    var offset = cuts[part]
    while offset < cuts[part + 1] {
      let block = try file.read(at: offset, count: min(1 << 18, cuts[part + 1] - offset))
      guard !block.isEmpty, feed(block) else { return nil }
      offset += block.count
    }
    if part < cuts.count - 2, !feed(tail) { return nil }
    guard (try? reader.finish(into: &entries)) != nil, entries.isComplete else { return nil }
    return entries
  }
}

/// How a camt file opens: everything up to its first entry.
struct CamtOpening {
  /// Bytes before the first entry.
  let length: Int
  /// The tag an entry starts with.
  let entry: [UInt8]
  /// End tags of the elements that are open there, innermost first.
  let ends: [UInt8]

  /// Walks the tags of a file's first bytes; nil when there is no entry among them, or markup that is
  /// more than tags.
  init?(_ bytes: [UInt8]) {
    var open: [ArraySlice<UInt8>] = []
    var place = 0
    while let tag = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
      guard let end = bytes[tag...].firstIndex(of: UInt8(ascii: ">")), tag + 1 < end else {
        return nil
      }
      place = end + 1
      switch bytes[tag + 1] {
      case UInt8(ascii: "?"): continue
      case UInt8(ascii: "!"): return nil
      case UInt8(ascii: "/"):
        guard open.popLast()?.elementsEqual(bytes[(tag + 2)..<end]) == true else { return nil }
      default:
        let name = bytes[(tag + 1)..<end].prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        let local = name.split(separator: UInt8(ascii: ":")).last ?? []
        if local.elementsEqual("Ntry".utf8), open.count > 2 {
          length = tag
          entry = [UInt8(ascii: "<")] + name + [UInt8(ascii: ">")]
          ends = open.reversed().flatMap { Array("</".utf8) + $0 + [UInt8(ascii: ">")] }
          // An entry with attributes would not be found again.
          guard bytes[tag...].starts(with: entry) else { return nil }
          return
        }
        if bytes[end - 1] != UInt8(ascii: "/") { open.append(name) }
      }
    }
    return nil
  }
}

extension CamtEntries {
  /// Adds what the next part of the same statement gave.
  ///
  /// - Returns: false when the parts do not fit together; then only the whole file can tell.
  mutating func absorb(_ part: CamtEntries) -> Bool {
    guard readings.count == 1, let mine = ended.first, let theirs = part.ended.first,
      let next = part.readings.first, mine.sums.currency == theirs.sums.currency,
      // What an entry without a currency means, the entries before it tell.
      !mine.sums.lacksCurrency, !theirs.sums.lacksCurrency,
      // What a statement says of itself among its entries would be said by one part alone.
      mine.isPlain, theirs.isPlain, mine.statement.content == theirs.statement.content
    else { return false }
    ended[0].statement.entryCount += theirs.statement.entryCount
    ended[0].statement.transactionCount += theirs.statement.transactionCount
    ended[0].sums.add(theirs.sums)
    readings[0].table.append(next.table, lines: 0)
    readings[0].statement.read += next.statement.read
    readings[0].unkeyed += next.unkeyed
    readings[0].names += next.names
    let room = Reading.keptRejections - readings[0].rejections.count
    readings[0].unused += next.unused.prefix(max(0, Reading.narrowHoles - readings[0].unused.count))
    readings[0].unusedRows += next.unusedRows
    readings[0].rejections += next.rejections.prefix(max(0, room))
    for day in next.days {
      if let known = readings[0].days.firstIndex(where: { $0.day == day.day }) {
        readings[0].days[known].rows += day.rows
      } else {
        readings[0].days.append(day)
      }
    }
    readings += part.readings.dropFirst()
    ended += part.ended.dropFirst()
    return true
  }
}

extension CamtStatement {
  /// Everything it says, without what was counted and where it stands.
  var content: CamtStatement {
    var content = self
    content.entryCount = 0
    content.transactionCount = 0
    content.line = 0
    for index in content.balances.indices { content.balances[index].line = 0 }
    return content
  }
}

internal import Glibc
internal import Payments

/// One walk over a text, character by character, for the numbers of people in it.
struct NumberWalk {
  private let finder: PeopleFinder
  private let text: UnsafeRawBufferPointer
  private let mayBeScientific: Bool
  private var pending = PendingLabel()
  private var offset = 0
  /// End of the stretch of letters, digits, hyphens and underscores that is walked now.
  private var wordStart = 0
  private var wordEnd = 0
  /// Whether the text has been nothing but letters and digits with blanks and hyphens between.
  private var isWhole = true
  private var groups = 0
  private var characters = 0
  /// The last number without a label: it may turn out to be the whole text.
  private var last: FoundNumber?
  private(set) var firstRun: Range<Int>?

  init(_ finder: PeopleFinder, _ text: UnsafeRawBufferPointer) {
    (self.finder, self.text) = (finder, text)
    mayBeScientific = text.baseAddress.map { memchr($0, 0x2B, text.count) != nil } ?? false
  }

  /// Letters and digits that follow each other.
  private struct Group {
    var range: Range<Int>
    var count = 0
    var digits = 0
    /// Characters behind its first run of digits.
    var tail = 0
    var hasTailDigit = false
    /// Where the first run of digits ends.
    var numberEnd = 0

    var isNumber: Bool { digits == count }
    /// Whether it is letters, digits and at most one letter, or short: then it ends where it ends. What is
    /// longer may be a number and what was written right behind it.
    var isCertain: Bool { tail <= 1 || hasTailDigit && count <= 16 }
  }

  mutating func run(_ body: (FoundNumber) -> Void) {
    while offset < text.count {
      let (folded, length) = finder.folding.fold(text, at: offset)
      if finder.folding.kind(folded) == .digit || finder.folding.kind(folded) == .letter {
        takeWord(body)
      } else {
        noteSign(folded)
        pending.pass(text, at: offset, folded: folded, length: length, finder.labels)
        offset += length
      }
    }
    finish(body)
  }

  private mutating func noteSign(_ sign: UInt8) {
    switch sign {
    case TextFolding.invisible, 0x09, 0x20, 0x2D: break
    // A guard at the beginning.
    case 0x27, 0x60: if groups > 0 { isWhole = false }
    default: isWhole = false
    }
  }

  /// A number that is all there is has no word around it that makes it prose.
  private mutating func finish(_ body: (FoundNumber) -> Void) {
    if isWhole, groups == 1 { last?.way = .ifKnown }
    if let last { body(last) }
    guard isWhole, groups > 1,
      (PeopleFinder.shortest...PeopleFinder.longestWord).contains(characters),
      let joined = found(0..<text.count, .any, .ifKnown, word: 0..<text.count)
    else { return }
    body(joined)
  }

  // MARK: - Words

  private mutating func takeWord(_ body: (FoundNumber) -> Void) {
    if offset >= wordEnd { measureWord() }
    let group = self.group(at: offset)
    groups += 1
    characters += group.count
    let isBeginning =
      group.digits == 0 && group.count <= 3 && pending.label?.kind != nil
      && nextGroup(after: group.range.upperBound) != nil
    guard group.digits > 0 || isBeginning else {
      takeLetters(group)
      return
    }
    if let end = scientificEnd(group) {
      isWhole = false
      _ = pending.take()
      offset = end
      return
    }
    guard let label = pending.take() else {
      takeUnlabelled(group, body)
      return
    }
    isWhole = false
    if let kind = label.kind {
      takeLabelled(group, kind, body)
    } else {
      offset = foreignEnd(group)
    }
  }

  /// Where the stretch of letters, digits, hyphens and underscores ends that starts here.
  private mutating func measureWord() {
    (wordStart, wordEnd) = (offset, offset)
    while wordEnd < text.count {
      let (folded, length) = finder.folding.fold(text, at: wordEnd)
      let isSign = folded == 0x2D || folded == 0x5F
      guard folded < TextFolding.other, isSign || isDigit(folded) || isLetter(folded) else {
        return
      }
      wordEnd += length
    }
  }

  /// Letters only: the name of a field, or the beginning of a number, as `T-2023`.
  private mutating func takeLetters(_ group: Group) {
    if offset == wordStart, let label = NumberLabels.key(text[wordStart..<wordEnd]) {
      (pending, offset, isWhole) = (PendingLabel(label), wordEnd, false)
      return
    }
    if group.count > 3 { isWhole = false }
    _ = pending.take()
    offset = group.range.upperBound
  }

  private mutating func takeUnlabelled(_ group: Group, _ body: (FoundNumber) -> Void) {
    if firstRun == nil { firstRun = NumberWalk.run(in: text, group.range) }
    offset = group.isNumber ? pointZeroEnd(group.range.upperBound) : group.range.upperBound
    // A whole field may still be made of short groups.
    guard (PeopleFinder.shortest...PeopleFinder.longestWord).contains(group.count) else { return }
    if let last { body(last) }
    last = found(
      group.range.lowerBound..<offset, .any, .prose, word: wordStart..<max(wordEnd, offset),
      isLikely: group.isNumber && (8...18).contains(group.count))
  }

  private static func run(in text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int>? {
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, isDigit(text[end]) { end += 1 }
      if (8...18).contains(end - start) { return start..<end }
      start = end + 1
    }
    return nil
  }

  /// A number after its label goes on over one blank or hyphen while digits follow; where it ends then
  /// nobody can tell.
  private mutating func takeLabelled(
    _ group: Group, _ kind: NamedNumber.Kind, _ body: (FoundNumber) -> Void
  ) {
    let start = offset
    let stretch = wordStart..<wordEnd
    func read(_ end: Int, _ way: NamedNumber.Way, isLikely: Bool = false) {
      let number = found(start..<end, kind, way, word: stretch, isLikely: isLikely)
      if let number { body(number) }
    }
    var next = nextGroup(after: group.range.upperBound)
    let isCertain = group.isCertain && next == nil
    let likely = group.isNumber && (8...18).contains(group.count)
    let end = group.isNumber ? pointZeroEnd(group.range.upperBound) : group.range.upperBound
    if !group.isCertain { read(group.numberEnd, .ifKnown) }
    if group.digits > 0, group.count <= PeopleFinder.longest {
      read(end, isCertain ? .labelled : .ifKnown, isLikely: likely)
    }
    offset = end
    var count = group.count
    for _ in 0..<5 {
      guard let found = next else { break }
      count += found.count
      offset = found.range.upperBound
      if count <= PeopleFinder.longest { read(offset, .ifKnown) }
      next = nextGroup(after: offset)
    }
    if offset > wordEnd { wordEnd = offset }
  }

  /// The group behind one blank or hyphen, if it begins with a digit.
  private func nextGroup(after end: Int) -> Group? {
    guard end < text.count else { return nil }
    let (sign, length) = finder.folding.fold(text, at: end)
    guard sign == 0x20 || sign == 0x2D, end + length < text.count,
      isDigit(finder.folding.fold(text, at: end + length).folded)
    else { return nil }
    return group(at: end + length)
  }

  /// Bank cards and telephones are written in short groups; what is longer is another number.
  private func foreignEnd(_ group: Group) -> Int {
    var end = group.range.upperBound
    while let next = nextGroup(after: end), next.count <= 5 { end = next.range.upperBound }
    return end
  }

  private func group(at start: Int) -> Group {
    var group = Group(range: start..<start)
    var (end, place) = (start, start)
    while place < text.count {
      let (folded, length) = finder.folding.fold(text, at: place)
      // What cannot be seen is part of a number that goes on behind it.
      if folded == TextFolding.invisible, place > start {
        place += length
        continue
      }
      guard folded < TextFolding.other, isDigit(folded) || isLetter(folded) else { break }
      place += length
      end = place
      group.count += 1
      let isInNumber = isDigit(folded) && group.tail == 0
      if isDigit(folded) { group.digits += 1 }
      if isInNumber {
        group.numberEnd = end
      } else if group.digits > 0 {
        group.tail += 1
        group.hasTailDigit = group.hasTailDigit || isDigit(folded)
      }
    }
    group.range = start..<end
    return group
  }

  /// Where a whole number ends that a data frame has written with `.0`.
  private func pointZeroEnd(_ end: Int) -> Int {
    guard end + 1 < text.count, text[end] == 0x2E, text[end + 1] == 0x30 else { return end }
    if end + 2 < text.count {
      let (folded, _) = finder.folding.fold(text, at: end + 2)
      if folded < TextFolding.other, isDigit(folded) || isLetter(folded) || folded == 0x2E {
        return end
      }
    }
    return end + 2
  }

  /// Where a number ends that has been through a spreadsheet, `2.02E+09`; nil for others.
  private func scientificEnd(_ group: Group) -> Int? {
    guard mayBeScientific, isDigit(text[offset]) else { return nil }
    var end = offset
    while end < text.count, isDigit(text[end]) || text[end] == 0x2E { end += 1 }
    guard end + 2 < text.count, text[end] | 0x20 == 0x65, text[end + 1] == 0x2B,
      isDigit(text[end + 2])
    else { return nil }
    end += 2
    while end < text.count, isDigit(text[end]) { end += 1 }
    return end
  }

  private func found(
    _ place: Range<Int>, _ kind: NamedNumber.Kind, _ way: NamedNumber.Way, word: Range<Int>,
    isLikely: Bool = false
  ) -> FoundNumber? {
    let key = personHash(UnsafeRawBufferPointer(rebasing: text[place]), finder.encoding)
    guard key != 0 else { return nil }
    return FoundNumber(
      key: key, kind: kind, way: way, place: place, word: word, isLikely: isLikely)
  }
}

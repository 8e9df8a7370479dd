/// Finds who is named in a text of a statement, wherever it stands there: the one engine for all that is quoted.
///
/// To what the row's columns say comes what names a person by its form (``PersonalNumbers``, mail addresses,
/// ``PersonalRooms``) or by the words around it (``PersonalLabels``, ``PersonalNames``), the names of the row's columns
/// wherever else they stand, and names of three characters or more that the same file has in a column of names.
/// Companies, banks and the school are nobody. Digits that are, or stand in, an order or a serial stay whole; an
/// identity number is neither, but where a column of orders or serials has it.
public struct PersonalScan {
  private let isKey: (UnsafeRawBufferPointer) -> Bool
  private let isName: (UnsafeRawBufferPointer) -> Bool
  private let latestBirth: BusinessDay?

  /// - Parameters:
  ///   - day: the last day the texts are of: who is named was born some years before. Nil where nobody knows.
  ///   - isKey: whether some characters, as UTF-8, are an order or serial of the night.
  ///   - isName: whether some characters, as UTF-8, stand in a column of names of the same file.
  public init(
    day: BusinessDay? = nil,
    isKey: @escaping (UnsafeRawBufferPointer) -> Bool = { _ in false },
    isName: @escaping (UnsafeRawBufferPointer) -> Bool = { _ in false }
  ) {
    latestBirth = day.map(IdentityNumber.latestBirth)
    self.isKey = isKey
    self.isName = isName
  }

  /// What is known of a text before it is looked at.
  public struct Known: Hashable, Sendable {
    /// What its columns say.
    public var personal: [PersonalSpan]
    /// Where its texts have numbers that are somebody's unless they are orders or serials.
    public var numbers: [PersonalSpan]
    /// Where its columns of orders and serials stand, in UTF-8 bytes: they are shown as they are.
    public var keyColumns: [Range<Int>]
    /// The row's own orders and serials.
    public var keys: [String]
    /// Names of the row that stand elsewhere.
    public var names: [String]

    /// Collects what is known.
    public init(
      personal: [PersonalSpan] = [], numbers: [PersonalSpan] = [],
      keyColumns: [Range<Int>] = [], keys: [String] = [], names: [String] = []
    ) {
      (self.personal, self.numbers, self.keyColumns) = (personal, numbers, keyColumns)
      (self.keys, self.names) = (keys, names)
    }
  }

  /// Where a text names somebody, in no order.
  public func spans(of text: String, _ known: Known = Known()) -> [PersonalSpan] {
    var text = text
    return text.withUTF8 { utf8 in
      let bytes = UnsafeRawBufferPointer(utf8)
      var look = Look(bytes: bytes, text: FoldedText(bytes), scan: self, known: known)
      look.run()
      return look.found
    }
  }

  /// A text as it may be shown to anybody.
  public func masked(_ text: String, _ known: Known = Known()) -> String {
    Masking.text(text, spans: spans(of: text, known))
  }

  /// A sentence as it may be shown to anybody, which remembers what it hides.
  public func masked(_ wording: Wording, _ known: Known = Known()) -> Wording {
    wording.masked { masked($0, known) }
  }

  /// One look at a text.
  private struct Look {
    let bytes: UnsafeRawBufferPointer
    let text: FoldedText
    let scan: PersonalScan
    let known: Known
    var found: [PersonalSpan] = []
    /// Where the row's own orders and serials stand.
    private var keys: [Range<Int>] = []

    init(
      bytes: UnsafeRawBufferPointer, text: FoldedText, scan: PersonalScan, known: Known
    ) {
      (self.bytes, self.text, self.scan, self.known) = (bytes, text, scan, known)
    }

    mutating func run() {
      found = known.personal.compactMap(tidied)
      keys = known.keys.filter { $0.utf8.allSatisfy { $0 < 0x80 } }
        .flatMap { text.places(of: FoldedText.codes($0)) }
      for span in known.numbers {
        let range = text.places(span.utf8)
        if !isKey(range), !isYear(range) { found.append(span) }
      }
      addNames()
      let look = self
      let isKey: (Range<Int>) -> Bool = { look.isKey($0) }
      let numbers = PersonalNumbers(text: text, latestBirth: scan.latestBirth, isKey: isKey)
      var others: [Range<Int>] = []
      numbers.find { others.append($0) }
      PersonalLabels(text: text, isKey: isKey).find { others.append($0) }
      PersonalRooms(text: text).find { if !isKey($0) { others.append($0) } }
      findMail { others.append($0) }
      for range in others { add(range, isName: false) }
      var names: [Range<Int>] = []
      PersonalNames(text: text).find { names.append($0) }
      findKnownNames { names.append($0) }
      for range in names where !Organisation.isOne(range, in: text) { add(range, isName: true) }
    }

    private mutating func add(_ range: Range<Int>, isName: Bool) {
      let place = text.utf8(range)
      if known.keyColumns.contains(where: { $0.overlaps(place) }) { return }
      found.append(PersonalSpan(utf8: place, isName: isName))
    }

    /// What a column says, less what is no person; a number that stands where names do is one.
    private func tidied(_ span: PersonalSpan) -> PersonalSpan? {
      guard span.isName else { return span }
      let range = span.utf8.clamped(to: 0..<bytes.count)
      if Organisation.isOne(text.places(range), in: text) { return nil }
      let name = bytes[range]
      let isNumber = name.contains { $0 &- 0x30 <= 9 } && name.allSatisfy { $0 < 0x80 }
      return PersonalSpan(utf8: range, isName: !isNumber)
    }

    // MARK: - Orders and serials

    /// Whether characters are, or stand in, an order or serial: the row's own, or one of the night.
    private func isKey(_ range: Range<Int>) -> Bool {
      if keys.contains(where: {
        $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound
      }) {
        return true
      }
      if asks(text.utf8(range)) { return true }
      let digits = text.codes[range].filter(\.isWord).map { UInt8(truncatingIfNeeded: $0) }
      if digits.count < range.count, digits.withUnsafeBytes({ scan.isKey($0) }) { return true }
      // The word they stand in.
      var word = range
      while isKeyPart(word.lowerBound - 1) { word = (word.lowerBound - 1)..<word.upperBound }
      while isKeyPart(word.upperBound) { word = word.lowerBound..<(word.upperBound + 1) }
      return word != range && asks(text.utf8(word))
    }

    /// Whether four digits begin a day: 2026-11-02.
    private func isYear(_ range: Range<Int>) -> Bool {
      let end = range.upperBound
      return range.count == 4 && text[end] == 0x2D && text[end + 1].isDigit
        && text[end + 2].isDigit && text[end + 3] == 0x2D
    }

    private func asks(_ place: Range<Int>) -> Bool {
      scan.isKey(UnsafeRawBufferPointer(rebasing: bytes[place]))
    }

    /// Letters, digits, and the signs a merchant may put into an order: - * @.
    private func isKeyPart(_ place: Int) -> Bool {
      text[place].isWord || [0x2D, 0x2A, 0x40].contains(text[place])
    }

    // MARK: - Names

    /// The names of the row's columns wherever else they stand.
    private mutating func addNames() {
      var names: [[UInt32]] = known.names.map(FoldedText.codes)
      for span in found where span.isName {
        names.append(FoldedText(UnsafeRawBufferPointer(rebasing: bytes[span.utf8])).codes)
      }
      for name in names where name.count > 1 && !name.contains(0x2A) {
        let isLatin = name.contains(where: \.isLatin)
        guard !isLatin || name.count > 2, name.contains(where: { $0.isHan || $0.isLatin }) else {
          continue
        }
        for place in text.places(of: name) {
          // Li is no part of Alipay.
          let isCut =
            isLatin && (text[place.lowerBound - 1].isLatin || text[place.upperBound].isLatin)
          if !isCut, !Organisation.isOne(place, in: text) { add(place, isName: true) }
        }
      }
    }

    /// Names of the file's other rows: three or four Chinese characters of a run of them, more with a point, or
    /// two to four Latin words.
    private func findKnownNames(_ body: (Range<Int>) -> Void) {
      var place = 0
      while place < text.count {
        let ends =
          text[place].isHan
          ? text.pointedEnds(place) + [place + 4, place + 3]
          : text[place].isLatin && !text[place - 1].isLatin ? text.latinEnds(place) : []
        let end = ends.first { end in
          end <= text.count
            && scan.isName(UnsafeRawBufferPointer(rebasing: bytes[text.utf8(place..<end)]))
        }
        if let end { body(place..<end) }
        place = end ?? place + 1
      }
    }

    // MARK: - Mail

    /// Addresses: what stands around an @ that has a point behind it.
    private func findMail(_ body: (Range<Int>) -> Void) {
      func belongs(_ code: UInt32) -> Bool {
        code.isWord || [0x2E, 0x2D, 0x2B, 0x25].contains(code)
      }
      for place in 0..<text.count where text[place] == 0x40 {
        var (start, end) = (place, place + 1)
        while belongs(text[start - 1]) || text[start - 1] == 0x2A { start -= 1 }
        while belongs(text[end]) { end += 1 }
        while end > place, !text[end - 1].isWord { end -= 1 }
        if start < place, text.codes[place..<max(place, end)].dropFirst(2).contains(0x2E) {
          body(start..<end)
        }
      }
    }
  }
}

extension FoldedText {
  /// Where some characters stand.
  fileprivate func places(of word: [UInt32]) -> [Range<Int>] {
    guard let first = word.first, word.count > 1, count >= word.count else { return [] }
    var found: [Range<Int>] = []
    var place = 0
    while place + word.count <= count {
      if codes[place] == first, holds(word, at: place) {
        found.append(place..<(place + word.count))
        place += word.count
      } else {
        place += 1
      }
    }
    return found
  }

  /// Where a name with points between its parts may end, the longest first.
  fileprivate func pointedEnds(_ start: Int) -> [Int] {
    var (end, ends, isParted) = (start, [Int](), false)
    while end - start < 20 {
      if self[end].isHan {
        end += 1
        if isParted { ends.append(end) }
      } else if self[end] == 0xB7 {
        end += 1
        isParted = true
      } else {
        break
      }
    }
    return ends.reversed()
  }

  /// Where a name of two to four Latin words may end, the longest first.
  fileprivate func latinEnds(_ start: Int) -> [Int] {
    var (end, ends, words) = (start, [Int](), 1)
    while words <= 4, end - start < 60 {
      if self[end].isLatin || [0x2D, 0x27, 0x2E].contains(self[end]) {
        end += 1
        continue
      }
      if words > 1 { ends.append(end) }
      guard self[end] == 0x20, self[end + 1].isLatin else { break }
      end += 1
      words += 1
    }
    return ends.reversed()
  }
}

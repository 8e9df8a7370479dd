internal import Payments

/// A number in a text that may be a person's.
struct FoundNumber {
  /// Fingerprint of the number as it is compared.
  var key: KeyHash
  var kind: NamedNumber.Kind
  var way: NamedNumber.Way
  /// Where it stands in the text.
  var place: Range<Int>
  /// The letters, digits, hyphens and underscores it stands among: an order number may be cut by them.
  var word: Range<Int>
  /// Whether it is 8 to 18 digits and nothing else, as most numbers of people are.
  var isLikely = false

  /// Whether the text has a word for it.
  var isLabelled: Bool { kind != .any || way == .labelled }
}

/// Finds the numbers of people in free texts (FORMATS §0): those with a word before them, as 学号 or
/// 卡号, and every other word with a digit in it, which is somebody's only if the ledger or a list knows it.
///
/// Digits that the text itself calls something else, such as a bank card or a telephone, are nobody's.
struct PeopleFinder: Sendable {
  let encoding: TextEncoding
  let folding: TextFolding
  let labels: NumberLabels

  /// For texts that were decoded.
  static let utf8 = PeopleFinder(.utf8)

  init(_ encoding: TextEncoding) {
    self.encoding = encoding
    (folding, labels) = (.of(encoding), .of(encoding))
  }

  /// What a text shows at once.
  enum Glance {
    /// It names this one and nobody else.
    case number(FoundNumber)
    case nobody
    /// It has to be walked over.
    case unclear
  }

  /// Looks at a text as most are: without a digit, or one number behind its label at the end.
  @inline(__always)
  func glance(_ text: UnsafeRawBufferPointer) -> Glance {
    if let number = only(text) { return .number(number) }
    let start = folding.firstDigit(text)
    if start < 0 { return .nobody }
    return last(text, from: start)
  }

  /// The same for a text whose first digit is known.
  private func last(_ text: UnsafeRawBufferPointer, from start: Int) -> Glance {
    let digits = text.count - start
    guard start > 0, (2...PeopleFinder.longest).contains(digits), text[start] != 0x30 else {
      return .unclear
    }
    for offset in start..<text.count where !isDigit(text[offset]) { return .unclear }
    let sign = text[start - 1]
    let end = sign == 0x20 || sign == 0x3A || sign == 0x3D ? start - 1 : start
    guard end > 0, let (label, length) = labels.ending(text, at: end),
      !labels.mayJoin(text, before: end - length)
    else { return .unclear }
    guard let kind = label.kind else { return .nobody }
    let place = start..<text.count
    return .number(
      FoundNumber(
        key: fingerprint(UnsafeRawBufferPointer(rebasing: text[place])), kind: kind,
        way: .labelled, place: place, word: place, isLikely: (8...18).contains(digits)))
  }

  /// The number of a text that is one of the usual labels and digits, or digits alone, and nothing else;
  /// nil for every other text.
  @inline(__always)
  func only(_ text: UnsafeRawBufferPointer) -> FoundNumber? {
    var start = 0
    var kind = NamedNumber.Kind.any
    if let first = text.first, !isDigit(first) {
      guard let (label, length) = labels.beginning(text) else { return nil }
      kind = label == .card ? .card : .student
      start = length
      if text[start] == 0x3A { start += 1 }
    }
    let digits = text.count - start
    // A zero that leads is dropped elsewhere.
    guard digits > 0, digits <= PeopleFinder.longest, text[start] != 0x30 else { return nil }
    for offset in start..<text.count where !isDigit(text[offset]) { return nil }
    if kind == .any, !(PeopleFinder.shortest...PeopleFinder.longestWord).contains(digits) {
      return nil
    }
    let place = start..<text.count
    return FoundNumber(
      key: fingerprint(UnsafeRawBufferPointer(rebasing: text[place])), kind: kind,
      way: kind == .any ? .ifKnown : .labelled, place: place, word: place,
      isLikely: (8...18).contains(digits))
  }

  /// Calls `body` with every number of a text.
  func find(_ text: UnsafeRawBufferPointer, _ body: (FoundNumber) -> Void) {
    switch glance(text) {
    case .number(let number): body(number)
    case .nobody: break
    case .unclear: walk(text, body)
    }
  }

  /// The same, character by character.
  func walk(_ text: UnsafeRawBufferPointer, _ body: (FoundNumber) -> Void) {
    var walk = NumberWalk(self, text)
    walk.run(body)
  }

  /// The first run of 8 to 18 digits without a label, be it a part of a word: it may be a person's.
  func firstRun(_ text: UnsafeRawBufferPointer) -> Range<Int>? {
    var walk = NumberWalk(self, text)
    walk.run { _ in }
    return walk.firstRun
  }

  /// Characters of a number that has no label; and of any.
  static let shortest = 4
  static let longestWord = 24
  static let longest = 32
}

internal import Payments

/// Whom a row that is read again for people is for, and where its texts name anybody.
struct QuotedPeople {
  /// Where the texts name somebody.
  private(set) var spans: [PersonalSpan] = []
  private var student: String?
  private var card: String?
  /// A number with a label that may end in several places: as far as it is sure to go, or all of it.
  private var uncertain: String?
  private var isSure = false
  /// The first number without a label that is somebody's.
  private var known: String?
  /// The first that fills its text and is nobody's yet: who was never credited may stand in no ledger.
  private var whole: String?
  private var isLabelled = false
  /// Whether a number as long as most are was found without a label.
  private var hasLikely = false

  /// The number to tell.
  var account: String? { student ?? card ?? uncertain ?? known ?? whole }

  /// Reads a text that begins at `start` of the row.
  ///
  /// - Parameters:
  ///   - known: numbers without a label that are somebody's.
  ///   - isCounted: whether a number is the row's.
  mutating func read(
    _ text: UnsafeRawBufferPointer, at start: Int, besides keys: RowKeys,
    known: [KeyHash], isCounted: (FoundNumber) -> Bool = { _ in true }
  ) {
    // Behind a text with labels none is looked at any more.
    let isLate = isLabelled
    var (hasLabels, isOurs) = (false, false)
    PeopleFinder.utf8.find(text) { found in
      hasLabels = hasLabels || found.isLabelled
      if found.isLabelled || found.way == .ifKnown { cover(found.place, start) }
      guard !isLate, isCounted(found) else { return }
      isOurs = isOurs || found.isLabelled
      guard found.isLabelled || !keys.hold(found, of: text, .utf8) else { return }
      take(found, text, start, isKnown: known.contains(found.key))
    }
    isLabelled = isLabelled || isOurs
    if !hasLabels, let run = PeopleFinder.utf8.firstRun(text) { cover(run, start) }
  }

  private mutating func cover(_ place: Range<Int>, _ start: Int) {
    spans.append(
      PersonalSpan(utf8: (start + place.lowerBound)..<(start + place.upperBound), isName: false))
  }

  private mutating func take(
    _ found: FoundNumber, _ text: UnsafeRawBufferPointer, _ start: Int, isKnown: Bool
  ) {
    func told() -> String { String(decoding: text[found.place], as: UTF8.self) }
    switch (found.way, found.kind) {
    case (.labelled, .card): card = card ?? told()
    case (.labelled, _): student = student ?? told()
    case (_, .any):
      // It is masked as what it looks like, and told only as somebody's.
      if !hasLikely, found.isLikely || isKnown {
        hasLikely = true
        cover(found.place, start)
      }
      if known == nil, isKnown { known = told() }
      if whole == nil, found.way == .ifKnown, found.isLikely, !isDate(text, found.place) {
        whole = told()
      }
    default:
      guard !isSure else { return }
      uncertain = told()
      isSure = found.isLikely
    }
  }

  /// Whether digits begin as days are written, 20261118: more often that than a person.
  private func isDate(_ text: UnsafeRawBufferPointer, _ place: Range<Int>) -> Bool {
    let digits = text[place].compactMap { $0 &- 0x30 <= 9 ? Int($0 &- 0x30) : nil }
    guard [8, 12, 14, 17].contains(digits.count) else { return false }
    let year = digits[0] * 1_000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    let (month, day) = (digits[4] * 10 + digits[5], digits[6] * 10 + digits[7])
    return (1990...2099).contains(year) && (1...12).contains(month) && (1...31).contains(day)
  }
}

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
  /// The first number without a label that is as long as most are.
  private var likely: String?
  private var isLabelled = false

  /// The number to tell.
  var account: String? { student ?? card ?? uncertain ?? likely }

  /// Reads a text that begins at `start` of the row.
  ///
  /// - Parameter isCounted: whether a number is the row's.
  mutating func read(
    _ text: UnsafeRawBufferPointer, at start: Int, besides keys: RowKeys,
    isCounted: (FoundNumber) -> Bool = { _ in true }
  ) {
    // Behind a text with labels none is looked at any more.
    let isLate = isLabelled
    var (hasLabels, isOurs) = (false, false)
    PeopleFinder.utf8.find(text) { found in
      hasLabels = hasLabels || found.isLabelled
      if found.isLabelled || found.way == .ifKnown { cover(found.place, start) }
      guard !isLate, isCounted(found) else { return }
      isOurs = isOurs || found.isLabelled
      if found.isLabelled || !keys.hold(found, of: text, .utf8) { take(found, text, start) }
    }
    isLabelled = isLabelled || isOurs
    if !hasLabels, let run = PeopleFinder.utf8.firstRun(text) { cover(run, start) }
  }

  private mutating func cover(_ place: Range<Int>, _ start: Int) {
    spans.append(
      PersonalSpan(utf8: (start + place.lowerBound)..<(start + place.upperBound), isName: false))
  }

  private mutating func take(_ found: FoundNumber, _ text: UnsafeRawBufferPointer, _ start: Int) {
    func told() -> String { String(decoding: text[found.place], as: UTF8.self) }
    switch (found.way, found.kind) {
    case (.labelled, .card): card = card ?? told()
    case (.labelled, _): student = student ?? told()
    case (_, .any):
      if likely == nil, found.isLikely {
        likely = told()
        cover(found.place, start)
      }
    default:
      guard !isSure else { return }
      uncertain = told()
      isSure = found.isLikely
    }
  }
}

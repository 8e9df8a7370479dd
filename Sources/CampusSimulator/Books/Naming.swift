/// Which of a person's numbers a row of a channel names.
enum Naming: UInt8, Hashable, Sendable {
  case nobody, student, card, both
}

/// How a row says the numbers it names.
enum Wording: UInt8, Hashable, Sendable {
  /// As a plain school's bills do.
  case plain
  /// After the school's own word for it.
  case labelled
  /// JSON that begins with a number of something else.
  case json
  /// A query string that begins with a time stamp.
  case query
  /// A field that is nothing but the number.
  case whole
  /// A number without a word, somewhere in a text.
  case prose
  /// JSON whose key says nothing of students.
  case otherJSON

  /// Whether the number is said to be a student's or a card's.
  var isCertain: Bool { self == .plain || self == .labelled || self == .json || self == .query }
}

/// What a row names, and how it says it.
struct BillStyle: Hashable, Sendable {
  var naming: Naming
  var wording: Wording

  /// Ways that name somebody for certain, whatever the ledger knows.
  static let certain = [
    BillStyle(naming: .student, wording: .labelled), BillStyle(naming: .card, wording: .labelled),
    BillStyle(naming: .both, wording: .labelled), BillStyle(naming: .student, wording: .json),
    BillStyle(naming: .card, wording: .json), BillStyle(naming: .student, wording: .query),
    BillStyle(naming: .both, wording: .json), BillStyle(naming: .card, wording: .query),
  ]
  /// Ways that name nobody, or somebody only where the number is known.
  static let vague = [
    BillStyle(naming: .nobody, wording: .labelled), BillStyle(naming: .nobody, wording: .labelled),
    BillStyle(naming: .student, wording: .whole), BillStyle(naming: .card, wording: .whole),
    BillStyle(naming: .student, wording: .prose), BillStyle(naming: .card, wording: .prose),
    BillStyle(naming: .student, wording: .otherJSON),
  ]
}

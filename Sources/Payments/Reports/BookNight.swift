/// How a book's statements of a day stood when its night was judged.
public struct BookNight: Codable, Hashable, Sendable {
  /// From good to bad.
  public enum State: String, Codable, Hashable, Sendable, CaseIterable {
    /// Its statements say everything of the day, as far as anybody can tell.
    case whole
    /// The other book doubts where one begins or ends.
    case doubted
    /// None of its rows is used.
    case held
    /// Nothing came of the day, or of some hours of it.
    case missing

    /// What it is called.
    public var label: Wording {
      switch self {
      case .whole: Wording(zh: "已到", en: "in")
      case .doubted: Wording(zh: "存疑", en: "doubted")
      case .held: Wording(zh: "未采用", en: "held")
      case .missing: Wording(zh: "缺失", en: "missing")
      }
    }
  }

  /// The book.
  public var book: Book
  /// How it stands.
  public var state: State
  /// Names of its files, in order; those inside archives behind the archive's.
  public var files: [String]
  /// What is wrong, where something is.
  public var fault: FaultKind?
  /// What the doubt is, in Chinese and in English; nil where there is none.
  public var doubt: [String]?
  /// Whether it was not whole in an earlier run of the day; nil for no.
  public var isLate: Bool?

  /// Describes a book.
  public init(_ book: Book, _ state: State, files: [String], fault: FaultKind? = nil) {
    (self.book, self.state, self.files, self.fault) = (book, state, files, fault)
  }
}

/// A day before the report's that is not whole yet.
public struct OpenNight: Hashable, Sendable {
  /// The day.
  public var day: BusinessDay
  /// The books that are not whole.
  public var books: [BookNight]
  /// Whether it is withdrawn, and was not run again.
  public var isWithdrawn: Bool

  /// Names a day.
  public init(day: BusinessDay, books: [BookNight], isWithdrawn: Bool = false) {
    (self.day, self.books, self.isWithdrawn) = (day, books, isWithdrawn)
  }

  /// Whether a statement of it is used and doubted: a loss may wait for a person's word.
  public var isDoubted: Bool { books.contains { $0.state == .doubted } }
}

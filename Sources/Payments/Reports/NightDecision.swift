/// What a person decided about a night or a file of it. Recorded in the chain; judged by from then on.
public struct NightDecision: Codable, Hashable, Sendable {
  /// What was decided.
  public enum Act: String, Codable, Hashable, Sendable, CaseIterable {
    /// A file is whole although the other book doubts it, or is the issue that counts.
    case accept
    /// A book has no rows on a day and its source makes no file of it.
    case acceptMissing = "accept-missing"
    /// A file is kept out of every night.
    case refuse
    /// What was published of a day is taken back.
    case withdraw

    /// What it is called.
    public var label: Wording {
      switch self {
      case .accept: Wording(zh: "采用", en: "accepted")
      case .acceptMissing: Wording(zh: "认可无账单", en: "accepted as a day without rows")
      case .refuse: Wording(zh: "拒用", en: "refused")
      case .withdraw: Wording(zh: "撤回", en: "withdrawn")
      }
    }
  }

  /// What was decided.
  public var act: Act
  /// The nights it changes, in order.
  public var days: [BusinessDay]
  /// SHA-256 of the file; nil where it is about a book or a day.
  public var sha256: String?
  /// Name of the file as delivered.
  public var file: String?
  /// The book that has no rows.
  public var book: Book?
  /// SHA-256 of the manifest of what was withdrawn.
  public var manifest: String?
  /// Who decided.
  public var who: String
  /// Who checked it; nil when nobody did.
  public var reviewer: String?
  /// Why.
  public var note: String?
  /// Whether an earlier decision of the same kind no longer holds; nil for no.
  public var isUndone: Bool?
  /// When it was recorded.
  public var time: Timestamp

  /// Describes a decision.
  public init(_ act: Act, days: [BusinessDay], who: String, time: Timestamp) {
    (self.act, self.days, self.who, self.time) = (act, days, who, time)
  }

  /// What it is about: a file's or a book's name, or the day.
  public var subject: String {
    let day = days.first.map { "\($0)" } ?? ""
    switch act {
    case .accept, .refuse:
      return [file, sha256.map { "\($0.prefix(12))…" }].compactMap(\.self).joined(separator: " ")
    case .acceptMissing: return "\(book?.name ?? "") \(day)"
    case .withdraw: return day
    }
  }
}

/// The decisions that hold: of those about one thing the last.
public struct NightDecisions: Hashable, Sendable {
  /// In the order they were recorded.
  public private(set) var all: [NightDecision] = []

  /// Finds those that hold.
  ///
  /// - Parameter recorded: every decision, in the order they were recorded.
  public init(_ recorded: [NightDecision] = []) {
    for decision in recorded {
      all.removeAll { $0.act == decision.act && $0.concernsSame(as: decision) }
      if decision.isUndone != true { all.append(decision) }
    }
  }

  /// Files that are whole, or count, because a person said so; by SHA-256.
  public var accepted: Set<String> { Set(all.filter { $0.act == .accept }.compactMap(\.sha256)) }

  /// Files that are kept out; by SHA-256.
  public var refused: Set<String> { Set(all.filter { $0.act == .refuse }.compactMap(\.sha256)) }

  /// Books without rows, and the days.
  public var emptyDays: [BookCoverage] {
    all.filter { $0.act == .acceptMissing }.compactMap { decision in
      decision.book.map { book in
        BookCoverage(book, spans: decision.days.map { TimeSpan(first: $0, last: $0) })
      }
    }
  }

  /// Those that a report leans on.
  ///
  /// - Parameters:
  ///   - days: the days it tells of or looks at.
  ///   - withdrawn: those of them that are withdrawn.
  ///   - files: the files it uses or leaves out, by SHA-256.
  public func leanedOn(
    days: Set<BusinessDay>, withdrawn: Set<BusinessDay>, files: Set<String>
  ) -> [NightDecision] {
    all.filter { decision in
      switch decision.act {
      case .accept, .refuse: decision.sha256.map(files.contains) ?? false
      case .acceptMissing: decision.days.contains(where: days.contains)
      case .withdraw: decision.days.contains(where: withdrawn.contains)
      }
    }
  }
}

extension NightDecision {
  /// Whether it is about the same file, book and day as another.
  fileprivate func concernsSame(as other: NightDecision) -> Bool {
    switch act {
    case .accept, .refuse: sha256 == other.sha256
    case .acceptMissing: book == other.book && days == other.days
    case .withdraw: days == other.days
    }
  }
}

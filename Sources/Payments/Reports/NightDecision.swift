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
  /// Whether only a file of this name is meant, as its bytes are those of others; nil for no.
  public var isByName: Bool?
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

  /// Files that are whole, or count, because a person said so: the days by SHA-256. The same bytes on another
  /// day, as of an export that failed again, are another file.
  public var accepted: [String: Set<BusinessDay>] {
    all.filter { $0.act == .accept }.reduce(into: [:]) { accepted, decision in
      if let sha256 = decision.sha256 {
        accepted[sha256, default: []].formUnion(decision.days)
      }
    }
  }

  /// Whether a file is kept out.
  ///
  /// A file without rows has the bytes of many another: it is refused under its name only.
  public func refuses(_ sha256: String, named name: String) -> Bool {
    all.contains {
      $0.act == .refuse && $0.sha256 == sha256 && ($0.isByName != true || $0.file == name)
    }
  }

  /// Books without rows, and the days, up to one.
  public func emptyDays(to last: BusinessDay) -> [(book: Book, day: BusinessDay)] {
    all.filter { $0.act == .acceptMissing }.flatMap { decision in
      decision.book.map { book in decision.days.filter { $0 <= last }.map { (book, $0) } } ?? []
    }
  }

  /// Those that a report leans on.
  ///
  /// - Parameters:
  ///   - empty: the books without rows, and the days, that it leans on.
  ///   - withdrawn: days it looks at that are withdrawn.
  ///   - files: the files it uses or leaves out, by SHA-256, and their days.
  ///   - leftOut: names of the files it leaves out.
  public func leanedOn(
    empty: [(book: Book, day: BusinessDay)], withdrawn: Set<BusinessDay>,
    files: [String: Set<BusinessDay>], leftOut: [String: String]
  ) -> [NightDecision] {
    all.filter { decision in
      switch decision.act {
      case .accept:
        decision.sha256.flatMap { files[$0] }.map { !$0.isDisjoint(with: decision.days) } ?? false
      case .refuse: leftOut.contains { $0.value == decision.sha256 }
      case .acceptMissing:
        empty.contains { $0.book == decision.book && decision.days.contains($0.day) }
      case .withdraw: decision.days.contains(where: withdrawn.contains)
      }
    }
  }
}

extension NightDecision {
  /// Whether it is about the same file, book and day as another.
  fileprivate func concernsSame(as other: NightDecision) -> Bool {
    switch act {
    case .accept: sha256 == other.sha256 && days == other.days
    case .refuse: sha256 == other.sha256 && (isByName != true || file == other.file)
    case .acceptMissing: book == other.book && days == other.days
    case .withdraw: days == other.days
    }
  }
}

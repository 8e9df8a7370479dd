/// A sentence in both languages the program speaks.
public struct Wording: Hashable, Sendable {
  /// Chinese, the default.
  public var zh: String
  /// English.
  public var en: String
  /// Both in full, where the sentence quotes a statement and names somebody: shown only where that is asked for.
  private var full: [String]?

  /// Creates a sentence in both languages.
  public init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// The sentence in one language, as it may be shown to anybody.
  public func callAsFunction(_ language: Language) -> String {
    language == .zh ? zh : en
  }

  /// The sentence in one language; in full, with whom it names, where `unmask` says so.
  public func callAsFunction(_ language: Language, unmask: Bool) -> String {
    guard unmask, let full else { return self(language) }
    return full[language == .zh ? 0 : 1]
  }

  /// The same sentence with what names somebody hidden, which remembers what it hides.
  func masked(_ mask: (String) -> String) -> Wording {
    let original = full ?? [zh, en]
    var masked = Wording(zh: mask(original[0]), en: mask(original[1]))
    if [masked.zh, masked.en] != original { masked.full = original }
    return masked
  }
}

/// A language reports are written in.
public enum Language: String, Hashable, Sendable, CaseIterable {
  case zh, en
}

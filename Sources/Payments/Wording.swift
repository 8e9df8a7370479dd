/// A sentence in both languages the program speaks.
public struct Wording: Hashable, Sendable {
  /// Chinese, the default.
  public var zh: String
  /// English.
  public var en: String

  /// Creates a sentence in both languages.
  public init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// The sentence in one language.
  public func callAsFunction(_ language: Language) -> String {
    language == .zh ? zh : en
  }
}

/// A language reports are written in.
public enum Language: String, Hashable, Sendable, CaseIterable {
  case zh, en
}

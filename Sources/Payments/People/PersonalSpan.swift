/// Part of a text that names a person and is masked unless asked otherwise.
public struct PersonalSpan: Hashable, Codable, Sendable {
  /// UTF-8 offsets in the text.
  public var utf8: Range<Int>
  /// Whether it is a name (`张*`) rather than a number (`2023****88`).
  public var isName: Bool

  /// Marks a span.
  public init(utf8: Range<Int>, isName: Bool) {
    self.utf8 = utf8
    self.isName = isName
  }
}

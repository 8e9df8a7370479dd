/// Something a configuration says otherwise than the night before: a limit, a merchant, a date.
public struct ConfigurationChange: Codable, Hashable, Sendable {
  /// The key with those above it: `rules.singleLimit`.
  public var key: String
  /// What it was; nil when it was not there.
  public var before: String?
  /// What it is; nil when it is gone.
  public var after: String?

  /// Describes a change.
  public init(key: String, before: String?, after: String?) {
    (self.key, self.before, self.after) = (key, before, after)
  }
}

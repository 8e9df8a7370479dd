/// What a statement issued again says otherwise than the issue before it.
public struct Reissue: Hashable, Sendable {
  /// Rows listed at most; all are counted.
  public static let limit = 20

  /// SHA-256 of the issue before; it stays in the archive.
  public var earlier: String
  /// Rows only this issue has.
  public var added = 0
  /// Rows only the issue before had.
  public var removed = 0
  /// Rows with the same key and another text.
  public var changed = 0
  /// The first of them by key, at most ``limit``.
  public var rows: [RowChange] = []

  /// All differing rows.
  public var count: Int { added + removed + changed }

  /// Begins a comparison with an earlier issue.
  public init(earlier: String) {
    self.earlier = earlier
  }
}

/// A row as it was and as it is.
public struct RowChange: Hashable, Sendable {
  /// Its serial, or its order number.
  public var key: String
  /// The row in the issue before; nil when it is new.
  public var before: EvidenceLine?
  /// The row now; nil when it is gone.
  public var after: EvidenceLine?

  /// Describes a change.
  public init(key: String, before: EvidenceLine?, after: EvidenceLine?) {
    self.key = key
    self.before = before
    self.after = after
  }
}

extension Intake {
  /// A file to read: where it lies, what it is called, and whether it is here for its rows' sake
  /// only — a statement of another day, judged before, that this run's rows may belong with.
  public struct Source: Hashable, Sendable {
    /// Where its bytes lie.
    public var path: String
    /// What reports call it; nil for its own name.
    public var name: String?
    /// Whether it is context: it may be of any day and none of its own faults is this run's.
    public var isContext: Bool
    /// SHA-256 of its bytes, where the caller has just taken it; nil to have it taken.
    public var sha256: String?

    /// Names a file.
    public init(
      path: String, name: String? = nil, isContext: Bool = false, sha256: String? = nil
    ) {
      self.path = path
      self.name = name
      self.isContext = isContext
      self.sha256 = sha256
    }
  }

  /// What reports call files: their own names, with the folder where two share one.
  public static func displayNames(_ paths: [String]) -> [String] {
    StatementReader.displayNames(paths)
  }
}

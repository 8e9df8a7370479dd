/// What a statement claims, and what proves it.
public struct StatementEdges: Hashable, Sendable {
  /// The stretch it claims; nil where it claims none, or is a list or held.
  public var span: TimeSpan?
  /// Whether anything but its first row proves where it begins.
  public var provesStart: Bool
  /// Whether anything but its last row proves where it ends.
  public var provesEnd: Bool

  /// Describes a statement.
  public init(span: TimeSpan?, provesStart: Bool = false, provesEnd: Bool = false) {
    (self.span, self.provesStart, self.provesEnd) = (span, provesStart, provesEnd)
  }
}

/// A statement whose rows end before, or begin after, what it claims: the other book says so.
public struct Doubt: Hashable, Sendable {
  /// Index of the statement.
  public var statement: Int
  /// ``FaultKind/statementEndsEarly``, ``FaultKind/statementStartsLate`` or ``FaultKind/statementEmpty``.
  public var kind: FaultKind
  /// Second of its last row, or of its first; 0 where it has none.
  public var at: Int64
  /// Rows of the other book that lack theirs beyond it.
  public var rows: Int
  /// Their fen.
  public var fen: Int128

  /// Describes a doubt.
  public init(statement: Int, kind: FaultKind, at: Int64, rows: Int, fen: Int128) {
    (self.statement, self.kind, self.at) = (statement, kind, at)
    (self.rows, self.fen) = (rows, fen)
  }

  /// What is left of what the statement claims.
  public func covered(of span: TimeSpan) -> TimeSpan? {
    switch kind {
    case .statementEndsEarly:
      TimeSpan(start: span.start, end: min(span.end, Timestamp(seconds: at + 1)))
    case .statementStartsLate:
      TimeSpan(start: max(span.start, Timestamp(seconds: at)), end: span.end)
    default: nil
    }
  }
}

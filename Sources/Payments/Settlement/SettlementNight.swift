internal import Columns

/// Which rows a night is about, of those that are there.
public struct SettlementNight: Sendable {
  /// Rows of the night's own statements, in order; nil for all.
  public var own: [Range<Int32>]?
  /// Withdrawals and bank lines that waited before it.
  public var waiting: Set<Int32> = []
  /// Those that are accused already.
  public var accused: Set<Int32> = []
  /// Its first second.
  public var start: Int64
  /// The second after its last one.
  public var end: Int64

  /// A night of some days, about all rows.
  public init(_ days: ClosedRange<BusinessDay>) {
    start = days.lowerBound.start.seconds
    end = days.upperBound.adding(1).start.seconds
  }

  /// Whether a row is of the night's own statements.
  public func isOwn(_ row: Int32) -> Bool {
    guard let own else { return true }
    let later = own.firstPlace { $0.lowerBound > row }
    return later > 0 && own[later - 1].contains(row)
  }

  /// Whether the other end of a withdrawal or of a bank line is still looked for.
  public func isUnsettled(_ row: Int32) -> Bool {
    isOwn(row) || waiting.contains(row) || accused.contains(row)
  }
}

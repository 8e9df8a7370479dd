/// Both ends of a leg, and what is between them: the proof of its conservation.
public struct LegSums: Hashable, Sendable {
  /// What left, of the rows the leg is about.
  public var sent = Tally()
  /// What arrived.
  public var arrived = Tally()
  /// What left and has arrived.
  public var matched = Tally()
  /// What left and is not due, or waits for a book.
  public var inTransit = Tally()
  /// What left and is accused.
  public var open = Tally()
  /// What arrived and nobody sent.
  public var unexplained = Tally()

  /// Creates sums of nothing.
  public init() {}

  /// Whether everything that left is in exactly one place.
  public var isConserved: Bool { matched + inTransit + open == sent }
}

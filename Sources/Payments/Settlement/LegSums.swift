/// Both ends of a leg, and what is between them: the proof of its conservation.
public struct LegSums: Hashable, Sendable {
  /// What was on its way when the night began.
  public var opening = Tally()
  /// What left.
  public var sent = Tally()
  /// What arrived.
  public var arrived = Tally()
  /// What was on its way or left, and has arrived.
  public var matched = Tally()
  /// What is not due.
  public var inTransit = Tally()
  /// What a book that is not there would have to tell.
  public var notProven = Tally()
  /// What is accused.
  public var open = Tally()
  /// What was accused before and has arrived.
  public var late = Tally()
  /// What arrived and nobody sent.
  public var unexplained = Tally()

  /// Creates sums of nothing.
  public init() {}

  /// Whether everything that left is in exactly one place.
  public var isConserved: Bool { matched + inTransit + notProven + open == opening + sent }

  /// The sums of two accounts.
  public static func + (left: LegSums, right: LegSums) -> LegSums {
    var sum = LegSums()
    for field in fields { sum[keyPath: field] = left[keyPath: field] + right[keyPath: field] }
    return sum
  }

  private static var fields: [WritableKeyPath<LegSums, Tally>] {
    [
      \.opening, \.sent, \.arrived, \.matched, \.inTransit, \.notProven, \.open, \.late,
      \.unexplained,
    ]
  }
}

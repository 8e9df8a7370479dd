/// The fees of a day under one rate.
public struct FeeLine: Hashable, Sendable {
  /// The day of the payments.
  public var day: BusinessDay
  /// The rate in 1/100,000.
  public var rate: UInt32
  /// Whether a contract states it, or the bill itself.
  public var isContract: Bool
  /// Payments and refunds.
  public var rows = 0
  /// Σ payments less refunds.
  public var grossFen: Int128 = 0
  /// Σ of what may be taken.
  public var expectedFen: Int128 = 0
  /// Σ of what was taken.
  public var actualFen: Int128 = 0

  /// A line of zeros.
  public init(day: BusinessDay, rate: UInt32, isContract: Bool) {
    (self.day, self.rate, self.isContract) = (day, rate, isContract)
  }
}
